"""Runs on a cluster: a real Ray of this machine with two workers; `python -m tests.cluster` is the long form."""

from __future__ import annotations

import asyncio
import json
import pickle
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

ray = pytest.importorskip("ray", reason="needs the extra ray")

import fsspec
from ray.exceptions import RayError

from extractor.cluster.addresses import address_in
from extractor.cluster.governing import GovernorService
from extractor.cluster.keeping import KeeperService
from extractor.cluster.partitions import Partitions
from extractor.cluster.reading import Survey, articles, identified
from extractor.copies import distinct
from extractor.errors import BudgetReached, OutputError, UnreadableArticle, UsageError
from extractor.pipeline import failed
from extractor.providers import Terms
from extractor.providers.governor import Outcome
from extractor.readers import Article, InputSettings, Unread, stream_articles
from extractor.recordings import RecordingFolder
from extractor.recordings.places import Places
from extractor.spool import line_of

from .cluster import ON_RAY, killed_worker, write_corpus
from .conftest import Finished
from .killing import ModelProcess, start, undisturbed
from .test_store import a_recording

ARTICLES = 24
CALLS = 6


def test_a_cluster_keeps_to_its_budget_and_goes_on_when_a_worker_dies(tmp_path: Path) -> None:
    with ModelProcess(0.05) as model:
        corpus = write_corpus(tmp_path / "news", ARTICLES)
        undisturbed(corpus, model, tmp_path / "local")
        folder = tmp_path / "cluster"
        folder.mkdir()
        before = len(model.asked)
        process = start(corpus, model, folder, *ON_RAY, "--max-calls", str(CALLS))
        _, told = process.communicate(timeout=300)
        assert process.returncode == 7, told.decode()
        assert len(model.asked) - before == CALLS
        # What was asked then is in the store, and not asked for again.
        corpus.asked -= Counter(model.asked[before:])
        killed_worker(corpus, model, folder, 12)


# --- what workers share ---


async def died(service: Any, worker: str) -> None:
    """Let a service notice that a worker is gone."""
    call: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    call.set_exception(RayError("its owner died"))
    await service.watch(worker, [call])


async def is_waiting(*tasks: asyncio.Task[Any]) -> bool:
    for _ in range(10):
        await asyncio.sleep(0)
    return not any(task.done() for task in tasks)


def test_the_place_of_a_dead_workers_request_is_given_back_and_what_it_may_have_cost_is_spent() -> None:
    async def work() -> None:
        governor = GovernorService(Terms(concurrency=1, max_cost=3))
        await governor.enter("one", 0, 10)
        assert await governor.reserve("one", 0, Decimal(2))
        too = asyncio.ensure_future(governor.enter("one", 1, 10))
        waiting = asyncio.ensure_future(governor.enter("other", 0, 10))
        assert await is_waiting(too, waiting)
        await died(governor, "one")
        await asyncio.wait_for(waiting, 10)
        assert too.cancelled() or await is_waiting(too)
        with pytest.raises(BudgetReached, match=r"\$2 are spent"):
            await governor.reserve("other", 0, Decimal(2))
        assert await governor.reserve("other", 0, Decimal(1))
        await governor.leave("other", 0, Outcome(Decimal(0)))

    asyncio.run(work())


def test_the_claims_of_a_dead_worker_are_given_up(tmp_path: Path) -> None:
    async def work() -> None:
        keeper = KeeperService(Places(RecordingFolder(tmp_path), tmp_path), "compatible/test", True, 60)
        recording = a_recording()
        assert await keeper.claim("one", 0, recording.parts, "1.txt") == (None, (tmp_path / "answers.sqlite", None))
        waiting = asyncio.ensure_future(keeper.claim("other", 0, recording.parts, "1.txt"))
        await keeper.keep("store", recording, instead=False)
        assert not waiting.done()
        await died(keeper, "one")
        _, (_, found) = await asyncio.wait_for(waiting, 10)
        assert found == recording
        await keeper.release("other", 0)
        assert await keeper.close() is None

    asyncio.run(work())


# --- what is read ---


