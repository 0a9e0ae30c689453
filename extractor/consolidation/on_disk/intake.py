"""Articles to tables, one at a time: what their records are compared by, and who is named in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from extractor.consolidation.actors import named_by
from extractor.consolidation.identity import label_of
from extractor.consolidation.mentions import STATEMENT, told_in
from extractor.consolidation.on_disk.tables import PLACE, Tables, Writer
from extractor.consolidation.rules import blocks_of
from extractor.schema.records import AnyRecord

# An article's report and its records, as the JSON-mode documents of the output's schema.
Documents = tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]
Source = Callable[[], Iterable[Documents]]

# A record goes by its number. `whole` is the size of all that it tells, right behind what it is compared by. What a
# table is sorted or looked through by stands in that table: at size, joining is what takes memory.
_COLUMNS = {
    "article": {"article": "INTEGER", "id": "VARCHAR"},
    "mention": {"n": "INTEGER", "id": "VARCHAR", "article": "INTEGER", "said": "BOOLEAN", **PLACE, "whole": "INTEGER"},
    "blocked": {
        "block": "VARCHAR", "said": "BOOLEAN", "timed": "BOOLEAN", "first_day": "INTEGER", "last_day": "INTEGER",
        "n": "INTEGER", "article": "INTEGER", **PLACE,
    },
    "says": {"n": "INTEGER", "act": "INTEGER"},
    "named": {
        "label": "VARCHAR", "article": "VARCHAR", "record": "VARCHAR", "position": "INTEGER", "n": "INTEGER", **PLACE,
    },
}  # fmt: skip


class Read(NamedTuple):
    """An article's id, its date in EDTF and its records, each once and sorted by id."""

    id: str
    dateline: str | None
    records: list[AnyRecord]


def read(articles: Iterable[Documents]) -> Iterator[Read]:
    """The articles of their documents."""
    records: TypeAdapter[list[AnyRecord]] = TypeAdapter(list[AnyRecord])
    for report, documents in articles:
        by_id = {record.id: record for record in records.validate_python(documents)}
        dated = report["published"] or report["anchor"]
        yield Read(report["id"], dated["value"] if dated else None, [by_id[name] for name in sorted(by_id)])


def take_in(articles: Source, tables: Tables) -> int:
    """Read all articles into the tables `article`, `mention`, `blocked`, `says` and `named`; the number of records.

    Of an article that comes twice the later one counts.
    """
    count = 0
    with tables.writing_all(_COLUMNS) as write:
        for number, article in enumerate(read(articles())):
            write["article"](number, article.id)
            _add(tables, write, number, article, count)
            count += len(article.records)
    tables.expect(count)
    tables.run(
        "CREATE TABLE earlier AS SELECT n FROM mention JOIN article USING (article) JOIN (SELECT id, max(article) AS "
        "latest FROM article GROUP BY id HAVING count(*) > 1) twice ON twice.id = article.id WHERE article < latest"
    )
    tables.run("DELETE FROM mention WHERE n IN (FROM earlier)")
    tables.run("DELETE FROM blocked WHERE n IN (FROM earlier)")
    tables.run("DELETE FROM says WHERE n IN (FROM earlier)")
    tables.run("DELETE FROM named WHERE n IN (FROM earlier)")
    return count


def _add(tables: Tables, write: Mapping[str, Writer], number: int, article: Read, count: int) -> None:
    """Add an article with its number, and its records with numbers from `count` on."""
    numbers = {record.id: count + index for index, record in enumerate(article.records)}
    for mention in told_in(article.records, article.dateline):
        own, said, period = numbers[mention.id], mention.kind == STATEMENT, mention.period
        place, size = tables.put(mention.bare())
        _, whole = tables.put(mention)
        days = (period.first, period.last) if period else (0, 0)
        write["mention"](own, mention.id, number, int(said), place, size, whole)
        for block in set(blocks_of(mention)):
            write["blocked"](json.dumps(block), int(said), int(period is not None), *days, own, number, place, size)
        for act in mention.says:
            write["says"](own, numbers[act])
    for position, (identity, named) in enumerate(named_by(article.records)):
        own, where = numbers[named.record], tables.put((identity, named))
        write["named"](json.dumps(label_of(identity)), article.id, named.record, position, own, *where)
