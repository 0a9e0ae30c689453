"""What reading gives: articles, and what could not be read.

An article's identity is its text: `id` is made from it, so the same text under two names is one article and
two texts under one name are two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from extractor.errors import ArticleError, UnreadableArticle
from extractor.schema.articles import ArticleMetadata
from extractor.schema.output import Copy

# Characters of the longest article: a fat book's. Beyond it stands a file that was given by mistake.
LONGEST_ARTICLE = 2_000_000


@dataclass(frozen=True, slots=True)
class Article:
    """A news article: its name and its text.

    `text` is that of a plain text file as it stands, line ends included, and of any other what its reader makes of it;
    all offsets count its Unicode code points. `source` is the path it was read from; it serves messages and never
    reaches the output. `metadata` is what the file says of the article besides its text. `sha256` is the hash of the
    text in UTF-8, in hexadecimal digits.
    """

    name: str
    text: str = field(repr=False)
    encoding: str = "utf-8"
    source: str = field(default="", compare=False)
    metadata: ArticleMetadata = field(default_factory=ArticleMetadata, compare=False)
    sha256: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
        object.__setattr__(self, "sha256", digest)

    @property
    def id(self) -> str:
        """The article's stable id, made from its text alone."""
        return f"art-{self.sha256[:12]}"


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or a row of one, that was asked for and cannot be an article, with the reason."""

    name: str
    error: ArticleError


@dataclass(frozen=True, slots=True)
class Repeat:
    """An article whose text has been met before, under the name `first`; its own text is not kept."""

    name: str
    first: str
    id: str
    sha256: str
    metadata: ArticleMetadata


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was found in the paths given: articles by name and id, files that failed, files passed over.

    `duplicates` pairs the name of a file with that of the article whose text it repeats. `copies` are the same, and
    others that were looked for, by the id of the article that is read.
    """

    articles: tuple[Article, ...]
    unread: tuple[Unread, ...]
    duplicates: tuple[tuple[str, str], ...]
    passed_over: tuple[str, ...]
    copies: Mapping[str, tuple[Copy, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InputSettings:
    """How files are read.

    `encoding` is that of files that are neither UTF-8 nor marked by a byte order mark; None guesses it. `format` is
    that of files whose ending does not tell. `columns` are those of rows by what they hold, "text=body,id=doc"; what it
    does not name is found by the usual names.
    """

    encoding: str | None = None
    format: str | None = None
    columns: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is being read: its name for messages and articles, its path, and how to read it."""

    name: str
    path: str
    settings: InputSettings

    def article(self, text: str, encoding: str = "utf-8", **more: str | None) -> Article:
        """The article that the file is; `more` is its metadata.

        Raises:
            UnreadableArticle: the text is blank or longer than `LONGEST_ARTICLE`.
        """
        return self.part(self.name, text, encoding, **more)

    def part(self, name: str, text: str, encoding: str = "utf-8", **more: str | None) -> Article:
        """An article of the file, under a name of its own.

        Raises:
            UnreadableArticle: the text is blank or longer than `LONGEST_ARTICLE`.
        """
        if not text.strip():
            raise UnreadableArticle(f"{name} is empty.", "Remove it, or put the article's text into it.")
        if len(text) > LONGEST_ARTICLE:
            raise too_long(name, f"{len(text):,} characters")
        return Article(name, text, encoding, self.path, ArticleMetadata(**{key: clean(more[key]) for key in more}))


def clean(text: str | None) -> str | None:
    """A value of metadata as one line without space around it, or None where nothing is left."""
    return " ".join(text.split()) or None if text else None


def headed(title: str | None, body: str) -> str:
    """An article's text under its headline, unless that stands there already."""
    title = clean(title)
    begins = " ".join(body[: 2 * len(title)].split()).startswith(title) if title else True
    return body if begins or not body.strip() else f"{title}\n\n{body}"


def well_formed(text: str) -> str:
    """The text with what is no character, lone surrogates and NUL, as U+FFFD."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\x00", "\ufffd")


def too_long(name: str, size: str, limit: str = f"{LONGEST_ARTICLE:,} characters") -> UnreadableArticle:
    """The error of what is longer than anything meant to be read."""
    return UnreadableArticle(f"{name} is too long: {size}, and the limit is {limit}.", "Split it into its articles.")
