"""Runs that are killed and resumed, beside a model in a process of its own that notes what it is asked.

`python -m tests.killing --rounds 50` kills as many runs at random moments of their time and says what came of it;
`test_kill.py` does a few, each killed as the model notes one of its lines.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from extractor import extract
from extractor.recordings.store import RecordingStore
from extractor.writers import to_json

from .conftest import action, actor, answer, chat_completion

ROOT = Path(__file__).parents[1]
MODEL = "compatible/test"
CONCURRENCY = 4
Asked = tuple[str, int]


def write_articles(folder: Path, count: int) -> Path:
    """Articles of one sentence; the number in it is the article's."""
    folder.mkdir(parents=True)
    for number in range(1, count + 1):
        text = f"Arvania expelled {number} Belland envoys on Monday. Belland said it was appalled."
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    return folder


class ModelProcess:
    """The model: every third article's first answer does not hold up, and is asked for again.

    `asked` holds what came, as (article, how many-th answer); `noted` is called for each line it notes: one as a
    request comes, one as its answer has been sent.
    """

    def __init__(self, latency: float = 0.0) -> None:
        command = [sys.executable, "-m", "tests.killing", "--serve", "--latency", str(latency)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.asked: list[Asked] = []
        self.noted: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        self.url = f"http://127.0.0.1:{self._next().strip()}/v1"
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _next(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def _read(self) -> None:
        while line := self._next():
            what, article, turn = line.split()
            if what == "asked":
                self.asked.append((article, int(turn)))
            self.noted()


def serve(latency: float) -> None:
    """Be the model, until killed."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None: ...

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            number, turn = _asked_in(body)
            note(f"asked {number:03}.txt {turn}")
            time.sleep(latency)
            data = json.dumps(chat_completion(body, _answer(number, turn))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
            self.wfile.flush()
            note(f"answered {number:03}.txt {turn}")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # A client that is killed leaves its connections broken; that is what happens here.
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    note(str(server.server_address[1]))
    server.serve_forever()


def note(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def _asked_in(body: dict[str, Any]) -> Asked | tuple[int, int]:
    found = re.search(r"Arvania expelled (\d+) Belland", body["messages"][1]["content"])
    assert found is not None
    return int(found[1]), sum(message["role"] == "assistant" for message in body["messages"]) + 1


def _answer(number: int, turn: int) -> dict[str, Any]:
    wrong = number % 3 == 0 and turn == 1
    told = action(
        f"Arvania expelled {number} Belland envoys on Monday.",
        actors=[actor("Arvania")],
        targets=[actor("Belland envoys", kind="group")],
        count=number + 1000 * wrong,
        date_text="on Monday",
    )
    return answer(actions=[told])


@dataclass
class Corpus:
    """Articles, what they are run with, and the bytes of their output: of a run without recordings, and of a replay."""

    news: Path
    count: int
    options: tuple[str, ...] = ()
    live: bytes = b""
    replayed: bytes = b""
    asked: Counter[Asked] = field(default_factory=Counter)


def start(corpus: Corpus, model: ModelProcess, folder: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start the command in a folder, whose store it uses."""
    command = [sys.executable, "-m", "extractor.cli", str(corpus.news), "--model", MODEL, "--base-url", model.url]
    command += ["--cache", "store", "--out", "events.json", "--concurrency", str(CONCURRENCY), "--quiet"]
    command += [*corpus.options, *options]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("EXTRACT_", "OPENAI_"))}
    clean["PYTHONPATH"] = str(ROOT)
    return subprocess.Popen(command, cwd=folder, env=clean, stderr=subprocess.PIPE)


def finish(process: subprocess.Popen[bytes]) -> int:
    """Wait for a run's end; returns its exit code."""
    _, told = process.communicate(timeout=300)
    assert process.returncode in (0, -signal.SIGKILL), told.decode()
    return process.returncode


def undisturbed(corpus: Corpus, model: ModelProcess, folder: Path) -> float:
    """Run without a kill, for what a resumed run is held against; returns its seconds."""
    folder.mkdir()
    began, before = time.monotonic(), len(model.asked)
    assert finish(start(corpus, model, folder)) == 0
    corpus.live = without_calls(folder / "events.json")
    corpus.asked = Counter(model.asked[before:])
    corpus.replayed = replayed(corpus, folder)
    return time.monotonic() - began


def without_calls(output: Path) -> bytes:
    """An output's bytes without `calls`, which say what was paid for in which run."""
    content = json.loads(output.read_bytes())
    for article in content["articles"]:
        del article["calls"]
    return json.dumps(content, ensure_ascii=False).encode()


