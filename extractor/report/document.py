"""What the page shows, as plain data: the script on the page reads it and nothing else.

Ids become places in lists, passages become offsets in UTF-16 code units, as JavaScript counts them, and what is empty
is left out. All of it is data: the page never takes any text for markup.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from typing import Any

from extractor.consolidation.mentions import period_of
from extractor.report import sources, wording
from extractor.report.language import language_of
from extractor.report.parties import Parties
from extractor.report.references import References
from extractor.schema.events import Event, EventField, StatusStep
from extractor.schema.output import ArticleReport, ExtractionResult
from extractor.schema.records import AnyRecord, DiplomaticAction, Rejection, Sanction
from extractor.schema.spans import Evidence, ResolvedDate
from extractor.schema.vocabulary import Match
from extractor.text import printable_in_place

Data = dict[str, Any]
_LINKS = {
    "implements": "Carries out",
    "in_response_to": "Answers",
    "announced_with": "Together with",
    "about": "Speaks of",
    "denies": "Denies",
    "contradicts": "Contradicts",
}
_MOST_COPIES = 20
# Fields of an event whose words stand under another name in its records.
_WORDS_OF = {"deadline_duration": "deadline", "status": "status_by"}
# Characters that take two units in UTF-16.
_WIDE = re.compile("[\U00010000-\U0010ffff]")
# Characters of a rejected value that are shown: enough to see what it was.
_LONGEST_VALUE = 2_000


def document(result: ExtractionResult, references: References, parties: Parties) -> Data:
    """All that the page shows.

    Raises:
        UsageError: the result refers to an article, record or event that it does not have.
    """
    paths: dict[str, int] = {}
    texts = [_Text(article.text) for article in result.articles]
    event_of = {record: number for number, event in enumerate(result.events) for record in event.members}
    records = [
        _record(record, texts[references.article(record.article)], references, event_of, paths)
        for record in result.records
    ]
    names = sources.labels_of(result.articles)
    data: Data = {
        "articles": [
            _article(item, name, text) for item, name, text in zip(result.articles, names, texts, strict=True)
        ],
        "records": records,
        "events": [_event(number, result, references, parties) for number in range(len(result.events))],
        "parties": parties.names,
        "actors": _actors(result, event_of),
        "rejected": [_rejection(item, references) for item in result.rejected],
        "paths": list(paths),
        "wordsOf": _WORDS_OF,
        "labels": _labels(result),
        "statuses": {
            status: {"label": wording.status_label(status), "standing": _standing(status)}
            for status in wording.all_statuses()
        },
        "standings": wording.STANDINGS,
        "types": wording.TYPES,
    }
    return data


def _standing(status: str) -> str:
    return wording.standing_of(status, said=False)


def _present(data: Data) -> Data:
    """The data without what is null, false or an empty list: the page fills these in."""
    return {name: value for name, value in data.items() if value not in (None, []) and value is not False}


class _Text:
    """An article's text as it is shown, and where its code points stand in UTF-16."""

    def __init__(self, text: str) -> None:
        self.shown = printable_in_place(text)
        self.length = len(text)
        self.wide = [found.start() for found in _WIDE.finditer(self.shown)]

    def span(self, start: int, end: int) -> list[int]:
        """A passage as JavaScript counts; within the text, whatever the file says."""
        first, last = min(start, self.length), min(max(start, end), self.length)
        return [first + bisect_left(self.wide, first), last + bisect_left(self.wide, last)]


def _article(article: ArticleReport, short: str, text: _Text) -> Data:
    told = article.metadata
    return _present(
        {
            "id": article.id,
            "name": article.name,
            "short": short,
            "headline": sources.headline_of(article),
            "by": ", ".join(name for name in (told.publisher, told.author) if name),
            "url": sources.web_address(article),
            "text": text.shown,
            "lang": language_of(article.text, article.metadata.language),
            "outcome": article.outcome,
            "failure": article.failure.message if article.failure else None,
            "dated": sources.dated(article),
            "copies": _copies(article),
        }
    )


def _copies(article: ArticleReport) -> list[str]:
    """The names of an article's copies; of many, the first and how many more."""
    names = [copy.name for copy in article.copies]
    return names if len(names) <= _MOST_COPIES else [*names[:_MOST_COPIES], f"{len(names) - _MOST_COPIES} more"]


