"""Grounding quality: what is given its own place in the text, what a wrong one, and what none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.cases import Case, Quotation, Span, cases, core
from benchmarks.peers.tools import BY_NAME, OURS, Process, ToolFault
from benchmarks.results import Aim, Point, Table
from benchmarks.run import Run

_METHOD = (
    (
        "Each quotation is asked of a text, and each tool gives it a span or none. Right: a span that begins and ends "
        "with the quotation's own words (marks and spaces at its edges are passed over), or none for a quotation that "
        "is not in the text. Wrong: any other span. Missed: none, though the quotation is there. The texts are the "
        "seeds, and invented ones in other scripts (`benchmarks/texts.py`, `benchmarks/cases.py`)."
    ),
)
_SHOWN = 12
_OUTCOMES = ("right", "wrong", "missed")


@dataclass(frozen=True)
class _Way:
    """A tool with options of its own."""

    title: str
    tool: str
    options: dict[str, Any]
    words: str


_WAYS = (
    _Way(OURS.title, "ours", {}, "`GroundedText(text).locate_all(quotations)`, as the pipeline calls it"),
    _Way(
        "LangExtract", "langextract", {}, "`Resolver().align(extractions, text, 0, 0)`: the defaults of its pipeline"
    ),
    _Way(
        "LangExtract, exact", "langextract", {"exact": True},
        "the same with `enable_fuzzy_alignment=False`, `accept_match_lesser=False` and its `UnicodeTokenizer`, the "
        "strictest that its options allow",
    ),
    _Way("instructor", "instructor", {}, "`CitationMixin(substring_quotes=[quotation]).get_spans(text)`"),
)  # fmt: skip
_Outcomes = dict[str, list[str]]


def measure(run: Run) -> Point:
    """Every case asked of every tool."""
    asked = cases(run.smoke)
    outcomes, notes = dict[str, list[list[str]]](), list[str]()
    ways = [way for way in _WAYS if BY_NAME[way.tool].installed]
    for way in ways:
        process = run.start(BY_NAME[way.tool])
        outcomes[way.title] = [_ask(process, way, case) for case in asked]
        run.tell(f"{way.title}: {len(asked)} cases")
    return Point(
        title="Grounding quality",
        method=_METHOD,
        options={way.title: way.words for way in ways},
        tables=(_table(asked, outcomes),),
        aims=tuple(_aims(asked, outcomes)),
        notes=tuple(notes),
    )


def _ask(process: Process, way: _Way, case: Case) -> list[str]:
    """What came of each quotation; of a tool that raises, its fault is as good as no answer."""
    words = [quotation.words for quotation in case.quotations]
    try:
        spans = process.call("ground", text=case.text, records=[words], **way.options)[0]
    except ToolFault:
        spans = [None] * len(words)
    return [_outcome(case.text, one, span) for one, span in zip(case.quotations, spans, strict=True)]


def _outcome(text: str, quotation: Quotation, span: Sequence[int] | None) -> str:
    if span is None:
        return "missed" if quotation.places else "right"
    found: Span = (span[0], span[1])
    return "right" if core(text, found) in {core(text, place) for place in quotation.places} else "wrong"


def _table(asked: list[Case], outcomes: dict[str, list[list[str]]]) -> Table:
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for title, each in outcomes.items():
        for case, came in zip(asked, each, strict=True):
            counts[case.group][title].update(came)
            counts["**all**"][title].update(came)
    groups = [group for group in counts if group != "**all**"] + ["**all**"]
    rows = [
        (
            group,
            str(sum(counts[group][OURS.title].values())),
            *(" / ".join(str(counts[group][title][one]) for one in _OUTCOMES) for title in outcomes),
        )
        for group in groups
    ]
    return Table(caption="Right / wrong / missed", head=("quotations", "asked", *outcomes), rows=tuple(rows))


def _aims(asked: list[Case], outcomes: dict[str, list[list[str]]]) -> list[Aim]:
    flat = {title: [one for came in each for one in came] for title, each in outcomes.items()}
    told = [(case.group, quotation.words) for case in asked for quotation in case.quotations]
    ours = flat[OURS.title]
    wrong = [told[at] for at, one in enumerate(ours) if one == "wrong"]
    behind = [
        told[at]
        for at, one in enumerate(ours)
        if one != "right" and any(of[at] == "right" for title, of in flat.items() if title != OURS.title)
    ]
    peers = len(flat) > 1
    return [
        Aim(aim="no wrong span", measured=f"{len(wrong)} of {len(ours)}", met=not wrong, reason=_listed(wrong)),
        Aim(
            aim="no case where a peer is right and we are not",
            measured=f"{len(behind)} of {len(ours)}",
            met=not behind if peers else None,
            reason=_listed(behind) if peers else "no peer is installed",
        ),
    ]


def _listed(those: list[tuple[str, str]]) -> str:
    shown = "; ".join(f"{group}: “{words[:80]}”" for group, words in those[:_SHOWN])
    return shown + (f"; and {len(those) - _SHOWN} more" if len(those) > _SHOWN else "")
