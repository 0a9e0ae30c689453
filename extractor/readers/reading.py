"""Paths to articles, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from extractor.errors import UnreadableArticle
from extractor.readers.article import Article, Inputs, InputSettings, Unread
from extractor.readers.finding import name_of
from extractor.readers.stream import check_settings, outcomes_of, stream_articles


def read_articles(paths: Sequence[str | Path], settings: InputSettings | None = None) -> Inputs:
    """All articles of `stream_articles`, sorted by name and id.

    A file, or a row of one, that cannot be read is listed in `unread` and costs no other.

    Raises:
        UsageError: a path does not exist, or a setting is none.
        NoArticles: the paths hold no file to read.
    """
    stream = stream_articles(paths, settings)
    articles, unread = gathered(stream)
    return Inputs(articles, unread, tuple(sorted(stream.duplicates)), tuple(sorted(stream.passed_over)))


def gathered(outcomes: Iterable[Article | Unread]) -> tuple[tuple[Article, ...], tuple[Unread, ...]]:
    """The articles, by name and id, and what cannot be read, by name."""
    articles: list[Article] = []
    unread: list[Unread] = []
    for outcome in outcomes:
        if isinstance(outcome, Article):
            articles.append(outcome)
        else:
            unread.append(outcome)
    articles.sort(key=lambda item: (item.name, item.id))
    unread.sort(key=lambda item: item.name)
    return tuple(articles), tuple(unread)


def read_article(path: str | Path, *, encoding: str | None = None) -> Article:
    """Read one file that is one article.

    For plain text a byte order mark decides; without one UTF-8 is tried, then `encoding`, or where that is None what
    the bytes look like (Latin-1, Windows code pages, UTF-16 without a mark ...).

    Raises:
        UsageError: there is no such encoding.
        UnreadableArticle: the file is missing, empty, binary, too long, no text, or holds several articles.
    """
    settings = InputSettings(encoding=encoding)
    check_settings(settings)
    outcomes = list(islice(outcomes_of(Path(path), settings), 2))
    for outcome in outcomes:
        if isinstance(outcome, Unread):
            raise outcome.error
        if len(outcomes) == 1:
            return outcome
    raise UnreadableArticle(f"{name_of(Path(path))} holds several articles, not one.", "Name one article.")
