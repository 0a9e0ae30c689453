"""Chat completions over the openai SDK: OpenAI itself and every compatible service.

The one place that imports the SDK, maps its exceptions, and retries: transport faults only, with full jitter,
honouring Retry-After. What the model answered is never retried here.
"""

from __future__ import annotations

from typing import Any

import openai
import tenacity

from extractor.errors import ExtractorError, ProviderRefused, ProviderUnreachable, UnusableAnswer
from extractor.providers.base import Completion, Request, TokenCount, ToolCall
from extractor.providers.table import ModelName

_RETRIED_STATUS = frozenset({408, 409, 429})
_MAX_WAIT = 60.0


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
        try:
            response: Any = await self._retrying(self._post, request)
        except openai.OpenAIError as error:
            raise self._mapped(error) from error
        return _completion(response, request.subject.article_name)

    async def close(self) -> None:
        """Close the connection pool."""
        await self._client.close()

    async def _post(self, request: Request) -> Any:
        arguments: dict[str, Any] = {**request.format, **request.parameters}
        messages: list[Any] = list(request.messages)
        return await self._client.chat.completions.create(model=self._model.model, messages=messages, **arguments)

    def _mapped(self, error: openai.OpenAIError) -> ExtractorError:
        where = f"{self.name} at {self._base_url}"
        if isinstance(error, openai.APIStatusError):
            said = _said(error)
            if _worth_retrying(error):
                return ProviderUnreachable(f"{where} failed at every attempt: {said}", "Try again later.")
            advice = {
                401: "Check the key.",
                403: "Check the key's permissions.",
                404: "Check the model's name and --base-url.",
            }.get(error.status_code, "The request was not accepted; see the provider's message.")
            return ProviderRefused(f"{where} refused: {said}", advice)
        if isinstance(error, openai.APITimeoutError):
            return ProviderUnreachable(f"{where} did not answer in time.", "Try again, or raise --timeout.")
        if isinstance(error, openai.APIConnectionError):
            return ProviderUnreachable(f"{where} cannot be reached: {error.__cause__ or error}", "Is it running?")
        return ProviderUnreachable(f"{where} failed: {error}", "Try again later.")


def _worth_retrying(error: BaseException) -> bool:
    if isinstance(error, openai.APIStatusError):
        return error.status_code in _RETRIED_STATUS or error.status_code >= 500
    return isinstance(error, openai.APIConnectionError)


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.response.headers.get("retry-after", "") if isinstance(error, openai.APIStatusError) else ""
    try:
        return min(float(asked), _MAX_WAIT)
    except ValueError:
        return tenacity.wait_random_exponential(multiplier=0.5, max=_MAX_WAIT)(state)


def _said(error: openai.APIStatusError) -> str:
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    return f"HTTP {error.status_code}, {str(message or error.message)[:300]}"


def _completion(response: Any, article: str) -> Completion:
    if not getattr(response, "choices", None):
        raise UnusableAnswer(f"{article}: the service answered without any choice.", "Try again, or another model.")
    choice = response.choices[0]
    calls = tuple(
        ToolCall(call.function.name, call.function.arguments)
        for call in choice.message.tool_calls or ()
        if call.type == "function"
    )
    usage = response.usage
    return Completion(
        finish_reason=choice.finish_reason or "",
        tool_calls=calls,
        text=choice.message.content,
        refusal=choice.message.refusal,
        usage=TokenCount(usage.prompt_tokens, usage.completion_tokens) if usage else None,
    )
