"""Consolidation out of core: the events, actors and ties of any number of articles in flat memory.

The same functions as in memory, fed from a temporary folder: DuckDB sorts and joins, and what is in Python's memory is
one article, the records of one block that lie about the same time, one connected component of pairs, or one event.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from extractor.consolidation.clustering import Decision, Decisions, Grouping
from extractor.consolidation.on_disk.actors import actors_on_disk, sorted_actors
from extractor.consolidation.on_disk.events import events_on_disk, sorted_events
from extractor.consolidation.on_disk.grouping import group_on_disk
from extractor.consolidation.on_disk.intake import Source, take_in
from extractor.consolidation.on_disk.tables import Guard, Tables
from extractor.consolidation.ties import Tie, tie_order, ties_of

__all__ = ["Consolidated", "Source", "consolidated_on_disk"]


class Consolidated:
    """What was brought together; events and actors are worked out when they are first asked for."""

    def __init__(self, tables: Tables, decisions: Decisions) -> None:
        self._tables = tables
        self._decisions = decisions
        self._made: set[str] = set()

    def events(self) -> Iterator[dict[str, Any]]:
        """The events as documents of the output's schema, in the order of `consolidate`."""
        if "events" not in self._made:
            events_on_disk(self._tables, self._decisions)
            self._made.add("events")
        return sorted_events(self._tables)

    def actors(self) -> Iterator[dict[str, Any]]:
        """The actors as documents of the output's schema, in the order of `actors_of`."""
        if "actors" not in self._made:
            actors_on_disk(self._tables)
            self._made.add("actors")
        return sorted_actors(self._tables)

    def ties(self) -> list[Tie]:
        """What the rules and the decisions leave open, sorted by id; without decisions the same as `open_ties`."""
        rows = self._tables.rows(
            "SELECT root, unsettled.place, unsettled.size, mention.place + mention.size, whole FROM unsettled "
            "JOIN shown USING (root) JOIN mention USING (n) ORDER BY root"
        )
        found: list[Tie] = []
        for _, component in groupby(rows, key=lambda row: row[0]):
            shown = list(component)
            grouping: Grouping = self._tables.get(*shown[0][1:3])
            found += ties_of((self._tables.get(place, size) for *_, place, size in shown), grouping)
        return sorted(found, key=tie_order)


@contextmanager
def consolidated_on_disk(
    articles: Source, decisions: Iterable[Decision] = (), folder: Path | None = None
) -> Iterator[Consolidated]:
    """Bring together the records of articles, held in a temporary folder, in `folder` if given, that is removed again.

    `articles` gives a fresh iterator over the articles each time, in the order of name and id, each as the document of
    its report and those of its records. What cannot be written there is an `OutputError`.
    """
    with _temporary(folder) as path, closing(Tables(path)) as tables:
        decided = Decisions(decisions)
        group_on_disk(tables, take_in(articles, tables), decided)
        yield Consolidated(tables, decided)


@contextmanager
def _temporary(folder: Path | None) -> Iterator[Path]:
    with Guard(folder or Path(tempfile.gettempdir())):
        made = tempfile.TemporaryDirectory(prefix="extract-", dir=folder, ignore_cleanup_errors=True)
    with made as path:
        yield Path(path)
