"""CSV and its kin: each row is an article; commas, semicolons, tabs and bars separate."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, Any

from extractor.errors import ArticleError, UnreadableArticle
from extractor.readers.article import Article, Source, Unread
from extractor.readers.lines import Lines
from extractor.readers.outputs import is_table, own_output
from extractor.readers.rows import articles_of, check_has_text

_SEPARATORS = ",;\t|"
# Characters of a cell, which a quotation mark without its other half may make of all that follows. The module's own
# limit is 131,072; an article may be longer.
_LONGEST_CELL = 2**24


def read(file: IO[bytes], source: Source) -> Iterator[Article | Unread]:
    """An article for each row behind the first, which names the columns.

    Raises:
        UnreadableArticle: it has no row, or no column for the text, or is an output of this tool.
    """
    lines = Lines(file, source)
    texts = (text for line in lines for text in _rows_in(line))
    first = next(texts, "")
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    rows = csv.reader(chain([first], texts), delimiter=_separator(first), strict=True)
    names = _names(rows, lines, source)
    yield from articles_of(_rows(rows, names, lines, source), source, lines)


def _rows_in(line: str) -> Iterable[str]:
    """A row may end in a lone carriage return, too."""
    return io.StringIO(line, newline="") if "\r" in line else (line,)


def _separator(first: str) -> str:
    """The one that makes most columns of the first row."""
    row = first.lstrip().removesuffix("\n")
    return max(_SEPARATORS, key=lambda sign: len(next(csv.reader([row], delimiter=sign), [])))


def _names(rows: Any, lines: Lines, source: Source) -> list[str]:
    try:
        names: list[str] = next(rows, [])
    except csv.Error as error:
        raise UnreadableArticle(f"{source.name}, line 1, is no CSV: {error}.", "Mend its first row.") from error
    trouble = lines.trouble("".join(names))
    if trouble is not None:
        raise UnreadableArticle(f"{source.name}, line 1, {trouble}.", "Mend its first row.")
    if is_table(names):
        raise own_output(source.name)
    check_has_text(names, source, source.name)
    return names


def _rows(
    rows: Any, names: list[str], lines: Lines, source: Source
) -> Iterator[tuple[int, dict[str, str] | ArticleError]]:
    while True:
        number = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield number, UnreadableArticle(f"{source.name}, line {number}, is no CSV: {error}.", "Mend the row.")
            continue
        if row is None:
            return
        trouble = lines.trouble("".join(row))
        if trouble is not None:
            yield number, UnreadableArticle(f"{source.name}, line {number}, {trouble}.", "Save all of it as UTF-8.")
        elif len(row) > len(names):
            problem = f"has {len(row)} cells, and there are {len(names)} columns"
            yield number, UnreadableArticle(f"{source.name}, line {number}, {problem}.", "Quote cells with separators.")
        elif row:
            yield number, dict(zip(names, row, strict=False))
