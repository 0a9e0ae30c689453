"""Records of many articles to events: what is one, what the sources say of it, and what became of it.

A pure function of the records: any order of input gives the same events. Records join by the table in `rules.py`;
nothing is settled by vote.
"""

from __future__ import annotations

from collections.abc import Iterable

from extractor.consolidation.actors import actors_of
from extractor.consolidation.clustering import Decision, Decisions, group
from extractor.consolidation.drafts import events_of
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
    return events_of(mentions, Decisions(decisions))
