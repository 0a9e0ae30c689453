"""The fields on which a record is compared with gold, and the kind of value that each holds; read off the schema."""

from __future__ import annotations

import types
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Union, get_args, get_origin

from extractor.schema.claims import Actor, CountPart, SanctionTarget
from extractor.schema.records import DiplomaticAction, Record, RecordType, Sanction, Statement
from extractor.schema.spans import ResolvedDate

# What ties a record to its article is compared by the matching; what code derives follows from the other fields.
_NOT_COMPARED = frozenset({"type", "id", "article", "evidence", "derived", "spans"})
_MODELS: dict[RecordType, type[Record]] = {
    "diplomatic_action": DiplomaticAction,
    "sanction": Sanction,
    "statement": Statement,
}


class Kind(StrEnum):
    """What a field holds."""

    TERM = "one term of a closed list"
    NUMBER = "a whole number"
    FLAG = "true or false"
    WORDS = "words of the article"
    PARTY = "a participant, with a name"
    PART = "a part of a count, with count and of"
    DATE = "a date, with value and text"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record: what it holds, whether as a list, and the terms of a closed list."""

    name: str
    kind: Kind
    listed: bool = False
    nullable: bool = False
    terms: tuple[str, ...] = ()
    parts: tuple[tuple[str, Field], ...] = ()

    @property
    def attributes(self) -> dict[str, Field]:
        """The fields within a participant, a part of a count or a date."""
        return dict(self.parts)


@lru_cache
def fields_of(record_type: RecordType) -> dict[str, Field]:
    """The compared fields of a type of record, by name, in the schema's order."""
    model = _MODELS[record_type]
    return {
        name: _field(name, info.annotation) for name, info in model.model_fields.items() if name not in _NOT_COMPARED
    }


def _field(name: str, annotation: Any) -> Field:
    kinds = [part for part in get_args(annotation) if part is not types.NoneType]
    if get_origin(annotation) in (Union, types.UnionType):
        inner = _field(name, kinds[0])
        return Field(name, inner.kind, inner.listed, True, inner.terms, inner.parts)
    if get_origin(annotation) is list:
        inner = _field(name, kinds[0])
        return Field(name, inner.kind, True, False, inner.terms, inner.parts)
    return _single(name, annotation)


def _single(name: str, annotation: type) -> Field:
    if issubclass(annotation, StrEnum):
        return Field(name, Kind.TERM, terms=tuple(term.value for term in annotation))
    if annotation is ResolvedDate:
        days = (("value", Field("value", Kind.WORDS, nullable=True)), ("text", Field("text", Kind.WORDS)))
        return Field(name, Kind.DATE, parts=days)
    if issubclass(annotation, Actor | SanctionTarget | CountPart):
        parts = tuple((key, _field(key, info.annotation)) for key, info in annotation.model_fields.items())
        return Field(name, Kind.PART if annotation is CountPart else Kind.PARTY, parts=parts)
    return Field(name, {bool: Kind.FLAG, int: Kind.NUMBER, str: Kind.WORDS}[annotation])
