"""A model's wire without a network: the body that a request has there, and the completion that a body is.

Both go through the wire that live calls go through, SDK and all, with a transport of its own in place of the network:
what a batch file holds is what a run would send, and its results are read as a run would read them.
"""

from __future__ import annotations

import contextlib
import json
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import httpx2

from extractor.providers.base import Completion, Json, Request
from extractor.providers.connection import Connection
from extractor.providers.live import answer_in, refuse_oversized
from extractor.providers.opening import address_of, open_wire
from extractor.providers.table import parse_model_name
from extractor.providers.wire import CallFailed


@dataclass(slots=True)
class _Exchange:
    """What is answered, and what was sent; the answer's default is one that no SDK sends a request again for."""

    status: int = 400
    body: Any = field(default_factory=dict)
    sent: Json = field(default_factory=dict)


_current: ContextVar[_Exchange] = ContextVar("exchange")


class _NoNetwork(httpx2.AsyncBaseTransport):
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        exchange = _current.get()
        exchange.sent = json.loads(await request.aread())
        content = json.dumps(exchange.body).encode()
        return httpx2.Response(exchange.status, headers={"Content-Type": "application/json"}, content=content)


class OfflineWire:
    """One model's wire, by its name; neither a key nor a route to its service is needed.

    Raises:
        UnknownModel: the provider is unknown.
        UsageError: the provider needs a base URL and none is given, or what is given is none.
        MissingExtra: the provider's package is not installed.
    """

    def __init__(self, name: str, base_url: str | None = None) -> None:
        model = parse_model_name(name)
        connection = Connection(address_of(model, base_url), "", 600.0, 10.0, transport=_NoNetwork())
        self._wire = open_wire(model, connection)

    async def body_of(self, request: Request) -> Json:
        """The JSON body with which the request would be sent."""
        exchange = _Exchange()
        token = _current.set(exchange)
        try:
            with contextlib.suppress(CallFailed):
                await self._wire.send(request)
        finally:
            _current.reset(token)
        return exchange.sent

    async def completion_of(self, request: Request, status: int, body: Any) -> Completion:
        """The completion that an HTTP status and a JSON body are as the answer to a request.

        Raises:
            CallFailed: they are a failure, and for another reason than the article itself.
            Unusable: they are no completion.
        """
        token = _current.set(_Exchange(status, body))
        try:
            reply = await self._wire.send(request)
        except CallFailed as failure:
            answer = answer_in(failure)
            if answer is None:
                raise
            return answer
        finally:
            _current.reset(token)
        refuse_oversized(reply)
        return reply.completion

    async def close(self) -> None:
        """Let go of the client."""
        await self._wire.close()
