"""Files and folders to articles: decoding, and what is no article.

An article's identity is its text: `id` is made from it, so the same text under two names is one article and
two texts under one name are two.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extractor.decoding import check_encoding, decode
from extractor.errors import ArticleError, NoArticles, UnreadableArticle, UsageError

# Characters of the longest article: a fat book's. Beyond it stands a file that was given by mistake.
LONGEST_ARTICLE = 2_000_000
# UTF-32 takes four bytes a code point, and a byte order mark one more.
_MOST_BYTES = 4 * LONGEST_ARTICLE + 4
_SUFFIXES = {".txt", ".text"}


@dataclass(frozen=True, slots=True)
class Article:
    """A news article: its name and its text.

    `text` is the file's text as it stands, line ends included; all offsets count its Unicode code points.
    `source` is the path it was read from; it serves messages and never reaches the output.
    """

    name: str
    text: str
    encoding: str = "utf-8"
    source: str = field(default="", compare=False)

    @property
    def id(self) -> str:
        """The article's stable id, made from its text alone."""
        return "art-" + hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that was asked for and cannot be an article, with the reason."""

    name: str
    error: ArticleError


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was found in the paths given: articles by name and id, files that failed, files passed over.

    `duplicates` pairs the name of a file with that of the article whose text it repeats.
    """

    articles: tuple[Article, ...]
    unread: tuple[Unread, ...]
    duplicates: tuple[tuple[str, str], ...]
    passed_over: tuple[str, ...]


def read_articles(paths: Sequence[str | Path], *, encoding: str | None = None) -> Inputs:
    """Read files and folders into articles, sorted by name and id.

    Folders are searched for `.txt` and `.text` files at any depth, hidden ones left out; a file named outright
    is read whatever its suffix. A file that cannot be read is listed in `unread` and costs no other. `encoding` is
    that of files that are neither UTF-8 nor marked by a byte order mark; without it, it is guessed.

    Raises:
        UsageError: a path does not exist, or there is no such encoding.
        NoArticles: the paths hold no file to read.
    """
    if encoding is not None:
        check_encoding(encoding)
    found = _find(paths)
    if not found.files and not found.closed:
        where = ", ".join(str(path) for path in paths)
        raise NoArticles(
            f"No article in {where}: no .txt file is there.",
            "Name a folder with .txt files, or the files themselves.",
        )
    outcomes = [_read_or_fail(path, encoding) for path in found.files]
    articles, duplicates = _distinct(outcome for outcome in outcomes if isinstance(outcome, Article))
    unread = [*found.closed, *(outcome for outcome in outcomes if isinstance(outcome, Unread))]
    unread.sort(key=lambda item: item.name)
    return Inputs(articles, tuple(unread), duplicates, tuple(sorted(found.passed_over)))


def name_of(path: Path) -> str:
    """A file's name as text: bytes that are not UTF-8 are shown as U+FFFD."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def is_among(file: Path, paths: Sequence[str | Path]) -> bool:
    """Whether a file is one of those that `read_articles` would read from these paths."""
    resolved = file.resolve()
    if not resolved.is_file():
        return False
    return any(resolved == Path(path).resolve() for path in _find(paths).files)


def read_article(path: str | Path, *, encoding: str | None = None) -> Article:
    """Read one file as an article.

    A byte order mark decides; without one UTF-8 is tried, then `encoding`, or where that is None what the bytes look
    like (Latin-1, Windows code pages, UTF-16 without a mark ...).

    Raises:
        UsageError: there is no such encoding.
        UnreadableArticle: the file is missing, empty, binary, longer than `LONGEST_ARTICLE`, or no text.
    """
    if encoding is not None:
        check_encoding(encoding)
    path = Path(path)
    text, used = decode(_bytes_of(path), name_of(path), encoding)
    if not text.strip():
        raise UnreadableArticle(f"{name_of(path)} is empty.", "Remove it, or put the article's text into it.")
    if len(text) > LONGEST_ARTICLE:
        raise _too_long(name_of(path), f"{len(text):,} characters")
    return Article(name_of(path), text, used, str(path))


@dataclass(slots=True)
class _Found:
    """The files to read, each once; folders that cannot be searched; names of files that are no text files."""

    files: list[Path] = field(default_factory=list)
    closed: list[Unread] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def _find(paths: Sequence[str | Path]) -> _Found:
    found = _Found()
    for path in map(Path, paths):
        _refuse_missing(path)
        if not path.is_dir():
            found.files.append(path)
            continue
        for file in _walk(path, found.closed):
            if file.suffix.lower() in _SUFFIXES:
                found.files.append(file)
            else:
                found.passed_over.append(name_of(file))
    found.files = list({os.path.abspath(file): file for file in found.files}.values())
    return found


def _refuse_missing(path: Path) -> None:
    try:
        path.lstat()
    except FileNotFoundError:
        advice = "Check the spelling; paths are relative to this folder."
        raise UsageError(f"No such file or folder: {path}", advice) from None
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {_reason(error)}.", "Check the path and its permissions.") from error


def _walk(folder: Path, closed: list[Unread]) -> Iterator[Path]:
    def note(error: OSError) -> None:
        name = name_of(Path(error.filename))
        message = f"The folder {name} cannot be read: {_reason(error)}."
        closed.append(Unread(name, UnreadableArticle(message, "Check its permissions.")))

    for parent, folders, names in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, name) for name in sorted(names) if not name.startswith("."))


def _read_or_fail(path: Path, encoding: str | None) -> Article | Unread:
    try:
        return read_article(path, encoding=encoding)
    except ArticleError as error:
        return Unread(name_of(path), error)


def _bytes_of(path: Path) -> bytes:
    try:
        if not path.exists():
            raise UnreadableArticle(
                f"{name_of(path)} is a link to a file that does not exist.", "Mend or remove the link."
            )
        if not path.is_file():
            raise UnreadableArticle(f"{name_of(path)} is not a regular file.", "Name a text file.")
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise _too_long(name_of(path), f"{size:,} bytes")
        return path.read_bytes()
    except OSError as error:
        message = f"{name_of(path)} cannot be read: {_reason(error)}."
        raise UnreadableArticle(message, "Check its permissions.") from error


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _too_long(name: str, size: str) -> UnreadableArticle:
    return UnreadableArticle(
        f"{name} is too long: {size}, and the limit is {LONGEST_ARTICLE:,} characters.",
        "Split it into its articles.",
    )


def _distinct(articles: Iterable[Article]) -> tuple[tuple[Article, ...], tuple[tuple[str, str], ...]]:
    kept: dict[str, Article] = {}
    duplicates: list[tuple[str, str]] = []
    for article in sorted(articles, key=lambda item: (item.name, item.id)):
        first = kept.setdefault(article.id, article)
        if first is not article:
            duplicates.append((article.name, first.name))
    return tuple(sorted(kept.values(), key=lambda item: (item.name, item.id))), tuple(duplicates)
