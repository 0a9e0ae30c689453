"""The comparison's output, for machines: every difference with the records that it is in, and the figures."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, JsonValue

from extractor.evaluation.report import Score
from extractor.schema.events import Event
from extractor.schema.records import AnyRecord, RecordType
from extractor.schema.spans import Frozen

Change = Literal["added", "lost", "changed"]
Basis = Literal["id", "exact", "lenient", "passage"]
Flip = Literal["became_fact", "no_longer_fact"]
Measure = Literal["action", "action_status", "sanction_status", "speech_act", "realis"]


class ComparedOutput(Frozen):
    """An output that is compared."""

    name: str = Field(description="The file, as it was named.")
    model: str = Field(description="provider/model")
    prompt: str = Field(description="Fingerprint of the prompt files.")
    answer_schema: str = Field(description="Fingerprint of the schema that the model fills.")
    articles: int
    records: int
    events: int
    rejected: int
    alone: int = Field(description="Records of compared articles that no other output has.")


class ComparedArticle(Frozen):
    """An article of any output; only those that all outputs have are compared."""

    id: str
    name: str
    outcomes: list[Literal["done", "partial", "failed"] | None] = Field(
        description="What became of it in each output; null where the output does not have it."
    )
    records: list[int | None] = Field(description="Its records in each output.")


class FieldChange(Frozen):
    """A field whose value differs."""

    field: str = Field(description="Its name; `derived.` is put before what code derives.")
    first: JsonValue
    second: JsonValue
    wording: bool = Field(description="Whether both values say the same in other words.")


class ArticleChange(Frozen):
    """An article that one output lacks, or of which more than the records differs."""

    change: Change = Field(description="`added`: only the second output has it; `lost`: only the first.")
    article: str
    name: str
    fields: list[FieldChange] = Field(description="Of a changed one; `rejected` holds what was rejected of it.")
    other_text: bool = Field(description="Whether the other output has an article of this name with another text.")


class RecordChange(Frozen):
    """A record that was added, lost or changed."""

    change: Change = Field(description="`added`: only the second output has it; `lost`: only the first.")
    type: RecordType
    article: str
    name: str = Field(description="File name of the article.")
    pairing: Basis | None = Field(
        description="How the two records were brought together: `id`: the same id; `exact`, `lenient`: see "
        "`definitions`; `passage`: the same passage and kind, but of others, or said by another; null of a single one."
    )
    flip: Flip | None = Field(description="Whether it is told as done in one output alone: the gravest change.")
    fields: list[FieldChange] = Field(description="What differs, in the schema's order, `evidence` last but for codes.")
    near: str | None = Field(
        description="Of one that was added or lost: id of the other output's leftover record of the same passage."
    )
    first: AnyRecord | None
    second: AnyRecord | None

    @property
    def records(self) -> list[AnyRecord]:
        """The one or two records that it is about, the second output's last."""
        return [record for record in (self.first, self.second) if record is not None]


class EventChange(Frozen):
    """An event that was added, lost or changed; events are paired by the records that they share."""

    change: Change
    type: RecordType
    flip: Flip | None = Field(description="Whether it occurred in one output alone; of statements null.")
    fields: list[FieldChange] = Field(
        description="What differs; `conflicts` are the fields in which sources contradict each other. Of `articles`, "
        "`members` and `links`, what only that side has."
    )
    shares_with: list[str] = Field(
        description="Of one that was added or lost: ids of the other output's events that have records of it."
    )
    first: Event | None
    second: Event | None

    @property
    def events(self) -> list[Event]:
        """The one or two events that it is about, the second output's last."""
        return [event for event in (self.first, self.second) if event is not None]


class TypeCounts(Frozen):
    """How the records of a type fared."""

    type: RecordType
    first: int
    second: int
    same: int
    reworded: int = Field(description="Pairs that differ in wording alone.")
    changed: int = Field(description="Pairs that differ otherwise.")
    lost: int
    added: int


class Difference(Frozen):
    """From the first of two outputs to the second."""

    counts: list[TypeCounts]
    articles: list[ArticleChange]
    records: list[RecordChange]
    events: list[EventChange]

    @property
    def is_empty(self) -> bool:
        """Whether both have the same content."""
        return not (self.articles or self.records or self.events)


class RecordAgreement(Frozen):
    """F1 between two outputs; the first stands in the place of gold, which F1 does not depend on."""

    type: RecordType | None = Field(description="Null: records of all types.")
    lenient: Score
    exact: Score


class Alpha(Frozen):
    """Krippendorff's alpha of one nominal variable."""

    measure: Measure
    units: int = Field(description="Records that two outputs or more tell.")
    agreement: float | None = Field(description="Share of units in which all outputs that tell it say the same.")
    alpha: float | None = Field(description="Null where there are no two different values, so that nothing is told.")
    interval: tuple[float, float] | None = Field(description="95% bootstrap interval, over articles.")


class PairAgreement(Frozen):
    """How far two outputs agree; they are named by their places, from 0."""

    first: int
    second: int
    records: list[RecordAgreement]
    alphas: list[Alpha]


class Comparison(Frozen):
    """What `extract compare` finds."""

    schema_version: Literal["1.0"] = "1.0"
    definitions: dict[str, str] = Field(description="Each notion used here, in a sentence.")
    outputs: list[ComparedOutput]
    articles: list[ComparedArticle]
    same: bool = Field(description="Whether all outputs have the same content.")
    difference: Difference | None = Field(description="Of two outputs; null of more.")
    agreement: list[PairAgreement] = Field(description="Of every two outputs.")
    alphas: list[Alpha] = Field(description="Of all outputs together.")

    @property
    def compared(self) -> list[ComparedArticle]:
        """The articles that all outputs have."""
        return [article for article in self.articles if None not in article.outcomes]