def _record(
    record: AnyRecord, text: _Text, references: References, event_of: dict[str, int], paths: dict[str, int]
) -> Data:
    def place(path: str) -> int:
        return paths.setdefault(path, len(paths))

    spans = [[place(span.field), *text.span(span.start, span.end)] for span in record.spans]
    spans += [[place(f"/{name}"), *text.span(told.start, told.end)] for name, told in _dates(record)]
    derived = record.derived
    codes = [
        f"{scheme} {code}"
        for scheme, code in (
            ("PLOVER", "-".join(part for part in (derived.plover_event, derived.plover_mode) if part)),
            ("CAMEO", derived.cameo),
            ("quad class", derived.quad_class),
        )
        if code
    ]
    return _present(
        {
            "id": record.id,
            "article": references.article(record.article),
            "event": event_of.get(record.id),
            "evidence": [_evidence(item, text) for item in record.evidence],
            "spans": sorted(spans),
            "background": record.is_background,
            "codes": ", ".join(codes),
            "by": record.reported_by,
        }
    )


def _evidence(item: Evidence, text: _Text) -> list[Any]:
    """Its place, and how like it is to what the model quoted, where that was not the same."""
    span = text.span(item.start, item.end)
    return [*span, round(item.score, 2)] if item.match is Match.FUZZY else span


def _dates(record: AnyRecord) -> list[tuple[str, ResolvedDate]]:
    dates = {"date": record.date}
    if isinstance(record, Sanction):
        dates |= {"start": record.start, "end": record.end, "listing": record.listing}
    return [(name, told) for name, told in dates.items() if told is not None]


def _event(number: int, result: ExtractionResult, references: References, parties: Parties) -> Data:
    event = result.events[number]
    said = event.type == "statement"
    lead = references.record(event.settled_by)
    period = period_of(event.date) if event.date else None
    return _present(
        {
            "id": event.id,
            "type": event.type,
            "kind": event.kind,
            "title": wording.title_of(event, _unit(event, result, references)),
            "from": parties.sources[number],
            "to": parties.targets[number],
            "who": _who(event, "speaker", "actors", "senders"),
            "whom": _who(event, "targets"),
            "status": event.status,
            "standing": wording.standing_of(event.status, said=said),
            "contested": event.contested,
            "date": event.date and wording.date_label(event.date),
            "days": period and [wording.iso_day(period.first), wording.iso_day(period.last)],
            "lead": lead,
            "members": references.all_records(event.members),
            "articles": references.all_articles(event.articles),
            "fields": [_field(item, references) for item in event.fields],
            "history": [_step(step, result, references) for step in event.history],
            "links": [
                [_LINKS[link.type], references.event(link.event), link.because, link.type] for link in event.links
            ],
            "undecided": references.all_records(event.undecided),
        }
    )


def _unit(event: Event, result: ExtractionResult, references: References) -> str | None:
    """What the event's count counts, in the words of most of its records."""
    members = (result.records[references.record(name)] for name in event.members)
    units = Counter(
        record.count_unit for record in members if isinstance(record, DiplomaticAction) and record.count_unit
    )
    return min(units, key=lambda unit: (-units[unit], unit)) if units else None


def _who(event: Event, *names: str) -> str | None:
    """The most widely given names of those who act, or are acted upon."""
    found = next((item for item in event.fields if item.field in names and item.values), None)
    return wording.plain(found.values[0].value) if found else None


def _field(item: EventField, references: References) -> list[Any]:
    values = [
        [wording.values_of(item.field, value.value), references.all_records(value.records)] for value in item.values
    ]
    held = [] if item.canonical is None else [wording.values_of(item.field, item.canonical), item.rule or ""]
    # The value that all sources give is not told twice.
    return [item.field, item.agreement, values, *([held] if held and len(values) > 1 else [])]


def _step(step: StatusStep, result: ExtractionResult, references: References) -> list[Any]:
    """A step with its day; without one, with the words that its article has in its place."""
    period = period_of(step.date) if step.date else None
    day = wording.iso_day(period.first) if period else None
    place = references.record(step.record)
    told = result.records[place].date
    words = [wording.plain(told.text)] if told and not step.date else []
    return [step.status, day, step.date and wording.date_label(step.date), step.by, place, *words]


def _actors(result: ExtractionResult, event_of: dict[str, int]) -> list[Data]:
    return [
        {
            "name": actor.name,
            "names": [name for name in actor.names if name != actor.name],
            "kind": actor.kind,
            "events": sorted({event_of[told.record] for told in actor.mentions if told.record in event_of}),
        }
        for actor in result.actors
    ]


def _rejection(item: Rejection, references: References) -> Data:
    return _present(
        {
            "article": references.article(item.article),
            "record": references.record(item.record) if item.record is not None else None,
            "type": item.type,
            "field": item.field,
            "reason": wording.words(item.reason),
            "message": item.message,
            "value": wording.plain(item.value)[:_LONGEST_VALUE],
        }
    )


def _labels(result: ExtractionResult) -> dict[str, str]:
    """The fields' names as a reader sees them."""
    named = {item.field for event in result.events for item in event.fields}
    return {name: wording.field_label(name) for name in sorted(named)}
