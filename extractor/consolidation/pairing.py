"""The pairs of records that are worth comparing: of one block, and of about the same time where both have one.

Records are compared as they come: when all are there, what is left to be done is little. On disk the same pairs are
found by sorting and joining (`on_disk/pairs.py`); tests/test_on_disk.py holds the two to each other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
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
Mark = tuple[str, object]


class Blocks:
    """Records in their blocks, each compared with those that are there when it is added; any order gives the same.

    A record is in the block of each of its `keys`. It is compared with what lies about the same time and, where one of
    the two has no time, with all of a small block, and with what has something rare in common of a large one. Two
    statements are compared only where their speakers can be one.
    """

    def __init__(self, keys: Callable[[Mention], Iterable[Key]] = blocks_of) -> None:
        self._keys = keys
        self._blocks: dict[Key, _Block] = defaultdict(_Block)
        self._points: dict[Pair, int] = {}
        self.compared = 0

    def add(self, mention: Mention) -> None:
        """Add a record; `compared` counts the pairs."""
        # What goes by several names meets the same others in several blocks.
        known: dict[str, int | None] = {}
        for key in set(self._keys(mention)):
            block = self._blocks[key]
            _compare(mention, block.near(mention), known, self._points)
            _compare(mention, block.beside_time(mention), known, block.points)
            block.add(mention)
        self.compared += len(known)

    def points(self) -> dict[Pair, int]:
        """The points of all pairs that may be one."""
        return self.points_within(self, lambda key: key)

    def points_within(self, others: Blocks, key_there: Callable[[Key], Key]) -> dict[Pair, int]:
        """Those that are worth comparing in other blocks, of which these here are parts."""
        found = dict(self._points)
        for key, block in self._blocks.items():
            found |= others._blocks[key_there(key)].worth_comparing(block.points)
        return found


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
        self._lines: dict[Identity | None, _Line] = {}
        # The lines of those who can be one, for each.
        self._kin: dict[Identity | None, list[_Line]] = {}
        self._members: dict[str, Mention] = {}
        # How many have a mark; of a large block alone.
        self._holders = Counter[Mark]()
        self.points: dict[Pair, int] = {}

    def add(self, mention: Mention) -> None:
        self._line_of(mention.speaker).add(mention)
        self._members[mention.id] = mention
        if len(self._members) > SMALL:
            for other in self._members.values() if len(self._members) == SMALL + 1 else (mention,):
                marks = set(marks_of(other))
                self._holders.update(marks)
                self._line_of(other.speaker).mark(other, self._rare(marks))

    def near(self, mention: Mention) -> Iterator[Mention]:
        """Those that lie about the same time."""
        if mention.period:
            for line in self._of_one(mention):
                yield from line.near(mention.period)

    def beside_time(self, mention: Mention) -> Iterable[Mention]:
        """Those that make a pair with the record of which one has no time."""
        if len(self._members) <= SMALL:
            return (other for line in self._of_one(mention) for other in line.beside_time(mention))
        marks = self._rare(marks_of(mention))
        return (other for line in self._of_one(mention) for other in line.sharing(mention, marks))

    def worth_comparing(self, points: dict[Pair, int]) -> dict[Pair, int]:
        """The pairs without a time, as far as the block is small or they have something rare in common.

        What was rare when two were compared may have become common.
        """
        if len(self._members) <= SMALL:
            return points
        names = {name for pair in points for name in pair}
        rare = {name: self._rare(marks_of(self._members[name])) for name in names}
        return {pair: found for pair, found in points.items() if not rare[pair[0]].isdisjoint(rare[pair[1]])}

    def _rare(self, marks: Iterable[Mark]) -> set[Mark]:
        return {mark for mark in marks if self._holders[mark] <= RARE}

    def _of_one(self, mention: Mention) -> list[_Line]:
        """The lines of those who can be the speaker."""
        self._line_of(mention.speaker)
        return self._kin[mention.speaker]

    def _line_of(self, who: Identity | None) -> _Line:
        line = self._lines.get(who)
        if line is None:
            line = self._lines[who] = _Line()
            kin = [other for other in self._lines if _can_be_one(who, other)]
            self._kin[who] = [self._lines[other] for other in kin]
            for other in kin:
                if other != who:
                    self._kin[other].append(line)
        return line


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
        self._timeless: list[Mention] = []
        # Those with a time by what they have, and those without.
        self._marked: dict[tuple[Mark, bool], list[Mention]] = defaultdict(list)

    def add(self, mention: Mention) -> None:
        period = mention.period
        if period is None:
            self._timeless.append(mention)
            return
        at = bisect_right(self._first, period.first)
        self._first.insert(at, period.first)
        self._lasting.insert(at, (period.last, mention))
        self._longest = max(self._longest, period.last - period.first)

    def near(self, period: Period) -> list[Mention]:
        """Those that lie about the same time."""
        earliest, latest = period.first - APART, period.last + APART
        begin = bisect_left(self._first, earliest - self._longest)
        end = bisect_right(self._first, latest, lo=begin)
        return [mention for last, mention in self._lasting[begin:end] if last >= earliest]

    def beside_time(self, mention: Mention) -> list[Mention]:
        """Those that make a pair with the record of which one has no time."""
        return self._timeless if mention.period else [*self._timeless, *(other for _, other in self._lasting)]

    def mark(self, mention: Mention, marks: Iterable[Mark]) -> None:
        """Let a record be found by what it has."""
        for mark in marks:
            self._marked[mark, mention.period is not None].append(mention)

    def sharing(self, mention: Mention, marks: Iterable[Mark]) -> Iterable[Mention]:
        """Those of `beside_time` that have any of the marks."""
        kinds = (False,) if mention.period else (False, True)
        marked = (self._marked.get((mark, timed), ()) for mark in marks for timed in kinds)
        return {other.id: other for found in marked for other in found}.values()


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
