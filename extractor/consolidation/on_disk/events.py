"""Groups to events, out of core, and how they stand to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from extractor.consolidation.clustering import Decisions
from extractor.consolidation.drafts import Draft, event_order
from extractor.consolidation.links import link_order, links_in
from extractor.consolidation.on_disk.tables import PLACE, Row, Tables

# Events that are held while those of one article after the other are linked.
_HELD = 256
_EVENT = {"home": "INTEGER", "id": "VARCHAR", "type": "VARCHAR", "day": "INTEGER", **PLACE}
_TELLS = {"article": "VARCHAR", "home": "INTEGER", **PLACE}
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
    """Make the tables `event`, of documents, and `tells`, of which article tells which event."""
    tables.run("CREATE TABLE telling AS SELECT home, place + size AS place, whole FROM home JOIN mention USING (n)")
    rows = tables.rows("SELECT home, place, whole FROM telling ORDER BY home")
    with tables.writing("event", _EVENT) as write, tables.writing("tells", _TELLS) as write_told:
        for home, members in groupby(rows, key=_first):
            draft = Draft.of(tables.get(place, size) for _, place, size in members)
            told = draft.told()
            bare = tables.put(replace(told, members=tuple(mention.bare() for mention in draft.members)))
            for article in told.articles:
                write_told(article, home, *bare)
            event = draft.event([], [], draft.joined_by(decisions))
            write(home, event.id, event.type, event_order(event)[1], *tables.put(event.model_dump(mode="json")))


def _link(tables: Tables) -> None:
    """Make the table `links` of the lists of links, by the events that share an article."""
    get = lru_cache(_HELD)(tables.get)
    tables.run("CREATE TABLE several AS SELECT article FROM tells GROUP BY article HAVING count(*) > 1")
    tables.run("CREATE TABLE sharing_article AS SELECT tells.* FROM tells SEMI JOIN several USING (article)")
    rows = tables.rows("SELECT article, home, place, size FROM sharing_article ORDER BY article")
    with tables.writing("link", _LISTED) as write:
        for article, told in groupby(rows, key=lambda row: str(row[0])):
            events = {home: get(place, size) for _, home, place, size in told}
            homes = {event.id: home for home, event in events.items()}
            for name, link in links_in(article, events.values()):
                write(homes[name], *tables.put(link))
    rows = tables.rows("SELECT home, place, size FROM link ORDER BY home")
    with tables.writing("links", _LISTED) as write:
        for home, found in groupby(rows, key=_first):
            links = sorted((tables.get(place, size) for _, place, size in found), key=link_order)
            write(home, *tables.put([link.model_dump(mode="json") for link in links]))


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
