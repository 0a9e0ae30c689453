"""The record types: what the model fills (claims), what is stored (records), and the output document."""

from extractor.schema.actors import ActorMention, KnownActor
from extractor.schema.claims import (
    ActionClaim,
    Actor,
    Claim,
    CountPart,
    Extraction,
    SanctionClaim,
    SanctionTarget,
    StatementClaim,
)
from extractor.schema.output import (
    SCHEMA_VERSION,
    ArticleReport,
    Calls,
    ExtractionResult,
    Failure,
    ModelUsed,
    ResolvedTie,
    Usage,
)
from extractor.schema.records import (
    AnyRecord,
    Derived,
    DiplomaticAction,
    FieldSpan,
    Record,
    RecordType,
    Rejection,
    Sanction,
    Statement,
)
from extractor.schema.spans import DateAnchor, Evidence, Frozen, ResolvedDate

__all__ = [
    "SCHEMA_VERSION",
    "ActionClaim",
    "Actor",
    "ActorMention",
    "AnyRecord",
    "ArticleReport",
    "Calls",
    "Claim",
    "CountPart",
    "DateAnchor",
    "Derived",
    "DiplomaticAction",
    "Evidence",
    "Extraction",
    "ExtractionResult",
    "Failure",
    "FieldSpan",
    "Frozen",
    "KnownActor",
    "ModelUsed",
    "Record",
    "RecordType",
    "Rejection",
    "ResolvedDate",
    "ResolvedTie",
    "Sanction",
    "SanctionClaim",
    "SanctionTarget",
    "Statement",
    "StatementClaim",
    "Usage",
]
