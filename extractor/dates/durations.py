"""Spans of time in words to ISO 8601 durations."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, NamedTuple

from extractor.dates.translation import UNREAD, translations
from extractor.dates.vocabulary import NUMBER, any_of, number_of, tidy
from extractor.languages import calendar


class _Unit(NamedTuple):
    letter: str
    of_day: bool
    factor: int
    rank: int


_SECOND, _MINUTE, _HOUR = _Unit("S", True, 1, 0), _Unit("M", True, 1, 1), _Unit("H", True, 1, 2)
_YEAR: Final = _Unit("Y", False, 1, 6)
_UNITS: Final = {
    **dict.fromkeys(("second", "sec"), _SECOND),
    **dict.fromkeys(("minute", "min"), _MINUTE),
    **dict.fromkeys(("hour", "hr", "h"), _HOUR),
    "day": _Unit("D", False, 1, 3),
    "week": _Unit("W", False, 1, 4),
    "fortnight": _Unit("W", False, 2, 4),
    "month": _Unit("M", False, 1, 5),
    **dict.fromkeys(("year", "yr"), _YEAR),
    "decade": _Unit("Y", False, 10, 6),
}
_HALVES: Final = {"half an hour": "PT30M", "half a day": "PT12H", "half a year": "P6M"}
_HALF: Final = re.compile(rf"\b{any_of(_HALVES)}(?!\w)")
_AMOUNT: Final = re.compile(
    rf"(?<![\w.,'-])(?P<number>{NUMBER})(?:[- ](?:calendar )?|(?<=\d))(?P<unit>{any_of(_UNITS)})s?'?(?![\w])"
)
# "More than 72 hours" bounds a duration without giving it; "48 to 72 hours" gives two.
_UNBOUNDED: Final = re.compile(
    r"(?:\b(?:more than|less than|fewer than|over|under|at least|nearly|almost|about|around|roughly|approximately"
    rf"|some|every|each|a few|several)(?: an?)?|\b{NUMBER}[ -]?(?:to|or|and|-))\s?$"
)
# "Two days ago" is a date, "35-year-old" an age, "a day and a half" more than a day.
_NO_DURATION: Final = re.compile(r"^[ -](?:old\b|and a half\b|or (?:so|more)\b)|^ (?:ago|later|earlier|before|after)\b")
_JOINTS: Final = re.compile(r"(?:,|,? and)? ")


def duration(words: str) -> str | None:
    """The ISO 8601 duration that the words give, or None where they give none or more than one.

    The unit of the words stays: "72 hours" is PT72H and "two weeks" is P2W (ISO 8601-1, 5.5.2), never P14D. Bounds from
    above are taken as the duration ("within 48 hours", "up to a month"), other bounds and vague amounts are not.
    Words of other languages count by what English says for them; where languages differ, nothing does.
    """
    english = _english(tidy(words))
    return english or _in_other_languages(words)


def _in_other_languages(words: str) -> str | None:
    """The duration that the words give in the languages that know most of them, where these agree."""
    versions = [list(translations(words, language, whole=False)) for language in calendar.LANGUAGES]
    least = min((phrases[0].count(UNREAD) for phrases in versions if phrases), default=0)
    known = (phrase for phrases in versions if phrases and phrases[0].count(UNREAD) == least for phrase in phrases)
    values = {value for phrase in known if (value := _english(phrase)) and _takes_all(value, phrase)}
    return values.pop() if len(values) == 1 else None


def _takes_all(value: str, phrase: str) -> bool:
    """Whether no number is left over, as there is in "from 48 to 72 hours"."""
    return len(re.findall(r"\d+", phrase)) <= len(re.findall(r"\d+", value))


def _english(phrase: str) -> str | None:
    """The duration that an English phrase gives."""
    if half := _HALF.search(phrase):
        return _HALVES[half[0]] if not _AMOUNT.search(_HALF.sub(" ", phrase)) else None
    amounts = [match for match in _AMOUNT.finditer(phrase) if not _is_ordinal(match)]
    if not amounts or any(_is_open(phrase, match) for match in amounts[:1]) or _is_moment(phrase, amounts[-1]):
        return None
    between = [phrase[a.end() : b.start()] for a, b in pairwise(amounts)]
    return _iso(amounts) if all(_JOINTS.fullmatch(joint) for joint in between) else None


def _is_ordinal(match: re.Match[str]) -> bool:
    return match["unit"] == "second" and match["number"] == "a"


def _is_open(phrase: str, match: re.Match[str]) -> bool:
    return _UNBOUNDED.search(phrase[: match.start()]) is not None


def _is_moment(phrase: str, match: re.Match[str]) -> bool:
    bounded = re.search(r"\b(?:within|up to)\b", phrase[: match.start()])
    return bounded is None and _NO_DURATION.search(phrase[match.end() :]) is not None


def _iso(amounts: list[re.Match[str]]) -> str | None:
    """One duration of all amounts, whose units must descend; weeks stand alone."""
    units = [_UNITS[match["unit"]] for match in amounts]
    ranks = [unit.rank for unit in units]
    if ranks != sorted(set(ranks), reverse=True) or (len(units) > 1 and any(unit.letter == "W" for unit in units)):
        return None
    counts = [number_of(match["number"]) * unit.factor for match, unit in zip(amounts, units, strict=True)]
    parts = [(unit.of_day, f"{count}{unit.letter}") for count, unit in zip(counts, units, strict=True)]
    time = "".join(part for of_day, part in parts if of_day)
    return "P" + "".join(part for of_day, part in parts if not of_day) + ("T" + time if time else "")
