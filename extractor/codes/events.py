"""What code derives from a record's vocabulary: realis, polarity and event codes.

Two event schemes, each by its own manual and not by way of a conversion table:

- PLOVER 0.8 (draft manual, September 2021): 16 event types, some of them with modes. The conversion table that was
  published with it disagrees with its manual (161 to `withdraw`, 163 to COERCE, modes `host` and `ease` that the manual
  does not have), so it decides no row here.
- CAMEO 1.1b3 (manual, March 2012): the numbers name event forms of its verb codebook.

PLOVER dropped CAMEO's roots 01 and 02, comments and appeals. A row of these has a CAMEO code and no PLOVER event.
Where neither manual has a place for something the answer is None: a missing code is better than a wrong one.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

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

PLOVER_VERSION = "0.8"
CAMEO_VERSION = "1.1b3"


class EventCode(Frozen):
    """An event's place in PLOVER and in CAMEO."""

    plover_event: str | None = Field(description="PLOVER event type, or null for comments and appeals.")
    plover_mode: str | None = Field(description="PLOVER mode of that event type, or null.")
    cameo: str = Field(description="CAMEO code.")
    quad_class: int = Field(
        ge=1, le=4, description="1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict."
    )


def _quad_class(cameo: str) -> int:
    """The quad class of a CAMEO code's root: 01-05, 06-09, 10-14 and 15-20.

    Root 01 counts as verbal cooperation in this scheme, whatever is said: an accusation denied (016) as well.
    """
    root = int(cameo[:2])
    return 1 + sum(root >= first for first in (6, 10, 15))


def _code(plover_event: str | None, plover_mode: str | None, cameo: str) -> EventCode:
    return EventCode(plover_event=plover_event, plover_mode=plover_mode, cameo=cameo, quad_class=_quad_class(cameo))


# PLOVER event, PLOVER mode, CAMEO code; behind it the name in the CAMEO manual and, where doubtful, the reading.
_STATE = _code(None, None, "010")  # Make statement, not specified below
_NO_COMMENT = _code(None, None, "011")  # Decline comment
_DOUBT = _code(None, None, "012")  # Make pessimistic comment; the manual's example is a sceptic
_CONSIDER = _code(None, None, "014")  # Consider policy option; "no limitation on types of policies"
_DENY = _code(None, None, "016")  # Deny responsibility; "discard or deny accusations"
_APPEAL = _code(None, None, "020")  # Make an appeal or request; "all requests, proposals, suggestions"
_ASK_TIES = _code(None, None, "022")  # Appeal for diplomatic cooperation
_OFFER = _code("AGREE", None, "030")  # Express intent to cooperate; "offer, promise, agree to"
_OFFER_TIES = _code("AGREE", None, "032")  # Express intent to engage in diplomatic cooperation
_OFFER_TALKS = _code("AGREE", None, "036")  # Express intent to meet or negotiate; "will visit" is its example
_MEET = _code("CONSULT", None, "040")  # Consult, not specified below; the action does not tell a visit (042) from talks
_TIES = _code("SUPPORT", None, "050")  # Engage in diplomatic cooperation; "initiate, resume, improve"
_PRAISE = _code("SUPPORT", None, "051")  # Praise or endorse
_SIGN = _code("SUPPORT", None, "057")  # Sign formal agreement; "ratify, sign, finalize"
_EASE = _code("RETREAT", None, "085")  # Ease economic sanctions, boycott, embargo; the manual has no mode `ease`
_DEMAND = _code("DEMAND", None, "100")  # Demand, not specified below
_SUMMON = _code("ACCUSE", "disapprove", "110")  # Disapprove; the manual's example is an ambassador summoned
_CRITICISE = _code("ACCUSE", "disapprove", "111")  # Criticize or denounce
_ACCUSE = _code("ACCUSE", "allege", "112")  # Accuse, not specified below
_PROTEST = _code("ACCUSE", "disapprove", "114")  # Complain officially; "lodged an official protest"
_REJECT = _code("REJECT", None, "120")  # Reject, not specified below
_REFUSE_TIES = _code("REJECT", "assist", "120")  # the same; `assist` covers "exchange, relations, or assistance"
_REFUSE_TALKS = _code("REJECT", "meet", "125")  # Reject proposal to meet, discuss, or negotiate
_THREAT = _code("THREATEN", None, "130")  # Threaten, not specified below
_THREAT_AID = _code("THREATEN", "relations", "1311")  # Threaten to reduce or stop aid
_THREAT_SANCTION = _code("THREATEN", "restrict", "1312")  # Threaten with sanctions, boycott, embargo
_THREAT_EXPEL = _code("THREATEN", "expel", "1313")  # Threaten to reduce or break relations; `expel` names diplomats
_THREAT_TIES = _code("THREATEN", "relations", "1313")  # the same; "withdraw diplomats, reduce or break diplomatic ties"
_THREAT_TALKS = _code("THREATEN", "relations", "134")  # Threaten to halt negotiations; "or meeting"
_UNDO = _code("SANCTION", "discontinue", "160")  # Reduce relations, not specified below
_EXPEL = _code("SANCTION", "expel", "161")  # Reduce or break diplomatic relations; 166 and 174 refer diplomats here
_WITHDRAW = _code("SANCTION", "withdraw", "161")  # the same; "withdrawal ... of diplomats"
_REDUCE = _code("SANCTION", "discontinue", "161")  # the same; "curtail, decrease, break, or terminate"
_CANCEL = _code("REJECT", "meet", "161")  # the same; PLOVER has cancelled meetings under REJECT, a verbal conflict
_STOP_AID = _code("SANCTION", "withdraw", "162")  # Reduce or stop material aid; PLOVER's `withdraw` names aid
_SANCTION = _code("SANCTION", "discontinue", "163")  # Impose embargo, boycott, or sanctions

