"""The Gemini API over the google-genai SDK, which holds the model to the schema.

The SDK builds the request; its answer is read here. The SDK's own reading warns on the terminal of every word that is
newer than itself, and fails where one field is not as it should be.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from typing import Any

import httpx2
from google import genai
from google.genai import types

from extractor.errors import ErrorInBody, NoChoices, NoCompletion, OversizedAnswer
from extractor.providers.base import Completion, Function, Json, Request, TokenCount
from extractor.providers.connection import MOST_BYTES, Connection, TooManyBytes
from extractor.providers.wire import (
    CallFailed,
    Reply,
    Unusable,
    call_in_text,
    in_words,
    line,
    lower,
    too_late,
    unreached,
)

_FINISH_REASONS = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "CONTINUATION": "length",
    **dict.fromkeys(
        (
            "SAFETY",
            "RECITATION",
            "LANGUAGE",
            "BLOCKLIST",
            "PROHIBITED_CONTENT",
            "SPII",
            "ESCALATION",
            "MODEL_ARMOR",
            "PUP_LIMITED_DISABLED",
        ),
        "content_filter",
    ),
}
_SECONDS = re.compile(r"(\d+(?:\.\d+)?)s")

# The SDK announces the use of a GOOGLE_API_KEY in the environment, which the key that it is given prevents.
logging.getLogger("google_genai").addHandler(logging.NullHandler())


class GoogleGenAI:
    """A model behind `models/NAME:generateContent`."""

    def __init__(self, model: str, connection: Connection) -> None:
        self._model = model
        self._client, self._http = open_client(connection)

    async def send(self, request: Request) -> Reply:
        """Send a request once; see `Wire.send`."""
        config = self._config(request)
        try:
            response = await self._client.aio.models.generate_content(
                model=self._model, contents=_contents(request.messages), config=config
            )
        except TooManyBytes as error:
            raise Unusable(OversizedAnswer, f"the answer has more than {MOST_BYTES:,} bytes") from error
        except httpx2.TimeoutException as error:
            raise too_late(error) from error
        except httpx2.HTTPError as error:
            raise unreached(error) from error
        raw = response.sdk_http_response or types.HttpResponse()
        headers = lower(raw.headers or {})
        try:
            return Reply(_completion(json.loads(raw.body or ""), request, headers), headers)
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise Unusable(NoCompletion, "the service's answer is no generated content", headers=headers) from error

    async def close(self) -> None:
        """Close the connection pool."""
        await self._http.aclose()
        self._client.close()

    def _config(self, request: Request) -> types.GenerateContentConfig:
        given = request.parameters
        return types.GenerateContentConfig(
            system_instruction=[m["content"] for m in request.messages if m["role"] == "system"] or None,
            response_mime_type="application/json",
            response_json_schema=_schema_in_place(request.function),
            temperature=given.get("temperature"),
            seed=given.get("seed"),
            max_output_tokens=given.get("max_tokens"),
            thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel(given["reasoning_effort"].upper()))
            if "reasoning_effort" in given
            else None,
            # Unread by the SDK: it would send a further request where the model was not done.
            should_return_http_response=True,
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        )


def open_client(connection: Connection) -> tuple[genai.Client, httpx2.AsyncClient]:
    """The SDK's client, and the HTTP client under it, which raises `CallFailed` for every status but 200."""
    http = connection.client()
    timeouts = connection.timeouts.as_dict()

    async def limit(request: httpx2.Request) -> None:
        # The SDK has one number for all of them, and tells it to the service, which refuses less than 10 seconds.
        request.extensions["timeout"] = timeouts

    http.event_hooks["request"].append(limit)
    http.event_hooks["response"].append(_refuse_failures)
    client = genai.Client(
        api_key=connection.api_key or "none",
        vertexai=False,
        http_options=types.HttpOptions(base_url=connection.base_url, api_version="v1beta", httpx_async_client=http),
    )
    return client, http


def _contents(messages: Iterable[Json]) -> list[types.Content]:
    """The messages as turns of text: a function's call would have to come back with the thoughts that it followed."""
    turns = in_words([message for message in messages if message["role"] != "system"])
    return [
        types.Content(role="model" if turn["role"] == "assistant" else "user", parts=[types.Part(text=turn["content"])])
        for turn in turns
        if turn["content"]
    ]


