"""Groups to events, out of core, and how they stand to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from extractor.consolidation.clustering import Decisions
from extractor.consolidation.drafts import Draft, event_order
from extractor.consolidation.links import Told, links_in
from extractor.consolidation.on_disk.tables import PLACE, Tables

# Events that are held while those of one article after the other are linked.
_HELD = 256
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
            told = draft.told()
            bare = replace(told, members=tuple(mention.bare() for mention in draft.members))
            event = draft.event([], [], draft.joined_by(decisions))
            where = tables.put(event.model_dump(mode="json"))
            write(home, event.id, event.type, event_order(event)[1], *where, *tables.put(bare))


def _link(tables: Tables) -> None:
    get = lru_cache(_HELD)(tables.get)
    rows = tables.rows(
        "WITH told AS (SELECT DISTINCT article, home FROM home JOIN mention USING (n)), "
        "shared AS (SELECT article FROM told GROUP BY article HAVING count(*) > 1) "
        "SELECT article.id, home, event.told, told_size FROM told JOIN shared USING (article) "
        "JOIN event USING (home) JOIN article USING (article) ORDER BY article"
    )
    with tables.writing("link", _LINK) as write:
        for article, told in groupby(rows, key=lambda row: row[0]):
            events: list[Told] = []
            homes: dict[str, int] = {}
            for _, home, place, size in told:
                events.append(get(place, size))
                homes[events[-1].id] = home
            for name, link in links_in(article, events):
                write(homes[name], *tables.put(link.model_dump(mode="json")))
