"""The points of all pairs of records that may be one, block by block."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from extractor.consolidation.mentions import Mention, Period
from extractor.consolidation.on_disk.tables import PLACE, Row, Tables, Writer
from extractor.consolidation.pairing import RARE, SMALL, in_time, with_timeless
from extractor.consolidation.rules import AFFAIR_POINTS, CERTAIN, marks_of, score

# Mentions that are held while pairs are scored that come in the order of one of their two.
_HELD = 2048
_SCORED = {"a": "INTEGER", "b": "INTEGER", "points": "INTEGER", "one": "INTEGER", "other": "INTEGER"}
_MARKED = {
    "number": "INTEGER", "mark": "VARCHAR", "timed": "BOOLEAN", "n": "INTEGER", "article": "INTEGER", **PLACE,
    "topics": "BIGINT", "topics_size": "INTEGER",
}  # fmt: skip


class Numbered(NamedTuple):
    """A mention with its number and its article's."""

    n: int
    article: int
    mention: Mention


def number_blocks(tables: Tables) -> None:
    """Make the table `block` of those with two records or more."""
    tables.run(
        "CREATE TABLE block AS SELECT block, row_number() OVER () AS number, count(*) AS members, "
        "count(*) FILTER (NOT timed) AS timeless FROM blocked GROUP BY block HAVING count(*) > 1"
    )


def score_acts(tables: Tables) -> None:
    """Make the tables `pair`, of the points of pairs, and `affair`, of pairs of articles that tell an act in common."""
    with tables.writing("topic", {"n": "INTEGER", **PLACE}):
        pass
    _score(tables, said=False)
    tables.run(
        "CREATE TABLE affair AS SELECT DISTINCT one, other, true AS met FROM plain WHERE points >= ? AND one <> other",
        CERTAIN,
    )
    _add_affairs(tables)


def score_statements(tables: Tables) -> None:
    """Make the table `pair` anew, of statements; acts have been grouped before, in the table `home`."""
    tables.run("CREATE TABLE topical AS SELECT says.n, home FROM says JOIN home ON home.n = says.act")
    rows = tables.rows("SELECT n, home FROM topical ORDER BY n")
    with tables.writing("topic", {"n": "INTEGER", **PLACE}) as write:
        for n, acts in groupby(rows, key=lambda row: row[0]):
            write(n, *tables.put(frozenset(str(home) for _, home in acts)))
    _score(tables, said=True)
    _add_affairs(tables)


def _add_affairs(tables: Tables) -> None:
    tables.run(
        "CREATE OR REPLACE TABLE pair AS SELECT a, b, "
        "points + CASE WHEN one = other OR met THEN ? ELSE 0 END AS points "
        "FROM plain LEFT JOIN affair USING (one, other)",
        AFFAIR_POINTS,
    )


def _score(tables: Tables, *, said: bool) -> None:
    """Score the pairs of all blocks; one of several blocks comes once for each, and is kept once."""
    tables.run(
        "CREATE OR REPLACE TABLE candidate AS SELECT number, members, timeless, timed, first_day, last_day, n, "
        "article, blocked.place, blocked.size, coalesce(topic.place, 0) AS topics, "
        "coalesce(topic.size, 0) AS topics_size FROM blocked JOIN block USING (block) LEFT JOIN topic USING (n) "
        "WHERE said = ?",
        said,
    )
    _share(tables)
    with tables.writing("scored", _SCORED) as write:
        for one, other in _in_blocks(tables):
            _write_score(write, one, other)
        for one, other in _sharing(tables):
            _write_score(write, one, other)
    tables.run("CREATE OR REPLACE TABLE plain AS SELECT DISTINCT * FROM scored")
    tables.run("DROP TABLE scored")


def _write_score(write: Writer, one: Numbered, other: Numbered) -> None:
    points = score(one.mention, other.mention)
    if points is not None:
        write(*sorted((one.n, other.n)), points, *sorted((one.article, other.article)))


def _in_blocks(tables: Tables) -> Iterator[tuple[Numbered, Numbered]]:
    """The pairs of every block, of which no more is held than lies about the same time, or is small."""
    rows = tables.rows(
        "SELECT number, members, first_day, last_day, timed, n, article, place, size, topics, topics_size "
        "FROM candidate WHERE timed OR members <= ? ORDER BY number, timed DESC, first_day",
        SMALL,
    )
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


def _share(tables: Tables) -> None:
    """Make the table `sharing` of pairs in large blocks: one has no time, and both have something rare in common."""
    rows = tables.rows(
        "SELECT number, timed, n, article, place, size, topics, topics_size FROM candidate "
        "WHERE members > ? AND timeless > 0",
        SMALL,
    )
    with tables.writing("marked", _MARKED) as write:
        for number, timed, *where in rows:
            for mark in set(marks_of(_mention(tables.get, *where).mention)):
                write(number, json.dumps(mark), int(timed), *where)
    tables.run(
        "CREATE TABLE rare AS SELECT number, mark FROM marked GROUP BY number, mark "
        "HAVING count(*) <= ? AND NOT bool_and(timed)",
        RARE,
    )
    tables.run("CREATE TABLE telling AS SELECT marked.* FROM marked SEMI JOIN rare USING (number, mark)")
    tables.run(
        "CREATE OR REPLACE TABLE sharing AS SELECT DISTINCT x.n, x.article, x.place, x.size, x.topics, x.topics_size, "
        "y.n AS n_other, y.article AS article_other, y.place AS place_other, y.size AS size_other, "
        "y.topics AS topics_other, y.topics_size AS topics_size_other "
        "FROM telling x JOIN telling y USING (number, mark) WHERE NOT x.timed AND (y.timed OR x.n < y.n)"
    )
    for statement in ("DROP TABLE marked", "DROP TABLE rare", "DROP TABLE telling"):
        tables.run(statement)


def _sharing(tables: Tables) -> Iterator[tuple[Numbered, Numbered]]:
    get = lru_cache(_HELD)(tables.get)
    for row in tables.rows("SELECT * FROM sharing ORDER BY n, n_other"):
        yield _mention(get, *row[:6]), _mention(get, *row[6:])


def _mention(get: Callable[[int, int], Any], n: int, article: int, *where: int) -> Numbered:
    place, size, topics, topics_size = where
    mention: Mention = get(place, size)
    return Numbered(n, article, replace(mention, topics=get(topics, topics_size)) if topics_size else mention)
