"""Who refers to what in a result: ids as places in its lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from extractor.errors import UsageError
from extractor.schema.output import ExtractionResult


@dataclass(frozen=True, slots=True)
class References:
    """The places of articles, records and events, by their ids."""

    articles: Mapping[str, int]
    records: Mapping[str, int]
    events: Mapping[str, int]

    @classmethod
    def of(cls, result: ExtractionResult) -> References:
        """Of a result."""
        return cls(
            {item.id: place for place, item in enumerate(result.articles)},
            {item.id: place for place, item in enumerate(result.records)},
            {item.id: place for place, item in enumerate(result.events)},
        )

    def article(self, name: str) -> int:
        """An article's place.

        Raises:
            UsageError: there is none of this id; so of the others.
        """
        return _place(self.articles, name, "article")

    def record(self, name: str) -> int:
        """A record's place."""
        return _place(self.records, name, "record")

    def event(self, name: str) -> int:
        """An event's place."""
        return _place(self.events, name, "event")

    def all_articles(self, names: Iterable[str]) -> list[int]:
        """The places of several articles."""
        return [self.article(name) for name in names]

    def all_records(self, names: Iterable[str]) -> list[int]:
        """The places of several records."""
        return [self.record(name) for name in names]


def _place(places: Mapping[str, int], name: str, what: str) -> int:
    if name not in places:
        raise UsageError(
            f"The output is damaged: it refers to {what} {name}, and has no such {what}.",
            "Make it anew with extract PATHS --out FILE.",
        )
    return places[name]
