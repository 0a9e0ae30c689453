"""Groups to events, out of core, and how they stand to each other."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from extractor.consolidation.clustering import Decisions
from extractor.consolidation.drafts import Draft, event_order
from extractor.consolidation.links import Told, link_order, links_between
from extractor.consolidation.on_disk.tables import PLACE, Row, Tables

# Bytes of the events, as they are written, that are held while one pair after the other is linked.
_HELD = 2_000_000
_EVENT = {"home": "INTEGER", "id": "VARCHAR", "type": "VARCHAR", "day": "INTEGER", **PLACE}
_TELLS = {"article": "VARCHAR", "home": "INTEGER"}
_TOLD = {"home": "INTEGER", **PLACE}
_LISTED = {"home": "INTEGER", **PLACE}


def events_on_disk(tables: Tables, decisions: Decisions) -> None:
    """Make the table `finished` of events: the document, and the lists of what only the whole tells of it."""
    _draft(tables, decisions)
    _link(tables)
    _leave_undecided(tables)
    tables.run(
        "CREATE TABLE linked_event AS SELECT event.*, links.place AS links, links.size AS links_size FROM event "
        "LEFT JOIN links USING (home)"
    )
    tables.run(
        "CREATE TABLE finished AS SELECT type, day, id, linked_event.place, linked_event.size, coalesce(links, 0) AS "
        "links, coalesce(links_size, 0) AS links_size, coalesce(undecided.place, 0) AS undecided, "
        "coalesce(undecided.size, 0) AS undecided_size FROM linked_event LEFT JOIN undecided USING (home)"
    )


def sorted_events(tables: Tables) -> Iterator[dict[str, Any]]:
    """The documents of the events, sorted as in memory."""
    rows = tables.rows(
        "SELECT place, size, links, links_size, undecided, undecided_size FROM finished ORDER BY type, day, id"
    )
    for place, size, links, links_size, undecided, undecided_size in rows:
        event: dict[str, Any] = tables.get(place, size)
        if links_size:
            event["links"] = tables.get(links, links_size)
        if undecided_size:
            event["undecided"] = tables.get(undecided, undecided_size)
        yield event


def _draft(tables: Tables, decisions: Decisions) -> None:
    """Make the tables `event`, of documents, `told`, of what these are linked by, and `tells`, of their articles."""
    tables.run("CREATE TABLE telling AS SELECT home, place + size AS place, whole FROM home JOIN mention USING (n)")
    rows = tables.rows("SELECT home, place, whole FROM telling ORDER BY home")
    with tables.writing_all({"event": _EVENT, "told": _TOLD, "tells": _TELLS}) as write:
        for home, members in groupby(rows, key=_first):
            draft = Draft.of(tables.get(place, size) for _, place, size in members)
            told = draft.told()
            for article in told.articles:
                write["tells"](article, home)
            write["told"](home, *tables.put(told))
            event = draft.event([], [], draft.joined_by(decisions))
            document = tables.put(event.model_dump(mode="json"))
            write["event"](home, event.id, event.type, event_order(event)[1], *document)


def _link(tables: Tables) -> None:
    """Make the table `links` of the lists of links, by the pairs of events that share an article."""
    _pair(tables)
    held = _Held(tables)
    # Each pair once, beside others of an article that tells both: most of what it needs is then held.
    pairs = tables.rows("SELECT one, place, size, other, other_place, other_size FROM placed ORDER BY article, one")
    with tables.writing("link", _LISTED) as write:
        for one, place, size, other, other_place, other_size in pairs:
            first, second = held.get(place, size), held.get(other_place, other_size)
            for name, link in links_between(first, second):
                write(one if name == first.id else other, *tables.put(link))
    rows = tables.rows("SELECT home, place, size FROM link ORDER BY home")
    with tables.writing("links", _LISTED) as write:
        for home, found in groupby(rows, key=_first):
            links = sorted((tables.get(place, size) for _, place, size in found), key=link_order)
            write(home, *tables.put([link.model_dump(mode="json") for link in links]))


def _pair(tables: Tables) -> None:
    """Make the table `placed`: of each pair of events that share an article the first such, and where they stand."""
    tables.run("CREATE TABLE several AS SELECT article FROM tells GROUP BY article HAVING count(*) > 1")
    tables.run("CREATE TABLE sharing_article AS SELECT tells.* FROM tells SEMI JOIN several USING (article)")
    tables.run(
        "CREATE TABLE beside AS SELECT min(article) AS article, a.home AS one, b.home AS other FROM sharing_article a "
        "JOIN sharing_article b USING (article) WHERE a.home < b.home GROUP BY a.home, b.home"
    )
    tables.run("CREATE TABLE half AS SELECT beside.*, place, size FROM beside JOIN told ON home = one")
    tables.run(
        "CREATE TABLE placed AS SELECT half.*, told.place AS other_place, told.size AS other_size "
        "FROM half JOIN told ON home = other"
    )


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


def _leave_undecided(tables: Tables) -> None:
    """Make the table `undecided` of the lists of records that fit an event as well as another."""
    tables.run("CREATE TABLE torn_from AS SELECT id, other, home AS own FROM torn JOIN home USING (n)")
    tables.run(
        "CREATE TABLE torn_to AS SELECT DISTINCT home, id FROM torn_from JOIN home ON home.n = other WHERE home <> own"
    )
    rows = tables.rows("SELECT home, id FROM torn_to ORDER BY home")
    with tables.writing("undecided", _LISTED) as write:
        for home, records in groupby(rows, key=_first):
            write(home, *tables.put(sorted(str(record) for _, record in records)))


def _first(row: Row) -> int:
    return int(row[0])
