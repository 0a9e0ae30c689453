"""What code derives from a record's vocabulary: countries, realis, polarity and event codes."""

from extractor.codes.countries import country_code
from extractor.codes.events import (
    CAMEO_VERSION,
    PLOVER_VERSION,
    EventCode,
    action_code,
    polarity,
    realis,
    sanction_code,
    statement_code,
)

__all__ = [
    "CAMEO_VERSION",
    "PLOVER_VERSION",
    "EventCode",
    "action_code",
    "country_code",
    "polarity",
    "realis",
    "sanction_code",
    "statement_code",
]
