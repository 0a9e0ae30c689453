"""Records of many articles to events: what is one, what the sources say of it, and what became of it.

A pure function of the records: any order of input gives the same events. Records join by the table in `rules.py`;
nothing is settled by vote.
"""

from __future__ import annotations

from collections.abc import Iterable

from extractor.consolidation.actors import actors_of
from extractor.consolidation.clustering import Decision, Decisions, group
from extractor.consolidation.drafts import Draft, event_order
from extractor.consolidation.links import links_of
from extractor.consolidation.mentions import mentions_of
from extractor.consolidation.ties import Tie, ties_of
from extractor.schema.events import Event
from extractor.schema.output import ArticleReport
from extractor.schema.records import AnyRecord

__all__ = ["Decision", "Tie", "actors_of", "consolidate", "open_ties"]


def open_ties(articles: Iterable[ArticleReport], records: Iterable[AnyRecord]) -> list[Tie]:
    """What the rules leave open about the events of these records, sorted by id."""
    mentions = mentions_of(records, {article.id: article for article in articles})
    return ties_of(mentions, group(mentions, Decisions()))


def consolidate(
    articles: Iterable[ArticleReport], records: Iterable[AnyRecord], decisions: Iterable[Decision] = ()
) -> list[Event]:
    """The events that the records tell, sorted by type, date and id; every record belongs to exactly one.

    Records that stand alone are events of one member. `decisions` are those about what the rules leave open.
    """
    mentions = mentions_of(records, {article.id: article for article in articles})
    by_id = {mention.id: mention for mention in mentions}
    decided = Decisions(decisions)
    grouping = group(mentions, decided)
    drafts = [Draft.of(by_id[record] for record in records) for records in grouping.groups]
    open_to: dict[str, set[str]] = {draft.id: set() for draft in drafts}
    home = {mention.id: draft.id for draft in drafts for mention in draft.members}
    for record, others in grouping.undecided.items():
        for other in others:
            if home[other] != home[record]:
                open_to[home[other]].add(record)
    links = links_of(draft.told() for draft in drafts)
    events = [
        draft.event(links.get(draft.id, []), sorted(open_to[draft.id]), draft.joined_by(decided)) for draft in drafts
    ]
    return sorted(events, key=event_order)
