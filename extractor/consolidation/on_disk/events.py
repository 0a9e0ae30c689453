"""Groups to events, out of core, and how they stand to each other."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from extractor.consolidation.clustering import Decisions
from extractor.consolidation.drafts import Draft, event_order
from extractor.consolidation.links import Told, links_between
from extractor.consolidation.on_disk.tables import PLACE, Tables

# Bytes of the events, as they are written, that are held while one pair after the other is linked.
_HELD = 16_000_000
_EVENT = {
    "home": "INTEGER", "id": "VARCHAR", "type": "VARCHAR", "day": "INTEGER", **PLACE, "told": "BIGINT",
    "told_size": "INTEGER",
}  # fmt: skip
_LINK = {"home": "INTEGER", **PLACE}


def events_on_disk(tables: Tables, decisions: Decisions) -> None:
    """Make the tables `event`, of documents without what only the whole tells of them, `link` and `undecided`."""
    _draft(tables, decisions)
    tables.run(
        "CREATE TABLE undecided AS SELECT other.home, list(DISTINCT mention.id) AS records FROM torn "
        "JOIN home own ON own.n = torn.n JOIN home other ON other.n = torn.other JOIN mention ON mention.n = torn.n "
        "WHERE own.home <> other.home GROUP BY other.home"
    )
    _link(tables)


def sorted_events(tables: Tables) -> Iterator[dict[str, Any]]:
    """The documents of the events, sorted as in memory."""
    rows = tables.rows(
        "SELECT place, size, links, records FROM event LEFT JOIN undecided USING (home) LEFT JOIN "
        "(SELECT home, list([place, size]) AS links FROM link GROUP BY home) USING (home) ORDER BY type, day, id"
    )
    for place, size, links, records in rows:
        event: dict[str, Any] = tables.get(place, size)
        found = [tables.get(*where) for where in links or ()]
        event["links"] = sorted(found, key=lambda link: (link["type"], link["event"]))
        event["undecided"] = sorted(records or ())
        yield event


def _draft(tables: Tables, decisions: Decisions) -> None:
    rows = tables.rows("SELECT home, place + size, whole FROM home JOIN mention USING (n) ORDER BY home")
    with tables.writing("event", _EVENT) as write:
        for home, members in groupby(rows, key=lambda row: row[0]):
            draft = Draft.of(tables.get(place, size) for _, place, size in members)
            event = draft.event([], [], draft.joined_by(decisions))
            where = tables.put(event.model_dump(mode="json"))
            write(home, event.id, event.type, event_order(event)[1], *where, *tables.put(draft.told()))


def _link(tables: Tables) -> None:
    held = _Held(tables)
    # Each pair once, beside others of an article that tells both: most of what it needs is then held.
    pairs = tables.rows(
        "WITH told AS (SELECT DISTINCT article, home FROM home JOIN mention USING (n)), "
        "pair AS (SELECT min(one.article) AS article, one.home AS one, other.home AS other FROM told one "
        "JOIN told other ON one.article = other.article AND one.home < other.home GROUP BY one.home, other.home) "
        "SELECT one, first.told, first.told_size, other, second.told, second.told_size FROM pair "
        "JOIN event first ON first.home = one JOIN event second ON second.home = other ORDER BY pair.article, one"
    )
    with tables.writing("link", _LINK) as write:
        for one, *place, other, place_of_other, size_of_other in pairs:
            first, second = held.get(*place), held.get(place_of_other, size_of_other)
            for name, link in links_between(first, second):
                write(one if name == first.id else other, *tables.put(link.model_dump(mode="json")))


class _Held:
    """Events that are held for the next pairs, as many as there is room for; the longest not asked for go first."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._events: OrderedDict[int, tuple[Told, int]] = OrderedDict()
        self._size = 0

    def get(self, place: int, size: int) -> Told:
        if place in self._events:
            self._events.move_to_end(place)
            return self._events[place][0]
        told: Told = self._tables.get(place, size)
        self._events[place] = told, size
        self._size += size
        # Not the one that is asked for, nor the one that it is compared with.
        while self._size > _HELD and len(self._events) > 2:
            self._size -= self._events.popitem(last=False)[1][1]
        return told
