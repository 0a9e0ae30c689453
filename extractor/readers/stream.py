"""Paths to articles one by one, as they are read: none is kept, however many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeGuard

from extractor.decoding import check_encoding
from extractor.errors import ArticleError, NoArticles, UnreadableArticle
from extractor.readers.article import Article, InputSettings, Repeat, Source, Unread
from extractor.readers.columns import parse_columns
from extractor.readers.contents import opened
from extractor.readers.counting import expected_in
from extractor.readers.finding import STDIN, Found, find, name_of
from extractor.readers.formats import READERS, check_format, reader_format
from extractor.readers.outputs import OwnOutput
from extractor.readers.seen import Seen


class ArticleStream:
    """The articles of files, and what cannot be one, iterated once.

    The order is that of the files' names, then of their paths, and within a file its own. A text that was met before
    is not given again. `repeats`, what was not, and `passed_over`, the names of files that are no articles, grow as
    they are met.
    """

    def __init__(self, found: Found, settings: InputSettings) -> None:
        self.found = found
        self._settings = settings
        self._outcomes = self._distinct()
        self.repeats: list[Repeat] = []
        self.passed_over = sorted(found.passed_over)

    def __iter__(self) -> Iterator[Article | Unread]:
        """The articles that are left, and for what cannot be read the reason."""
        return self._outcomes

    @property
    def duplicates(self) -> list[tuple[str, str]]:
        """The name of every repeat so far with that of the article whose text it has."""
        return [(repeat.name, repeat.first) for repeat in self.repeats]

    @cached_property
    def expected(self) -> int | None:
        """How many articles and failures there will be, duplicates included; None where it takes reading to know."""
        counted = expected_in(self.found.files, self._settings)
        return None if counted is None else counted + len(self.found.closed)

    def _distinct(self) -> Iterator[Article | Unread]:
        seen = Seen()
        for outcome in self._all():
            if not isinstance(outcome, Article):
                yield outcome
                continue
            first = seen.first(outcome.id.removeprefix("art-"), outcome.name)
            if first is None:
                yield outcome
            else:
                self.repeats.append(Repeat(outcome.name, first, outcome.id, outcome.sha256, outcome.metadata))

    def _all(self) -> Iterator[Article | Unread]:
        yield from self.found.closed
        given, outputs = bool(self.found.closed), list[Unread]()
        for path in self.found.files:
            for outcome in outcomes_of(path, self._settings):
                if _is_output(outcome) and path in self.found.met:
                    self.passed_over.append(outcome.name)
                    outputs.append(outcome)
                else:
                    given = True
                    yield outcome
        # Where there is nothing else, it is said why.
        yield from () if given else outputs


def stream_articles(paths: Sequence[str | Path], settings: InputSettings | None = None) -> ArticleStream:
    """Read files, folders, globs and standard input (`-`) into articles, one by one.

    Folders are searched for files of every known ending at any depth, hidden ones left out; outputs of this tool in
    them are passed over. A file named outright is read whatever its ending, as plain text where that tells nothing. A
    file, or a row of one, that cannot be read is given as `Unread` and costs no other; where a file is damaged in the
    middle, what stands before comes first.

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
    return ArticleStream(found, settings)


def check_settings(settings: InputSettings) -> None:
    """Find out before the work whether the settings can be used.

    Raises:
        UsageError: one is wrong.
    """
    if settings.encoding is not None:
        check_encoding(settings.encoding)
    check_format(settings.format)
    parse_columns(settings.columns)


def outcomes_of(path: Path, settings: InputSettings) -> Iterator[Article | Unread]:
    """The articles of one file as they are read, and what cannot be read of it."""
    name, count = name_of(path), 0
    fmt = reader_format(path, settings.format)
    try:
        reader = fmt.reader(name)
        with opened(path, fmt.most_bytes) as file:
            for outcome in reader.read(file, Source(name, str(path), settings)):
                yield outcome
                count += 1
    except ArticleError as error:
        yield Unread(name, _behind(count, error) if count else error)


def is_among(file: Path, paths: Sequence[str | Path]) -> bool:
    """Whether a file is one of those that would be read from these paths; an output in a folder would not."""
    resolved = file.resolve()
    if not resolved.is_file():
        return False
    found = find(paths)
    same = [path for path in found.files if path != STDIN and resolved == path.resolve()]
    return any(path not in found.met or not _is_output(next(outcomes_of(path, InputSettings()))) for path in same)


def _is_output(outcome: Article | Unread) -> TypeGuard[Unread]:
    return isinstance(outcome, Unread) and isinstance(outcome.error, OwnOutput)


def _behind(count: int, error: ArticleError) -> UnreadableArticle:
    """The error of a file of which some has been read."""
    read = "The row before it was" if count == 1 else f"The {count:,} rows before it were"
    return UnreadableArticle(f"{error.message} {read} read.", error.advice)
