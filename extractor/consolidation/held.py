"""Consolidation in memory: records are compared as their articles come in, and events made when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from extractor.consolidation.actors import known_actors
from extractor.consolidation.clustering import Decisions, group
from extractor.consolidation.drafts import events_of
from extractor.consolidation.intake import Intake
from extractor.consolidation.likeness import Likeness
from extractor.consolidation.ties import Tie, ties_of
from extractor.schema.actors import KnownActor
from extractor.schema.events import Event


class Held:
    """Articles in memory; `Consolidated` once they are grouped."""

    def __init__(self) -> None:
        self._articles: dict[str, Intake] = {}
        self._likeness: Likeness | None = Likeness()

    def add(self, article: Intake) -> None:
        """Take an article in; of one that comes twice the later one counts."""
        if not article.mentions and article.article not in self._articles:
            return
        if article.article in self._articles:
            # What it was compared by is of no more use: all are compared anew in the end.
            self._likeness = None
        self._articles[article.article] = article
        if self._likeness is not None:
            _compare(article, self._likeness)

    @property
    def compared(self) -> int:
        """How many pairs of records were compared so far."""
        return self._likeness.compared if self._likeness is not None else 0

    def articles(self) -> Iterator[Intake]:
        """The articles that have records, in the order in which they came."""
        return iter(self._articles.values())

    def group(self, decisions: Decisions) -> None:
        """Bring the records together anew; before that nothing can be asked for."""
        if self._likeness is None:
            self._likeness = Likeness()
            for article in self._articles.values():
                _compare(article, self._likeness)
        self._mentions = {mention.id: mention for article in self.articles() for mention in article.mentions}
        self._grouping = group(self._likeness, decisions)
        self._decisions = decisions
        self._events: list[Event] | None = None

    def events(self) -> list[Event]:
        """The events, sorted by type, date and id."""
        if self._events is None:
            self._events = events_of(self._mentions, self._grouping, self._decisions)
        return self._events

    def actors(self) -> list[KnownActor]:
        """The actors, sorted by kind, name and id."""
        return known_actors(self._articles[name].namings for name in sorted(self._articles))

    def documents(self, table: Literal["events", "actors"]) -> Iterator[dict[str, Any]]:
        """The events or actors as documents."""
        items: list[Event] | list[KnownActor] = self.events() if table == "events" else self.actors()
        return (item.model_dump(mode="json") for item in items)

    def ties(self) -> list[Tie]:
        """What the rules and the decisions leave open, sorted by id."""
        return ties_of(self._mentions.values(), self._grouping)


def _compare(article: Intake, likeness: Likeness) -> None:
    for mention in article.mentions:
        likeness.add(mention)