def replayed(corpus: Corpus, folder: Path) -> bytes:
    """The output by what the store of a folder holds, asking nobody."""
    nowhere = folder / "fixtures"
    result = extract(corpus.news, mode="replay", model=MODEL, cache=folder / "store", fixtures=nowhere)
    return to_json(result)


def stored(folder: Path) -> set[Asked]:
    """The answers that are in a folder's store."""
    store = RecordingStore.existing(folder / "store")
    if store is None:
        return set()
    try:
        return {(one.article, turn + 1) for one in store.recordings() for turn in range(len(one.attempts))}
    finally:
        store.close()


@dataclass(frozen=True)
class Round:
    """Runs of one command in one folder: how many were killed, what was durable at the last, what was asked in all."""

    killed: int
    durable: int
    asked: int


def kill_and_resume(corpus: Corpus, model: ModelProcess, folder: Path, *untils: Callable[[Any], None]) -> Round:
    """Start a run and kill it once the first `until` returns; go on so, run it to its end, and look at what came of it.

    Raises:
        AssertionError: an article is missing or there twice, a durable answer was asked for again, or bytes differ.
    """
    folder.mkdir()
    before, killed, durable = len(model.asked), 0, set[Asked]()
    for until in untils:
        began = len(model.asked)
        process = start(corpus, model, folder)
        until(process)
        process.kill()
        killed += finish(process) != 0
        assert not set(model.asked[began:]) & durable, "paid twice"
        durable = stored(folder)
    began = len(model.asked)
    assert finish(start(corpus, model, folder)) == 0
    assert not set(model.asked[began:]) & durable, "paid twice"
    names = [article["name"] for article in json.loads((folder / "events.json").read_bytes())["articles"]]
    assert names == [f"{number:03}.txt" for number in range(1, corpus.count + 1)]
    assert without_calls(folder / "events.json") == corpus.live
    assert replayed(corpus, folder) == corpus.replayed
    # What is asked beyond an undisturbed run's is what was on its way when a run was killed.
    asked = Counter(model.asked[before:])
    assert set(asked) == set(corpus.asked)
    assert (asked - corpus.asked).total() <= CONCURRENCY * killed
    return Round(killed, len(durable), asked.total())


def after_lines(model: ModelProcess, count: int, seconds: float = 0) -> Callable[[Any], None]:
    """Wait until the model has noted so many more lines, and so long after that, or until the run has ended."""

    def until(process: Any) -> None:
        reached, left = threading.Event(), [count]

        def noted() -> None:
            left[0] -= 1
            if left[0] <= 0:
                reached.set()

        model.noted = noted
        while count and not reached.wait(0.05) and process.poll() is None:
            pass
        time.sleep(seconds)

    return until


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--latency", type=float, default=0.05, help="seconds that the model takes")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--workers", type=int, help="worker processes of each run")
    chosen = parser.parse_args()
    if chosen.serve:
        serve(chosen.latency)
    with tempfile.TemporaryDirectory() as name, ModelProcess(chosen.latency) as model:
        root = Path(name)
        workers = ("--workers", str(chosen.workers)) if chosen.workers else ()
        corpus = Corpus(write_articles(root / "news", chosen.articles), chosen.articles, workers)
        seconds = undisturbed(corpus, model, root / "undisturbed")
        asked = corpus.asked.total()
        print(f"undisturbed: {chosen.articles} articles, {asked} requests, {seconds:.1f} s", flush=True)
        chance, rounds = random.Random(chosen.seed), list[Round]()
        for number in range(chosen.rounds):
            # Evenly over the run's work, each line and what follows it; the first moments of the program among them.
            count = chance.randrange(2 * asked)
            until = after_lines(model, count, chance.uniform(0, 0.05 if count else 1))
            rounds.append(kill_and_resume(corpus, model, root / f"round-{number}", until))
            last = rounds[-1]
            told = "killed" if last.killed else "had ended"
            print(
                f"{number + 1:3}: {told} after line {count} of {2 * asked}, {last.durable} answers durable, "
                f"{last.asked} asked in all",
                flush=True,
            )
        extra = sum(each.asked - asked for each in rounds)
        print(
            f"{sum(each.killed for each in rounds)} of {len(rounds)} runs killed -9; every article once, no durable "
            f"answer paid twice, outputs equal; {extra} requests on their way when killed were asked again"
        )


if __name__ == "__main__":
    main()
