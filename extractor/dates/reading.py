"""Date words in English to a value: the words are read as a whole or not at all.

A phrase is a single date, an open interval ("since 2014") or a closed one ("from 3 to 5 March"). What is left over
makes the value None, for "a week after December 31" is not December 31.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, TypeGuard

from extractor.dates.explicit import Parts, partial_date, whole_date
from extractor.dates.ranges import interval
from extractor.dates.reckoning import (
    Standpoint,
    day_of_year,
    month_of_year,
    relative_day,
    relative_period,
    weekday,
)
from extractor.dates.vocabulary import HOLIDAYS, SEASONS, TIME, WEEKDAY, WEEKDAYS, any_of, tidy
from extractor.schema.vocabulary import DateBasis


class Reading(NamedTuple):
    """A value with the way it was reached."""

    value: str
    basis: DateBasis
    anchored: bool = False


_PLAIN: Final = (
    r"(?:on|in|at|during|of|for|dated|sometime|noon|(?:the )?(?:morning|afternoon|evening|night) of)\s|the\s"
)
_VAGUE: Final = r"(?:early|earlier|late|later|mid|middle|start|beginning|end)(?:\s(?:of|on|in)\s|[\s-])"
_QUALIFIER: Final = re.compile(rf"(?P<plain>{_PLAIN})|(?P<vague>{_VAGUE})")
_TIME: Final = re.compile(TIME)
_DAY_PART: Final = re.compile(r"\s(?:(?:early|late) )?(?:morning|afternoon|evening|night|noon)$")
_ABOUT: Final = re.compile(r"(?:about|around|circa|c\.|roughly|approximately) ")
# "The last week" counts back from the day of writing, "last week" is a week of the calendar.
_ROLLING: Final = re.compile(r"\bthe (?:last|next|past|coming) ")
_SINCE: Final = re.compile(r"(?:ever )?since (?P<date>.+)|from (?P<onward>.+) on(?:wards?)?")
# Other languages' "from ... on", which English tells apart from "since".
_ONWARD: Final = re.compile(r"→\s?(?P<date>.+)")
_UNTIL: Final = re.compile(r"(?:until|till|til|through|up to|by|no later than) (?P<date>.+)")
_LEADING_WEEKDAY: Final = re.compile(rf"(?P<day>{WEEKDAY})\.?(?:,?\s(?P<rest>.+))?")
_TRAILING_WEEKDAY: Final = re.compile(rf"(?P<rest>.+?),?\s(?:on\s)?(?P<day>{WEEKDAY})\.?")
_HOLIDAY: Final = re.compile(rf"(?P<name>{any_of(HOLIDAYS)})(?:,? (?:(?:of|in) )?(?P<year>(?:1\d|20)\d\d))?")
_SEASON: Final = re.compile(rf"(?P<name>{any_of(SEASONS)})(?:,? (?:of|in))? (?P<year>(?:1\d|20)\d\d)")
# "The 1900s" may be a century.
_DECADE: Final = re.compile(r"(?P<stem>(?:1\d|20)[1-9])0'?s")
_YEARLESS_DAY: Final = re.compile(r"XXXX-\d\d-\d\d")
_LONGEST: Final = 120
_DAY_LONG: Final = len("2016-12-31")


def read(phrase: str, standpoint: Standpoint | None) -> Reading | None:
    """The value of a phrase that is nothing but a date or an interval; None for anything else."""
    phrase = tidy(_TIME.sub(" ", phrase))
    return _read(phrase, standpoint) if 0 < len(phrase) <= _LONGEST else None


@lru_cache(maxsize=1 << 12)
def _read(phrase: str, standpoint: Standpoint | None) -> Reading | None:
    if _ROLLING.search(phrase):
        return None
    return _single(phrase, standpoint) or _open_interval(phrase, standpoint) or _closed_interval(phrase, standpoint)


def _single(phrase: str, standpoint: Standpoint | None) -> Reading | None:
    if about := _ABOUT.match(phrase):
        reading = _single(phrase[about.end() :], standpoint)
        return reading._replace(value=reading.value + "~") if reading and _is_simple(reading.value) else None
    if reading := _relative(phrase, standpoint):
        return reading
    core, vague = _core(phrase)
    number, rest = _split_weekday(core)
    if number is None:
        return _coarse(_calendar(core, standpoint) or _relative(core, standpoint), vague)
    if not rest:
        return _bare_weekday(number, standpoint)
    return _with_weekday(number, _core(rest)[0], standpoint)


def _core(phrase: str) -> tuple[str, bool]:
    """The phrase without "on the", "early" or "night", and whether one of these makes a period vaguer."""
    vague = False
    while match := _QUALIFIER.match(phrase):
        vague = vague or match["vague"] is not None
        phrase = phrase[match.end() :]
    return _DAY_PART.sub("", phrase), vague


def _coarse(reading: Reading | None, vague: bool) -> Reading | None:
    """EDTF has no "early 2017": the year holds it, but it is not what the words say in full."""
    if reading and vague and reading.basis is DateBasis.EXPLICIT and len(reading.value) != _DAY_LONG:
        return reading._replace(basis=DateBasis.INFERRED)
    return reading


def _split_weekday(phrase: str) -> tuple[int | None, str]:
    match = _LEADING_WEEKDAY.fullmatch(phrase) or _TRAILING_WEEKDAY.fullmatch(phrase)
    return (WEEKDAYS[match["day"]], match["rest"] or "") if match else (None, phrase)


def _bare_weekday(number: int, standpoint: Standpoint | None) -> Reading | None:
    if standpoint is None:
        return None
    return Reading(weekday(number, standpoint).isoformat(), DateBasis.RELATIVE, True)


def _with_weekday(number: int, rest: str, standpoint: Standpoint | None) -> Reading | None:
    """A weekday beside another date: both must agree, and a week becomes its day."""
    reading = _calendar(rest, standpoint, number) or _relative(rest, standpoint)
    if reading is None or _YEARLESS_DAY.fullmatch(reading.value):
        return reading
    if re.fullmatch("(?:last|next|this) week", rest):
        monday = date.fromisoformat(reading.value[:_DAY_LONG])
        return reading._replace(value=(monday + timedelta(days=number)).isoformat())
    agrees = len(reading.value) == _DAY_LONG and date.fromisoformat(reading.value).weekday() == number
    return reading if agrees else None


def _calendar(phrase: str, standpoint: Standpoint | None, number: int | None = None) -> Reading | None:
    """What holds at least a month, a year or a holiday in words."""
    days = whole_date(phrase)
    if days is not None:
        return _one_of([day for day in days if number is None or day.weekday() == number])
    if match := _DECADE.fullmatch(phrase):
        return Reading(f"{match['stem']}X", DateBasis.EXPLICIT)
    if match := _SEASON.fullmatch(phrase):
        return Reading(f"{match['year']}-{SEASONS[match['name']]}", DateBasis.EXPLICIT)
    parts = _holiday(phrase) or partial_date(phrase)
    return _completed(parts, standpoint, number) if parts else None


def _one_of(days: list[date]) -> Reading | None:
    """One day, or EDTF's set of which one is meant: 01.02.17 is 1 February or 2 January."""
    if not days:
        return None
    value = days[0].isoformat() if len(days) == 1 else f"[{','.join(day.isoformat() for day in days)}]"
    return Reading(value, DateBasis.EXPLICIT)


