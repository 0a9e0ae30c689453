"""A text's normal form: typography made alike, with each character's place in the source.

Sources: Unicode Standard Annex 15 (composition), Unicode 15.1 chapter 6 (dashes, quotation marks, spaces).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from sys import maxsize
from typing import NamedTuple


def _character_class(members: Iterable[int]) -> str:
    """The inside of a regular expression's character class for ascending code points."""
    ranges: list[list[int]] = []
    for point in members:
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)


# The standard library's `re` has no property classes; no combining mark lies outside these two ranges.
_MARK_RANGES = (range(0x300, 0x1E950), range(0xE0100, 0xE01F0))


@cache
def marks() -> str:
    """The inside of a regular expression's character class for combining marks; most runs of this tool need none."""
    return _character_class(
        point for points in _MARK_RANGES for point in points if unicodedata.category(chr(point))[0] == "M"
    )


_INVISIBLE = "\u00ad\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
_LIGATURES = "\ufb00-\ufb06"
# One class of characters, whose members are quickly found.
_RESPELT = re.compile(f"[{_INVISIBLE}{_LIGATURES}]")


@cache
def _cluster() -> re.Pattern[str]:
    """A base with its marks, conjoining Hangul, or a lone character that has a canonical equivalent."""
    hangul = "[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\uac00-\ud7a3][\u11a8-\u11c2]"
    return re.compile(f"[^{marks()}][{marks()}]+|{hangul}|[^\x00-\x7f]")


# Hebrew points and Arabic vowel signs: writing may leave them out, and mostly does. With them the stretching kashida.
_POINTS = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u0652\u0670"
_POINTED = re.compile(f"[^{_POINTS}][{_POINTS}]+")
_MAY_BE_POINTED = re.compile("[\u05d0-\u05f2\u0620-\u06d3]")
_SPACES = re.compile("  +")
_DOUBLED_QUOTE = re.compile("''")
_ELLIPSIS = re.compile("\u2026")
_DOUBLED_DASH = re.compile("--+")
_NON_ASCII = re.compile("[^\x00-\x7f]")

_SINGLE_QUOTES = "`\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u05f3\u275b\u275c\uff07"
_DOUBLE_QUOTES = (
    "\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033\u2036\u05f4\u275d\u275e\u300c\u300d\u300e\u300f\u301d\u301e\u301f\uff02"
)
_OTHER_SPACES = "".join(space for space in map(chr, range(0x3001)) if space.isspace() and space != " ")
_DASHES = "\u058a\u05be\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
_PLAIN: dict[int, str] = str.maketrans(
    dict.fromkeys(_SINGLE_QUOTES, "'")
    | dict.fromkeys(_DOUBLE_QUOTES, '"')
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_OTHER_SPACES, " ")
)
_NOT_PLAIN = re.compile(f"[{_SINGLE_QUOTES}{_DOUBLE_QUOTES}{_DASHES}{_OTHER_SPACES}]")

_Replace = Callable[[re.Match[str]], str]


def _composed(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[0])


def _respelt(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found[0]) if "\ufb00" <= found[0] <= "\ufb06" else ""


# What is rewritten after characters are composed and marks made plain, each with a sign that is quickly found.
_TYPOGRAPHY: tuple[tuple[str, re.Pattern[str], _Replace], ...] = (
    ("  ", _SPACES, lambda _: " "),
    ("''", _DOUBLED_QUOTE, lambda _: '"'),
    ("\u2026", _ELLIPSIS, lambda _: "..."),
    ("--", _DOUBLED_DASH, lambda _: "-"),
)


class _Run(NamedTuple):
    """Characters of a normal form, from the `first`, that stand beside one another in the source, or for one stretch.

    The first stands for `source[start:end]`, each further one for as much that is `step` (1 or 0) behind.
    """

    first: int
    start: int
    end: int
    step: int


