"""What code derives from a record's vocabulary: event codes, realis and polarity.

One table, from what a record says to PLOVER 0.8 and CAMEO 1.1b3, each by its own manual (see `schemes`); the command
`extract codes` prints it. Where neither manual has a place for something the answer is None: no code is better than a
wrong one. The conversion table that was published with PLOVER decides no row: it disagrees with its manual (161 to
`withdraw`, 163 to COERCE, modes `host` and `ease` that the manual does not have).

The quad class is that of the PLOVER event. PLOVER dropped CAMEO's roots 01 and 02, comments and appeals: a row of these
has a CAMEO code, but no event and no quad class. Counting them as verbal cooperation, as others do by the number of the
root, would make a proposal to expel diplomats an act of friendship.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from pydantic import Field

from extractor.codes.schemes import PLOVER_EVENTS
from extractor.schema.records import RecordType
from extractor.schema.spans import Frozen
from extractor.schema.vocabulary import (
    Action,
    ActionStatus,
    Measure,
    Polarity,
    Realis,
    SanctionDirection,
    SanctionStatus,
    SpeechAct,
)


class EventCode(Frozen):
    """An event's place in PLOVER and in CAMEO."""

    plover_event: str | None = Field(description="PLOVER event type, or null for comments and appeals.")
    plover_mode: str | None = Field(description="PLOVER mode of that event type, or null.")
    cameo: str = Field(description="CAMEO code.")
    quad_class: int | None = Field(
        ge=1, le=4, description="Quad category of the PLOVER event: 1 verbal cooperation to 4 material conflict."
    )


def _code(event: str | None, mode: str | None, cameo: str) -> EventCode:
    quad = PLOVER_EVENTS[event].quad_class if event else None
    return EventCode(plover_event=event, plover_mode=mode, cameo=cameo, quad_class=quad)


# PLOVER event, PLOVER mode, CAMEO code; behind them the words of the manuals that they rest on.
_STATE = _code(None, None, "010")  # "all public statements ... not otherwise specified"
_NO_COMMENT = _code(None, None, "011")
_DOUBT = _code(None, None, "012")  # the example is a sceptic
_CONSIDER = _code(None, None, "014")  # "no limitation on types of policies that could be under consideration"
_DENY = _code(None, None, "016")  # "discard or deny accusations or charges"
_APPEAL = _code(None, None, "020")  # "all requests, proposals, suggestions and appeals"
_ASK_TIES = _code(None, None, "022")  # "suggest expansion of diplomatic ties or cooperation"
_OFFER = _code("AGREE", None, "030")  # AGREE: "including promises to sign or ratify agreements"
_OFFER_TIES = _code("AGREE", None, "032")
_OFFER_AID = _code("AGREE", None, "033")  # 070: "promises to provide aid should be coded under category 033 instead"
_OFFER_EASING = _code("AGREE", None, "0354")  # the example is a legislature that agreed to lift embargoes
_OFFER_TALKS = _code("AGREE", None, "036")  # "future commitments to meet"; parties' own proposals too, says 026
_MEET = _code("CONSULT", None, "040")  # for where "distinctions among 041 through 046 cannot be made"
_TIES = _code("SUPPORT", None, "050")  # 11.2: "restoring diplomatic relations is coded as 050", not as 054
_PRAISE = _code("SUPPORT", None, "051")
_SIGN = _code("SUPPORT", None, "057")  # "only when agreements are reportedly finalized or signed"
_EASE = _code("RETREAT", None, "085")  # 084 to 087 are RETREAT by section 6.2 of PLOVER, which has no mode for easing
_DEMAND = _code("DEMAND", None, "100")
_SUMMON = _code("ACCUSE", "disapprove", "110")  # the example is an ambassador summoned
_CRITICISE = _code("ACCUSE", "disapprove", "111")
_ACCUSE = _code("ACCUSE", "allege", "112")
_PROTEST = _code("ACCUSE", "disapprove", "114")  # the example "lodged an official protest"
_REJECT = _code("REJECT", None, "120")
_REFUSE_TIES = _code("REJECT", "assist", "120")  # "any form of exchange, relations, or assistance"
_REFUSE_AID = _code("REJECT", "assist", "122")  # "refuse to extend material aid"
_REFUSE_EASING = _code(
    "REJECT", "yield", "1244"
)  # the example has it "out of the question"; `yield` "ending sanctions"
_REFUSE_TALKS = _code("REJECT", "meet", "125")
_THREAT = _code("THREATEN", None, "130")
_THREAT_SUSPEND = _code(
    "THREATEN", "relations", "131"
)  # 1311 to 1313 need what is suspended; "suspend relations, talks"
_THREAT_AID = _code("THREATEN", None, "1311")  # no mode speaks of aid
_THREAT_SANCTION = _code("THREATEN", None, "1312")
_THREAT_TRADE = _code("THREATEN", "restrict", "1312")  # `restrict` is for "movement of people or goods"
_THREAT_EXPEL = _code("THREATEN", "expel", "1313")  # `expel` names diplomats
_THREAT_TIES = _code("THREATEN", "relations", "1313")  # "withdraw diplomats, reduce or break diplomatic ties"
_THREAT_TALKS = _code("THREATEN", "relations", "134")  # "withdraw from discussion, negotiation, or meeting"
_SUSPEND = _code("SANCTION", "discontinue", "160")  # for where "distinctions among codes 161-166 cannot be made"
_EXPEL = _code("SANCTION", "expel", "161")  # 166 and 174 refer diplomats here
_WITHDRAW = _code("SANCTION", "withdraw", "161")  # "withdrawal ... of diplomats"; `withdraw` names them
_REDUCE = _code("SANCTION", "discontinue", "161")  # "curtail, decrease, break, or terminate diplomatic exchange"
_CANCEL = _code("REJECT", "meet", "161")  # CAMEO has "cancellation of meetings" here, PLOVER under REJECT
_STOP_AID = _code("SANCTION", "withdraw", "162")  # `withdraw` names aid
_SANCTION = _code("SANCTION", "discontinue", "163")  # "stop or restrict commercial or other material exchange"

