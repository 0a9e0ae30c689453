"""Records of many articles to events: what is one, what the sources say of it, and what became of it.

A pure function of the records: any order of input gives the same events. Records join by the table in `rules.py`;
nothing is settled by vote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractor.consolidation.actors import actors_of
from extractor.consolidation.clustering import Decision, group
from extractor.consolidation.fields import fields_of
from extractor.consolidation.history import history_of, is_contested, is_done, last_of
from extractor.consolidation.links import Told, links_of
from extractor.consolidation.mentions import Mention, mentions_of, period_of
from extractor.consolidation.ties import Tie, ties_of
from extractor.schema.events import Event, EventField, EventLink
from extractor.schema.output import ArticleReport
from extractor.schema.records import AnyRecord

__all__ = ["Decision", "Tie", "actors_of", "consolidate", "open_ties"]

_UNDATED = 10**9


def open_ties(articles: Iterable[ArticleReport], records: Iterable[AnyRecord]) -> list[Tie]:
    """What the rules leave open about the events of these records, sorted by id."""
    mentions = mentions_of(records, {article.id: article for article in articles})
    return ties_of(mentions, group(mentions))


def consolidate(
    articles: Iterable[ArticleReport], records: Iterable[AnyRecord], decisions: Iterable[Decision] = ()
) -> list[Event]:
    """The events that the records tell, sorted by type, date and id; every record belongs to exactly one.

    Records that stand alone are events of one member. `decisions` are those about what the rules leave open.
    """
    mentions = mentions_of(records, {article.id: article for article in articles})
    by_id = {mention.id: mention for mention in mentions}
    decided = list(decisions)
    grouping = group(mentions, decided)
    drafts = [_Draft.of([by_id[record] for record in records]) for records in grouping.groups]
    open_to: dict[str, set[str]] = {draft.id: set() for draft in drafts}
    home = {mention.id: draft.id for draft in drafts for mention in draft.members}
    for record, others in grouping.undecided.items():
        for other in others:
            if home[other] != home[record]:
                open_to[home[other]].add(record)
    links = links_of([draft.told() for draft in drafts])
    events = [
        draft.event(links.get(draft.id, []), sorted(open_to[draft.id]), draft.joined_by(decided)) for draft in drafts
    ]
    return sorted(events, key=lambda event: (event.type, _first_day(event), event.id))


@dataclass(frozen=True)
class _Draft:
    """A group of records on its way to an event."""

    id: str
    members: tuple[Mention, ...]
    fields: tuple[EventField, ...]
    last: Mention

    @classmethod
    def of(cls, members: Sequence[Mention]) -> _Draft:
        ordered = sorted(members, key=_by_age)
        digest = hashlib.sha256(f"event\n{ordered[0].id}".encode()).hexdigest()
        return cls(f"evt-{digest[:12]}", tuple(ordered), tuple(fields_of(ordered)), last_of(ordered))

    @property
    def date(self) -> str | None:
        dated = next((item for item in self.fields if item.field == "date"), None)
        return str(dated.canonical) if dated and dated.canonical else None

    @property
    def occurred(self) -> bool:
        return self.members[0].kind == "statement" or is_done(self.last.status)

    def told(self) -> Told:
        return Told(
            id=self.id,
            kind=self.members[0].kind,
            status=self.last.status,
            occurred=self.occurred,
            sources=frozenset(code for mention in self.members for code in mention.sources),
            targets=frozenset(code for mention in self.members for code in mention.targets),
            when=period_of(self.date) if self.date else None,
            members=self.members,
        )

    def joined_by(self, decisions: Iterable[Decision]) -> list[str]:
        """The ties whose answer brought records of it together."""
        own = {mention.id for mention in self.members}
        return sorted({item.tie for item in decisions if item.same and own.issuperset((*item.one, *item.other))})

    def event(self, links: list[EventLink], undecided: list[str], ties: list[str]) -> Event:
        record = self.members[0].record
        kind = self.members[0].kind.partition(":")[2] or self.last.status
        return Event(
            id=self.id,
            type=record.type,
            kind=kind,
            sources=_codes(mention.record.derived.source_countries for mention in self.members),
            targets=_codes(mention.record.derived.target_countries for mention in self.members),
            status=self.last.status,
            settled_by=self.last.id,
            occurred=self.occurred,
            contested=is_contested(self.members),
            date=self.date,
            members=sorted(mention.id for mention in self.members),
            articles=sorted({mention.article for mention in self.members}),
            fields=list(self.fields),
            history=history_of(self.members),
            links=links,
            undecided=undecided,
            ties=ties,
        )


def _codes(lists: Iterable[Sequence[str]]) -> list[str]:
    return sorted({code for codes in lists for code in codes})


def _by_age(mention: Mention) -> tuple[int, str]:
    """The earliest first, by its own date, else by its article's: what is added later seldom founds an event anew."""
    period = mention.when or mention.around
    return (period.last if period else _UNDATED), mention.id


def _first_day(event: Event) -> int:
    period = period_of(event.date) if event.date else None
    return period.first if period else _UNDATED
