"""Scale: what a corpus of 1,000, 10,000 and 100,000 articles takes, and whether what an article takes grows with it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.loopback import Behaviour, Loopback
from benchmarks.news import news
from benchmarks.points.startup import Cost, cost_of
from benchmarks.results import Aim, Cell, Point, Samples, Table
from benchmarks.run import Run

_SIZES: dict[str, tuple[int, ...]] = {"smoke": (20, 40), "usual": (1_000, 3_000), "long": (1_000, 10_000, 100_000)}
_AT_ONCE = 32
# Articles that are published on one day, and days between one such day and the next.
_A_DAY, _DAYS = 100, 30
_FIRST = date(1960, 1, 1)
_MOST_MIB, _MOST_TIMES = 400, 1.25
_METHOD = (
    (
        "The command, `extract corpus.jsonl --out events.jsonl --concurrency 32`, as a process of its own with a model "
        "in another that answers at once: the seeds with other states, each hundred of them published another month, "
        "and at most one record of each kind in an answer. Then the same command again, which takes every answer from "
        "its store. Processor time and the greatest resident memory are the system's count for the command, start "
        "included."
    ),
    (
        "`python -m benchmarks --only scale --long` measures 100,000 articles, which takes an hour or two; each size "
        "is measured once."
    ),
)


@dataclass(frozen=True)
class _Size:
    """What a corpus of so many articles took, live and replayed, and the bytes that came of it."""

    articles: int
    records: int
    events: int
    live: Cost
    replayed: Cost
    corpus: int
    output: int
    store: int


def measure(run: Run) -> Point:
    """Each size, live and then from the store."""
    sizes = list(_measured(run))
    return Point(
        title="Scale",
        method=_METHOD,
        options={"this project": f"`--concurrency {_AT_ONCE} --quiet`, a store for the answers, JSON Lines in and out"},
        tables=(_took(sizes), _brought(sizes)),
        aims=tuple(_aims(sizes)),
        notes=("What 100,000 articles took is told in docs/running.md.",),
    )


def _measured(run: Run) -> Iterator[_Size]:
    sizes = _SIZES["smoke" if run.smoke else "long" if run.long else "usual"]
    with Loopback() as service:
        service.behave(Behaviour(records=1))
        for articles in sizes:
            yield _size(articles, run.folder(), service.url)
            run.tell(f"{articles:,} articles")


def _size(articles: int, folder: Path, url: str) -> _Size:
    corpus, out, store = folder / "corpus.jsonl", folder / "events.jsonl", folder / "store"
    with corpus.open("w", encoding="utf-8") as file:
        file.writelines(map(_row, range(articles)))
    command = [
        sys.executable, "-m", "extractor.cli", str(corpus), "--model", "compatible/loopback", "--base-url", f"{url}/v1",
        "--cache", str(store), "--out", str(out), "--concurrency", str(_AT_ONCE), "--quiet",
    ]  # fmt: skip
    live, replayed = cost_of(command), cost_of([*command, "--replay"])
    records = events = 0
    with out.open(encoding="utf-8") as file:
        for line in file:
            records += line.startswith('{"record"')
            events += line.startswith('{"event"')
    kept = sum(path.stat().st_size for path in store.iterdir())
    size = _Size(articles, records, events, live, replayed, corpus.stat().st_size, out.stat().st_size, kept)
    out.unlink()
    return size


def _row(number: int) -> str:
    published = _FIRST + timedelta(days=_DAYS * (number // _A_DAY))
    return json.dumps({"id": number, "text": news(number).text, "published": published.isoformat()}) + "\n"


def _took(sizes: list[_Size]) -> Table:
    head = ("articles", "wall, s", "processor per article, ms", "replayed, ms", "peak memory, MiB", "replayed, MiB")
    rows: list[tuple[Cell, ...]] = [
        (
            f"{size.articles:,}",
            _one(size.live.wall, "s"),
            _one(1000 * size.live.processor / size.articles, "ms"),
            _one(1000 * size.replayed.processor / size.articles, "ms"),
            _one(size.live.memory, "MiB"),
            _one(size.replayed.memory, "MiB"),
        )
        for size in sizes
    ]
    return Table(caption="What it takes", head=head, rows=tuple(rows))


def _brought(sizes: list[_Size]) -> Table:
    head = ("articles", "records", "events", "corpus, MB", "output, MB", "store, MB")
    rows: list[tuple[Cell, ...]] = [
        (
            *(f"{count:,}" for count in (size.articles, size.records, size.events)),
            *(_one(value / 1e6, "MB") for value in (size.corpus, size.output, size.store)),
        )
        for size in sizes
    ]
    return Table(caption="What comes of it", head=head, rows=tuple(rows))


def _one(value: float, unit: str) -> Samples:
    return Samples(values=(value,), unit=unit)


def _aims(sizes: list[_Size]) -> Iterator[Aim]:
    first, last = sizes[0], sizes[-1]
    measured: dict[str, Callable[[_Size], float]] = {
        "live": lambda size: size.live.processor / size.articles,
        "replayed": lambda size: size.replayed.processor / size.articles,
    }
    for name, each in measured.items():
        times = each(last) / each(first)
        yield Aim(
            aim=f"{name}: an article of {last.articles:,} takes at most {_MOST_TIMES} x one of {first.articles:,}",
            measured=f"{times:.2f} x",
            met=times <= _MOST_TIMES,
        )
    most = max(size.live.memory for size in sizes)
    yield Aim(
        aim=f"at most {_MOST_MIB} MiB for {last.articles:,} articles", measured=f"{most:.0f} MiB", met=most <= _MOST_MIB
    )
