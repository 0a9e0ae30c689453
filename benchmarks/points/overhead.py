"""Pipeline overhead: the processor time that an article takes beside the model's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.loopback import Behaviour, Loopback
from benchmarks.measuring import Measure, interleaved
from benchmarks.news import write_news
from benchmarks.peers.tools import BY_NAME, OURS, Process
from benchmarks.results import Aim, Cell, Point, Samples, Table
from benchmarks.run import Run

_ARTICLES, _SMOKE_ARTICLES = 100, 5
# Of a peer that takes long for each, fewer are measured.
_FEWER = {"langextract": 5}
_AT_ONCE = 64
_WHOLE = {"max_char_buffer": 10_000}
_LANGEXTRACT = {**_WHOLE, "max_workers": _AT_ONCE, "batch_length": _AT_ONCE}
_MORE_THAN_INSTRUCTOR, _TIMES_LANGEXTRACT = 2.0, 5
_METHOD = (
    (
        "Processor time per article in the tool's own process, threads included, over articles of 2.5 to 4 KB with "
        "some 16 records each: the seeds with other states and years, and their recorded answers. Start-up and imports "
        "are left out: each tool has read three other articles before. All tools are given the same records."
    ),
    (
        "In process: a model that has its answer ready, one article after the other. Over loopback: a model in a "
        f"process of its own that answers at once, {_AT_ONCE} articles at once; ours keeps every answer in its store, "
        "brings the records together and writes its output, as the command does. Only ours and LangExtract look for "
        "what is quoted in the text, and only ours checks what is said against it."
    ),
)
_OPTIONS = {
    "ours": "in process `extract_article`; over loopback `extractor.extract` with a store, and its JSON",
    "instructor": "`instructor.from_openai(AsyncOpenAI())`, our prompt and schema, `create` as documented; `patch` in "
    "process",
    "bare": "`AsyncOpenAI().chat.completions.create` with our prompt and schema, `model_validate_json`",
    "langextract": "`langextract.extract` of all documents, each put whole (`max_char_buffer=10000`), as that takes it "
    "less than chunks do; over loopback `max_workers=64, batch_length=64`",
}


def measure(run: Run) -> Point:
    """In process, over loopback, and replayed."""
    folder, count = run.folder(), _SMOKE_ARTICLES if run.smoke else _ARTICLES
    tools = {tool.name: run.start(tool) for tool in run.installed("ours", "instructor", "langextract")}
    warm = write_news(folder / "warm", 3, first=5000)
    articles = {name: write_news(folder / name, _count(name, count)) for name in tools}
    with Loopback() as service:
        asking = _Asking(run, tools, articles, service)
        asking.warm_up(warm)
        within = interleaved(dict(asking.within()), run.repeats, "ms", most=1_000)
        run.tell("in process")
        over = interleaved(dict(asking.over_loopback()), run.repeats, "ms", most=1_000)
        run.tell("over loopback")
    replayed = interleaved({"ours": asking.replayed}, run.repeats, "a second", most=1e9)["ours"]
    return Point(
        title="Pipeline overhead",
        method=_METHOD,
        options={_title(name): options for name, options in _OPTIONS.items() if name == "bare" or name in tools},
        tables=(
            _table("Processor time per article, with a model in process", within),
            _table("Processor time per article, with a model on loopback", over),
            Table(
                caption="Replaying what is recorded: articles a second, from the store to the output",
                head=("tool", "articles"),
                rows=((OURS.title, replayed),),
            ),
        ),
        aims=tuple(aims(within, over)),
    )


class _Asking:
    """The tools' processes, and what each is asked to do, by how long it takes for an article in milliseconds."""

    def __init__(self, run: Run, tools: dict[str, Process], articles: dict[str, Path], service: Loopback) -> None:
        self._run, self._tools, self._articles, self._service = run, tools, articles, service
        self._kept = ""

    def warm_up(self, folder: Path) -> None:
        service, work = self._service, str(self._run.folder())
        for name, process in self._tools.items():
            process.call("scripted", folder=str(folder), **(_WHOLE if name == "langextract" else {}))
            for what in _asked(name):
                process.call(what, folder=str(folder), url=service.url, work=work, **_options_of(name))

    def within(self) -> Iterator[tuple[str, Measure]]:
        for name in self._tools:
            more = _WHOLE if name == "langextract" else {}
            yield name, lambda name=name, more=more: self._per_article(name, "scripted", **more)  # type: ignore[misc]

    def over_loopback(self) -> Iterator[tuple[str, Measure]]:
        for name in self._tools:
            for what in _asked(name):
                row = "bare" if what == "extract_bare" else name
                yield row, lambda name=name, what=what: self._asked_anew(name, what)  # type: ignore[misc]

    def replayed(self) -> float:
        """Articles a second."""
        folder = str(self._articles["ours"])
        told = self._tools["ours"].call("replay", folder=folder, work=self._kept)
        return float(told["documents"] / told["seconds"])

    def _asked_anew(self, name: str, what: str) -> float:
        self._service.behave(Behaviour())
        work = str(self._run.folder())
        if name == "ours":
            self._kept = work
        return self._per_article(name, what, url=self._service.url, work=work, **_options_of(name))

    def _per_article(self, name: str, what: str, **options: Any) -> float:
        folder = self._articles[name]
        told = self._tools[name].call(what, folder=str(folder), timeout=300, **options)
        count = len(list(folder.glob("*.txt")))
        if told["error"] or told["documents"] != count:
            raise AssertionError(f"{name}: {told['documents']} of {count} documents. {told['error']}")
        return float(1000 * told["processor"] / count)


def _asked(name: str) -> tuple[str, ...]:
    return ("extract", "extract_bare") if name == "instructor" else ("extract",)


def _options_of(name: str) -> dict[str, Any]:
    return _LANGEXTRACT if name == "langextract" else {"concurrency": _AT_ONCE}


def _count(name: str, count: int) -> int:
    return max(2, count // _FEWER.get(name, 1))


def _title(name: str) -> str:
    return "openai SDK and pydantic" if name == "bare" else BY_NAME[name].title


def _table(caption: str, timed: dict[str, Samples]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (_title(name), samples, samples.over(timed["ours"])) for name, samples in timed.items()
    ]
    return Table(caption=caption, head=("tool", "per article", "over ours"), rows=tuple(rows))


def aims(within: dict[str, Samples], over: dict[str, Samples]) -> Iterator[Aim]:
    for how, timed in (("in process", within), ("over loopback", over)):
        ours, instructor = timed["ours"].median, timed["instructor"].median
        yield Aim(
            aim=f"{how}, at most {_MORE_THAN_INSTRUCTOR:g} ms more than instructor alone",
            measured=f"{ours - instructor:+.1f} ms",
            met=ours <= instructor + _MORE_THAN_INSTRUCTOR,
        )
        if "langextract" in timed:
            times = timed["langextract"].over(timed["ours"]).median
            yield Aim(
                aim=f"{how}, {_TIMES_LANGEXTRACT} times less than LangExtract",
                measured=f"{times:.1f} times less",
                met=times >= _TIMES_LANGEXTRACT,
            )