def write_news(folder: Path) -> Path:
    """Copies within and across files, what cannot be read, and an output of this tool."""
    (folder / "deeper").mkdir(parents=True)
    (folder / "b.txt").write_text("One text.", encoding="utf-8")
    (folder / "deeper" / "a.txt").write_text("One text.", encoding="utf-8")
    (folder / "c.txt").write_text("", encoding="utf-8")
    (folder / "e.txt").write_text("One  text.", encoding="utf-8")
    (folder / "f.txt").write_text("One  text.", encoding="utf-8")
    texts = ["Rows.", "One text.", "Rows.", "", " Rows.", "Another\u00a0row."]
    rows = [{"id": str(number), "text": text, "title": "T" * (number % 2)} for number, text in enumerate(texts)]
    (folder / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    (folder / "out.jsonl").write_text('{"run": {"schema_version": "1.4"}}\n', encoding="utf-8")
    (folder / "d.docx").write_bytes(b"")
    return folder


def surveyed(*paths: Path | str) -> tuple[Survey, list[Article | Unread]]:
    """What workers read of paths, here."""
    survey = Survey(paths, InputSettings())
    survey.take(row for file in survey.rows() for row in identified(file, survey.settings))
    read = [row["item"] for file in survey.rows() for row in articles(file, survey.settings)]
    return survey, [pickle.loads(item) for item in read]


@pytest.mark.parametrize("which", ["", "out.jsonl", "rows.jsonl"])
def test_workers_read_what_one_machine_reads(tmp_path: Path, which: str) -> None:
    news = write_news(tmp_path / "news") / which
    stream = stream_articles([news])
    found = distinct(stream)
    wanted = list(found)
    survey, read = surveyed(news)
    assert [item for item in read if isinstance(item, Article)] == [i for i in wanted if isinstance(i, Article)]
    assert [(item.name, str(item.error)) for item in read if isinstance(item, Unread)] == [
        (item.name, str(item.error)) for item in wanted if isinstance(item, Unread)
    ]
    assert (survey.count, survey.noted.copies, survey.noted.duplicates) == (len(read), found.copies, found.duplicates)
    assert survey.passed_over == stream.passed_over


def test_an_address_is_read_as_the_files_behind_it(tmp_path: Path) -> None:
    news = write_news(tmp_path / "news")
    system = fsspec.filesystem("memory")
    system.put(f"{news}/", "/corpus", recursive=True)
    here, there = surveyed(news)[1], surveyed(Path("memory://corpus"))[1]
    assert [(item.name, isinstance(item, Article)) for item in there] == [
        (item.name, isinstance(item, Article)) for item in here
    ]
    assert [item.id for item in there if isinstance(item, Article)] == [i.id for i in here if isinstance(i, Article)]
    assert {item.source for item in surveyed("memory://corpus/*.txt")[1] if isinstance(item, Article)} == {
        "memory:///corpus/b.txt"
    }
    assert len(surveyed(f"file://{news}/rows.jsonl")[1]) == 4


def test_an_address_where_nothing_is_is_refused(tmp_path: Path) -> None:
    for address in ("memory://nowhere", f"file://{tmp_path}", "nosuch://x/y"):
        with pytest.raises(UsageError, match=address):
            Survey([address], InputSettings())


def test_a_file_that_goes_away_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A text.", encoding="utf-8")
    survey = Survey([f"file://{tmp_path}/a.txt"], InputSettings())
    (tmp_path / "a.txt").unlink()
    [row] = list(identified(survey.rows()[0], survey.settings))
    assert (row["name"], row["id"]) == ("a.txt", "")


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("s3://bucket/a.txt", "s3://bucket/a.txt"),
        ("s3:/bucket/a.txt", "s3://bucket/a.txt"),
        ("file:/tmp/a.txt", "file:///tmp/a.txt"),
        ("C:/news/a.txt", None),
        ("news/a.txt", None),
    ],
)
def test_an_address_is_known_also_where_it_was_taken_for_a_path(path: str, address: str | None) -> None:
    assert address_in(path) == address


def test_standard_input_is_refused() -> None:
    with pytest.raises(UsageError, match="standard input"):
        Survey(["-"], InputSettings())


@pytest.mark.parametrize("address", ["127.0.0.1:1", "auto", "ray://127.0.0.1:10001", "nonsense:x"])
def test_a_cluster_that_is_not_there_is_told(extract: Callable[..., Finished], tmp_path: Path, address: str) -> None:
    (tmp_path / "a.txt").write_text("A text.", encoding="utf-8")
    options = ("--model", "compatible/test", "--base-url", "http://127.0.0.1:1/v1", "--engine", "ray")
    done = extract("a.txt", *options, RAY_ADDRESS=address, RAY_TMPDIR=str(tmp_path))
    assert (done.code, done.out) == (2, "")
    assert f"There is no Ray cluster at {address}" in done.err
    assert done.err.count("\n") == 2


# --- what comes back ---


@pytest.mark.parametrize("scheme", ["memory", "file", ""])
def test_a_partition_comes_back_as_it_was_written(tmp_path: Path, scheme: str) -> None:
    place = f"{scheme}://{tmp_path}/run" if scheme else f"{tmp_path}/run"
    partitions = Partitions(place)
    partitions.prepare()
    results = [
        failed(Article(name, f"{name}\u2028text"), UnreadableArticle(f"{name} is bad.", "Mend it.")) for name in "ab"
    ]
    names = [partitions.write(results), partitions.write([])]
    assert [[line_of(one) for one in partitions.read(name)] for name in names] == [[*map(line_of, results)], []]


def test_partitions_that_cannot_be_written_are_told_with_their_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    partitions = Partitions(f"{tmp_path}/file/run")
    for work in (partitions.prepare, lambda: partitions.write([])):
        with pytest.raises(OutputError, match="cannot be written") as told:
            work()
        assert told.value.where == f"{tmp_path}/file/run"
