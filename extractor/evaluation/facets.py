"""A record, of a run or of gold, as matching sees it: what it is known by, and where the article tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from extractor.codes import country_code
from extractor.consolidation.mentions import tokens
from extractor.evaluation.gold import GoldRecord, alternatives, element
from extractor.grounding import GroundedText
from extractor.schema.records import AnyRecord, RecordType
from extractor.schema.vocabulary import ActorKind

Span = tuple[int, int]
# Letters by which two forms of a word are known for one.
_STEM = 5
# A body so named speaks for its state.
_RULERS = frozenset({"government", "administration", "leadership"})
_Keys = Callable[[dict[str, JsonValue]], Iterator[str]]
_PARTIES = {
    "diplomatic_action": ("actors", "targets"),
    "sanction": ("senders", "targets"),
    "statement": ("speaker", "target"),
}
_KINDS = {"diplomatic_action": "action", "sanction": "direction"}
_COUNTS = {"diplomatic_action": "count", "sanction": "target_count"}


@dataclass(frozen=True, slots=True)
class Facets:
    """What a record is known by. Each set holds the values that are equally right; None: not said, not compared.

    `kind` is the action, or a sanction's direction; `status` the status or the speech act. `sources` and `targets` are
    ISO 3166-1 alpha-3 codes, or names where there is no country; of a statement, `sources` names its speaker: a person
    by the last word of the name, a state or its government by the code. An empty string stands for nobody. `spans` are
    all places of the evidence in the article, `words` those of what is quoted.
    """

    type: RecordType
    kind: frozenset[str] | None
    status: frozenset[str] | None
    sources: frozenset[str] | None
    targets: frozenset[str] | None
    count: frozenset[int | None] | None
    spans: tuple[Span, ...]
    words: frozenset[str]


def facets_of_record(record: AnyRecord, text: GroundedText) -> Facets:
    """The facets of a run's record; `text` is its article's."""
    spans = [(evidence.start, evidence.end) for evidence in record.evidence]
    passages = [evidence.quote for evidence in record.evidence]
    return _facets(record.type, record.model_dump(mode="json"), [*spans, *_places(passages, text)])


def facets_of_gold(record: GoldRecord, text: GroundedText) -> Facets:
    """The facets of a gold record; `text` is its article's."""
    return _facets(record.type, record.fields, _places(record.evidence, text))


def _facets(record_type: RecordType, fields: dict[str, JsonValue], spans: Iterable[Span]) -> Facets:
    sources, targets = _PARTIES[record_type]
    said = record_type == "statement"
    return Facets(
        type=record_type,
        kind=_terms(fields, _KINDS.get(record_type)),
        status=_terms(fields, "act" if said else "status"),
        sources=_parties(fields, sources, _speaker_keys if said else _country_keys),
        targets=_parties(fields, targets, _country_keys),
        count=_counts(fields, _COUNTS.get(record_type)),
        spans=tuple(sorted(set(spans))),
        words=frozenset(word[:_STEM] for quote in _texts(fields.get("quotes")) for word in tokens(quote)),
    )


def _places(passages: Sequence[str], text: GroundedText) -> Iterator[Span]:
    for passage in passages:
        yield from text.occurrences(passage)
        found = text.locate(passage)
        if found is not None:
            yield found.start, found.end


def _terms(fields: dict[str, JsonValue], name: str | None) -> frozenset[str] | None:
    if name is None or name not in fields:
        return None
    return frozenset(str(option) for option in alternatives(fields[name]))


def _counts(fields: dict[str, JsonValue], name: str | None) -> frozenset[int | None] | None:
    if name is None or name not in fields:
        return None
    return frozenset(option if isinstance(option, int) else None for option in alternatives(fields[name]))


def _parties(fields: dict[str, JsonValue], name: str, key: _Keys) -> frozenset[str] | None:
    if name not in fields:
        return None
    found: set[str] = set()
    for option in alternatives(fields[name]):
        listed = option if isinstance(option, list) else [option]
        bare = [alternative for part in listed for alternative in alternatives(element(part)[0])]
        keys = {word for party in bare if isinstance(party, dict) for word in key(party)}
        found |= keys or {""}
    return frozenset(found)


def _country_keys(party: dict[str, JsonValue]) -> Iterator[str]:
    """The code of its country, else its name."""
    for name in alternatives(party.get("country")) + alternatives(party.get("name")):
        code = country_code(name) if isinstance(name, str) else None
        if code is not None:
            yield code
            return
    yield from (" ".join(tokens(name)) for name in _texts(party.get("name")))


def _speaker_keys(party: dict[str, JsonValue]) -> Iterator[str]:
    """A person's last name; of a body, what its name says beside the country, or the country's code."""
    persons = ActorKind.PERSON in alternatives(party.get("kind"))
    for name in _texts(party.get("name")):
        words = tokens(name)
        if persons:
            yield from words[-1:]
            continue
        own = [word for word in words if country_code(word) is None]
        if not own or country_code(name) or not _RULERS.isdisjoint(own):
            yield from _country_keys(party)
        yield from own


def _texts(value: JsonValue) -> Iterator[str]:
    """All texts in a value, in each of its alternatives."""
    for option in alternatives(value):
        bare, _ = element(option)
        if isinstance(bare, str):
            yield bare
        elif isinstance(bare, list):
            for part in bare:
                yield from _texts(part)
        elif bare != option or alternatives(bare) != [bare]:
            yield from _texts(bare)
