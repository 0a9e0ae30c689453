"""Grounding speed: fifteen quotations in texts of 4 KB to 4 MB, by how they stand in the text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from benchmarks.cases import articles
from benchmarks.measuring import interleaved
from benchmarks.peers.tools import BY_NAME, OURS, Process, TookTooLong, Tool
from benchmarks.results import Aim, Cell, Point, Samples, Table
from benchmarks.run import Run
from extractor.grounding import GroundedText

_SIZES = (4_000, 40_000, 400_000, 4_000_000)
_SMOKE_SIZES = (4_000, 40_000)
_QUOTATIONS = 15
_TOOLS = ("ours", "langextract", "instructor")
_MOST_SECONDS = 4.0
_LIMIT = 10.0
_SMOKE_LIMIT = 1.0
_CHUNK = 1_000
_TIMES_LANGEXTRACT = 20
_LINEAR = 1.5
_NO_DEARER = 1.1
_METHOD = (
    (
        "Processor time of preparing a text and finding fifteen of its sentences, which come in another order than "
        "they stand in it. The text is the seeds again and again, each time with its own names. Paraphrased: every "
        "sixth word is another one. Absent: words of the text in another order. Each tool measures itself, in a "
        f"process of its own. One that takes more than {_MOST_SECONDS:.0f} s is measured once; after {_LIMIT:.0f} s it "
        "is ended, and left out for larger texts."
    ),
    (
        f"LangExtract is given the text whole, as ours is. By default it cuts texts into chunks of {_CHUNK:,} "
        "characters, asks the model about each, and aligns within the chunk: the last table gives each quotation to "
        "both tools with the chunk that holds it."
    ),
)
_OPTIONS = {
    "ours": "`GroundedText(text).locate_all(quotations)`",
    "langextract": "`Resolver().align(extractions, text, 0, 0)`: the defaults of its pipeline",
    "instructor": "`CitationMixin(substring_quotes=[quotation]).get_spans(text)`, for each quotation",
}
_UNFINISHED = "where LangExtract was ended, the ratio is at least what is told, and no larger text was tried"
_PIECES = "a quotation is known to be absent only when two to four pieces of it have been sought, too, for its slips"
_Timed = Mapping[str, Samples]


@dataclass(frozen=True)
class Text:
    """A text in a file, fifteen of its sentences in another order, and where they stand."""

    path: Path
    size: int
    sentences: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"{self.size // 1000:,} KB"


def text_of(size: int, folder: Path) -> Text:
    """A text of a size, with sentences from all over it."""
    text = _grown(size)
    path = folder / f"{size}.txt"
    path.write_text(text, encoding="utf-8")
    grounded = GroundedText(text)
    spans = [_sentence_behind(grounded, at * size // (_QUOTATIONS + 1)) for at in range(_QUOTATIONS)]
    return Text(path, size, tuple(random.Random(1).sample([text[low:high] for low, high in spans], _QUOTATIONS)))


def _grown(size: int) -> str:
    rounds, length = list[str](), 0
    while length < size:
        for text, _ in articles():
            rounds.append(re.sub(r"\b(Russian?|Putin|Obama|US)\b", rf"\g<0>X{len(rounds)}", text))
            length += len(rounds[-1]) + 1
    return "\n".join(rounds)[:size]


def _sentence_behind(grounded: GroundedText, at: int) -> tuple[int, int]:
    """The first sentence behind a place that is long enough and stands nowhere else."""
    for offset in count(at):
        low, high = grounded.sentence_around(offset, offset + 1)
        if low == offset and high - low > 60 and grounded.text.count(grounded.text[low:high]) == 1:
            return low, high
    raise AssertionError("there is always one")


def _exact(sentence: str) -> str:
    return sentence


def _paraphrased(sentence: str) -> str:
    return " ".join("whereupon" if at % 6 == 3 else word for at, word in enumerate(sentence.split()))


def _absent(sentence: str) -> str:
    words = [word for text, _ in articles() for word in text.split()]
    return " ".join(random.Random(sentence).sample(words, len(sentence.split())))


_KINDS: dict[str, Callable[[str], str]] = {"exact": _exact, "paraphrased": _paraphrased, "absent": _absent}


class Clock:
    """A tool that times itself; started anew when it had to be ended."""

    def __init__(self, run: Run, tool: Tool, nothing: Path) -> None:
        self._run, self._tool, self._nothing = run, tool, nothing
        self.limit = _SMOKE_LIMIT if run.smoke else _LIMIT
        self._process: Process | None = None

    def seconds(self, path: Path, quotations: list[str]) -> float:
        """What a file's text and some quotations take; the limit where the tool was ended."""
        try:
            answer = self._ready().call("time_grounding", timeout=self.limit, path=str(path), quotations=quotations)
        except TookTooLong:
            self._process = None
            return self.limit
        return float(answer["seconds"])

    def _ready(self) -> Process:
        if self._process is None:
            self._process = self._run.start(self._tool)
            # What is imported or made at first use is not the price of a text.
            self._process.call("time_grounding", path=str(self._nothing), quotations=["some words of it", "no words"])
        return self._process


