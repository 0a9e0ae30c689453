"""A model on loopback, in a process of its own: OpenAI's chat completions, with latency, refusals and faults by seed.

    python -m benchmarks.loopback '{"median": 0.2}'

It reads `Behaviour` as JSON, prints its port, and serves until it is killed. Whoever asks meets the same: the latency
of an article depends on its number alone, and so does which requests are refused. An answer that tells a part of the
article's records, as of a chunk of it, takes that part of the time: what a model takes goes with what it writes.
Only the standard library is imported, and no HTTP library, so that the service is faster than any client.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import math
import random
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.answers import answer_to

_ROOT = Path(__file__).parents[1]
_HEAD = b"\r\n\r\n"
_REASONS = {200: "OK", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error"}
_SHORTEST = 0.1


@dataclass(frozen=True)
class Behaviour:
    """How the service answers.

    Latencies in seconds are lognormal with this `median` and `sigma`; of all requests the share `throttled` is refused
    with HTTP 429, which asks to wait `retry_after` seconds. The article numbered `fails` gets HTTP 500 always, and the
    one numbered `malformed` half an answer. `records` is how many of each kind it tells at most.
    """

    median: float = 0.0
    sigma: float = 0.5
    throttled: float = 0.0
    retry_after: float = 0.2
    fails: int | None = None
    malformed: int | None = None
    records: int | None = None
    seed: int = 1

    def latency(self, number: int) -> float:
        """The seconds that a whole answer about an article takes."""
        if not self.median:
            return 0.0
        return random.Random(f"{self.seed}:{number}").lognormvariate(math.log(self.median), self.sigma)

    def mean_latency(self, count: int) -> float:
        """The mean over the first so many articles."""
        return sum(map(self.latency, range(count))) / count

    def refuses(self, number: int, turn: int) -> bool:
        """Whether the request about an article that is its `turn`th, from 0, is refused."""
        return random.Random(f"{self.seed}:{number}:{turn}").random() < self.throttled


@dataclass
class Counts:
    """What came: refusals are those with 429, failures those with 500; `answered` has answers by article number."""

    requests: int = 0
    prompt_characters: int = 0
    refused: int = 0
    failed: int = 0
    most_at_once: int = 0
    answered: dict[str, int] = field(default_factory=dict)

    @property
    def paid(self) -> int:
        """All answers."""
        return sum(self.answered.values())


class Service:
    """Answers requests' bodies by a behaviour, and counts."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.counts = Counts()
        self.turns: dict[int, int] = {}
        self.at_once = 0

    def answer(self, body: bytes) -> tuple[float, int, bytes, str]:
        """After how many seconds which status, body and further headers are sent."""
        request: dict[str, Any] = json.loads(body)
        found = answer_to(request, self.behaviour.records)
        number, counts = found.number, self.counts
        if number is None:
            return 0.0, 200, found.body(), ""
        turn = self.turns[number] = self.turns.get(number, -1) + 1
        counts.requests += 1
        counts.prompt_characters += sum(len(message.get("content") or "") for message in request["messages"])
        if self.behaviour.refuses(number, turn):
            counts.refused += 1
            wait = self.behaviour.retry_after
            asked = f"retry-after-ms: {wait * 1000:.0f}\r\nretry-after: {math.ceil(wait)}\r\n"
            return 0.0, 429, _error("Rate limit reached"), asked
        if number == self.behaviour.fails:
            counts.failed += 1
            return 0.0, 500, _error("The server had an error"), ""
        counts.answered[str(number)] = counts.answered.get(str(number), 0) + 1
        latency = self.behaviour.latency(number) * max(found.share, _SHORTEST)
        return latency, 200, found.body(cut=number == self.behaviour.malformed), ""


class Connection(asyncio.Protocol):
    """One client's connection: requests one after the other, as HTTP/1.1 clients send them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- a killed client is no fault
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(_HEAD)
        if end < 0:
            return
        head = bytes(self._received[:end]).decode("latin-1").lower()
        length = next((int(line[15:]) for line in head.splitlines() if line.startswith("content-length:")), 0)
        if len(self._received) < end + len(_HEAD) + length:
            return
        body = bytes(self._received[end + len(_HEAD) : end + len(_HEAD) + length])
        self._received.clear()
        self._serve(head, body)

    def _serve(self, head: str, body: bytes) -> None:
        if head.startswith("get /counts"):
            self._send(200, json.dumps(asdict(self._service.counts)).encode(), "")
        elif head.startswith("post /behave"):
            self._service.__init__(Behaviour(**json.loads(body)))  # type: ignore[misc]
            self._send(200, b"{}", "")
        elif "/chat/completions" in head.partition("\n")[0]:
            self._complete(body)
        else:
            self._send(404, _error("no such path"), "")

    def _complete(self, body: bytes) -> None:
        service = self._service
        latency, status, answer, headers = service.answer(body)
        service.at_once += 1
        service.counts.most_at_once = max(service.counts.most_at_once, service.at_once)

        def send() -> None:
            service.at_once -= 1
            self._send(status, answer, headers)

        if latency:
            asyncio.get_running_loop().call_later(latency, send)
        else:
            send()

    def _send(self, status: int, body: bytes, headers: str) -> None:
        if self._transport is None:
            return
        head = (
            f"HTTP/1.1 {status} {_REASONS[status]}\r\ncontent-type: application/json\r\n{headers}"
            f"content-length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)


def _error(message: str) -> bytes:
    return json.dumps({"error": {"message": message, "type": "error", "param": None, "code": None}}).encode()


class Loopback:
    """The service in a process of its own. Use it in a `with` statement."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.loopback"], cwd=_ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline())

    @property
    def url(self) -> str:
        """The address, without any path."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def behave(self, behaviour: Behaviour) -> None:
        """Answer so from now on, and count anew."""
        self._ask("POST", "/behave", json.dumps(asdict(behaviour)))

    def counts(self) -> Counts:
        """What has come since it last began to count."""
        return Counts(**json.loads(self._ask("GET", "/counts")))

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request(method, path, body)
            return connection.getresponse().read()
        finally:
            connection.close()


async def serve(behaviour: Behaviour) -> None:
    """Serve on a free port, which is printed."""
    service = Service(behaviour)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(service), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(Behaviour(**json.loads(sys.argv[1] if len(sys.argv) > 1 else "{}"))))
