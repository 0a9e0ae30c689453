"""What the formats of networks and event data share: which events, between whom, told by what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from extractor.consolidation.parties import between
from extractor.schema.actors import KnownActor
from extractor.schema.events import Event
from extractor.schema.output import ArticleReport, ExtractionResult
from extractor.schema.records import AnyRecord
from extractor.writers.formats import Settings

SOURCES: Final = frozenset({"actors", "senders", "speaker"})
TARGETS: Final = frozenset({"targets", "target"})
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
# What XML 1.0 has no place for.
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Cast:
    """The records, articles and actors of a result by their ids, and who takes part in its events."""

    def __init__(self, result: ExtractionResult) -> None:
        self.records: dict[str, AnyRecord] = {record.id: record for record in result.records}
        self.articles: dict[str, ArticleReport] = {article.id: article for article in result.articles}
        self.actors: dict[str, KnownActor] = {actor.id: actor for actor in result.actors}
        self._parts: dict[str, list[tuple[str, str]]] = {}
        for actor in result.actors:
            for mention in actor.mentions:
                root = mention.field.split("/")[1] if "/" in mention.field else mention.field
                self._parts.setdefault(mention.record, []).append((root, actor.id))

    def those(self, event: Event, roots: frozenset[str]) -> list[str]:
        """The ids of the actors that the event's records name in these fields, in their order, each once."""
        parts = (part for record in event.members for part in self._parts.get(record, ()))
        return list(dict.fromkeys(actor for root, actor in parts if root in roots))

    def members(self, event: Event) -> list[AnyRecord]:
        """The event's records."""
        return [self.records[record] for record in event.members if record in self.records]

    def told_in(self, event: Event) -> list[ArticleReport]:
        """The event's articles."""
        return [self.articles[article] for article in event.articles if article in self.articles]

    def settling(self, event: Event) -> AnyRecord | None:
        """The record that gives the event's status."""
        return self.records.get(event.settled_by)


def chosen(result: ExtractionResult, settings: Settings) -> Iterator[Event]:
    """The events that happened, or all of them; a statement happened as a saying."""
    return (event for event in result.events if event.occurred or settings.all_modes)


def title_of(event: Event) -> str:
    """An event in one line: "expulsion (carried out): USA → RUS"."""
    kind, status = event.kind.replace("_", " "), event.status.replace("_", " ")
    name = f"{kind} sanctions" if event.type == "sanction" else kind
    return f"{name}: {between(event)}" if event.type == "statement" else f"{name} ({status}): {between(event)}"


def evidence_of(records: Iterable[AnyRecord]) -> list[str]:
    """The passages that carry records, each once, with white space as single spaces."""
    quotes = (" ".join(item.quote.split()) for record in records for item in record.evidence)
    return list(dict.fromkeys(quotes))


def for_xml(text: str) -> str:
    """The text with what XML cannot hold as U+FFFD."""
    return _NO_XML.sub("\ufffd", text)
