"""Throughput against the ideal: how long many articles take with a model of real latency, beside the least possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.loopback import Behaviour, Loopback
from benchmarks.measuring import Measure, interleaved
from benchmarks.news import write_news
from benchmarks.peers.tools import BY_NAME, Process
from benchmarks.results import Aim, Cell, Point, Samples, Table
from benchmarks.run import Run

_ARTICLES, _SMOKE_ARTICLES = 500, 20
# LangExtract takes so long that fewer show it; the ideal that it is held against is that of as many.
_FEWER = {"langextract": 5, "langextract 64": 5}
_AT_ONCE = 64
_WORKERS = 1
_WITHIN = 1.05
_REPEATS, _REPEATS_REFUSED = 5, 3
_METHOD = (
    (
        f"{_ARTICLES} articles, {_AT_ONCE} at once, one model in a process of its own: its latency is lognormal (sigma "
        "0.5) and depends on the article alone, so that every tool meets the same; a part of an answer takes that part "
        "of it. The figure is wall time over the ideal, articles x mean latency / 64, which nobody can reach: while "
        "the last, slowest calls run, others stand idle. The bare loop shows what can be reached."
    ),
    (
        "With 1% and 10% of requests refused (HTTP 429 with `retry-after-ms: 200` and `retry-after: 1`). Time runs "
        "from the first file read to the output written, without start-up. Ours keeps every answer in its store, "
        "checks it, and brings the records together. LangExtract reads a fifth of the articles, and is held against "
        "the ideal of as many."
    ),
    (
        f"To keep the whole run short, ours and the bare loop are measured {_REPEATS} times, {_REPEATS_REFUSED} where "
        "requests are refused (there without a worker), and once with a median of 2 s; the others once, with a median "
        "of 0.2 s and none refused."
    ),
)
_OPTIONS = {
    "ours": "what `extractor.extract(concurrency=64)` does, with a store; else its defaults",
    "ours workers": f"the same with `workers={_WORKERS}`",
    "bare": "`asyncio`, `AsyncOpenAI(max_retries=5)`, a semaphore of 64, `model_validate_json` with our schema",
    "curator": "`curator.LLM` with our prompt and schema, `max_concurrent_requests=64`, rate limits out of reach",
    "docetl": "a `map` that asks for flat records, `max_threads=64`, `bypass_cache`",
    "langextract": "its defaults: chunks of 1,000 characters, `max_workers=10, batch_length=10`",
    "langextract 64": "`max_workers=64, batch_length=64`, each document whole",
}
_TITLES = {
    "ours workers": "event-extractor, a worker beside it",
    "bare": "a bare loop",
    "langextract 64": "LangExtract, 64 workers",
}
_LANGEXTRACT_64 = {"max_workers": _AT_ONCE, "batch_length": _AT_ONCE, "max_char_buffer": 10_000}


# Our own rows, and what is measured whatever the latency: a worker beside ours only where nothing is refused.
_OURS = ("ours", "ours workers")
_ALWAYS = ("ours", "bare")


@dataclass(frozen=True)
class _Asked:
    """A row: the tool whose script does the work, and with which options."""

    tool: str
    what: str
    options: Mapping[str, Any]


_ROWS = {
    "ours": _Asked("ours", "extract", {"concurrency": _AT_ONCE}),
    "ours workers": _Asked("ours", "extract", {"concurrency": _AT_ONCE, "workers": _WORKERS}),
    "bare": _Asked("instructor", "extract_bare", {"concurrency": _AT_ONCE}),
    "curator": _Asked("curator", "extract", {"concurrency": _AT_ONCE}),
    "docetl": _Asked("docetl", "extract", {"concurrency": _AT_ONCE}),
    "langextract": _Asked("langextract", "extract", {}),
    "langextract 64": _Asked("langextract", "extract", _LANGEXTRACT_64),
}


class Field:
    """The tools at work for the same model; `lost` has what a tool raised where it gave back nothing, by row."""

    def __init__(self, run: Run, service: Loopback) -> None:
        self._run, self._service = run, service
        self._count = _SMOKE_ARTICLES if run.smoke else _ARTICLES
        tools = {tool.name: tool for tool in run.installed(*dict.fromkeys(row.tool for row in _ROWS.values()))}
        self._processes: dict[str, Process] = {name: run.start(tool) for name, tool in tools.items()}
        self.rows = {name: row for name, row in _ROWS.items() if row.tool in tools}
        self._folders = {name: write_news(run.folder(), self.count(name)) for name in self.rows}
        self.lost: dict[tuple[str, str], str] = {}
        self.processor: dict[str, float] = {}
        self.behind = 0.0
        warm = write_news(run.folder(), 3, first=5000)
        for row in self.rows.values():
            self._call(row, str(warm))

    def count(self, name: str) -> int:
        """How many articles a tool reads."""
        return max(2, self._count // _FEWER.get(name, 1))

    def ratio(self, name: str, behaviour: Behaviour, caption: str) -> float:
        """The wall time over the ideal."""
        self._service.behave(behaviour)
        told = self._call(self.rows[name], str(self._folders[name]))
        if told["error"] or told["documents"] < self.count(name):
            lost = self.count(name) - told["documents"]
            self.lost[caption, name] = f"{lost} of {self.count(name)} documents lost"
        self.processor[name] = told["processor"] / self.count(name)
        if name == "ours":
            self.behind = (told["seconds"] - told["read"]) / told["seconds"]
        ideal = self.count(name) * behaviour.mean_latency(self.count(name)) / _AT_ONCE
        return float(told["seconds"] / ideal)

    def reason(self, median: float) -> str:
        """What keeps ours from being as quick as the bare loop: its processor time, where latency does not hide it."""
        per_article = 1000 * Behaviour(median=median).mean_latency(self._count) / _AT_ONCE
        return (
            f"an article takes ours {1000 * self.processor['ours']:.1f} ms of processor, checks and writing included, "
            f"and the bare loop {1000 * self.processor['bare']:.1f} ms; the ideal has {per_article:.1f} ms for each, "
            f"on all processors; {self.behind:.0%} of ours goes by behind the last answer, where records are brought "
            "together and written"
        )

    def _call(self, row: _Asked, folder: str) -> dict[str, Any]:
        work = str(self._run.folder())
        told: dict[str, Any] = self._processes[row.tool].call(
            row.what, folder=folder, url=self._service.url, work=work, timeout=300, **row.options
        )
        return told


def measure(run: Run) -> Point:
    """Every latency and share of refusals, for every tool that is installed."""
    medians = (0.05,) if run.smoke else (0.2, 2.0)
    with Loopback() as service:
        field = Field(run, service)
        tables, found = list[Table](), list[Aim]()
        for median in medians:
            for throttled in (0.0, 0.1) if run.smoke or median > 1 else (0.0, 0.01, 0.1):
                timed, caption = _timed(run, field, Behaviour(median=median, throttled=throttled))
                tables.append(_table(field, caption, timed))
                found += aims(caption, timed, field.reason(median))
                run.tell(caption)
    return Point(
        title="Throughput against the ideal",
        method=_METHOD,
        options={_title(name): _OPTIONS[name] for name in field.rows},
        tables=tuple(tables),
        aims=tuple(found),
    )


def _timed(run: Run, field: Field, behaviour: Behaviour) -> tuple[dict[str, Samples], str]:
    caption = f"median {behaviour.median:g} s, {behaviour.throttled:.0%} refused"
    beside = not (behaviour.median > 1 or behaviour.throttled) or run.smoke
    first = _ALWAYS if behaviour.throttled and not run.smoke else (*_OURS, "bare")
    asked: dict[str, Measure] = {
        name: partial(field.ratio, name, behaviour, caption) for name in field.rows if beside or name in first
    }
    repeats = 1 if behaviour.median > 1 else _REPEATS_REFUSED if behaviour.throttled else _REPEATS
    timed = interleaved({name: asked[name] for name in first}, repeats, "x", most=1e9)
    rest = {name: one for name, one in asked.items() if name not in first}
    return timed | interleaved(rest, 1, "x"), caption


def _title(name: str) -> str:
    return _TITLES.get(name) or BY_NAME[name].title


def _table(field: Field, caption: str, timed: Mapping[str, Samples]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (_title(name), timed[name], timed[name].over(timed["bare"]), field.lost.get((caption, name), ""))
        for name in field.rows
        if name in timed
    ]
    return Table(caption=caption, head=("tool", "wall over ideal", "over the bare loop", "lost"), rows=tuple(rows))


def aims(caption: str, timed: Mapping[str, Samples], reason: str = "") -> Iterator[Aim]:
    """What the figures should be, ours with or without workers; the `reason` is told where they are not."""
    ours = min((timed[name] for name in _OURS if name in timed), key=lambda samples: samples.median)
    beside = ours.over(timed["bare"]).median
    yield Aim(
        aim=f"{caption}: within 5% of the bare loop",
        measured=f"{beside - 1:+.1%}",
        met=beside <= _WITHIN,
        reason="" if beside <= _WITHIN else reason,
    )
    peers = {name: samples for name, samples in timed.items() if name not in (*_OURS, "bare")}
    if peers:
        best = min(peers, key=lambda name: peers[name].median)
        yield Aim(
            aim=f"{caption}: ahead of every peer",
            measured=f"{ours.median:.2f} x; best peer {_title(best)}, {peers[best].median:.2f} x",
            met=ours.median < peers[best].median,
            reason="" if ours.median < peers[best].median else reason,
        )
