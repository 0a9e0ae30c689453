"""Which parts of a text stand in quotation marks, in the marks that news texts mix."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import accumulate
from sys import maxsize

from extractor.scanning import matches_at

Span = tuple[int, int]

_STRAIGHT = '"＂'
# Marks of one family open and close one another; the families know nothing of each other.
_FAMILIES = ("“”„‟" + _STRAIGHT, "«»", "‹›", "「」", "『』")
_FAMILY = {mark: number for number, marks in enumerate(_FAMILIES) for mark in marks}
_ALL = "".join(_FAMILIES) + "'‘’‚"
_ALWAYS_OPENING = "„「『"
_ALWAYS_CLOSING = "」』"
# Opening in one language, closing in another; the latter where this mark has opened: „...“ and »...«.
_REVERSED = {"“": "„", "‟": "„", "«": "»", "‹": "›"}
_NEEDS_CLOSING = "»›"
_BEFORE_OPENING = "([{<:/—–-"
_AFTER_CLOSING = ",.;:!?)]}>/—–-，。、；：！？）"

_PARAGRAPH_END = re.compile(r"\n\s*\n")
# In Hebrew the straight mark stands before the last letter of an abbreviation.
_MARK = re.compile(rf"[{''.join(_FAMILIES)}](?!(?<=[א-ת]\")[א-ת](?![א-ת]))")
_MEASURED = re.compile(r"(?<=\d)[\"＂](?=\s?\w|-\w)")

_ELIDED = r"\d0s|(?i:em|n|s|t|til|tis|twas)"
_SINGLE_OR_BREAK = re.compile("['‘’‚\n]")
_SINGLE = re.compile(
    rf"(?P<opens>(?<![\w.!?…])['‘‚](?!(?:{_ELIDED})\b)(?=[\w“\"„«(\[$£€…]|\.\.))"
    r"|(?P<unsure>(?<=[sS\d])['’](?=\s\w))"
    r"|(?P<closes>(?<=[^\s(\[{“„«‘‚])['’‘](?!\w))"
    r"|(?P<break>\n\s*+)(?P<continued>(?=['‘]\w))?"
)


class _Turn(Enum):
    OPENS = auto()
    CLOSES = auto()
    EITHER = auto()


def quoted_regions(text: str) -> list[Span]:
    """The spans between quotation marks, marks left out, in order; nested quotations are among them.

    English, German, Nordic, French and East Asian marks are known; curly and straight ones may be mixed within one
    quotation (“ ... "). What stands on either side of a mark tells whether it opens or closes, where the mark itself
    does not. A quotation left open ends with its paragraph, or where another one opens: with its line, if that one
    begins a line, as the paragraphs of one long quotation do.

    Marks behind figures (6" gun) and single marks behind an s (the ministers’ decision) close a quotation only if
    no better mark does before the next opening one. Single marks count within a line and must be closed.
    """
    regions: list[Span] = list(_single_marked(text))
    for start, end in _paragraphs(text):
        marks: dict[int, list[int]] = {}
        for match in _MARK.finditer(text, start, end):
            marks.setdefault(_FAMILY[match[0]], []).append(match.start())
        for family in marks.values():
            regions.extend(_Paragraph(text, end).read(family))
    return _Regions(region for region in regions if region[0] < region[1])


def stands_in_quotation(regions: list[Span], start: int, end: int) -> bool:
    """Whether a span lies within one of the regions; quick for a list as `quoted_regions` returns it."""
    return (regions if isinstance(regions, _Regions) else _Regions(regions)).hold(start, end)


def stretches_in_quotation(regions: list[Span], start: int, end: int) -> Iterator[Span]:
    """The parts of a span that lie within regions in order, as `quoted_regions` returns them; no two overlap."""
    for region in regions[_first_reaching(regions, start) :]:
        if region[0] >= end:
            return
        low, high = max(start, region[0]), min(end, region[1])
        if low < high:
            yield low, high
            start = high


def _first_reaching(regions: list[Span], start: int) -> int:
    """The first of some regions that may reach beyond an offset."""
    return bisect_left(regions.reach, start + 1) if isinstance(regions, _Regions) else 0


class _Regions(list[Span]):
    """Spans in order with how far each and those before it reach, since one may lie in another."""

    def __init__(self, spans: Iterable[Span]) -> None:
        super().__init__(sorted(spans))
        self.reach = list(accumulate((end for _, end in self), max))

    def hold(self, start: int, end: int) -> bool:
        """Whether one of the spans contains this one."""
        before = bisect_right(self, (start, maxsize))
        return before > 0 and end <= self.reach[before - 1]


def _paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for gap in _PARAGRAPH_END.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


@dataclass(slots=True)
class _Open:
    """An opening mark that waits for its closing one; `inner` is the first mark that opened after it."""

    mark: str
    at: int
    inner: int | None = None


class _Paragraph:
    """The quotations of one paragraph in the marks of one family."""

    def __init__(self, text: str, end: int) -> None:
        self.text = text
        self.end = end
        self.waiting: list[_Open] = []
        self.regions: list[Span] = []

    def read(self, marks: Sequence[int]) -> list[Span]:
        """The quotations between marks of one family, given where these stand."""
        for at, measured in zip(marks, _measures(self.text, marks), strict=True):
            turn = _turn(self.text, at, self.waiting[-1].mark if self.waiting else "")
            if measured or (turn is _Turn.CLOSES and not self.waiting):
                continue
            if turn is _Turn.CLOSES:
                self._close(at)
            else:
                self._open(at)
        self._abandon_all(self.end)
        return self.regions

    def _open(self, at: int) -> None:
        mark, last = self.text[at], self.waiting[-1] if self.waiting else None
        if last and _begins_line(self.text, at):
            line_end = self.text.find("\n", last.at, at)
            self._abandon(line_end if line_end >= 0 else at)
            self._abandon_all(at)
        elif last and last.mark == mark and mark not in _ALWAYS_OPENING and mark not in _REVERSED:
            self._abandon(at)
        elif last and last.inner is None:
            last.inner = at
        self.waiting.append(_Open(mark, at))

    def _close(self, at: int) -> None:
        """A curly mark closes a curly one, past a straight one that was left open within."""
        if self.text[at] == "”" and len(self.waiting) > 1 and self.waiting[-1].mark in _STRAIGHT:
            self._abandon(at)
        self.regions.append((self.waiting.pop().at + 1, at))

    def _abandon_all(self, end: int) -> None:
        while self.waiting:
            self._abandon(end)

    def _abandon(self, end: int) -> None:
        """Give up waiting for the last mark's closing one."""
        left = self.waiting.pop()
        if left.mark not in _NEEDS_CLOSING:
            self.regions.append((left.at + 1, end if left.inner is None else min(left.inner, end)))


def _begins_line(text: str, at: int) -> bool:
    """Whether nothing but white space stands before an offset in its line."""
    while at and text[at - 1].isspace() and text[at - 1] != "\n":
        at -= 1
    return not at or text[at - 1] == "\n"


def _turn(text: str, at: int, last: str) -> _Turn:
    """Whether a mark opens or closes, given its surroundings and the mark that waits to be closed."""
    mark, around = text[at], _surroundings(text, at)
    if mark in _ALWAYS_OPENING or mark in _ALWAYS_CLOSING:
        return _Turn.OPENS if mark in _ALWAYS_OPENING else _Turn.CLOSES
    if mark in _STRAIGHT:
        if around is _Turn.EITHER:
            return _Turn.CLOSES if last or text[at - 1 : at].isdigit() else _Turn.OPENS
        return around
    if mark in _REVERSED:
        reverses = last == _REVERSED[mark] and around is not _Turn.OPENS
        closes = around is _Turn.CLOSES and (last or text[at - 1].isdigit())
        return _Turn.CLOSES if reverses or closes else _Turn.OPENS
    opens = around is _Turn.OPENS and last not in _REVERSED and last != "„"
    return _Turn.OPENS if opens else _Turn.CLOSES


def _surroundings(text: str, at: int) -> _Turn:
    """What the characters beside a mark make of it, other marks passed over."""
    before = text[max(0, at - 4) : at].rstrip(_ALL)[-1:]
    after = text[at + 1 : at + 6].lstrip(_ALL)
    opens = not before or before.isspace() or before in _BEFORE_OPENING
    closes = not after or after[0].isspace() or (after[0] in _AFTER_CLOSING and not after.startswith(".."))
    if opens == closes:
        return _Turn.EITHER
    return _Turn.OPENS if opens else _Turn.CLOSES


def _measures(text: str, marks: Sequence[int]) -> list[bool]:
    """Which marks are rather inches: those behind figures where a better mark closes the quotation."""
    measures, closed_better = [], False
    for at in reversed(marks):
        figure = _MEASURED.match(text, at) is not None
        measures.append(figure and closed_better)
        if not figure:
            closed_better = _turn(text, at, "") is _Turn.CLOSES
    return measures[::-1]


def _single_marked(text: str) -> Iterator[Span]:
    opened: re.Match[str] | None = None
    line = 0
    marks = list(matches_at(_SINGLE_OR_BREAK, _SINGLE, text))
    for match, possessive in zip(marks, _possessives(marks), strict=True):
        if match["break"]:
            if opened and opened.start() == line and match["continued"] is not None:
                yield opened.end(), match.start()
            opened, line = None, match.end()
        elif match["opens"]:
            opened = match
        elif opened and not possessive and (match[0] != "‘" or opened[0] == "‚"):
            yield opened.end(), match.start()
            opened = None


def _possessives(marks: Sequence[re.Match[str]]) -> list[bool]:
    """Which marks are rather apostrophes: those behind an s where a better mark closes the quotation."""
    possessives, closed_better = [], False
    for match in reversed(marks):
        possessives.append(bool(match["unsure"]) and closed_better)
        if not match["unsure"]:
            closed_better = bool(match["closes"])
    return possessives[::-1]
