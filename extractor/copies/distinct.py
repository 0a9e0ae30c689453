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


class _Copied(NamedTuple):
    """A copy, and what it is one of."""

    copy: Repeat
    original: Original


class Noted:
    """Which articles are copies, and of which; these are exact, they differ in white space and typography at most.

    `repeats`, which may grow, are those whose text is the very same. They may be of an article that is a copy itself.
    """

    def __init__(self, repeats: list[Repeat]) -> None:
        self._repeats = repeats
        self._seen = Seen()
        self._originals: dict[str, Original] = {}
        self._noted: list[_Copied] = []

    @property
    def copies(self) -> dict[str, tuple[Copy, ...]]:
        """The copies of every article that has any, by its id, in the order of their names."""
        found: defaultdict[str, list[Copy]] = defaultdict(list)
        for copy, original in self._all():
            told = Copy(name=copy.name, text_sha256=copy.sha256, similarity=original.similarity, metadata=copy.metadata)
            found[original.id].append(told)
        return {article: tuple(copies) for article, copies in found.items()}

    @property
    def duplicates(self) -> list[tuple[str, str]]:
        """The name of every copy with that of the article that is read instead."""
        return [(copy.name, original.name) for copy, original in self._all()]

    def first(self, key: str, id: str, name: str) -> Original | None:  # noqa: A002 - the field's name
        """The article with this key, see `normal_form`, that was met before; None where it is met now."""
        first = self._seen.first(key, f"{id} {name}")
        return None if first is None else self._original(*first.split(" ", 1))

    def note(self, copy: Repeat, original: Original) -> None:
        """Note a copy."""
        self._originals[copy.id] = original
        self._noted.append(_Copied(copy, original))

    def _all(self) -> list[_Copied]:
        repeats = (_Copied(each, self._original(each.id, each.first)) for each in self._repeats)
        return sorted([*self._noted, *repeats], key=lambda noted: (noted.copy.name, noted.copy.sha256))

    def _original(self, id: str, name: str) -> Original:  # noqa: A002 - the field's name
        return self._originals.get(id) or Original(id, name, 1.0)


class Distinct:
    """The articles of a stream without copies, iterated once; of several that are alike, the first of the stream.

    Near copies are looked for, beside exact ones, where a threshold is given. `copies` and `duplicates` are whole when
    all have been taken.

    Raises:
        MissingExtra: what near copies are looked for with is not installed.
    """

    def __init__(self, stream: ArticleStream, near: float | None = None) -> None:
        self._stream = stream
        self._similar = None if near is None else Similar(near)
        self._outcomes = self._distinct()
        self._noted = Noted(stream.repeats)

    def __iter__(self) -> Iterator[Article | Unread]:
        """The articles that are left, and for what cannot be read the reason."""
        return self._outcomes

    @property
    def copies(self) -> dict[str, tuple[Copy, ...]]:
        """See `Noted.copies`."""
        return self._noted.copies

    @property
    def duplicates(self) -> list[tuple[str, str]]:
        """See `Noted.duplicates`."""
        return self._noted.duplicates

    def _distinct(self) -> Iterator[Article | Unread]:
        with nullcontext() if self._similar is None else self._similar.kept():
            for outcome in self._stream:
                original = self._found(outcome) if isinstance(outcome, Article) else None
                if original is None or not isinstance(outcome, Article):
                    yield outcome
                else:
                    repeat = Repeat(outcome.name, original.name, outcome.id, outcome.sha256, outcome.metadata)
                    self._noted.note(repeat, original)

    def _found(self, article: Article) -> Original | None:
        normal, key = normal_form(article.text)
        original = self._noted.first(key, article.id, article.name)
        if original is not None or self._similar is None:
            return original
        return self._similar.original(article, normal)


def normal_form(text: str) -> tuple[str, str]:
    """A text without what exact copies may differ in, and the key that tells by it which are: hexadecimal digits."""
    normal = normalise(text).strip()
    return normal, hashlib.sha256(normal.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


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
