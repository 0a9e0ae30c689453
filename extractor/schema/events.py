"""Events: what the records of several articles tell of the same act or utterance, brought together.

Nothing is decided by vote. Every value stands with the records that give it; a field has a canonical value only where
a stated rule gives one.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from extractor.schema.records import RecordType
from extractor.schema.spans import Frozen

Agreement = Literal["agreed", "single_source", "varied", "conflict"]
LinkType = Literal["implements", "in_response_to", "announced_with", "about", "denies", "contradicts"]


class SourcedValue(Frozen):
    """A value of a field, with the records and articles that give it."""

    value: JsonValue = Field(description="As the records have it.")
    records: list[str] = Field(description="Ids of the records; where its words stand is in their `spans`.")
    articles: list[str] = Field(description="Ids of their articles.")


class EventField(Frozen):
    """What the sources say of one field."""

    field: str = Field(description="The field's name in the records.")
    agreement: Agreement = Field(
        description="`agreed`: several articles, one value; `single_source`: one article has it; `varied`: words or "
        "lists that differ without excluding each other; `conflict`: values that cannot all be so."
    )
    values: list[SourcedValue] = Field(description="The most widely given first.")
    canonical: JsonValue = Field(description="The value for the event, or null where no rule gives one.")
    rule: str | None = Field(description="The rule that gives the canonical value.")


class StatusStep(Frozen):
    """A status that a record gives, in the event's history."""

    status: str
    date: str | None = Field(description="EDTF; null where the record has no date.")
    by: str | None = Field(description="Whose decision, proposal or refusal it is.")
    record: str
    article: str


class EventLink(Frozen):
    """How an event stands to another."""

    type: LinkType = Field(
        description="`implements`: carries it out; `in_response_to`: answers it; `announced_with`: part of the same "
        "package; `about`: the saying of this act; `denies`: the accused says that it is not so; `contradicts`: says "
        "otherwise."
    )
    event: str = Field(description="Id of the other event.")
    because: str = Field(description="The rule that made the link, and what it went by.")


class Event(Frozen):
    """One act or utterance, with all that the articles tell of it."""

    id: str = Field(description="Stable: made from the record that founds it, its earliest.")
    type: RecordType
    kind: str = Field(description="The action; `impose` or `ease` of a sanction; the speech act of a statement.")
    sources: list[str] = Field(description="ISO 3166-1 alpha-3 codes of those who act or speak.")
    targets: list[str] = Field(description="ISO 3166-1 alpha-3 codes of those whom it is aimed at.")
    status: str = Field(description="The last status that its sources give it; see `settled_by`.")
    settled_by: str = Field(description="Id of the record that gives the last status.")
    occurred: bool = Field(description="Whether, by its last status, it happened. False for what was ruled out.")
    contested: bool = Field(description="Whether one source tells it as done and another as denied or ruled out.")
    date: str | None = Field(description="EDTF; a set such as `[2017-01-01,2017-01-02]` where the sources differ.")
    members: list[str] = Field(description="Ids of its records.")
    articles: list[str] = Field(description="Ids of their articles.")
    fields: list[EventField]
    history: list[StatusStep] = Field(description="In order of time; of one day, in order of how far it had come.")
    links: list[EventLink]
    undecided: list[str] = Field(
        description="Ids of records that fit this event as well as another, which excludes it; they joined neither."
    )
    ties: list[str] = Field(description="Ids of the ties in which a model's answer, not a rule, joined records of it.")
