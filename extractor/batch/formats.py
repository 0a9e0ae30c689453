"""What the providers' batch APIs have in common: a format of files, and a service that takes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from extractor.batch.manifest import Batch
from extractor.errors import ProviderError, ProviderRefused, ProviderUnreachable
from extractor.providers.base import Json
from extractor.providers.opening import Terms, connection_to
from extractor.providers.table import PROVIDERS, parse_model_name
from extractor.providers.wire import CallFailed
from extractor.redaction import redacted


@dataclass(frozen=True, slots=True)
class Result:
    """A line of results: an HTTP status and a body, or the problem that there is in their place."""

    custom_id: str
    status: int | None = None
    body: Any = None
    problem: str = ""


class Format(Protocol):
    """How one provider's batch files are written and read.

    `most_requests` and `most_bytes` are what it takes in one file.
    """

    @property
    def most_requests(self) -> int:
        """The most requests of a file."""
        ...

    @property
    def most_bytes(self) -> int:
        """The most bytes of a file."""
        ...

    def line(self, custom_id: str, body: Json) -> Json:
        """A request as a line."""
        ...

    def result(self, line: Json) -> Result:
        """A line of results.

        Raises:
            KeyError, TypeError, AttributeError: it is none.
        """
        ...


class Service(Protocol):
    """A provider's endpoints for files and batches.

    Raises, everywhere:
        CallFailed: the service failed or refused.
    """

    async def create(self, file: Path, label: str) -> Batch:
        """Upload a file and make a batch of it, which can be found again by its label."""
        ...

    async def find(self, label: str, begun: str, requests: int) -> list[Batch]:
        """The batches that may have been made under a label, of so many requests, since a time (ISO 8601, UTC)."""
        ...

    async def state(self, batch: Batch) -> Batch:
        """The batch as it stands now."""
        ...

    async def download(self, output: str, file: Path) -> None:
        """Write one of a batch's outputs to a file."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


def format_of(model: str) -> Format:
    """The format of a model's provider; that of OpenAI, which others have taken over, where it has none of its own."""
    row = PROVIDERS[parse_model_name(model).provider]
    match row.api:
        case "anthropic":
            from extractor.batch.anthropic_batches import AnthropicFormat

            return AnthropicFormat()
        case "google":
            from extractor.batch.google_batches import GoogleFormat

            return GoogleFormat()
        case api:
            from extractor.batch.openai_format import OpenAIFormat

            return OpenAIFormat("/v1/responses" if api == "responses" else "/v1/chat/completions")


def open_service(model: str, terms: Terms) -> Service:
    """The batch endpoints of a model's provider; no connection is made before the first request.

    Raises:
        UsageError: the provider needs a base URL and none is given.
        MissingKey: the provider needs a key and its variable is not set.
    """
    name = parse_model_name(model)
    connection = connection_to(name, terms)
    match PROVIDERS[name.provider].api:
        case "anthropic":
            from extractor.batch.anthropic_batches import AnthropicBatches

            return AnthropicBatches(connection)
        case "google":
            from extractor.batch.google_batches import GoogleBatches

            return GoogleBatches(name.model, connection)
        case api:
            from extractor.batch.openai_batches import OpenAIBatches

            return OpenAIBatches("/v1/responses" if api == "responses" else "/v1/chat/completions", connection)


def unreadable(found: Exception, error: Exception) -> Exception:
    """A failure as `CallFailed`: of the service, too, where the SDK could not read it or the network broke off."""
    if isinstance(found, CallFailed):
        return found
    return CallFailed(f"its answer cannot be read ({type(error).__name__})", status=500)


def refusal(failure: CallFailed, model: str) -> ProviderError:
    """A failure of the service as an error that a user can act on."""
    said = redacted(failure.said)
    if failure.status is None:
        return ProviderUnreachable(f"The batch service of {model} cannot be reached: {said}.", "Run it again later.")
    if failure.status in (408, 409, 429) or failure.status >= 500:
        return ProviderUnreachable(f"The batch service of {model} failed: {said}.", "Run it again later.")
    return ProviderRefused(
        f"The batch service of {model} refused: {said}.",
        "Check the key, the model and --base-url. Without batch endpoints, have the files answered elsewhere.",
    )
