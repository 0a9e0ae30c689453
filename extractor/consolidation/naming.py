"""The words by which texts name a kind of act."""

from __future__ import annotations

from functools import cache

from extractor.consolidation.mentions import tokens

# Of each kind of record; a hyphen stands for any ending.
_WORDS = {
    "action:expulsion": "expul- expel- persona",
    "action:departure": "depart- leave leaving left",
    "action:recall": "recal-",
    "action:closure": "close closed closing closure closures shut shutting",
    "action:facility_restriction": "bar barred barring ban banned banning restrict-",
    "action:staff_cap": "cap capped cuts reduc-",
    "action:summons": "summon-",
    "action:demarche": "protest- demarche",
    "action:downgrade": "downgrad-",
    "action:suspension": "suspen-",
    "action:rupture": "sever severed severing break breaking broke cut ruptur-",
    "action:restoration": "restor- resum-",
    "action:appointment": "appoint- named",
    "action:meeting_visit": "meet meeting meetings met visit- summit talks",
    "action:cancellation": "cancel-",
    "action:agreement": "agree- deal treaty accord",
    "sanction:impose": "sanction- embargo- blacklist-",
    "sanction:ease": "lift- ease eased easing revers- delist-",
}


def names(text: str, kind: str) -> bool:
    """Whether a text has a word for a kind of act, such as "action:expulsion"."""
    whole, beginnings = _words(kind)
    return any(word in whole or word.startswith(beginnings) for word in tokens(text))


@cache
def _words(kind: str) -> tuple[frozenset[str], tuple[str, ...]]:
    listed = _WORDS.get(kind, "").split()
    whole = frozenset(word for word in listed if not word.endswith("-"))
    return whole, tuple(word.removesuffix("-") for word in listed if word not in whole)
