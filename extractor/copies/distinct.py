"""A stage between reading and asking: articles go through, but for copies, which are noted."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

from extractor.copies.similar import Original, Similar
from extractor.grounding import normalise
from extractor.readers import Article, ArticleStream, Inputs, InputSettings, Unread, gathered, stream_articles
from extractor.readers.article import Repeat
from extractor.readers.seen import Seen
from extractor.schema.output import Copy

# Hexadecimal digits of a hash: that two of ten million articles share them has a chance of 1 in 20,000.
_DIGITS = 15


class _Noted(NamedTuple):
    """A copy, and what it is one of."""

    copy: Repeat
    original: Original


class Distinct:
    """The articles of a stream without copies, iterated once; of several that are alike, the first of the stream.

    Exact copies differ in white space and typography at most; near ones are looked for where a threshold is given.
    `copies` and `duplicates` are whole when all have been taken.

    Raises:
        MissingExtra: what near copies are looked for with is not installed.
    """

    def __init__(self, stream: ArticleStream, near: float | None = None) -> None:
        self._stream = stream
        self._similar = None if near is None else Similar(near)
        self._outcomes = self._distinct()
        self._originals: dict[str, Original] = {}
        self._noted: list[_Noted] = []

    def __iter__(self) -> Iterator[Article | Unread]:
        """The articles that are left, and for what cannot be read the reason."""
        return self._outcomes

    @property
    def copies(self) -> dict[str, tuple[Copy, ...]]:
        """The copies of every article that has any, by its id, in the order of their names."""
        found: defaultdict[str, list[Copy]] = defaultdict(list)
        for copy, original in self._all_noted():
            told = Copy(name=copy.name, text_sha256=copy.sha256, similarity=original.similarity, metadata=copy.metadata)
            found[original.id].append(told)
        return {article: tuple(copies) for article, copies in found.items()}

    @property
    def duplicates(self) -> list[tuple[str, str]]:
        """The name of every copy with that of the article that is read instead."""
        return [(copy.name, original.name) for copy, original in self._all_noted()]

    def _all_noted(self) -> list[_Noted]:
        """What this stage noted, and the repeats of the stream: these may be of an article that is a copy itself."""
        repeats = (_Noted(each, self._original(each.id, each.first)) for each in self._stream.repeats)
        return sorted([*self._noted, *repeats], key=lambda noted: (noted.copy.name, noted.copy.sha256))

    def _original(self, id: str, name: str) -> Original:  # noqa: A002 - the field's name
        return self._originals.get(id) or Original(id, name, 1.0)

    def _distinct(self) -> Iterator[Article | Unread]:
        seen = Seen()
        with nullcontext() if self._similar is None else self._similar.kept():
            for outcome in self._stream:
                original = self._found(outcome, seen) if isinstance(outcome, Article) else None
                if original is None or not isinstance(outcome, Article):
                    yield outcome
                else:
                    self._note(outcome, original)

    def _note(self, article: Article, original: Original) -> None:
        self._originals[article.id] = original
        copy = Repeat(article.name, original.name, article.id, article.sha256, article.metadata)
        self._noted.append(_Noted(copy, original))

    def _found(self, article: Article, seen: Seen) -> Original | None:
        normal = normalise(article.text).strip()
        key = hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
        first = seen.first(key, f"{article.id} {article.name}")
        if first is not None:
            return self._original(*first.split(" ", 1))
        return self._similar.original(article, normal) if self._similar is not None else None


def distinct(stream: ArticleStream, near: float | None = None) -> Distinct:
    """The articles of a stream without copies; with `near`, without those that are at least so similar either.

    Raises:
        MissingExtra: what near copies are looked for with is not installed.
    """
    return Distinct(stream, near)


def read_distinct(
    paths: Sequence[str | Path], settings: InputSettings | None = None, near: float | None = None
) -> Inputs:
    """All articles of the paths without copies, sorted by name and id; see `extractor.readers.stream_articles`.

    Raises:
        UsageError: a path does not exist, or a setting is none.
        NoArticles: the paths hold no file to read.
        MissingExtra: what near copies are looked for with is not installed.
    """
    stream = stream_articles(paths, settings)
    found = distinct(stream, near)
    articles, unread = gathered(found)
    return Inputs(articles, unread, tuple(found.duplicates), tuple(sorted(stream.passed_over)), found.copies)