_Row = tuple[EventCode | None, ...]

_STATUSES = (
    ActionStatus.PROPOSED,
    ActionStatus.THREATENED,
    ActionStatus.ANNOUNCED,
    ActionStatus.ORDERED,
    ActionStatus.CARRIED_OUT,
    ActionStatus.RULED_OUT,
    ActionStatus.SUSPENDED,
    ActionStatus.REVERSED,
)

# No column for denied and hypothetical: no event was told, and PLOVER may leave both out of the data (section 2.3).
# - Proposed: someone without the last word wants it. Of an unfriendly act that is no threat yet: a policy option, 014.
# - Announced: it will be done. The future tense "implies a threat" (CAMEO, examples of 1323 and 136), as it implies
#   intent to cooperate with what is friendly (030). To cancel a meeting is verbal in PLOVER: saying so does it.
# - Ruled out: 12 is for "refusals to cooperate or yield". An unfriendly act ruled out refuses nothing, and is no
#   concession unless it was asked for.
# - Suspended: put off or put on hold is neither done nor undone; an agreement in force that is suspended is reduced.
# - Reversed: ties restored (050). A meeting that is undone is a cancelled one.
# - Departure: what an expulsion or a recall leads to, and coded there; alone it may be routine, like an appointment.
# - Closure, downgrade and the like: `discontinue`, for the action does not tell whose decision it is, and so not
#   whether it is `expel` or `withdraw`. 172 is for "the rights of civilians", 171 for property taken by force.
# - Summons, demarche: coded as done. Only planned, they threaten nothing.
_ACTIONS: dict[Action, _Row] = {
    # key: proposed, threatened, announced, ordered, carried out, ruled out, suspended, reversed
    Action.EXPULSION: (_CONSIDER, _THREAT_EXPEL, _THREAT_EXPEL, _EXPEL, _EXPEL, None, None, _TIES),
    Action.DEPARTURE: (None, None, None, None, None, None, None, None),
    Action.RECALL: (_CONSIDER, _THREAT_TIES, _THREAT_TIES, _WITHDRAW, _WITHDRAW, None, None, _TIES),
    Action.CLOSURE: (_CONSIDER, _THREAT_TIES, _THREAT_TIES, _REDUCE, _REDUCE, None, None, _TIES),
    Action.FACILITY_RESTRICTION: (_CONSIDER, _THREAT_TIES, _THREAT_TIES, _REDUCE, _REDUCE, None, None, _TIES),
    Action.STAFF_CAP: (_CONSIDER, _THREAT_TIES, _THREAT_TIES, _REDUCE, _REDUCE, None, None, _TIES),
    Action.SUMMONS: (None, None, None, _SUMMON, _SUMMON, None, None, None),
    Action.DEMARCHE: (None, None, None, _PROTEST, _PROTEST, None, None, None),
    Action.DOWNGRADE: (_CONSIDER, _THREAT_TIES, _THREAT_TIES, _REDUCE, _REDUCE, None, None, _TIES),
    Action.SUSPENSION: (_CONSIDER, _THREAT_SUSPEND, _THREAT_SUSPEND, _SUSPEND, _SUSPEND, None, None, _TIES),
    Action.RUPTURE: (_CONSIDER, _THREAT_TIES, _THREAT_TIES, _REDUCE, _REDUCE, None, None, _TIES),
    Action.RESTORATION: (_ASK_TIES, None, _OFFER_TIES, _TIES, _TIES, _REFUSE_TIES, None, _REDUCE),
    Action.APPOINTMENT: (None, None, None, None, None, None, None, None),
    Action.MEETING_VISIT: (_OFFER_TALKS, None, _OFFER_TALKS, _OFFER_TALKS, _MEET, _REFUSE_TALKS, None, _CANCEL),
    Action.CANCELLATION: (_CONSIDER, _THREAT_TALKS, _CANCEL, _CANCEL, _CANCEL, None, None, _OFFER_TALKS),
    Action.AGREEMENT: (_APPEAL, None, _OFFER, _OFFER, _SIGN, _REJECT, _SUSPEND, _SUSPEND),
    Action.OTHER: (None, None, None, None, None, None, None, None),
}


