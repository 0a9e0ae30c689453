"""Files and batches endpoints on loopback: OpenAI's, Anthropic's and Google's, with live calls beside them.

What a test scripts is how one request is answered; a batch answers its requests so once the test ends it.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Json = dict[str, Any]
# A request's body to a status and the body of the answer.
Answer = Callable[[Json], tuple[int, Any]]


@dataclass
class Made:
    """A batch: its lines, how many of them are answered before it ends, and its state in the provider's word."""

    id: str
    lines: list[Json]
    fields: Json
    state: str
    answered: int = 0
    ended: bool = False


@dataclass
class BatchHouse:
    """A service with files and batches; `fail` is what it says to every request instead, `seen` what it was asked."""

    answer: Answer
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, Made] = field(default_factory=dict)
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    live: list[Json] = field(default_factory=list)
    fail: tuple[int, Any] | None = None
    # Methods and paths whose answer is lost on its way, though the request was carried out.
    lost: set[tuple[str, str]] = field(default_factory=set)
    # So many further requests are answered with HTTP 500.
    stumbles: int = 0

    running, completed, expired = "", "", ""

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """What --base-url takes."""
        return self.address

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def made(self, lines: list[Json], **fields: Any) -> Made:
        batch = Made(f"batch_{next(self._numbers)}", lines, fields, self.running)
        self.batches[batch.id] = batch
        return batch

    def end(self, state: str | None = None, *, answered: int | None = None) -> None:
        """End every batch that is at work; of each so many requests are answered, and the others not."""
        for batch in [batch for batch in self.batches.values() if not batch.ended]:
            batch.ended, batch.state = True, state or self.completed
            batch.answered = len(batch.lines) if answered is None else answered

    def results(self, batch: Made) -> bytes:
        """The results of an ended batch, in another order than the requests'."""
        done = [self.done(line) for line in batch.lines[: batch.answered]]
        undone = [self.undone(line, batch) for line in batch.lines[batch.answered :]]
        return lines_of([*reversed(done), *[line for line in undone if line]])

    def body_of(self, line: Json) -> Json:
        raise NotImplementedError

    def done(self, line: Json) -> Json:
        raise NotImplementedError

    def undone(self, line: Json, batch: Made) -> Json | None:
        raise NotImplementedError

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], Any]:
        raise NotImplementedError


def lines_of(items: list[Json]) -> bytes:
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


class OpenAIHouse(BatchHouse):
    running, completed, expired = "in_progress", "completed", "expired"

    @property
    def url(self) -> str:
        return f"{self.address}/v1"

    def done(self, line: Json) -> Json:
        status, body = self.answer(line["body"])
        response = {"status_code": status, "request_id": "req_x", "body": body}
        return {"id": "batch_req_x", "custom_id": line["custom_id"], "response": response, "error": None}

    def undone(self, line: Json, batch: Made) -> Json | None:
        if batch.state == "cancelled":
            return None
        error = {"code": "batch_expired", "message": "This request could not be executed before the batch expired."}
        return {"id": "batch_req_x", "custom_id": line["custom_id"], "response": None, "error": error}

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], Any]:
        match method, path.partition("?")[0].split("/")[2:]:
            case "POST", ["files"]:
                name = f"file-{next(self._numbers)}"
                self.files[name] = _part(headers, body, "file")
                return 200, {}, {"id": name, "object": "file", "bytes": 1, "created_at": 1, "filename": "x",
                                 "purpose": "batch", "status": "processed"}  # fmt: skip
            case "POST", ["batches"]:
                asked = json.loads(body)
                lines = [json.loads(line) for line in self.files[asked["input_file_id"]].splitlines()]
                assert {line["url"] for line in lines} == {asked["endpoint"]}
                return 200, {}, self._told(self.made(lines, **asked))
            case "GET", ["batches"]:
                return 200, {}, {"object": "list", "data": [self._told(b) for b in self.batches.values()],
                                 "has_more": False}  # fmt: skip
            case "GET", ["batches", name]:
                return 200, {}, self._told(self.batches[name])
            case "GET", ["files", name, "content"]:
                return 200, {"Content-Type": "application/octet-stream"}, self._output(name)
        self.live.append(json.loads(body))
        status, said = self.answer(json.loads(body))
        return status, {}, said

    def _output(self, name: str) -> bytes:
        kind, _, batch = name.partition("-")
        lines = self.results(self.batches[batch]).splitlines(keepends=True)
        good = [line for line in lines if (json.loads(line)["response"] or {}).get("status_code") == 200]
        return b"".join(good if kind == "output" else [line for line in lines if line not in good])

    def _told(self, batch: Made) -> Json:
        outputs = {kind: self._output(f"{kind}-{batch.id}") if batch.ended else b"" for kind in ("output", "error")}
        return {
            "id": batch.id, "object": "batch", "created_at": 4_000_000_000, "status": batch.state,
            "endpoint": batch.fields["endpoint"], "completion_window": batch.fields["completion_window"],
            "input_file_id": batch.fields["input_file_id"], "metadata": batch.fields.get("metadata"),
            "errors": {"object": "list", "data": [{"code": "bad", "message": "A line is bad.", "line": 1}]}
            if batch.state == "failed" else None,
            "output_file_id": f"output-{batch.id}" if outputs["output"] else None,
            "error_file_id": f"error-{batch.id}" if outputs["error"] else None,
            "request_counts": {"total": len(batch.lines), "completed": batch.answered,
                               "failed": (len(batch.lines) - batch.answered) * batch.ended},
        }  # fmt: skip


