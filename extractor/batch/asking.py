"""A run's requests, without a run: articles go through the pipeline, and something stands in the model's place."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractor.errors import ExtractorError, Fault
from extractor.pipeline import ArticleResult, extract_article
from extractor.prompt import Prompt, digest
from extractor.providers.base import Completion, Request
from extractor.readers import Article, Inputs
from extractor.recordings import RecordedModel
from extractor.recordings.format import parts_of
from extractor.redaction import redacted
from extractor.runner import Options, resolve_ties


class NotAsked(ExtractorError):
    """A request that is for a batch to answer."""

    kind = "not_asked"


def custom_id(request: Request, model: str) -> str:
    """The id of a request in a batch: the article's, a hash over its recording's key, and the attempt.

    A re-ask's covers what it says of the answer before, and that answer. At most 64 letters, digits and signs.
    """
    parts = parts_of(request, model).model_dump(by_alias=True)
    feedback = [redacted(line) for line in request.feedback]
    key = digest([parts, request.attempt, feedback, request.messages[request.opening :]])
    return f"{request.subject.article_id}-{key}-{request.attempt}"


@dataclass
class Watched:
    """A model's recordings, which note by custom id what they answer; `anew` lets one that is no answer be set aside.

    `held` has the recorded answers about the article at hand, `seen` the ids of all, and `waiting` the ids of the
    requests that are for a batch to answer.
    """

    recorded: RecordedModel
    anew: bool = True
    held: dict[str, Completion] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """provider/model."""
        return self.recorded.name

    async def complete(self, request: Request) -> Completion:
        """Answer from a recording, or from what stands in the model's place; see `Model.complete`."""
        made = custom_id(request, self.name)
        try:
            completion = await self.recorded.complete(request)
        except NotAsked:
            self.waiting.add(made)
            raise
        if completion.replayed:
            self.held[made] = completion
            self.seen.add(made)
        return completion

    def ask_anew(self, article_id: str) -> bool:
        """Set an article's recorded answer aside; see `RecordedModel.ask_anew`."""
        return self.anew and self.recorded.ask_anew(article_id)

    async def close(self) -> None:
        """Close what stands in the model's place."""
        await self.recorded.close()


async def walk(inputs: Inputs, watched: Watched, prompt: Prompt, options: Options) -> list[tuple[str, ExtractorError]]:
    """Take articles through the pipeline, one after the other; returns the errors by article, `NotAsked` left out.

    Ties between records are asked about once no article waits for an answer, since these depend on all records.
    """
    errors, results = list[tuple[str, ExtractorError]](), list[ArticleResult]()
    for article in inputs.articles:
        watched.held.clear()
        result = await _through(article, watched, prompt, options)
        error = result if isinstance(result, ExtractorError) else result.error
        if error is not None and not isinstance(error, NotAsked):
            errors.append((article.name, error))
        if options.resolve_with_model and isinstance(result, ArticleResult):
            results.append(result)
    if not watched.waiting:
        resolution = await resolve_ties(results, watched, options)
        errors += [(name, error) for name, error in resolution.errors if not isinstance(error, NotAsked)]
    return errors


async def _through(
    article: Article, watched: Watched, prompt: Prompt, options: Options
) -> ArticleResult | ExtractorError:
    try:
        return await extract_article(article, watched, prompt, options.reading)
    except Exception as error:  # noqa: BLE001 - a fault met at one article must not cost the others
        return Fault.met_at(article.name, error)
