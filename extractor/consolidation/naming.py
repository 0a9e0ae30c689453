"""The words of a text that tell something, and those by which it names a kind of act."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

_WORD = re.compile(r"\w+")
_COMMON = frozenset(
    """a about after again all also an and any are as at be been being but by can could did do does for from had has
    have he her him his how if in into is it its many more most mr mrs ms no not of off on one or our out over own
    said same say says several she should so some such than that the their them then there these they this those to
    two under up was we were what when where which while who whom whose will with would you your""".split()
)
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


# Enough for the texts of many articles, which come again and again: as a name, as words to compare, as a key.
@lru_cache(maxsize=1 << 12)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text that tell something, folded: "Sergéy's" gives "sergey"."""
    plain = text.casefold().replace("’", "'").replace("'s ", " ")
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    return tuple(word for word in _WORD.findall(plain) if word not in _COMMON and len(word) > 1)


def names(text: str, kind: str) -> bool:
    """Whether a text has a word for a kind of act, such as "action:expulsion"."""
    whole, beginnings = _words(kind)
    return any(word in whole or word.startswith(beginnings) for word in tokens(text))


@cache
def _words(kind: str) -> tuple[frozenset[str], tuple[str, ...]]:
    listed = _WORDS.get(kind, "").split()
    whole = frozenset(word for word in listed if not word.endswith("-"))
    return whole, tuple(word.removesuffix("-") for word in listed if word not in whole)
