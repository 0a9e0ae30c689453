"""The Gemini API's batches: their format, and their endpoints over the google-genai SDK.

Source: https://ai.google.dev/gemini-api/docs/batch-api.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from google.genai import errors, types
from pydantic import ValidationError

from extractor.batch.formats import Result
from extractor.batch.manifest import Batch
from extractor.providers.base import Json
from extractor.providers.connection import Connection
from extractor.providers.google_genai import open_client
from extractor.providers.wire import CallFailed, too_late, unreached

_ENDED = frozenset({"SUCCEEDED", "PARTIALLY_SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED"})
# The HTTP status with which a live call tells an error that a line tells by its code in gRPC.
# Source: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto.
_STATUS = {1: 499, 3: 400, 4: 504, 5: 404, 7: 403, 8: 429, 9: 400, 11: 400, 13: 500, 14: 503, 16: 401}
# Clocks differ.
_LEEWAY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class GoogleFormat:
    """A line holds a request under a key."""

    # The API states no number of requests; a file has two gigabytes at most.
    most_requests: int = 1_000_000
    most_bytes: int = 2_000_000_000

    def line(self, custom_id: str, body: Json) -> Json:
        """A request as a line; see `Format.line`."""
        return {"key": custom_id, "request": body}

    def result(self, line: Json) -> Result:
        """A line of results; see `Format.result`."""
        custom_id, error = str(line["key"]), line.get("error")
        if error is None:
            return Result(custom_id, 200, line["response"])
        status = _STATUS.get(error.get("code"), 500)
        return Result(custom_id, status, {"error": {"code": status, "message": str(error.get("message", ""))}})


class GoogleBatches:
    """The endpoints of the service, for one model."""

    def __init__(self, model: str, connection: Connection) -> None:
        self._model = model
        self._client, self._http = open_client(replace(connection, bounded=False))

    async def create(self, file: Path, label: str) -> Batch:
        """Upload a file and make a batch of it; see `Service.create`."""
        with _told():
            uploaded = await self._client.aio.files.upload(file=file, config=types.UploadFileConfig(mime_type="jsonl"))
            made = await self._client.aio.batches.create(
                model=self._model,
                src=str(uploaded.name),
                config=types.CreateBatchJobConfig(display_name=label),
            )
            return _batch(made)

    async def find(self, label: str, begun: str, requests: int) -> list[Batch]:  # noqa: ARG002 - labels tell apart
        """The batch that was made under a label; see `Service.find`."""
        earliest, found = datetime.fromisoformat(begun) - _LEEWAY, []
        with _told():
            async for made in await self._client.aio.batches.list(config=types.ListBatchJobsConfig(page_size=100)):
                if made.create_time and made.create_time < earliest:
                    break
                if made.display_name == label:
                    found.append(_batch(made))
        return found

    async def state(self, batch: Batch) -> Batch:
        """The batch as it stands now; see `Service.state`."""
        with _told():
            return _batch(await self._client.aio.batches.get(name=batch.id))

    async def download(self, output: str, file: Path) -> None:
        """Write a batch's results to a file; see `Service.download`."""
        with _told():
            await self._client.aio.files.download(file=output, destination=str(file))

    async def close(self) -> None:
        """Close the connection pool."""
        await self._http.aclose()
        self._client.close()


def _batch(made: Any) -> Batch:
    """A batch as it stands; the SDK passes its counts on only for the other of Google's services."""
    state = made.state.value.removeprefix("JOB_STATE_") if made.state else ""
    output = made.dest.file_name if made.dest else None
    return Batch(
        id=made.name,
        state=state.lower(),
        ended=state in _ENDED,
        outputs=[output] if output else [],
    )


@contextmanager
def _told() -> Iterator[None]:
    """The SDK's errors as `CallFailed`."""
    try:
        yield
    except httpx2.TimeoutException as error:
        raise too_late(error) from error
    except httpx2.HTTPError as error:
        raise unreached(error) from error
    except (errors.APIError, ValidationError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise CallFailed(f"its answer cannot be read ({type(error).__name__})", status=500) from error
