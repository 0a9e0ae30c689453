"""What the records of one event say, field by field: agreed, told by one, varied, or in conflict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from extractor.consolidation.mentions import Period, Telling, period_of
from extractor.consolidation.reading import READS, Given, Read, key_of, written
from extractor.schema.events import Agreement, EventField, SourcedValue

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Days around the dated records in which a bare weekday is looked for: fewer than make every weekday near.
_NEAR = 2
_SETTLED = "all sources that have it give it"
_ALONE = "the one source that has it"


def fields_of(members: Sequence[Telling]) -> list[EventField]:
    """The fields that any of the records has, each with all its values."""
    found = (_field(read, members) for read in READS[members[0].type])
    return [*([dated] if (dated := _date_field(members)) else []), *(item for item in found if item is not None)]


def _field(read: Read, members: Sequence[Telling]) -> EventField | None:
    given = [(mention, mention.given[read.name]) for mention in members if read.name in mention.given]
    if not given:
        return None
    values = _values(given)
    agreement = _agreement(values, excludes=read.excludes)
    canonical = values[0].value if len(values) == 1 else None
    rule = None if canonical is None else _ALONE if agreement == "single_source" else _SETTLED
    return EventField(field=read.name, agreement=agreement, values=values, canonical=canonical, rule=rule)


def _values(given: Sequence[tuple[Telling, Given]]) -> list[SourcedValue]:
    """Equal values together, however written; those of most articles first."""
    alike: dict[str, list[tuple[Telling, Given]]] = defaultdict(list)
    for mention, value in given:
        alike[value.key].append((mention, value))
    values = [_sourced(same) for same in alike.values()]
    if len(values) == 1:
        return values
    return sorted(values, key=lambda value: (-len(value.articles), written(value.value)))


def _sourced(alike: Sequence[tuple[Telling, Given]]) -> SourcedValue:
    """A value, of all ways to write it the first, with those that give it."""
    written_so = [given.value for _, given in alike]
    one_way = written_so.count(written_so[0]) == len(written_so)
    return SourcedValue(
        value=written_so[0] if one_way else min(written_so, key=written),
        records=sorted([mention.id for mention, _ in alike]),
        articles=sorted({mention.article for mention, _ in alike}),
    )


def _agreement(values: Sequence[SourcedValue], *, excludes: bool) -> Agreement:
    if len(values) == 1:
        return "agreed" if len(values[0].articles) > 1 else "single_source"
    if excludes:
        return "conflict"
    return "varied" if len({article for value in values for article in value.articles}) > 1 else "single_source"


def _date_field(members: Sequence[Telling]) -> EventField | None:
    """The dates, weekdays that their article cannot date read from those of the other records."""
    own = [(mention, mention.date) for mention in members if mention.date and mention.when]
    given = own + _from_weekdays(members, [mention.when for mention, _ in own if mention.when])
    if not given:
        return None
    values = _values([(mention, Given(day, key_of(day))) for mention, day in given])
    if len(values) == 1:
        agreement = _agreement(values, excludes=True)
        canonical, rule = values[0].value, _ALONE if agreement == "single_source" else _SETTLED
    else:
        periods = sorted({period for value in values if (period := period_of(str(value.value)))}, key=_ends)
        agreement = _agreement(values, excludes=not _nested(periods))
        canonical, rule = _span(values, periods, nested=_nested(periods))
    return EventField(field="date", agreement=agreement, values=values, canonical=canonical, rule=rule)


def _span(values: Sequence[SourcedValue], periods: Sequence[Period], *, nested: bool) -> tuple[str, str]:
    if nested:
        narrowest = min(values, key=lambda value: _length(period_of(str(value.value))))
        return str(narrowest.value), "the most specific of dates that hold each other"
    days = sorted({str(value.value) for value in values})
    if len(days) == 2 and all(len(day) == 10 for day in days):
        return f"[{days[0]},{days[1]}]", "one of the dates that the sources give"
    first = date.fromordinal(min(period.first for period in periods))
    last = date.fromordinal(max(period.last for period in periods))
    return f"[{first}..{last}]", "a day between the first and the last that the sources give"


def _nested(periods: Sequence[Period]) -> bool:
    narrowest = min(periods, key=lambda period: period.last - period.first)
    return all(period.first <= narrowest.first and narrowest.last <= period.last for period in periods)


def _from_weekdays(members: Sequence[Telling], known: Sequence[Period]) -> list[tuple[Telling, str]]:
    """Weekdays without a value, as the nearest such day to the dated records, where that is one and within days."""
    days = {period.first for period in known if period.first == period.last}
    if not days:
        return []
    low, high = min(days), max(days)
    found = []
    for mention in members:
        words = (mention.date_words or "").casefold() if mention.date is None else ""
        named = [day for day in _WEEKDAYS if day in words]
        if len(named) != 1:
            continue
        near = [
            day
            for day in range(low - _NEAR, high + _NEAR + 1)
            if date.fromordinal(day).weekday() == _WEEKDAYS.index(named[0])
        ]
        if len(near) == 1:
            found.append((mention, (date.min + timedelta(near[0] - 1)).isoformat()))
    return found


def _length(period: Period | None) -> int:
    return period.last - period.first if period else 10**9


def _ends(period: Period) -> tuple[int, int]:
    return period.first, period.last
