"""Chat completions over the openai SDK: OpenAI's own and every compatible service's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import openai

from extractor.errors import ErrorInBody, NoChoices, NoCompletion
from extractor.providers.base import Completion, Request, TokenCount, ToolCall
from extractor.providers.connection import Connection
from extractor.providers.stainless import failure
from extractor.providers.wire import (
    NOTHING,
    CallFailed,
    Reply,
    Unusable,
    call_in_text,
    in_words,
    json_text,
    line,
    lower,
    strict_schema,
)

_FINISH_REASONS = {"model_length": "length"}
# Mistral's and OpenRouter's, DeepSeek's, vLLM's words for an answer that the service itself broke off.
_BROKEN_OFF = frozenset({"error", "insufficient_system_resource", "abort"})
# Groq's, with HTTP 400, for an answer that it does not pass on.
# Source: https://console.groq.com/docs/tool-use (error handling), https://console.groq.com/docs/structured-outputs.
_WITHHELD = frozenset({"tool_use_failed", "json_validate_failed"})


class OpenAIChat:
    """A model behind `/chat/completions`.

    `structured` is "tools" or "json-schema"; `names` has the parameters that the service calls otherwise, and `body`
    goes along with every request.
    """

    def __init__(
        self,
        model: str,
        connection: Connection,
        *,
        structured: str,
        names: Mapping[str, str] = NOTHING,
        body: Mapping[str, Any] = NOTHING,
    ) -> None:
        self._model = model
        self._structured = structured
        self._names = names
        self._shared = dict(body)
        self._client = openai.AsyncOpenAI(
            base_url=connection.base_url,
            api_key=connection.api_key or "none",
            max_retries=0,
            timeout=connection.timeouts,
            http_client=connection.client(),
        )

    async def send(self, request: Request) -> Reply:
        """Send a request once; see `Wire.send`."""
        try:
            raw = await self._client.chat.completions.with_raw_response.create(**self._body(request))
            response: Any = raw.parse()
        except openai.BadRequestError as error:
            withheld = _withheld(error, request)
            if withheld is None:
                raise failure(error, openai) from error
            return withheld
        except (openai.OpenAIError, ValueError, RecursionError) as error:
            raise failure(error, openai) from error
        headers = lower(raw.headers)
        try:
            return Reply(_completion(response, request, headers), headers)
        except (AttributeError, TypeError) as error:
            # The SDK builds its objects without checking: a field may be missing anywhere.
            raise Unusable(NoCompletion, "the service's answer is no chat completion", headers=headers) from error

    async def close(self) -> None:
        """Close the connection pool."""
        await self._client.close()

    def _body(self, request: Request) -> dict[str, Any]:
        structured = request.parameters.get("structured_output", self._structured)
        parameters = {
            self._names.get(name, name): value
            for name, value in request.parameters.items()
            if name != "structured_output"
        }
        # Some of the names are the service's own, which the SDK does not know. The others go this way, too: through its
        # types the SDK walks a schema that is JSON already, for half of the time that a call takes it.
        body: dict[str, Any] = {**self._shared, **parameters}
        if structured == "tools":
            body |= {"messages": list(request.messages), **request.format}
        else:
            schema = {"name": request.function.name, "strict": True, "schema": strict_schema(request.function)}
            response_format = {"type": "json_schema", "json_schema": schema}
            body |= {"messages": in_words(request.messages), "response_format": response_format}
        return {"model": self._model, "messages": [], "extra_body": body}


def _completion(response: Any, request: Request, headers: dict[str, str]) -> Completion:
    usage = _counted(getattr(response, "usage", None))
    _refuse_an_error(response, usage, headers)
    if not response.choices:
        raise Unusable(NoChoices, "the service answered without any choice", usage=usage, headers=headers)
    choice = response.choices[0]
    _refuse_an_error(choice, usage, headers)
    reason = choice.finish_reason or ""
    if reason in _BROKEN_OFF:
        raise Unusable(ErrorInBody, f"the service broke the answer off ({reason})", usage=usage, headers=headers)
    text = choice.message.content
    calls = tuple(
        ToolCall(call.function.name, json_text(call.function.arguments))
        for call in choice.message.tool_calls or ()
        if getattr(call, "function", None) is not None
    )
    said = () if calls else call_in_text(text, request.function)
    return Completion(
        finish_reason=_FINISH_REASONS.get(reason, reason),
        tool_calls=calls or said,
        text=None if said else text,
        refusal=choice.message.refusal,
        usage=usage,
    )


def _withheld(error: openai.BadRequestError, request: Request) -> Reply | None:
    """What the model said where the service refuses to pass it on as a call, or as JSON of the schema."""
    body = error.body if isinstance(error.body, dict) else {}
    if body.get("code") not in _WITHHELD:
        return None
    said = body.get("failed_generation")
    text = said if isinstance(said, str) else ""
    calls = _call_as_generated(text) or call_in_text(text, request.function)
    return Reply(Completion("stop", calls, text=None if calls else text), lower(error.response.headers))


def _call_as_generated(text: str) -> tuple[ToolCall, ...]:
    """The call that a model wrote as JSON with the function's name and its arguments."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    if not (isinstance(said, dict) and isinstance(said.get("name"), str) and "arguments" in said):
        return ()
    return (ToolCall(said["name"], json_text(said["arguments"])),)


def _refuse_an_error(said_in: Any, usage: TokenCount | None, headers: dict[str, str]) -> None:
    """Raise where HTTP 200 brings an error, as OpenRouter and its like pass on a failure behind them."""
    error = getattr(said_in, "error", None)
    if not error:
        return
    said = line(error.get("message", error) if isinstance(error, dict) else error)
    status = error.get("code") if isinstance(error, dict) else None
    if isinstance(status, int) and (status in (408, 409, 429) or status >= 500) and usage is None:
        raise CallFailed(f"HTTP 200 with error {status}, {said}", status=status, headers=headers)
    raise Unusable(ErrorInBody, f"the service answered with an error: {said}", usage=usage, headers=headers)


def _counted(usage: Any) -> TokenCount | None:
    read, written = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
    if not (isinstance(read, int) and isinstance(written, int)):
        return None
    cached = getattr(getattr(usage, "prompt_tokens_details", None), "cached_tokens", None)
    return TokenCount(read, written, cached=cached if isinstance(cached, int) else 0)
