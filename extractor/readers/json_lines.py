"""JSON Lines: each line an object that is an article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from extractor.errors import ArticleError, UnreadableArticle
from extractor.readers.article import Article, Source, Unread
from extractor.readers.lines import Lines
from extractor.readers.outputs import begins_output, own_output
from extractor.readers.rows import articles_of


def read(file: IO[bytes], source: Source) -> Iterator[Article | Unread]:
    """An article for each line that is not blank.

    Raises:
        UnreadableArticle: it has no such line, or is an output of this tool.
    """
    lines = Lines(file, source)
    yield from articles_of(_objects(lines, source), source, lines)


def _objects(lines: Lines, source: Source) -> Iterator[tuple[int, dict[str, Any] | ArticleError]]:
    filled = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if not filled and begins_output(line):
            raise own_output(source.name)
        filled += 1
        yield number, _object(line, lines, source, number)
    if not filled:
        raise UnreadableArticle(f"{source.name} is empty.", "Remove it, or put an article on each line.")


def _object(line: str, lines: Lines, source: Source, number: int) -> dict[str, Any] | ArticleError:
    trouble = lines.trouble(line)
    if trouble is not None:
        return UnreadableArticle(f"{source.name}, line {number}, {trouble}.", "Save all of it as UTF-8.")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        problem = f"no JSON: {error}"
    else:
        if isinstance(value, dict):
            return value
        problem = "no JSON object"
    return UnreadableArticle(f"{source.name}, line {number}, is {problem}.", "Put one JSON object on each line.")
