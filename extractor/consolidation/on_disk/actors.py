"""Who is named in all articles, out of core."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from extractor.consolidation.actors import actor_order, is_whole, known_actor, known_by, only_one
from extractor.consolidation.identity import Identity
from extractor.consolidation.on_disk.tables import PLACE, Row, Tables

# `name` in hexadecimal, as any text can be written so, in the same order.
_ACTOR = {"kind": "VARCHAR", "name": "VARCHAR", "id": "VARCHAR", **PLACE}


def actors_on_disk(tables: Tables) -> None:
    """Make the table `actor` of documents, from the mentions in `named`."""
    _know(tables)
    _settle(tables)
    rows = tables.rows(
        "SELECT coalesce(settled.whole, named.label) AS own, place, size FROM named LEFT JOIN settled USING (label) "
        "ORDER BY own"
    )
    with tables.writing("actor", _ACTOR) as write:
        for label, mentions in groupby(rows, key=_label):
            named = [tables.get(place, size)[1] for _, place, size in mentions]
            actor = known_actor(tuple(json.loads(label)), named)
            kind, name, own = actor_order(actor)
            written = name.encode("utf-8", "surrogatepass").hex()
            write(kind, written, own, *tables.put(actor.model_dump(mode="json")))


def sorted_actors(tables: Tables) -> Iterator[dict[str, Any]]:
    """The documents of the actors, sorted as in memory."""
    for place, size in tables.rows("SELECT place, size FROM actor ORDER BY kind, name, id"):
        yield tables.get(place, size)


def _know(tables: Tables) -> None:
    """Make the tables `known`, of what each label's mentions go by, and `mark`, of what these can be found by."""
    rows = tables.rows(
        "SELECT label, named.place, named.size FROM named JOIN mention USING (n) JOIN article USING (article) "
        "ORDER BY label, article.id, mention.id, position"
    )
    with (
        tables.writing("known", {"label": "VARCHAR", "is_whole": "BOOLEAN", **PLACE}) as write,
        tables.writing("found_by", {"label": "VARCHAR", "mark": "VARCHAR"}) as write_mark,
    ):
        for label, mentions in groupby(rows, key=_label):
            identity: Identity | None = None
            for _, place, size in mentions:
                other: Identity = tables.get(place, size)[0]
                identity = known_by(identity, other) if identity else other
            if identity:
                write(label, int(is_whole(identity)), *tables.put(identity))
                for mark in set(identity.marks()):
                    write_mark(label, json.dumps(mark))


def _settle(tables: Tables) -> None:
    """Make the table `settled` of the labels that go by less than a whole actor does, and fit exactly one."""
    rows = tables.rows(
        "WITH near AS (SELECT DISTINCT bare.label, whole.label AS whole FROM found_by bare JOIN found_by whole "
        "USING (mark) JOIN known b ON b.label = bare.label JOIN known w ON w.label = whole.label "
        "WHERE w.is_whole AND NOT b.is_whole) "
        "SELECT near.label, b.place, b.size, near.whole, w.place, w.size FROM near "
        "JOIN known b ON b.label = near.label JOIN known w ON w.label = near.whole ORDER BY near.label"
    )
    with tables.writing("settled", {"label": "VARCHAR", "whole": "VARCHAR"}) as write:
        for label, near in groupby(rows, key=_label):
            listed = list(near)
            bare = tables.get(*listed[0][1:3])
            meant = only_one(bare, (((whole,), tables.get(place, size)) for *_, whole, place, size in listed))
            if meant:
                write(label, meant[0])


def _label(row: Row) -> str:
    return str(row[0])
