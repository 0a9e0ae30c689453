"""The seam: `Request -> Completion`.

A live call, a recorded one and any other way to an answer yield the same completion, and nothing above the seam
knows which it was. A test's model is a class with `name` and `complete`.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, Protocol

from extractor.prompt import digest
from extractor.schema.output import Calls, Usage

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a call is about: an article, or a tie between records that has the place of one; and the prompt.

    `prompt` is the prompt files' fingerprint, `fence` what fences the article off in the messages, `source` the
    path the article was read from (for messages only).
    """

    article_id: str
    article_name: str
    article_text: str
    source: str
    fence: str
    prompt: str
    about: Literal["article", "tie"] = "article"


@dataclass(frozen=True, slots=True)
class TokenCount:
    """Tokens as the provider counted them; `cached` and `cache_written` are parts of `input`."""

    input: int
    output: int
    cached: int = 0
    cache_written: int = 0


@dataclass(slots=True)
class Bill:
    """What the calls about one text took from the service so far; a live model writes it, recordings do not.

    `requests` counts what was sent, failures included; `counts` has an entry for each answer that came, of use or
    not, None where the service did not count; `cost` is in US dollars, None once a part of it is unknown.
    """

    requests: int = 0
    counts: list[TokenCount | None] = field(default_factory=list)
    cost: Decimal | None = Decimal(0)

    def add(self, count: TokenCount | None, cost: Decimal | None) -> None:
        """Note an answer and its price."""
        self.counts.append(count)
        self.cost = None if self.cost is None or cost is None else self.cost + cost

    def calls(self, completions: Sequence[Completion]) -> Calls:
        """How answers came about that this is the bill of."""
        replayed = [completion.usage for completion in completions if completion.replayed]
        counts = [*replayed, *self.counts]
        known = [count for count in counts if count is not None]
        complete = bool(known) and len(known) == len(counts)
        return Calls(
            replayed=len(replayed),
            live=len(completions) - len(replayed),
            requests=self.requests,
            usage=Usage(
                input_tokens=sum(count.input for count in known) if complete else None,
                output_tokens=sum(count.output for count in known) if complete else None,
            ),
            cost_usd=None if self.cost is None else round(float(self.cost), 6),
        )


@dataclass(frozen=True, slots=True)
class Function:
    """The function that a model is asked to call with its answer; `parameters` is a JSON schema."""

    name: str
    description: str
    parameters: Json


@dataclass(frozen=True, slots=True)
class Written:
    """What JSON comes to: its hash, and the characters of its text."""

    digest: str
    characters: int


# What was written last: formats and prompts are long, and the same for all articles.
_last: list[tuple[object, Written]] = []
_MOST = 8


def written(content: object) -> Written:
    """What JSON comes to; what was asked for lately is not written again."""
    for known, found in _last:
        if known == content:
            return found
    found = Written(digest(content), len(json.dumps(content, ensure_ascii=False)))
    # A copy, as nobody knows what becomes of the other.
    _last[:] = [(copy.deepcopy(content), found), *_last[: _MOST - 1]]
    return found


@dataclass(frozen=True)
class Request:
    """One question to a model, as instructor prepared it.

    `attempt` counts from 1; `feedback` says, for the second and later attempts, what was wrong with the answer
    before. `messages` are in the form of OpenAI's chat completions, an earlier answer and what was wrong with it a
    call of the function and its result; the first `opening` of them are those of the first attempt. `format` holds
    what asks for structured output, `parameters` whatever else can change the answer, by the names of the
    command's options. The `bill` is the article's.
    """

    subject: Subject
    attempt: int
    feedback: tuple[str, ...]
    messages: tuple[Json, ...]
    opening: int
    format: Json
    parameters: Json
    bill: Bill = field(default_factory=Bill, compare=False)

    @property
    def schema(self) -> Written:
        """The `format` as it is written."""
        return written(self.format)

    @cached_property
    def characters(self) -> int:
        """The characters of the messages and of the schema, as they are written."""
        return len(json.dumps(self.messages, ensure_ascii=False)) + self.schema.characters

    @property
    def function(self) -> Function:
        """The function to be called."""
        asked = self.format["tools"][0]["function"]
        return Function(asked["name"], asked.get("description", ""), asked["parameters"])


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a function by the model; `arguments` is JSON text as the model wrote it."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer, free of any vendor's types.

    `finish_reason` is "length" where the answer was cut off, "content_filter" where a filter stopped it, "too_long"
    where the model's window does not hold the request, anything else where the model ended it; `text` may
    say why. `replayed` tells a
    recorded answer from a live one; it serves the accounts and decides nothing.
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