class SanctionKind(StrEnum):
    """What of a sanction bears on its codes: which way it points, and what it does."""

    MOVEMENT = "imposing, on trade or travel"
    OTHER = "imposing, of other measures"
    AID = "imposing, of aid alone"
    EASING = "easing"
    AID_EASING = "easing, of aid alone"


# What PLOVER's THREATEN calls to "restrict movement of people or goods".
_MOVEMENT = frozenset(
    {
        Measure.ARMS_EMBARGO,
        Measure.ARMS_RESTRICTIONS,
        Measure.EXPORT_CONTROL,
        Measure.IMPORT_RESTRICTIONS,
        Measure.TRANSPORTATION_RESTRICTIONS,
        Measure.TRAVEL_BAN,
    }
)

# Proposed, announced and so on as with actions; 163 and 085 are for sanctions of every measure but aid.
# - Extended: 163. What lapses for want of renewal is eased (085, third example), so renewing imposes anew.
# - Easing that is announced is promised (0354; 033 for aid), and refused where it is ruled out (1244; 122).
# - Aid resumed has no code: 07 needs "the delivery of aids".
# - Easing cannot be threatened, imposed, expanded or extended; where a record says so, it contradicts itself.
_SANCTIONS: dict[SanctionStatus, _Row] = {
    # key: movement, other, aid, easing, aid easing
    SanctionStatus.PROPOSED: (_CONSIDER, _CONSIDER, _CONSIDER, _CONSIDER, _CONSIDER),
    SanctionStatus.THREATENED: (_THREAT_TRADE, _THREAT_SANCTION, _THREAT_AID, None, None),
    SanctionStatus.ANNOUNCED: (_THREAT_TRADE, _THREAT_SANCTION, _THREAT_AID, _OFFER_EASING, _OFFER_AID),
    SanctionStatus.IMPOSED: (_SANCTION, _SANCTION, _STOP_AID, None, None),
    SanctionStatus.EXPANDED: (_SANCTION, _SANCTION, _STOP_AID, None, None),
    SanctionStatus.EXTENDED: (_SANCTION, _SANCTION, _STOP_AID, None, None),
    SanctionStatus.EASED: (_EASE, _EASE, None, _EASE, None),
    SanctionStatus.LIFTED: (_EASE, _EASE, None, _EASE, None),
    SanctionStatus.DENIED: (None, None, None, None, None),
    SanctionStatus.RULED_OUT: (None, None, None, _REFUSE_EASING, _REFUSE_AID),
    SanctionStatus.HYPOTHETICAL: (None, None, None, None, None),
}

