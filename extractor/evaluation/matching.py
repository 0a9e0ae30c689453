"""Records to records, one to one: the assignment with the greatest likeness in all.

A pure, symmetric function of two lists of records of one article: what is matched does not depend on which of them is
called gold. Optimal by the Hungarian method (Kuhn 1955), as scipy has it: no greedy choice.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.util import find_spec
from itertools import product

from extractor.errors import MissingExtra
from extractor.evaluation.facets import Facets, Span

# Share of a passage that lies in the other's evidence, or of all words of two quotations that both have, from which
# two records are told at the same place.
SAME_PASSAGE = 0.5


class Likeness(StrEnum):
    """How far two records agree; `LIKENESS` defines it."""

    EXACT = "exact"
    LENIENT = "lenient"


LIKENESS = {
    Likeness.EXACT: "the same passage (half of one, or more, lies in the other record's evidence) and every key field "
    "agrees: of an action its kind, status, a country of actors and one of targets, and count; of a sanction its "
    "direction, status, a country of senders and one of targets; of a statement its speaker and speech act",
    Likeness.LENIENT: "the same kind (action; direction; speaker) and no contradiction about who acts on whom, and "
    "either the same passage or quotation or, of actions and sanctions that say who acts on whom, agreement in every "
    "key field",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records taken for tellings of one thing, by their places in the two lists."""

    left: int
    right: int
    likeness: Likeness
    similarity: float


@dataclass(frozen=True, slots=True)
class Matching:
    """The pairs, and the places of what is left over on either side, all in order.

    `near` pairs records of what is left over that share a passage: most likely one meant as the other.
    """

    pairs: tuple[Pair, ...]
    left_only: tuple[int, ...]
    right_only: tuple[int, ...]
    near: tuple[tuple[int, int], ...]


def match(left: Sequence[Facets], right: Sequence[Facets]) -> Matching:
    """Match the records of one article.

    Only records that agree at least leniently (see `Likeness`) are paired. Of all such assignments the one with the
    greatest sum of `similarity` is taken; of equals, the one that scipy finds first.

    Raises:
        MissingExtra: scipy is not installed.
    """
    alike = {
        (a, b): found
        for a, b in product(range(len(left)), range(len(right)))
        if (found := likeness(left[a], right[b])) is not None
    }
    scores = {(a, b): similarity(left[a], right[b]) for a, b in alike}
    pairs = [Pair(a, b, alike[a, b], scores[a, b]) for a, b in assign(scores, len(left), len(right))]
    left_only = _rest(len(left), {pair.left for pair in pairs})
    right_only = _rest(len(right), {pair.right for pair in pairs})
    passages = {
        (a, b): overlap(left[a].spans, right[b].spans)
        for a, b in product(left_only, right_only)
        if left[a].type == right[b].type and _same_passage(left[a], right[b])
    }
    return Matching(tuple(pairs), left_only, right_only, tuple(assign(passages, len(left), len(right))))


def check_installed() -> None:
    """Find out whether what the figures are made with is there.

    Raises:
        MissingExtra: it is not.
    """
    if find_spec("numpy") is None or find_spec("scipy") is None:
        raise MissingExtra("Evaluation needs numpy and scipy.", "Install them: pip install 'event-extractor[eval]'")


def likeness(one: Facets, other: Facets) -> Likeness | None:
    """How far two records agree, or None where they are not of one thing."""
    if one.type != other.type or not _compatible(one, other):
        return None
    same_passage = _same_passage(one, other)
    agree = all(_agreements(one, other).values())
    if same_passage and agree:
        return Likeness.EXACT
    told_alike = same_passage or _share(one.words, other.words) >= SAME_PASSAGE
    return Likeness.LENIENT if told_alike or (agree and _is_full(one) and _is_full(other)) else None


def similarity(one: Facets, other: Facets) -> float:
    """Half the shared evidence or quotation, half the agreeing share of the fields; from 0 to 1, 1 with itself.

    Records of different types are not alike at all.
    """
    if one.type != other.type:
        return 0.0
    fields = _agreements(one, other)
    if one.type == "statement":
        fields["targets"] = _agree(one.targets, other.targets)
    told = max(overlap(one.spans, other.spans), _share(one.words, other.words))
    return (told + sum(fields.values()) / len(fields)) / 2


def overlap(one: tuple[Span, ...], other: tuple[Span, ...]) -> float:
    """The share of the shorter evidence's characters that the other has, too (Szymkiewicz-Simpson)."""
    first, second = _characters(one), _characters(other)
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter else 0.0


def _same_passage(one: Facets, other: Facets) -> bool:
    """Whether any passage of either lies by half or more in the other's evidence."""
    return _lies_within(one.spans, other.spans) or _lies_within(other.spans, one.spans)


def _lies_within(passages: tuple[Span, ...], evidence: tuple[Span, ...]) -> bool:
    there = _characters(evidence)
    return any(
        sum(place in there for place in range(start, end)) >= SAME_PASSAGE * (end - start) for start, end in passages
    )


def _agreements(one: Facets, other: Facets) -> dict[str, bool]:
    """Of each key field of their type whether they agree."""
    names = ["kind", "status", "sources"]
    if one.type != "statement":
        names += ["targets"]
    if one.type == "diplomatic_action":
        names += ["count"]
    return {name: _agree(getattr(one, name), getattr(other, name)) for name in names}


def _agree(one: Collection[object] | None, other: Collection[object] | None) -> bool:
    return one is None or other is None or not set(one).isdisjoint(other)


def _compatible(one: Facets, other: Facets) -> bool:
    """The same kind, and no contradiction about who acts on whom; a speaker who is not named agrees with nobody."""
    if one.type == "statement":
        return _agree(one.sources, other.sources)
    open_ended = {"", None}
    return _agree(one.kind, other.kind) and all(
        _agree(a, b) or not open_ended.isdisjoint(a or ()) or not open_ended.isdisjoint(b or ())
        for a, b in ((one.sources, other.sources), (one.targets, other.targets))
    )


def _is_full(facets: Facets) -> bool:
    """Whether it is an act of which it is said who acts on whom: only then may the fields alone make a match."""
    return facets.type != "statement" and all(side and side != {""} for side in (facets.sources, facets.targets))


# A record is compared with each of the other side's.
@lru_cache(maxsize=1 << 12)
def _characters(spans: tuple[Span, ...]) -> frozenset[int]:
    return frozenset(place for start, end in spans for place in range(start, end))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _rest(length: int, taken: set[int]) -> tuple[int, ...]:
    return tuple(place for place in range(length) if place not in taken)


def assign(scores: dict[tuple[int, int], float], rows: int, columns: int) -> list[tuple[int, int]]:
    """Pairs of a row and a column, each at most once, with the greatest sum of scores; only scored pairs are taken.

    Scores are above 0.

    Raises:
        MissingExtra: scipy is not installed.
    """
    check_installed()
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    # A row or column without a partner is paired with an inadmissible one, which is worth nothing and left out.
    table = np.zeros((rows, columns))
    for (row, column), score in scores.items():
        table[row, column] = score
    found = zip(*linear_sum_assignment(table, maximize=True), strict=True)
    return sorted(pair for row, column in found if (pair := (int(row), int(column))) in scores)
