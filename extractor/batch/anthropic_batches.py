"""Anthropic's message batches: their format, and their endpoints over its SDK.

Source: https://platform.claude.com/docs/en/build-with-claude/batch-processing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import anthropic
import httpx2

from extractor.batch.formats import Result, unreadable
from extractor.batch.manifest import Batch
from extractor.providers.base import Json
from extractor.providers.connection import Connection
from extractor.providers.stainless import failure

# The HTTP status with which a live call tells an error of this type.
# Source: https://platform.claude.com/docs/en/api/errors.
_STATUS = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
# Clocks differ.
_LEEWAY = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class AnthropicFormat:
    """A line holds a request's parameters; a file becomes the requests of one batch."""

    most_requests: int = 100_000
    # A megabyte is taken as a million bytes, the smaller of its two meanings.
    most_bytes: int = 256_000_000

    def line(self, custom_id: str, body: Json) -> Json:
        """A request as a line; see `Format.line`."""
        return {"custom_id": custom_id, "params": body}

    def result(self, line: Json) -> Result:
        """A line of results; see `Format.result`."""
        custom_id, result = str(line["custom_id"]), line["result"]
        match result["type"]:
            case "succeeded":
                return Result(custom_id, 200, result["message"])
            case "errored":
                return Result(custom_id, _STATUS.get(result["error"]["error"]["type"], 500), result["error"])
            case other:
                return Result(custom_id, problem=f"the request has {other}" if other == "expired" else f"it is {other}")


class AnthropicBatches:
    """The endpoints of the service."""

    def __init__(self, connection: Connection) -> None:
        unbounded = replace(connection, bounded=False)
        self._client = anthropic.AsyncAnthropic(
            base_url=connection.base_url,
            api_key=connection.api_key or "none",
            max_retries=0,
            timeout=connection.timeouts,
            http_client=unbounded.client(),
        )
        # What only reads may be asked for again.
        self._reading = self._client.with_options(max_retries=3)

    async def create(self, file: Path, label: str) -> Batch:  # noqa: ARG002 - a batch has no place for a label
        """Make a batch of a file's requests; see `Service.create`."""
        with file.open("rb") as lines:
            requests = [json.loads(line) for line in lines]
        with _told():
            return _batch(await self._client.messages.batches.create(requests=requests))

    async def find(self, label: str, begun: str, requests: int) -> list[Batch]:  # noqa: ARG002 - nor can it be found by it
        """The batches of so many requests that were made since; see `Service.find`."""
        earliest, found = datetime.fromisoformat(begun) - _LEEWAY, []
        with _told():
            async for made in self._reading.messages.batches.list(limit=100):
                if made.created_at < earliest:
                    break
                if _batch(made).total == requests:
                    found.append(_batch(made))
        return found

    async def state(self, batch: Batch) -> Batch:
        """The batch as it stands now; see `Service.state`."""
        with _told():
            return _batch(await self._reading.messages.batches.retrieve(batch.id))

    async def download(self, output: str, file: Path) -> None:
        """Write a batch's results to a file; see `Service.download`.

        They are asked for where the batch was made, not where it says that they are: the key is for no other host.
        """
        with _told():
            response = await self._reading.get(
                f"/v1/messages/batches/{output}/results",
                cast_to=anthropic.AsyncAPIResponse[Any],
                options={"headers": {"Accept": "application/binary", "X-Stainless-Raw-Response": "stream"}},
            )
            try:
                with file.open("wb") as stream:
                    async for chunk in response.iter_bytes():
                        stream.write(chunk)
            finally:
                await response.close()

    async def close(self) -> None:
        """Close the connection pool."""
        await self._client.close()


def _batch(made: Any) -> Batch:
    counts = made.request_counts
    failed = counts.errored + counts.canceled + counts.expired
    ended = made.processing_status == "ended"
    return Batch(
        id=made.id,
        state=made.processing_status,
        ended=ended,
        total=counts.processing + counts.succeeded + failed,
        done=counts.succeeded,
        failed=failed,
        outputs=[made.id] if ended else [],
    )


@contextmanager
def _told() -> Iterator[None]:
    """The SDK's errors as `CallFailed`."""
    try:
        yield
    except (anthropic.AnthropicError, httpx2.HTTPError, ValueError, AttributeError, TypeError) as error:
        raise unreadable(failure(error, anthropic), error) from error
