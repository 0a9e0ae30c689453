"""Who acts and who is acted upon: states by their code, and those who belong to none by themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from extractor.codes import country_code
from extractor.report.references import References
from extractor.schema.claims import Actor, SanctionTarget
from extractor.schema.output import ExtractionResult
from extractor.schema.records import AnyRecord, DiplomaticAction, Sanction, Statement

_ACTING = ("/actors", "/senders", "/speaker")
_ACTED_UPON = ("/targets", "/target")


@dataclass(slots=True)
class Parties:
    """The parties of all events: their names, and for each event the places of those who act and are acted upon."""

    names: list[str] = field(default_factory=list)
    sources: list[list[int]] = field(default_factory=list)
    targets: list[list[int]] = field(default_factory=list)


def parties_of(result: ExtractionResult, references: References) -> Parties:
    """The parties of a result's events.

    A state stands for all its organs and people; an actor without a country, such as an organisation, for itself.
    """
    states = _state_names(result.records)
    acting, acted_upon = _stateless(result, references)
    places: dict[str, int] = {}
    parties = Parties()

    def place(key: str, name: str) -> int:
        if key not in places:
            places[key] = len(parties.names)
            parties.names.append(name)
        return places[key]

    for number, event in enumerate(result.events):
        for codes, others, found in (
            (event.sources, acting[number], parties.sources),
            (event.targets, acted_upon[number], parties.targets),
        ):
            here = [place(f"state:{code}", states.get(code, code)) for code in codes]
            found.append(here + [place(actor, name) for actor, name in others.items()])
    return parties


def _state_names(records: Iterable[AnyRecord]) -> dict[str, str]:
    """The name by which the records call each state most."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for name in _countries(records):
        if code := country_code(name):
            counted[code][name] += 1
    return {code: min(names, key=lambda name: (-names[name], name)) for code, names in counted.items()}


def _countries(records: Iterable[AnyRecord]) -> Iterator[str]:
    for record in records:
        actors: list[Actor | SanctionTarget | None]
        match record:
            case DiplomaticAction():
                actors = [*record.actors, *record.targets]
            case Sanction():
                actors = [*record.senders, *record.targets]
            case Statement():
                actors = [record.speaker, record.target]
        yield from (actor.country for actor in actors if actor and actor.country)


def _stateless(
    result: ExtractionResult, references: References
) -> tuple[defaultdict[int, dict[str, str]], defaultdict[int, dict[str, str]]]:
    """The names of actors without a country, by event: those who act, and those acted upon."""
    event_of = {record: number for number, event in enumerate(result.events) for record in event.members}
    acting: defaultdict[int, dict[str, str]] = defaultdict(dict)
    acted_upon: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for actor in result.actors:
        for mention in actor.mentions:
            references.record(mention.record)
            if actor.country is not None or mention.record not in event_of:
                continue
            event = event_of[mention.record]
            head = f"/{mention.field.lstrip('/').split('/', 1)[0]}"
            if head in _ACTING:
                acting[event][actor.id] = actor.name
            elif head in _ACTED_UPON:
                acted_upon[event][actor.id] = actor.name
    return acting, acted_upon
