"""Dates reckoned from an anchor: weekdays, relative days, and the years and months that words leave out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple

from extractor.dates.explicit import Parts, on
from extractor.dates.vocabulary import MONTH, MONTHS, NUMBER, WEEKDAY, WEEKDAYS, number_of

_DAYS: Final = {
    "the day before yesterday": -2,
    "day before yesterday": -2,
    "yesterday": -1,
    "last night": -1,
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "tomorrow": 1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
}
_SHIFTS: Final = {"last": -1, "this": 0, "next": 1}
_PERIOD: Final = re.compile(r"(?P<shift>last|this|next) (?P<unit>week|month|year)")
_WEEKEND: Final = re.compile(r"(?:over )?(?:the )?(?:(?P<shift>last|this past|this) )?weekend")
_NAMED: Final = re.compile(rf"(?P<shift>last|this|next) (?P<name>{MONTH})\.?")
_TURNED: Final = re.compile(rf"(?P<turn>last|this past|past|this coming|coming|next|this) (?P<name>{WEEKDAY})\.?")
_BACK_AND_FORTH: Final = re.compile(
    rf"(?P<ago>{NUMBER}) (?P<unit>day|week|month|year)s? ago"
    rf"|(?P<hence>{NUMBER}) (?P<unit2>day|week|month|year)s? (?:from now|from today)"
    rf"|(?P<time>{NUMBER}) (?P<unit3>day|week|month|year)s?'s? time"
)
# How far the day of writing may lie from a date that merely stands in the report.
_SLACK: Final = timedelta(days=7)
_HALF_YEAR: Final = timedelta(days=183)
# 29 February may be eight years away, across 1900.
_YEARS_ABOUT: Final = range(-8, 9)


class Standpoint(NamedTuple):
    """Where the words are read from.

    `written` tells whether `day` is the day of writing (metadata, published, dateline) or a date of the report.
    """

    day: date
    written: bool
    past: bool | None


def weekday(number: int, standpoint: Standpoint) -> date:
    """The day that a bare weekday means.

    Read on the day of writing: the latest such day up to it, or the first from it for what is yet to come. Read
    against a date of the report: the nearest such day, at most three days away, for a report's days lie close together.
    """
    back = (standpoint.day.weekday() - number) % 7
    if not standpoint.written:
        return standpoint.day + timedelta(days=-back if back <= 3 else 7 - back)
    return standpoint.day + timedelta(days=-back % 7 if standpoint.past is False else -back)


def day_of_year(month: int, day: int, standpoint: Standpoint, weekday: int | None = None) -> date | None:
    """The day that a month and a day mean where the year is left out; a weekday beside them must agree."""
    years = (standpoint.day.year + offset for offset in _YEARS_ABOUT)
    candidates = [found for year in years if (found := on(year, month, day))]
    choices = [_on_side(candidates, standpoint), _nearest(candidates, standpoint.day)]
    if weekday is None:
        return choices[0]
    return next((choice for choice in choices if choice and choice.weekday() == weekday), None)


def month_of_year(month: int, standpoint: Standpoint) -> Parts:
    """The month that a month's name means where the year is left out: the nearest, or in the direction of `past`."""
    back = (standpoint.day.month - month) % 12
    forth = -back % 12
    late = standpoint.past is False or (standpoint.past is None and forth < back)
    return _month(standpoint.day, forth if late else -back)


def relative_day(phrase: str, standpoint: Standpoint) -> date | None:
    """Yesterday, two days ago, next Monday; None for anything else."""
    if phrase in _DAYS:
        return standpoint.day + timedelta(days=_DAYS[phrase])
    if match := _TURNED.fullmatch(phrase):
        return _turned_weekday(match["turn"], WEEKDAYS[match["name"]], standpoint)
    if (offset := _offset(phrase)) and offset[1] == "day":
        return standpoint.day + timedelta(days=offset[0])
    return None