_Row = tuple[EventCode | None, ...]

_COLUMNS = (
    ActionStatus.PROPOSED,
    ActionStatus.THREATENED,
    ActionStatus.ANNOUNCED,
    ActionStatus.ORDERED,
    ActionStatus.CARRIED_OUT,
    ActionStatus.RULED_OUT,
    ActionStatus.SUSPENDED,
    ActionStatus.REVERSED,
)

# No column for denied and hypothetical: no event was told, and PLOVER leaves negated ones out of the data.
# - Announced: what is only announced is verbal, as in the CAMEO manual's note on 130 (conflictual behavior "forecasted
#   using future tense" is "treated as a threat"), though its example of 162 is an announcement.
# - Proposed: gives no threat yet, so 014. A meeting or an agreement proposed is offered (03).
# - Ruled out: 12 is for refusals "to cooperate or yield"; an unfriendly act ruled out is no refusal and has no code.
# - Suspended: an unfriendly act put on hold has no code; a meeting or an agreement put on hold is a reduction.
# - Reversed: ties restored (050) for what had reduced them; the manual gives 050 for restoring relations.
# - Departure: what an expulsion or a recall led to, and coded there; on its own it may be routine, like an appointment.
# - Closure, facility restriction, staff cap: they curtail diplomatic exchange (161); 172 is about civilians' rights.
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
    Action.SUSPENSION: (_CONSIDER, _THREAT_TIES, _THREAT_TIES, _REDUCE, _REDUCE, None, None, _TIES),
    Action.RUPTURE: (_CONSIDER, _THREAT_TIES, _THREAT_TIES, _REDUCE, _REDUCE, None, None, _TIES),
    Action.RESTORATION: (_ASK_TIES, None, _OFFER_TIES, _TIES, _TIES, _REFUSE_TIES, None, _REDUCE),
    Action.APPOINTMENT: (None, None, None, None, None, None, None, None),
    Action.MEETING_VISIT: (_OFFER_TALKS, None, _OFFER_TALKS, _OFFER_TALKS, _MEET, _REFUSE_TALKS, _CANCEL, None),
    Action.CANCELLATION: (_CONSIDER, _THREAT_TALKS, _THREAT_TALKS, _CANCEL, _CANCEL, None, None, _OFFER_TALKS),
    Action.AGREEMENT: (_OFFER, None, _OFFER, _OFFER, _SIGN, _REJECT, _UNDO, _UNDO),
    Action.OTHER: (None, None, None, None, None, None, None, None),
}

# Sanctions of every measure but aid stand under 163 by its name, travel bans with them. 163 for one that is extended is
# doubtful: nothing new is imposed, yet it is decided that it goes on. The rest as with actions.
_SANCTIONS: dict[SanctionStatus, EventCode | None] = {
    SanctionStatus.PROPOSED: _CONSIDER,
    SanctionStatus.THREATENED: _THREAT_SANCTION,
    SanctionStatus.ANNOUNCED: _THREAT_SANCTION,
    SanctionStatus.IMPOSED: _SANCTION,
    SanctionStatus.EXPANDED: _SANCTION,
    SanctionStatus.EXTENDED: _SANCTION,
    SanctionStatus.EASED: _EASE,
    SanctionStatus.LIFTED: _EASE,
    SanctionStatus.DENIED: None,
    SanctionStatus.RULED_OUT: None,
    SanctionStatus.HYPOTHETICAL: None,
}

# Aid resumed has no code: 07 is for aid that the report tells as delivered.
_AID_SUSPENSIONS: dict[SanctionStatus, EventCode | None] = {
    SanctionStatus.PROPOSED: _CONSIDER,
    SanctionStatus.THREATENED: _THREAT_AID,
    SanctionStatus.ANNOUNCED: _THREAT_AID,
    SanctionStatus.IMPOSED: _STOP_AID,
    SanctionStatus.EXPANDED: _STOP_AID,
    SanctionStatus.EXTENDED: _STOP_AID,
    SanctionStatus.EASED: None,
    SanctionStatus.LIFTED: None,
    SanctionStatus.DENIED: None,
    SanctionStatus.RULED_OUT: None,
    SanctionStatus.HYPOTHETICAL: None,
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
    return dict(zip(_COLUMNS, _ACTIONS[action], strict=True)).get(status)


def sanction_code(
    status: SanctionStatus, measures: Sequence[Measure], direction: SanctionDirection = SanctionDirection.IMPOSE
) -> EventCode | None:
    """The codes of a sanction that has come this far; one that does no more than stop aid has its own.

    Easing that is not done has none: what is announced or proposed of it is no threat.
    """
    if direction is SanctionDirection.EASE and status not in (SanctionStatus.EASED, SanctionStatus.LIFTED):
        return None
    table = _AID_SUSPENSIONS if set(measures) == {Measure.AID_SUSPENSION} else _SANCTIONS
    return table[status]


def statement_code(act: SpeechAct) -> EventCode | None:
    """The codes of something said, or None where the act alone does not settle them."""
    return _STATEMENTS[act]


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
