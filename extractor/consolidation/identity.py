"""Who is who: by what a mention of an actor is known, and when two mentions can be the same.

A mention is read with its own article alone: a bare surname is the one person of that name there, an office the one
person there who holds it. So what other articles say never changes what a mention goes by, and a country alone never
makes two actors one. States go by any name that the table of countries has for them, seats of government included.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from anyascii import anyascii

from extractor.codes import country_code
from extractor.codes.countries import INSTITUTIONS
from extractor.consolidation.compact import Compact
from extractor.schema.claims import Actor, SanctionTarget
from extractor.schema.records import AnyRecord, DiplomaticAction, Sanction, Statement

Kind = Literal["person", "office", "state", "body"]
# What an identity can be found by; two that are the same share one.
Key = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+(?:['’`-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?\b(?!\w)")
_SMALL = frozenset("a an and at de for from in of on the to with mr mrs ms dr sir lord gen col sen".split())
_OFFICES = frozenset(
    """acting adviser advisor affairs ambassador attache chairman chairwoman chancellor chief commissioner consul
    counterpart defence defense department deputy diplomat director economy elect emir envoy ex finance foreign former
    general governor head incoming interior justice king leader lawmaker minister ministry national newly elected
    official outgoing parliament party permanent premier president press prime prince queen representative secretary
    security senator senior speaker spokesman spokesperson spokeswoman state then top trade treasury vice""".split()
)
# Offices that one person holds at a time, and words that make another office one of several.
_ONE = frozenset("president chancellor king queen emir".split())
_OF_SEVERAL = frozenset(
    "adviser ambassador chairman chief commissioner counterpart deputy diplomat envoy ex former lawmaker member "
    "official representative senator senior then".split()
)
# Offices that news names in two ways, where one is as good as the other.
_SAME_OFFICE = {
    "minister foreign affairs": "foreign minister", "foreign affairs minister": "foreign minister",
    "foreign secretary": "foreign minister", "top diplomat": "foreign minister", "chief diplomat": "foreign minister",
    "premier": "prime minister", "defense minister": "defence minister", "spokeswoman": "spokesman",
    "spokesperson": "spokesman",
}  # fmt: skip
_SAME_BODY = {
    ("affairs", "foreign", "ministry"): ("foreign", "ministry"),
    ("defense", "ministry"): ("defence", "ministry"),
}
# Words that say of a state's organs no more than that they are organs.
_GOVERNMENT = frozenset("authorities government leadership regime state".split())
_ANY_ORGAN = frozenset("agencies agency apparatus community official officials service services".split())
_STATES = frozenset({"state", "country"})
# What is called by its state's name alone is the state; "Russians" are people.
_ORGANS = frozenset({"state", "country", "government_body", "public_body"})
_PHRASE = 3
# Letters that one name has in several romanisations, applied in this order.
_ROMANISED = (
    ("kh", "h"), ("gh", "g"), ("ph", "f"), ("ck", "k"), ("q", "k"), ("x", "ks"), ("w", "v"), ("ye", "e"), ("yo", "o"),
    ("yu", "u"), ("ya", "a"), ("j", "i"), ("y", "i"), ("ou", "u"), ("oo", "u"), ("ee", "i"),
)  # fmt: skip
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class Identity(Compact):
    """What a mention of an actor goes by.

    `kind` is "office" for a person told by office alone. `name` is given names and surname of a person, sorted words
    of a body.
    `offices` are those that a person is named with, or the one that stands for a name.
    """

    kind: Kind
    country: str | None
    name: tuple[str, ...] = ()
    offices: frozenset[str] = frozenset()

    def marks(self) -> Iterator[Key]:
        """By what other mentions of the same actor are found; what shares one is not yet the same."""
        match self.kind:
            case "state":
                yield "state", self.country or ""
            case "body":
                yield ("body", *self.name)
            case "person":
                yield "person", surname(self)
                for name in self.name[:-1]:
                    yield "person", _romanised(name)
        for office in self.offices:
            if self.country:
                yield "office", office, self.country


@lru_cache(maxsize=1 << 13)
def label_of(identity: Identity) -> Key:
    """What names an actor in all romanisations of its name; of a bare surname, with no given name."""
    if identity.kind == "person":
        given = consonants(identity.name[0]) if len(identity.name) > 1 else ""
        return "person", identity.country or "", surname(identity), given
    offices = sorted(identity.offices) if identity.kind == "office" else []
    return identity.kind, identity.country or "", *identity.name, *offices


# They come block by block: few are asked again later on.
@lru_cache(maxsize=1 << 13)
def same(one: Identity, other: Identity) -> bool:
    """Whether two mentions of one affair can be the same actor. It is symmetric, and says nothing of a third."""
    if one.country and other.country and one.country != other.country:
        return False
    kinds = {one.kind, other.kind}
    if kinds <= {"person", "office"} and "office" in kinds:
        return bool(one.country and other.country) and bool(one.offices & other.offices)
    if one.kind != other.kind:
        return False
    if one.kind == "person":
        return _same_person(one, other)
    return one.country == other.country and one.name == other.name


def _same_person(one: Identity, other: Identity) -> bool:
    shorter, longer = sorted((one.name, other.name), key=lambda name: (len(name), name))
    if len(shorter) == 1:
        # A bare "Lavrov", or "Xi" of "Xi Jinping"; without a country it could be anybody.
        known = one.country is not None and one.country == other.country
        return known and _romanised(shorter[0]) in {_romanised(longer[0]), _romanised(longer[-1])}
    if _romanised(shorter[-1]) != _romanised(longer[-1]):
        return False
    return _same_given(shorter[0], longer[0])


def _same_given(one: str, other: str) -> bool:
    if min(len(one), len(other)) == 1:
        return one[0] == other[0]
    return consonants(one) == consonants(other)


def surname(identity: Identity) -> str:
    """The last word of a person's name, free of romanisation."""
    return _romanised(identity.name[-1])


