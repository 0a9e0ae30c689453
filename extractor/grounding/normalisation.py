"""A text's normal form: typography made alike, with each character's place in the source.

Sources: Unicode Standard Annex 15 (composition), Unicode 15.1 chapter 6 (dashes, quotation marks, spaces).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial


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
_WHITE_SPACE = re.compile(r" \s+|[^\S ]\s*")
_DOUBLED_QUOTE = re.compile("''")
_ELLIPSIS = re.compile("\u2026")
_DOUBLED_DASH = re.compile("-{2,}")
# What follows on the characters, one pattern after the other.
_PLAINER = ((_WHITE_SPACE, " "), (_DOUBLED_QUOTE, '"'), (_ELLIPSIS, "..."), (_DOUBLED_DASH, "-"))
_NON_ASCII = re.compile("[^\x00-\x7f]")

_SINGLE_QUOTES = "`\u00b4\u02b9\u02bb\u02bc\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u05f3\u275b\u275c\uff07"
_DOUBLE_QUOTES = (
    "\u00ab\u00bb\u201c\u201d\u201e\u201f\u2033\u2036\u05f4\u275d\u275e\u300c\u300d\u300e\u300f\u301d\u301e\u301f\uff02"
)
_DASHES = "\u058a\u05be\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
_PLAIN = str.maketrans(
    dict.fromkeys(_SINGLE_QUOTES, "'") | dict.fromkeys(_DOUBLE_QUOTES, '"') | dict.fromkeys(_DASHES, "-")
)


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
        expanded = _rewrite(self, _NON_ASCII, str.casefold)
        return NormalForm(expanded.text.lower(), expanded.starts, expanded.ends)


def normal_form(text: str) -> NormalForm:
    """The normal form of a text, in time linear in its length.

    Quotation marks become `'` or `"`, dashes `-`, an ellipsis character three full stops, each white space run one
    space; characters are composed (NFC), ligatures spelt out and invisible characters dropped. Case is kept.
    """
    form = NormalForm(text, range(len(text)), range(1, len(text) + 1))
    form = _rewrite(form, _INVISIBLE, lambda _: "")
    form = _rewrite(form, _LIGATURE, lambda found: unicodedata.normalize("NFKC", found))
    if not unicodedata.is_normalized("NFC", form.text):
        form = _rewrite(form, _CLUSTER, lambda found: unicodedata.normalize("NFC", found))
    form = NormalForm(form.text.translate(_PLAIN), form.starts, form.ends)
    for pattern, replacement in _PLAINER:
        form = _rewrite(form, pattern, partial(_always, replacement))
    return form


def _always(replacement: str, _: str) -> str:
    return replacement


def normalise(text: str) -> str:
    """The normal form of a text, without its map to the source, in a fraction of the time."""
    text = _LIGATURE.sub(_spelt_out, _INVISIBLE.sub("", text))
    if not unicodedata.is_normalized("NFC", text):
        text = _CLUSTER.sub(lambda found: unicodedata.normalize("NFC", found.group()), text)
    text = text.translate(_PLAIN)
    for pattern, replacement in _PLAINER:
        text = pattern.sub(replacement, text)
    return text


def _spelt_out(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", found.group())


def _rewrite(form: NormalForm, pattern: re.Pattern[str], replace: Callable[[str], str]) -> NormalForm:
    """The form with each match replaced; every character of a replacement stands for the whole match."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for found in pattern.finditer(form.text):
        low, high = found.span()
        new = replace(found.group())
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
