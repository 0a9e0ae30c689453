"""One article, from its text to its records; a pure function but for the model's answers.

What is too long to be put to the model at once, or for its answer or its window, is read in parts, and what these tell
is brought together again.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Protocol, runtime_checkable

from extractor.checking import Checks, LocalChecks
from extractor.checking import Part as Place
from extractor.dates import find_anchor, find_published
from extractor.errors import (
    BudgetReached,
    ExtractorError,
    Fault,
    NotTried,
    ProviderError,
    ReplayMiss,
    TooLong,
    Truncated,
    UnusableAnswer,
    UsageError,
)
from extractor.prompt import Prompt
from extractor.providers.base import Model
from extractor.readers import Article
from extractor.schema.output import ArticleReport, Calls, Failure
from extractor.schema.records import Record, Rejection
from extractor.schema.spans import DateAnchor
from extractor.splitting import Span, halves, windows

DEFAULT_REASKS = 1
# Characters put to a model at once: long enough for nearly every news article, short enough that what a model
# writes about it stays within the usual output limits.
DEFAULT_MAX_CHARS = 30_000
# Characters below which a part is not split again: a model that cannot answer for a few paragraphs cannot do the rest.
LEAST_SPLIT = 1_500
_MOST_PARTS_NAMED = 20
# Of several parts' errors the first of these speaks for the article: what concerns every article goes before.
_GRAVEST_FIRST = (UsageError, ProviderError, ReplayMiss, BudgetReached)


@dataclass(frozen=True, slots=True)
class Reading:
    """How articles are read: re-asks, characters put to the model at once, and parameters that go with each request."""

    reasks: int = DEFAULT_REASKS
    max_chars: int = DEFAULT_MAX_CHARS
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArticleResult:
    """What became of one article; `error` where it failed, as a whole or in part."""

    report: ArticleReport
    records: tuple[Record, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    error: ExtractorError | None = None


@runtime_checkable
class AsksAnew(Protocol):
    """A model with recordings before it, which can set one aside; `RecordedModel` is one."""

    def ask_anew(self, article_id: str) -> bool:
        """Set an article's recorded answer aside; False where nobody could give another."""
        ...


class Ledger:
    """The calls about an article as they are made: what there is to tell where it is interrupted."""

    def __init__(self) -> None:
        self._conversations: list[Callable[[], Calls]] = []

    def open(self, calls: Callable[[], Calls]) -> None:
        """Add a conversation, by what tells its calls so far."""
        self._conversations.append(calls)

    def calls(self) -> Calls:
        """All calls so far."""
        return Calls.total(calls() for calls in self._conversations)


