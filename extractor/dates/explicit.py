"""Dates that stand in the words themselves: whole ones anywhere in a text, and parts of dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from extractor.dates.vocabulary import MONTH, MONTHS, WEEKDAY, WEEKDAYS, any_of
from extractor.languages import calendar
from extractor.languages.spelling import bare

_YEAR: Final = r"(?P<year>(?:1\d|20)\d\d)"
_SHORT_YEAR: Final = r"(?P<year>(?:1\d|20)\d\d|'?\d\d)"
_MONTH: Final = rf"(?P<month>{MONTH})\.?"
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_CLOCK: Final = r"(?:t\d\d:?\d\d[\d:.]*(?:z|[+-]\d\d:?\d\d)?)?"
# Only ASCII counts as a word's edge: in Chinese and Hebrew, letters stand directly before the digits.
_START: Final = r"(?<![0-9a-z_])"
_NUMERIC_START: Final = r"(?<![0-9a-z_./:])(?<!\d-)"
_END: Final = r"(?![0-9a-z_])"
_NUMERIC_END: Final = r"(?![0-9a-z_]|[./-]\d)"

_WHOLE: Final = (
    re.compile(
        rf"{_NUMERIC_START}{_DAY}\.?(?:\s{{1,3}}of)?\s{{0,3}}[/-]?\s?{_MONTH}\s{{0,2}}[,/-]?\s{{0,3}}{_YEAR}{_END}"
    ),
    re.compile(rf"{_NUMERIC_START}{_DAY}-{_MONTH}-{_SHORT_YEAR}{_NUMERIC_END}"),
    re.compile(rf"{_START}{_MONTH}[\s-]{{0,3}}(?:the\s)?{_DAY}(?:\s?,\s{{0,3}}|\s{{1,3}}(?:of\s)?|-){_YEAR}{_END}"),
    re.compile(rf"{_START}{_MONTH}\s{_DAY},?\s(?P<year>'\d\d){_END}"),
    re.compile(rf"{_NUMERIC_START}{_YEAR}[\s,-]{{1,3}}{_MONTH}[\s-]{{1,3}}{_DAY}{_END}"),
    re.compile(
        rf"{_NUMERIC_START}{_YEAR}(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}}){_CLOCK}{_NUMERIC_END}"
    ),
    re.compile(rf"{_START}{_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日일]"),
)
_NUMERIC: Final = re.compile(
    rf"{_NUMERIC_START}(?P<first>\d{{1,2}})(?P<sep>[-/.])\s?(?P<second>\d{{1,2}})(?P=sep)\s?"
    rf"(?P<year>(?:1\d|20)\d\d|\d\d){_NUMERIC_END}"
)
_PARTIAL: Final = (
    re.compile(rf"{_MONTH}(?:\s?,\s?|\s|-|\sof\s){_YEAR}"),
    re.compile(rf"{_YEAR},?\s{_MONTH}"),
    re.compile(rf"(?P<month>0?[1-9]|1[0-2])[/.]{_YEAR}"),
    re.compile(rf"{_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]"),
    re.compile(rf"{_MONTH}\s?(?:the\s)?{_DAY}"),
    re.compile(rf"{_DAY}[\s-](?:of\s)?{_MONTH}"),
    re.compile(_MONTH),
    re.compile(_YEAR),
)
# Figures that are near enough to one another to be of one date. Around them, and no further away, is all that may
# belong to it: the patterns are tried there alone, as most of a text has no figures.
_NEAR: Final = 48
_FIGURES: Final = re.compile(rf"\d[\d:.]*+(?:\D{{1,{_NEAR}}}?\d[\d:.]*+)*+")
_YEAR_AND_MONTH: Final = re.compile(rf"{_YEAR}-(?P<month>\d\d)")
_WEEKDAY_BEFORE: Final = re.compile(rf"(?<![a-z])({WEEKDAY})\.?,?\s*(?:the\s)?$")


class Parts(NamedTuple):
    """What the words give of a date."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def edtf(self) -> str:
        """The parts as EDTF, with an unspecified year where none is given."""
        year = "XXXX" if self.year is None else f"{self.year:04}"
        return "-".join([year, *(f"{part:02}" for part in (self.month, self.day) if part is not None)])

    def exists(self) -> bool:
        """Whether the calendar has such a date; 29 February counts where no year is given."""
        year, month, day = (default if part is None else part for part, default in zip(self, (2000, 1, 1), strict=True))
        return on(year, month, day) is not None


class Found(NamedTuple):
    """A whole date in a text with every reading that its numbers allow."""

    readings: tuple[date, ...]
    start: int
    end: int


