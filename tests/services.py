"""Services on loopback that speak the wire formats, and the bodies of their answers.

A body says what a model answered, as JSON text, in the envelope of its format: `chat_body`, `responses_body`,
`anthropic_body`, `gemini_body`.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from extractor.providers.base import TokenCount

Json = dict[str, Any]

FUNCTION = "Extraction"
USAGE = TokenCount(100, 20)


@dataclass(frozen=True)
class Sent:
    """A request as the service got it; names of headers are in lower case."""

    path: str
    headers: dict[str, str]
    body: Json


@dataclass(frozen=True)
class Says:
    """What a service says: a status, headers and a body (JSON where it is no text and no bytes)."""

    body: Any = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Silence:
    """What a service says that leaves the client waiting until the test ends."""


@dataclass(frozen=True)
class HangUp:
    """What a service says that ends the connection instead; `abruptly` it is reset."""

    abruptly: bool = False


class LoopbackService:
    """A service whose answers a test scripts; `sent` holds the requests in the order in which they came.

    `answer` gets a request and gives `Says`, `Silence` or `HangUp`, or the body alone. Use it in a `with` statement.
    """

    def __init__(self, answer: Callable[[Sent], Any]) -> None:
        self.sent: list[Sent] = []
        self._answer = answer
        self._over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))

    @property
    def url(self) -> str:
        """The address, without any path."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def respond(self, request: Sent) -> Says | HangUp:
        """Note a request and answer it."""
        self.sent.append(request)
        answer = self._answer(request)
        if isinstance(answer, Silence):
            # Bounded, so that a client that would wait for ever fails its test instead.
            self._over.wait(30)
            return HangUp()
        return answer if isinstance(answer, Says | HangUp) else Says(answer)


class _Server(ThreadingHTTPServer):
    # Whoever has waited long enough is gone when the answer comes, and that is no fault of the server's.
    def handle_error(self, request: Any, client_address: Any) -> None: ...


def _handler(service: LoopbackService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None: ...

        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            says = service.respond(Sent(self.path, headers, sent))
            if isinstance(says, HangUp):
                if says.abruptly:
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                self.close_connection = True
                return
            self.send_response(says.status)
            data = says.body if isinstance(says.body, bytes | str) else json.dumps(says.body)
            data = data.encode() if isinstance(data, str) else data
            for name, value in {"Content-Type": "application/json", **says.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler


def chat_body(
    answer: str,
    *,
    usage: TokenCount | None = USAGE,
    model: str = "m",
    finish: str = "tool_calls",
    in_text: bool = False,
    **message: Any,
) -> Json:
    """A chat completion that calls the function with the answer, or says it `in_text`."""
    call = {"id": "call_x", "type": "function", "function": {"name": FUNCTION, "arguments": answer}}
    said = {"content": answer} if in_text else {"content": None, "tool_calls": [call]}
    return {
        "id": "chatcmpl-x",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "refusal": None, **said, **message},
                "finish_reason": finish,
                "logprobs": None,
            }
        ],
    } | _counted(
        usage,
        lambda count: {
            "usage": {
                "prompt_tokens": count.input,
                "completion_tokens": count.output,
                "total_tokens": count.input + count.output,
                "prompt_tokens_details": {"cached_tokens": count.cached},
            }
        },
    )


def responses_body(
    answer: str,
    *,
    usage: TokenCount | None = USAGE,
    model: str = "m",
    incomplete: str | None = None,
    refusal: str | None = None,
    **response: Any,
) -> Json:
    """A response of the Responses API whose message is the answer or a refusal."""
    part = {"type": "output_text", "text": answer, "annotations": []}
    content = [part if refusal is None else {"type": "refusal", "refusal": refusal}]
    message = {"type": "message", "id": "msg_x", "role": "assistant", "status": "completed", "content": content}
    return (
        {
            "id": "resp_x",
            "object": "response",
            "created_at": 1,
            "status": "incomplete" if incomplete else "completed",
            "error": None,
            "incomplete_details": {"reason": incomplete} if incomplete else None,
            "model": model,
            "output": [{"type": "reasoning", "id": "rs_x", "summary": []}, message],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
        }
        | _counted(
            usage,
            lambda count: {
                "usage": {
                    "input_tokens": count.input,
                    "input_tokens_details": {"cached_tokens": count.cached},
                    "output_tokens": count.output,
                    "output_tokens_details": {"reasoning_tokens": 0},
                    "total_tokens": count.input + count.output,
                }
            },
        )
        | response
    )


def anthropic_body(
    answer: str,
    *,
    usage: TokenCount | None = USAGE,
    model: str = "m",
    stop: str = "tool_use",
    in_text: bool = False,
    **message: Any,
) -> Json:
    """A message of Anthropic's that calls the tool with the answer, or says it `in_text` as it does no JSON."""
    thoughts = {"type": "thinking", "thinking": "", "signature": "x"}
    block = {"type": "text", "text": answer}
    if not in_text:
        try:
            block = {"type": "tool_use", "id": "toolu_x", "name": FUNCTION, "input": json.loads(answer)}
        except ValueError:
            stop = "end_turn" if stop == "tool_use" else stop
    return (
        {
            "id": "msg_x",
            "type": "message",
            "role": "assistant",
            "model": model,
            "content": [thoughts, block],
            "stop_reason": stop,
            "stop_sequence": None,
        }
        | _counted(
            usage,
            lambda count: {
                "usage": {
                    "input_tokens": count.input - count.cached - count.cache_written,
                    "cache_creation_input_tokens": count.cache_written,
                    "cache_read_input_tokens": count.cached,
                    "output_tokens": count.output,
                    "service_tier": "standard",
                }
            },
        )
        | message
    )


def gemini_body(
    answer: str,
    *,
    usage: TokenCount | None = USAGE,
    model: str = "m",
    finish: str = "STOP",
    thoughts: int = 0,
    **response: Any,
) -> Json:
    """Content that Gemini generated, whose text is the answer; `thoughts` of the tokens went before it."""
    parts = [{"text": "I think about it.", "thought": True}, {"text": answer}]
    return (
        {
            "candidates": [
                {
                    "content": {"parts": parts, "role": "model"},
                    "finishReason": finish,
                    "index": 0,
                    "safetyRatings": [{"category": "HARM_CATEGORY_OF_TOMORROW", "probability": "NEGLIGIBLE"}],
                }
            ],
            "modelVersion": model,
            "responseId": "x",
        }
        | _counted(
            usage,
            lambda count: {
                "usageMetadata": {
                    "promptTokenCount": count.input,
                    "cachedContentTokenCount": count.cached,
                    "candidatesTokenCount": count.output - thoughts,
                    "thoughtsTokenCount": thoughts,
                    "totalTokenCount": count.input + count.output,
                }
            },
        )
        | response
    )


def _counted(usage: TokenCount | None, rendered: Callable[[TokenCount], Json]) -> Json:
    return {} if usage is None else rendered(usage)
