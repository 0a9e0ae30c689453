"""Runs with worker processes: the same output, and nothing lost whatever dies."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import extractor
from extractor.runner import Effort, Options, run
from extractor.summary import error_lines, summary
from extractor.writers import to_json

from .conftest import ROOT, Finished, Service, action, actor, answer
from .killing import (
    Corpus,
    ModelProcess,
    after_lines,
    finish,
    start,
    stored,
    undisturbed,
    without_calls,
    write_articles,
)

Extract = Callable[..., Finished]
Serve = Callable[[Callable[[dict[str, Any]], Any]], Service]

ARTICLES = 9
WORKERS = ("--workers", "2")


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The worker processes of a run, in the order of their start."""
    return list(map(int, Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()))


def gone(processes: list[int]) -> bool:
    """Whether all of them end, within some time."""
    watched = [os.pidfd_open(pid) for pid in processes if Path(f"/proc/{pid}").exists()]
    try:
        return all(select.select([one], [], [], 60)[0] for one in watched)
    finally:
        for one in watched:
            os.close(one)


def told_of(body: dict[str, Any]) -> int:
    """The number of the article that a request is about."""
    return int(body["messages"][1]["content"].partition("Arvania expelled ")[2].split()[0])


def good(number: int) -> dict[str, Any]:
    told = action(
        f"Arvania expelled {number} Belland envoys on Monday.",
        actors=[actor("Arvania")],
        targets=[actor("Belland envoys", kind="group")],
        count=number,
        date_text="on Monday",
    )
    return answer(actions=[told])


def options(service: Service, *more: str) -> list[str]:
    shared = ["--model", "compatible/test", "--base-url", service.url, "--cache", "store", "--out", "events.json"]
    return ["news", *shared, "--attempts", "1", *more]


# --- the same output ---


def test_a_run_with_workers_writes_what_one_process_writes(tmp_path: Path) -> None:
    news = write_articles(tmp_path / "news", ARTICLES)
    (news / "empty.txt").write_text("")
    (news / "copy.txt").write_bytes((news / "001.txt").read_bytes())
    outputs = []
    with ModelProcess() as model:
        for more in ([], WORKERS):
            folder = tmp_path / f"run-{len(more)}"
            folder.mkdir()
            process = start(Corpus(news, ARTICLES), model, folder, *more)
            _, told = process.communicate(timeout=300)
            outputs.append((process.returncode, told, (folder / "events.json").read_bytes()))
        asked = Counter(model.asked)
    assert outputs[0] == outputs[1]
    assert outputs[0][0] == 4 and len(json.loads(outputs[0][2])["records"]) == ARTICLES
    assert set(asked.values()) == {2}


@pytest.mark.parametrize(
    ("says", "code"),
    [
        ((401, {}, {"error": {"message": "no such key"}}), 5),
        ((400, {}, {"error": {"message": "a word that is not taken", "code": "content_filter"}}), 4),
        ((500, {}, "out of order"), 5),
        ("no JSON at all", 4),
        ({"nothing": []}, 4),
    ],
    ids=["key", "filter", "broken", "words", "shape"],
)
def test_what_goes_wrong_is_told_as_by_one_process(
    extract: Extract, serve: Serve, tmp_path: Path, says: Any, code: int
) -> None:
    service = serve(lambda body: says if told_of(body) == 2 else good(told_of(body)))
    told = []
    for more in ([], WORKERS):
        folder = tmp_path / f"run-{len(more)}"
        write_articles(folder / "news", 3)
        done = extract(*options(service, "--concurrency", "1", *more), cwd=folder)
        told.append((done, without_calls(folder / "events.json"), len(service.requests)))
        service.requests.clear()
    assert told[0] == told[1]
    assert told[0][0].code == code and "Traceback" not in told[0][0].err


