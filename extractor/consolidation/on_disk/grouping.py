"""Records to groups, out of core: each connected component of pairs is grouped by itself, as all are in memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise

from extractor.consolidation.clustering import Decisions, Grouping, Pair, grouped, in_order
from extractor.consolidation.on_disk.pairs import number_blocks, score_acts, score_statements
from extractor.consolidation.on_disk.tables import PLACE, Tables, Writer
from extractor.consolidation.rules import FLOOR
from extractor.consolidation.ties import shown_of

_COLUMNS = {
    "home": {"n": "INTEGER", "home": "INTEGER"},
    "torn": {"n": "INTEGER", "other": "INTEGER"},
    "unsettled": {"root": "INTEGER", **PLACE},
    "shown": {"root": "INTEGER", "n": "INTEGER"},
}


def group_on_disk(tables: Tables, count: int, decisions: Decisions) -> None:
    """Bring together the `count` records that were taken in, as `clustering.group` does in memory.

    It makes the tables `home`, each record's number and that of its group's first; `torn`, the records that fit two
    groups which exclude each other, with what they fit there; `unsettled`, the groupings that leave anything open; and
    `shown`, the records that the ties of these show.
    """
    number_blocks(tables)
    score_acts(tables)
    _group_kind(tables, count, decisions, said=False)
    score_statements(tables)
    _group_kind(tables, count, decisions, said=True)


def _group_kind(tables: Tables, count: int, decisions: Decisions, *, said: bool) -> None:
    _connect(tables, count, decisions)
    rows = tables.rows(
        "SELECT x.root, a, b, ma.id, mb.id, points FROM pair JOIN component x ON x.n = a "
        "JOIN component y ON y.n = b AND x.root = y.root JOIN mention ma ON ma.n = a JOIN mention mb "
        "ON mb.n = b ORDER BY x.root"
    )
    with tables.writing_all(_COLUMNS) as write:
        for root, pairs in groupby(rows, key=lambda row: row[0]):
            numbers: dict[str, int] = {}
            points: dict[Pair, int] = {}
            for _, a, b, one, other, given in pairs:
                numbers[one], numbers[other] = a, b
                points[in_order(one, other)] = given
            _write(tables, write, root, numbers, grouped(numbers, points, decisions))
    tables.run("INSERT INTO home SELECT n, n FROM mention ANTI JOIN home USING (n) WHERE said = ?", said)


def _write(
    tables: Tables, write: Mapping[str, Writer], root: int, numbers: Mapping[str, int], grouping: Grouping
) -> None:
    for group in grouping.groups:
        for record in group:
            write["home"](numbers[record], numbers[group[0]])
    for record, others in grouping.undecided.items():
        for other in others:
            write["torn"](numbers[record], numbers[other])
    if grouping.undecided or grouping.near:
        write["unsettled"](root, *tables.put(grouping))
        for record in shown_of(grouping):
            write["shown"](root, numbers[record])


def _connect(tables: Tables, count: int, decisions: Decisions) -> None:
    """Make the table of the records that pairs of `FLOOR` points or more, or decisions, connect; each has a root.

    Of each record that is taken in it holds one number.
    """
    parents = array("q", range(count))
    for a, b in tables.rows("SELECT a, b FROM pair WHERE points >= ?", FLOOR):
        _join(parents, a, b)
    for one, other in _decided_alike(tables, decisions):
        _join(parents, one, other)
    tables.run("DROP TABLE IF EXISTS component")
    with tables.writing("component", {"n": "INTEGER", "root": "INTEGER"}) as write:
        for (n,) in tables.rows("SELECT a FROM pair UNION SELECT b FROM pair"):
            write(n, _root(parents, n))


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


def _join(parents: array[int], a: int, b: int) -> None:
    one, other = sorted((_root(parents, a), _root(parents, b)))
    parents[other] = one


def _root(parents: array[int], n: int) -> int:
    while parents[n] != n:
        parents[n] = parents[parents[n]]
        n = parents[n]
    return n
