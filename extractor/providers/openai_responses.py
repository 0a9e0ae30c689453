"""OpenAI's Responses API, which holds the model to the schema."""

from __future__ import annotations

from typing import Any

import openai

from extractor.errors import ErrorInBody, NoChoices, NoCompletion
from extractor.providers.base import Completion, Json, Request, TokenCount
from extractor.providers.connection import Connection
from extractor.providers.stainless import failure
from extractor.providers.wire import CallFailed, Reply, Unusable, call_in_text, in_words, line, lower, strict_schema

_FINISH_REASONS = {"max_output_tokens": "length", "content_filter": "content_filter"}
_WORTH_ANOTHER_TRY = {"server_error": 500, "rate_limit_exceeded": 429}


class OpenAIResponses:
    """A model behind `/responses`."""

    def __init__(self, model: str, connection: Connection) -> None:
        self._model = model
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
            raw = await self._client.responses.with_raw_response.create(**self._body(request))
            response: Any = raw.parse()
        except (openai.OpenAIError, ValueError, RecursionError) as error:
            raise failure(error, openai) from error
        headers = lower(raw.headers)
        try:
            return Reply(_completion(response, request, headers), headers)
        except (AttributeError, TypeError) as error:
            raise Unusable(NoCompletion, "the service's answer is no response", headers=headers) from error

    async def close(self) -> None:
        """Close the connection pool."""
        await self._client.close()

    def _body(self, request: Request) -> dict[str, Any]:
        given = request.parameters
        function = request.function
        body: Json = {"temperature": given["temperature"]} if "temperature" in given else {}
        if "max_tokens" in given:
            body["max_output_tokens"] = given["max_tokens"]
        if "reasoning_effort" in given:
            body["reasoning"] = {"effort": given["reasoning_effort"]}
        wanted = {"type": "json_schema", "name": function.name, "strict": True, "schema": strict_schema(function)}
        # Not stored: what is sent is an article, and no later call refers to it.
        # What is JSON already need not be walked through by the SDK.
        body |= {"input": in_words(request.messages), "text": {"format": wanted}, "store": False}
        return {"model": self._model, "extra_body": body}


def _completion(response: Any, request: Request, headers: dict[str, str]) -> Completion:
    usage = _counted(getattr(response, "usage", None))
    error = getattr(response, "error", None)
    if error:
        said = line(getattr(error, "message", None) or error)
        passing = _WORTH_ANOTHER_TRY.get(getattr(error, "code", None) or "")
        if passing is not None and usage is None:
            raise CallFailed(f"HTTP 200 with an error, {said}", status=passing, headers=headers)
        raise Unusable(ErrorInBody, f"the service answered with an error: {said}", usage=usage, headers=headers)
    status = getattr(response, "status", None)
    if status in ("failed", "cancelled"):
        raise Unusable(ErrorInBody, f"the service calls its response {status}", usage=usage, headers=headers)
    parts = [part for item in response.output if item.type == "message" for part in item.content]
    incomplete = _incomplete(response)
    if not parts and not incomplete:
        raise Unusable(NoChoices, "the service's response holds no message", usage=usage, headers=headers)
    text = "".join(part.text for part in parts if part.type == "output_text")
    refusal = "".join(part.refusal for part in parts if part.type == "refusal")
    calls = call_in_text(text, request.function)
    return Completion(
        finish_reason=_FINISH_REASONS.get(incomplete or "", "stop"),
        tool_calls=calls,
        text=None if calls else text,
        refusal=refusal or None,
        usage=usage,
    )


def _incomplete(response: Any) -> str | None:
    """Why a response is incomplete, None where it is not; services that are only like OpenAI's may not say why."""
    reason: str | None = getattr(getattr(response, "incomplete_details", None), "reason", None)
    return reason or ("max_output_tokens" if getattr(response, "status", None) == "incomplete" else None)


def _counted(usage: Any) -> TokenCount | None:
    read, written = getattr(usage, "input_tokens", None), getattr(usage, "output_tokens", None)
    if not (isinstance(read, int) and isinstance(written, int)):
        return None
    cached = getattr(getattr(usage, "input_tokens_details", None), "cached_tokens", None)
    return TokenCount(read, written, cached=cached if isinstance(cached, int) else 0)