def on(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def whole_dates(folded: str, language: str | None = "en") -> list[Found]:
    """Every date of day, month and year in a folded text, in order; impossible ones have no reading.

    Months are read in English and in the text's language, in all languages where that is None; numeric dates have the
    order of the text's language, where that has one.
    """
    # What is a single number has no date beside it.
    figures = (match for match in _FIGURES.finditer(folded) if not match[0].isdecimal())
    stretches = [(max(0, match.start() - _NEAR), match.end() + _NEAR) for match in figures]
    named = _matches(_WHOLE, folded, stretches)
    numeric = list(_matches((_NUMERIC,), folded, stretches))
    found = {match.span(): _readings(match) for match in (*named, *numeric)}
    if language in calendar.DAY_FIRST:
        day_first = {match.span(): _day_first(match) for match in numeric}
        found |= {span: (day,) for span, day in day_first.items() if day}
    others = calendar.LANGUAGES if language is None else (language,) if language in calendar.LANGUAGES else ()
    plain = bare(folded) if others else ""
    for other in others:
        found |= {match.span(): _readings(match, other) for match in _matches(_foreign(other), plain, stretches)}
    return [
        Found(_agreeing(days, weekdays_before(folded, span[0], others)), *span) for span, days in sorted(found.items())
    ]


def _matches(
    patterns: Iterable[re.Pattern[str]], text: str, stretches: Sequence[tuple[int, int]]
) -> Iterator[re.Match[str]]:
    """What patterns match in stretches of a text, pattern by pattern."""
    return (found for pattern in patterns for stretch in stretches for found in pattern.finditer(text, *stretch))


def weekdays_before(folded: str, start: int, languages: Iterable[str] = ()) -> frozenset[int]:
    """The weekdays that what stands directly before an offset may name; none where it names none."""
    if (number := weekday_before(folded, start)) is not None:
        return frozenset({number})
    before = bare(folded[max(0, start - 24) : start])
    matches = ((language, _foreign_weekday(language).search(before)) for language in languages)
    return frozenset(number for language, match in matches if match for number in calendar.weekdays(language)[match[1]])


@cache
def _foreign(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Dates with a language's names of months, day first or month first, in a text of `bare` spelling."""
    names = any_of(calendar.months(language))
    month = rf"(?P<month>{names})(?![^\W\d_])\.?(?:\s?/\s?{names})?"
    day, year = r"(?P<day>\d{1,2})(?:\.?[ºª°]|\.|er|ro)?", rf",?\s{{1,3}}(?:del?\s)?{_YEAR}{_END}"
    return (
        re.compile(rf"{_NUMERIC_START}{day}\s{{0,3}}(?:de\s|d')?{month}{year}"),
        re.compile(rf"(?<!\w){month}\s{day}{year}"),
    )


@cache
def _foreign_weekday(language: str) -> re.Pattern[str]:
    """A weekday at the end of a text of `bare` spelling, with what may stand between it and a date."""
    return re.compile(rf"(?<!\w)({any_of(calendar.weekdays(language))})\.?,?\s*(?:(?:el|den|dem|der|le|dia|il)\s)?\(?$")


def whole_date(phrase: str) -> tuple[date, ...] | None:
    """The readings of a phrase that is nothing but a whole date, or None where it is none."""
    for pattern in (*_WHOLE, _NUMERIC):
        if match := pattern.fullmatch(phrase):
            return _readings(match)
    return None


def partial_date(phrase: str) -> Parts | None:
    """A month with its year, a day with its month, a month or a year, where the phrase is nothing else."""
    if match := _YEAR_AND_MONTH.fullmatch(phrase):
        # "2008-12" may be the years 2008 to 2012.
        certain = int(match["month"]) <= int(match["year"]) % 100
        return _parts(match) if certain else None
    for pattern in _PARTIAL:
        if match := pattern.fullmatch(phrase):
            return _parts(match)
    return None


def weekday_before(folded: str, start: int) -> int | None:
    """The weekday that stands directly before an offset."""
    match = _WEEKDAY_BEFORE.search(folded[max(0, start - 20) : start])
    return WEEKDAYS[match[1]] if match else None


def in_iso_order(phrase: str) -> str:
    """The phrase with its numeric dates, read day first, in the order of ISO 8601; those that have no such day stay."""

    def iso(match: re.Match[str]) -> str:
        day = _day_first(match)
        return day.isoformat() if day else match[0]

    return _NUMERIC.sub(iso, phrase)


def full_year(digits: str) -> int:
    """The year of two or four digits; two are read as POSIX strptime reads %y: 69 to 99 in the 1900s."""
    digits = digits.lstrip("'")
    number = int(digits)
    if len(digits) > 2:
        return number
    return number + (1900 if number >= 69 else 2000)


def _readings(match: re.Match[str], language: str | None = None) -> tuple[date, ...]:
    groups = match.groupdict()
    year = full_year(groups["year"])
    if "first" not in groups:
        month = min(calendar.months(language)[groups["month"]]) if language else _month(groups["month"])
        day = on(year, month, int(groups["day"]))
        return (day,) if day else ()
    first, second = int(groups["first"]), int(groups["second"])
    return tuple(sorted({day for day in (on(year, first, second), on(year, second, first)) if day}))


def _day_first(match: re.Match[str]) -> date | None:
    return on(full_year(match["year"]), int(match["second"]), int(match["first"]))


def _agreeing(readings: tuple[date, ...], weekdays: frozenset[int]) -> tuple[date, ...]:
    return tuple(day for day in readings if not weekdays or day.weekday() in weekdays)


def _parts(match: re.Match[str]) -> Parts | None:
    groups = match.groupdict()
    parts = Parts(
        int(groups["year"]) if groups.get("year") else None,
        _month(groups["month"]) if groups.get("month") else None,
        int(groups["day"]) if groups.get("day") else None,
    )
    return parts if parts.exists() else None


def _month(word: str) -> int:
    return int(word) if word.isdecimal() else MONTHS[word]
