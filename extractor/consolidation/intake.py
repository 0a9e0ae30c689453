"""What the records of one article tell, as far as bringing them together with others needs it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Self

from extractor.consolidation.actors import Naming, named_by
from extractor.consolidation.identity import Cast
from extractor.consolidation.mentions import Telling, told_in
from extractor.schema.output import ArticleReport
from extractor.schema.records import AnyRecord


class Intake(NamedTuple):
    """An article by its id: its records as mentions, each once and in the order of their ids, and who is named."""

    article: str
    mentions: tuple[Telling, ...]
    namings: tuple[Naming, ...]

    @classmethod
    def of(cls, article: str, dateline: str | None, records: Iterable[AnyRecord]) -> Self:
        """What an article's own records tell; `dateline` is its date in EDTF."""
        by_id = {record.id: record for record in records}
        ordered = [by_id[name] for name in sorted(by_id)]
        cast = Cast(ordered)
        return cls(article, tuple(told_in(ordered, cast, dateline)), tuple(named_by(ordered, cast)))


def dateline_of(article: ArticleReport) -> str | None:
    """The date by which an article's undated news is placed, in EDTF."""
    known = article.published or article.anchor
    return known.value if known else None
