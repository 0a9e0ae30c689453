"""How events stand to each other: what carries out, answers, accompanies or denies what. One rule each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations

from extractor.consolidation.history import NOT_DONE
from extractor.consolidation.identity import same
from extractor.consolidation.mentions import Mention, Period
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
# What is announced in one package with sanctions.
_IN_PACKAGE = ("action:expulsion", "action:closure", "action:facility_restriction", "action:staff_cap")


@dataclass(frozen=True)
class Told:
    """An event as far as links go by it."""

    id: str
    kind: str
    status: str
    occurred: bool
    sources: frozenset[str]
    targets: frozenset[str]
    when: Period | None
    members: tuple[Mention, ...]

    @cached_property
    def articles(self) -> frozenset[str]:
        """The articles that tell it."""
        return frozenset(mention.article for mention in self.members)

    @cached_property
    def counts(self) -> frozenset[int]:
        """The counts that its records give."""
        return frozenset(mention.count for mention in self.members if mention.count is not None)


def links_of(events: Iterable[Told]) -> dict[str, list[EventLink]]:
    """The links of each event that has any, by its id; only events that share an article are compared."""
    by_article: dict[str, list[Told]] = defaultdict(list)
    for event in events:
        for article in event.articles:
            by_article[article].append(event)
    links: dict[str, list[EventLink]] = defaultdict(list)
    for article, told in by_article.items():
        for name, link in links_in(article, told):
            links[name].append(link)
    return {name: sorted(found, key=link_order) for name, found in links.items()}


def links_in(article: str, events: Iterable[Told]) -> Iterator[tuple[str, EventLink]]:
    """The links between the events of an article that no article before it has both of, each with its event's id."""
    for event, other in permutations(events, 2):
        if min(event.articles & other.articles) == article:
            yield from ((event.id, link) for link in _between(event, other))


def link_order(link: EventLink) -> tuple[str, str]:
    """By which the links of an event are sorted."""
    return link.type, link.event


def _between(event: Told, other: Told) -> Iterator[EventLink]:
    if _implements(event, other):
        yield EventLink(type="implements", event=other.id, because="those who were to leave leave, as many, afterwards")
    words = _answered(event, other)
    if words:
        yield EventLink(type="in_response_to", event=other.id, because=f"told as the answer to {words!r}")
    if _announced_with(event, other):
        because = "on one day, by and against the same, and told together by two articles or more"
        yield EventLink(type="announced_with", event=other.id, because=because)
    if any(said.says.intersection(act.id for act in other.members) for said in event.members):
        because = "it names the act, and the same words of an article carry both"
        yield EventLink(type="about", event=other.id, because=because)
    if event.kind == "statement" and event.status in _DENIALS and _accuses(other, event):
        yield EventLink(type="denies", event=other.id, because="the accused denies, in an article that tells both")
    elif _contradicts(event, other):
        because = "another speaker says otherwise, in an article that tells both, of the same in several words"
        yield EventLink(type="contradicts", event=other.id, because=because)
    if _excludes(event, other):
        because = "done by one source, not so by another, of about the same day; not alike enough to be one event"
        yield EventLink(type="contradicts", event=other.id, because=because)


def _implements(event: Told, other: Told) -> bool:
    return (
        event.kind == "action:departure"
        and other.kind in _LEFT_FOR
        and other.occurred
        and bool(event.sources & other.targets and event.targets & other.sources)
        and (not event.counts or not other.counts or bool(event.counts & other.counts))
        and (event.when is None or other.when is None or other.when.first <= event.when.last)
    )


def _answered(event: Told, other: Told) -> str:
    """The words by which a record of the event names the other as what it answers."""
    if not (event.sources & other.targets and event.targets & other.sources) or not _was_before(other, event):
        return ""
    for mention in event.members:
        if mention.answers and mention.article in other.articles and names(mention.answers, other.kind):
            return mention.answers
    return ""


def _was_before(other: Told, event: Told) -> bool:
    """Whether one can be the answer to the other: it came before, and not in another season."""
    if any(mention.is_background for mention in other.members):
        return False
    return event.when is None or other.when is None or 0 <= event.when.last - other.when.first <= _ANSWERED_WITHIN


def _announced_with(event: Told, other: Told) -> bool:
    kinds = {event.kind, other.kind}
    return (
        event.kind != other.kind
        and kinds <= {"sanction:impose", *_IN_PACKAGE}
        and event.occurred == other.occurred
        and bool(event.sources & other.sources and event.targets & other.targets)
        and (event.when is None or other.when is None or event.when.distance(other.when) == 0)
        and not any(mention.is_background for mention in (*event.members, *other.members))
        and len(event.articles & other.articles) >= 2
    )


def _accuses(event: Told, denial: Told) -> bool:
    return (
        event.kind == "statement"
        and event.status == "accuse"
        and bool(event.targets & denial.sources)
        and not event.sources & denial.sources
        and (event.when is None or denial.when is None or event.when.distance(denial.when) <= APART)
    )


def _contradicts(event: Told, other: Told) -> bool:
    return (
        event.kind == other.kind == "statement"
        and event.status in _DOUBTS
        and other.status in _CLAIMS
        and any(
            said.article == claimed.article
            and len(said.content & claimed.content) >= _SHARED_WORDS
            and not (said.speaker and claimed.speaker and same(said.speaker, claimed.speaker))
            for said in event.members
            for claimed in other.members
        )
    )


def _excludes(event: Told, other: Told) -> bool:
    ended = {event.status, other.status}
    return (
        event.kind == other.kind != "statement"
        and event.occurred != other.occurred
        and bool(ended & NOT_DONE)
        and bool(event.sources & other.sources and event.targets & other.targets)
        and event.when is not None
        and other.when is not None
        and event.when.distance(other.when) <= WINDOW
    )
