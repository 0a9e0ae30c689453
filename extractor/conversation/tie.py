"""One tie's conversation with a model: which candidate tells the same, and by which words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from extractor.conversation.article import subject_of
from extractor.conversation.exchange import MALFORMED, Exchange
from extractor.errors import ExtractorError
from extractor.grounding import GroundedText
from extractor.prompt import TiePrompt
from extractor.providers.base import Json, Model
from extractor.readers import Article
from extractor.schema.claims import Answered
from extractor.schema.output import Calls


class SameAct(Answered):
    """Which candidate, if any, tells of the very same act or utterance as the report, and the words that decide it."""

    choice: int | None = Field(
        description="Number of the candidate that tells of the same act or utterance, or null if none does or the "
        "passages leave it open."
    )
    words: list[str] = Field(
        description="One or two passages that decide it, copied from the report or a candidate character for "
        "character; empty if the choice is null and nothing decides it."
    )

    @model_validator(mode="after")
    def _held(self) -> Self:
        _TieExchange.current().hold(self)
        return self


async def ask_about_tie(  # noqa: PLR0913
    model: Model, prompt: TiePrompt, tie: Article, candidates: int, *, reasks: int, parameters: Json | None = None
) -> tuple[SameAct | None, Calls, ExtractorError | None]:
    """Put a tie to a model; its text is the `tie`'s, its name what messages call it.

    Returns the answer, whose words stand in the text and whose choice is among the candidates; how it came about; and
    the error where there is none.
    """
    subject = replace(subject_of(tie, prompt.fingerprint), about="tie")
    exchange = _TieExchange(model, subject, reasks, dict(parameters or {}), candidates=candidates)
    answer, error = await exchange.ask(prompt.messages(tie.text, subject.fence))
    return answer if isinstance(answer, SameAct) else None, exchange.calls(), error


@dataclass(slots=True, kw_only=True)
class _TieExchange(Exchange):
    answer_type: ClassVar[type[BaseModel]] = SameAct

    candidates: int
    problems: tuple[str, ...] = field(default=())
    held_attempt: int = field(default=0)

    @property
    def feedback(self) -> tuple[str, ...]:
        return self.problems if self.held_attempt == self.attempts - 1 else MALFORMED

    def hold(self, answer: SameAct) -> None:
        """Hold an answer against the text; one that does not hold up goes back with what is wrong."""
        found = dict(self._problems(answer))
        self.problems, self.held_attempt = tuple(found), self.attempts
        if found:
            raise PydanticCustomError("does_not_hold_up", "{text}", {"text": "; ".join(found.values())})

    def _problems(self, answer: SameAct) -> Iterator[tuple[str, str]]:
        if answer.choice is not None and not 1 <= answer.choice <= self.candidates:
            yield "choice: out_of_range", f"choice is {answer.choice}; the candidates are 1 to {self.candidates}"
        text = GroundedText(self.subject.article_text)
        for index, words in enumerate(answer.words):
            if text.locate(words) is None:
                yield f"words/{index}: not_in_text", f"words {index + 1} are not in what was shown; copy them"
        if answer.choice is not None and not answer.words:
            yield "words: missing", "words must hold at least one passage that decides it"
