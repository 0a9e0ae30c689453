"""Anthropic's Messages API over the anthropic SDK.

The function is an ordinary tool. A strict one would hold the model to the schema, but the service takes no more than
16 fields that may be null in all strict schemas of a request, and this project's has more.
Source: https://platform.claude.com/docs/en/build-with-claude/structured-outputs (schema complexity limits).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import anthropic

from extractor.errors import ErrorInBody, NoChoices, NoCompletion
from extractor.providers.base import Completion, Json, Request, TokenCount, ToolCall
from extractor.providers.connection import Connection
from extractor.providers.stainless import failure
from extractor.providers.wire import CallFailed, Reply, Unusable, call_in_text, in_words, json_text, line, lower

# The API wants a bound; no article needs as much.
_MOST_OUTPUT = 16_000
_FINISH_REASONS = {
    "tool_use": "tool_calls",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    # The answer filled the window; a request that fills it alone is refused with HTTP 400.
    "model_context_window_exceeded": "length",
}
_WORTH_ANOTHER_TRY = {"api_error": 500, "overloaded_error": 529, "rate_limit_error": 429, "timeout_error": 504}
# Later models, which think before they answer, refuse a call that is forced on them.
# Source: https://platform.claude.com/docs/en/build-with-claude/thinking (response prefill and forced tool use).
_CAN_BE_FORCED = re.compile(r"claude-(?:[23]\b|instant\b|[a-z]+-4\b|[a-z]+-5\b(?![-.]\d\b))")


class AnthropicMessages:
    """A model behind `/v1/messages`."""

    def __init__(self, model: str, connection: Connection) -> None:
        self._model = model
        # Given with each request, too: the SDK else refuses an output limit that it takes to last beyond 10 minutes.
        self._timeouts = connection.timeouts
        self._client = anthropic.AsyncAnthropic(
            base_url=connection.base_url,
            api_key=connection.api_key or "none",
            max_retries=0,
            timeout=connection.timeouts,
            http_client=connection.client(),
        )

    async def send(self, request: Request) -> Reply:
        """Send a request once; see `Wire.send`."""
        body = self._body(request)
        try:
            raw = await self._client.messages.with_raw_response.create(**body, timeout=self._timeouts)
            response: Any = await raw.parse()
        except (anthropic.AnthropicError, ValueError, RecursionError) as error:
            raise failure(error, anthropic) from error
        headers = lower(raw.headers)
        try:
            return Reply(_completion(response, request, headers), headers)
        except (AttributeError, TypeError) as error:
            raise Unusable(NoCompletion, "the service's answer is no message", headers=headers) from error

    async def close(self) -> None:
        """Close the connection pool."""
        await self._client.close()

    def _body(self, request: Request) -> dict[str, Any]:
        function, given = request.function, request.parameters
        tool = {"name": function.name, "description": function.description, "input_schema": function.parameters}
        choice: Json = {"type": "auto"}
        system = [message["content"] for message in request.messages if message["role"] == "system"]
        if _CAN_BE_FORCED.search(self._model):
            choice = {"type": "tool", "name": function.name}
        else:
            system.append(f"Answer with one call of the tool {function.name} and nothing else.")
        blocks = [{"type": "text", "text": text} for text in system]
        # What comes before this, the tool and the system's words, is the same for every article.
        blocks[-1:] = [{**block, "cache_control": {"type": "ephemeral"}} for block in blocks[-1:]]
        body: Json = {"output_config": {"effort": given["reasoning_effort"]}} if "reasoning_effort" in given else {}
        if "temperature" in given:
            # The SDK has no argument for it any more, as later models take none.
            body["extra_body"] = {"temperature": given["temperature"]}
        return {
            "model": self._model,
            "max_tokens": given.get("max_tokens", _MOST_OUTPUT),
            "system": blocks,
            "messages": _messages([message for message in request.messages if message["role"] != "system"]),
            "tools": [tool],
            "tool_choice": {**choice, "disable_parallel_tool_use": True},
            **body,
        }


def _messages(messages: Iterable[Json]) -> list[Json]:
    """The messages with calls and their results as blocks, those of one role in a row as one message."""
    merged: list[Json] = []
    calls_in_blocks: set[str] = set()
    for message in messages:
        role, blocks = "user", _text(message.get("content"))
        if message["role"] == "assistant":
            role, calls = "assistant", _tool_uses(message.get("tool_calls") or ())
            calls_in_blocks.update(call["id"] for call in calls)
            blocks = [*blocks, *calls] if calls else _text(in_words([message])[0]["content"])
        elif message.get("tool_call_id") in calls_in_blocks:
            result = {"type": "tool_result", "tool_use_id": message["tool_call_id"], "is_error": True}
            blocks = [{**result, "content": message["content"]}]
        if merged and merged[-1]["role"] == role:
            merged[-1]["content"] += blocks
        elif blocks:
            merged.append({"role": role, "content": blocks})
    return merged


def _text(text: str | None) -> list[Json]:
    # Blank text is refused.
    return [{"type": "text", "text": text}] if text and text.strip() else []


def _tool_uses(calls: Sequence[Json]) -> list[Json]:
    """The calls as blocks; none where the arguments of one are no JSON object, which a block cannot hold."""
    try:
        arguments = [json.loads(call["function"]["arguments"], parse_constant=_refuse) for call in calls]
    except (ValueError, RecursionError):
        return []
    if not all(isinstance(given, dict) for given in arguments):
        return []
    return [
        {"type": "tool_use", "id": call["id"], "name": call["function"]["name"], "input": given}
        for call, given in zip(calls, arguments, strict=True)
    ]


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _completion(response: Any, request: Request, headers: dict[str, str]) -> Completion:
    usage = _counted(getattr(response, "usage", None))
    _refuse_an_error(response, usage, headers)
    blocks = response.content
    text = "".join(block.text for block in blocks if block.type == "text")
    calls = tuple(ToolCall(block.name, json_text(block.input)) for block in blocks if block.type == "tool_use")
    stopped = response.stop_reason or ""
    if stopped == "refusal":
        return Completion(finish_reason=stopped, refusal=text or _explanation(response), usage=usage)
    reason = _FINISH_REASONS.get(stopped, stopped)
    if not (text or calls or reason == "length"):
        raise Unusable(NoChoices, "the service's message holds nothing", usage=usage, headers=headers)
    said = () if calls else call_in_text(text, request.function)
    return Completion(finish_reason=reason, tool_calls=calls or said, text=None if said else text, usage=usage)


def _refuse_an_error(response: Any, usage: TokenCount | None, headers: dict[str, str]) -> None:
    """Raise where HTTP 200 brings an error, as gateways pass on a failure behind them."""
    error = getattr(response, "error", None)
    if not error:
        return
    code = error.get("type", "") if isinstance(error, dict) else ""
    said = line(error.get("message", error) if isinstance(error, dict) else error)
    status = _WORTH_ANOTHER_TRY.get(code)
    if status is not None and usage is None:
        raise CallFailed(f"HTTP 200 with error {code}, {said}", status=status, code=code, headers=headers)
    raise Unusable(ErrorInBody, f"the service answered with an error: {said}", usage=usage, headers=headers)


def _explanation(response: Any) -> str:
    explanation: str | None = getattr(getattr(response, "stop_details", None), "explanation", None)
    return explanation or "the model refused"


def _counted(usage: Any) -> TokenCount | None:
    """The tokens, those from and into the cache among what was read; the service counts them beside it."""
    fresh, written = getattr(usage, "input_tokens", None), getattr(usage, "output_tokens", None)
    if not (isinstance(fresh, int) and isinstance(written, int)):
        return None
    cached = getattr(usage, "cache_read_input_tokens", None) or 0
    cache_written = getattr(usage, "cache_creation_input_tokens", None) or 0
    return TokenCount(fresh + cached + cache_written, written, cached=cached, cache_written=cache_written)
