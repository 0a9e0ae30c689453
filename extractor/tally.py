"""The numbers of a run, counted as its articles are done: what a summary tells, however many they are."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from extractor.pipeline import ArticleResult
from extractor.schema.output import CallsAccount, ResolvedTie
from extractor.schema.records import DiplomaticAction, Sanction, Statement

# Articles that are told one by one, and names that are told of any kind.
MOST_LINES = 40
MOST_NAMES = 5
# Rejected are whole records; a record that is kept may have lost a field.
COLUMNS = ("actions", "sanctions", "statements", "rejected", "fields lost")


class Line(NamedTuple):
    """An article in a table: what it is called, what became of it, and how many there are of each of `COLUMNS`."""

    name: str
    id: str
    outcome: str
    failure: str
    counts: tuple[int, ...]


@dataclass
class Tally:
    """The numbers of the articles so far; `first` are the first of them by name and id, one more than is told."""

    articles: int = 0
    failed: int = 0
    faulty: int = 0
    totals: list[int] = field(default_factory=lambda: [0] * len(COLUMNS))
    actions: Counter[str] = field(default_factory=Counter)
    sanctions: Counter[str] = field(default_factory=Counter)
    statements: Counter[str] = field(default_factory=Counter)
    calls: CallsAccount = field(default_factory=CallsAccount)
    first: list[Line] = field(default_factory=list)
    guessed: list[tuple[str, str]] = field(default_factory=list)
    guesses: int = 0

    def add(self, result: ArticleResult) -> None:
        """Count one more article."""
        report = result.report
        line = Line(report.name, report.id, report.outcome, report.failure.kind if report.failure else "", _row(result))
        self.articles += 1
        self.failed += report.outcome == "failed"
        self.faulty += report.outcome != "done"
        self.totals = [sofar + more for sofar, more in zip(self.totals, line.counts, strict=True)]
        self.calls.add(report.calls)
        for record in result.records:
            match record:
                case DiplomaticAction():
                    self.actions[record.status.value] += 1
                case Sanction():
                    self.sanctions[record.status.value] += 1
                case Statement():
                    self.statements[record.act.value] += 1
        _keep_first(self.first, line, MOST_LINES + 1)
        if report.outcome != "failed" and report.encoding not in ("utf-8", "utf-16", "utf-32"):
            self.guesses += 1
            _keep_first(self.guessed, (report.name, report.encoding), MOST_NAMES)


@dataclass(frozen=True, slots=True)
class EventTally:
    """How many events there are, and how many acts among them happened, or are told in conflict."""

    acts: int = 0
    happened: int = 0
    in_conflict: int = 0
    utterances: int = 0

    @classmethod
    def of(cls, events: Iterable[Mapping[str, Any]]) -> EventTally:
        """Count events, as JSON values."""
        acts = happened = in_conflict = utterances = 0
        for event in events:
            if event["type"] == "statement":
                utterances += 1
                continue
            acts += 1
            happened += event["occurred"]
            in_conflict += event["contested"] or any(item["agreement"] == "conflict" for item in event["fields"])
        return cls(acts, happened, in_conflict, utterances)


@dataclass(frozen=True, slots=True)
class TieTally:
    """How many ties were put to the model, and what came of them."""

    asked: int = 0
    joined: int = 0
    failed: int = 0

    @classmethod
    def of(cls, ties: Iterable[ResolvedTie]) -> TieTally:
        """Count ties."""
        listed = list(ties)
        joined = sum(tie.choice is not None for tie in listed)
        return cls(len(listed), joined, sum(tie.failure is not None for tie in listed))


def _row(result: ArticleResult) -> tuple[int, ...]:
    kinds = (DiplomaticAction, Sanction, Statement)
    whole = sum(item.record is None for item in result.rejected)
    return (
        *(sum(isinstance(record, kind) for record in result.records) for kind in kinds),
        whole,
        len(result.rejected) - whole,
    )


def _keep_first(kept: list[Any], item: Any, most: int) -> None:
    if len(kept) < most or item < kept[-1]:
        insort(kept, item)
        del kept[most:]
