"""The pairs of records that are worth comparing: of one block, and of about the same time where both have one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import TypeVar

from extractor.consolidation.mentions import Mention, Period
from extractor.consolidation.rules import APART, blocks_of, marks_of

# Records of a block that are all compared with each other, dated or not.
SMALL = 300
# Holders of a mark beyond which it tells nothing.
RARE = 100

Item = TypeVar("Item")


def candidates(mentions: Iterable[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """The pairs worth comparing; one of several blocks comes once for each."""
    blocks: dict[tuple[str, ...], list[Mention]] = defaultdict(list)
    for mention in mentions:
        for block in set(blocks_of(mention)):
            blocks[block].append(mention)
    for members in blocks.values():
        dated = [(mention.period, mention) for mention in members if mention.period]
        dated.sort(key=lambda item: item[0].first)
        timeless = [mention for mention in members if not mention.period]
        yield from in_time(dated)
        if len(members) <= SMALL:
            yield from with_timeless(timeless, [mention for _, mention in dated])
        elif timeless:
            yield from _sharing(timeless, members)


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
