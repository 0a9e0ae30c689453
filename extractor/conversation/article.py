"""One article's conversation with a model: sound records are kept, the others asked for again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import BaseModel, ModelWrapValidatorHandler, model_validator
from pydantic_core import PydanticCustomError

from extractor.conversation.exchange import MALFORMED, Exchange, schema_of
from extractor.errors import ExtractorError
from extractor.prompt import Prompt, fence_for
from extractor.providers.base import Json, Model, Subject
from extractor.readers import Article
from extractor.review import Review, problems_text
from extractor.schema.claims import Answered
from extractor.schema.claims import Extraction as Answer
from extractor.schema.output import Calls


class Extraction(Answered):
    """All diplomatic actions, sanctions and statements that one article tells, each bound to its words."""

    # The schema is that of `Answer`. The lists' items are examined one by one by the review, not here; and instructor
    # walks through all the types of a model's fields six times for every call.
    actions: list[Any]
    sanctions: list[Any]
    statements: list[Any]

    @classmethod
    def model_json_schema(cls, *arguments: Any, **named: Any) -> Json:
        """The schema of the whole answer."""
        return Answer.model_json_schema(*arguments, **named)

    @model_validator(mode="wrap")
    @classmethod
    def _reviewed(cls, data: Any, handler: ModelWrapValidatorHandler[Extraction]) -> Extraction:
        """Hand the answer to the article's review, which may ask for parts of it again."""
        return _Conversation.current().reviewed(data, handler)


async def converse(  # noqa: PLR0913
    model: Model,
    prompt: Prompt,
    article: Article,
    review: Review,
    *,
    reasks: int,
    parameters: Json | None = None,
    begun: Callable[[Callable[[], Calls]], None] | None = None,
) -> tuple[Calls, ExtractorError | None]:
    """Ask the model about an article until the review is content or `reasks` re-asks are spent.

    `parameters` (temperature, seed ...) go with every request. `begun` gets, before anything is asked, what tells the
    calls so far, for where this is cancelled. The review is closed afterwards. Returns how the
    answers came about, and the error where there is no answer:
    `UnusableAnswer` where none was of the asked shape, or whatever the model raised.
    """
    subject = subject_of(article, prompt.fingerprint)
    conversation = _Conversation(model, subject, reasks, dict(parameters or {}), prompt=prompt, review=review)
    if begun is not None:
        begun(conversation.calls)
    _, error = await conversation.ask(prompt.messages(article.text, subject.fence))
    review.close()
    return conversation.calls(), error


def subject_of(article: Article, prompt: str) -> Subject:
    """An article as what a call is about; `prompt` is the fingerprint of the prompt files."""
    return Subject(
        article_id=article.id,
        article_name=article.name,
        article_text=article.text,
        source=article.source,
        fence=fence_for(article.text),
        prompt=prompt,
    )


def schema_fingerprint() -> str:
    """A short hash of the schema that the model fills for an article, as it is sent."""
    return schema_of(Extraction)


@dataclass(slots=True, kw_only=True)
class _Conversation(Exchange):
    answer_type: ClassVar[type[BaseModel]] = Extraction

    prompt: Prompt
    review: Review
    reviewed_attempt: int = field(default=0)

    @property
    def feedback(self) -> tuple[str, ...]:
        return self.review.feedback if self.reviewed_attempt == self.attempts - 1 else MALFORMED

    def reviewed(self, data: Any, handler: ModelWrapValidatorHandler[Extraction]) -> Extraction:
        """Review an answer; ask for its doubtful records again while re-asks are left."""
        if not self.review.is_answer(data):
            return handler(data)
        try:
            self.review.examine(data)
        except (ValueError, AssertionError) as error:
            # As it is, it would be taken for the answer's fault: pydantic makes a validation error of it.
            raise RuntimeError("an answer could not be reviewed") from error
        self.answered, self.reviewed_attempt = True, self.attempts
        if self.review.doubtful and self.attempts <= self.reasks:
            raise PydanticCustomError("records_do_not_hold_up", "{text}", {"text": self._reask_text()})
        return Extraction.model_construct(actions=[], sanctions=[], statements=[])

    def _reask_text(self) -> str:
        doubtful = self.review.doubtful
        return self.prompt.reask_text(
            failed=len(doubtful), kept=len(self.review.kept), problems=problems_text(doubtful)
        )
