"""The two event schemes that records are coded in: what their manuals define, with the manuals' own words.

- PLOVER 0.8 (Open Event Data Alliance, PLOVER manual, draft 0.8, September 2021): event types with a quad category and,
  for some, modes (chapter 3); scores (section 2.4); the events of CAMEO's roots (section 6.2).
- CAMEO 1.1b3 (Schrodt, CAMEO Event and Actor Codebook, March 2012): codes with names and usage notes (chapter 2).
"""

from __future__ import annotations

from typing import NamedTuple

PLOVER_VERSION = "0.8"
CAMEO_VERSION = "1.1b3"

QUAD_CLASSES = {1: "verbal cooperation", 2: "material cooperation", 3: "verbal conflict", 4: "material conflict"}


class PloverEvent(NamedTuple):
    """What the PLOVER manual says of an event type."""

    quad_class: int
    score: float
    modes: tuple[str, ...] = ()


# Quad categories by chapter 3 and the summary of section 6.3. The table "Quad categories in PLOVER", last in that
# section, has SANCTION under verbal conflict; it stands alone with that, so chapter 3 holds.
PLOVER_EVENTS = {
    "AGREE": PloverEvent(1, 4.2),
    "CONSULT": PloverEvent(1, 2.1, ("visit", "third-party", "multilateral", "phone")),
    "SUPPORT": PloverEvent(1, 4.6),
    "CONCEDE": PloverEvent(1, 5.0),
    "COOPERATE": PloverEvent(2, 6.8),
    "AID": PloverEvent(2, 7.4),
    "RETREAT": PloverEvent(2, 7.6, ("withdraw", "release", "return", "disarm", "ceasefire", "access", "resign")),
    "DEMAND": PloverEvent(3, -5.0, ("assist", "change", "yield", "meet")),
    "ACCUSE": PloverEvent(3, -2.0, ("disapprove", "investigate", "allege")),
    "REJECT": PloverEvent(3, -4.2, ("assist", "change", "yield", "meet")),
    "THREATEN": PloverEvent(3, -5.1, ("restrict", "ban", "arrest", "relations", "expel", "territory", "violence")),
    "PROTEST": PloverEvent(4, -6.6, ("demo", "riot", "general", "strike", "hunger", "boycott", "obstruct")),
    "SANCTION": PloverEvent(4, -5.2, ("convict", "expel", "withdraw", "discontinue")),
    "MOBILIZE": PloverEvent(4, -5.3, ("troops", "weapons", "police", "militia")),
    "COERCE": PloverEvent(
        4,
        -7.2,
        ("confiscate", "restrict", "ban", "censor", "curfew", "martial-law", "arrest", "deport", "withhold"),
    ),
    "ASSAULT": PloverEvent(
        4,
        -9.3,
        (
            *("abduct", "beat", "torture", "execute", "sexual", "assassinate", "destroy", "primitive", "firearms"),
            *("explosives", "suicide-attack", "heavy-weapons", "cleansing", "massacre", "unconventional", "sideAB"),
        ),
    ),
}

# The codes in use, with their names.
CAMEO_NAMES = {
    "010": "Make statement, not specified below",
    "011": "Decline comment",
    "012": "Make pessimistic comment",
    "014": "Consider policy option",
    "016": "Deny responsibility",
    "020": "Make an appeal or request, not specified below",
    "022": "Appeal for diplomatic cooperation (such as policy support)",
    "030": "Express intent to cooperate, not specified below",
    "032": "Express intent to engage in diplomatic cooperation (such as policy support)",
    "033": "Express intent to provide material aid, not specified below",
    "0354": "Express intent to ease economic sanctions, boycott, or embargo",
    "036": "Express intent to meet or negotiate",
    "040": "Consult, not specified below",
    "050": "Engage in diplomatic cooperation, not specified below",
    "051": "Praise or endorse",
    "057": "Sign formal agreement",
    "085": "Ease economic sanctions, boycott, or embargo",
    "100": "Demand, not specified below",
    "110": "Disapprove, not specified below",
    "111": "Criticize or denounce",
    "112": "Accuse, not specified below",
    "114": "Complain officially",
    "120": "Reject, not specified below",
    "122": "Reject request or demand for material aid, not specified below",
    "1244": "Refuse to ease economic sanctions, boycott, or embargo",
    "125": "Reject proposal to meet, discuss, or negotiate",
    "130": "Threaten, not specified below",
    "131": "Threaten non-force, not specified below",
    "1311": "Threaten to reduce or stop aid",
    "1312": "Threaten to boycott, embargo, or sanction",
    "1313": "Threaten to reduce or break relations",
    "134": "Threaten to halt negotiations",
    "160": "Reduce relations, not specified below",
    "161": "Reduce or break diplomatic relations",
    "162": "Reduce or stop material aid, not specified below",
    "163": "Impose embargo, boycott, or sanctions",
}

# PLOVER manual, section 6.2: its event for each cue category of CAMEO. 01 and 02, comments and appeals, are dropped;
# 08 is divided, 081 to 083 being verbal. The note to root 20 names FIGHT, which chapter 3 has merged into ASSAULT.
_ROOTS = {
    "03": "AGREE", "04": "CONSULT", "05": "SUPPORT", "06": "COOPERATE", "07": "AID", "09": "ACCUSE", "10": "DEMAND",
    "11": "ACCUSE", "12": "REJECT", "13": "THREATEN", "14": "PROTEST", "15": "MOBILIZE", "16": "SANCTION",
    "17": "COERCE", "18": "ASSAULT", "19": "ASSAULT", "20": "ASSAULT",
}  # fmt: skip


def plover_event(cameo: str) -> str | None:
    """The PLOVER event of a CAMEO code's root, or None where PLOVER has dropped it (PLOVER manual, section 6.2)."""
    root, third = cameo[:2], cameo[2:3]
    if root == "08":
        return None if third in ("", "0") else "CONCEDE" if third in "123" else "RETREAT"
    return _ROOTS.get(root)