@lru_cache(maxsize=1 << 14)
def _romanised(word: str) -> str:
    """A word as all its usual romanisations are written: Zelensky, Zelenskiy and Zelenskyy are one."""
    for letters, written in _ROMANISED:
        word = word.replace(letters, written)
    return re.sub(r"(.)\1+", r"\1", word)


@lru_cache(maxsize=1 << 13)
def consonants(word: str) -> str:
    """A given name by its first letter and its consonants: Sergey and Sergei, Alexander and Aleksandr are one."""
    word = _romanised(word)
    return word[:1] + "".join(char for char in word[1:] if char not in _VOWELS)


class Cast:
    """The actors of one article, by which bare surnames and offices are known."""

    def __init__(self, records: Iterable[AnyRecord]) -> None:
        read = {identity for record in records for _, actor in named_in(record) if (identity := identity_of(actor))}
        self._people = sorted((who for who in read if len(who.name) > 1 and who.kind == "person"), key=_order)
        self._holders: dict[tuple[str, str | None], list[Identity]] = defaultdict(list)
        for who in self._people:
            for office in who.offices:
                self._holders[office, who.country].append(who)

    def who(self, actor: Actor | SanctionTarget | str | None) -> Identity | None:
        """What an actor of this article goes by; None for nobody, or nobody in particular."""
        identity = identity_of(actor) if actor is not None else None
        if identity is None:
            return None
        if identity.kind == "office":
            return self._holder(identity) or identity
        if identity.kind == "person" and (len(identity.name) == 1 or identity.country is None):
            return self._named(identity) or identity
        return identity

    def _named(self, bare: Identity) -> Identity | None:
        meant = [who for who in self._people if same(replace(bare, country=bare.country or who.country), who)]
        # Two spellings of one name in one article are one person.
        if meant and all(same(meant[0], who) for who in meant[1:]):
            return replace(meant[0], offices=frozenset().union(bare.offices, *(who.offices for who in meant)))
        return None

    def _holder(self, office: Identity) -> Identity | None:
        holders = [who for name in sorted(office.offices) for who in self._holders[name, office.country]]
        return holders[0] if holders and all(same(holders[0], who) for who in holders[1:]) else None


def _order(identity: Identity) -> tuple[int, tuple[str, ...], str, list[str]]:
    return -len(identity.name), identity.name, identity.country or "", sorted(identity.offices)


def named_in(record: AnyRecord) -> list[tuple[str, Actor | SanctionTarget]]:
    """The actors that a record names, each with a JSON Pointer (RFC 6901) to it."""
    named: list[tuple[str, Actor | SanctionTarget | None]] = []
    match record:
        case DiplomaticAction():
            named = [*_listed("actors", record.actors), *_listed("targets", record.targets)]
            named.append(("/status_by", record.status_by))
        case Sanction():
            named = [*_listed("senders", record.senders), *_listed("targets", record.targets)]
        case Statement():
            named = [("/speaker", record.speaker), ("/target", record.target)]
    return [(pointer, actor) for pointer, actor in named if actor is not None]


