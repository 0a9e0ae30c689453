"""Values of a run held against values of gold: slot by slot, a list's elements each a slot of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

from extractor.codes import country_code, polarity, realis
from extractor.consolidation.mentions import period_of, tokens
from extractor.evaluation.fields import Field, Kind
from extractor.evaluation.gold import alternatives, element, first
from extractor.evaluation.matching import assign
from extractor.schema.vocabulary import ActionStatus, SanctionStatus

# Share of all words of two wordings that both have, from which they are alike.
_ALIKE = 0.5


class Verdict(StrEnum):
    """What a run's value is worth beside gold's."""

    EQUAL = "equal"
    ALIKE = "alike"
    WRONG = "wrong"
    MISSING = "missing"
    SPURIOUS = "spurious"
    RIGHTLY_NONE = "rightly none"


# What each verdict costs where gold leaves a choice: the reading that is kindest to the run is taken.
_COST = {
    Verdict.EQUAL: 0,
    Verdict.RIGHTLY_NONE: 0,
    Verdict.ALIKE: 1,
    Verdict.MISSING: 3,
    Verdict.SPURIOUS: 3,
    Verdict.WRONG: 4,
}
DEFINITIONS = {
    Verdict.EQUAL: "terms, numbers and dates are the same; words are the same or one wording holds the other, "
    "typography and function words aside; of participants the names are, or both name the same state",
    Verdict.ALIKE: "statuses of one realis and polarity; dates that share a day; wordings that share "
    "half of their words; participants of one country, or without one with a word in common",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One value of gold beside one of the run; `field` names attributes as in `actors.country`.

    `closed` where gold says that the article gives none: a value there is invented.
    """

    field: str
    verdict: Verdict
    gold: JsonValue
    found: JsonValue
    closed: bool = False


def compare(field: Field, gold: JsonValue, found: JsonValue) -> list[Slot]:
    """A field's slots; `gold` may hold alternatives, `found` is the run's value as JSON."""
    readings = [_reading(field, option, found) for option in alternatives(gold)]
    return min(readings, key=lambda slots: sum(_COST[slot.verdict] for slot in slots))


def _reading(field: Field, gold: JsonValue, found: JsonValue) -> list[Slot]:
    if field.listed:
        return _listed(field, gold if isinstance(gold, list) else [], found if isinstance(found, list) else [])
    if gold is None and field.kind is not Kind.DATE:
        return [Slot(field.name, Verdict.RIGHTLY_NONE if found is None else Verdict.SPURIOUS, None, found, closed=True)]
    return _single(field, gold, found)


def _single(field: Field, gold: JsonValue, found: JsonValue) -> list[Slot]:
    if field.kind is Kind.DATE:
        return _date(field, gold, found)
    if found is None:
        return [Slot(field.name, Verdict.MISSING, gold, None)]
    if field.kind in (Kind.PARTY, Kind.PART) and isinstance(gold, dict) and isinstance(found, dict):
        return list(_composed(field, gold, found))
    return [Slot(field.name, _words_or_term(field, gold, found), gold, found)]


def _words_or_term(field: Field, gold: JsonValue, found: JsonValue) -> Verdict:
    if field.kind is Kind.WORDS:
        return _wording(str(gold), str(found))
    if gold == found:
        return Verdict.EQUAL
    if field.name == "status" and _stance(gold) == _stance(found):
        return Verdict.ALIKE
    return Verdict.WRONG


def _stance(status: JsonValue) -> tuple[str, str]:
    """Whether a status tells an act as done, and whether as not being so."""
    known = next(kind(status) for kind in (ActionStatus, SanctionStatus) if status in list(kind))
    return realis(known).value, polarity(known).value


def _wording(gold: str, found: str) -> Verdict:
    one, other = tokens(gold) or [gold], tokens(found) or [found]
    if _holds(one, other) or _holds(other, one):
        return Verdict.EQUAL
    shared = len(set(one) & set(other)) / len(set(one) | set(other))
    return Verdict.ALIKE if shared >= _ALIKE else Verdict.WRONG


def _holds(long: Sequence[str], short: Sequence[str]) -> bool:
    return any(list(long[at : at + len(short)]) == list(short) for at in range(len(long) - len(short) + 1))


