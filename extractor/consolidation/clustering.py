"""Records to groups that tell one event: conservative, not transitive, and the same in any order of input."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TypeVar

from extractor.consolidation.mentions import Mention
from extractor.consolidation.rules import (
    AFFAIR_POINTS,
    APART,
    CERTAIN,
    FLOOR,
    STRONG,
    blocks_of,
    marks_of,
    score,
)

Pair = tuple[str, str]
Group = tuple[str, ...]
Name = TypeVar("Name", str, Group)

# Records of a block that are all compared with each other, dated or not.
_SMALL = 300
# Holders of a mark beyond which it tells nothing.
_RARE = 100


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


def group(mentions: Sequence[Mention], decisions: Iterable[Decision] = ()) -> Grouping:
    """Bring together the records that tell one event; what was decided goes over what the rules leave open.

    Acts come first: that articles tell the same acts, and that two utterances are about one, counts for statements.
    """
    decided = list(decisions)
    acts = [mention for mention in mentions if mention.kind != "statement"]
    plain = _points(acts)
    article = {mention.id: mention.article for mention in mentions}
    affairs = {_sorted(article[a], article[b]) for (a, b), points in plain.items() if points >= CERTAIN}
    told = _grouped(acts, _decided(_with_affairs(plain, article, affairs), decided))
    statements = _with_topics([mention for mention in mentions if mention.kind == "statement"], told)
    said = _grouped(statements, _decided(_with_affairs(_points(statements), article, affairs), decided))
    return Grouping(sorted(told.groups + said.groups), told.undecided | said.undecided, sorted(told.near + said.near))


def _grouped(mentions: Sequence[Mention], scores: dict[Pair, int]) -> Grouping:
    torn = _torn(scores)
    belongs = {mention.id: mention.id for mention in mentions}
    members: dict[str, list[str]] = {mention.id: [mention.id] for mention in mentions}
    # The surest first; of equals the first by name, so that the order of input has no say.
    for pair, points in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        one, other = belongs[pair[0]], belongs[pair[1]]
        if points < STRONG or one == other or pair[0] in torn or pair[1] in torn:
            continue
        if _all_fit(members[one], members[other], scores):
            kept, gone = sorted((one, other))
            members[kept] += members.pop(gone)
            for record in members[kept]:
                belongs[record] = kept
    groups = {name: tuple(sorted(ids)) for name, ids in members.items()}
    short = {
        _sorted(belongs[a], belongs[b])
        for (a, b), points in scores.items()
        if FLOOR <= points < STRONG and belongs[a] != belongs[b] and a not in torn and b not in torn
    }
    near = [(groups[one], groups[other]) for one, other in short if _all_fit(groups[one], groups[other], scores)]
    return Grouping(list(groups.values()), torn, [_sorted(one, other) for one, other in near])


def _with_topics(statements: Sequence[Mention], acts: Grouping) -> list[Mention]:
    """The statements with the events that they are about, each named by its first record."""
    event = {record: group[0] for group in acts.groups for record in group}
    return [replace(said, topics=frozenset(event[act] for act in said.says)) for said in statements]


def _all_fit(one: Iterable[str], other: Sequence[str], scores: Mapping[Pair, int]) -> bool:
    return all(scores.get(_sorted(a, b), FLOOR - 1) >= FLOOR for a in one for b in other)


def _decided(scores: dict[Pair, int], decisions: Iterable[Decision]) -> dict[Pair, int]:
    """The points after decisions: what is the same is bound as far as the rules allow, what is not excludes."""
    for decision in decisions:
        for pair in (_sorted(a, b) for a in decision.one for b in decision.other if a != b):
            if not decision.same:
                scores.pop(pair, None)
            elif pair in scores:
                scores[pair] = max(scores[pair], STRONG)
    return scores


def _points(mentions: Sequence[Mention]) -> dict[Pair, int]:
    """The points of all pairs that may be one."""
    found: dict[Pair, int] = {}
    for a, b in _candidates(mentions):
        pair = _sorted(a.id, b.id)
        if pair not in found and (points := score(a, b)) is not None:
            found[pair] = points
    return found


def _with_affairs(points: dict[Pair, int], article: Mapping[str, str], affairs: set[Pair]) -> dict[Pair, int]:
    """The points, more where one article, or two of one affair, tell both."""
    return {
        (a, b): found + (AFFAIR_POINTS if article[a] == article[b] or _sorted(article[a], article[b]) in affairs else 0)
        for (a, b), found in points.items()
    }


def _candidates(mentions: Sequence[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """The pairs worth comparing: of one block, and of about the same time where both have one."""
    blocks: dict[tuple[str, ...], list[Mention]] = defaultdict(list)
    for mention in mentions:
        for block in set(blocks_of(mention)):
            blocks[block].append(mention)
    for block in sorted(blocks):
        yield from _in_time(blocks[block])


def _in_time(block: Sequence[Mention]) -> Iterator[tuple[Mention, Mention]]:
    timed: list[tuple[int, int, Mention]] = []
    timeless: list[Mention] = []
    for mention in block:
        period = mention.when or mention.around
        if period is None:
            timeless.append(mention)
        else:
            timed.append((period.first, period.last, mention))
    timed.sort(key=lambda item: (item[0], item[1], item[2].id))
    for index, (_, last, mention) in enumerate(timed):
        for first, _, other in timed[index + 1 :]:
            if first > last + APART:
                break
            yield mention, other
    if len(block) <= _SMALL:
        yield from combinations(timeless, 2)
        yield from ((mention, other) for mention in timeless for _, _, other in timed)
    else:
        yield from _sharing(timeless, [other for _, _, other in timed])


def _sharing(timeless: Sequence[Mention], timed: Sequence[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """The pairs of timeless records with any other that have something rare in common."""
    holders: dict[tuple[str, object], list[Mention]] = defaultdict(list)
    for mention in (*timeless, *timed):
        for mark in marks_of(mention):
            holders[mark].append(mention)
    for mention in timeless:
        near = {
            other.id: other
            for mark in marks_of(mention)
            if len(holders[mark]) <= _RARE
            for other in holders[mark]
            if other.id != mention.id
        }
        yield from ((mention, other) for other in near.values())


def _torn(scores: dict[Pair, int]) -> dict[str, set[str]]:
    """The records whose best matches exclude each other, with these matches."""
    best: dict[str, int] = defaultdict(int)
    for pair, points in scores.items():
        for record in pair:
            best[record] = max(best[record], points)
    matches: dict[str, list[str]] = defaultdict(list)
    for (a, b), points in scores.items():
        if points >= STRONG:
            if points == best[a]:
                matches[a].append(b)
            if points == best[b]:
                matches[b].append(a)
    torn: dict[str, set[str]] = {}
    for record, others in matches.items():
        excluding = {
            other for one, two in combinations(others, 2) if _sorted(one, two) not in scores for other in (one, two)
        }
        if excluding:
            torn[record] = excluding
    return torn


def _sorted(one: Name, other: Name) -> tuple[Name, Name]:
    return (one, other) if one < other else (other, one)
