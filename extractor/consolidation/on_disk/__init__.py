"""Consolidation out of core: the events, actors and ties of any number of articles in flat memory.

The same functions as in memory, fed from a temporary folder: DuckDB sorts and joins, and what is in Python's memory is
one article, the records of one block that lie about the same time, one connected component of pairs, or one event.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

from extractor.consolidation.actors import actors_of
from extractor.consolidation.clustering import Decision, Decisions, Grouping, group
from extractor.consolidation.drafts import events_of
from extractor.consolidation.mentions import told_in
from extractor.consolidation.on_disk.actors import actors_on_disk, sorted_actors
from extractor.consolidation.on_disk.events import events_on_disk, sorted_events
from extractor.consolidation.on_disk.folder import temporary_folder
from extractor.consolidation.on_disk.grouping import group_on_disk
from extractor.consolidation.on_disk.intake import Read, Source, read, take_in
from extractor.consolidation.on_disk.tables import Guard, Tables
from extractor.consolidation.ties import Tie, tie_order, ties_of

__all__ = ["Consolidated", "Source", "consolidated_on_disk"]


# Records up to which they are simply held: nothing is written, and DuckDB is not started.
_HELD = 2_000


class Consolidated(Protocol):
    """What was brought together, as documents of the output's schema."""

    def events(self) -> Iterator[dict[str, Any]]:
        """The events, as `consolidate` makes and sorts them."""

    def actors(self) -> Iterator[dict[str, Any]]:
        """The actors, as `actors_of` makes and sorts them."""

    def ties(self) -> list[Tie]:
        """What the rules and the decisions leave open, sorted by id; without decisions the same as `open_ties`."""


@contextmanager
def consolidated_on_disk(
    articles: Source, decisions: Iterable[Decision] = (), folder: Path | None = None, *, held: int = _HELD
) -> Iterator[Consolidated]:
    """Bring together the records of articles, in a temporary folder, made in `folder` if given and removed at the end.

    `articles` gives a fresh iterator over the articles each time it is called, in the order of name and id, each as the
    document of its report and those of its records. Up to `held` records are held in memory instead. What cannot be
    written or read in the folder is an `OutputError`.
    """
    decided = Decisions(decisions)
    few = _few(articles, held)
    if few is not None:
        yield _Held(few, decided)
        return
    parent = folder or Path(tempfile.gettempdir())
    with ExitStack() as stack:
        with Guard(parent):
            path = stack.enter_context(temporary_folder(parent))
        tables = stack.enter_context(closing(Tables(path)))
        group_on_disk(tables, take_in(articles, tables), decided)
        yield _OnDisk(tables, decided)


def _few(articles: Source, held: int) -> list[Read] | None:
    """The articles, if they have no more records than that; of one that comes twice the later one counts."""
    count = 0
    # Counted before any is made: what many records have taken is seldom given back.
    for _, records in articles():
        count += len(records)
        if count > held:
            return None
    return list({article.id: article for article in read(articles())}.values())


class _Held:
    """What was brought together in memory."""

    def __init__(self, articles: Sequence[Read], decisions: Decisions) -> None:
        self._records = [record for article in articles for record in article.records]
        self._mentions = [mention for article in articles for mention in told_in(article.records, article.dateline)]
        self._decisions = decisions

    def events(self) -> Iterator[dict[str, Any]]:
        return (event.model_dump(mode="json") for event in events_of(self._mentions, self._decisions))

    def actors(self) -> Iterator[dict[str, Any]]:
        return (actor.model_dump(mode="json") for actor in actors_of(self._records))

    def ties(self) -> list[Tie]:
        return ties_of(self._mentions, group(self._mentions, self._decisions))


class _OnDisk:
    """What was brought together in a folder; events and actors are worked out when they are first asked for."""

    def __init__(self, tables: Tables, decisions: Decisions) -> None:
        self._tables = tables
        self._decisions = decisions
        self._made: set[str] = set()

    def events(self) -> Iterator[dict[str, Any]]:
        if "events" not in self._made:
            events_on_disk(self._tables, self._decisions)
            self._made.add("events")
        return sorted_events(self._tables)

    def actors(self) -> Iterator[dict[str, Any]]:
        if "actors" not in self._made:
            actors_on_disk(self._tables)
            self._made.add("actors")
        return sorted_actors(self._tables)

    def ties(self) -> list[Tie]:
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
