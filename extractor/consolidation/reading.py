"""What a record tells, field by field: the value as it stands, and the key by which it is compared with others'."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from extractor.consolidation.identity import Cast, label_of
from extractor.consolidation.naming import tokens
from extractor.schema.records import AnyRecord, DiplomaticAction, RecordType, Sanction

_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False)


class Given(NamedTuple):
    """A value that a record gives, and by what it is told to be the same as another's."""

    value: Any
    key: str


@dataclass(frozen=True, slots=True)
class Read:
    """A field, how it is read from a record, and what it means that sources differ.

    `excludes` says that no two values can both be so; otherwise they may be told in different words or be parts of
    one list. `parties` says that its actors are compared by what they go by, however they are named.
    """

    name: str
    read: Callable[[Any], Any]
    excludes: bool = False
    parties: bool = False


def _names(actors: Sequence[Any]) -> list[str]:
    return [actor.name for actor in actors]


READS: dict[RecordType, tuple[Read, ...]] = {
    "diplomatic_action": (
        Read("status", lambda record: str(record.status)),
        Read("actors", lambda record: _names(record.actors), parties=True),
        Read("targets", lambda record: _names(record.targets), parties=True),
        Read("count", lambda record: record.count, excludes=True),
        Read("count_breakdown", lambda record: [part.model_dump(mode="json") for part in record.count_breakdown]),
        Read("places", lambda record: record.places),
        Read("legal_term", lambda record: record.legal_term and str(record.legal_term), excludes=True),
        Read("deadline_duration", lambda record: record.deadline_duration, excludes=True),
        Read("reason", lambda record: record.reason),
        Read("in_response_to", lambda record: record.in_response_to),
    ),
    "sanction": (
        Read("status", lambda record: str(record.status)),
        Read("senders", lambda record: _names(record.senders), parties=True),
        Read("authority", lambda record: record.authority),
        Read("targets", lambda record: _names(record.targets), parties=True),
        Read("target_count", lambda record: record.target_count, excludes=True),
        Read("measures", lambda record: [str(measure) for measure in record.measures if measure != "unspecified"]),
        Read("program", lambda record: record.program),
        Read("instrument", lambda record: record.instrument),
        Read("reason", lambda record: record.reason),
    ),
    "statement": (
        Read("speaker", lambda record: record.speaker and record.speaker.name, parties=True),
        Read("content", lambda record: record.content),
        Read("quotes", lambda record: record.quotes),
        Read("act", lambda record: str(record.act)),
        Read("reported_by", lambda record: record.reported_by),
        Read("medium", lambda record: record.medium),
        Read("about", lambda record: record.about),
    ),
}


def given_by(record: AnyRecord, cast: Cast) -> dict[str, Given]:
    """The fields that a record has, by name."""
    found: dict[str, Given] = {}
    for read in READS[record.type]:
        value = read.read(record)
        if value or value == 0:
            told = _labels(getattr(record, read.name), cast) if read.parties else value
            found[read.name] = Given(value, key_of(told))
    return found


def decided_in(record: AnyRecord) -> str | None:
    """By whose word a record's status is so, as the record names them."""
    match record:
        case DiplomaticAction():
            return record.status_by.name if record.status_by else None
        case Sanction():
            return record.authority
        case _:
            return None


def _labels(given: Any, cast: Cast) -> list[str]:
    actors = given if isinstance(given, list) else [given]
    return [":".join(label_of(who)) if (who := cast.who(actor)) else actor.name for actor in actors]


def key_of(value: Any) -> str:
    """By which values are told to be the same: names in any order, without case, accents and articles."""
    if isinstance(value, str):
        return " ".join(tokens(value)) or value
    if isinstance(value, list):
        return "|".join(sorted(map(key_of, value)))
    return written(value)


def written(value: Any) -> str:
    """A value in JSON, for its order among others."""
    return _JSON.encode(value)
