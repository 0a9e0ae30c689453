"""OpenAI's files and batches endpoints over its SDK; Azure, Groq and others have the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import httpx2
import openai

from extractor.batch.formats import unreadable
from extractor.batch.manifest import Batch
from extractor.providers.connection import Connection
from extractor.providers.stainless import failure
from extractor.redaction import redacted

_ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
# Clocks differ.
_LEEWAY = timedelta(hours=1)


class OpenAIBatches:
    """The endpoints of a service, for batches of requests to one of its own, such as `/v1/responses`."""

    def __init__(self, endpoint: str, connection: Connection) -> None:
        self._endpoint: Any = endpoint
        unbounded = replace(connection, bounded=False)
        self._client = openai.AsyncOpenAI(
            base_url=connection.base_url,
            api_key=connection.api_key or "none",
            max_retries=0,
            timeout=connection.timeouts,
            http_client=unbounded.client(),
        )
        # What only reads may be asked for again.
        self._reading = self._client.with_options(max_retries=3)

    async def create(self, file: Path, label: str) -> Batch:
        """Upload a file and make a batch of it; see `Service.create`."""
        with _told():
            uploaded = await self._client.files.create(file=file, purpose="batch")
            window: Literal["24h"] = "24h"
            made = await self._client.batches.create(
                completion_window=window,
                endpoint=self._endpoint,
                input_file_id=uploaded.id,
                metadata={"extract": label},
            )
            return _batch(made)

    async def find(self, label: str, begun: str, requests: int) -> list[Batch]:  # noqa: ARG002 - labels tell apart
        """The batch that was made under a label; see `Service.find`."""
        earliest = (datetime.fromisoformat(begun) - _LEEWAY).timestamp()
        with _told():
            async for made in self._reading.batches.list(limit=100):
                if (made.metadata or {}).get("extract") == label:
                    return [_batch(made)]
                if made.created_at < earliest:
                    break
        return []

    async def state(self, batch: Batch) -> Batch:
        """The batch as it stands now; see `Service.state`."""
        with _told():
            return _batch(await self._reading.batches.retrieve(batch.id))

    async def download(self, output: str, file: Path) -> None:
        """Write an output file of a batch to a file; see `Service.download`."""
        with _told():
            async with self._reading.files.with_streaming_response.content(output) as response:
                await response.stream_to_file(file)

    async def close(self) -> None:
        """Close the connection pool."""
        await self._client.close()


def _batch(made: Any) -> Batch:
    counts, errors = made.request_counts, getattr(made.errors, "data", None) or ()
    return Batch(
        id=made.id,
        state=made.status,
        ended=made.status in _ENDED,
        total=counts.total if counts else 0,
        done=counts.completed if counts else 0,
        failed=counts.failed if counts else 0,
        problem=redacted("; ".join(str(error.message or error.code) for error in errors)[:500]),
        outputs=[name for name in (made.output_file_id, made.error_file_id) if name],
    )


@contextmanager
def _told() -> Iterator[None]:
    """The SDK's errors as `CallFailed`."""
    try:
        yield
    except (openai.OpenAIError, httpx2.HTTPError, ValueError, AttributeError, TypeError) as error:
        raise unreadable(failure(error, openai), error) from error
