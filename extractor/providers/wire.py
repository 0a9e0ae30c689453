"""What a vendor's API is to the rest: a request sent once, and a reply or a failure of one form.

A wire module translates and nothing more. Whether a failure is worth another try, what it costs and what becomes of
the article is decided once, in `live.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx2

from extractor.errors import UnusableAnswer
from extractor.providers.base import Completion, Function, Json, Request, TokenCount, ToolCall

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Reply:
    """A completion with the headers that it came with, names in lower case."""

    completion: Completion
    headers: Mapping[str, str] = field(default_factory=dict)


class Wire(Protocol):
    """One vendor's API for one model."""

    async def send(self, request: Request) -> Reply:
        """Send a request once.

        Raises:
            CallFailed: no completion came of it.
            Unusable: what came, with HTTP 200, is no completion.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class CallFailed(Exception):
    """A request that brought no completion.

    `status` is the HTTP status, None where no answer came; `code` the service's own word for it; `said` what the
    service or the network said; `headers` have names in lower case.
    """

    def __init__(
        self,
        said: str,
        *,
        status: int | None = None,
        code: str = "",
        headers: Mapping[str, str] = NOTHING,
        timed_out: bool = False,
    ) -> None:
        super().__init__(said)
        self.said = said
        self.status = status
        self.code = code
        self.headers = headers
        self.timed_out = timed_out


class Unusable(Exception):
    """What came is no completion: the kind of outcome, why, and the tokens that it took all the same."""

    def __init__(
        self,
        kind: type[UnusableAnswer],
        because: str,
        *,
        usage: TokenCount | None = None,
        headers: Mapping[str, str] = NOTHING,
    ) -> None:
        super().__init__(because)
        self.kind = kind
        self.because = because
        self.usage = usage
        self.headers = headers


_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCED = re.compile(r"\s*```(?:json)?\s*\n(?P<json>.*?)\n?\s*```\s*", re.DOTALL)


def json_text(arguments: Any) -> str:
    """A call's arguments as JSON text; some services have them so already."""
    if isinstance(arguments, str):
        return arguments
    text = json.dumps(arguments, ensure_ascii=False)
    # Halves of surrogate pairs, which no file can hold, stay escaped.
    return text if _is_whole(text) else json.dumps(arguments)


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def call_in_text(text: str | None, function: Function) -> tuple[ToolCall, ...]:
    """The call that an answer in text stands for: a JSON object, bare or in a code fence, thoughts before it left out.

    Services that hold a model to a JSON schema answer so, and so do small models that were to call a function.
    """
    said = _THOUGHTS.sub("", text or "").strip()
    fenced = _FENCED.fullmatch(said)
    content = fenced["json"].strip() if fenced else said
    return (ToolCall(function.name, content),) if content.startswith("{") else ()


def in_words(messages: Sequence[Json]) -> list[Json]:
    """The messages with calls of the function as the text of their arguments and their results as the user's words."""
    return [_in_words(message) for message in messages]


def _in_words(message: Json) -> Json:
    if message.get("role") == "tool":
        return {"role": "user", "content": message.get("content")}
    if message.get("tool_calls"):
        arguments = [call["function"]["arguments"] for call in message["tool_calls"]]
        return {"role": "assistant", "content": "\n".join(arguments)}
    return {"role": message["role"], "content": message.get("content") or ""}


def strict_schema(function: Function) -> Json:
    """The function's parameters as strict services take them: no keyword stands beside a `$ref`.

    What is referred to stands in its place there, so that a field's own description is kept.
    Source: https://platform.openai.com/docs/guides/structured-outputs (supported schemas).
    """
    definitions = function.parameters.get("$defs", {})
    resolved: Json = _resolved(function.parameters, definitions)
    return resolved


def _resolved(schema: Any, definitions: Json) -> Any:
    if isinstance(schema, list):
        return [_resolved(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema and len(schema) > 1:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        referred = definitions[schema["$ref"].rpartition("/")[2]]
        return _resolved({**referred, **beside}, definitions)
    return {key: _resolved(value, definitions) for key, value in schema.items()}


def line(said: object) -> str:
    """What a service said, on one line and of bounded length."""
    return " ".join(str(said).split())[:300].rstrip(".")


def unreached(error: BaseException) -> CallFailed:
    """A failure of the network; some of its errors say nothing."""
    return CallFailed(line(error) or "the connection broke")


def too_late(error: BaseException | None) -> CallFailed:
    """A failure for want of time; where no connection was made in time, nobody can be at work on an answer."""
    if isinstance(error, httpx2.ConnectTimeout):
        return CallFailed("no connection in time")
    return CallFailed("no answer in time", timed_out=True)


def lower(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers with their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}
