"""The pairs of records that are worth comparing: of one block, and of about the same time where both have one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import TypeVar

from extractor.consolidation.identity import Identity, same
from extractor.consolidation.mentions import Mention, Period
from extractor.consolidation.rules import APART, blocks_of, marks_of

# Records of a block that are all compared with each other, dated or not.
SMALL = 300
# Holders of a mark beyond which it tells nothing.
RARE = 100

Item = TypeVar("Item")


def candidates(mentions: Iterable[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """The pairs worth comparing; one of several blocks may come once for each."""
    blocks: dict[tuple[str, ...], list[Mention]] = defaultdict(list)
    for mention in mentions:
        for block in set(blocks_of(mention)):
            blocks[block].append(mention)
    # Who goes by several names is found in the block of each, among the same others.
    compared: set[tuple[bool, tuple[str, ...]]] = set()
    for members in blocks.values():
        is_small = len(members) <= SMALL
        for circle in circles(members):
            known = is_small, tuple(mention.id for mention in circle)
            if known not in compared:
                compared.add(known)
                yield from _of_circle(circle, is_small=is_small)
        timeless = [] if is_small else [mention for mention in members if not mention.period]
        if timeless:
            yield from _sharing(timeless, members)


def circles(members: Sequence[Mention]) -> Iterable[list[Mention]]:
    """The mentions of a block in parts: nobody who speaks in one can be anybody who speaks in another.

    Acts have no speaker, and are all of one part.
    """
    said_by: dict[Identity | None, list[Mention]] = defaultdict(list)
    for mention in members:
        said_by[mention.speaker].append(mention)
    found: list[dict[Identity | None, list[Mention]]] = []
    for who, said in said_by.items():
        own, apart = {who: said}, list[dict[Identity | None, list[Mention]]]()
        for circle in found:
            if who and any(other and same(who, other) for other in circle):
                own |= circle
            else:
                apart.append(circle)
        found = [*apart, own]
    return ([mention for said in circle.values() for mention in said] for circle in found)


def _of_circle(circle: Sequence[Mention], *, is_small: bool) -> Iterator[tuple[Mention, Mention]]:
    dated = [(mention.period, mention) for mention in circle if mention.period]
    dated.sort(key=lambda item: item[0].first)
    yield from in_time(dated)
    if is_small:
        timeless = [mention for mention in circle if not mention.period]
        yield from with_timeless(timeless, [mention for _, mention in dated])


def in_time(dated: Iterable[tuple[Period, Item]]) -> Iterator[tuple[Item, Item]]:
    """The pairs of a block's items that lie about the same time; they come in the order of their first days.

    It holds no more of them than lie about the same time.
    """
    near: list[tuple[Period, Item]] = []
    for period, item in dated:
        near = [(other, held) for other, held in near if period.first <= other.last + APART]
        yield from ((held, item) for _, held in near)
        near.append((period, item))


def with_timeless(timeless: Sequence[Item], dated: Sequence[Item]) -> Iterator[tuple[Item, Item]]:
    """The pairs of a small block's items of which one has no time, or none of the two."""
    yield from combinations(timeless, 2)
    yield from product(timeless, dated)


def _sharing(timeless: Iterable[Mention], block: Iterable[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """The pairs of timeless records with any other of a large block that have something rare in common."""
    holders: dict[tuple[str, object], list[Mention]] = defaultdict(list)
    for mention in block:
        for mark in set(marks_of(mention)):
            holders[mark].append(mention)
    for mention in timeless:
        near = {
            other.id: other
            for mark in marks_of(mention)
            if len(holders[mark]) <= RARE
            for other in holders[mark]
            if other.id != mention.id
        }
        yield from ((mention, other) for other in near.values())