def measure(run: Run) -> Point:
    """Every size and kind, and the chunks."""
    folder = run.folder()
    nothing = folder / "nothing.txt"
    nothing.write_text("A text of some words, so that there is some words of it to find.", encoding="utf-8")
    clocks = {tool.name: Clock(run, tool, nothing) for tool in run.installed(*_TOOLS)}
    texts = [text_of(size, folder) for size in (_SMOKE_SIZES if run.smoke else _SIZES)]
    timed = {kind: list(_of_kind(run, clocks, kind, texts)) for kind in _KINDS}
    own = [_own(run, clocks["ours"], text) for text in texts]
    chunked = {kind: _in_chunks(run, clocks, kind, texts[-1]) for kind in _KINDS}
    return Point(
        title="Grounding speed",
        method=_METHOD,
        options={BY_NAME[name].title: _OPTIONS[name] for name in clocks},
        tables=(
            *(_table(f"15 quotations, {kind}", texts, times, list(clocks)) for kind, times in timed.items()),
            Table(
                caption="What kind of quotation costs what, ours: absent over exact, measured in turn",
                head=("text", "absent over exact", "time for 1,000 characters, exact"),
                rows=tuple(_own_row(text, times) for text, times in zip(texts, own, strict=True)),
            ),
            Table(
                caption=f"15 quotations, each in its chunk of {_CHUNK:,} characters",
                head=_head("quotations", list(clocks)),
                rows=tuple(_row(kind, times, list(clocks)) for kind, times in chunked.items()),
            ),
        ),
        aims=tuple(_aims(timed, own, texts)),
    )


def _of_kind(run: Run, clocks: dict[str, Clock], kind: str, texts: list[Text]) -> Iterator[_Timed]:
    """Each tool's time for each text; without those that took too long for a smaller one."""
    asked = dict(clocks)
    for text in texts:
        quotations = [_KINDS[kind](sentence) for sentence in text.sentences]
        timed = interleaved(
            {name: lambda clock=clock: clock.seconds(text.path, quotations) for name, clock in asked.items()},  # type: ignore[misc]  # noqa: B023 -- called at once
            run.repeats,
            "s",
            most=min(_MOST_SECONDS, clocks["ours"].limit / 2),
        )
        run.tell(f"{kind}, {text.title}")
        ended = {name for name, samples in timed.items() if max(samples.values) >= clocks[name].limit}
        yield {name: _unfinished(samples) if name in ended else samples for name, samples in timed.items()}
        asked = {name: clock for name, clock in asked.items() if name not in ended}


def _unfinished(samples: Samples) -> Samples:
    return samples.model_copy(update={"note": "or more: it was ended"})


def _own(run: Run, clock: Clock, text: Text) -> _Timed:
    kinds = {kind: [change(sentence) for sentence in text.sentences] for kind, change in _KINDS.items()}
    return interleaved(
        {kind: lambda asked=asked: clock.seconds(text.path, asked) for kind, asked in kinds.items()},  # type: ignore[misc]
        2 * run.repeats + 1,
        "s",
    )


