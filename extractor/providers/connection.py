"""The HTTP client that every vendor's SDK is given: bounded in time and in size."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2

from extractor.redaction import RedactingFilter

# The SDKs and the HTTP client log headers and bodies where OPENAI_LOG, ANTHROPIC_LOG or the program around asks for it.
for _name in (
    "openai._base_client",
    "anthropic._base_client",
    "google_genai._api_client",
    "httpx2",
    "httpcore2.http11",
):
    logging.getLogger(_name).addFilter(RedactingFilter())

# No article has so much to tell; what runs on without end has more.
MOST_BYTES = 8_000_000
# Seconds. The pool looks at every idle connection before and after every request: more than a quick service needs are
# not kept for long.
_IDLE_FOR = 2.0


class TooManyBytes(Exception):
    """A response went on beyond any honest answer."""


@dataclass(frozen=True, slots=True)
class Connection:
    """How a service is reached; `connect_timeout` and `timeout` (of silence) are in seconds.

    What is not `bounded` may answer with more than 8 MB, as files do. A `transport` stands in place of the network.
    """

    base_url: str
    api_key: str
    timeout: float
    connect_timeout: float
    bounded: bool = True
    transport: httpx2.AsyncBaseTransport | None = None

    @property
    def timeouts(self) -> httpx2.Timeout:
        """As the SDKs take them."""
        return httpx2.Timeout(self.timeout, connect=self.connect_timeout)

    def client(self) -> httpx2.AsyncClient:
        """A new HTTP client, in whose responses `TooManyBytes` is raised beyond 8 MB where they are bounded.

        Proxies and certificates of the environment are honoured. Redirects are not followed: a key must not travel
        to another host.
        """
        return httpx2.AsyncClient(
            timeout=self.timeouts,
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=_IDLE_FOR),
            event_hooks={"response": [_bound] if self.bounded else []},
            transport=self.transport,
        )


async def _bound(response: httpx2.Response) -> None:
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _BoundedStream(response.stream)


class _BoundedStream(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count = 0
        async for chunk in self._stream:
            count += len(chunk)
            if count > MOST_BYTES:
                raise TooManyBytes
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
