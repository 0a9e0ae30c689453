"""A long text to the parts that are put to a model one by one.

Parts are cut where a reader would pause: at a paragraph's end or, where there is none, at a line's, a sentence's or a
word's. Each begins within the one before, so that what is told across a cut stands whole in one of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from extractor.grounding.boundaries import sentence_starts

Span = tuple[int, int]

# An overlap is about this part of a window, and about so many characters at most: some paragraphs of news.
_OVERLAP_SHARE = 10
_MOST_OVERLAP = 2_000
# How far to look back for the white space before a paragraph.
_LOOK_BACK = 100
_GAP = re.compile(r"\s+")
_LINE_END = re.compile(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
_ZERO_WIDTH_JOINER = "\u200d"
_EMOJI_MODIFIERS = range(0x1F3FB, 0x1F400)
_REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)
_LOW_SURROGATES = range(0xDC00, 0xE000)
_HANGUL_VOWELS_AND_FINALS = range(0x1160, 0x1200)


def overlap_of(longest: int) -> int:
    """About how many characters consecutive windows of at most this length have in common: half to twice as many."""
    return min(longest // _OVERLAP_SHARE, _MOST_OVERLAP)


def windows(text: str, longest: int) -> list[Span]:
    """The spans of a text's parts, in order: each at most `longest` characters, all of about the same length.

    Together they cover the text; each begins and ends behind the one before; only neighbours overlap.

    Raises:
        ValueError: `longest` is less than 1.
    """
    if longest < 1:
        raise ValueError(f"a window of {longest} characters holds nothing")
    overlap, spans, start = overlap_of(longest), list[Span](), 0
    while len(text) - start > longest:
        left = len(text) - start - overlap
        # As many windows as it takes, evenly: a short last one would lack its context.
        aim = start + overlap + -(-left // -(-left // (longest - overlap)))
        end = _cut(text, start + max(1, longest // 2), start + longest, aim)
        spans.append((start, end))
        start = _next_start(text, end, overlap)
    return [*spans, (start, len(text))]


def halves(text: str, start: int, end: int) -> tuple[Span, Span]:
    """The two parts of a span of the text, which meet or overlap near its middle.

    Raises:
        ValueError: the span has fewer than two characters.
    """
    length = end - start
    if length < 2:
        raise ValueError(f"({start}, {end}) cannot be halved")
    overlap = overlap_of(length // 2)
    middle = start + (length + overlap) // 2
    cut = _cut(text, min(middle, start + max(1, length // 3)), max(middle, end - max(1, length // 3)), middle)
    return (start, cut), (_next_start(text, cut, overlap), end)


def _next_start(text: str, end: int, overlap: int) -> int:
    """Where the window after one that ends here begins."""
    return _cut(text, end - 2 * overlap, end - overlap // 2, end - overlap) if overlap else end


def _cut(text: str, low: int, high: int, aim: int) -> int:
    """The best place for a window to begin or end from `low` to `high`: of the best kind, the nearest to `aim`."""
    for places in (_paragraphs, _lines, _sentences, _words, _clusters):
        nearest = min(places(text, low, high), key=lambda at: (abs(at - aim), at), default=None)
        if nearest is not None:
            return nearest
    return aim


def _paragraphs(text: str, low: int, high: int) -> Iterator[int]:
    """Where paragraphs begin: behind an empty line."""
    return (gap.end() for gap in _gaps(text, low, high) if len(_LINE_END.findall(gap.group())) > 1)


def _lines(text: str, low: int, high: int) -> Iterator[int]:
    return (gap.end() for gap in _gaps(text, low, high) if _LINE_END.search(gap.group()))


def _sentences(text: str, low: int, high: int) -> Iterator[int]:
    first = max(0, low - _LOOK_BACK)
    # What begins a sentence shows a few characters later.
    starts = sentence_starts(text[first : high + _LOOK_BACK])[1:]
    return (at for at in (first + start for start in starts) if low <= at <= high)


def _words(text: str, low: int, high: int) -> Iterator[int]:
    return (gap.end() for gap in _gaps(text, low, high))


def _gaps(text: str, low: int, high: int) -> Iterator[re.Match[str]]:
    """White space that ends from `low` to `high`, without what goes on behind `high`."""
    for gap in _GAP.finditer(text, max(0, low - _LOOK_BACK), high):
        if low <= gap.end() and not text[gap.end() : gap.end() + 1].isspace():
            yield gap


def _clusters(text: str, low: int, high: int) -> Iterator[int]:
    """Where a character stands that does not belong to the one before it."""
    return (at for at in range(max(1, low), min(high, len(text) - 1) + 1) if not _belongs(text[at - 1], text[at]))


def _belongs(before: str, char: str) -> bool:
    """Whether a character makes one with that before it; flags of two letters are not told from their neighbours."""
    point = ord(char)
    return (
        unicodedata.category(char)[0] == "M"
        or _ZERO_WIDTH_JOINER in (before, char)
        or (before == "\r" and char == "\n")
        or point in _EMOJI_MODIFIERS
        or point in _HANGUL_VOWELS_AND_FINALS
        or point in _LOW_SURROGATES
        or (point in _REGIONAL_INDICATORS and ord(before) in _REGIONAL_INDICATORS)
    )
