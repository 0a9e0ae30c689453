"""A finished run: what it found, the numbers of it, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from extractor.collecting import not_collecting
from extractor.consolidation import Consolidated, Gathering
from extractor.errors import (
    BudgetReached,
    ExtractorError,
    Fault,
    Interrupted,
    ProviderError,
    ReplayMiss,
    UsageError,
)
from extractor.findings import Findings, InMemory, Row, document_of
from extractor.resolution import Resolution
from extractor.schema.output import SCHEMA_VERSION, ArticleReport, Calls, Copy, ExtractionResult, ModelUsed
from extractor.spool import Spool
from extractor.tally import EventTally, Tally, TieTally

Copies = Mapping[str, Sequence[Copy]]
Errors = tuple[tuple[str, ExtractorError], ...]


@dataclass(frozen=True, slots=True)
class Effort:
    """What working through the articles took this process, in seconds of wall and of processor."""

    seconds: float
    processor: float


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run; it is closed when its findings have been written, as they may be in temporary files.

    The errors, by name, are those of the failed articles and, behind them, those of ties and of answers that could not
    be recorded. `duplicates` pairs the name of an article with that of the one whose text it repeats; `passed_over` are
    files of no known ending.
    """

    findings: Findings
    tally: Tally
    calls: Calls
    events: EventTally
    ties: TieTally
    model: str
    model_by_default: bool
    errors: Errors
    duplicates: Sequence[tuple[str, str]]
    passed_over: Sequence[str]
    effort: Effort
    _held: ExitStack = field(default_factory=ExitStack)

    @property
    def result(self) -> ExtractionResult:
        """What was found, in memory."""
        return self.findings.result()

    @property
    def exit_code(self) -> int:
        """0, or that of the gravest error: interrupt, fault, wrong use, provider, replay miss, budget, article."""
        return exit_code_of([error for _, error in self.errors])

    def close(self) -> None:
        """Give temporary files back."""
        self._held.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def exit_code_of(errors: Sequence[ExtractorError]) -> int:
    """The exit code of the gravest of these errors, 0 where there is none."""
    ranked = (Interrupted, Fault, UsageError, ProviderError, ReplayMiss, BudgetReached, ExtractorError)
    return next((error.exit_code for kind in ranked for error in errors if isinstance(error, kind)), 0)


def findings_of(
    spool: Spool, gathering: Gathering, model: ModelUsed, resolution: Resolution, copies: Copies
) -> Findings:
    """What was found, consolidated, with the copies of its articles."""
    if spool.is_on_disk:
        return _Spooled(spool, model, resolution, copies, gathering.consolidated(resolution.decisions))
    with not_collecting():
        found = gathering.consolidated(resolution.decisions)
        result = _in_memory(spool, model, resolution, copies, found)
        # All that is to be known is in the result.
        gathering.close()
        return InMemory(result)


def _in_memory(
    spool: Spool, model: ModelUsed, resolution: Resolution, copies: Copies, found: Consolidated
) -> ExtractionResult:
    results = spool.results()
    return ExtractionResult(
        model=model,
        articles=[_with_copies(item.report, copies) for item in results],
        records=[record for item in results for record in item.records],  # type: ignore[misc]
        actors=found.actors(),
        events=found.events(),
        ties=list(resolution.ties),
        rejected=[rejection for item in results for rejection in item.rejected],
    )


def _with_copies(report: ArticleReport, copies: Copies) -> ArticleReport:
    return report.model_copy(update={"copies": list(copies[report.id])}) if report.id in copies else report


class _Spooled:
    """Findings on disk; see `extractor.findings.Findings`."""

    def __init__(
        self,
        spool: Spool,
        model: ModelUsed,
        resolution: Resolution,
        copies: Copies,
        found: Consolidated,
    ) -> None:
        self._spool = spool
        self._copies = copies
        self._model = model
        self._tables: dict[str, Callable[[], Iterator[Row]]] = {
            "run": self._run,
            "articles": self._articles,
            "records": lambda: self._each("records"),
            "actors": lambda: found.documents("actors"),
            "events": lambda: found.documents("events"),
            "ties": lambda: (tie.model_dump(mode="json") for tie in resolution.ties),
            "rejected": lambda: self._each("rejected"),
        }

    def rows(self, table: str) -> Iterator[Row]:
        return self._tables[table]()

    def result(self) -> ExtractionResult:
        return ExtractionResult.model_validate(document_of(self.rows))

    def _run(self) -> Iterator[Row]:
        yield {"schema_version": SCHEMA_VERSION, "model": self._model.model_dump(mode="json")}

    def _articles(self) -> Iterator[Row]:
        for document in self._spool.documents():
            report = document["report"]
            copies = self._copies.get(report["id"], ())
            yield report | {"copies": [copy.model_dump(mode="json") for copy in copies]} if copies else report

    def _each(self, table: str) -> Iterator[Row]:
        for document in self._spool.documents():
            yield from document[table]