def _schema_in_place(function: Function) -> Json:
    """The function's parameters with what is referred to in the reference's place: none may have a keyword beside it.

    Source: https://ai.google.dev/api/generate-content (`responseJsonSchema`).
    """
    parameters = {name: value for name, value in function.parameters.items() if name != "$defs"}
    schema: Json = _in_place(parameters, function.parameters.get("$defs", {}))
    return schema


def _in_place(schema: Any, definitions: Json) -> Any:
    if isinstance(schema, list):
        return [_in_place(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        beside = {name: value for name, value in schema.items() if name != "$ref"}
        return _in_place({**definitions[schema["$ref"].rpartition("/")[2]], **beside}, definitions)
    return {name: _in_place(value, definitions) for name, value in schema.items()}


def _completion(answer: Json, request: Request, headers: dict[str, str]) -> Completion:
    usage = _counted(answer.get("usageMetadata"))
    _refuse_an_error(answer, usage, headers)
    if not answer.get("candidates"):
        if (answer.get("promptFeedback") or {}).get("blockReason"):
            return Completion(finish_reason="content_filter", usage=usage)
        if not answer.keys() & {"candidates", "promptFeedback", "usageMetadata"}:
            raise Unusable(NoCompletion, "the service's answer is no generated content", headers=headers)
        raise Unusable(NoChoices, "the service answered without any candidate", usage=usage, headers=headers)
    candidate = answer["candidates"][0]
    said = candidate.get("finishReason") or ""
    reason = _FINISH_REASONS.get(said, said.lower())
    parts = (candidate.get("content") or {}).get("parts") or []
    text = "".join(part["text"] for part in parts if "text" in part and not part.get("thought"))
    if not text and reason not in ("length", "content_filter"):
        raise Unusable(NoChoices, f"the service's answer holds no text ({line(said)})", usage=usage, headers=headers)
    calls = call_in_text(text, request.function)
    return Completion(finish_reason=reason, tool_calls=calls, text=None if calls else text, usage=usage)


def _refuse_an_error(answer: Json, usage: TokenCount | None, headers: dict[str, str]) -> None:
    """Raise where HTTP 200 brings an error, as gateways pass on a failure behind them."""
    error = answer.get("error")
    if not error:
        return
    said = line(error.get("message", error) if isinstance(error, dict) else error)
    status = error.get("code") if isinstance(error, dict) else None
    if isinstance(status, int) and (status in (408, 409, 429) or status >= 500) and usage is None:
        code, headers = _code(error), _with_delay(headers, error)
        raise CallFailed(f"HTTP 200 with error {status}, {said}", status=status, code=code, headers=headers)
    raise Unusable(ErrorInBody, f"the service answered with an error: {said}", usage=usage, headers=headers)


async def _refuse_failures(response: httpx2.Response) -> None:
    """Raise `CallFailed` for every status but 200, before the SDK, which cannot read all that gateways say."""
    if response.status_code == 200:
        return
    await response.aread()
    error = _error_in(response)
    said = line(error.get("message") or response.text)
    reason = f"HTTP {response.status_code} {response.reason_phrase}".strip()
    raise CallFailed(
        f"{reason}, {said}" if said else reason,
        status=response.status_code,
        code=_code(error),
        headers=_with_delay(lower(response.headers), error),
    )


def _error_in(response: httpx2.Response) -> Json:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return {}
    if isinstance(body, list) and body:
        body = body[0]
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def _code(error: Json) -> str:
    """The most telling word for an error: its reason (API_KEY_INVALID), else its status (INVALID_ARGUMENT)."""
    reasons = (detail.get("reason") for detail in _details(error))
    return next((str(reason) for reason in reasons if reason), str(error.get("status") or ""))


def _with_delay(headers: dict[str, str], error: Json) -> dict[str, str]:
    """The headers with the delay that the error's details ask for, where they have none."""
    delays = (_SECONDS.fullmatch(str(detail.get("retryDelay"))) for detail in _details(error))
    asked = next((delay[1] for delay in delays if delay), None)
    return headers if asked is None else {"retry-after": asked, **headers}


def _details(error: Json) -> list[Json]:
    details = error.get("details")
    return [detail for detail in details if isinstance(detail, dict)] if isinstance(details, list) else []


def _counted(usage: Any) -> TokenCount | None:
    if not isinstance(usage, dict) or not isinstance(usage.get("promptTokenCount"), int):
        return None
    written = (usage.get("candidatesTokenCount") or 0) + (usage.get("thoughtsTokenCount") or 0)
    return TokenCount(usage["promptTokenCount"], written, cached=usage.get("cachedContentTokenCount") or 0)
