"""How well records are brought together as events: on gold's records, and on the run's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from extractor.consolidation import consolidate
from extractor.evaluation.coreference import Cluster, b_cubed, ceaf_e, clusters, conll, muc
from extractor.evaluation.goldrecords import record_of_gold
from extractor.evaluation.outcomes import Outcome
from extractor.evaluation.report import CoreferenceRates, EventScore, EventSet, Mentions
from extractor.grounding import GroundedText
from extractor.schema.events import Event
from extractor.schema.records import RecordType

ON_GOLD = (
    "the scored records of gold, of alternatives the first, are consolidated by this tool's "
    "rules and compared with gold's events; the model has no part in it"
)
ON_RUN = (
    "the run's events compared with gold's; a found record stands for gold's, missed and "
    "spurious ones are mentions that one side lacks, what is not scored is left out"
)
# The events of gold and of the run, by mention, and the mentions' types.
_Sides = tuple[dict[str, str], dict[str, str], dict[str, RecordType]]
_SETS: tuple[tuple[EventSet, tuple[RecordType, ...]], ...] = (
    ("acts", ("diplomatic_action", "sanction")),
    ("statements", ("statement",)),
)


def event_scores(outcomes: Sequence[Outcome], events: Sequence[Event]) -> Iterator[EventScore]:
    """MUC, B-cubed, CEAF-e and CoNLL F1 of acts and of statements, on gold's records and on the run's.

    Gold that was imported says nothing of events and is left out.
    """
    outcomes = [item for item in outcomes if item.gold.origin is None]
    compared: tuple[tuple[Mentions, _Sides], ...] = (("gold", _on_gold(outcomes)), ("run", _on_run(outcomes, events)))
    for mentions, (key, response, types) in compared:
        for name, chosen in _SETS:
            yield _score(mentions, name, _chosen(key, types, chosen), _chosen(response, types, chosen))


def _on_gold(outcomes: Sequence[Outcome]) -> _Sides:
    key: dict[str, str] = {}
    types: dict[str, RecordType] = {}
    records = []
    for item in outcomes:
        text = GroundedText(item.article.text)
        for gold in item.gold.records:
            if gold.is_scored:
                record = record_of_gold(gold, item.article.id, text)
                records.append(record)
                key[record.id] = gold.event or record.id
                types[record.id] = gold.type
    events = consolidate([item.article for item in outcomes], records)
    return key, {member: event.id for event in events for member in event.members}, types


def _on_run(outcomes: Sequence[Outcome], events: Sequence[Event]) -> _Sides:
    key: dict[str, str] = {}
    types: dict[str, RecordType] = {}
    for item in outcomes:
        for found in item.found:
            if found.scored:
                key[found.record.id] = found.gold.event or found.record.id
                types[found.record.id] = found.gold.type
        for gold in item.missed:
            name = f"{item.gold.id}/{gold.id}"
            key[name], types[name] = gold.event or name, gold.type
    told = {record.id: record.type for record in chain.from_iterable(item.spurious for item in outcomes)}
    types |= told
    response = {member: event.id for event in events for member in event.members if member in key or member in told}
    return key, response, types


def _chosen(labels: Mapping[str, str], types: Mapping[str, RecordType], chosen: Sequence[RecordType]) -> list[Cluster]:
    return clusters({mention: label for mention, label in labels.items() if types[mention] in chosen})


def _score(mentions: Mentions, name: EventSet, key: Sequence[Cluster], response: Sequence[Cluster]) -> EventScore:
    rates = {
        measure.__name__: CoreferenceRates(precision=found.precision, recall=found.recall, f1=found.f1)
        for measure in (muc, b_cubed, ceaf_e)
        for found in [measure(key, response)]
    }
    return EventScore(
        mentions=mentions, events=name, gold=len(key), found=len(response), conll_f1=conll(key, response), **rates
    )
