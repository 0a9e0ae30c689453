"""Titles, dates and values as people read them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from extractor.consolidation.history import NOT_DONE, is_done
from extractor.schema.events import Event, EventField
from extractor.schema.vocabulary import ActionStatus, SanctionStatus, SpeechAct

# What a reader must not take for one another: what happened, what was only spoken of, what was taken back or denied,
# and what was said.
STANDINGS = {
    "done": "Happened",
    "open": "Spoken of, not done",
    "off": "Denied, ruled out or undone",
    "said": "Said",
}
TYPES = {"diplomatic_action": "Diplomatic action", "sanction": "Sanction", "statement": "Statement"}
_UNDONE = NOT_DONE | {"suspended", "reversed"}
_KINDS = {"meeting_visit": "Meeting or visit", "other": "Diplomatic act", "impose": "Sanctions", "ease": "Easing of sanctions"}  # fmt: skip # noqa: E501
_ACTS = {
    "announce": "Announcement", "assert": "Assertion", "accuse": "Accusation", "deny": "Denial", "reject": "Rejection",
    "rule_out": "Ruled out", "threaten": "Threat", "demand": "Demand", "propose": "Proposal", "promise": "Promise",
    "praise": "Praise", "criticise": "Criticism", "regret": "Regret", "doubt": "Doubt", "decline_comment": "No comment",
}  # fmt: skip
# Fields whose values are words of a vocabulary, not of an article.
_CODED = frozenset({"status", "act", "legal_term", "measures"})
_MONTHS = (
    "January February March April May June July August September October November December".split()
)  # fmt: skip
_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
_UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day", "TH": "hour", "TM": "minute", "TS": "second"}
_DAY = re.compile(r"(\d{4}|XXXX)(?:-(\d{2}))?(?:-(\d{2}))?")


def words(value: str) -> str:
    """A vocabulary's value as words: `carried_out` is "carried out"."""
    return value.replace("_", " ")


def capitalised(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def status_label(status: str) -> str:
    """A status, or a speech act, as a reader sees it."""
    return _ACTS.get(status) or capitalised(words(status))


def standing_of(status: str, *, said: bool) -> str:
    """Which of `STANDINGS` an act with this status has; `said` of statements."""
    return "said" if said else "done" if is_done(status) else "off" if status in _UNDONE else "open"


def all_statuses() -> list[str]:
    """Every status and speech act, acts' first."""
    return [str(status) for status in dict.fromkeys([*ActionStatus, *SanctionStatus, *SpeechAct])]


def title_of(event: Event, unit: str | None) -> str:
    """What it is: "Expulsion of 35 diplomats"; of a statement, its content. `unit` is what a count counts."""
    fields = {item.field: item for item in event.fields}
    if event.type == "statement":
        content = fields.get("content")
        return plain(content.values[0].value) if content and content.values else status_label(event.kind)
    kind = _KINDS.get(event.kind) or capitalised(words(event.kind))
    if event.type == "sanction":
        number = _number(fields.get("target_count"))
        kind = _measures(event.kind, fields.get("measures")) or kind
        return f"{kind} on {number} targets" if number else kind
    number = _number(fields.get("count"))
    return f"{kind} of {number} {unit or ''}".rstrip() if number else kind


def _measures(kind: str, item: EventField | None) -> str:
    """What a sanction does, where the sources agree on one measure or two: "Asset freeze and travel ban"."""
    if item is None or item.agreement == "conflict" or not item.values:
        return ""
    told = item.canonical if item.canonical is not None else item.values[0].value
    measures = [words(plain(part)) for part in told] if isinstance(told, list) else [words(plain(told))]
    if "unspecified" in measures or not 1 <= len(measures) <= 2:
        return ""
    named = " and ".join(measures)
    return f"Easing of {named}" if kind == "ease" else capitalised(named)


def _number(item: EventField | None) -> str:
    if item is None or not item.values:
        return ""
    if item.canonical is not None:
        return plain(item.canonical)
    return " or ".join(plain(value.value) for value in item.values)


def values_of(field: str, value: Any) -> list[str]:
    """A field's value as the lines that a reader sees, one for each part of a list."""
    if isinstance(value, list):
        return [line for part in value for line in values_of(field, part)]
    if field == "date":
        return [date_label(plain(value))]
    if field == "deadline_duration":
        return [_duration(plain(value))]
    return [words(plain(value)) if field in _CODED else plain(value)]


def plain(value: Any) -> str:
    """Any JSON value as text on one line: parts of a list after commas, those of an object after each other."""
    if isinstance(value, list):
        return ", ".join(map(plain, value))
    if isinstance(value, dict):
        return " ".join(plain(part) for part in value.values() if part is not None)
    return "none" if value is None else " ".join(str(value).split())


def date_label(edtf: str) -> str:
    """An EDTF value in words: `[2017-01-01,2017-01-02]` is "1 January 2017 or 2 January 2017".

    Source: Extended Date/Time Format (ISO 8601-2:2019), as far as `extractor.dates` writes it; others stay as they are.
    """
    if edtf.startswith("[") and edtf.endswith("]"):
        inner = edtf[1:-1]
        if ".." in inner:
            return f"between {' and '.join(date_label(part) for part in inner.split('..', 1))}"
        return " or ".join(date_label(part.strip()) for part in inner.split(","))
    if "/" in edtf:
        return _interval(*edtf.split("/", 1))
    if edtf.endswith("~"):
        return f"about {date_label(edtf[:-1])}"
    if re.fullmatch(r"\d{3}X", edtf):
        return f"the {edtf[:3]}0s"
    return _day_label(edtf)


def _interval(start: str, end: str) -> str:
    if end in ("..", ""):
        return f"since {date_label(start)}"
    if start in ("..", ""):
        return f"until {date_label(end)}"
    return f"{date_label(start)} to {date_label(end)}"


def _day_label(edtf: str) -> str:
    match = _DAY.fullmatch(edtf)
    if match is None:
        return edtf
    year, month, day = match.groups()
    told_year = "year unknown" if year == "XXXX" else year
    if month is None:
        return told_year
    if month in _SEASONS:
        return f"{_SEASONS[month]} {told_year}"
    if not 1 <= int(month) <= 12:
        return edtf
    parts = [_MONTHS[int(month) - 1], told_year]
    return " ".join([str(int(day)), *parts] if day else parts)


def _duration(iso: str) -> str:
    match = re.fullmatch(r"P(T?)(\d+)([YMWDHS])", iso)
    if match is None:
        return iso
    time, number, letter = match.groups()
    unit = _UNITS.get(time + letter)
    return f"{number} {unit}{'' if number == '1' else 's'}" if unit else iso


def field_label(field: str) -> str:
    """A field's name as a reader sees it."""
    return {"deadline_duration": "Deadline", "in_response_to": "In response to"}.get(field) or capitalised(words(field))


def iso_day(ordinal: int) -> str:
    """The day with this proleptic Gregorian ordinal, as ISO 8601."""
    return date.fromordinal(ordinal).isoformat()
