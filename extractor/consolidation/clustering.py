"""Records to groups that tell one event: conservative, not transitive, and the same in any order of input."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from extractor.consolidation.likeness import Likeness
from extractor.consolidation.pairing import Pair, in_order
from extractor.consolidation.rules import AFFAIR_POINTS, CERTAIN, FLOOR, STRONG

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of two groups that the rules leave open: whether they tell the same, and by which tie."""

    tie: str
    one: Group
    other: Group
    same: bool


@dataclass
class Grouping:
    """Groups of record ids, each sorted, and what the rules leave open.

    `undecided` has, for each record that fits two groups which exclude each other, what it fits there; `near` are the
    pairs of groups that lack one point to be one, while no two of their records exclude each other.
    """

    groups: list[Group]
    undecided: dict[str, set[str]] = field(default_factory=dict)
    near: list[tuple[Group, Group]] = field(default_factory=list)


class Decisions:
    """Decisions, found by the records that they are about."""

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self._by_record: dict[str, set[Decision]] = defaultdict(set)
        for decision in decisions:
            for record in (*decision.one, *decision.other):
                self._by_record[record].add(decision)

    def __iter__(self) -> Iterator[Decision]:
        return iter(set[Decision]().union(*self._by_record.values()))

    def of(self, records: Iterable[str]) -> set[Decision]:
        """Those that are about any of the records."""
        return set().union(*(self._by_record[record] for record in records if record in self._by_record))


def group(likeness: Likeness, decisions: Decisions) -> Grouping:
    """Bring together the records that tell one event; what was decided goes over what the rules leave open.

    Acts come first: that articles tell the same acts, and that two utterances are about one, counts for statements.
    """
    plain, article = likeness.of_acts(), likeness.articles
    affairs = {name: {name} for name in article.values()}
    for (a, b), points in plain.items():
        if points >= CERTAIN:
            affairs[article[a]].add(article[b])
            affairs[article[b]].add(article[a])
    told = grouped(likeness.acts, _with_affairs(plain, article, affairs), decisions)
    # An event is named by its first record.
    events = {record: group[0] for group in told.groups for record in group}
    said = grouped(likeness.statements, _with_affairs(likeness.of_statements(events), article, affairs), decisions)
    return Grouping(sorted(told.groups + said.groups), told.undecided | said.undecided, sorted(told.near + said.near))


def grouped(records: Iterable[str], plain: Mapping[Pair, int], decisions: Decisions) -> Grouping:
    """The groups of records by the points of their pairs, each pair in order.

    Records that no pair of `FLOOR` points or more and no decision connects, over whatever others, have no say in each
    other's groups: they can be grouped apart.
    """
    scores = _decided(plain, decisions)
    fits = _fits(scores)
    strong = {pair: points for pair, points in scores.items() if points >= STRONG}
    torn = _torn(strong, scores, fits)
    belongs = {record: record for record in records}
    members: dict[str, list[str]] = {record: [record] for record in belongs}
    # The surest first; of equals the first by name, so that the order of input has no say.
    for pair in sorted(sorted(strong), key=strong.__getitem__, reverse=True):
        one, other = belongs[pair[0]], belongs[pair[1]]
        if one == other or pair[0] in torn or pair[1] in torn:
            continue
        if _all_fit(members[one], members[other], fits):
            kept, gone = in_order(one, other)
            members[kept] += members.pop(gone)
            for record in members[kept]:
                belongs[record] = kept
    groups = {name: tuple(sorted(ids)) for name, ids in members.items()}
    short = {
        in_order(belongs[a], belongs[b])
        for (a, b), points in scores.items()
        if FLOOR <= points < STRONG and belongs[a] != belongs[b] and a not in torn and b not in torn
    }
    near = [(groups[one], groups[other]) for one, other in short if _all_fit(groups[one], groups[other], fits)]
    return Grouping(list(groups.values()), torn, [in_order(one, other) for one, other in near])


def _fits(scores: Mapping[Pair, int]) -> Mapping[str, set[str]]:
    """The records that each can be in one group with."""
    fits: dict[str, set[str]] = defaultdict(set)
    for (a, b), points in scores.items():
        if points >= FLOOR:
            fits[a].add(b)
            fits[b].add(a)
    return fits


def _all_fit(one: Iterable[str], other: Iterable[str], fits: Mapping[str, set[str]]) -> bool:
    return all(fits[record].issuperset(other) for record in one)


def _decided(points: Mapping[Pair, int], decisions: Decisions) -> Mapping[Pair, int]:
    """The points after decisions: what is the same is bound as far as the rules allow, what is not excludes."""
    scores = dict(points)
    apart: set[Pair] = set()
    for decision in decisions.of({record for pair in points for record in pair}):
        for pair in (in_order(a, b) for a in decision.one for b in decision.other if a != b):
            if not decision.same:
                apart.add(pair)
            elif pair in scores:
                scores[pair] = max(scores[pair], STRONG)
    return {pair: points for pair, points in scores.items() if pair not in apart} if apart else scores


def _with_affairs(
    points: Mapping[Pair, int], article: Mapping[str, str], affairs: Mapping[str, set[str]]
) -> dict[Pair, int]:
    """The points, more where one article, or two of one affair, tell both."""
    return {
        pair: found + (AFFAIR_POINTS if article[pair[1]] in affairs[article[pair[0]]] else 0)
        for pair, found in points.items()
    }


def _torn(strong: Mapping[Pair, int], scores: Mapping[Pair, int], fits: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """The records whose best matches exclude each other, with these matches."""
    best: dict[str, int] = defaultdict(int)
    for (a, b), points in strong.items():
        best[a], best[b] = max(best[a], points), max(best[b], points)
    matches: dict[str, set[str]] = defaultdict(set)
    for (a, b), points in strong.items():
        if points == best[a]:
            matches[a].add(b)
        if points == best[b]:
            matches[b].add(a)
    torn: dict[str, set[str]] = {}
    for record, others in matches.items():
        # What fits excludes nothing; of the rest, what has no points with another at all does.
        excluding = {
            one for one in others if any(in_order(one, two) not in scores for two in others - fits[one] if two != one)
        }
        if excluding:
            torn[record] = excluding
    return torn
