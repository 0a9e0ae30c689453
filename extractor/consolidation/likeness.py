"""How much records have in common, pair by pair: worked out as they come, but for what only all of them tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from extractor.consolidation.mentions import STATEMENT, Mention
from extractor.consolidation.pairing import Blocks, Key, Pair, in_order
from extractor.consolidation.rules import blocks_of, score


class Likeness:
    """The points of all pairs that may be one; records are added one by one, in any order, each once.

    `acts` and `statements` are the records by id, `articles` the article of each.
    """

    def __init__(self) -> None:
        self.acts: dict[str, Mention] = {}
        self.statements: dict[str, Mention] = {}
        self.articles: dict[str, str] = {}
        self._acts, self._statements = Blocks(), Blocks()

    def add(self, mention: Mention) -> None:
        """Add a record, and compare it with those that are there."""
        is_said = mention.kind == STATEMENT
        (self.statements if is_said else self.acts)[mention.id] = mention
        (self._statements if is_said else self._acts).add(mention)
        self.articles[mention.id] = mention.article

    def of_acts(self) -> dict[Pair, int]:
        """The points of pairs of acts."""
        return _with_sharing(self._acts, {})

    def of_statements(self, events: Mapping[str, str]) -> dict[Pair, int]:
        """The points of pairs of statements, by the events of the acts that they are the saying of."""
        topical = {
            said.id: replace(said, topics=frozenset(events[act] for act in said.says))
            for said in self.statements.values()
            if said.says
        }
        # Two that are about one event have more in common than could be known before.
        about_one = Blocks(_by_topic)
        for said in topical.values():
            about_one.add(said)
        return _with_sharing(self._statements, topical) | about_one.points(
            where=lambda key: self._statements.is_small(key[1:])
        )


def _by_topic(said: Mention) -> Iterable[Key]:
    return ((topic, *block) for topic in said.topics for block in blocks_of(said))


def _with_sharing(blocks: Blocks, instead: Mapping[str, Mention]) -> dict[Pair, int]:
    """All points of blocks; what is compared last stands for what it is `instead`."""
    found = blocks.points()
    for one, other in blocks.sharing():
        pair = in_order(one.id, other.id)
        # One record is in several blocks.
        if pair not in found:
            points = score(instead.get(one.id, one), instead.get(other.id, other))
            if points is not None:
                found[pair] = points
    return found