def _composed(field: Field, gold: dict[str, JsonValue], found: dict[str, JsonValue]) -> Iterator[Slot]:
    """A participant or a part of a count: what it is, and then the attributes that gold gives beside."""
    leading = next(iter(field.attributes))
    if leading in gold:
        verdict = _best(gold[leading], lambda option: _named(field, option, gold, found))
        yield Slot(field.name, verdict, first(gold[leading]), found.get(leading))
    for name, attribute in field.attributes.items():
        if name != leading and name in gold:
            for slot in compare(attribute, gold[name], found.get(name)):
                verdict = _same_country(slot) if name == "country" else slot.verdict
                yield Slot(f"{field.name}.{name}", verdict, slot.gold, slot.found, slot.closed)


def _best(gold: JsonValue, judge: Callable[[JsonValue], Verdict]) -> Verdict:
    return min((judge(option) for option in alternatives(gold)), key=_COST.__getitem__)


def _named(field: Field, name: JsonValue, gold: dict[str, JsonValue], found: dict[str, JsonValue]) -> Verdict:
    if field.kind is Kind.PART:
        return Verdict.EQUAL if name == found.get("count") else Verdict.WRONG
    other = str(found.get("name"))
    code = country_code(str(name))
    verdict = Verdict.EQUAL if code and code == country_code(other) else _wording(str(name), other)
    if verdict is not Verdict.WRONG:
        return verdict
    country = country_code(str(first(gold.get("country")))) if gold.get("country") else None
    if country is not None:
        return Verdict.ALIKE if country == country_code(str(found.get("country"))) else Verdict.WRONG
    return Verdict.WRONG if set(tokens(str(name))).isdisjoint(tokens(other)) else Verdict.ALIKE


def _same_country(slot: Slot) -> Verdict:
    if isinstance(slot.gold, str) and isinstance(slot.found, str):
        return Verdict.EQUAL if country_code(slot.gold) == country_code(slot.found) else Verdict.WRONG
    return slot.verdict


def _date(field: Field, gold: JsonValue, found: JsonValue) -> list[Slot]:
    wanted = gold if isinstance(gold, dict) else {"value": None}
    given = found if isinstance(found, dict) else {}
    slots = []
    if "value" in wanted:
        value = given.get("value")
        slots.append(
            min(
                (_day(field.name, option, value) for option in alternatives(wanted["value"])),
                key=lambda slot: _COST[slot.verdict],
            )
        )
    if "text" in wanted:
        slots += compare(Field(f"{field.name}.text", Kind.WORDS), wanted["text"], given.get("text"))
    return slots


def _day(name: str, gold: JsonValue, found: JsonValue) -> Slot:
    if gold is None:
        return Slot(name, Verdict.RIGHTLY_NONE if found is None else Verdict.SPURIOUS, None, found, closed=True)
    if found is None:
        return Slot(name, Verdict.MISSING, gold, None)
    one, other = period_of(str(gold)), period_of(str(found))
    if gold == found:
        return Slot(name, Verdict.EQUAL, gold, found)
    near = one is not None and other is not None and one.distance(other) == 0
    return Slot(name, Verdict.ALIKE if near else Verdict.WRONG, gold, found)


def _listed(field: Field, gold: list[JsonValue], found: list[JsonValue]) -> list[Slot]:
    """The elements, paired so that as few as possible are wrong.

    One that is optional is neither asked for nor held against a run.
    """
    if not gold:
        closed = [Slot(field.name, Verdict.SPURIOUS, None, value, closed=True) for value in found]
        return closed or [Slot(field.name, Verdict.RIGHTLY_NONE, None, None, closed=True)]
    wanted = [element(part) for part in gold]
    compared = {
        (a, b): slots
        for a, (value, _) in enumerate(wanted)
        for b, other in enumerate(found)
        if (slots := _element_slots(field, value, other))[0].verdict is not Verdict.WRONG
    }
    worth = {
        (a, b): 20.0 - sum(_COST[slot.verdict] for slot in slots) - wanted[a][1] for (a, b), slots in compared.items()
    }
    pairs = assign({pair: value for pair, value in worth.items() if value > 0}, len(wanted), len(found))
    slots = [slot for pair in pairs if not wanted[pair[0]][1] for slot in compared[pair]]
    left = [first(wanted[a][0]) for a in range(len(wanted)) if not wanted[a][1] and a not in {a for a, _ in pairs}]
    extra = [found[b] for b in range(len(found)) if b not in {b for _, b in pairs}]
    slots += [Slot(field.name, Verdict.MISSING, value, None) for value in left]
    return slots + [Slot(field.name, Verdict.SPURIOUS, None, value) for value in extra]


def _element_slots(field: Field, gold: JsonValue, found: JsonValue) -> list[Slot]:
    single = Field(field.name, field.kind, terms=field.terms, parts=field.parts)
    return compare(single, gold, found)
