"""Records to groups, out of core: each connected component of pairs is grouped by itself, as all are in memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from itertools import compress, groupby, pairwise
from typing import NamedTuple

from extractor.consolidation.clustering import Decisions, Grouping, grouped
from extractor.consolidation.on_disk.pairs import number_blocks, score_acts, score_statements
from extractor.consolidation.on_disk.tables import PLACE, Row, Tables, Writer
from extractor.consolidation.pairing import in_order
from extractor.consolidation.rules import FLOOR
from extractor.consolidation.ties import shown_of

_COLUMNS = {
    "home": {"n": "INTEGER", "home": "INTEGER"},
    "torn": {"n": "INTEGER", "id": "VARCHAR", "other": "INTEGER"},
    "unsettled": {"root": "INTEGER", **PLACE},
    "shown": {"root": "INTEGER", **PLACE},
}


class _Member(NamedTuple):
    """A record of a component: its number, and where all that it tells stands."""

    n: int
    place: int
    size: int


def group_on_disk(tables: Tables, count: int, decisions: Decisions) -> None:
    """Bring together the `count` records that were taken in, as `clustering.group` does in memory.

    It makes the tables `home`, each record's number and that of its group's first; `torn`, the records that fit two
    groups which exclude each other, with what they fit there; `unsettled`, the groupings that leave anything open; and
    `shown`, where the records stand that the ties of these show.
    """
    number_blocks(tables)
    score_acts(tables)
    _group_kind(tables, count, decisions, said=False)
    score_statements(tables)
    _group_kind(tables, count, decisions, said=True)


def _group_kind(tables: Tables, count: int, decisions: Decisions, *, said: bool) -> None:
    _connect(tables, count, decisions)
    tables.run(
        "CREATE OR REPLACE TABLE member AS SELECT root, id, n, place + size AS place, whole FROM component "
        "JOIN mention USING (n)"
    )
    members = groupby(tables.rows("SELECT * FROM member ORDER BY root"), key=_first)
    with tables.writing_all(_COLUMNS) as write:
        for root, pairs in groupby(tables.rows("SELECT * FROM connected ORDER BY root"), key=_first):
            own = next(found for other, found in members if other == root)
            component = {record: _Member(*where) for _, record, *where in own}
            name = {member.n: record for record, member in component.items()}
            points = {in_order(name[a], name[b]): given for _, a, b, given in pairs}
            _write(tables, write, root, component, grouped(component, points, decisions))
    tables.run("INSERT INTO home SELECT n, n FROM mention ANTI JOIN home USING (n) WHERE said = ?", said)


def _write(
    tables: Tables, write: Mapping[str, Writer], root: int, component: Mapping[str, _Member], grouping: Grouping
) -> None:
    for group in grouping.groups:
        for record in group:
            write["home"](component[record].n, component[group[0]].n)
    for record, others in grouping.undecided.items():
        for other in others:
            write["torn"](component[record].n, record, component[other].n)
    if grouping.undecided or grouping.near:
        write["unsettled"](root, *tables.put(grouping))
        for record in shown_of(grouping):
            write["shown"](root, component[record].place, component[record].size)


def _connect(tables: Tables, count: int, decisions: Decisions) -> None:
    """Make the tables `component`, of the records of each component, and `connected`, of its pairs.

    Pairs of `FLOOR` points or more and decisions connect. Of each record that was taken in it holds one number.
    """
    roots = array("q", range(count))
    for a, b in tables.rows("SELECT a, b FROM pair WHERE points >= ?", FLOOR):
        _join(roots, a, b)
    for one, other in _decided_alike(tables, decisions):
        _join(roots, one, other)
    tables.run("DROP TABLE IF EXISTS component")
    tables.run("DROP TABLE IF EXISTS connected")
    connected = bytearray(count)
    columns = {"root": "INTEGER", "a": "INTEGER", "b": "INTEGER", "points": "INTEGER"}
    with tables.writing("connected", columns) as write:
        for a, b, points in tables.rows("SELECT a, b, points FROM pair"):
            root = _root(roots, a)
            if root == _root(roots, b):
                write(root, a, b, points)
                connected[a] = connected[b] = 1
    with tables.writing("component", {"n": "INTEGER", "root": "INTEGER"}) as write:
        for n in compress(range(count), connected):
            write(n, _root(roots, n))


def _decided_alike(tables: Tables, decisions: Decisions) -> Iterator[tuple[int, int]]:
    """The numbers of every two records that a decision has as the same, as far as they were taken in."""
    bound = [(*decision.one, *decision.other) for decision in decisions if decision.same]
    named = sorted({record for records in bound for record in records})
    numbers: dict[str, int] = dict(
        tables.rows("SELECT id, n FROM mention WHERE id IN (SELECT unnest(?::VARCHAR[]))", named)
    )
    for records in bound:
        known = [numbers[record] for record in records if record in numbers]
        yield from pairwise(known)


def _join(roots: array[int], a: int, b: int) -> None:
    one, other = sorted((_root(roots, a), _root(roots, b)))
    roots[other] = one


def _root(roots: array[int], n: int) -> int:
    while roots[n] != n:
        roots[n] = roots[roots[n]]
        n = roots[n]
    return n


def _first(row: Row) -> int:
    return int(row[0])
