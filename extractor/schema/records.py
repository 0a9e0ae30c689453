"""The stored records: a claim that held up, with offsets, dates and codes beside the model's words.

A record repeats what the model said field for field; what code made of it stands in fields of its own
(`evidence`, `date`, `derived`, `spans`). A value that did not hold up is null or absent here and listed
under `rejected` with the value that the model gave.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from extractor.schema.claims import ActionFields, SanctionFields, StatementFields
from extractor.schema.spans import Evidence, Frozen, ResolvedDate
from extractor.schema.vocabulary import Polarity, Realis

RecordType = Literal["diplomatic_action", "sanction", "statement"]


class Derived(Frozen):
    """What code derives from a record's fields; no model has a say in it."""

    realis: Realis = Field(description="Whether the article tells it as done.")
    polarity: Polarity = Field(description="Negative where it is denied or ruled out.")
    source_countries: list[str] = Field(description="ISO 3166-1 alpha-3 codes of the actors, senders or speaker.")
    target_countries: list[str] = Field(description="ISO 3166-1 alpha-3 codes of the targets.")
    plover_event: str | None = Field(description="PLOVER event type, or null where the scheme has no place for it.")
    plover_mode: str | None = Field(description="PLOVER mode of that event type, or null.")
    cameo: str | None = Field(description="CAMEO code, or null where the scheme has no place for it.")
    quad_class: int | None = Field(
        description="Quad category of the PLOVER event, null without one: 1 verbal cooperation, 2 material "
        "cooperation, 3 verbal conflict, 4 material conflict."
    )


class FieldSpan(Frozen):
    """Where the words of one field stand in the article."""

    field: str = Field(description="JSON Pointer (RFC 6901) into the record.")
    start: int = Field(ge=0, description="Offset in code points.")
    end: int = Field(ge=0)


class Record(Frozen):
    """What every stored record has."""

    type: RecordType = Field(description="Which kind of record it is.")
    id: str = Field(description="Stable: made from the article's text and the record's content.")
    article: str = Field(description="Id of the article that tells it.")
    evidence: list[Evidence] = Field(description="The passages that carry the record, in the article's order.")
    date: ResolvedDate | None = Field(description="When it happened, was decided or was said.")
    is_background: bool = Field(description="Told as earlier history or context.")
    reported_by: str | None = Field(description="Agency or outlet that the article credits.")


class DiplomaticAction(ActionFields, Record):
    """A diplomatic act with its status."""

    type: Literal["diplomatic_action"] = "diplomatic_action"
    deadline_duration: str | None = Field(description="The deadline as an ISO 8601 duration, or null.")
    derived: Derived
    spans: list[FieldSpan]


class Sanction(SanctionFields, Record):
    """A sanction with its status."""

    type: Literal["sanction"] = "sanction"
    start: ResolvedDate | None = Field(description="From when it applies.")
    end: ResolvedDate | None = Field(description="Until when it applies.")
    listing: ResolvedDate | None = Field(description="When its targets were listed.")
    derived: Derived
    spans: list[FieldSpan]


class Statement(StatementFields, Record):
    """Something said, with its speaker."""

    type: Literal["statement"] = "statement"
    derived: Derived
    spans: list[FieldSpan]


AnyRecord = Annotated[DiplomaticAction | Sanction | Statement, Field(discriminator="type")]


class Rejection(Frozen):
    """Something the model said that did not hold up against the article, and why."""

    article: str = Field(description="Id of the article.")
    type: RecordType | None = Field(description="The kind of record that it was, or was part of, if it was of any.")
    record: str | None = Field(description="Id of the record that lacks it; null where the whole record was rejected.")
    field: str | None = Field(
        description="JSON Pointer (RFC 6901) into the claim; null where the whole record was rejected."
    )
    reason: str = Field(description="A short, stable name of the reason, such as `not_in_article`.")
    message: str = Field(description="What was wrong, in words.")
    value: JsonValue = Field(description="What the model said.")
