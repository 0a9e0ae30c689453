"""What code derives from a record's vocabulary: countries, realis, polarity and event codes."""

from extractor.codes.countries import country_code, may_begin_country
from extractor.codes.events import (
    Case,
    EventCode,
    action_code,
    cases,
    polarity,
    realis,
    sanction_code,
    statement_code,
)
from extractor.codes.schemes import (
    CAMEO_NAMES,
    CAMEO_VERSION,
    PLOVER_EVENTS,
    PLOVER_VERSION,
    QUAD_CLASSES,
    PloverEvent,
    plover_event,
)

__all__ = [
    "CAMEO_NAMES",
    "CAMEO_VERSION",
    "PLOVER_EVENTS",
    "PLOVER_VERSION",
    "QUAD_CLASSES",
    "Case",
    "EventCode",
    "PloverEvent",
    "action_code",
    "cases",
    "country_code",
    "may_begin_country",
    "plover_event",
    "polarity",
    "realis",
    "sanction_code",
    "statement_code",
]
