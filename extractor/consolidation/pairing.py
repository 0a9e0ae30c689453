"""The pairs of records that are worth comparing: of one block, and of about the same time where both have one.

Records are compared as they come: when all are there, what is left to be done is little.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import TypeVar

from extractor.consolidation.identity import Identity, same
from extractor.consolidation.mentions import Mention, Period
from extractor.consolidation.rules import APART, blocks_of, marks_of, score

# Records of a block that are all compared with each other, dated or not.
SMALL = 300
# Holders of a mark beyond which it tells nothing.
RARE = 100

Item = TypeVar("Item")
Name = TypeVar("Name", str, tuple[str, ...])
# The ids of two records, in order.
Pair = tuple[str, str]
Key = tuple[str, ...]


class Blocks:
    """Records in their blocks, each compared with those that are there when it is added; any order gives the same.

    A record is in the block of each of its `keys`. It is compared with what lies about the same time and, while the
    block is small, with what has no time; with all if it has none itself. Two statements are compared only where their
    speakers can be one.
    """

    def __init__(self, keys: Callable[[Mention], Iterable[Key]] = blocks_of) -> None:
        self._keys = keys
        self._blocks: dict[Key, _Block] = defaultdict(_Block)
        self._points: dict[Pair, int] = {}

    def add(self, mention: Mention) -> None:
        """Add a record."""
        # What goes by several names meets the same others in several blocks.
        known: dict[str, int | None] = {}
        for key in set(self._keys(mention)):
            block = self._blocks[key]
            _compare(mention, block.near(mention), known, self._points)
            _compare(mention, block.beside_time(mention), known, block.points)
            block.add(mention)

    def is_small(self, key: Key) -> bool:
        """Whether a block is small."""
        return self._blocks[key].is_small

    def points(self, where: Callable[[Key], bool] | None = None) -> dict[Pair, int]:
        """The points of the pairs that were compared; those without a time in the blocks `where` that is wanted."""
        found = dict(self._points)
        for key, block in self._blocks.items():
            if where is None or where(key):
                found |= block.points
        return found

    def sharing(self) -> Iterator[tuple[Mention, Mention]]:
        """The other pairs worth comparing: of large blocks, one without a time, with something rare in common."""
        for block in self._blocks.values():
            if not block.is_small:
                yield from block.sharing()


def _compare(
    mention: Mention, others: Iterable[Mention], known: dict[str, int | None], points: dict[Pair, int]
) -> None:
    for other in others:
        if other.id not in known:
            known[other.id] = score(mention, other)
        found = known[other.id]
        if found is not None:
            points[in_order(mention.id, other.id)] = found


class _Block:
    """The records of a block, by who speaks; the points are of pairs of which one has no time."""

    def __init__(self) -> None:
        self._lines: dict[Identity | None, _Line] = defaultdict(_Line)
        self._size = 0
        self.points: dict[Pair, int] = {}

    @property
    def is_small(self) -> bool:
        return self._size <= SMALL

    def add(self, mention: Mention) -> None:
        self._lines[mention.speaker].add(mention)
        self._size += 1
        if not self.is_small:
            self.points.clear()

    def near(self, mention: Mention) -> Iterator[Mention]:
        """Those that lie about the same time."""
        if mention.period:
            for line in self._of_one(mention):
                yield from line.near(mention.period)

    def beside_time(self, mention: Mention) -> Iterator[Mention]:
        """Those of a small block that make a pair with the record of which one has no time."""
        if self.is_small:
            for line in self._of_one(mention):
                yield from line.timeless
                if not mention.period:
                    yield from line.dated()

    def sharing(self) -> Iterator[tuple[Mention, Mention]]:
        """The pairs of records of which one has no time, and both something rare in common."""
        timeless = [mention for line in self._lines.values() for mention in line.timeless]
        if not timeless:
            return
        holders: dict[tuple[str, object], list[Mention]] = defaultdict(list)
        for line in self._lines.values():
            for mention in line:
                for mark in set(marks_of(mention)):
                    holders[mark].append(mention)
        for mention in timeless:
            rare = (found for mark in marks_of(mention) if len(found := holders[mark]) <= RARE)
            for other in {other.id: other for found in rare for other in found}.values():
                is_other_way = other.period is None and other.id <= mention.id
                if not is_other_way and _can_be_one(mention.speaker, other.speaker):
                    yield mention, other

    def _of_one(self, mention: Mention) -> Iterator[_Line]:
        """The lines of those who can be the speaker."""
        return (line for other, line in self._lines.items() if _can_be_one(mention.speaker, other))


def _can_be_one(one: Identity | None, other: Identity | None) -> bool:
    """Whether two speakers can be; acts have none."""
    return same(one, other) if one and other else one is other


class _Line:
    """The records of one speaker: those with a time in the order of first days, those without in any."""

    def __init__(self) -> None:
        self._first: list[int] = []
        # Each with its last day.
        self._lasting: list[tuple[int, Mention]] = []
        self._longest = 0
        self.timeless: list[Mention] = []

    def __iter__(self) -> Iterator[Mention]:
        yield from self.timeless
        yield from self.dated()

    def add(self, mention: Mention) -> None:
        period = mention.period
        if period is None:
            self.timeless.append(mention)
            return
        at = bisect_right(self._first, period.first)
        self._first.insert(at, period.first)
        self._lasting.insert(at, (period.last, mention))
        self._longest = max(self._longest, period.last - period.first)

    def dated(self) -> Iterator[Mention]:
        return (mention for _, mention in self._lasting)

    def near(self, period: Period) -> list[Mention]:
        """Those that lie about the same time."""
        earliest, latest = period.first - APART, period.last + APART
        begin = bisect_left(self._first, earliest - self._longest)
        end = bisect_right(self._first, latest, lo=begin)
        return [mention for last, mention in self._lasting[begin:end] if last >= earliest]


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


def in_order(one: Name, other: Name) -> tuple[Name, Name]:
    """A pair, whichever way it comes."""
    return (one, other) if one < other else (other, one)
