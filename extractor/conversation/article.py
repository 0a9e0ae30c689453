"""One article's conversation with a model: sound records are kept, the others asked for again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ModelWrapValidatorHandler, model_validator
from pydantic_core import PydanticCustomError

from extractor.checking import Examined
from extractor.conversation.exchange import MALFORMED, Exchange, schema_of
from extractor.errors import ExtractorError
from extractor.prompt import Prompt, fence_for
from extractor.providers.base import Json, Model, Subject
from extractor.readers import Article
from extractor.schema.claims import Answered
from extractor.schema.claims import Extraction as Answer
from extractor.schema.output import Calls

# Examines an answer, JSON text; None where it is none.
Examine = Callable[[str], Awaitable[Examined | None]]


class Extraction(Answered):
    """All diplomatic actions, sanctions and statements that one article tells, each bound to its words."""

    # The schema is that of `Answer`. The lists' items are examined one by one beforehand, not here; and instructor
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
        """Take what the answer's examination came to, by which parts of it may be asked for again."""
        return _Conversation.current().reviewed(data, handler)


async def converse(  # noqa: PLR0913
    model: Model,
    prompt: Prompt,
    article: Article,
    examine: Examine,
    *,
    reasks: int,
    parameters: Json | None = None,
    begun: Callable[[Callable[[], Calls]], None] | None = None,
) -> tuple[Calls, ExtractorError | None]:
    """Ask the model about an article until its answers hold up or `reasks` re-asks are spent.

    Each answer is examined once, by `examine`. `parameters` (temperature, seed ...) go with every request. `begun`
    gets, before anything is asked, what tells the calls so far, for where this is cancelled. Returns how the answers
    came about, and the error where there is no answer: `UnusableAnswer` where none was of the asked shape, or whatever
    the model or the examination raised.
    """
    subject = subject_of(article, prompt.fingerprint)
    conversation = _Conversation(model, subject, reasks, dict(parameters or {}), prompt=prompt, examine=examine)
    if begun is not None:
        begun(conversation.calls)
    _, error = await conversation.ask(prompt.messages(article.text, subject.fence))
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
    examine: Examine
    examined: Examined | None = None

    @property
    def feedback(self) -> tuple[str, ...]:
        return MALFORMED if self.examined is None else self.examined.feedback

    async def take(self, arguments: str | None) -> None:
        """Have an answer examined."""
        self.examined = None if arguments is None else await self.examine(arguments)

    def reviewed(self, data: Any, handler: ModelWrapValidatorHandler[Extraction]) -> Extraction:
        """Take an answer for what it is; ask for its doubtful records again while re-asks are left."""
        if self.examined is None:
            return handler(data)
        self.answered = True
        if self.examined.doubtful and self.attempts <= self.reasks:
            raise PydanticCustomError("records_do_not_hold_up", "{text}", {"text": self._reask_text(self.examined)})
        return Extraction.model_construct(actions=[], sanctions=[], statements=[])

    def _reask_text(self, examined: Examined) -> str:
        return self.prompt.reask_text(failed=examined.doubtful, kept=examined.kept, problems=examined.problems)
