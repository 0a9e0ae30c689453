"""The records of a run as its articles are done: in memory while they are few, beyond that on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from extractor.consolidation.clustering import Decision, Decisions
from extractor.consolidation.held import Held
from extractor.consolidation.intake import Intake, dateline_of
from extractor.consolidation.on_disk import OnDisk
from extractor.consolidation.ties import Tie
from extractor.schema.actors import KnownActor
from extractor.schema.events import Event
from extractor.schema.output import ArticleReport
from extractor.schema.records import AnyRecord

# Records up to which they are simply held, in some 50 MB: nothing is written, and DuckDB is not started.
HELD = 4_000
# Pairs for each of these records, beyond which it is no longer so little: those of one week's affair are many.
_PAIRS_EACH = 100


class Consolidated(Protocol):
    """What was brought together: the same in memory and on disk."""

    def events(self) -> list[Event]:
        """The events, as `consolidate` makes and sorts them."""

    def actors(self) -> list[KnownActor]:
        """The actors, as `actors_of` makes and sorts them."""

    def documents(self, table: Literal["events", "actors"]) -> Iterator[dict[str, Any]]:
        """The events or actors as documents of the output's schema, one at a time."""

    def ties(self) -> list[Tie]:
        """What the rules and the decisions leave open, sorted by id; without decisions the same as `open_ties`."""


class Gathering:
    """Articles on their way to events, a context that gives back what was written.

    Up to `held` records are held in memory, unless they make very many pairs, and any number where that is None. Then
    all go to a temporary folder, made in `folder` if that is given. What cannot be written or read there is an
    `OutputError`.
    """

    def __init__(self, held: int | None = HELD, folder: Path | None = None) -> None:
        self._most = held
        self._folder = folder
        self._count = 0
        self._held = Held()
        self._on_disk: OnDisk | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, article: ArticleReport, records: Iterable[AnyRecord]) -> None:
        """Take in an article with its records; of one that comes twice the later one counts."""
        intake = Intake.of(article.id, dateline_of(article), records)
        self._count += len(intake.mentions)
        if self._on_disk is not None:
            self._on_disk.add(intake)
            return
        self._held.add(intake)
        if self._most is not None and (self._count > self._most or self._held.compared > _PAIRS_EACH * self._most):
            self._move()

    def consolidated(self, decisions: Iterable[Decision] = ()) -> Consolidated:
        """What all these articles make, after these decisions; what it gave before no longer holds then."""
        gathered = self._on_disk or self._held
        gathered.group(Decisions(decisions))
        return gathered

    def close(self) -> None:
        """Let go of all that was gathered, and remove the folder, if there is one."""
        self._held = Held()
        if self._on_disk is not None:
            self._on_disk.close()

    def _move(self) -> None:
        self._on_disk = OnDisk(self._folder)
        for intake in self._held.articles():
            self._on_disk.add(intake)
        self._held = Held()
