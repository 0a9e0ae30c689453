"""The rules by which two records are taken for tellings of one event: one table, in points.

Two records are compared only where they can be the same at all: one kind of act, a shared ordered pair of countries
(one speaker, for statements). A rule that excludes ends the comparison. What is left sums up; `STRONG` binds two
records, and no two records of one event may have less than `FLOOR` between them. So no chain of likenesses, each good
by itself, ever fuses two events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from extractor.consolidation.identity import Identity, same
from extractor.consolidation.mentions import STATEMENT, Mention

STRONG = 3
FLOOR = 2
# Days between two dates of one event, as far as reports differ: time zones, order and execution, day and night.
WINDOW = 3
# Days beyond which two dates are of two events.
APART = 7
# Share of all words of two quotations, or of what is told of two utterances, that both have.
_SAME_WORDS = 0.6
_MANY_WORDS = 0.25
_LIKE_WORDS = 0.1
_INTENDED = frozenset({"proposed", "threatened", "announced"})
_REFUSED = frozenset({"ruled_out", "denied"})
# The speech acts that reports of one utterance interchange, by what all of a family do.
_FAMILIES = {
    **dict.fromkeys(("announce", "propose", "threaten", "promise"), "intends"),
    **dict.fromkeys(("deny", "reject", "rule_out"), "refuses"),
    **dict.fromkeys(("criticise", "regret"), "disapproves"),
}
# Words of targets that nearly all have tell nothing of which is meant.
_UNTOLD = frozenset({"diplomats", "officials", "united", "states", "us", "country", "several"})


class Rule(NamedTuple):
    """What two records have in common or not, and what it is worth; None excludes that they are one."""

    name: str
    points: int | None
    holds: Callable[[Mention, Mention], bool]


def _same_count(a: Mention, b: Mention) -> bool:
    return a.count is not None and a.count == b.count


def _other_count(a: Mention, b: Mention) -> bool:
    return a.count is not None and b.count is not None and a.count != b.count


def _same_day(a: Mention, b: Mention) -> bool:
    return a.when is not None and b.when is not None and _is_short(a, b) and a.when.distance(b.when) == 0


def _near_day(a: Mention, b: Mention) -> bool:
    return a.when is not None and b.when is not None and _is_short(a, b) and 0 < a.when.distance(b.when) <= WINDOW


def _late(a: Mention, b: Mention) -> bool:
    return a.when is not None and b.when is not None and a.status == b.status and a.when.distance(b.when) > WINDOW


def _elsewhere(a: Mention, b: Mention) -> bool:
    return a.article == b.article and bool(a.places) and bool(b.places) and not a.places & b.places


def _two_statuses(a: Mention, b: Mention) -> bool:
    return a.article == b.article and a.status != b.status and not _refuses(a, b)


def _refuses(a: Mention, b: Mention) -> bool:
    """Whether what one has as intended the other has as refused."""
    return (a.status in _INTENDED and b.status in _REFUSED) or (a.status in _REFUSED and b.status in _INTENDED)


def _is_short(a: Mention, b: Mention) -> bool:
    return all(period.last - period.first <= APART for period in (a.when, b.when) if period)


def _far_apart(a: Mention, b: Mention) -> bool:
    first, second = a.period, b.period
    return first is not None and second is not None and first.distance(second) > APART


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def _one(who: Identity | None, other: Identity | None) -> bool:
    return who is not None and other is not None and same(who, other)


def _same_quotation(a: Mention, b: Mention) -> bool:
    if not a.quoted or not b.quoted:
        return False
    return any(_share(one, other) >= _SAME_WORDS for one in a.quoted for other in b.quoted)


def _one_topic(a: Mention, b: Mention) -> bool:
    return not a.topics.isdisjoint(b.topics) and _like_acts(a, b)


def _like_acts(a: Mention, b: Mention) -> bool:
    """Whether reports of one utterance interchange the two speech acts."""
    return _FAMILIES.get(a.status, a.status) == _FAMILIES.get(b.status, b.status)


def _bare_denials(a: Mention, b: Mention) -> bool:
    return a.status == b.status and (a.is_bare_denial or b.is_bare_denial)


def _strangers(a: Mention, b: Mention) -> bool:
    # "Moscow denied the allegations" has no word to share with what it denies.
    return _share(a.content, b.content) < _LIKE_WORDS and not (_bare_denials(a, b) or _one_topic(a, b))


# Every rule is symmetric. Those that exclude come first, and of them first those that most often do: for most pairs
# nothing needs to be summed up.
ACT_RULES = (
    Rule("dates more than a week apart", None, _far_apart),
    Rule("told apart by one article, at other places", None, _elsewhere),
    Rule("same count", 3, _same_count),
    Rule("different counts", -3, _other_count),
    Rule("same day", 2, _same_day),
    Rule("up to three days apart", 1, _near_day),
    Rule("one status on days that are more than three apart", -3, _late),
    Rule("same status", 1, lambda a, b: a.status == b.status),
    Rule("decided by the same", 1, lambda a, b: _one(a.decided_by, b.decided_by)),
    Rule("a target of one name", 1, lambda a, b: bool((a.aimed_at & b.aimed_at) - _UNTOLD) or bool(a.aims & b.aims)),
    Rule("a place of one name", 1, lambda a, b: bool(a.places & b.places)),
    Rule("news in one, history in the other", -2, lambda a, b: a.is_background != b.is_background),
    Rule("told apart by one article", -4, lambda a, b: a.article == b.article and a.status == b.status),
    Rule("one refuses what the other intends", 1, _refuses),
    Rule("told by one article in two other statuses", -1, _two_statuses),
)  # fmt: skip
STATEMENT_RULES = (
    Rule("hardly a word in common", None, _strangers),
    Rule("dates more than a week apart", None, _far_apart),
    Rule("not said by one speaker", None, lambda a, b: not _one(a.speaker, b.speaker)),
    Rule("the same words in quotation marks", 4, _same_quotation),
    Rule("the same words", 3, lambda a, b: _share(a.content, b.content) >= _SAME_WORDS),
    Rule("about one act, and in a like way", 2, _one_topic),
    Rule("many words in common", 1, lambda a, b: _MANY_WORDS <= _share(a.content, b.content) < _SAME_WORDS),
    Rule("denied in one, and what is denied not told", 1, _bare_denials),
    Rule("another kind of speech act", -2, lambda a, b: not _like_acts(a, b)),
    Rule("same day", 1, _same_day),
    Rule("news in one, history in the other", -1, lambda a, b: a.is_background != b.is_background),
    Rule("told apart by one article", -3, lambda a, b: a.article == b.article),
)  # fmt: skip

# The pair that a block is made of is itself a likeness; so is that one article, or two of the same affair, tell both.
BLOCK_POINTS = 1
AFFAIR_POINTS = 1
# An affair is known by acts that are one beyond doubt.
CERTAIN = 4


def blocks_of(mention: Mention) -> Iterator[tuple[str, ...]]:
    """The blocks in which a record is compared with others."""
    if mention.kind == STATEMENT:
        for key in mention.speaker.marks() if mention.speaker else ():
            yield (mention.kind, *key)
        return
    for source in mention.sources:
        for target in mention.targets:
            yield (mention.kind, source, target)


def marks_of(mention: Mention) -> Iterator[tuple[str, object]]:
    """By what a record without any date is found among very many of its block."""
    if mention.count is not None:
        yield "count", mention.count
    for name, words in (("place", mention.places), ("target", mention.aimed_at - _UNTOLD), ("said", mention.content)):
        for word in words:
            yield name, word


def score(a: Mention, b: Mention) -> int | None:
    """How much two records of a block have in common, in points; None where they cannot be one."""
    total = BLOCK_POINTS
    for _, points, holds in STATEMENT_RULES if a.kind == STATEMENT else ACT_RULES:
        if holds(a, b):
            if points is None:
                return None
            total += points
    return total
