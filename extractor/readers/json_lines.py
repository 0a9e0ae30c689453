"""JSON Lines: each line an object that is an article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from extractor.decoding import decode
from extractor.errors import ArticleError, UnreadableArticle
from extractor.readers.article import Article, Source, Unread
from extractor.readers.rows import articles_of


def read(data: bytes, source: Source) -> Iterator[Article | Unread]:
    """An article for each line that is not blank.

    Raises:
        UnreadableArticle: it has no such line.
    """
    text, encoding = decode(data, source.name, source.settings.encoding)
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise UnreadableArticle(f"{source.name} is empty.", "Remove it, or put an article on each line.")
    yield from articles_of(((number, _object(line, source, number)) for number, line in lines), source, encoding)


def _object(line: str, source: Source, number: int) -> dict[str, Any] | ArticleError:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        problem = f"no JSON: {error}"
    else:
        if isinstance(value, dict):
            return value
        problem = "no JSON object"
    return UnreadableArticle(f"{source.name}, line {number}, is {problem}.", "Put one JSON object on each line.")
