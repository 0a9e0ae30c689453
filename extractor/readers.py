"""Files and folders to articles: decoding, and what is no article.

An article's identity is its text: `id` is made from it, so the same text under two names is one article and
two texts under one name are two.
"""

from __future__ import annotations

import codecs
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extractor.errors import ArticleError, NoArticles, UnreadableArticle, UsageError

DEFAULT_MAX_CHARS = 200_000
# UTF-32 takes four bytes a code point: a file beyond this cannot hold an article within the limit.
_MAX_BYTES_PER_CHAR = 4
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
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


def read_articles(paths: Sequence[str | Path], *, max_chars: int = DEFAULT_MAX_CHARS) -> Inputs:
    """Read files and folders into articles, sorted by name and id.

    Folders are searched for `.txt` and `.text` files at any depth, hidden ones left out; a file named outright
    is read whatever its suffix. A file that cannot be read is listed in `unread` and costs no other.

    Raises:
        UsageError: a path does not exist.
        NoArticles: the paths hold no file to read.
    """
    files, passed_over = _find(paths)
    if not files:
        where = ", ".join(str(path) for path in paths)
        raise NoArticles(
            f"No article in {where}: no .txt file is there.",
            "Name a folder with .txt files, or the files themselves.",
        )
    outcomes = [_read_or_fail(path, max_chars) for path in files]
    articles, duplicates = _distinct(outcome for outcome in outcomes if isinstance(outcome, Article))
    unread = sorted((outcome for outcome in outcomes if isinstance(outcome, Unread)), key=lambda item: item.name)
    return Inputs(articles, tuple(unread), duplicates, tuple(sorted(passed_over)))


def read_article(path: str | Path, *, max_chars: int = DEFAULT_MAX_CHARS) -> Article:
    """Read one file as an article.

    UTF-8 is tried first, then a byte order mark, then what the bytes look like (Latin-1, Windows code pages,
    UTF-16 without a mark ...).

    Raises:
        UnreadableArticle: the file is missing, empty, binary, longer than `max_chars` code points, or no text.
    """
    path = Path(path)
    text, encoding = decode(_bytes_of(path, max_chars), path.name)
    if not text.strip():
        raise UnreadableArticle(f"{path.name} is empty.", "Remove it, or put the article's text into it.")
    if len(text) > max_chars:
        raise _too_long(path.name, f"{len(text):,} characters", max_chars)
    return Article(path.name, text, encoding, str(path))


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Bytes to text, with the encoding that was used.

    Raises:
        UnreadableArticle: the bytes are no text.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data, "utf-8-sig" if encoding == "utf-8" else encoding, name), encoding
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(data, name)
    if "\x00" in text:
        return _guess(data, name)
    return text, "utf-8"


def _find(paths: Sequence[str | Path]) -> tuple[list[Path], list[str]]:
    """The files to read, each once, and the names of files in folders that are no text files."""
    files: dict[str, Path] = {}
    passed_over: list[str] = []
    for path in map(Path, paths):
        if not path.exists() and not path.is_symlink():
            raise UsageError(
                f"No such file or folder: {path}", "Check the spelling; paths are relative to this folder."
            )
        for file in _walk(path) if path.is_dir() else [path]:
            if path.is_dir() and file.suffix.lower() not in _SUFFIXES:
                passed_over.append(file.name)
            else:
                files.setdefault(os.path.abspath(file), file)
    return list(files.values()), passed_over


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise UsageError(f"Cannot read the folder {error.filename}: {error.strerror}.") from error

    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, name) for name in sorted(names) if not name.startswith("."))


def _read_or_fail(path: Path, max_chars: int) -> Article | Unread:
    try:
        return read_article(path, max_chars=max_chars)
    except ArticleError as error:
        return Unread(path.name, error)


def _bytes_of(path: Path, max_chars: int) -> bytes:
    try:
        if not path.exists():
            raise UnreadableArticle(f"{path.name} is a link to a file that does not exist.", "Mend or remove the link.")
        if not path.is_file():
            raise UnreadableArticle(f"{path.name} is not a regular file.", "Name a text file.")
        size = path.stat().st_size
        if size > max_chars * _MAX_BYTES_PER_CHAR + 4:
            raise _too_long(path.name, f"{size:,} bytes", max_chars)
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableArticle(f"{path.name} cannot be read: {reason}.", "Check its permissions.") from error


def _too_long(name: str, size: str, max_chars: int) -> UnreadableArticle:
    return UnreadableArticle(
        f"{name} is too long: {size}, and the limit is {max_chars:,} characters.",
        "Split it into its articles, or raise --max-chars if your model's window takes it.",
    )


def _decode_as(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableArticle(
            f"{name} begins like {encoding.removesuffix('-sig').upper()} but is not: byte {error.start} does not fit.",
            "Save it as UTF-8.",
        ) from error
    return text.removeprefix("\ufeff")


def _guess(data: bytes, name: str) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    best = None if _looks_binary(data) else from_bytes(data).best()
    if best is None or "\x00" in str(best):
        raise UnreadableArticle(f"{name} is not a text file.", "Give the article's text, saved as UTF-8.")
    return str(best), best.encoding.replace("_", "-")


def _looks_binary(data: bytes) -> bool:
    """Whether NUL bytes stand in the data otherwise than as every other byte of UTF-16."""
    nuls = data.count(0)
    if not nuls:
        return False
    return max(data[0::2].count(0), data[1::2].count(0)) < 0.95 * nuls or nuls < 0.2 * len(data)


def _distinct(articles: Iterable[Article]) -> tuple[tuple[Article, ...], tuple[tuple[str, str], ...]]:
    kept: dict[str, Article] = {}
    duplicates: list[tuple[str, str]] = []
    for article in sorted(articles, key=lambda item: (item.name, item.id)):
        first = kept.setdefault(article.id, article)
        if first is not article:
            duplicates.append((article.name, first.name))
    return tuple(sorted(kept.values(), key=lambda item: (item.name, item.id))), tuple(duplicates)
