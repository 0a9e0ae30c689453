"""How much records have in common, pair by pair: worked out as they come, but for what only all of them tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from extractor.consolidation.mentions import STATEMENT, Mention
from extractor.consolidation.pairing import Blocks, Key, Pair
from extractor.consolidation.rules import blocks_of


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

    @property
    def compared(self) -> int:
        """How many pairs were compared so far."""
        return self._acts.compared + self._statements.compared

    def of_acts(self) -> dict[Pair, int]:
        """The points of pairs of acts."""
        return self._acts.points()

    def of_statements(self, events: Mapping[str, str]) -> dict[Pair, int]:
        """The points of pairs of statements, by the events of the acts that they are the saying of."""
        about_one = Blocks(_by_topic)
        for said in self.statements.values():
            if said.says:
                about_one.add(replace(said, topics=frozenset(events[act] for act in said.says)))
        # Two that are about one event have more in common than could be known before.
        return self._statements.points() | about_one.points_within(self._statements, lambda key: key[1:])


def _by_topic(said: Mention) -> Iterable[Key]:
    return ((topic, *block) for topic in said.topics for block in blocks_of(said))
