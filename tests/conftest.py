"""What the tests share: the project's folders, a scripted model, and an OpenAI-compatible server on loopback."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from extractor.cli import main

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
FIXTURES = ROOT / "fixtures"

Answer = dict[str, Any] | str

# A shell starts background jobs with interrupts ignored, and their children inherit it; the tests send interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections to anywhere but this machine are refused, and no setting of the tester's reaches a test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    for name in [name for name in os.environ if name.startswith(("EXTRACT_", "OPENAI_"))]:
        monkeypatch.delenv(name)


@dataclass
class Service:
    """An OpenAI-compatible endpoint on loopback whose answers a test scripts.

    `answer` gets the request's body and gives the arguments of the tool call, the text of the arguments, or a
    whole response as (status, headers, body). `requests` holds the bodies in the order in which they came.
    """

    answer: Callable[[dict[str, Any]], Any]
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def respond(self, body: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        answer = self.answer(body)
        if isinstance(answer, tuple):
            return answer
        return 200, {}, chat_completion(body, answer)


def chat_completion(body: dict[str, Any], answer: Answer, **choice: Any) -> dict[str, Any]:
    """A chat completion that calls the request's tool with the answer as its arguments."""
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    name = body["tools"][0]["function"]["name"]
    call = {"id": "call_x", "type": "function", "function": {"name": name, "arguments": text}}
    message = {"role": "assistant", "content": None, "refusal": None, "tool_calls": [call]}
    return {
        "id": "chatcmpl-x",
        "object": "chat.completion",
        "created": 1,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls", "logprobs": None} | choice],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[dict[str, Any]], Any]], Service]]:
    """Start a service with a function that answers; it ends with the test."""
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Callable[[dict[str, Any]], Any]) -> Service:
        service = Service(answer)
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(service))
        service.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return service

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            service.requests.append(body)
            service.headers.append(dict(self.headers))
            status, headers, answer = service.respond(body)
            data = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

    return Handler


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def extract(tmp_path: Path) -> Callable[..., Finished]:
    """Run the `extract` command as its user does, in a folder of its own unless `cwd` says otherwise."""

    def run(*arguments: str | Path, cwd: Path = tmp_path, **environment: str) -> Finished:
        command = [sys.executable, "-m", "extractor.cli", *map(str, arguments)]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("EXTRACT_", "OPENAI_"))}
        done = subprocess.run(
            command, cwd=cwd, env={**clean, **environment}, capture_output=True, text=True, timeout=120, check=False
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Finished]:
    """Run the command within this process: for commands whose libraries take long to load."""

    def run_here(*arguments: str | Path) -> Finished:
        monkeypatch.setattr(sys, "argv", ["extract", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Finished(int(ended.value.code or 0), told.out, told.err)

    return run_here


def actor(name: str, *, role: str | None = None, country: str | None = None, kind: str = "state") -> dict[str, Any]:
    """An actor as a model gives it."""
    return {"name": name, "role": role, "country": country, "kind": kind}


def action(*evidence: str, **fields: Any) -> dict[str, Any]:
    """A diplomatic action as a model gives it: an expulsion that was ordered, unless told otherwise."""
    return {
        "evidence": list(evidence),
        "date_text": None,
        "is_background": False,
        "reported_by": None,
        "action": "expulsion",
        "status": "ordered",
        "actors": [],
        "targets": [],
        "status_by": None,
        "count": None,
        "count_unit": None,
        "count_breakdown": [],
        "places": [],
        "legal_term": None,
        "deadline": None,
        "reason": None,
        "in_response_to": None,
    } | fields


def sanction(*evidence: str, **fields: Any) -> dict[str, Any]:
    """A sanction as a model gives it."""
    return {
        "evidence": list(evidence),
        "date_text": None,
        "is_background": False,
        "reported_by": None,
        "status": "imposed",
        "direction": "impose",
        "senders": [],
        "authority": None,
        "targets": [],
        "target_count": None,
        "target_count_is_total": None,
        "measures": ["unspecified"],
        "program": None,
        "instrument": None,
        "reason": None,
        "start_text": None,
        "end_text": None,
        "listing_text": None,
    } | fields


def statement(*evidence: str, **fields: Any) -> dict[str, Any]:
    """A statement as a model gives it."""
    return {
        "evidence": list(evidence),
        "date_text": None,
        "is_background": False,
        "reported_by": None,
        "speaker": None,
        "target": None,
        "on_behalf_of": None,
        "addressee": None,
        "medium": None,
        "act": "assert",
        "content": "",
        "quotes": [],
        "quotation": "indirect",
        "about": None,
    } | fields


def answer(**lists: list[dict[str, Any]]) -> dict[str, Any]:
    """A model's whole answer; lists that are not named are empty."""
    return {"actions": [], "sanctions": [], "statements": []} | lists