def _own_row(text: Text, times: _Timed) -> tuple[Cell, ...]:
    return text.title, times["absent"].over(times["exact"]), times["exact"].scaled(1e9 / text.size, "µs")


def _in_chunks(run: Run, clocks: dict[str, Clock], kind: str, text: Text) -> _Timed:
    """Each tool's time for the quotations, each of them asked of the chunk around it."""
    whole, chunks = text.path.read_text(encoding="utf-8"), list[tuple[Path, str]]()
    for number, sentence in enumerate(text.sentences):
        low = max(0, whole.find(sentence) - (_CHUNK - len(sentence)) // 2)
        path = text.path.with_name(f"chunk-{number}.txt")
        path.write_text(whole[low : low + _CHUNK], encoding="utf-8")
        chunks.append((path, _KINDS[kind](sentence)))
    return interleaved(
        {
            name: lambda clock=clock: sum(clock.seconds(path, [asked]) for path, asked in chunks)  # type: ignore[misc]
            for name, clock in clocks.items()
        },
        run.repeats,
        "s",
        most=min(_MOST_SECONDS, clocks["ours"].limit / 2),
    )


def _head(first: str, names: list[str]) -> tuple[str, ...]:
    titles = [BY_NAME[name].title for name in names]
    return (first, *titles, *(f"{title} over {OURS.title}" for title in titles[1:]))


def _table(caption: str, texts: list[Text], times: list[_Timed], names: list[str]) -> Table:
    rows = (_row(text.title, timed, names) for text, timed in zip(texts, times, strict=True))
    return Table(caption=caption, head=_head("text", names), rows=tuple(rows))


def _row(title: str, timed: _Timed, names: list[str]) -> tuple[Cell, ...]:
    times = [timed[name].scaled(1000, "ms") if name in timed else "too slow" for name in names]
    ratios = [timed[name].over(timed["ours"]) if name in timed else "" for name in names if name != "ours"]
    return title, *times, *ratios


def _aims(timed: dict[str, list[_Timed]], own: list[_Timed], texts: list[Text]) -> Iterator[Aim]:
    ratios = {
        f"{kind}, {text.title}": times["langextract"].over(times["ours"]).median
        for kind, each in timed.items()
        for text, times in zip(texts, each, strict=True)
        if "langextract" in times
    }
    least = min(ratios, key=lambda name: ratios[name], default="")
    yield Aim(
        aim=f"at least {_TIMES_LANGEXTRACT} times LangExtract's speed on each",
        measured=f"least {ratios[least]:.0f}x ({least})" if least else "",
        met=ratios[least] >= _TIMES_LANGEXTRACT if least else None,
        reason=_UNFINISHED if least else "LangExtract is not installed",
    )
    if len(texts) > 2:
        yield _linear(own, texts)
    dearer = {text.title: times["absent"].over(times["exact"]).median for text, times in zip(texts, own, strict=True)}
    dearest = max(dearer, key=lambda title: dearer[title])
    yield Aim(
        aim=f"absent quotations no dearer than present ones (at most {_NO_DEARER} times, for noise)",
        measured=f"at most {dearer[dearest]:.2f}x ({dearest})",
        met=dearer[dearest] <= _NO_DEARER,
        reason="" if dearer[dearest] <= _NO_DEARER else _PIECES,
    )


def _linear(own: list[_Timed], texts: list[Text]) -> Aim:
    """What a character costs in the largest text over what it costs in the second smallest."""
    base, last = texts[1], texts[-1]
    growth = {kind: own[-1][kind].median / last.size / (own[1][kind].median / base.size) for kind in _KINDS}
    worst = max(growth, key=lambda kind: growth[kind])
    return Aim(
        aim=f"linear in the text: a character of {last.title} costs at most {_LINEAR} times one of {base.title}",
        measured=f"{growth[worst]:.2f}x ({worst})",
        met=growth[worst] <= _LINEAR,
    )
