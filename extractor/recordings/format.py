"""What a recording file holds, and how requests and completions become it and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from extractor.prompt import digest
from extractor.providers.base import Completion, Json, Request, TokenCount, ToolCall, written
from extractor.redaction import redactor

# Deeper than any answer; a parser gives up some levels below 200.
_DEEPEST = 100


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordedCall(_Stored):
    """A function call as recorded: its arguments as JSON, or as text where they are no plain JSON."""

    name: str
    arguments: JsonValue = None
    arguments_text: str | None = None


class RecordedUsage(_Stored):
    """Tokens as the provider counted them."""

    input: int
    output: int
    cached: int = 0
    cache_written: int = 0


class Attempt(_Stored):
    """One answer, with what the request before it complained about (null for the first)."""

    feedback: list[str] | None
    finish_reason: str
    tool_calls: list[RecordedCall]
    text: str | None
    refusal: str | None
    usage: RecordedUsage | None

    @property
    def answers(self) -> bool:
        """Whether it is an answer: one whole function call with arguments that are JSON."""
        whole = self.finish_reason not in ("length", "content_filter", "too_long") and not self.refusal
        return whole and len(self.tool_calls) == 1 and self.tool_calls[0].arguments is not None


class Parts(_Stored):
    """The hashes of what a first request is made of."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    prompt: str
    # `schema` is a method of every pydantic model.
    schema_: str = Field(alias="schema")
    article: str
    parameters: str
    model: str

    def differing(self, other: Parts) -> list[str]:
        """The names of the parts that are not the same."""
        mine, others = self.model_dump(by_alias=True), other.model_dump(by_alias=True)
        return [name for name in mine if mine[name] != others[name]]


def have_changed(names: Sequence[str]) -> str:
    """The parts of these names as the subject of what has become of them: "the prompt and the schema have changed"."""
    verb = "has" if len(names) == 1 and names[0] != "parameters" else "have"
    return f"{' and '.join(f'the {name}' for name in names)} {verb} changed"


class Recording(_Stored):
    """The content of one recording file."""

    format: Literal[1]
    article: str
    model: str
    parts: Parts
    attempts: list[Attempt] = Field(min_length=1)

    def continues(self, other: Recording) -> bool:
        """Whether it has all answers of another with its parts, and perhaps more behind them."""
        return self.attempts[: len(other.attempts)] == other.attempts


def parts_of(request: Request, model: str) -> Parts:
    """Hash the parts of the first request that this one belongs to."""
    subject = request.subject
    opening = [
        _without_article(message, subject.article_text, subject.fence) if message.get("role") == "user" else message
        for message in request.messages[: request.opening]
    ]
    return Parts(
        prompt=written([subject.prompt, opening]).digest,
        schema=request.schema.digest,
        article=subject.article_id,
        parameters=digest(request.parameters),
        model=model,
    )


def _without_article(message: Json, text: str, fence: str) -> Json:
    """The message with the places of the article and its fence marked, so that it is the same for all articles."""
    content = message.get("content")
    if not isinstance(content, str):
        return message
    return {**message, "content": content.replace(text, "{{article}}").replace(fence, "{{fence}}")}


def attempt_of(request: Request, completion: Completion) -> Attempt:
    """A completion as it is stored, with what looks like a key taken out."""
    usage, redact = completion.usage, redactor()
    return Attempt(
        feedback=list(map(redact, request.feedback)) if request.attempt > 1 else None,
        finish_reason=redact(completion.finish_reason),
        tool_calls=[_recorded(call, redact) for call in completion.tool_calls],
        text=completion.text and redact(_whole(completion.text)),
        refusal=completion.refusal and redact(_whole(completion.refusal)),
        usage=RecordedUsage(**asdict(usage)) if usage else None,
    )


def completion_of(attempt: Attempt, *, replayed: bool) -> Completion:
    """A stored attempt as the completion that it was."""
    usage = attempt.usage
    return Completion(
        finish_reason=attempt.finish_reason,
        tool_calls=tuple(ToolCall(call.name, _arguments(call)) for call in attempt.tool_calls),
        text=attempt.text,
        refusal=attempt.refusal,
        usage=TokenCount(**usage.model_dump()) if usage else None,
        replayed=replayed,
    )


def _recorded(call: ToolCall, redact: Callable[[str], str]) -> RecordedCall:
    """Arguments as JSON where that loses nothing, so that a recording reads and diffs well; else as text."""
    name = redact(_whole(call.name))
    try:
        content = json.loads(call.arguments, object_pairs_hook=_without_repeats, parse_constant=_refuse)
        if isinstance(content, dict) and (strings := _strings(content)) is not None:
            json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
            # All strings are looked at together, as hardly an answer has a key in it.
            together = "\n".join(strings)
            scrubbed = content if redact(together) == together else _scrubbed(content, redact)
            # JSON by now: pydantic would look at every value of it again.
            return RecordedCall.model_construct(name=name, arguments=cast(JsonValue, scrubbed))
    except (ValueError, RecursionError):
        pass
    return RecordedCall(name=name, arguments_text=redact(_whole(call.arguments)))


def _arguments(call: RecordedCall) -> str:
    if call.arguments_text is not None:
        return call.arguments_text
    return json.dumps(call.arguments, ensure_ascii=False)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key stands twice")
    return content


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _scrubbed(content: Any, redact: Callable[[str], str]) -> Any:
    """The content with every string redacted."""
    if isinstance(content, dict):
        return {key: _scrubbed(value, redact) for key, value in content.items()}
    if isinstance(content, list):
        return [_scrubbed(item, redact) for item in content]
    return redact(content) if isinstance(content, str) else content


def _whole(text: str) -> str:
    """The text with halves of surrogate pairs replaced: no file can hold them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _strings(content: Any) -> list[str] | None:
    """All strings that JSON holds, keys aside, without recursion; None where it is nested too deep."""
    strings: list[str] = []
    level = [content]
    for _ in range(_DEEPEST):
        strings += [item for item in level if isinstance(item, str)]
        groups = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)]
        level = [part for group in groups for part in group]
        if not level:
            return strings
    return None
