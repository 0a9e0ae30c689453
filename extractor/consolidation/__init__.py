"""Records of many articles to events: what is one, what the sources say of it, and what became of it.

A pure function of the records: any order of input gives the same events. Records join by the table in `rules.py`;
nothing is settled by vote. Articles can come one by one: what can be known of a record by itself, or beside those that
came before it, is worked out as it comes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from extractor.consolidation.actors import known_actors
from extractor.consolidation.clustering import Decision
from extractor.consolidation.gathering import HELD, Consolidated, Gathering
from extractor.consolidation.intake import Intake
from extractor.consolidation.ties import Tie
from extractor.schema.actors import KnownActor
from extractor.schema.events import Event
from extractor.schema.output import ArticleReport
from extractor.schema.records import AnyRecord

__all__ = ["HELD", "Consolidated", "Decision", "Gathering", "Tie", "actors_of", "consolidate", "open_ties"]


def open_ties(articles: Iterable[ArticleReport], records: Iterable[AnyRecord]) -> list[Tie]:
    """What the rules leave open about the events of these records, sorted by id."""
    return _gathered(articles, records).consolidated().ties()


def consolidate(
    articles: Iterable[ArticleReport], records: Iterable[AnyRecord], decisions: Iterable[Decision] = ()
) -> list[Event]:
    """The events that the records tell, sorted by type, date and id; every record belongs to exactly one.

    Records that stand alone are events of one member. `decisions` are those about what the rules leave open.
    """
    return _gathered(articles, records).consolidated(decisions).events()


def actors_of(records: Iterable[AnyRecord]) -> list[KnownActor]:
    """The actors that the records name, sorted by kind, name and id."""
    told = _by_article(records)
    return known_actors(Intake.of(name, None, told[name]).namings for name in sorted(told))


def _gathered(articles: Iterable[ArticleReport], records: Iterable[AnyRecord]) -> Gathering:
    reports = {article.id: article for article in articles}
    gathering = Gathering(held=None)
    for name, own in _by_article(records).items():
        gathering.add(reports[name], own)
    return gathering


def _by_article(records: Iterable[AnyRecord]) -> Mapping[str, list[AnyRecord]]:
    found: dict[str, list[AnyRecord]] = defaultdict(list)
    for record in records:
        found[record.article].append(record)
    return found