def test_a_recorded_answer_that_is_none_is_asked_for_anew(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 1)
    says = ["no JSON at all"]
    service = serve(lambda body: says[0] or good(told_of(body)))
    assert extract(*options(service, "--reasks", "0", *WORKERS)).code == 4
    says[0] = ""
    assert extract(*options(service, "--reasks", "0", *WORKERS)).code == 0
    assert len(service.requests) == 2


def test_without_a_recording_a_replay_asks_nobody(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 2)
    service = serve(lambda body: good(told_of(body)))
    done = extract(*options(service, "--replay", *WORKERS))
    assert done.code == 3 and "no recording is of this article" in done.err
    assert not service.requests


def test_a_budget_is_that_of_the_whole_run(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    write_articles(tmp_path / "news", ARTICLES)
    service = serve(lambda body: good(told_of(body)))
    assert extract(*options(service, "--max-calls", "5", *WORKERS)).code == 7
    assert len(service.requests) == 5
    assert extract(*options(service, *WORKERS)).code == 0
    assert sorted(map(told_of, service.requests)) == list(range(1, ARTICLES + 1))


def test_the_library_has_workers_inside_a_running_loop(serve: Serve, tmp_path: Path) -> None:
    news = write_articles(tmp_path / "news", 3)
    service = serve(lambda body: good(told_of(body)))
    asked: dict[str, Any] = {"model": "compatible/test", "base_url": service.url, "cache": tmp_path / "store"}

    async def work() -> bytes:
        return to_json(extractor.extract(news, workers=2, **asked))

    with_workers = asyncio.run(work())
    assert len(service.requests) == 3
    alone = extractor.extract(news, mode="replay", **asked)
    assert len(alone.records) == 3
    again = to_json(extractor.extract(news, mode="replay", workers=1, **asked))
    assert again == to_json(alone)
    assert json.loads(with_workers)["records"] == json.loads(again)["records"]


@pytest.mark.parametrize(
    ("effort", "processors", "workers", "told"),
    [
        (Effort(100, 95), 8, None, True),
        (Effort(100, 50), 8, None, False),
        (Effort(5, 5), 8, None, False),
        (Effort(100, 95), 2, None, False),
        (Effort(100, 95), 8, 4, False),
    ],
    ids=["busy", "waiting", "short", "few processors", "has workers"],
)
def test_a_run_that_the_processor_held_up_says_what_would_help(
    monkeypatch: pytest.MonkeyPatch, effort: Effort, processors: int, workers: int | None, told: bool
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(processors)), raising=False)
    options = Options(fixtures=ROOT / "fixtures", no_cache=True, workers=workers)
    with asyncio.run(run([ROOT / "seeds"], Options(fixtures=ROOT / "fixtures", no_cache=True))) as finished:
        lines = [str(line) for line in summary(replace(finished, effort=effort), options, Path("events.json"))]
    said = "One processor did 0.1 articles a second; --workers 3 would have others check the answers."
    assert [line for line in lines if "--workers" in line] == [said] * told


# --- what dies, and what cannot be started ---


@pytest.mark.parametrize("processes", [0, 1, 2])
def test_a_run_does_with_the_workers_that_it_can_have(
    monkeypatch: pytest.MonkeyPatch, serve: Serve, tmp_path: Path, processes: int
) -> None:
    news = write_articles(tmp_path / "news", 4)
    service = serve(lambda body: good(told_of(body)))
    started, left = asyncio.create_subprocess_exec, iter(range(processes))

    async def start_if_any(*command: Any, **how: Any) -> asyncio.subprocess.Process:
        if next(left, None) is None:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return await started(*command, **how)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start_if_any)
    result = extractor.extract(
        news, model="compatible/test", base_url=service.url, cache=tmp_path / "store", concurrency=4, workers=3
    )
    assert len(result.records) == len(service.requests) == (4 if processes else 0)
    failures = [(article.failure.kind, article.failure.message) for article in result.failed if article.failure]
    told = ("usage", "A worker process cannot be started: resource temporarily unavailable.")
    assert failures == ([] if processes else [told] * 4)


