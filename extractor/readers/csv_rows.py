"""CSV and its kin: each row is an article; commas, semicolons, tabs and bars separate."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from extractor.decoding import decode
from extractor.errors import ArticleError, UnreadableArticle
from extractor.readers.article import Article, Source, Unread
from extractor.readers.rows import articles_of, check_has_text

_SEPARATORS = ",;\t|"


def read(data: bytes, source: Source) -> Iterator[Article | Unread]:
    """An article for each row behind the first, which names the columns.

    Raises:
        UnreadableArticle: it has no row, or no column for the text.
    """
    text, encoding = decode(data, source.name, source.settings.encoding)
    # The module's own limit is 131,072 characters; an article may be longer.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        names = next(rows, [])
    except csv.Error as error:
        raise UnreadableArticle(f"{source.name}, line 1, is no CSV: {error}.", "Mend its first row.") from error
    check_has_text(names, source, source.name)
    yield from articles_of(_rows(rows, names, source), source, encoding)


def _separator(text: str) -> str:
    """The one that makes most columns of the first row."""
    first = text.lstrip().partition("\n")[0]
    return max(_SEPARATORS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))


def _rows(rows: Any, names: list[str], source: Source) -> Iterator[tuple[int, dict[str, str] | ArticleError]]:
    while True:
        number = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield number, UnreadableArticle(f"{source.name}, line {number}, is no CSV: {error}.", "Mend the row.")
            continue
        if row is None:
            return
        if len(row) > len(names):
            problem = f"has {len(row)} cells, and there are {len(names)} columns"
            yield number, UnreadableArticle(f"{source.name}, line {number}, {problem}.", "Quote cells with separators.")
        elif row:
            yield number, dict(zip(names, row, strict=False))
