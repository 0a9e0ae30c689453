"""Cardinal numbers in English text, in figures or words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SETS = {"both": 2, "couple": 2, "pair": 2}
_FIGURES = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?!\d)|\d+"
_TOKEN = re.compile(rf"(?P<figures>(?<![\w.,])(?:{_FIGURES})(?![\w]|[.,]\d))|(?P<word>[^\W\d_]+)")
_MERELY_BETWEEN = re.compile(r"(?:[\s\-\u2010-\u2015]+(?:and\s+)?)?")


class Number(NamedTuple):
    """A number with the place of its words in the text."""

    value: int
    start: int
    end: int


def numbers_in(text: str) -> Iterator[Number]:
    """Every cardinal number of the text, in order: `35`, `1,200`, `thirty-five`, `two dozen`, `both`.

    Decimal fractions, ordinals and figures that are part of a word are no numbers here. A number followed by a
    scale word (`35 million`) is one number.
    """
    parts: list[re.Match[str]] = []
    for token in _TOKEN.finditer(text):
        if parts and token[0].lower() == "and":
            continue
        if parts and not (_is_part(token) and _MERELY_BETWEEN.fullmatch(text, parts[-1].end(), token.start())):
            yield from _numbers_of(parts)
            parts = []
        if _is_part(token):
            parts.append(token)
    yield from _numbers_of(parts)


def _is_part(token: re.Match[str]) -> bool:
    if token["figures"]:
        return True
    word = token["word"].lower()
    return word in _SMALL or word in _SCALES or word in _SETS


def _numbers_of(parts: list[re.Match[str]]) -> Iterator[Number]:
    """Split a run of number words where the next does not continue the number before it."""
    while parts:
        taken, value = _longest(parts)
        yield Number(value, parts[0].start(), parts[taken - 1].end())
        parts = parts[taken:]


def _longest(parts: list[re.Match[str]]) -> tuple[int, int]:
    total, current, previous = 0, _value(parts[0]), parts[0]
    for taken, part in enumerate(parts[1:], start=1):
        word = (part["word"] or "").lower()
        if word in _SCALES:
            current *= _SCALES[word]
            if word in ("thousand", "million", "billion"):
                total, current = total + current, 0
        elif word in _SMALL and _continues(previous, part, _SMALL[word]):
            current += _SMALL[word]
        else:
            return taken, total + current
        previous = part
    return len(parts), total + current


def _value(part: re.Match[str]) -> int:
    if part["figures"]:
        return int(re.sub(r"\D", "", part["figures"]))
    word = part["word"].lower()
    return _SMALL.get(word, _SETS.get(word, _SCALES.get(word, 0)))


def _continues(previous: re.Match[str], part: re.Match[str], value: int) -> bool:
    word = (previous["word"] or "").lower()
    if word in _TENS:
        joined = "and" not in previous.string[previous.end() : part.start()].lower()
        return joined and 0 < value < 10
    return word in ("hundred", "thousand", "million", "billion") and value > 0
