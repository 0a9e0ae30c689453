"""The points of all pairs of records that may be one, block by block."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby

from extractor.consolidation.mentions import Mention, Period
from extractor.consolidation.on_disk.tables import Row, Tables, Writer
from extractor.consolidation.pairing import RARE, SMALL, in_time, with_timeless
from extractor.consolidation.rules import AFFAIR_POINTS, CERTAIN, marks_of, score

# Mentions that are held while pairs are scored that come in the order of one of their two.
_HELD = 2048

Numbered = tuple[int, Mention]


def number_blocks(tables: Tables) -> None:
    """Make the table `block` of those with two records or more."""
    tables.run(
        "CREATE TABLE block AS SELECT block, row_number() OVER () AS number, count(*) AS members, "
        "count(*) FILTER (NOT timed) AS timeless FROM blocked JOIN mention USING (n) GROUP BY block HAVING count(*) > 1"
    )


def score_acts(tables: Tables) -> None:
    """Make the tables `pair`, of the points of pairs, and `affair`, of pairs of articles that tell an act in common."""
    tables.run("CREATE TABLE topic (n INTEGER, topics VARCHAR[])")
    _score(tables, said=False)
    tables.run(
        "CREATE TABLE affair AS SELECT DISTINCT least(x.article, y.article) AS one, greatest(x.article, y.article) AS "
        "other FROM plain JOIN mention x ON x.n = a JOIN mention y ON y.n = b "
        "WHERE points >= ? AND x.article <> y.article",
        CERTAIN,
    )
    _add_affairs(tables)


def score_statements(tables: Tables) -> None:
    """Make the table `pair` anew, of statements; acts have been grouped before, in the table `home`."""
    tables.run(
        "INSERT INTO topic SELECT says.n, list(DISTINCT first.id) FROM says JOIN home ON home.n = says.act "
        "JOIN mention first ON first.n = home.home GROUP BY says.n"
    )
    _score(tables, said=True)
    _add_affairs(tables)


def _add_affairs(tables: Tables) -> None:
    tables.run(
        "CREATE OR REPLACE TABLE pair AS SELECT a, b, "
        "points + CASE WHEN x.article = y.article OR one IS NOT NULL THEN ? ELSE 0 END AS points "
        "FROM plain JOIN mention x ON x.n = a JOIN mention y ON y.n = b "
        "LEFT JOIN affair ON one = least(x.article, y.article) AND other = greatest(x.article, y.article)",
        AFFAIR_POINTS,
    )


def _score(tables: Tables, *, said: bool) -> None:
    """Score the pairs of all blocks; one of several blocks comes once for each, and is kept once."""
    _mark_timeless(tables, said=said)
    with tables.writing("scored", {"a": "INTEGER", "b": "INTEGER", "points": "INTEGER"}) as write:
        for (a, one), (b, other) in _in_blocks(tables, said=said):
            _write_score(write, a, one, b, other)
        for (a, one), (b, other) in _sharing(tables):
            _write_score(write, a, one, b, other)
    tables.run("CREATE OR REPLACE TABLE plain AS SELECT DISTINCT a, b, points FROM scored")
    tables.run("DROP TABLE scored")


def _write_score(write: Writer, a: int, one: Mention, b: int, other: Mention) -> None:
    points = score(one, other)
    if points is not None:
        write(min(a, b), max(a, b), points)


def _in_blocks(tables: Tables, *, said: bool) -> Iterator[tuple[Numbered, Numbered]]:
    """The pairs of every block, of which no more is held than lies about the same time, or is small."""
    rows = tables.rows(
        "SELECT number, members, first_day, last_day, timed, n, place, size, topics FROM blocked "
        "JOIN block USING (block) JOIN mention USING (n) LEFT JOIN topic USING (n) "
        "WHERE mention.said = ? AND (timed OR members <= ?) ORDER BY number, timed DESC, first_day",
        said, SMALL,
    )  # fmt: skip
    for _, block in groupby(rows, key=lambda row: row[0]):
        held: list[Numbered] = []
        timeless: list[Numbered] = []
        yield from in_time(_dated(tables, block, held, timeless))
        yield from with_timeless(timeless, held)


def _dated(
    tables: Tables, block: Iterator[Row], held: list[Numbered], timeless: list[Numbered]
) -> Iterator[tuple[Period, Numbered]]:
    """The dated mentions of a block; those of a small one are put into the lists besides, with those without a time."""
    for _, members, first, last, timed, *where in block:
        item = _mention(tables.get, *where)
        if timed:
            yield Period(first, last), item
        if members <= SMALL:
            (held if timed else timeless).append(item)


def _mark_timeless(tables: Tables, *, said: bool) -> None:
    """Make a table of the pairs in large blocks in which a record without a time has something rare in common."""
    rows = tables.rows(
        "SELECT number, timed, n, place, size, topics FROM blocked JOIN block USING (block) JOIN mention USING (n) "
        "LEFT JOIN topic USING (n) WHERE mention.said = ? AND members > ? AND timeless > 0",
        said, SMALL,
    )  # fmt: skip
    columns = {"number": "INTEGER", "mark": "VARCHAR", "n": "INTEGER", "timed": "BOOLEAN"}
    with tables.writing("marked", columns) as write:
        for number, timed, *where in rows:
            n, mention = _mention(tables.get, *where)
            for mark in set(marks_of(mention)):
                write(number, json.dumps(mark), n, int(timed))
    tables.run(
        "CREATE OR REPLACE TABLE sharing AS WITH rare AS (SELECT number, mark FROM marked GROUP BY ALL "
        "HAVING count(*) <= ? AND NOT bool_and(timed)) "
        "SELECT DISTINCT least(x.n, y.n) AS a, greatest(x.n, y.n) AS b FROM rare JOIN marked x "
        "USING (number, mark) JOIN marked y USING (number, mark) WHERE NOT x.timed AND x.n <> y.n",
        RARE,
    )
    tables.run("DROP TABLE marked")


def _sharing(tables: Tables) -> Iterator[tuple[Numbered, Numbered]]:
    get = lru_cache(_HELD)(tables.get)
    rows = tables.rows(
        "SELECT x.n, x.place, x.size, tx.topics, y.n, y.place, y.size, ty.topics "
        "FROM sharing JOIN mention x ON x.n = a JOIN mention y ON y.n = b "
        "LEFT JOIN topic tx ON tx.n = a LEFT JOIN topic ty ON ty.n = b ORDER BY a, b"
    )
    for row in rows:
        yield _mention(get, *row[:4]), _mention(get, *row[4:])


def _mention(
    get: Callable[[int, int], Mention], n: int, place: int, size: int, topics: Sequence[str] | None
) -> Numbered:
    mention = get(place, size)
    return n, replace(mention, topics=frozenset(topics)) if topics else mention