async def extract_article(  # noqa: PLR0913, PLR0917
    article: Article,
    model: Model,
    prompt: Prompt,
    reading: Reading | None = None,
    ledger: Ledger | None = None,
    checks: Checks | None = None,
) -> ArticleResult:
    """Read one article with a model and hold the answers against the text.

    An error that concerns this article, or the model, is part of the result and raises nothing. Where it concerns some
    of the article's parts alone, the others' records are there. The `ledger` tells the calls where this is cancelled.
    The `checks` are made in this process where there are no others.
    """
    checks = checks or LocalChecks(article)
    parts, calls = await _Reader(article, model, prompt, reading or Reading(), checks, ledger or Ledger()).read()
    done = [part.place for part in parts if part.error is None]
    error = _error_of(article, parts)
    if error is not None and not done:
        return failed(article, error, calls)
    try:
        found = await checks.assemble(done)
    except (Fault, UsageError) as fault:
        return failed(article, fault, calls)
    entry = _report(article, calls, found.published, found.anchor)
    if error is not None:
        entry = entry.model_copy(update={"outcome": "partial", "failure": _failure(error)})
    return ArticleResult(entry, found.records, found.rejected, error)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an article that is put to the model by itself, or the article as a whole; what became of it."""

    place: Place
    article: Article
    calls: Calls
    error: ExtractorError | None = None

    @property
    def span(self) -> Span:
        """Where it stands in the article."""
        return self.place.start, self.place.end

    @property
    def is_to_be_split(self) -> bool:
        """Whether half of it may do where the whole was too much."""
        return isinstance(self.error, Truncated | TooLong) and self.place.end - self.place.start > LEAST_SPLIT


class _Reader:
    """Reads one article, as a whole or in parts."""

    def __init__(  # noqa: PLR0913, PLR0917
        self, article: Article, model: Model, prompt: Prompt, reading: Reading, checks: Checks, ledger: Ledger
    ) -> None:
        self._article = article
        self._model = model
        self._prompt = prompt
        self._reading = reading
        self._checks = checks
        self._ledger = ledger
        self._numbers = itertools.count()
        self._asked: set[str] = set()

    async def read(self) -> tuple[list[_Part], Calls]:
        """What became of every part, in the order of the text, and all calls; some of these were for nothing."""
        settled, calls = list[_Part](), list[Calls]()
        waiting = self._parts(windows(self._article.text, self._reading.max_chars))
        while waiting:
            asked = await _together(map(self._ask, waiting))
            calls += [part.calls for part in asked]
            settled += [part for part in asked if not part.is_to_be_split]
            split = [halves(self._article.text, *part.span) for part in asked if part.is_to_be_split]
            waiting = self._parts([half for pair in split for half in pair])
        return sorted(settled, key=lambda part: part.span), calls[0] if len(calls) == 1 else Calls.total(calls)

    def _parts(self, spans: Sequence[Span]) -> list[_Part]:
        """Parts to be asked about: not blank, and none whose very words have been asked about before."""
        text, parts = self._article.text, list[_Part]()
        for start, end in [span for span in spans if not text[slice(*span)].isspace()] or spans[:1]:
            part = self._part(start, end)
            if part.article.id not in self._asked:
                self._asked.add(part.article.id)
                parts.append(part)
        return parts

    def _part(self, start: int, end: int) -> _Part:
        article, place = self._article, Place(next(self._numbers), start, end)
        if (start, end) == (0, len(article.text)):
            return _Part(place, article, Calls.none())
        name = f"{article.name}, characters {start}-{end}"
        return _Part(place, replace(article, name=name, text=article.text[start:end]), Calls.none())

    async def _ask(self, part: _Part) -> _Part:
        """Ask the model about a part; what it tells is held against the whole article."""
        asked = await self._converse(part)
        # A recorded answer that is none is no reason not to ask again, but for one that tells to split the part.
        recorded_none = isinstance(asked.error, UnusableAnswer | TooLong) and asked.calls.replayed > 0
        again = recorded_none and not asked.calls.live and not asked.is_to_be_split
        if again and isinstance(self._model, AsksAnew) and self._model.ask_anew(part.article.id):
            return await self._converse(self._part(*part.span))
        return asked

    async def _converse(self, part: _Part) -> _Part:
        from extractor.conversation import converse

        reading = self._reading
        calls, error = await converse(
            self._model,
            self._prompt,
            part.article,
            partial(self._checks.examine, part.place),
            reasks=reading.reasks,
            parameters=dict(reading.parameters),
            begun=self._ledger.open,
        )
        return replace(part, calls=calls, error=error)


async def _together(work: Iterable[Coroutine[Any, Any, _Part]]) -> list[_Part]:
    """The results of all, in their order; nothing is left running, however this ends."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _error_of(article: Article, parts: Sequence[_Part]) -> ExtractorError | None:
    """The error of an article of which parts failed: that of the gravest, and which these parts are."""
    found = [(part, part.error) for part in parts if part.error is not None]
    if not found or len(parts) == 1:
        return found[0][1] if found else None
    gravest = min((error for _, error in found), key=_gravity)
    named = [f"{part.place.start}-{part.place.end} ({error.kind})" for part, error in found[:_MOST_PARTS_NAMED]]
    if len(found) > _MOST_PARTS_NAMED:
        named.append("...")
    told = f"{len(found)} of {len(parts)} parts of {article.name} could not be done: characters {', '.join(named)}."
    error = type(gravest)(f"{gravest.message} {told}", gravest.advice, where=gravest.where)
    error.__cause__ = gravest
    return error


def _gravity(error: ExtractorError) -> int:
    """The less, the graver; of what was not tried, another error is the cause."""
    ranks = (rank for rank, kind in enumerate(_GRAVEST_FIRST) if isinstance(error, kind))
    return next(ranks, len(_GRAVEST_FIRST) + isinstance(error, NotTried))


def failed(article: Article, error: ExtractorError, calls: Calls | None = None) -> ArticleResult:
    """The result of an article that could not be done."""
    text, published = article.text, article.metadata.published
    entry = _report(article, calls or Calls.none(), find_published(text, published), find_anchor(text, published))
    return ArticleResult(entry.model_copy(update={"outcome": "failed", "failure": _failure(error)}), error=error)


def _failure(error: ExtractorError) -> Failure:
    return Failure(kind=error.kind, message=error.message)


def _report(article: Article, calls: Calls, published: DateAnchor | None, anchor: DateAnchor | None) -> ArticleReport:
    return ArticleReport(
        id=article.id,
        name=article.name,
        encoding=article.encoding,
        text=article.text,
        text_sha256=article.sha256,
        metadata=article.metadata,
        published=published,
        anchor=anchor,
        outcome="done",
        failure=None,
        calls=calls,
    )
