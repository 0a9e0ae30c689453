"""Each error by itself, with its evidence: what a person who improves a prompt reads."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.evaluation.gold import GoldRecord, first
from extractor.evaluation.outcomes import Found, Outcome
from extractor.evaluation.report import Fault
from extractor.evaluation.values import Verdict
from extractor.schema.records import AnyRecord

_KINDS = {Verdict.WRONG: "wrong", Verdict.ALIKE: "wrong", Verdict.MISSING: "missing", Verdict.SPURIOUS: "invented"}


def faults(item: Outcome) -> Iterator[Fault]:
    """An article's misses, spurious records and wrong values, in the order of gold and then of the run."""
    for gold in item.missed:
        yield _fault(item, "missed", gold, None, evidence=gold.evidence)
    for record in item.spurious:
        yield _fault(item, "spurious", item.near.get(record.id), record, evidence=_quotes(record))
    for found in item.found:
        if found.scored:
            yield from _wrong(item, found)


def _wrong(item: Outcome, found: Found) -> Iterator[Fault]:
    for slot in found.slots:
        if slot.verdict in _KINDS:
            yield _fault(
                item,
                _KINDS[slot.verdict],
                found.gold,
                found.record,
                field=slot.field,
                expected=first(slot.gold),
                found=slot.found,
                evidence=_quotes(found.record),
            )


def _fault(item: Outcome, kind: str, gold: GoldRecord | None, record: AnyRecord | None, **more: object) -> Fault:
    one = record or gold
    return Fault.model_validate(
        {
            "kind": kind,
            "article": item.article.name,
            "type": one.type if one else None,
            "gold": gold.id if gold else None,
            "record": record.id if record else None,
            "field": None,
            "expected": None,
            "found": None,
        }
        | more
    )


def _quotes(record: AnyRecord) -> list[str]:
    return [evidence.quote for evidence in record.evidence]