@pytest.mark.parametrize("executable", [None, "", "/nowhere/python"])
def test_a_python_that_is_not_to_be_found_is_told_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, executable: str | None
) -> None:
    news = write_articles(tmp_path / "news", 2)
    monkeypatch.setattr(sys, "executable", executable)
    options = Options(cache=tmp_path / "store", model="compatible/test", base_url="http://127.0.0.1:1/v1", workers=2)
    with asyncio.run(run([news], options)) as finished:
        lines = list(error_lines(finished))
    assert finished.exit_code == 2
    assert [line.partition(":")[0] for line, _ in lines] == ["A worker process cannot be started"]


def test_what_a_worker_that_dies_had_begun_is_read_by_another(tmp_path: Path) -> None:
    with ModelProcess() as model:
        corpus = Corpus(write_articles(tmp_path / "news", ARTICLES), ARTICLES)
        undisturbed(corpus, model, tmp_path / "undisturbed")
        folder, before = tmp_path / "killed", len(model.asked)
        folder.mkdir()
        process = start(corpus, model, folder, *WORKERS)
        after_lines(model, 5)(process)
        os.kill(workers_of(process)[0], signal.SIGKILL)
        assert finish(process) == 0
        asked = Counter(model.asked[before:])
    # What it had asked for is answered to this process: nothing at all is asked twice.
    assert asked == corpus.asked
    assert (folder / "events.json").read_bytes() == (tmp_path / "undisturbed" / "events.json").read_bytes()


def test_an_article_that_workers_die_of_costs_no_other(serve: Serve, tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 4)
    # All four are under way before a worker has anything to check.
    waiting = threading.Barrier(4)

    def says(body: dict[str, Any]) -> Any:
        waiting.wait(100)
        return good(told_of(body))

    service = serve(says)
    environment = with_reviews_that(tmp_path / "patch", "os.kill(os.getpid(), signal.SIGKILL)")
    with popen(["-m", "extractor.cli", *options(service, "--concurrency", "4")], tmp_path, environment) as process:
        _, err = process.communicate(timeout=100)
    told = err.decode()
    assert process.returncode == 1 and "Traceback" not in told
    died = "003.txt: the worker process that checked it died, and so did one that had no other: by signal 9"
    assert died in told
    articles = json.loads((tmp_path / "events.json").read_bytes())["articles"]
    assert [article["outcome"] for article in articles] == ["done", "done", "failed", "done"]
    # Nothing is asked for again, and what was paid for is told.
    assert [article["calls"]["requests"] for article in articles] == [1, 1, 1, 1]
    assert len(service.requests) == 4


