"""The seam: `Request -> Completion`.

A live call, a recorded one and any other way to an answer yield the same completion, and nothing above the seam
knows which it was. A test's model is a class with `name` and `complete`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a call is about: the article, and the prompt it was rendered with.

    `prompt` is the prompt files' fingerprint, `fence` what fences the article off in the messages, `source` the
    path the article was read from (for messages only).
    """

    article_id: str
    article_name: str
    article_text: str
    source: str
    fence: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model, as instructor prepared it.

    `attempt` counts from 1; `feedback` says, for the second and later attempts, what was wrong with the answer
    before; the first `opening` messages are those of the first attempt. `format` holds what asks for structured
    output (tools, tool choice, response format), `parameters` everything else that can change the answer.
    """

    subject: Subject
    attempt: int
    feedback: tuple[str, ...]
    messages: tuple[Json, ...]
    opening: int
    format: Json
    parameters: Json


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a function by the model; `arguments` is JSON text as the model wrote it."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class TokenCount:
    """Tokens as the provider counted them."""

    input: int
    output: int


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer, free of any vendor's types.

    `replayed` tells a recorded answer from a live one; it serves the accounts and decides nothing.
    """

    finish_reason: str
    tool_calls: tuple[ToolCall, ...] = ()
    text: str | None = None
    refusal: str | None = None
    usage: TokenCount | None = None
    replayed: bool = False


class Model(Protocol):
    """Anything that answers requests."""

    @property
    def name(self) -> str:
        """provider/model, as `--model` takes it."""
        ...

    async def complete(self, request: Request) -> Completion:
        """Answer one request.

        Raises:
            ProviderError: the model cannot be had.
            ReplayMiss: no recording answers the request.
            UnusableAnswer: what came back is no completion.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
