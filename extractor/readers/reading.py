"""Paths to articles: what is found there is read, each file by its format, and what cannot be read costs no other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from extractor.decoding import check_encoding
from extractor.errors import ArticleError, NoArticles, UnreadableArticle
from extractor.readers.article import Article, Inputs, InputSettings, Source, Unread
from extractor.readers.columns import parse_columns
from extractor.readers.contents import contents
from extractor.readers.finding import find, name_of
from extractor.readers.formats import READERS, check_format, reader_format


def read_articles(paths: Sequence[str | Path], settings: InputSettings | None = None) -> Inputs:
    """Read files, folders, globs and standard input (`-`) into articles, sorted by name and id.

    Folders are searched for files of every known ending at any depth, hidden ones left out; a file named outright is
    read whatever its ending, as plain text where that tells nothing. A file, or a row of one, that cannot be read is
    listed in `unread` and costs no other.

    Raises:
        UsageError: a path does not exist, or a setting is none.
        NoArticles: the paths hold no file to read.
    """
    settings = settings or InputSettings()
    check_settings(settings)
    found = find(paths)
    if not found.files and not found.closed:
        where = ", ".join(str(path) for path in paths)
        endings = ", ".join(suffix for each in READERS.values() for suffix in each.suffixes)
        raise NoArticles(
            f"No article in {where}: no file of a known ending is there.",
            f"Known are {endings}, each also with .gz or .zst; or name the files themselves.",
        )
    outcomes = [outcome for path in found.files for outcome in _read(path, settings)]
    articles, duplicates = _distinct(outcome for outcome in outcomes if isinstance(outcome, Article))
    unread = [*found.closed, *(outcome for outcome in outcomes if isinstance(outcome, Unread))]
    unread.sort(key=lambda item: item.name)
    return Inputs(articles, tuple(unread), duplicates, tuple(sorted(found.passed_over)))


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
    outcomes = _read(Path(path), settings)
    for outcome in outcomes:
        if isinstance(outcome, Unread):
            raise outcome.error
        if len(outcomes) == 1:
            return outcome
    raise UnreadableArticle(f"{name_of(Path(path))} holds {len(outcomes)} articles, not one.", "Name one article.")


def check_settings(settings: InputSettings) -> None:
    """Find out before the work whether the settings can be used.

    Raises:
        UsageError: one is wrong.
    """
    if settings.encoding is not None:
        check_encoding(settings.encoding)
    check_format(settings.format)
    parse_columns(settings.columns)


def _read(path: Path, settings: InputSettings) -> list[Article | Unread]:
    name = name_of(path)
    fmt = reader_format(path, settings.format)
    try:
        data = contents(path, fmt.most_bytes)
        return list(fmt.reader(name).read(data, Source(name, str(path), settings)))
    except ArticleError as error:
        return [Unread(name, error)]


def _distinct(articles: Iterable[Article]) -> tuple[tuple[Article, ...], tuple[tuple[str, str], ...]]:
    kept: dict[str, Article] = {}
    duplicates: list[tuple[str, str]] = []
    for article in sorted(articles, key=lambda item: (item.name, item.id)):
        first = kept.setdefault(article.id, article)
        if first is not article:
            duplicates.append((article.name, first.name))
    return tuple(sorted(kept.values(), key=lambda item: (item.name, item.id))), tuple(duplicates)
