"""What the model is asked to fill: claims about an article, not yet held against its text.

The schema stays within what OpenAI's strict mode, Anthropic's and Gemini's tools, Ollama and llama.cpp's
grammars all take: every field required, null where absence is an answer, no unions of objects, no free-form
maps, shallow nesting. Bounds, grounding and codes are checked afterwards, with the article at hand.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from extractor.schema.vocabulary import (
    Action,
    ActionStatus,
    ActorKind,
    LegalTerm,
    Measure,
    Quotation,
    SanctionDirection,
    SanctionStatus,
    SpeechAct,
    TargetKind,
)


class Answered(BaseModel):
    """A part of the model's answer: immutable, no field missing, none added."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Actor(Answered):
    """Someone who acts, is acted upon or speaks."""

    name: str = Field(description="Name or description, copied from the article ('Moscow', 'the foreign ministry').")
    role: str | None = Field(description="Office or title, copied from the article ('foreign minister'), or null.")
    country: str | None = Field(
        description="English name of the state it is, belongs to or acts for ('France'), or null if the article leaves "
        "that open. An embassy belongs to the state that sent it."
    )
    kind: ActorKind = Field(
        description="What it is; a spokesman or minister is a person, 'Moscow' as an actor a state."
    )


class CountPart(Answered):
    """One part of a count that the article breaks down."""

    count: int = Field(description="How many, as the article says.")
    of: str = Field(description="Of whom or where, copied from the article.")


class SanctionTarget(Answered):
    """Someone or something that a sanction is aimed at."""

    name: str = Field(description="Name or description, copied from the article.")
    kind: TargetKind = Field(description="What it is; an agency or ministry is a public body.")
    country: str | None = Field(description="English name of the state it is or belongs to, or null.")


class Claim(Answered):
    """What every record has: its evidence, its date words, and who reported it."""

    evidence: list[str] = Field(
        description="One to three passages copied from the article character for character, each contiguous, that "
        "together carry this record: who, what, status, count."
    )
    date_text: str | None = Field(
        description="The words that say when it happened, was decided or was said ('on Friday', 'March 3, 2014'), "
        "copied from the article; null if the article gives none for this record."
    )
    is_background: bool = Field(
        description="True if told as earlier history or context, false if it is part of the news being reported."
    )
    reported_by: str | None = Field(
        description="News agency or outlet that the article credits for this, copied from the article, or null. "
        "Never the article's own outlet."
    )


class ActionFields(Answered):
    """What a diplomatic action is made of, in the claim and in the stored record alike."""

    action: Action = Field(
        description="Expulsion: by the receiving state. Recall: by the sending state. Departure: the people leave. "
        "Closure: premises are shut. Facility_restriction: use of premises is barred or limited."
    )
    status: ActionStatus = Field(
        description="How far it has come according to this article, by the last word it gives."
    )
    actors: list[Actor] = Field(description="Who acts, or would act. For a departure, those who leave.")
    targets: list[Actor] = Field(
        description="Whom it is done to, or would be. For a departure, the state that is left."
    )
    status_by: Actor | None = Field(
        description="Whose decision, proposal or refusal gives the status, or null if the article names nobody."
    )
    count: int | None = Field(
        description="How many people or places it concerns, if the article says so in figures or words."
    )
    count_unit: str | None = Field(description="What is counted, copied from the article ('diplomats'), or null.")
    count_breakdown: list[CountPart] = Field(
        description="The parts of the count if the article gives them, else empty."
    )
    places: list[str] = Field(description="Missions, premises and cities it concerns, copied from the article.")
    legal_term: LegalTerm | None = Field(description="Only if the article uses the term itself; else null.")
    deadline: str | None = Field(
        description="The words that set a term ('within a week'), copied from the article, or null."
    )
    reason: str | None = Field(description="Why, as the article gives it, copied from the article, or null.")
    in_response_to: str | None = Field(description="The act that it answers, copied from the article, or null.")


class ActionClaim(ActionFields, Claim):
    """A diplomatic act by a state or its organs: done, ordered, announced, proposed, or ruled out."""


class SanctionFields(Answered):
    """What a sanction is made of, in the claim and in the stored record alike."""

    status: SanctionStatus = Field(
        description="How far it has come according to this article, by the last word it gives."
    )
    direction: SanctionDirection = Field(
        description="Impose: new, wider or longer sanctions. Ease: easing or lifting them, done, announced or imagined."
    )
    senders: list[Actor] = Field(description="The states or organisations that impose, or would impose it.")
    authority: str | None = Field(
        description="Office or official that decides or announces it, copied from the article, or null."
    )
    targets: list[SanctionTarget] = Field(description="Whom it is aimed at, named in the article.")
    target_count: int | None = Field(description="How many targets, if the article says so in figures or words.")
    target_count_is_total: bool | None = Field(
        description="True if that number counts all targets, false if only some of them, null without a number."
    )
    measures: list[Measure] = Field(description="What it does; 'unspecified' if the article does not tell.")
    program: str | None = Field(description="Sanctions programme, only if named, copied from the article.")
    instrument: str | None = Field(
        description="Legal instrument, only if named ('executive order'), copied from the article."
    )
    reason: str | None = Field(description="Why, as the article gives it, copied from the article, or null.")


class SanctionClaim(SanctionFields, Claim):
    """A sanction (asset freeze, travel ban, embargo, listing ...), not the expulsion of diplomats or closing of missions."""  # noqa: E501

    start_text: str | None = Field(
        description="Words that say since or from when it applies, copied from the article, or null."
    )
    end_text: str | None = Field(description="Words that say until when it applies, copied from the article, or null.")
    listing_text: str | None = Field(
        description="Words that say when targets were listed, copied from the article, or null."
    )


class StatementFields(Answered):
    """What a statement is made of, in the claim and in the stored record alike."""

    speaker: Actor | None = Field(description="Who says it; null if the article does not tell whose words they are.")
    target: Actor | None = Field(
        description="Whom it is aimed at: who is accused, criticised, threatened, praised, answered, asked; "
        "or null if nobody."
    )
    on_behalf_of: str | None = Field(description="For whom a spokesman speaks, copied from the article, or null.")
    addressee: str | None = Field(description="To whom it is said, copied from the article, or null.")
    medium: str | None = Field(
        description="Where it was said ('Twitter', 'televised remarks'), copied from the article, or null."
    )
    act: SpeechAct = Field(description="What the speaker does by saying it.")
    content: str = Field(description="What is said, in one sentence that uses the article's words and adds nothing.")
    quotes: list[str] = Field(
        description="The words that stand in quotation marks, copied without the marks, one item per pair of marks; "
        "empty if none."
    )
    quotation: Quotation = Field(
        description="Direct: the statement stands in quotation marks. Mixed: fragments do. Indirect: none does."
    )
    about: str | None = Field(description="The act, person or matter it is about, copied from the article, or null.")


class StatementClaim(StatementFields, Claim):
    """Something said, written or officially held by an actor, told directly or in the reporter's words."""


class Extraction(Answered):
    """All diplomatic actions, sanctions and statements that one article tells, each bound to its words."""

    actions: list[ActionClaim] = Field(description="Diplomatic actions; one record for each act and status, told once.")
    sanctions: list[SanctionClaim] = Field(description="Sanctions; one record for each, however often it is told.")
    statements: list[StatementClaim] = Field(description="Statements; a quotation split by 'he said' is one statement.")
