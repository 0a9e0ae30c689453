"""A text's normal form: typography made alike, with each character's place in the source.

Sources: Unicode Standard Annex 15 (composition), Unicode 15.1 chapter 6 (dashes, quotation marks, spaces).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


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
MARKS = _character_class(
    point for points in _MARK_RANGES for point in points if unicodedata.category(chr(point))[0] == "M"
)

_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]+"
)
_LIGATURE = re.compile("[\ufb00-\ufb06]")
# A base with its marks, conjoining Hangul, or a lone character that has a canonical equivalent.
_CLUSTER = re.compile(
    f"[^{MARKS}][{MARKS}]+|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[\uac00-\ud7a3][\u11a8-\u11c2]|[^\x00-\x7f]"
)
# Hebrew points and Arabic vowel signs: writing may leave them out, and mostly does. With them the stretching kashida.
_POINTS = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u0652\u0670"
_POINTED = re.compile(f"[^{_POINTS}][{_POINTS}]+")
_MAY_BE_POINTED = re.compile("[\u05d0-\u05f2\u0620-\u06d3]")
_WHITE_SPACE = re.compile(r" \s+|[^\S ]\s*")
_DOUBLED_QUOTE = re.compile("''")
_ELLIPSIS = re.compile("\u2026")
_DOUBLED_DASH = re.compile("-{2,}")
_NON_ASCII = re.compile("[^\x00-\x7f]")

_SINGLE_QUOTES = "`\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u05f3\u275b\u275c\uff07"
_DOUBLE_QUOTES = (
    "\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033\u2036\u05f4\u275d\u275e\u300c\u300d\u300e\u300f\u301d\u301e\u301f\uff02"
)
_DASHES = "\u058a\u05be\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
_PLAIN: dict[int, str] = str.maketrans(
    dict.fromkeys(_SINGLE_QUOTES, "'") | dict.fromkeys(_DOUBLE_QUOTES, '"') | dict.fromkeys(_DASHES, "-")
)
_MARK_OR_DASH = re.compile(f"[{_SINGLE_QUOTES}{_DOUBLE_QUOTES}{_DASHES}]")

_Replace = Callable[[re.Match[str]], str]


def _composed(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[0])


# What is rewritten before characters are composed and marks made plain, and what afterwards.
_SPELLING: tuple[tuple[re.Pattern[str], _Replace], ...] = (
    (_INVISIBLE, lambda _: ""),
    (_LIGATURE, lambda found: unicodedata.normalize("NFKC", found[0])),
)
_TYPOGRAPHY: tuple[tuple[re.Pattern[str], _Replace], ...] = (
    (_WHITE_SPACE, lambda _: " "),
    (_DOUBLED_QUOTE, lambda _: '"'),
    (_ELLIPSIS, lambda _: "..."),
    (_DOUBLED_DASH, lambda _: "-"),
)
# What any of this could concern; most words and sentences have nothing of it, and are their own normal form.
_REWRITTEN = re.compile(r"[^\x00-\x7f]|[^\S ]|  |''|--|`")


@dataclass(frozen=True, slots=True)
class NormalForm:
    """A normal form whose character `i` stands for `source[starts[i]:ends[i]]`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The source's offsets of a non-empty stretch of the normal form."""
        return self.starts[start], self.ends[end - 1]

    def form_span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the normal form that stands for what lies wholly within a span of the source."""
        low = bisect_left(self.starts, start)
        return low, max(low, bisect_right(self.ends, end))

    def casefolded(self) -> NormalForm:
        """The form with case differences taken out, still mapped to the source."""
        folded = self.text.casefold()
        if len(folded) == len(self.text):
            return NormalForm(folded, self.starts, self.ends)
        expanded = _rewrite(self, _NON_ASCII, lambda found: found[0].casefold())
        return NormalForm(expanded.text.lower(), expanded.starts, expanded.ends)

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
    form = NormalForm(text, range(len(text)), range(1, len(text) + 1))
    if _REWRITTEN.search(text) is None:
        return form
    for pattern, replace in _SPELLING:
        form = _rewrite(form, pattern, replace)
    if not unicodedata.is_normalized("NFC", form.text):
        form = _rewrite(form, _CLUSTER, _composed)
    form = NormalForm(form.text.translate(_PLAIN), form.starts, form.ends)
    for pattern, replace in _TYPOGRAPHY:
        form = _rewrite(form, pattern, replace)
    return form


def normalise(text: str) -> str:
    """The normal form of a text, without its map to the source."""
    if _REWRITTEN.search(text) is None:
        return text
    for pattern, replace in _SPELLING:
        text = pattern.sub(replace, text)
    if not unicodedata.is_normalized("NFC", text):
        text = _CLUSTER.sub(_composed, text)
    text = _MARK_OR_DASH.sub(lambda found: _PLAIN[ord(found[0])], text)
    for pattern, replace in _TYPOGRAPHY:
        text = pattern.sub(replace, text)
    return text


def may_be_pointed(text: str) -> bool:
    """Whether a text has Hebrew or Arabic letters, which can have points."""
    return _MAY_BE_POINTED.search(text) is not None


def _rewrite(form: NormalForm, pattern: re.Pattern[str], replace: _Replace) -> NormalForm:
    """The form with each match replaced; every character of a replacement stands for the whole match."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for found in pattern.finditer(form.text):
        low, high = found.span()
        new = replace(found)
        pieces += (form.text[done:low], new)
        starts.extend(form.starts[done:low])
        ends.extend(form.ends[done:low])
        starts.extend([form.starts[low]] * len(new))
        ends.extend([form.ends[high - 1]] * len(new))
        done = high
    if not pieces:
        return form
    pieces.append(form.text[done:])
    starts.extend(form.starts[done:])
    ends.extend(form.ends[done:])
    return NormalForm("".join(pieces), starts, ends)