@dataclass(frozen=True, slots=True)
class NormalForm:
    """A normal form whose character `i` stands for `source[start(i):end(i)]`, found in time logarithmic in the runs."""

    text: str
    runs: Sequence[_Run]

    def start(self, at: int) -> int:
        """Where in the source what a character stands for begins."""
        first, start, _, step = self.runs[self._number_of_run(at)]
        return start + step * (at - first)

    def end(self, at: int) -> int:
        """Where in the source what a character stands for ends."""
        first, _, end, step = self.runs[self._number_of_run(at)]
        return end + step * (at - first)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The source's offsets of a non-empty stretch of the normal form."""
        opening, closing = self.runs[self._number_of_run(start)], self.runs[self._number_of_run(end - 1)]
        low = opening.start + opening.step * (start - opening.first)
        return low, closing.end + closing.step * (end - 1 - closing.first)

    def form_span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the normal form that stands for what lies wholly within a span of the source."""
        places = range(len(self.text))
        low = bisect_left(places, start, key=self.start)
        return low, max(low, bisect_right(places, end, key=self.end))

    def runs_within(self, low: int, high: int, moved: int) -> Iterator[_Run]:
        """The runs of a non-empty stretch that stands `moved` by so much, the first one cut to begin with it."""
        at = self._number_of_run(low)
        while at < len(self.runs) and self.runs[at].first < high:
            run = self.runs[at]
            skipped = max(0, low - run.first)
            shift = run.step * skipped
            yield _Run(run.first + skipped + moved, run.start + shift, run.end + shift, run.step)
            at += 1

    def _number_of_run(self, at: int) -> int:
        return bisect_right(self.runs, (at, maxsize)) - 1

    def casefolded(self) -> NormalForm:
        """The form with case differences taken out, still mapped to the source."""
        folded = self.text.casefold()
        if len(folded) == len(self.text):
            return NormalForm(folded, self.runs)
        expanded = _rewrite(self, _NON_ASCII, lambda found: found[0].casefold())
        return NormalForm(expanded.text.lower(), expanded.runs)

    def unpointed(self) -> NormalForm:
        """The form without Hebrew points and Arabic vowel signs, still mapped to the source; itself where none are."""
        return _rewrite(self, _POINTED, lambda found: found[0][0])


def casefolded(text: str) -> str:
    """The text as `NormalForm.casefolded` has it, without a map."""
    folded = text.casefold()
    return folded if len(folded) == len(text) else _NON_ASCII.sub(lambda found: found[0].casefold(), text).lower()


def normal_form(text: str) -> NormalForm:
    """The normal form of a text, in time linear in its length.

    Quotation marks become `'` or `"`, dashes `-`, an ellipsis character three full stops, each white space run one
    space; characters are composed (NFC), ligatures spelt out and invisible characters dropped. Case is kept.
    """
    form = NormalForm(text, (_Run(0, 0, 1, 1),))
    if _is_normal(text):
        return form
    if not text.isascii():
        form = _rewrite(form, _RESPELT, _respelt)
        if not unicodedata.is_normalized("NFC", form.text):
            form = _rewrite(form, _cluster(), _composed)
    form = NormalForm(_plain(form.text), form.runs)
    for sign, pattern, replace in _TYPOGRAPHY:
        if sign in form.text:
            form = _rewrite(form, pattern, replace)
    return form


def normalise(text: str) -> str:
    """The normal form of a text, without its map to the source."""
    if _is_normal(text):
        return text
    if not text.isascii():
        text = _RESPELT.sub(_respelt, text)
        if not unicodedata.is_normalized("NFC", text):
            text = _cluster().sub(_composed, text)
    text = _plain(text)
    for sign, pattern, replace in _TYPOGRAPHY:
        if sign in text:
            text = pattern.sub(replace, text)
    return text


def _is_normal(text: str) -> bool:
    """Whether a text is certain to be its own normal form, as most words and sentences are; quickly told."""
    if not (text.isascii() and text.isprintable()):
        return False
    # Told without a loop: it is asked of every name and sentence.
    return not ("  " in text or "''" in text or "--" in text or "`" in text)


def may_be_pointed(text: str) -> bool:
    """Whether a text has Hebrew or Arabic letters, which can have points."""
    return _MAY_BE_POINTED.search(text) is not None


def _plain(text: str) -> str:
    """The text with each mark, dash and white space character made plain, all of them one for one."""
    return _NOT_PLAIN.sub(lambda found: _PLAIN[ord(found[0])], text)


def _rewrite(form: NormalForm, pattern: re.Pattern[str], replace: _Replace) -> NormalForm:
    """The form with each match replaced; every character of a replacement stands for the whole match."""
    rewritten = _Rewriting(form)
    for found in pattern.finditer(form.text):
        rewritten.replace(*found.span(), replace(found))
    return rewritten.form()


class _Rewriting:
    """A form in the making, from left to right, out of another one's stretches and what replaces others."""

    def __init__(self, form: NormalForm) -> None:
        self._form = form
        self._pieces: list[str] = []
        self._runs: list[_Run] = []
        self._length = 0
        self._done = 0

    def replace(self, low: int, high: int, new: str) -> None:
        """Keep what stands before a stretch of the form, and put something else in its place."""
        self._keep(low)
        if new:
            self._runs.append(_Run(self._length, *self._form.source_span(low, high), 0))
            self._append(new)
        self._done = high

    def form(self) -> NormalForm:
        """The new form; the other one where nothing was replaced."""
        if not self._done:
            return self._form
        self._keep(len(self._form.text))
        return NormalForm("".join(self._pieces), self._runs)

    def _keep(self, high: int) -> None:
        low = self._done
        if low < high:
            self._runs.extend(self._form.runs_within(low, high, moved=self._length - low))
            self._append(self._form.text[low:high])

    def _append(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)
