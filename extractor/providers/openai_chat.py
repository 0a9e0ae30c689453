"""Chat completions over the openai SDK: OpenAI itself and every compatible service.

The one place that imports the SDK, maps its exceptions, and retries: transport faults only, with full jitter,
honouring Retry-After. What the model answered is never retried here.
"""

from __future__ import annotations

import json
import math
from typing import Any

import openai
import tenacity

from extractor.errors import ExtractorError, ProviderRefused, ProviderUnreachable, RequestRefused, UnusableAnswer
from extractor.providers.base import Completion, Request, TokenCount, ToolCall
from extractor.providers.table import ModelName
from extractor.redaction import redacted

_RETRIED_STATUS = frozenset({408, 409, 429})
_MAX_WAIT = 60.0
# A refusal with one of these concerns every article, with any other this one alone.
_CONCERNS_ALL = {
    401: "Check the key.",
    402: "Check the account's credit.",
    403: "Check the key's permissions.",
    404: "Check the model's name and --base-url.",
    405: "Check --base-url.",
}


class OpenAIChat:
    """A model behind `/chat/completions`."""

    def __init__(self, model: ModelName, *, base_url: str, api_key: str, attempts: int, timeout: float) -> None:
        self._model = model
        self._client = openai.AsyncOpenAI(base_url=base_url, api_key=api_key, max_retries=0, timeout=timeout)
        self._base_url = base_url
        self._retrying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(_worth_retrying),
            wait=_wait,
            stop=tenacity.stop_after_attempt(attempts),
            reraise=True,
        )

    @property
    def name(self) -> str:
        """provider/model."""
        return str(self._model)

    async def complete(self, request: Request) -> Completion:
        """Ask the service; see `Model.complete`."""
        article = request.subject.article_name
        try:
            response: Any = await self._retrying(self._post, request)
        except openai.OpenAIError as error:
            raise self._mapped(error, article) from error
        except ValueError as error:
            raise self._no_completion(article) from error
        try:
            return _completion(response, article)
        except (AttributeError, TypeError) as error:
            # The SDK builds its objects without checking: a field may be missing anywhere.
            raise self._no_completion(article) from error

    async def close(self) -> None:
        """Close the connection pool."""
        await self._client.close()

    async def _post(self, request: Request) -> Any:
        arguments: dict[str, Any] = {**request.format, **request.parameters}
        messages: list[Any] = list(request.messages)
        return await self._client.chat.completions.create(model=self._model.model, messages=messages, **arguments)

    def _no_completion(self, article: str) -> UnusableAnswer:
        return UnusableAnswer(
            f"{article}: the service's answer is no chat completion.",
            "Check --base-url; it is the address that /chat/completions is added to.",
            where=self._base_url,
        )

    def _mapped(self, error: openai.OpenAIError, article: str) -> ExtractorError:
        if isinstance(error, openai.APIStatusError):
            return self._of_status(error, article)
        if isinstance(error, openai.APITimeoutError):
            message, advice = f"{self.name} did not answer in time.", "Try again, or raise --timeout."
        elif isinstance(error, openai.APIConnectionError):
            message, advice = f"{self.name} cannot be reached: {_cause(error)}.", "Is it running?"
        else:
            message, advice = f"{self.name} failed: {redacted(str(error))[:300]}.", "Try again later."
        return ProviderUnreachable(message, advice, where=self._base_url)

    def _of_status(self, error: openai.APIStatusError, article: str) -> ExtractorError:
        said, where = _said(error), self._base_url
        if _worth_retrying(error):
            return ProviderUnreachable(f"{self.name} failed at every attempt: {said}.", "Try again later.", where=where)
        if error.status_code in _CONCERNS_ALL:
            return ProviderRefused(f"{self.name} refused: {said}.", _CONCERNS_ALL[error.status_code], where=where)
        advice = "See the provider's message; the article may be too long for the model."
        return RequestRefused(f"{article}: {self.name} does not take the request: {said}.", advice, where=where)


def _worth_retrying(error: BaseException) -> bool:
    if isinstance(error, openai.APIStatusError):
        return error.status_code in _RETRIED_STATUS or error.status_code >= 500
    return isinstance(error, openai.APIConnectionError)


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.response.headers.get("retry-after", "") if isinstance(error, openai.APIStatusError) else ""
    try:
        seconds = float(asked)
    except ValueError:
        seconds = math.nan
    if seconds >= 0:
        return min(seconds, _MAX_WAIT)
    return tenacity.wait_random_exponential(multiplier=1, max=_MAX_WAIT)(state)


def _said(error: openai.APIStatusError) -> str:
    body = error.body
    message = body.get("message") if isinstance(body, dict) else body
    status = f"HTTP {error.status_code} {error.response.reason_phrase}".strip()
    return f"{status}, {_line(message)}" if message else status


def _cause(error: openai.APIConnectionError) -> str:
    return _line(error.__cause__ or error)


def _line(said: object) -> str:
    """What a service said, on one line and of bounded length, without keys."""
    return redacted(" ".join(str(said).split()))[:300].rstrip(".")


def _completion(response: Any, article: str) -> Completion:
    if not response.choices:
        said = getattr(response, "error", None)
        because = f": {_line(said)}" if said else ""
        message = f"{article}: the service answered without any choice{because}."
        raise UnusableAnswer(message, "Try again, or another model.")
    choice = response.choices[0]
    calls = tuple(
        ToolCall(call.function.name, _json_text(call.function.arguments))
        for call in choice.message.tool_calls or ()
        if getattr(call, "function", None) is not None
    )
    return Completion(
        finish_reason=choice.finish_reason or "",
        tool_calls=calls,
        text=choice.message.content,
        refusal=choice.message.refusal,
        usage=_counted(response.usage),
    )


def _json_text(arguments: Any) -> str:
    # Some compatible services send an object where the API has its JSON text.
    return arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)


def _counted(usage: Any) -> TokenCount | None:
    read, written = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
    return TokenCount(read, written) if isinstance(read, int) and isinstance(written, int) else None