# - Reject: CAMEO has accusations rejected as baseless under 016; here they are `deny`.
# - Rule out: a refusal (12) only where something friendly is ruled out, which the act alone does not tell.
# - Propose: 020, addressed to whoever is to act; 014 is for the act that is proposed against another.
# - Regret: 055 and PLOVER's CONCEDE are the speaker's own apology; politicians mostly regret what others did.
_STATEMENTS: dict[SpeechAct, EventCode | None] = {
    SpeechAct.ANNOUNCE: _STATE,
    SpeechAct.ASSERT: _STATE,
    SpeechAct.ACCUSE: _ACCUSE,
    SpeechAct.DENY: _DENY,
    SpeechAct.REJECT: _REJECT,
    SpeechAct.RULE_OUT: None,
    SpeechAct.THREATEN: _THREAT,
    SpeechAct.DEMAND: _DEMAND,
    SpeechAct.PROPOSE: _APPEAL,
    SpeechAct.PROMISE: _OFFER,
    SpeechAct.PRAISE: _PRAISE,
    SpeechAct.CRITICISE: _CRITICISE,
    SpeechAct.REGRET: None,
    SpeechAct.DOUBT: _DOUBT,
    SpeechAct.DECLINE_COMMENT: _NO_COMMENT,
}


def action_code(action: Action, status: ActionStatus) -> EventCode | None:
    """The codes of a diplomatic act that has come this far, or None where the schemes have no place for it."""
    return dict(zip(_STATUSES, _ACTIONS[action], strict=True)).get(status)


def sanction_code(
    status: SanctionStatus, measures: Sequence[Measure], direction: SanctionDirection = SanctionDirection.IMPOSE
) -> EventCode | None:
    """The codes of a sanction that has come this far, or None where the schemes have no place for it."""
    return _SANCTIONS[status][list(SanctionKind).index(_kind(measures, direction))]


def _kind(measures: Sequence[Measure], direction: SanctionDirection) -> SanctionKind:
    aid_alone = set(measures) == {Measure.AID_SUSPENSION}
    if direction is SanctionDirection.EASE:
        return SanctionKind.AID_EASING if aid_alone else SanctionKind.EASING
    if aid_alone:
        return SanctionKind.AID
    return SanctionKind.OTHER if _MOVEMENT.isdisjoint(measures) else SanctionKind.MOVEMENT


def statement_code(act: SpeechAct) -> EventCode | None:
    """The codes of something said, or None where the act alone does not settle them."""
    return _STATEMENTS[act]


class Case(Frozen):
    """One case of the table: what a record says, and its codes."""

    type: RecordType
    case: str = Field(description="Action, kind of sanction, or speech act.")
    status: ActionStatus | SanctionStatus | None = Field(description="Null for statements, which have none.")
    code: EventCode | None = Field(description="Null where the schemes have no place for it.")


def cases() -> Iterator[Case]:
    """Every case that the table decides: actions by status, kinds of sanctions by status, speech acts."""
    for action in Action:
        for status in ActionStatus:
            yield Case(type="diplomatic_action", case=action, status=status, code=action_code(action, status))
    for column, kind in enumerate(SanctionKind):
        for sanction_status, row in _SANCTIONS.items():
            yield Case(type="sanction", case=kind, status=sanction_status, code=row[column])
    for act in SpeechAct:
        yield Case(type="statement", case=act, status=None, code=statement_code(act))


_DONE: frozenset[ActionStatus | SanctionStatus] = frozenset(
    {
        ActionStatus.ORDERED,
        ActionStatus.CARRIED_OUT,
        ActionStatus.SUSPENDED,
        ActionStatus.REVERSED,
        SanctionStatus.IMPOSED,
        SanctionStatus.EXPANDED,
        SanctionStatus.EXTENDED,
        SanctionStatus.EASED,
        SanctionStatus.LIFTED,
    }
)
_NEGATED: frozenset[ActionStatus | SanctionStatus] = frozenset(
    {ActionStatus.DENIED, ActionStatus.RULED_OUT, SanctionStatus.DENIED, SanctionStatus.RULED_OUT}
)


def realis(status: ActionStatus | SanctionStatus) -> Realis:
    """Actual only where the act, its suspension or its reversal is told as done; an announcement is not."""
    return Realis.ACTUAL if status in _DONE else Realis.OTHER


def polarity(status: ActionStatus | SanctionStatus) -> Polarity:
    """Negative where the article tells that it is not so or will not be so."""
    return Polarity.NEGATIVE if status in _NEGATED else Polarity.POSITIVE
