"""Articles to tables, one at a time: what their records are compared by, and who is named in them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping

from extractor.consolidation.identity import label_of
from extractor.consolidation.intake import Intake
from extractor.consolidation.mentions import STATEMENT, Telling
from extractor.consolidation.on_disk.tables import PLACE, Rows, Tables
from extractor.consolidation.rules import blocks_of

# A record goes by its number. `whole` is the size of all that it tells, right behind what it is compared by. What a
# table is sorted or looked through by stands in that table: at size, joining is what takes memory.
TABLES = {
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


class Intakes:
    """Articles on their way to the tables `article`, `mention`, `blocked`, `says` and `named`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        with contextlib.ExitStack() as stack:
            self._rows: dict[str, Rows] = {}
            for name, columns in TABLES.items():
                self._rows[name] = tables.new_rows(name, columns)
                stack.callback(self._rows[name].give_up)
            self._open = stack.pop_all()
        self._articles = self._records = 0

    def add(self, article: Intake) -> None:
        """Write an article; of one that comes twice the later one counts."""
        self._rows["article"].write(self._articles, article.article)
        numbers = {mention.id: self._records + index for index, mention in enumerate(article.mentions)}
        for mention in article.mentions:
            self._add_mention(mention, numbers)
        for position, (identity, named) in enumerate(article.namings):
            where = self._tables.put((identity, named))
            label = json.dumps(label_of(identity))
            self._rows["named"].write(label, article.article, named.record, position, numbers[named.record], *where)
        self._articles += 1
        self._records += len(article.mentions)

    def finish(self) -> int:
        """Make the tables; the number of all records that came."""
        tables = self._tables
        for rows in self._rows.values():
            tables.add(rows)
        tables.expect(self._records)
        tables.run(
            "CREATE TABLE earlier AS SELECT n FROM mention JOIN article USING (article) JOIN (SELECT id, max(article) "
            "AS latest FROM article GROUP BY id HAVING count(*) > 1) twice ON twice.id = article.id "
            "WHERE article < latest"
        )
        for name in ("mention", "blocked", "says", "named"):
            tables.run(f"DELETE FROM {name} WHERE n IN (FROM earlier)")  # noqa: S608
        return self._records

    def close(self) -> None:
        """Let go of the files."""
        self._open.close()

    def _add_mention(self, mention: Telling, numbers: Mapping[str, int]) -> None:
        own, number = numbers[mention.id], self._articles
        said, period = int(mention.kind == STATEMENT), mention.period
        place, size = self._tables.put(mention.bare())
        _, whole = self._tables.put(mention)
        days = (period.first, period.last) if period else (0, 0)
        self._rows["mention"].write(own, mention.id, number, said, place, size, whole)
        for block in set(blocks_of(mention)):
            timed = int(period is not None)
            self._rows["blocked"].write(json.dumps(block), said, timed, *days, own, number, place, size)
        for act in mention.says:
            self._rows["says"].write(own, numbers[act])
