"""Groups of records to events."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractor.consolidation.clustering import Decisions, Grouping
from extractor.consolidation.fields import fields_of
from extractor.consolidation.history import history_of, is_contested, is_done, last_of
from extractor.consolidation.links import Saying, Told, links_of
from extractor.consolidation.mentions import Telling, period_of
from extractor.schema.events import Event, EventField, EventLink

_UNDATED = 10**9


def events_of(by_id: Mapping[str, Telling], grouping: Grouping, decisions: Decisions) -> list[Event]:
    """The events that the groups of all records make, sorted by type, date and id."""
    drafts = [Draft.of(by_id[record] for record in records) for records in grouping.groups]
    open_to: dict[str, set[str]] = {draft.id: set() for draft in drafts}
    home = {mention.id: draft.id for draft in drafts for mention in draft.members}
    for record, others in grouping.undecided.items():
        for other in others:
            if home[other] != home[record]:
                open_to[home[other]].add(record)
    links = links_of(draft.told() for draft in drafts)
    events = [
        draft.event(links.get(draft.id, []), sorted(open_to[draft.id]), draft.joined_by(decisions)) for draft in drafts
    ]
    return sorted(events, key=event_order)


@dataclass(frozen=True)
class Draft:
    """A group of records on its way to an event."""

    id: str
    members: tuple[Telling, ...]
    fields: tuple[EventField, ...]
    last: Telling

    @classmethod
    def of(cls, members: Iterable[Telling]) -> Draft:
        """The draft of an event that these records tell."""
        ordered = sorted(members, key=_by_age)
        digest = hashlib.sha256(f"event\n{ordered[0].id}".encode()).hexdigest()
        return cls(f"evt-{digest[:12]}", tuple(ordered), tuple(fields_of(ordered)), last_of(ordered))

    @property
    def date(self) -> str | None:
        """Its date in EDTF."""
        dated = next((item for item in self.fields if item.field == "date"), None)
        return str(dated.canonical) if dated and dated.canonical else None

    @property
    def occurred(self) -> bool:
        """Whether, by its last status, it happened."""
        return self.members[0].kind == "statement" or is_done(self.last.status)

    def told(self) -> Told:
        """What it is linked by."""
        day = self.date
        return Told(
            id=self.id,
            kind=self.members[0].kind,
            status=self.last.status,
            occurred=self.occurred,
            sources=frozenset(code for mention in self.members for code in mention.sources),
            targets=frozenset(code for mention in self.members for code in mention.targets),
            when=period_of(day) if day else None,
            records=frozenset(mention.id for mention in self.members),
            articles=frozenset(mention.article for mention in self.members),
            counts=frozenset(mention.count for mention in self.members if mention.count is not None),
            says=frozenset().union(*(mention.says for mention in self.members)),
            answers=tuple((mention.article, mention.answers) for mention in self.members if mention.answers),
            sayings=tuple(
                Saying(mention.article, mention.speaker, mention.content)
                for mention in self.members
                if mention.kind == "statement"
            ),
            has_background=any(mention.is_background for mention in self.members),
        )

    def joined_by(self, decisions: Decisions) -> list[str]:
        """The ties whose answer brought records of it together."""
        own = {mention.id for mention in self.members}
        return sorted(
            {item.tie for item in decisions.of(own) if item.same and own.issuperset((*item.one, *item.other))}
        )

    def event(self, links: list[EventLink], undecided: list[str], ties: list[str]) -> Event:
        """The event, with what only the whole tells of it."""
        kind = self.members[0].kind.partition(":")[2] or self.last.status
        return Event(
            id=self.id,
            type=self.members[0].type,
            kind=kind,
            sources=_codes(mention.source_countries for mention in self.members),
            targets=_codes(mention.target_countries for mention in self.members),
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


def _by_age(mention: Telling) -> tuple[int, str]:
    """The earliest first, by its own date, else by its article's: what is added later seldom founds an event anew."""
    period = mention.period
    return (period.last if period else _UNDATED), mention.id


def event_order(event: Event) -> tuple[str, int, str]:
    """By which events are sorted: type, date and id; those without a date last."""
    period = period_of(event.date) if event.date else None
    return event.type, period.first if period else _UNDATED, event.id