def _holiday(phrase: str) -> Parts | None:
    match = _HOLIDAY.fullmatch(phrase)
    return Parts(int(match["year"]) if match["year"] else None, *HOLIDAYS[match["name"]]) if match else None


def _completed(parts: Parts, standpoint: Standpoint | None, number: int | None) -> Reading | None:
    """The parts with their year, from the anchor where the words leave it out; unspecified without an anchor."""
    if parts.year is not None or parts.month is None or standpoint is None:
        return Reading(parts.edtf(), DateBasis.EXPLICIT)
    if parts.day is None:
        return Reading(month_of_year(parts.month, standpoint).edtf(), DateBasis.INFERRED, True)
    day = day_of_year(parts.month, parts.day, standpoint, number)
    if day:
        return Reading(day.isoformat(), DateBasis.INFERRED, True)
    return Reading(parts.edtf(), DateBasis.EXPLICIT) if number is None else None


def _relative(phrase: str, standpoint: Standpoint | None) -> Reading | None:
    if standpoint is None or not standpoint.written:
        return None
    day = relative_day(phrase, standpoint)
    value = day.isoformat() if day else relative_period(phrase, standpoint)
    return Reading(value, DateBasis.RELATIVE, True) if value else None


def _open_interval(phrase: str, standpoint: Standpoint | None) -> Reading | None:
    """Since X as `X/..`, until X as `../X`; what has lasted since X began in the past."""
    if match := _SINCE.fullmatch(phrase):
        reading = _single(match["date"] or match["onward"], _facing(standpoint, past=True))
        return reading._replace(value=f"{reading.value.split('/')[0]}/..") if _bounds(reading) else None
    if match := _ONWARD.fullmatch(phrase):
        reading = _single(match["date"], standpoint)
        return reading._replace(value=f"{reading.value.split('/')[0]}/..") if _bounds(reading) else None
    if match := _UNTIL.fullmatch(phrase):
        ahead = standpoint is None or standpoint.past is not True
        reading = _single(match["date"], _facing(standpoint, past=not ahead))
        return reading._replace(value=f"../{reading.value.split('/')[-1]}") if _bounds(reading) else None
    return None


def _facing(standpoint: Standpoint | None, *, past: bool) -> Standpoint | None:
    return standpoint._replace(past=past) if standpoint else None


def _bounds(reading: Reading | None) -> TypeGuard[Reading]:
    return reading is not None and not reading.value.startswith("[")


def _closed_interval(phrase: str, standpoint: Standpoint | None) -> Reading | None:
    found = interval(phrase, standpoint)
    if found is None:
        return None
    value, completed = found
    return Reading(value, DateBasis.INFERRED if completed else DateBasis.EXPLICIT, completed)


def _is_simple(value: str) -> bool:
    return re.fullmatch(r"\d{4}(?:-\d\d){0,2}", value) is not None
