"""Two outputs' records of one article, brought together one to one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractor.comparison.report import Basis
from extractor.evaluation.facets import Facets, facets_of_record
from extractor.evaluation.matching import Likeness, Matching, Pair, likeness, match, similarity
from extractor.grounding import GroundedText
from extractor.schema.records import AnyRecord

ALIGNMENT = (
    "records of the same article are paired by id, if it is the same; then by the one-to-one assignment of the "
    "greatest likeness, as extract eval matches with gold; then, of what is left, where they share a passage and are "
    "the same kind of act, or the same speech act, though of others"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A record with what matching sees of it."""

    record: AnyRecord
    facets: Facets


@dataclass(frozen=True, slots=True)
class Twins:
    """Two outputs' records of one thing."""

    left: AnyRecord
    right: AnyRecord
    basis: Basis
    likeness: Likeness | None
    similarity: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """An article's records in two outputs.

    `near` are records of what is left over that share a passage, but are of different kinds.
    """

    pairs: tuple[Twins, ...]
    left_only: tuple[AnyRecord, ...]
    right_only: tuple[AnyRecord, ...]
    near: tuple[tuple[AnyRecord, AnyRecord], ...]


def told(records: Sequence[AnyRecord], text: GroundedText) -> list[Told]:
    """Records of one article, in the order of its text."""
    return sorted((Told(record, facets_of_record(record, text)) for record in records), key=_order)


def place(record: AnyRecord) -> tuple[int, str, str]:
    """Where a record stands among its article's."""
    return min((item.start for item in record.evidence), default=-1), record.type, record.id


def align(left: Sequence[Told], right: Sequence[Told]) -> Alignment:
    """Bring the records of one article together; the other way around it gives the same pairs.

    Raises:
        MissingExtra: scipy is not installed.
    """
    same = _by_id(left, right)
    pairs = [_twins(left[a], right[b], "id") for a, b in same.items()]
    one = [item for number, item in enumerate(left) if number not in same]
    other = [item for number, item in enumerate(right) if number not in same.values()]
    found = _match(one, other)
    pairs += [_twins(one[pair.left], other[pair.right], pair.likeness.value) for pair in found.pairs]
    alike = [(a, b) for a, b in found.near if _same_kind(one[a].facets, other[b].facets)]
    pairs += [_twins(one[a], other[b], "passage") for a, b in alike]
    return Alignment(
        tuple(sorted(pairs, key=lambda pair: place(pair.left))),
        tuple(one[a].record for a in found.left_only if a not in dict(alike)),
        tuple(other[b].record for b in found.right_only if b not in {b for _, b in alike}),
        tuple((one[a].record, other[b].record) for a, b in found.near if (a, b) not in alike),
    )


def _order(item: Told) -> tuple[int, str, str]:
    return place(item.record)


def _by_id(left: Sequence[Told], right: Sequence[Told]) -> Mapping[int, int]:
    """The places of records of the same id; should an output have an id twice, in order."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, item in enumerate(right):
        places[item.record.type, item.record.id].append(number)
    found: dict[int, int] = {}
    for number, item in enumerate(left):
        there = places[item.record.type, item.record.id]
        if there:
            found[number] = there.pop(0)
    return found


def _twins(left: Told, right: Told, basis: Basis) -> Twins:
    alike = likeness(left.facets, right.facets)
    return Twins(left.record, right.record, basis, alike, similarity(left.facets, right.facets))


def _match(left: Sequence[Told], right: Sequence[Told]) -> Matching:
    """The matching, found from the same side whichever is called left: among equals, it depends on the side."""
    one, other = ([item.record.model_dump_json() for item in side] for side in (left, right))
    facets = [item.facets for item in left], [item.facets for item in right]
    if one <= other:
        return match(*facets)
    found = match(*reversed(facets))
    pairs = [Pair(pair.right, pair.left, pair.likeness, pair.similarity) for pair in found.pairs]
    near = sorted((a, b) for b, a in found.near)
    return Matching(tuple(pairs), found.right_only, found.left_only, tuple(near))


def _same_kind(one: Facets, other: Facets) -> bool:
    """Whether two records that share a passage are one with another actor, target or speaker."""
    return one.status == other.status if one.type == "statement" else one.kind == other.kind