def _listed(name: str, actors: Sequence[Actor | SanctionTarget]) -> Iterator[tuple[str, Actor | SanctionTarget]]:
    return ((f"/{name}/{index}", actor) for index, actor in enumerate(actors))


def identity_of(actor: Actor | SanctionTarget | str) -> Identity | None:
    """What an actor goes by in itself; of a bare text, what its words tell. None where nothing is left of the name."""
    if isinstance(actor, str):
        return _read_text(actor)
    role = actor.role if isinstance(actor, Actor) else None
    return _read(actor.name, actor.kind, actor.country, role)


@lru_cache(maxsize=1 << 14)
def _read(name: str, kind: str, country: str | None, role: str | None) -> Identity | None:
    words, states = _without_states(name)
    country = country_code(country) or (states[0] if len(states) == 1 else None)
    if kind == "person" and not {"officials", "diplomats"} & set(words):
        return _person(words, country, role, name)
    return _body(words, kind, country, [code for code in states if code != country])


@lru_cache(maxsize=1 << 13)
def _read_text(text: str) -> Identity | None:
    return _read(text, _kind_of_text(text), None, None)


def _person(words: list[str], country: str | None, role: str | None, name: str) -> Identity | None:
    offices = [_office(role)] if role else []
    front = 0
    while front < len(words) and words[front] in _OFFICES:
        front += 1
    own = tuple(words[front:])
    if front:
        offices.append(_office(name if not own else " ".join(words[:front])))
    known = frozenset(office for office in offices if office)
    if own:
        return Identity("person", country, own, known)
    # One of several without a name, such as "an official", is nobody else's.
    return Identity("office", country, (), known) if known else Identity("body", country, tuple(sorted(words)))


@lru_cache(maxsize=1 << 14)
def _office(text: str) -> str:
    """An office that one person holds, free of its state: "foreign minister", "Kremlin spokesman"; else nothing."""
    words, _ = _without_states(text, keep=INSTITUTIONS)
    told = [word for word in words if word in _OFFICES or word in _INSTITUTION_WORDS]
    plain = " ".join(told)
    for said, meant in _SAME_OFFICE.items():
        plain = re.sub(rf"\b{said}\b", meant, plain)
    return plain if (len(told) > 1 or plain in _ONE) and not _OF_SEVERAL & set(told) else ""


_INSTITUTION_WORDS = frozenset(word for name in INSTITUTIONS for word in name.split())


def _body(words: list[str], kind: str, country: str | None, others: list[str]) -> Identity | None:
    if country and (kind in _STATES or (kind in _ORGANS and set(words) <= _GOVERNMENT)):
        return Identity("state", country)
    if "embassy" in words:
        # One of each state in each: by whatever city, capital or name of the country it is called.
        return Identity("body", country, ("embassy", *sorted(set(others))))
    told = sorted({word for word in words if word not in _ANY_ORGAN} or set(words))
    named = _SAME_BODY.get(tuple(told), tuple(told))
    return Identity("body", country, (*named, *sorted(set(others)))) if named else None


def state_names(text: str) -> list[str]:
    """The words of a text that are a state's name, demonym or seat."""
    kept, _ = _without_states(text)
    return [word for word in _WORD.findall(text) if _folded(word) not in kept]


def _without_states(name: str, keep: frozenset[str] = frozenset()) -> tuple[list[str], list[str]]:
    """The words of a name, folded, without those for states; and the codes of these."""
    found = _WORD.findall(_POSSESSIVE.sub(" ", name).replace(".", ""))
    words, states, index = list[str](), list[str](), 0
    while index < len(found):
        for length in range(min(_PHRASE, len(found) - index), 0, -1):
            phrase = " ".join(found[index : index + length])
            code = country_code(phrase)
            if code and phrase.casefold() not in keep:
                states.append(code)
                index += length
                break
        else:
            word = _folded(found[index])
            if word not in _SMALL:
                words.append(word)
            index += 1
    return words, states


def _folded(word: str) -> str:
    """A word in lower-case Latin letters: Szydło is szydlo, Лавров lavrov."""
    return re.sub(r"[^\w]", "", anyascii(word).casefold())


def _kind_of_text(text: str) -> str:
    """Whether an authority that is told in words alone is a person or a body."""
    words, _ = _without_states(text)
    bodies = {"administration", "ministry", "department", "council", "office", "commission", "parliament", "treasury"}
    if bodies & set(words) or not words:
        return "government_body"
    return "person"
