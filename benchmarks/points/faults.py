"""Faults: what is left, and what is paid twice, when a document fails or the program is killed."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.loopback import Behaviour, Counts, Loopback
from benchmarks.news import write_news
from benchmarks.peers.tools import BY_NAME, Process, ToolFault
from benchmarks.results import Aim, Cell, Point, Samples, Table
from benchmarks.run import Run

_ARTICLES, _SMOKE_ARTICLES, _AT_ONCE = 100, 12, 8
_FAULTY = 57
_KILLS, _SMOKE_KILLS = 2, 1
_LATENCY = 0.05
_METHOD = (
    (
        f"{_ARTICLES} articles, {_AT_ONCE} at once, from a model in a process of its own. An error: HTTP 500 for "
        f"article {_FAULTY}, however often it is asked for. A malformed answer: half of its JSON, each time. Killed: "
        "`kill -9` when a random number of answers has been given, then the same command again with the same folders, "
        "until its end; the service counts what it answers, and an answer is paid. Every tool is killed at the same "
        "counts."
    ),
    "LangExtract's documents are put whole, so that an answer is a document; by default it would be four answers.",
)
_OPTIONS: dict[str, dict[str, Any]] = {
    "ours": {"concurrency": _AT_ONCE, "backoff": 0.05},
    "instructor": {"concurrency": _AT_ONCE},
    "langextract": {"max_workers": _AT_ONCE, "batch_length": _AT_ONCE, "max_char_buffer": 10_000},
    "docetl": {"concurrency": _AT_ONCE, "resumes": True},
    "curator": {"concurrency": _AT_ONCE},
}
_TOLD = {
    "ours": "`extractor.extract`, answers in its store; `backoff=0.05`, so that the failing article is given up sooner",
    "instructor": "a loop with `create`; it keeps nothing, so a second run begins anew",
    "langextract": "`langextract.extract`; it has no way to go on, so a second run begins anew",
    "docetl": "a `map` with its cache and `intermediate_dir`, by default",
    "curator": "`curator.LLM` with its cache, by default (`max_retries=10`, `require_all_responses=True`)",
}


@dataclass(frozen=True)
class Outcome:
    """What came of it: documents given back, answers paid, and what the tool raised."""

    documents: int
    paid: int
    requests: int
    error: str

    @property
    def told(self) -> str:
        """The error's first words."""
        return self.error.partition("\n")[0][:80]


class _Bench:
    def __init__(self, run: Run, service: Loopback) -> None:
        self.run, self.service = run, service
        self.count = _SMOKE_ARTICLES if run.smoke else _ARTICLES
        self.faulty = min(_FAULTY, self.count) - 1
        self.folder = write_news(run.folder(), self.count)
        self.warm = write_news(run.folder(), 2, first=5000)

    def at(self, name: str, behaviour: Behaviour) -> Outcome:
        """One run with a faulty article."""
        with self._ready(name) as process:
            self.service.behave(behaviour)
            told = self._extract(process, name, self.run.folder())
            return _outcome(told, self.service.counts())

    def killed(self, name: str, after: int) -> Outcome:
        """A run that is killed when so many answers have been given, and the same once more."""
        work = self.run.folder()
        with self._ready(name) as process:
            self.service.behave(Behaviour(median=_LATENCY))
            self._kill_after(process, name, work, after)
        with self._ready(name) as process:
            return _outcome(self._extract(process, name, work), self.service.counts())

    def _ready(self, name: str) -> Process:
        """A new process that has read two other articles, so that the kill meets its work and not its start."""
        process = self.run.start(BY_NAME[name])
        with Loopback() as other:
            process.call("extract", folder=str(self.warm), url=other.url, work=str(self.run.folder()), **_OPTIONS[name])
        return process

    def _extract(self, process: Process, name: str, work: Path) -> dict[str, Any]:
        told: dict[str, Any] = process.call(
            "extract", folder=str(self.folder), url=self.service.url, work=str(work), timeout=300, **_OPTIONS[name]
        )
        return told

    def _kill_after(self, process: Process, name: str, work: Path, after: int) -> None:
        working = threading.Thread(target=self._until_killed, args=(process, name, work), daemon=True)
        working.start()
        while self.service.counts().paid < after and working.is_alive():
            time.sleep(0.005)
        process.kill()
        working.join()

    def _until_killed(self, process: Process, name: str, work: Path) -> None:
        try:
            self._extract(process, name, work)
        except ToolFault:
            return


def _outcome(told: Mapping[str, Any], counts: Counts) -> Outcome:
    return Outcome(told["documents"], counts.paid, counts.requests, told["error"])


def measure(run: Run) -> Point:
    """An error, a malformed answer, and kills."""
    with Loopback() as service:
        bench = _Bench(run, service)
        names = [tool.name for tool in run.installed(*_OPTIONS)]
        failed = {name: bench.at(name, Behaviour(median=_LATENCY, fails=bench.faulty)) for name in names}
        run.tell("an error")
        malformed = {name: bench.at(name, Behaviour(median=_LATENCY, malformed=bench.faulty)) for name in names}
        run.tell("a malformed answer")
        chance = random.Random(1)
        moments = [chance.randrange(1, bench.count - _AT_ONCE) for _ in range(_SMOKE_KILLS if run.smoke else _KILLS)]
        killed = {name: [bench.killed(name, moment) for moment in moments] for name in names}
        run.tell("kills")
    return Point(
        title="Faults",
        method=_METHOD,
        options={BY_NAME[name].title: _TOLD[name] for name in names},
        tables=(
            _table(f"An error for good at article {bench.faulty + 1} of {bench.count}", failed),
            _table(f"A malformed answer at article {bench.faulty + 1} of {bench.count}", malformed),
            _kills(bench.count, moments, killed),
        ),
        aims=tuple(aims(bench.count, failed, malformed, killed)),
    )


def _table(caption: str, outcomes: Mapping[str, Outcome]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (BY_NAME[name].title, float(one.documents), float(one.paid), float(one.requests), one.told)
        for name, one in outcomes.items()
    ]
    return Table(
        caption=caption, head=("tool", "documents", "answers paid", "requests", "it ends with"), rows=tuple(rows)
    )


def _kills(count: int, moments: list[int], killed: Mapping[str, list[Outcome]]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            BY_NAME[name].title,
            Samples(values=tuple(float(one.documents) for one in outcomes)),
            Samples(values=tuple(float(one.paid - count) for one in outcomes)),
        )
        for name, outcomes in killed.items()
    ]
    return Table(
        caption=f"Killed after {', '.join(map(str, moments))} of {count} answers, and run again",
        head=("tool", "documents in the end", "answers paid twice"),
        rows=tuple(rows),
    )


def aims(
    count: int, failed: Mapping[str, Outcome], malformed: Mapping[str, Outcome], killed: Mapping[str, list[Outcome]]
) -> Iterator[Aim]:
    for what, outcomes in (("an error", failed), ("a malformed answer", malformed)):
        kept = outcomes["ours"].documents
        yield Aim(
            aim=f"{what} at one article costs no other", measured=f"{kept} of {count - 1} kept", met=kept == count - 1
        )
    twice = [one.paid - count for one in killed["ours"]]
    yield Aim(
        aim="after a kill nothing is paid twice but what was on its way",
        measured=f"at most {max(twice)}, with {_AT_ONCE} on their way",
        met=max(twice) <= _AT_ONCE and all(one.documents == count for one in killed["ours"]),
    )
