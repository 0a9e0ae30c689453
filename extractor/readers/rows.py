"""Rows to articles: a row is an article, one that is none costs no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from extractor.errors import ArticleError, UnreadableArticle
from extractor.readers.article import Article, Source, Unread, headed, well_formed
from extractor.readers.columns import found_in, locate
from extractor.readers.lines import Lines

Row = Mapping[str, Any]


def articles_of(
    rows: Iterable[tuple[int, Row | ArticleError]], source: Source, lines: Lines | None = None
) -> Iterator[Article | Unread]:
    """The article of each row, called by the file and its id or, without one, its number: `news.jsonl#17`.

    `lines` are those that the rows stand in, where they do.
    """
    for number, row in rows:
        try:
            if isinstance(row, ArticleError):
                raise row
            yield _article(row, number, source, lines.encoding if lines else "utf-8")
        except ArticleError as error:
            yield Unread(f"{source.name}#{number}", error)


def _article(row: Row, number: int, source: Source, encoding: str) -> Article:
    told = {field: well_formed(text) for field, text in found_in(row, source.settings.columns).items()}
    text = told.pop("text", "")
    if not text.strip():
        check_has_text(row, source, f"{source.name}, line {number},")
        raise UnreadableArticle(f"{source.name}, line {number}, has no text.", "Put the article's text there.")
    name = f"{source.name}#{told.get('source_id', number)}"
    return source.part(name, headed(told.get("title"), text), encoding, **told)


def check_has_text(columns: Iterable[str], source: Source, where: str) -> None:
    """Refuse what has no column for the text.

    Raises:
        UnreadableArticle: none of the columns is told, or usual, for it.
    """
    listed = [name for name in columns if name]
    wanted = locate(listed, source.settings.columns).get("text")
    if wanted in listed:
        return
    lacks = f"no column {wanted}" if wanted else "no column that is known to hold the text"
    raise UnreadableArticle(
        f"{where} has {lacks}: there is {', '.join(listed[:20]) or 'none at all'}.", "Name it with --columns text=NAME."
    )
