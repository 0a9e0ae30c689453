"""How events stand to each other: what carries out, answers, accompanies or denies what. One rule each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from extractor.consolidation.history import NOT_DONE
from extractor.consolidation.identity import Identity, same
from extractor.consolidation.mentions import STATEMENT, Period
from extractor.consolidation.naming import names
from extractor.consolidation.rules import APART, WINDOW
from extractor.schema.events import EventLink

# Speech acts by which the accused says that it is not so, and by which anybody says otherwise.
_DENIALS = ("deny", "reject")
_DOUBTS = ("deny", "reject", "doubt")
_CLAIMS = ("accuse", "assert")
# Words that two statements share, beyond which one can speak of what the other says.
_SHARED_WORDS = 2
# Days.
_ANSWERED_WITHIN = 60
# What is carried out by people leaving.
_LEFT_FOR = ("action:expulsion", "action:recall", "action:closure")
# What is announced in one package.
_IN_PACKAGE = frozenset(
    {"sanction:impose", "action:expulsion", "action:closure", "action:facility_restriction", "action:staff_cap"}
)


class Saying(NamedTuple):
    """A record of a statement: its article, who speaks, and the words."""

    article: str
    speaker: Identity | None
    content: frozenset[str]


@dataclass(frozen=True)
class Told:
    """An event as far as links go by it.

    `records` and `articles` are the ids of its records and of their articles; `says` those of the acts that it is the
    saying of; `answers` what its records name as what it answers, each with the article; `sayings` are there for a
    statement alone.
    """

    id: str
    kind: str
    status: str
    occurred: bool
    sources: frozenset[str]
    targets: frozenset[str]
    when: Period | None
    records: frozenset[str]
    articles: frozenset[str]
    counts: frozenset[int]
    says: frozenset[str]
    answers: tuple[tuple[str, str], ...]
    sayings: tuple[Saying, ...]
    has_background: bool

    @cached_property
    def sayings_in(self) -> dict[str, list[Saying]]:
        """The sayings by article."""
        found: dict[str, list[Saying]] = defaultdict(list)
        for saying in self.sayings:
            found[saying.article].append(saying)
        return found


def links_of(events: Iterable[Told]) -> dict[str, list[EventLink]]:
    """The links of each event that has any, by its id; only events that share an article are compared."""
    by_article: dict[str, list[Told]] = defaultdict(list)
    for event in events:
        for article in event.articles:
            by_article[article].append(event)
    links: dict[str, list[EventLink]] = defaultdict(list)
    compared: set[tuple[str, str]] = set()
    for told in by_article.values():
        for one, other in combinations(told, 2):
            if len(one.articles) > 1 and len(other.articles) > 1:
                pair = (one.id, other.id) if one.id < other.id else (other.id, one.id)
                if pair in compared:
                    continue
                compared.add(pair)
            for name, link in links_between(one, other):
                links[name].append(link)
    return {name: sorted(found, key=link_order) for name, found in links.items()}


def links_between(one: Told, other: Told) -> Iterator[tuple[str, EventLink]]:
    """The links of two events that share an article, each with the id of the event that it is a link of."""
    for event, another in ((one, other), (other, one)):
        for link in _between(event, another):
            yield event.id, link


def link_order(link: EventLink) -> tuple[str, str]:
    """By which the links of an event are sorted."""
    return link.type, link.event


def _between(event: Told, other: Told) -> Iterable[EventLink]:
    """The links of an event to another; an act has none to a statement."""
    if event.kind != STATEMENT:
        return _of_acts(event, other) if other.kind != STATEMENT else ()
    return _of_statements(event, other) if other.kind == STATEMENT else _of_saying(event, other)


def _of_acts(event: Told, other: Told) -> Iterator[EventLink]:
    if _implements(event, other):
        yield EventLink(type="implements", event=other.id, because="those who were to leave leave, as many, afterwards")
    words = _answered(event, other)
    if words:
        yield EventLink(type="in_response_to", event=other.id, because=f"told as the answer to {words!r}")
    if _announced_with(event, other):
        because = "on one day, by and against the same, and told together by two articles or more"
        yield EventLink(type="announced_with", event=other.id, because=because)
    if _excludes(event, other):
        because = "done by one source, not so by another, of about the same day; not alike enough to be one event"
        yield EventLink(type="contradicts", event=other.id, because=because)


def _of_saying(event: Told, act: Told) -> Iterator[EventLink]:
    if not event.says.isdisjoint(act.records):
        because = "it names the act, and the same words of an article carry both"
        yield EventLink(type="about", event=act.id, because=because)


def _of_statements(event: Told, other: Told) -> Iterator[EventLink]:
    if event.status in _DENIALS and _accuses(other, event):
        yield EventLink(type="denies", event=other.id, because="the accused denies, in an article that tells both")
    elif _contradicts(event, other):
        because = "another speaker says otherwise, in an article that tells both, of the same in several words"
        yield EventLink(type="contradicts", event=other.id, because=because)


def _implements(event: Told, other: Told) -> bool:
    return (
        event.kind == "action:departure"
        and other.kind in _LEFT_FOR
        and other.occurred
        and _crosses(event, other)
        and (not event.counts or not other.counts or bool(event.counts & other.counts))
        and (event.when is None or other.when is None or other.when.first <= event.when.last)
    )


def _crosses(event: Told, other: Told) -> bool:
    """Whether those who act in each are those whom the other is aimed at."""
    return not event.sources.isdisjoint(other.targets) and not event.targets.isdisjoint(other.sources)


def _answered(event: Told, other: Told) -> str:
    """The words by which a record of the event names the other as what it answers."""
    if not event.answers or not _crosses(event, other) or not _was_before(other, event):
        return ""
    named = (words for article, words in event.answers if article in other.articles and names(words, other.kind))
    return next(named, "")


def _was_before(other: Told, event: Told) -> bool:
    """Whether one can be the answer to the other: it came before, and not in another season."""
    if other.has_background:
        return False
    return event.when is None or other.when is None or 0 <= event.when.last - other.when.first <= _ANSWERED_WITHIN


def _announced_with(event: Told, other: Told) -> bool:
    return (
        event.kind != other.kind
        and event.kind in _IN_PACKAGE
        and other.kind in _IN_PACKAGE
        and event.occurred == other.occurred
        and bool(event.sources & other.sources and event.targets & other.targets)
        and (event.when is None or other.when is None or event.when.distance(other.when) == 0)
        and not (event.has_background or other.has_background)
        and len(event.articles & other.articles) >= 2
    )


def _accuses(event: Told, denial: Told) -> bool:
    return (
        event.status == "accuse"
        and bool(event.targets & denial.sources)
        and not event.sources & denial.sources
        and (event.when is None or denial.when is None or event.when.distance(denial.when) <= APART)
    )


def _contradicts(event: Told, other: Told) -> bool:
    return (
        event.status in _DOUBTS
        and other.status in _CLAIMS
        and any(
            _says_otherwise(said, claimed)
            for article in event.articles & other.articles
            for said in event.sayings_in[article]
            for claimed in other.sayings_in[article]
        )
    )


def _says_otherwise(said: Saying, claimed: Saying) -> bool:
    """Whether another speaker speaks of the same, in several words."""
    if said.speaker and claimed.speaker and same(said.speaker, claimed.speaker):
        return False
    return len(said.content & claimed.content) >= _SHARED_WORDS


def _excludes(event: Told, other: Told) -> bool:
    ended = {event.status, other.status}
    return (
        event.kind == other.kind
        and event.occurred != other.occurred
        and bool(ended & NOT_DONE)
        and bool(event.sources & other.sources and event.targets & other.targets)
        and event.when is not None
        and other.when is not None
        and event.when.distance(other.when) <= WINDOW
    )