class AnthropicHouse(BatchHouse):
    running, completed, expired = "in_progress", "ended", "ended"

    def done(self, line: Json) -> Json:
        status, body = self.answer(line["params"])
        result = {"type": "succeeded", "message": body} if status == 200 else {"type": "errored", "error": body}
        return {"custom_id": line["custom_id"], "result": result}

    def undone(self, line: Json, batch: Made) -> Json | None:
        return {"custom_id": line["custom_id"], "result": {"type": "expired"}}

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], Any]:
        match method, path.partition("?")[0].split("/")[3:]:
            case "POST", ["batches"]:
                return 200, {}, self._told(self.made(json.loads(body)["requests"]))
            case "GET", ["batches"]:
                data = [self._told(batch) for batch in self.batches.values()]
                return 200, {}, {"data": data, "has_more": False, "first_id": None, "last_id": None}
            case "GET", ["batches", name]:
                return 200, {}, self._told(self.batches[name])
            case "GET", ["batches", name, "results"]:
                return 200, {"Content-Type": "application/x-jsonl"}, self.results(self.batches[name])
        self.live.append(json.loads(body))
        status, said = self.answer(json.loads(body))
        return status, {}, said

    def _told(self, batch: Made) -> Json:
        open_, expired = (len(batch.lines), 0) if not batch.ended else (0, len(batch.lines) - batch.answered)
        return {
            "id": batch.id, "type": "message_batch", "processing_status": batch.state,
            "request_counts": {"processing": open_, "succeeded": batch.answered, "errored": 0, "canceled": 0,
                               "expired": expired},
            "created_at": "2096-10-14T00:00:00Z", "expires_at": "2096-10-15T00:00:00Z", "archived_at": None,
            "cancel_initiated_at": None, "ended_at": "2096-10-14T01:00:00Z" if batch.ended else None,
            # Elsewhere: the key must not follow it.
            "results_url": "http://example.org/results" if batch.ended else None,
        }  # fmt: skip


class GoogleHouse(BatchHouse):
    running, completed, expired = "BATCH_STATE_RUNNING", "BATCH_STATE_SUCCEEDED", "BATCH_STATE_EXPIRED"

    def done(self, line: Json) -> Json:
        status, body = self.answer(line["request"])
        said = {"response": body} if status == 200 else {"error": {"code": 3, "message": body["error"]["message"]}}
        return {"key": line["key"], **said}

    def undone(self, line: Json, batch: Made) -> Json | None:
        return {"key": line["key"], "error": {"code": 4, "message": "The batch expired."}}

    def respond(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], Any]:
        place = path.partition("?")[0]
        if "upload" in place:
            return self._upload(place, body)
        if place.startswith("/v1beta/batches") or place.endswith(":batchGenerateContent"):
            return 200, {}, self._batches(place, body)
        if found := re.search(r"/files/of(.+):download", place):
            return 200, {"Content-Type": "application/jsonl"}, self.results(self.batches[found[1]])
        self.live.append(json.loads(body))
        status, said = self.answer(json.loads(body))
        return status, {}, said

    def _upload(self, place: str, body: bytes) -> tuple[int, dict[str, str], Any]:
        if place != "/uploading":
            return 200, {"X-Goog-Upload-URL": f"{self.address}/uploading", "X-Goog-Upload-Status": "active"}, {}
        name = f"files/f{next(self._numbers)}"
        self.files[name] = body
        return 200, {"X-Goog-Upload-Status": "final"}, {"file": {"name": name, "mimeType": "application/jsonl"}}

    def _batches(self, place: str, body: bytes) -> Json:
        if body:
            asked = json.loads(body)["batch"]
            lines = [json.loads(line) for line in self.files[asked["inputConfig"]["fileName"]].splitlines()]
            return self._told(self.made(lines, name=asked.get("displayName")))
        if place.endswith("/batches"):
            return {"operations": [self._told(batch) for batch in self.batches.values()]}
        return self._told(self.batches[place.rpartition("/")[2]])

    def _told(self, batch: Made) -> Json:
        metadata: Json = {
            "@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch",
            "model": "models/m", "displayName": batch.fields["name"], "state": batch.state,
            "createTime": "2096-10-14T00:00:00.1Z", "name": f"batches/{batch.id}",
            "batchStats": {"requestCount": str(len(batch.lines)), "successfulRequestCount": str(batch.answered)},
        }  # fmt: skip
        told: Json = {"name": f"batches/{batch.id}", "metadata": metadata}
        if batch.ended and batch.answered:
            metadata["output"] = {"responsesFile": f"files/of{batch.id}"}
            told |= {"done": True, "response": {"responsesFile": f"files/of{batch.id}"}}
        return told


def _part(headers: dict[str, str], body: bytes, name: str) -> bytes:
    """The content of one part of a form."""
    boundary = headers["content-type"].partition("boundary=")[2].strip('"').encode()
    for part in body.split(b"--" + boundary):
        head, _, content = part.partition(b"\r\n\r\n")
        if f'name="{name}"'.encode() in head:
            return content.removesuffix(b"\r\n")
    raise AssertionError(f"the form has no {name}")


def _handler(house: BatchHouse) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None: ...

        def do_GET(self) -> None:
            self._respond("GET")

        def do_POST(self) -> None:
            self._respond("POST")

        def _respond(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            house.seen.append((method, self.path, headers))
            if house.stumbles:
                house.stumbles -= 1
                status, more, said = 500, {"retry-after-ms": "1"}, {}
            elif house.fail is not None:
                status, more, said = house.fail[0], {}, house.fail[1]
            else:
                status, more, said = house.respond(method, self.path, headers, body)
            if (method, self.path) in house.lost:
                self.close_connection = True
                return
            data = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **more}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    return Handler