def relative_period(phrase: str, standpoint: Standpoint) -> str | None:
    """Last week as an interval from Monday to Sunday, this month, next year, last December; None for anything else."""
    if match := _PERIOD.fullmatch(phrase):
        return _period(standpoint.day, match["unit"], _SHIFTS[match["shift"]])
    if match := _WEEKEND.fullmatch(phrase):
        return _weekend(match["shift"], standpoint)
    if match := _NAMED.fullmatch(phrase):
        return _named_month(match["shift"], MONTHS[match["name"]], standpoint.day).edtf()
    offset = _offset(phrase)
    return _roughly(standpoint.day, *offset) if offset else None


def _on_side(candidates: Iterable[date], standpoint: Standpoint) -> date | None:
    """The candidate on the side of the standpoint that `past` names, or the nearest."""
    slack = timedelta(0) if standpoint.written else _SLACK
    if standpoint.past is None:
        return _nearest(candidates, standpoint.day)
    if standpoint.past:
        return max((day for day in candidates if day <= standpoint.day + slack), default=None)
    return min((day for day in candidates if day >= standpoint.day - slack), default=None)


def _nearest(candidates: Iterable[date], day: date) -> date | None:
    near = (candidate for candidate in candidates if abs(candidate - day) <= _HALF_YEAR)
    return min(near, key=lambda candidate: abs(candidate - day), default=None)


def _turned_weekday(turn: str, number: int, standpoint: Standpoint) -> date:
    """The weekday that "last", "next" or "this" turns to; never the day of writing itself except with "this"."""
    back = (standpoint.day.weekday() - number) % 7
    if turn in ("last", "past", "this past"):
        return standpoint.day - timedelta(days=back or 7)
    if turn in ("next", "coming", "this coming"):
        return standpoint.day + timedelta(days=7 - back)
    if standpoint.past is not None:
        return weekday(number, standpoint)
    return _monday(standpoint.day) + timedelta(days=number)


def _offset(phrase: str) -> tuple[int, str] | None:
    match = _BACK_AND_FORTH.fullmatch(phrase)
    if match is None:
        return None
    if match["ago"]:
        return -number_of(match["ago"]), match["unit"]
    return number_of(match["hence"] or match["time"]), match["unit2"] or match["unit3"]


def _roughly(day: date, count: int, unit: str) -> str | None:
    """Weeks, months and years back or forth, marked as approximate, for nobody counts those to the day."""
    if unit == "week":
        return f"{day + timedelta(weeks=count)}~" if abs(count) <= 52 else None
    if unit == "month":
        return f"{_month(day, count).edtf()}~" if abs(count) <= 24 else None
    year = day.year + count
    return f"{year:04}~" if unit == "year" and 1000 <= year <= 2999 else None


def _period(day: date, unit: str, shift: int) -> str:
    if unit == "week":
        monday = _monday(day) + timedelta(weeks=shift)
        return f"{monday}/{monday + timedelta(days=6)}"
    return _month(day, shift).edtf() if unit == "month" else f"{day.year + shift:04}"


def _weekend(shift: str | None, standpoint: Standpoint) -> str | None:
    """Saturday and Sunday; which ones "the weekend" means is known only from the direction."""
    if shift is None and standpoint.past is None:
        return None
    saturday = _monday(standpoint.day) + timedelta(days=5)
    begun = standpoint.day >= saturday
    if shift in ("last", "this past") or (standpoint.past and not begun):
        saturday -= timedelta(weeks=1)
    return f"{saturday}/{saturday + timedelta(days=1)}"


def _named_month(shift: str, month: int, day: date) -> Parts:
    if shift == "this":
        return Parts(day.year, month)
    back = (day.month - month) % 12
    return _month(day, -(back or 12) if shift == "last" else 12 - back)


def _month(day: date, shift: int) -> Parts:
    months = day.year * 12 + day.month - 1 + shift
    return Parts(months // 12, months % 12 + 1)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
