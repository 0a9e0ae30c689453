"""The library: `extract` and `extract_async` inside other people's programs."""

from __future__ import annotations

import asyncio
import dataclasses
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import extractor
from extractor.api import ExtractOptions
from extractor.errors import (
    ExtractorError,
    Fault,
    Interrupted,
    ProviderRefused,
    ReplayMiss,
    UnreadableArticle,
    UsageError,
)
from extractor.pipeline import ArticleResult, extract_article
from extractor.recordings import RecordedModel
from extractor.runner import Options, Run, articles, exit_code_of, run
from extractor.verification import Verifier

from .conftest import FIXTURES, Service, action, actor, answer

Serve = Callable[[Callable[[dict[str, Any]], Any]], Service]

EVIDENCE = "Britain expelled two Norvanian diplomats"
CLAIM = action(
    EVIDENCE,
    actors=[actor("Britain", country="United Kingdom")],
    targets=[actor("Norvanian diplomats", kind="person")],
)


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of three articles, below the current one."""
    folder = tmp_path / "news"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"LONDON, January 3, 2017 - {EVIDENCE}. This is report {name}.\n")
    monkeypatch.chdir(tmp_path)
    return folder


def good(_: dict[str, Any]) -> dict[str, Any]:
    return answer(actions=[CLAIM])


def live(service: Service, **options: Any) -> dict[str, Any]:
    return {"model": "compatible/test", "base_url": service.url, **options}


@pytest.fixture
def stuck(serve: Serve) -> Iterator[tuple[Service, threading.Event]]:
    """A service that answers nothing until the test is over, and the event that it was asked."""
    asked, over = threading.Event(), threading.Event()

    def says(body: dict[str, Any]) -> dict[str, Any]:
        asked.set()
        over.wait(60)
        return good(body)

    yield serve(says), asked
    over.set()


# --- what it returns ---


def test_one_call_does_what_the_command_does(news: Path, serve: Serve) -> None:
    result = extractor.extract(news, **live(serve(good)))
    assert [entry.name for entry in result.articles] == ["a.txt", "b.txt", "c.txt"]
    assert len(result.actions) == 3
    assert result.failed == []
    again = extractor.extract([news / "a.txt", str(news / "b.txt"), news / "c.txt"], mode="replay")
    assert again.records == result.records
    assert sum(entry.calls.live for entry in again.articles) == 0


def test_it_works_where_an_event_loop_runs_already(news: Path, serve: Serve) -> None:
    async def notebook() -> Any:
        with pytest.raises(UsageError, match="nowhere"):
            extractor.extract("nowhere", **live(service))
        return extractor.extract(news, **live(service))

    service = serve(good)
    assert len(asyncio.run(notebook()).actions) == 3


def test_ctrl_c_in_a_notebook_ends_the_work(news: Path, stuck: tuple[Service, threading.Event]) -> None:
    service, asked = stuck

    async def notebook() -> None:
        extractor.extract(news, **live(service))

    def interrupt() -> None:
        asked.wait(60)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    interrupter = threading.Thread(target=interrupt)
    interrupter.start()
    # asyncio.run would take the signal for itself.
    loop = asyncio.new_event_loop()
    try:
        with pytest.raises(KeyboardInterrupt):
            loop.run_until_complete(notebook())
    finally:
        loop.close()
        interrupter.join()
    assert not [thread for thread in threading.enumerate() if "ThreadPool" in thread.name]


# --- cancelling ---


def test_a_cancelled_call_ends_in_time_and_leaves_nothing_behind(
    news: Path, stuck: tuple[Service, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []
    close = RecordedModel.close

    async def noted(self: RecordedModel) -> None:
        await close(self)
        closed.append(self.name)

    monkeypatch.setattr(RecordedModel, "close", noted)

    async def program() -> int:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await extractor.extract_async(news, **live(stuck[0]))
        return len(asyncio.all_tasks())

    assert asyncio.run(program()) == 1
    assert closed == ["compatible/test"]


def test_signals_stay_the_programs_own(news: Path, stuck: tuple[Service, threading.Event]) -> None:
    service, asked = stuck
    taken = []
    before = signal.signal(signal.SIGTERM, lambda *_: taken.append("program"))

    async def program() -> Any:
        work = asyncio.create_task(extractor.extract_async(news, **live(service)))
        await asyncio.to_thread(asked.wait, 60)
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0.1)
        assert not work.done()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    try:
        asyncio.run(program())
        assert taken == ["program"]
        signal.raise_signal(signal.SIGTERM)
        assert taken == ["program", "program"]
    finally:
        signal.signal(signal.SIGTERM, before)


def test_an_interruptible_run_returns_what_is_done(news: Path, serve: Serve) -> None:
    asked, over = threading.Event(), threading.Event()

    def says(body: dict[str, Any]) -> dict[str, Any]:
        if "report a" not in body["messages"][1]["content"]:
            asked.set()
            over.wait(60)
        return good(body)

    options = Options(**live(serve(says), concurrency=1))

    async def program() -> Run:
        work = asyncio.create_task(run([news], options, interruptible=True))
        await asyncio.to_thread(asked.wait, 60)
        work.cancel()
        return await work

    try:
        done = asyncio.run(program())
    finally:
        over.set()
    assert [entry.outcome for entry in done.result.articles] == ["done", "failed", "failed"]
    assert done.exit_code == Interrupted.exit_code


def test_a_fault_in_the_progress_ends_the_run_and_leaves_nothing_behind(news: Path, serve: Serve) -> None:
    def progress(*_: object) -> None:
        raise RuntimeError("no bar")

    async def program() -> int:
        with pytest.raises(RuntimeError, match="no bar"):
            await run([news], Options(**live(serve(good), concurrency=1)), progress)
        return len(asyncio.all_tasks())

    assert asyncio.run(program()) == 1


# --- faults ---


def test_a_fault_at_one_article_costs_no_other_and_names_it(
    news: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def faulty(article: Any, *given: Any, **options: Any) -> ArticleResult:
        if article.name == "b.txt":
            raise ZeroDivisionError("division by zero")
        return await extract_article(article, *given, **options)

    monkeypatch.setattr(articles, "extract_article", faulty)
    done = asyncio.run(run([news], Options(**live(serve(good)))))
    assert [(entry.name, entry.outcome) for entry in done.result.articles] == [
        ("a.txt", "done"),
        ("b.txt", "failed"),
        ("c.txt", "done"),
    ]
    [(name, fault)] = done.errors
    assert (name, done.exit_code) == ("b.txt", 1)
    assert isinstance(fault, Fault)
    assert isinstance(fault.__cause__, ZeroDivisionError)
    for part in ("b.txt", "ZeroDivisionError", "division by zero"):
        assert part in str(fault)
    assert "report" in fault.advice
    entry = done.result.articles[1]
    assert entry.failure is not None
    assert (entry.failure.kind, entry.failure.message) == ("fault", fault.message)
    assert (entry.text, entry.id[:4]) == ((news / "b.txt").read_text(), "art-")


@pytest.mark.parametrize("slip", [ValueError, AssertionError, KeyError])
def test_a_slip_of_the_checks_is_no_fault_of_the_answer(
    news: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch, slip: type[Exception]
) -> None:
    def slips(*_: Any, **__: Any) -> None:
        raise slip("a slip")

    monkeypatch.setattr(Verifier, "verify", slips)
    service = serve(good)
    result = extractor.extract(news, **live(service))
    assert {entry.failure and entry.failure.kind for entry in result.articles} == {"fault"}
    assert len(service.requests) == len(result.articles)


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ([], 0),
        ([UnreadableArticle], 4),
        ([UnreadableArticle, ReplayMiss], 3),
        ([ReplayMiss, ProviderRefused], 5),
        ([ProviderRefused, UsageError], 2),
        ([UsageError, Fault], 1),
        ([Fault, Interrupted], 130),
    ],
)
def test_the_gravest_error_gives_the_exit_code(kinds: list[type[ExtractorError]], code: int) -> None:
    errors = [kind("It went wrong.") for kind in kinds]
    for ordered in (errors, errors[::-1]):
        assert exit_code_of(ordered) == code


# --- options ---


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ({"concurrency": 0}, ["concurrency is 0", "1 or more", "--concurrency"]),
        ({"concurrency": "8"}, ["concurrency is 8", "a whole number"]),
        ({"concurrency": 1.5}, ["concurrency is 1.5", "a whole number"]),
        ({"attempts": 0}, ["attempts", "1 or more"]),
        ({"reasks": -1}, ["reasks", "0 or more"]),
        ({"max_chars": 0}, ["max_chars", "1 or more", "--max-chars"]),
        ({"timeout": 0}, ["timeout", "above 0"]),
        ({"timeout": -1.0}, ["timeout", "above 0"]),
        ({"timeout": float("nan")}, ["timeout is nan", "above 0"]),
        ({"timeout": "60"}, ["timeout", "a number"]),
        ({"encoding": "klingon"}, ["'klingon'", "no encoding"]),
        ({"encoding": "rot13"}, ["'rot13'", "no encoding"]),
        ({"mode": "live"}, ["'live'", "replay, record, auto"]),
        ({"modle": "openai/gpt-5-mini"}, ["'modle'", "model, base_url, key_file"]),
    ],
)
def test_an_option_that_is_wrong_is_named_before_anything_is_read(options: dict[str, Any], parts: list[str]) -> None:
    with pytest.raises(UsageError) as refusal:
        extractor.extract("nowhere", **options)
    for part in parts:
        assert part in f"{refusal.value.message} {refusal.value.advice}"


def test_options_may_be_as_small_as_they_can(news: Path, serve: Serve) -> None:
    small = {"concurrency": 1, "attempts": 1, "reasks": 0, "timeout": 30.5, "max_chars": 100, "encoding": "cp1250"}
    assert len(extractor.extract(news / "a.txt", **live(serve(good), **small)).actions) == 1


# --- files that are no articles ---


def test_files_that_cannot_be_read_have_ids_of_their_own(news: Path, serve: Serve) -> None:
    for name in ("empty.txt", "white.txt"):
        (news / name).write_text(" ")
    result = extractor.extract(news, **live(serve(good)))
    ids = {entry.name: entry.id for entry in result.failed}
    assert ids.keys() == {"empty.txt", "white.txt"}
    assert len(set(ids.values())) == 2
    assert all(len(made) == len("unread-") + 12 and made.startswith("unread-") for made in ids.values())
    (news / "empty.txt").write_text("\n")
    assert {entry.name: entry.id for entry in extractor.extract(news, **live(serve(good))).failed} == ids


def test_the_library_s_keywords_are_the_options_of_a_run() -> None:
    assert set(ExtractOptions.__annotations__) == {field.name for field in dataclasses.fields(Options)}


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(extractor.__file__).parent / "py.typed").is_file()


def test_a_result_is_shown_by_how_much_there_is_of_each() -> None:
    result = extractor.extract(FIXTURES.parent / "seeds", fixtures=FIXTURES, mode="replay", model="compatible/claude")
    shown = repr(result)
    assert shown.startswith("ExtractionResult(model='compatible/claude', articles=5, records=")
    assert len(shown) < 200 and "Obama" not in shown
