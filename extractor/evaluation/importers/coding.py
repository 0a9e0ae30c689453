"""The names of PLOVER's versions and of sets made with it, as PLOVER 0.8 has them."""

from __future__ import annotations

from extractor.codes import PLOVER_EVENTS
from extractor.evaluation.gold import YIELD

# PLOVER 0.5 to 0.7, POLECAT and ZSP. DISAPPROVE and INVESTIGATE became modes of ACCUSE (manual 0.7, section ACCUSE).
_FORMER: dict[str, tuple[str, str | None]] = {
    "DISAPPROVE": ("ACCUSE", "disapprove"),
    "INVESTIGATE": ("ACCUSE", "investigate"),
    "FIGHT": ("ASSAULT", None),
    "REQUEST": ("DEMAND", None),
    "COOPERATION": ("COOPERATE", None),
    YIELD: (YIELD, None),
}


def event_of(name: str, mode: str | None = None) -> tuple[str, str | None] | None:
    """A PLOVER event type and mode under the names of 0.8; None where 0.8 has no such event (CRIME, FIX).

    A mode that 0.8 does not have for the event is dropped.
    """
    name = name.strip().upper()
    if name in _FORMER:
        return _FORMER[name]
    if name not in PLOVER_EVENTS:
        return None
    return name, mode if mode in PLOVER_EVENTS[name].modes else None
