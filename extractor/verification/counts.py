"""The checks of how many: a count and its parts, held against the numbers of the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from extractor.schema.claims import ActionClaim, CountPart
from extractor.schema.records import FieldSpan
from extractor.verification import wording
from extractor.verification.grounds import Grounds
from extractor.verification.verdicts import Finding


def check_count(grounds: Grounds, field: str, count: int | None, also: int = 0) -> Iterator[Finding]:
    """Whether the evidence has a number; one that is the sum of the parts, `also`, need not stand there."""
    if count is None or (also and count == also) or (not grounds.evidence and count in grounds.facts.numbers):
        return
    for value, start, end in grounds.numbers_told:
        if value == count:
            grounds.spans.append(FieldSpan(field=f"/{field}", start=start, end=end))
            return
    where = "this record's evidence" if count in grounds.facts.numbers else "the article"
    message = f"the number {count} is not in {where}"
    yield Finding(f"/{field}", "not_in_evidence", message, count, advice="give the passage that has it, or null")


def check_breakdown(grounds: Grounds, claim: ActionClaim) -> Iterator[Finding]:
    """Whether the article has the parts of a count, and these agree with it."""
    parts = claim.count_breakdown
    for index, part in enumerate(parts):
        yield from check_count(grounds, f"count_breakdown/{index}", part.count)
        yield from grounds.word(f"/count_breakdown/{index}/of", part.of)
    total = sum(part.count for part in parts)
    if claim.count is not None and total > claim.count:
        message = f"its parts make {total}, more than the count of {claim.count}"
        yield Finding("/count_breakdown", "more_than_count", message, _as_json(parts))
    elif parts and grounds.evidence and _counts_twice(grounds, claim):
        message = "its parts have a number more often than this record's evidence"
        yield Finding("/count_breakdown", "counted_twice", message, _as_json(parts), advice="give each part once")


def _counts_twice(grounds: Grounds, claim: ActionClaim) -> bool:
    """Whether parts take one number of the evidence for several; `nine from each` may be meant so."""
    told = Counter(value for value, _, _ in set(grounds.numbers_told))
    parts = Counter(part.count for part in claim.count_breakdown)
    repeated = any(times > max(1, told[count]) for count, times in parts.items())
    return repeated and not wording.is_distributive(grounds.told)


def _as_json(parts: Sequence[CountPart]) -> JsonValue:
    return [part.model_dump(mode="json") for part in parts]
