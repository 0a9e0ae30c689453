"""The evaluation's output, for machines: every figure with what it is made of."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field, JsonValue

from extractor.schema.records import RecordType
from extractor.schema.spans import Frozen

Side = Literal["actual", "other", "none"]
Mentions = Literal["gold", "run"]
EventSet = Literal["acts", "statements"]
SIDES: tuple[Side, ...] = get_args(Side)


class Score(Frozen):
    """Precision, recall and F1, null where there is nothing to divide by."""

    hits: int = Field(ge=0, description="True positives.")
    spurious: int = Field(ge=0, description="False positives.")
    missed: int = Field(ge=0, description="False negatives.")
    precision: float | None
    recall: float | None
    f1: float | None
    interval: tuple[float, float] | None = Field(None, description="95% bootstrap interval of F1, over articles.")

    @classmethod
    def of(cls, hits: int, spurious: int, missed: int, interval: tuple[float, float] | None = None) -> Score:
        """From counts; without a hit, F1 is 0 where there was anything to find or something was found."""
        return cls(
            hits=hits,
            spurious=spurious,
            missed=missed,
            precision=_share(hits, hits + spurious),
            recall=_share(hits, hits + missed),
            f1=_share(2 * hits, 2 * hits + spurious + missed),
            interval=interval,
        )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


class RecordScore(Frozen):
    """How well records of a type were found."""

    type: RecordType
    lenient: Score
    exact: Score


class StatusScore(Frozen):
    """How well records of one status, or statements of one speech act, were found with that status."""

    type: RecordType
    status: str
    score: Score


class FieldScore(Frozen):
    """How well a field was filled in the records that were found; a list's elements count one by one."""

    type: RecordType
    field: str
    lenient: Score
    exact: Score


class RealisScore(Frozen):
    """Actions and sanctions told as done (`actual`) or as anything else (`other`); `none` where one side has no record.

    `as_facts` are the worst errors: what gold has as other, told as done.
    """

    table: dict[Side, dict[Side, int]] = Field(description="Gold's realis, then the run's, then how many.")
    as_facts: int


class Invention(Frozen):
    """Values that the article does not give."""

    closed: int = Field(description="Values of found records of which gold says that the article gives none.")
    invented: int = Field(description="Those of them that the run has a value for.")
    rate: float | None
    words: int = Field(description="Values of all records that have to be the article's own words.")
    ungrounded: int = Field(description="Those of them that are not in the article.")
    ungrounded_rate: float | None


class Grounding(Frozen):
    """How the model's quotations were found, and what was rejected."""

    exact: int
    normalised: int
    fuzzy: int
    rejected_records: int
    rejected_fields: int
    rejected_record_rate: float | None = Field(description="Of all records that the model gave.")


class CoreferenceRates(Frozen):
    """One measure of event coreference."""

    precision: float
    recall: float
    f1: float


class EventScore(Frozen):
    """How well records were brought together as events."""

    mentions: Mentions = Field(description="`gold`: gold's records, consolidated; `run`: the run's own events.")
    events: EventSet = Field(description="`acts`: actions and sanctions.")
    gold: int = Field(description="Events of gold among these.")
    found: int = Field(description="Events that were made of them.")
    muc: CoreferenceRates
    b_cubed: CoreferenceRates
    ceaf_e: CoreferenceRates
    conll_f1: float = Field(description="The mean of the three F1.")


class Fault(Frozen):
    """One error: a miss, a spurious record, or a wrong field of a found one."""

    kind: Literal["missed", "spurious", "wrong", "missing", "invented"] = Field(
        description="`missed` and `spurious`: a whole record; `wrong`, `missing`, `invented`: a value of a found one."
    )
    article: str = Field(description="File name of the article.")
    type: RecordType
    gold: str | None = Field(description="Id of the gold record; of a spurious one, of what it may be meant for.")
    record: str | None = Field(description="Id of the run's record.")
    field: str | None
    expected: JsonValue
    found: JsonValue
    evidence: list[str] = Field(description="The run's evidence; of a missed record, gold's.")


class EvaluatedArticle(Frozen):
    """An article that was scored."""

    id: str
    name: str
    outcome: Literal["done", "partial", "failed"]
    gold: int = Field(description="Scored records of gold.")
    records: int = Field(description="Records of the run.")


class Evaluation(Frozen):
    """What `extract eval` finds."""

    schema_version: Literal["1.0"] = "1.0"
    definitions: dict[str, str] = Field(description="Each notion used here, in a sentence.")
    articles: list[EvaluatedArticle]
    without_gold: list[str] = Field(description="Articles of the run that have no gold; they are not scored.")
    not_in_run: list[str] = Field(description="Articles of gold that the run does not have; they are not scored.")
    records: list[RecordScore]
    statuses: list[StatusScore]
    fields: list[FieldScore]
    realis: RealisScore
    invention: Invention
    grounding: Grounding
    events: list[EventScore]
    faults: list[Fault]


class ClassScore(Frozen):
    """How well one code was told from the others."""

    name: str
    score: Score


class LevelScore(Frozen):
    """How well codes of one level were told apart."""

    accuracy: float | None = Field(description="Null without an event in gold.")
    interval: tuple[float, float] | None = Field(description="95% bootstrap interval of the accuracy, over articles.")
    macro_f1: float | None
    classes: list[ClassScore]


class CodeFault(Frozen):
    """An event of gold whose record has another code, or that has none."""

    article: str = Field(description="File name of the article.")
    gold: str = Field(description="Id of gold's event.")
    record: str | None = Field(description="Id of the run's record.")
    expected: str
    found: str | None
    evidence: list[str] = Field(description="The run's evidence; of an event that was not found, gold's.")


class SchemeEvaluation(Frozen):
    """What `extract eval --scheme` finds."""

    schema_version: Literal["1.0"] = "1.0"
    scheme: str
    definitions: dict[str, str] = Field(description="Each notion used here, in a sentence.")
    articles: int = Field(description="Articles that were scored.")
    without_gold: list[str] = Field(description="Articles of the run that have no gold; they are not scored.")
    not_in_run: list[str] = Field(description="Articles of gold that the run does not have; they are not scored.")
    events: int = Field(description="Events of gold.")
    found: int = Field(description="Those of them that a record of the run tells.")
    further: int = Field(description="Events of the run beyond those of gold, in articles that were scored.")
    roots: LevelScore = Field(description="PLOVER event types.")
    quad_classes: LevelScore
    sides: LevelScore = Field(description="Cooperation or conflict.")
    faults: list[CodeFault]