def test_what_json_has_no_value_for_is_rejected_as_none(serve: Serve, tmp_path: Path) -> None:
    def no_json(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    service = serve(lambda body: answer(actions=[action("Arvania expelled 1 Belland envoys", count=float("nan"))]))
    written = []
    for more in ((), WORKERS):
        folder = tmp_path / f"run-{len(more)}"
        write_articles(folder / "news", 1)
        with popen(["-m", "extractor.cli", *options(service)], folder, dict(os.environ), more) as process:
            process.communicate(timeout=100)
        written.append((folder / "events.json").read_bytes())
    assert written[0] == written[1]
    (rejected,) = json.loads(written[0], parse_constant=no_json)["rejected"]
    assert rejected["value"] is None or rejected["value"]["count"] is None


def test_an_article_whose_second_answer_workers_die_of_is_not_done_by_its_first(serve: Serve, tmp_path: Path) -> None:
    write_articles(tmp_path / "news", 4)

    def says(body: dict[str, Any]) -> Any:
        number, is_reask = told_of(body), len(body["messages"]) > 2
        return good(number) if number != 3 or is_reask else answer(actions=[action("Nobody was expelled.")])

    service = serve(says)
    environment = with_reviews_that(tmp_path / "patch", "self.doubtful and os.kill(os.getpid(), signal.SIGKILL)")
    with popen(["-m", "extractor.cli", *options(service, "--reasks", "1")], tmp_path, environment) as process:
        _, err = process.communicate(timeout=100)
    assert process.returncode == 1
    assert "003.txt: the worker process that checked it died, and so did one that had no other" in err.decode()
    articles = json.loads((tmp_path / "events.json").read_bytes())["articles"]
    assert [article["outcome"] for article in articles] == ["done", "done", "failed", "done"]
    assert [article["calls"]["requests"] for article in articles] == [1, 1, 2, 1]


def test_a_fault_met_in_a_worker_is_told_as_by_one_process(serve: Serve, tmp_path: Path) -> None:
    service = serve(lambda body: good(told_of(body)))
    environment = with_reviews_that(tmp_path / "patch", "raise KeyError('this')")
    told = []
    for more in ((), WORKERS):
        folder = tmp_path / f"run-{len(more)}"
        write_articles(folder / "news", 4)
        with popen(["-m", "extractor.cli", *options(service)], folder, environment, more) as process:
            _, err = process.communicate(timeout=100)
        told.append((process.returncode, err, (folder / "events.json").read_bytes()))
    assert told[0] == told[1]
    assert told[0][0] == 1 and b"003.txt: a fault of this tool: KeyError." in told[0][1]


def with_reviews_that(folder: Path, do: str) -> dict[str, str]:
    """An environment in which the review of the third article does something else."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        "import os, signal\n"
        "from extractor.review import Review\n"
        "examine = Review.examine\n"
        "def other(self, answer):\n"
        f"    if 'expelled 3 Belland' in self.verifier.text: {do}\n"
        "    examine(self, answer)\n"
        "Review.examine = other\n"
    )
    return {**os.environ, "PYTHONPATH": str(folder)}


def test_a_worker_that_does_not_understand_the_run_ends() -> None:
    command = [sys.executable, "-m", "extractor.checking.worker"]
    worker = subprocess.run(command, input=struct.pack(">Q", 3) + b"???", capture_output=True, timeout=60, check=False)
    assert (worker.returncode, worker.stdout, worker.stderr) == (1, b"", b"")


def popen(
    arguments: list[str], folder: Path, environment: dict[str, str] | None = None, workers: Sequence[str] = WORKERS
) -> subprocess.Popen[bytes]:
    command = [sys.executable, *arguments, *workers]
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda sent: sent.name)
def test_workers_end_with_the_run(serve: Serve, tmp_path: Path, sent: signal.Signals) -> None:
    write_articles(tmp_path / "news", 6)
    # Both that are under way wait for their answers, so the first two are done.
    waiting, released = threading.Barrier(3), threading.Event()

    def says(body: dict[str, Any]) -> dict[str, Any]:
        if told_of(body) > 2:
            waiting.wait(100)
            released.wait(100)
        return good(told_of(body))

    service = serve(says)
    try:
        with popen(["-m", "extractor.cli", *options(service, "--concurrency", "2")], tmp_path) as process:
            waiting.wait(100)
            workers = workers_of(process)
            assert len(workers) == 2
            process.send_signal(sent)
            _, err = process.communicate(timeout=100)
            assert gone(workers)
    finally:
        released.set()
    if sent is signal.SIGKILL:
        assert (process.returncode, err) == (-signal.SIGKILL, b"")
        return
    assert process.returncode == 130
    assert b"Traceback" not in err and b"003.txt was not done when the run was interrupted" in err
    articles = json.loads((tmp_path / "events.json").read_bytes())["articles"]
    assert [article["outcome"] for article in articles] == ["done"] * 2 + ["failed"] * 4
    # What was on its way is told: it may have been paid for.
    assert sum(article["calls"]["requests"] for article in articles) == 4
    assert {name for name, _ in stored(tmp_path)} == {"001.txt", "002.txt"}
