"""Gold: what people say an article's records are.

A gold value is plain data, as the YAML file has it. `{any_of: [...]}` in its place gives values that are equally
right; an element of a list may be a mapping with `optional: true`. A field that is absent is not scored; null says that
the article gives none, and is scored.
"""

from __future__ import annotations

from typing import Literal, Self, get_args

from pydantic import Field, JsonValue, field_validator, model_validator

from extractor.codes import PLOVER_EVENTS
from extractor.schema.records import RecordType
from extractor.schema.spans import Frozen

# PLOVER's sets before 0.7 have one event for what 0.8 divides into CONCEDE and RETREAT.
YIELD = "YIELD"
Tier = Literal["core", "optional", "hypothetical"]
ANY_OF = "any_of"
OPTIONAL = "optional"
# The key of an element that is no mapping by itself: `{value: Moscow, optional: true}`.
VALUE = "value"


class GoldRecord(Frozen):
    """A record as a person has it."""

    id: str = Field(min_length=1, description="Unique within the file.")
    type: RecordType
    tier: Tier = Field(
        default="core",
        description="`core`: expected. `optional`: neither rewarded nor punished. `hypothetical`: the same, but a "
        "fault where it is told as done.",
    )
    evidence: list[str] = Field(
        min_length=1, description="The passages that tell it, all of them: verbatim, but for typography."
    )
    event: str | None = Field(
        default=None, description="The event that it tells, across articles; null: one of its own."
    )
    part_of: str | None = Field(
        default=None,
        description="Id of the record as a part of which it may be told; then told or not, it is not scored.",
    )
    repeats: list[str] = Field(
        default_factory=list, description="Ids of records that it only repeats: it is no miss where one is found."
    )
    note: str | None = None
    fields: dict[str, JsonValue] = Field(
        default_factory=dict, description="The scored fields; in the file they stand beside the others."
    )

    @property
    def is_scored(self) -> bool:
        """Whether it counts for recall and precision; see `tier` and `part_of`."""
        return self.tier == "core" and self.part_of is None


class GoldParty(Frozen):
    """Who acts or is acted upon in a coded event."""

    name: str | None = Field(default=None, description="As the article has it.")
    country: str | None = Field(default=None, description="ISO 3166-1 alpha-3 code.")


class GoldCode(Frozen):
    """An event as a coding scheme has it, with no record of ours behind it."""

    id: str = Field(min_length=1, description="Unique within the file.")
    evidence: list[str] = Field(min_length=1, description="The passages that tell it.")
    sources: list[GoldParty] = Field(default_factory=list, description="Who acts; empty: not said.")
    targets: list[GoldParty] = Field(default_factory=list, description="Who is acted upon; empty: not said.")
    plover_event: str = Field(
        description="PLOVER 0.8 event type, or YIELD where CONCEDE and RETREAT are not told apart."
    )
    plover_mode: str | None = Field(default=None, description="Mode of that event type; absent or null: not said.")
    cameo: str | None = Field(default=None, description="CAMEO code; absent or null: not said.")

    @field_validator("plover_event")
    @classmethod
    def _known(cls, event: str) -> str:
        if event != YIELD and event not in PLOVER_EVENTS:
            raise ValueError(f"{event!r} is none of {', '.join((*PLOVER_EVENTS, YIELD))}")
        return event


class GoldArticle(Frozen):
    """An article's gold, the content of one file."""

    article: str = Field(min_length=1, description="File name of the article, without its folder.")
    id: str = Field(pattern="^art-[0-9a-f]{12}$", description="The article's id, made from its text.")
    notes: str | None = None
    origin: str | None = Field(
        default=None,
        description="The format that it was imported from. What that format cannot say is absent, even what a record "
        "is known by.",
    )
    covers: list[RecordType] = Field(
        default_factory=lambda: list(get_args(RecordType)),
        description="The types of record that it names all of; a run's records of other types are not scored.",
    )
    records: list[GoldRecord] = Field(default_factory=list)
    codes: list[GoldCode] | None = Field(
        default=None,
        description="Events by a coding scheme, for `extract eval --scheme`; absent: those of the records.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if "records" not in self.model_fields_set and self.codes is None:
            raise ValueError("has no records; write records: [] if the article has none")
        return self


def alternatives(value: JsonValue) -> list[JsonValue]:
    """The values that are equally right: those of `any_of`, or the one there is."""
    if isinstance(value, dict) and set(value) == {ANY_OF}:
        given = value[ANY_OF]
        return given if isinstance(given, list) else [given]
    return [value]


def element(value: JsonValue) -> tuple[JsonValue, bool]:
    """A list's element without its mark, and whether it is optional."""
    if not isinstance(value, dict) or OPTIONAL not in value:
        return value, False
    bare: JsonValue = {key: part for key, part in value.items() if key != OPTIONAL}
    if isinstance(bare, dict) and set(bare) == {VALUE}:
        bare = bare[VALUE]
    return bare, value[OPTIONAL] is True


def first(value: JsonValue) -> JsonValue:
    """A value in which of every `any_of` the first alternative is left, and no mark."""
    chosen, _ = element(alternatives(value)[0])
    if isinstance(chosen, list):
        return [first(part) for part in chosen]
    if isinstance(chosen, dict):
        if set(chosen) == {ANY_OF}:
            return first(chosen)
        return {key: first(part) for key, part in chosen.items()}
    return chosen


def options(record: GoldRecord, field: str) -> list[JsonValue] | None:
    """The alternatives of a record's field; None where it is not scored."""
    return alternatives(record.fields[field]) if field in record.fields else None
