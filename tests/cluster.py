"""Runs on a Ray of this machine with two workers, beside a model that notes what it is asked; needs the extra `ray`.

`python -m tests.cluster --articles 400` kills a worker, and then the driver, in mid-run, and says what came of it;
`test_ray.py` does a small one.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .killing import (
    CONCURRENCY,
    Asked,
    Corpus,
    ModelProcess,
    after_lines,
    finish,
    replayed,
    start,
    undisturbed,
    without_calls,
    write_articles,
)

WORKERS = 2
ON_RAY = ("--engine", "ray", "--workers", str(WORKERS))


def write_corpus(folder: Path, count: int) -> Corpus:
    """Half of the articles are files, half are rows of one file; one file and one row repeat another's text."""
    news = write_articles(folder, count)
    rows = []
    for number in range(count // 2 + 1, count + 1):
        file = news / f"{number:03}.txt"
        rows.append({"id": f"{number:03}", "text": file.read_text(encoding="utf-8")})
        file.unlink()
    rows.insert(1, rows[0] | {"id": "again"})
    (news / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    (news / "zz.txt").write_bytes((news / "001.txt").read_bytes())
    return Corpus(news, count)


def names(output: Path) -> list[str]:
    return [article["name"] for article in json.loads(output.read_bytes())["articles"]]


def expected_names(corpus: Corpus) -> list[str]:
    half = corpus.count // 2
    files = [f"{number:03}.txt" for number in range(1, half + 1)]
    return files + [f"rows.jsonl#{number:03}" for number in range(half + 1, corpus.count + 1)]


def workers_of(driver: subprocess.Popen[bytes]) -> list[int]:
    """The processes of a driver's own Ray that extract from articles."""
    parents, extracting = {}, []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            status, title = (entry / "stat").read_text(), (entry / "cmdline").read_bytes()
        except OSError:
            continue
        parents[int(entry.name)] = int(status.rpartition(")")[2].split()[1])
        if title.startswith(b"ray::") and b"Extraction" in title:
            extracting.append(int(entry.name))
    return [pid for pid in extracting if driver.pid in _ancestors(pid, parents)]


def _ancestors(pid: int, parents: dict[int, int]) -> Iterator[int]:
    while pid := parents.get(pid, 0):
        yield pid


def killed_worker(corpus: Corpus, model: ModelProcess, folder: Path, lines: int) -> int:
    """Run, and kill one worker once the model has noted so many lines; returns how many requests were sent twice.

    Raises:
        AssertionError: an article is missing or there twice, more was asked twice than what the worker had on its way,
            or bytes differ from those of one machine.
    """
    folder.mkdir(exist_ok=True)
    before = len(model.asked)
    process = start(corpus, model, folder, *ON_RAY)
    after_lines(model, lines)(process)
    workers = workers_of(process)
    assert len(workers) == WORKERS, "the run had ended"
    os.kill(workers[0], signal.SIGKILL)
    assert finish(process) == 0
    return check(corpus, folder, Counter(model.asked[before:]), on_their_way=CONCURRENCY // WORKERS)


def killed_driver(corpus: Corpus, model: ModelProcess, folder: Path, lines: int) -> int:
    """Run, kill the driver, and go on without Ray; returns how many requests were sent twice."""
    folder.mkdir()
    before = len(model.asked)
    process = start(corpus, model, folder, *ON_RAY)
    after_lines(model, lines)(process)
    process.kill()
    assert finish(process) == -signal.SIGKILL
    assert finish(start(corpus, model, folder)) == 0
    return check(corpus, folder, Counter(model.asked[before:]), on_their_way=CONCURRENCY)


def check(corpus: Corpus, folder: Path, asked: Counter[Asked], *, on_their_way: int) -> int:
    assert names(folder / "events.json") == expected_names(corpus)
    assert without_calls(folder / "events.json") == corpus.live
    assert replayed(corpus, folder) == corpus.replayed
    assert set(asked) == set(corpus.asked)
    twice = (asked - corpus.asked).total()
    assert twice <= on_their_way
    return twice


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.05, help="seconds that the model takes")
    parser.add_argument("--articles", type=int, default=400)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ModelProcess(chosen.latency) as model:
        root = Path(name)
        corpus = write_corpus(root / "news", chosen.articles)
        seconds = undisturbed(corpus, model, root / "local")
        asked = corpus.asked.total()
        print(f"one machine: {chosen.articles} articles, {asked} requests, {seconds:.1f} s", flush=True)
        (root / "whole").mkdir()
        began = time.monotonic()
        assert finish(start(corpus, model, root / "whole", *ON_RAY)) == 0
        same = (root / "whole" / "events.json").read_bytes() == (root / "local" / "events.json").read_bytes()
        assert same, "the bytes differ"
        print(f"two workers of Ray: the same bytes, {time.monotonic() - began:.1f} s", flush=True)
        for what, run in (("a worker", killed_worker), ("the driver", killed_driver)):
            twice = run(corpus, model, root / what, asked)
            print(f"{what} killed -9 in mid-run: every article once, the same bytes, {twice} requests sent twice")


if __name__ == "__main__":
    main()
