"""One article's checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pydantic_core

from extractor.assembly import assemble
from extractor.dates import find_anchor, find_published
from extractor.errors import Fault
from extractor.merging import merged
from extractor.readers import Article
from extractor.review import Review, problems_text
from extractor.schema.records import AnyRecord, Rejection
from extractor.schema.spans import DateAnchor
from extractor.verification import Verifier


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an article, in characters of its text; parts that are asked about anew have a new number."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of an answer: how many records are `kept` so far, how many are `doubtful` and so asked for again.

    `problems` is what is wrong with these as the re-ask shows it, `feedback` a line for each problem.
    """

    kept: int
    doubtful: int
    problems: str
    feedback: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assembled:
    """What an article's answers came to, and the dates of the article itself."""

    records: tuple[AnyRecord, ...]
    rejected: tuple[Rejection, ...]
    published: DateAnchor | None
    anchor: DateAnchor | None


class FaultMet(Exception):
    """A fault of this tool was met at an article, in another process."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Checks(Protocol):
    """The checks of one article, wherever they are made."""

    async def examine(self, part: Part, answer: str) -> Examined | None:
        """Examine an answer about a part, JSON text; None where it is no answer.

        Answers about one part come one after the other: each takes the place of what was doubtful before.

        Raises:
            Fault: the process that examined it died.
            UsageError: there is no process for it.
        """
        ...

    async def assemble(self, parts: Sequence[Part]) -> Assembled:
        """What the answers about these parts came to.

        Raises:
            Fault: the process that was at it died.
            UsageError: there is no process for it.
        """
        ...


class ArticleChecks:
    """The checks of one article."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._verifier = Verifier(article.text)
        self._reviews: dict[Part, Review] = {}

    def examine(self, part: Part, answer: str) -> Examined | None:
        """See `Checks.examine`."""
        try:
            content = pydantic_core.from_json(answer)
        except ValueError:
            return None
        if not Review.is_answer(content):
            return None
        review = self._review(part)
        try:
            review.examine(content)
        except (ValueError, AssertionError) as error:
            # As it is, it would be taken for the answer's fault, and the model asked again.
            raise RuntimeError("an answer could not be reviewed") from error
        return Examined(len(review.kept), len(review.doubtful), problems_text(review.doubtful), review.feedback)

    def assemble(self, parts: Sequence[Part]) -> Assembled:
        """See `Checks.assemble`."""
        article, reviews = self._article, [self._review(part) for part in parts]
        for review in reviews:
            review.close()
        anchor = find_anchor(article.text, article.metadata.published)
        records, rejected = assemble(article.id, self._verifier, merged(self._verifier, reviews), anchor)
        published = find_published(article.text, article.metadata.published)
        return Assembled(tuple(records), tuple(rejected), published, anchor)  # type: ignore[arg-type]

    def _review(self, part: Part) -> Review:
        if part not in self._reviews:
            whole = (part.start, part.end) == (0, len(self._article.text))
            verifier = self._verifier if whole else self._verifier.within(part.start, part.end)
            self._reviews[part] = Review(verifier)
        return self._reviews[part]


class LocalChecks:
    """The checks of one article, made in this process."""

    def __init__(self, article: Article) -> None:
        self._checks = ArticleChecks(article)

    async def examine(self, part: Part, answer: str) -> Examined | None:
        """See `Checks.examine`."""
        return self._checks.examine(part, answer)

    async def assemble(self, parts: Sequence[Part]) -> Assembled:
        """See `Checks.assemble`."""
        return self._checks.assemble(parts)
