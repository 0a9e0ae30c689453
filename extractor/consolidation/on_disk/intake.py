"""Articles to tables, one at a time: what their records are compared by, and who is named in them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from extractor.consolidation.actors import named_by
from extractor.consolidation.identity import label_of
from extractor.consolidation.mentions import STATEMENT, Telling, told_in
from extractor.consolidation.on_disk.tables import PLACE, Tables, Writer
from extractor.consolidation.rules import blocks_of
from extractor.schema.records import AnyRecord

# An article's report and its records, as the JSON-mode documents of the output's schema.
Documents = tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]
Source = Callable[[], Iterable[Documents]]

# A record goes by its number. `whole` is the size of all that it tells, right behind what it is compared by.
_COLUMNS = {
    "article": {"article": "INTEGER", "id": "VARCHAR"},
    "mention": {
        "n": "INTEGER", "id": "VARCHAR", "article": "INTEGER", "said": "BOOLEAN", "timed": "BOOLEAN",
        "first_day": "INTEGER", "last_day": "INTEGER", **PLACE, "whole": "INTEGER",
    },
    "blocked": {"block": "VARCHAR", "n": "INTEGER", "said": "BOOLEAN"},
    "says": {"n": "INTEGER", "act": "INTEGER"},
    "named": {"label": "VARCHAR", "n": "INTEGER", "position": "INTEGER", **PLACE},
}  # fmt: skip


def take_in(articles: Source, tables: Tables) -> int:
    """Read all articles into the tables `article`, `mention`, `blocked`, `says` and `named`; the number of records.

    Of an article that comes twice the later one counts.
    """
    with tables.writing_all(_COLUMNS) as write:
        intake = _Intake(tables, write)
        for number, (report, records) in enumerate(articles()):
            intake.add(number, report, records)
    tables.run(
        "CREATE TABLE earlier AS SELECT n FROM mention JOIN article USING (article) JOIN (SELECT id, max(article) AS "
        "latest FROM article GROUP BY id HAVING count(*) > 1) twice ON twice.id = article.id WHERE article < latest"
    )
    tables.run("DELETE FROM mention WHERE n IN (FROM earlier)")
    tables.run("DELETE FROM blocked WHERE n IN (FROM earlier)")
    tables.run("DELETE FROM says WHERE n IN (FROM earlier)")
    tables.run("DELETE FROM named WHERE n IN (FROM earlier)")
    return intake.count


class _Intake:
    def __init__(self, tables: Tables, write: Mapping[str, Writer]) -> None:
        from pydantic import TypeAdapter

        self._tables = tables
        self._write = write
        self._records: TypeAdapter[list[AnyRecord]] = TypeAdapter(list[AnyRecord])
        self.count = 0

    def add(self, number: int, report: Mapping[str, Any], documents: Sequence[Mapping[str, Any]]) -> None:
        self._write["article"](number, report["id"])
        by_id = {record.id: record for record in self._records.validate_python(documents)}
        records = [by_id[name] for name in sorted(by_id)]
        numbers = {record.id: self.count + index for index, record in enumerate(records)}
        dated = report["published"] or report["anchor"]
        for mention in told_in(records, dated["value"] if dated else None):
            self._add_mention(numbers, number, mention)
        self._add_named(numbers, records)
        self.count += len(records)

    def _add_mention(self, numbers: Mapping[str, int], article: int, mention: Telling) -> None:
        own, said, period = numbers[mention.id], mention.kind == STATEMENT, mention.period
        place, size = self._tables.put(mention.bare())
        _, whole = self._tables.put(mention)
        days = (period.first, period.last) if period else (0, 0)
        self._write["mention"](own, mention.id, article, int(said), int(period is not None), *days, place, size, whole)
        for block in set(blocks_of(mention)):
            self._write["blocked"](json.dumps(block), own, int(said))
        for act in mention.says:
            self._write["says"](own, numbers[act])

    def _add_named(self, numbers: Mapping[str, int], records: Sequence[AnyRecord]) -> None:
        for position, (identity, named) in enumerate(named_by(records)):
            place, size = self._tables.put((identity, named))
            self._write["named"](json.dumps(label_of(identity)), numbers[named.record], position, place, size)
