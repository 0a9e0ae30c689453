"""What the records of one event say, field by field: agreed, told by one, varied, or in conflict."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from extractor.consolidation.identity import label_of
from extractor.consolidation.mentions import Mention, Period, period_of
from extractor.consolidation.naming import tokens
from extractor.schema.events import Agreement, EventField, SourcedValue
from extractor.schema.records import DiplomaticAction, Sanction, Statement

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Days around the dated records in which a bare weekday is looked for: fewer than make every weekday near.
_NEAR = 2
_SETTLED = "all sources that have it give it"
_ALONE = "the one source that has it"


@dataclass(frozen=True, slots=True)
class _Read:
    """A field, how it is read from a record, and what it means that sources differ.

    `excludes` says that no two values can both be so; otherwise they may be told in different words or be parts of
    one list. `compared` gives what stands for the value in comparisons, if it is not itself.
    """

    name: str
    read: Callable[[Any], Any]
    excludes: bool = False
    compared: Callable[[Mention], Any] | None = None


def _names(actors: Sequence[Any]) -> list[str]:
    return [actor.name for actor in actors]


def _parties(*fields: str) -> Callable[[Mention], Any]:
    """The actors of fields as they are compared: by what they go by, however they are named."""

    def compared(mention: Mention) -> Any:
        actors = (getattr(mention.record, name) for name in fields)
        listed = [actor for given in actors if given for actor in (given if isinstance(given, list) else [given])]
        return [":".join(label_of(who)) if (who := mention.cast.who(actor)) else actor.name for actor in listed]

    return compared


_ACTION = (
    _Read("status", lambda record: str(record.status)),
    _Read("actors", lambda record: _names(record.actors), compared=_parties("actors")),
    _Read("targets", lambda record: _names(record.targets), compared=_parties("targets")),
    _Read("count", lambda record: record.count, excludes=True),
    _Read("count_breakdown", lambda record: [part.model_dump(mode="json") for part in record.count_breakdown]),
    _Read("places", lambda record: record.places),
    _Read("legal_term", lambda record: record.legal_term and str(record.legal_term), excludes=True),
    _Read("deadline_duration", lambda record: record.deadline_duration, excludes=True),
    _Read("reason", lambda record: record.reason),
    _Read("in_response_to", lambda record: record.in_response_to),
)
_SANCTION = (
    _Read("status", lambda record: str(record.status)),
    _Read("senders", lambda record: _names(record.senders), compared=_parties("senders")),
    _Read("authority", lambda record: record.authority),
    _Read("targets", lambda record: _names(record.targets), compared=_parties("targets")),
    _Read("target_count", lambda record: record.target_count, excludes=True),
    _Read("measures", lambda record: [str(measure) for measure in record.measures if measure != "unspecified"]),
    _Read("program", lambda record: record.program),
    _Read("instrument", lambda record: record.instrument),
    _Read("reason", lambda record: record.reason),
)
_STATEMENT = (
    _Read("speaker", lambda record: record.speaker and record.speaker.name, compared=_parties("speaker")),
    _Read("content", lambda record: record.content),
    _Read("quotes", lambda record: record.quotes),
    _Read("act", lambda record: str(record.act)),
    _Read("reported_by", lambda record: record.reported_by),
    _Read("medium", lambda record: record.medium),
    _Read("about", lambda record: record.about),
)


def fields_of(members: Sequence[Mention]) -> list[EventField]:
    """The fields that any of the records has, each with all its values."""
    reads = {DiplomaticAction: _ACTION, Sanction: _SANCTION, Statement: _STATEMENT}[type(members[0].record)]
    found = (_field(read, members) for read in reads)
    return [*([dated] if (dated := _date_field(members)) else []), *(item for item in found if item is not None)]


def _field(read: _Read, members: Sequence[Mention]) -> EventField | None:
    given = [(mention, value) for mention in members if (value := read.read(mention.record)) not in (None, [], "")]
    if not given:
        return None
    values = _values(given, read.compared)
    agreement = _agreement(values, excludes=read.excludes)
    canonical = values[0].value if len(values) == 1 else None
    rule = None if canonical is None else _ALONE if agreement == "single_source" else _SETTLED
    return EventField(field=read.name, agreement=agreement, values=values, canonical=canonical, rule=rule)


def _values(
    given: Sequence[tuple[Mention, Any]], compared: Callable[[Mention], Any] | None = None
) -> list[SourcedValue]:
    """Equal values together, however written; those of most articles first."""
    alike: dict[str, list[tuple[Mention, Any]]] = defaultdict(list)
    for mention, value in given:
        alike[_key(compared(mention) if compared else value)].append((mention, value))
    values = [
        SourcedValue(
            value=min((value for _, value in same), key=_written),
            records=sorted({mention.id for mention, _ in same}),
            articles=sorted({mention.article for mention, _ in same}),
        )
        for same in alike.values()
    ]
    return sorted(values, key=lambda value: (-len(value.articles), _written(value.value)))


def _agreement(values: Sequence[SourcedValue], *, excludes: bool) -> Agreement:
    if len(values) == 1:
        return "agreed" if len(values[0].articles) > 1 else "single_source"
    if excludes:
        return "conflict"
    return "varied" if len({article for value in values for article in value.articles}) > 1 else "single_source"


def _date_field(members: Sequence[Mention]) -> EventField | None:
    """The dates, weekdays that their article cannot date read from those of the other records."""
    own = [(mention, mention.record.date.value) for mention in members if mention.record.date and mention.when]
    given = own + _from_weekdays(members, [mention.when for mention, _ in own if mention.when])
    if not given:
        return None
    values = _values(given)
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


def _from_weekdays(members: Sequence[Mention], known: Sequence[Period]) -> list[tuple[Mention, str]]:
    """Weekdays without a value, as the nearest such day to the dated records, where that is one and within days."""
    days = {period.first for period in known if period.first == period.last}
    if not days:
        return []
    low, high = min(days), max(days)
    found = []
    for mention in members:
        told = mention.record.date
        named = [day for day in _WEEKDAYS if told and told.value is None and day in told.text.casefold()]
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


def _key(value: Any) -> str:
    """By which values are told to be the same: names in any order, without case, accents and articles."""
    if isinstance(value, str):
        return " ".join(tokens(value)) or value
    if isinstance(value, list):
        return "|".join(sorted(map(_key, value)))
    return _written(value)


def _written(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
