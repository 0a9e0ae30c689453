"""Who is named in all articles, out of core."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import groupby
from sys import intern
from typing import Any

from extractor.consolidation.actors import Named, is_whole, known_as, known_by, only_one, places_of
from extractor.consolidation.identity import Identity, Key
from extractor.consolidation.on_disk.tables import PLACE, Row, Tables

# Mentions that are written and read at once.
_AT_ONCE = 10_000
# `name` in hexadecimal, as any text can be written so, in the same order.
_ACTOR = {"kind": "VARCHAR", "name": "VARCHAR", "id": "VARCHAR", **PLACE}


def actors_on_disk(tables: Tables) -> None:
    """Make the table `actor` of documents, from the mentions in `named`."""
    _know(tables)
    _settle(tables)
    tables.run(
        "CREATE TABLE owned AS SELECT coalesce(settled.whole, named.label) AS own, place, size FROM named "
        "LEFT JOIN settled USING (label)"
    )
    # Mentions were written article by article.
    rows = tables.rows("SELECT own, place, size FROM owned ORDER BY own, place")
    with tables.writing("actor", _ACTOR) as write:
        for label, mentions in groupby(rows, key=_label):
            write(*_written(tables, tuple(json.loads(label)), mentions))


def _written(tables: Tables, label: Key, mentions: Iterable[Row]) -> tuple[str | int, ...]:
    """Write an actor, and its mentions in pieces: what most articles name has them by the hundred thousand."""
    places: list[tuple[str, str]] = []
    document = known_as(label, _noted((tables.get(place, size)[1] for _, place, size in mentions), places))
    places.sort()
    pieces = [tables.put(places[at : at + _AT_ONCE]) for at in range(0, len(places), _AT_ONCE)]
    where = tables.put((document, pieces))
    return document["kind"], document["name"].encode("utf-8", "surrogatepass").hex(), document["id"], *where


def _noted(mentions: Iterable[Named], places: list[tuple[str, str]]) -> Iterator[Named]:
    """The mentions, each of whose place is added to a list."""
    for mention in mentions:
        # One text for all that stand at the same place of their records.
        places.append((mention.record, intern(mention.pointer)))
        yield mention


def sorted_actors(tables: Tables) -> Iterator[dict[str, Any]]:
    """The documents of the actors, sorted as in memory."""
    for place, size in tables.rows("SELECT place, size FROM actor ORDER BY kind, name, id"):
        yield _read(tables, place, size)


def _read(tables: Tables, place: int, size: int) -> dict[str, Any]:
    document, pieces = tables.get(place, size)
    mentions = (mention for piece in pieces for mention in tables.get(*piece))
    return {**document, "mentions": places_of(mentions)}


def _know(tables: Tables) -> None:
    """Make the table `found_by`, of what each label's mentions go by, and of what these can be found by."""
    rows = tables.rows("SELECT label, place, size FROM named ORDER BY label, article, record, position")
    columns = {"label": "VARCHAR", "mark": "VARCHAR", "is_whole": "BOOLEAN", **PLACE}
    with tables.writing("found_by", columns) as write:
        for label, mentions in groupby(rows, key=_label):
            identity: Identity = reduce(known_by, (tables.get(place, size)[0] for _, place, size in mentions))
            where = tables.put(identity)
            for mark in set(identity.marks()):
                write(label, json.dumps(mark), int(is_whole(identity)), *where)


def _settle(tables: Tables) -> None:
    """Make the table `settled` of the labels that go by less than a whole actor does, and fit exactly one."""
    tables.run(
        "CREATE TABLE near AS SELECT DISTINCT bare.label, bare.place, bare.size, whole.label AS whole, "
        "whole.place AS whole_place, whole.size AS whole_size FROM found_by bare JOIN found_by whole USING (mark) "
        "WHERE whole.is_whole AND NOT bare.is_whole"
    )
    rows = tables.rows("SELECT label, place, size, whole, whole_place, whole_size FROM near ORDER BY label")
    with tables.writing("settled", {"label": "VARCHAR", "whole": "VARCHAR"}) as write:
        for label, near in groupby(rows, key=_label):
            listed = list(near)
            bare: Identity = tables.get(*listed[0][1:3])
            meant = only_one(bare, (((whole,), tables.get(place, size)) for *_, whole, place, size in listed))
            if meant:
                write(label, meant[0])


def _label(row: Row) -> str:
    return str(row[0])
