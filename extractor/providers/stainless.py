"""What the SDKs of OpenAI and Anthropic, made by one generator, have in common: their errors."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from extractor.errors import NoCompletion, OversizedAnswer
from extractor.providers.connection import MOST_BYTES, TooManyBytes
from extractor.providers.wire import CallFailed, Unusable, line, lower, too_late, unreached


def failure(error: Exception, sdk: ModuleType) -> Exception:
    """An SDK's error as `CallFailed` or `Unusable`."""
    if _is_caused_by(error, TooManyBytes):
        return Unusable(OversizedAnswer, f"the answer has more than {MOST_BYTES:,} bytes")
    if isinstance(error, sdk.APIStatusError):
        return _of_status(error)
    if isinstance(error, sdk.APITimeoutError):
        return too_late(error.__cause__)
    if isinstance(error, sdk.APIConnectionError):
        return unreached(error.__cause__ or error)
    return Unusable(NoCompletion, "the service's answer is no completion")


def _of_status(error: Any) -> CallFailed:
    body = error.body
    inner = body.get("error") if isinstance(body, dict) and isinstance(body.get("error"), dict) else body
    said, code = inner, ""
    if isinstance(inner, dict):
        said = inner.get("message")
        details = inner.get("details")
        # Anthropic's finest word for it.
        cause = details.get("error_code") if isinstance(details, dict) else None
        code = "content_filter" if _is_flagged(inner) else str(cause or inner.get("code") or inner.get("type") or "")
    reason = f"HTTP {error.status_code} {error.response.reason_phrase}".strip()
    return CallFailed(
        f"{reason}, {line(said)}" if said else reason,
        status=error.status_code,
        code=code,
        headers=lower(error.response.headers),
    )


def _is_flagged(error: Any) -> bool:
    """Whether OpenRouter's moderation stopped the request, which it says with HTTP 403 like a want of permission.

    Source: https://openrouter.ai/docs/api/reference/errors-and-debugging (moderation errors).
    """
    metadata = error.get("metadata")
    return isinstance(metadata, dict) and "flagged_input" in metadata


def _is_caused_by(error: BaseException | None, kind: type[Exception]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__
    return False
