"""Consolidation out of core: the events, actors and ties of any number of articles in flat memory.

The same rules as in memory, fed from a temporary folder: DuckDB sorts and joins, and what is in Python's memory is
one article, the records of one block that lie about the same time, one connected component of pairs, or one event.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from extractor.consolidation.clustering import Decisions, Grouping
from extractor.consolidation.intake import Intake
from extractor.consolidation.on_disk.actors import actors_on_disk, sorted_actors
from extractor.consolidation.on_disk.events import events_on_disk, sorted_events
from extractor.consolidation.on_disk.folder import temporary_folder
from extractor.consolidation.on_disk.grouping import group_on_disk
from extractor.consolidation.on_disk.intake import TABLES, Intakes
from extractor.consolidation.on_disk.tables import Guard, Tables
from extractor.consolidation.ties import Tie, tie_order, ties_of
from extractor.schema.actors import KnownActor
from extractor.schema.events import Event

__all__ = ["OnDisk"]


class OnDisk:
    """Articles in a temporary folder, which is gone when this is closed; `Consolidated` once they are grouped.

    The folder is made in `parent`, or where temporary files are. What cannot be written or read there is an
    `OutputError`.
    """

    def __init__(self, parent: Path | None = None) -> None:
        parent = parent or Path(tempfile.gettempdir())
        with ExitStack() as stack:
            with Guard(parent):
                folder = stack.enter_context(temporary_folder(parent))
            self._tables = stack.enter_context(closing(Tables(folder)))
            self._intakes = stack.enter_context(closing(Intakes(self._tables)))
            self._open = stack.pop_all()
        self._count: int | None = None
        self._made: set[str] = set()

    def add(self, article: Intake) -> None:
        """Take an article in, before anything is asked for; of one that comes twice the later one counts."""
        self._intakes.add(article)

    def group(self, decisions: Decisions) -> None:
        """Bring the records together anew; before that nothing can be asked for."""
        if self._count is None:
            self._count = self._intakes.finish()
        else:
            self._tables.forget(all_but=TABLES)
            self._made.clear()
        self._decisions = decisions
        group_on_disk(self._tables, self._count, decisions)

    def events(self) -> list[Event]:
        """The events, sorted by type, date and id."""
        return [Event.model_validate(document) for document in self.documents("events")]

    def actors(self) -> list[KnownActor]:
        """The actors, sorted by kind, name and id."""
        return [KnownActor.model_validate(document) for document in self.documents("actors")]

    def documents(self, table: Literal["events", "actors"]) -> Iterator[dict[str, Any]]:
        """The events or actors as documents, worked out when they are first asked for."""
        if table not in self._made:
            if table == "events":
                events_on_disk(self._tables, self._decisions)
            else:
                actors_on_disk(self._tables)
            self._made.add(table)
        return sorted_events(self._tables) if table == "events" else sorted_actors(self._tables)

    def ties(self) -> list[Tie]:
        """What the rules and the decisions leave open, sorted by id."""
        rows = self._tables.rows(
            "SELECT root, unsettled.place, unsettled.size, shown.place, shown.size FROM unsettled "
            "JOIN shown USING (root) ORDER BY root"
        )
        found: list[Tie] = []
        for _, component in groupby(rows, key=lambda row: row[0]):
            shown = list(component)
            grouping: Grouping = self._tables.get(*shown[0][1:3])
            found += ties_of((self._tables.get(place, size) for *_, place, size in shown), grouping)
        return sorted(found, key=tie_order)

    def close(self) -> None:
        """Remove the folder."""
        self._open.close()
