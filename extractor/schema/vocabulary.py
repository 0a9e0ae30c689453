"""The closed vocabularies: one small enum each, one sentence each.

A member's value is what stands in the output; it never changes within a schema version.
"""

from __future__ import annotations

from enum import StrEnum


class ActorKind(StrEnum):
    """What sort of participant an actor is."""

    STATE = "state"
    GOVERNMENT_BODY = "government_body"
    INTELLIGENCE_OR_MILITARY = "intelligence_or_military"
    LEGISLATURE = "legislature"
    COURT = "court"
    MISSION = "mission"
    INTERNATIONAL_ORGANISATION = "international_organisation"
    PARTY = "party"
    COMPANY = "company"
    MEDIA = "media"
    GROUP = "group"
    PERSON = "person"


class Action(StrEnum):
    """The kind of diplomatic act; expulsion is the receiving state's, recall the sending state's.

    Source: Vienna Convention on Diplomatic Relations (1961), articles 9 and 43.
    """

    EXPULSION = "expulsion"
    DEPARTURE = "departure"
    RECALL = "recall"
    CLOSURE = "closure"
    FACILITY_RESTRICTION = "facility_restriction"
    STAFF_CAP = "staff_cap"
    SUMMONS = "summons"
    DEMARCHE = "demarche"
    DOWNGRADE = "downgrade"
    SUSPENSION = "suspension"
    RUPTURE = "rupture"
    RESTORATION = "restoration"
    APPOINTMENT = "appointment"
    MEETING_VISIT = "meeting_visit"
    CANCELLATION = "cancellation"
    AGREEMENT = "agreement"
    OTHER = "other"


class ActionStatus(StrEnum):
    """How far a diplomatic act has come, as the article tells it."""

    PROPOSED = "proposed"
    THREATENED = "threatened"
    ANNOUNCED = "announced"
    ORDERED = "ordered"
    CARRIED_OUT = "carried_out"
    RULED_OUT = "ruled_out"
    DENIED = "denied"
    SUSPENDED = "suspended"
    REVERSED = "reversed"
    HYPOTHETICAL = "hypothetical"


class SanctionStatus(StrEnum):
    """How far a sanction has come, as the article tells it."""

    PROPOSED = "proposed"
    THREATENED = "threatened"
    ANNOUNCED = "announced"
    IMPOSED = "imposed"
    EXPANDED = "expanded"
    EXTENDED = "extended"
    EASED = "eased"
    LIFTED = "lifted"
    DENIED = "denied"
    RULED_OUT = "ruled_out"
    HYPOTHETICAL = "hypothetical"


class SanctionDirection(StrEnum):
    """Which way a sanction's status points: `announced` may be said of imposing and of lifting."""

    IMPOSE = "impose"
    EASE = "ease"


class LegalTerm(StrEnum):
    """The legal term for a diplomat who must go (Vienna Convention, article 9)."""

    PERSONA_NON_GRATA = "persona_non_grata"
    NOT_ACCEPTABLE = "not_acceptable"


class TargetKind(StrEnum):
    """What sort of thing a sanction is aimed at."""

    PERSON = "person"
    ORGANISATION = "organisation"
    COMPANY = "company"
    PUBLIC_BODY = "public_body"
    COUNTRY = "country"
    VESSEL = "vessel"


class Measure(StrEnum):
    """What a sanction does; the measures of OpenSanctions' programme data, and `unspecified`."""

    AID_SUSPENSION = "aid_suspension"
    ARMS_EMBARGO = "arms_embargo"
    ARMS_RESTRICTIONS = "arms_restrictions"
    ASSET_FREEZE = "asset_freeze"
    DEBARMENT = "debarment"
    EXPORT_CONTROL = "export_control"
    FINANCIAL_RESTRICTIONS = "financial_restrictions"
    IMPORT_RESTRICTIONS = "import_restrictions"
    INVESTMENT_BAN = "investment_ban"
    PROHIBITION_TO_SATISFY_CLAIMS = "prohibition_to_satisfy_claims"
    SECTORAL_SANCTIONS = "sectoral_sanctions"
    SERVICES_BAN = "services_ban"
    TRANSPORTATION_RESTRICTIONS = "transportation_restrictions"
    TRAVEL_BAN = "travel_ban"
    UNSPECIFIED = "unspecified"


class SpeechAct(StrEnum):
    """What a speaker does by saying something."""

    ANNOUNCE = "announce"
    ASSERT = "assert"
    ACCUSE = "accuse"
    DENY = "deny"
    REJECT = "reject"
    RULE_OUT = "rule_out"
    THREATEN = "threaten"
    DEMAND = "demand"
    PROPOSE = "propose"
    PROMISE = "promise"
    PRAISE = "praise"
    CRITICISE = "criticise"
    REGRET = "regret"
    DOUBT = "doubt"
    DECLINE_COMMENT = "decline_comment"


class Quotation(StrEnum):
    """How a statement is told: in quotation marks, in the reporter's words, or both."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Match(StrEnum):
    """How a quote was found in the text."""

    EXACT = "exact"
    NORMALISED = "normalised"
    FUZZY = "fuzzy"


class Realis(StrEnum):
    """Whether the article tells an act as done (`actual`) or as anything else (`other`).

    Source: the ACTUAL and OTHER of the Rich ERE event annotation guidelines.
    """

    ACTUAL = "actual"
    OTHER = "other"


class Polarity(StrEnum):
    """Whether the act is told as being so (`positive`) or as not being so (`negative`)."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class DateBasis(StrEnum):
    """How a date's value follows from its words."""

    EXPLICIT = "explicit"
    RELATIVE = "relative"
    INFERRED = "inferred"
