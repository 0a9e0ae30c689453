"""Two dates with "to" or a dash between them, each of which may leave out what the other gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from extractor.dates.explicit import Parts, partial_date, whole_date
from extractor.dates.reckoning import Standpoint, day_of_year, month_of_year
from extractor.dates.vocabulary import WEEKDAY, WEEKDAYS

_LEAD: Final = re.compile(r"(?:(?:on|in|during|for|the)\s)*(?P<word>from |between )?")
_CONNECTOR: Final = re.compile(r"\s?-\s?|\s(?P<word>to|until|till|through|and)\s")
_QUALIFIER: Final = re.compile(rf"^(?:(?:on|in|the) )*(?:(?P<weekday>{WEEKDAY})\.?,? )?(?:(?:on|in|the) )*")
_DAY: Final = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,?\s(?P<year>(?:1\d|20)\d\d))?")


def interval(phrase: str, standpoint: Standpoint | None) -> tuple[str, bool] | None:
    """The EDTF interval that a phrase gives, and whether its years come from the anchor; None where it gives none."""
    lead = _LEAD.match(phrase)
    word, dates = (lead["word"], phrase[lead.end() :]) if lead else (None, phrase)
    for first, last in _splits(dates, between=word == "between "):
        ends = _filled(_end(first), _end(last, after=_end(first)))
        if ends and (found := _with_years(*ends, standpoint)):
            start, end, completed = found
            return (f"{start.edtf()}/{end.edtf()}", completed) if _in_order(start, end) else None
    return None


def _splits(dates: str, *, between: bool) -> Iterator[tuple[str, str]]:
    for match in _CONNECTOR.finditer(dates):
        if (match["word"] == "and") <= between:
            yield dates[: match.start()], dates[match.end() :]


def _end(words: str, after: Parts | None = None) -> Parts | None:
    """One end of a range; a weekday beside a whole date must agree with it."""
    match = _QUALIFIER.match(words)
    weekday, rest = (match["weekday"], words[match.end() :]) if match else (None, words)
    if (days := whole_date(rest)) is not None:
        agreeing = [day for day in days if weekday is None or day.weekday() == WEEKDAYS[weekday]]
        return Parts(agreeing[0].year, agreeing[0].month, agreeing[0].day) if len(agreeing) == 1 else None
    if after and after.year and after.month is None and after.day is None and re.fullmatch(r"\d\d", rest):
        return _short_year(int(rest), after.year)
    if day := _DAY.fullmatch(rest):
        return Parts(int(day["year"]) if day["year"] else None, None, int(day["day"]))
    return partial_date(rest)


def _short_year(digits: int, first: int) -> Parts | None:
    """The end of "2014-16"; "2008-12" may be a month."""
    return Parts(first - first % 100 + digits) if digits > max(12, first % 100) else None


def _filled(first: Parts | None, last: Parts | None) -> tuple[Parts, Parts] | None:
    """Both ends with the month and the year that only the other has, or None where they do not go together."""
    if first is None or last is None or (first.day is None) != (last.day is None):
        return None
    if first.day is not None:
        first = first._replace(month=first.month or last.month)
        last = last._replace(month=last.month or first.month)
    if (first.month is None) != (last.month is None) or (first.day is not None and first.month is None):
        return None
    turn = (first.month or 0) > (last.month or 0)
    if first.year is None and last.year is not None:
        first = first._replace(year=last.year - turn)
    if last.year is None and first.year is not None:
        last = last._replace(year=first.year + turn)
    return (first, last) if first.exists() and last.exists() else None


def _with_years(first: Parts, last: Parts, standpoint: Standpoint | None) -> tuple[Parts, Parts, bool] | None:
    if first.year is not None or first.month is None or standpoint is None:
        return first, last, False
    if first.day is None:
        start = month_of_year(first.month, standpoint)
    else:
        day = day_of_year(first.month, first.day, standpoint)
        if day is None:
            return None
        start = Parts(day.year, day.month, day.day)
    ends = _filled(start, last)
    return (*ends, True) if ends else None


def _in_order(first: Parts, last: Parts) -> bool:
    return [part or 0 for part in first] < [part or 0 for part in last]
