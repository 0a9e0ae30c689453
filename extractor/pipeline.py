"""One article, from its text to its records; a pure function but for the model's answers."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.assembly import assemble
from extractor.dates import find_anchor, find_published
from extractor.errors import ExtractorError, UnusableAnswer
from extractor.prompt import Prompt
from extractor.providers.base import Model
from extractor.readers import Article
from extractor.recordings import RecordedModel
from extractor.review import Review
from extractor.schema.output import ArticleReport, Calls, Failure, Usage
from extractor.schema.records import Record, Rejection
from extractor.verification import Verifier

DEFAULT_REASKS = 1
NO_CALLS = Calls(replayed=0, live=0, usage=Usage(input_tokens=None, output_tokens=None))


@dataclass(frozen=True, slots=True)
class ArticleResult:
    """What became of one article; `error` where it failed."""

    report: ArticleReport
    records: tuple[Record, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    error: ExtractorError | None = None


async def extract_article(
    article: Article, model: Model, prompt: Prompt, *, reasks: int = DEFAULT_REASKS
) -> ArticleResult:
    """Read one article with a model and hold the answer against the text.

    An error that concerns this article, or the model, is part of the result and raises nothing.
    """
    from extractor.conversation import converse

    verifier = Verifier(article.text)
    review = Review(verifier)
    calls, error = await converse(model, prompt, article, review, reasks=reasks)
    # A recorded answer that is none is no reason not to ask again.
    recorded_none = isinstance(error, UnusableAnswer) and calls.replayed > 0 and not calls.live
    if recorded_none and isinstance(model, RecordedModel) and model.ask_anew(article.id):
        review = Review(verifier)
        calls, error = await converse(model, prompt, article, review, reasks=reasks)
    if error is not None:
        return failed(article, error, calls)
    entry = _report(article, calls)
    records, rejected = assemble(article.id, verifier, review, entry.anchor)
    return ArticleResult(entry, tuple(records), tuple(rejected))


def failed(article: Article, error: ExtractorError, calls: Calls = NO_CALLS) -> ArticleResult:
    """The result of an article that could not be done."""
    failure = Failure(kind=error.kind, message=error.message)
    entry = _report(article, calls).model_copy(update={"outcome": "failed", "failure": failure})
    return ArticleResult(entry, error=error)


def _report(article: Article, calls: Calls) -> ArticleReport:
    return ArticleReport(
        id=article.id,
        name=article.name,
        encoding=article.encoding,
        text=article.text,
        published=find_published(article.text),
        anchor=find_anchor(article.text),
        outcome="done",
        failure=None,
        calls=calls,
    )
