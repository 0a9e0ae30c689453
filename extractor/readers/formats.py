"""Which inputs there are, by name and by ending; a new one is a row here and a module beside it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

from extractor.errors import UnreadableArticle, UsageError
from extractor.readers.article import LONGEST_ARTICLE, Article, Source, Unread

# UTF-32 takes four bytes a code point, and a byte order mark one more.
ARTICLE_BYTES = 4 * LONGEST_ARTICLE + 4
_DOCUMENT = 64 * 2**20


class Reader(Protocol):
    """The module of a format."""

    def read(self, file: IO[bytes], source: Source) -> Iterator[Article | Unread]:
        """The articles of a file, in its order, as they are read; rows that are none are among them.

        Raises:
            UnreadableArticle: the file as a whole, or what is left of it, cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class ReaderFormat:
    """A format: its endings, its module and the extra that it needs.

    A file that is one article is read whole, and may have `most_bytes`; of rows, where that is None, there may be any
    number, and they are read as a stream.
    """

    name: str
    suffixes: tuple[str, ...]
    module: str
    extra: str = ""
    most_bytes: int | None = ARTICLE_BYTES

    def reader(self, name: str) -> Reader:
        """The format's module, for the file of this name.

        Raises:
            UnreadableArticle: what it is read with is not installed.
        """
        return cast(Reader, imported(f"extractor.readers.{self.module}", name, self.extra))


READERS = {
    each.name: each
    for each in (
        ReaderFormat("txt", (".txt", ".text"), "plain_text"),
        ReaderFormat("md", (".md", ".markdown"), "markdown"),
        ReaderFormat("html", (".html", ".htm", ".xhtml"), "html", "html", _DOCUMENT),
        ReaderFormat("pdf", (".pdf",), "pdf", "pdf", _DOCUMENT),
        ReaderFormat("jsonl", (".jsonl", ".ndjson"), "json_lines", "", None),
        ReaderFormat("csv", (".csv", ".tsv"), "csv_rows", "", None),
        ReaderFormat("parquet", (".parquet",), "parquet", "parquet", None),
    )
}
COMPRESSED = {".gz": "gzip", ".zst": "zstandard"}


def known_suffix(path: Path) -> ReaderFormat | None:
    """The format of a file's ending, looking through that of its compression; None where there is none."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return next((each for each in READERS.values() if suffixes and suffixes[-1] in each.suffixes), None)


def reader_format(path: Path, name: str | None) -> ReaderFormat:
    """The format of a file: that of its ending, else the one of this name, else plain text."""
    return known_suffix(path) or READERS[name or "txt"]


def check_format(name: str | None) -> None:
    """Refuse a format that is none.

    Raises:
        UsageError: there is no such format.
    """
    if name is not None and name not in READERS:
        raise UsageError(f"{name!r} is no format of articles.", f"Formats are: {', '.join(READERS)}.")


def imported(module: str, name: str, extra: str) -> object:
    """A module that needs an extra, for the file of this name.

    Raises:
        UnreadableArticle: the extra is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if not extra or (error.name or "").startswith("extractor"):
            raise
        raise UnreadableArticle(
            f"{name} cannot be read without {error.name}, which is not installed.",
            f"Install it: pip install 'event-extractor[{extra}]'.",
        ) from error
