"""A record as consolidation sees it: who, whom, when, how many, where, and in which words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from extractor.consolidation.identity import Cast, Identity, same, state_names
from extractor.consolidation.naming import names, tokens
from extractor.schema.output import ArticleReport
from extractor.schema.records import AnyRecord, DiplomaticAction, Sanction, Statement
from extractor.schema.spans import DateAnchor, Evidence
from extractor.schema.vocabulary import SpeechAct

NOBODY = "-"
# Days before an article's date within which its undated news is taken to lie.
_FRESH = 31
# Share of the shorter of two passages that both have, from which on they are the same words of the article.
_SHARED_EVIDENCE = 0.5
# Letters by which two forms of a word are known for one: "expelling", "expell".
_STEM = 5
# Speech acts by which an act gets its status.
_DECIDING = (SpeechAct.ANNOUNCE, SpeechAct.PROPOSE, SpeechAct.THREATEN, SpeechAct.RULE_OUT, SpeechAct.DENY)
_DENIALS = (SpeechAct.DENY, SpeechAct.REJECT)
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


# Words of a denial that tell only that something is denied, by their first letters.
_BARE = frozenset(
    word[:_STEM]
    for word in """accusation accusations accused again allegation allegations alleged categorically charge charges
    claim claims continued denial denied denies deny denying dismiss dismissed dismisses involved involvement part
    reject rejected rejecting rejects repeatedly responsibility role strongly wrongdoing""".split()
)


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both ends included, as ordinals."""

    first: int
    last: int

    def distance(self, other: Period) -> int:
        """The days between two periods; 0 where they share one."""
        return max(0, self.first - other.last, other.first - self.last)


@dataclass(frozen=True)
class Mention:
    """A record with what it is compared by.

    `when` is its own date; `around` the days in which it lies if it has none, by its article's date; `cast` are the
    actors of its article, `dateline` the article's date in EDTF. Of a statement, `says` are the ids of the acts in its
    article that it is the saying of, and `topics` name the events of these, once they are known.
    """

    record: AnyRecord
    when: Period | None
    around: Period | None
    cast: Cast
    dateline: str | None = None
    says: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The record's id."""
        return self.record.id

    @property
    def article(self) -> str:
        """Its article's id."""
        return self.record.article

    @cached_property
    def kind(self) -> str:
        """What is done; records of different kinds are never one event."""
        return kind_of(self.record)

    @cached_property
    def status(self) -> str:
        """How far it has come; of a statement, the speech act."""
        return str(self.record.act if isinstance(self.record, Statement) else self.record.status)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Countries of those who act; their names where no country is known."""
        return tuple(self.record.derived.source_countries) or _names(_actors(self.record))

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Countries of those whom it is aimed at; their names where no country is known."""
        return tuple(self.record.derived.target_countries) or _names(_targets(self.record))

    @cached_property
    def count(self) -> int | None:
        """How many it concerns."""
        match self.record:
            case DiplomaticAction():
                return self.record.count
            case Sanction():
                return self.record.target_count
            case Statement():
                return None

    @cached_property
    def decided_by(self) -> Identity | None:
        """Whose decision it is."""
        match self.record:
            case DiplomaticAction():
                return self.cast.who(self.record.status_by)
            case Sanction():
                return self.cast.who(self.record.authority)
            case Statement():
                return None

    @cached_property
    def places(self) -> frozenset[str]:
        """Words of the places' names."""
        if not isinstance(self.record, DiplomaticAction):
            return frozenset()
        return frozenset(word for place in self.record.places for word in tokens(place))

    @cached_property
    def aimed_at(self) -> frozenset[str]:
        """Words of the targets' names."""
        return frozenset(word for target in _targets(self.record) for word in tokens(target))

    @cached_property
    def aims(self) -> frozenset[str]:
        """Whole names of the targets."""
        return frozenset(" ".join(tokens(name)) for name in _targets(self.record))

    @cached_property
    def speaker(self) -> Identity | None:
        """Who speaks; None for an act, and where the article does not tell."""
        return self.cast.who(self.record.speaker) if isinstance(self.record, Statement) else None

    @cached_property
    def content(self) -> frozenset[str]:
        """Beginnings of the words of what was said, in quotation marks and in the summary, but for the speaker's name.

        A denial's words for denying are left out, too: what is left is what it denies.
        """
        if not isinstance(self.record, Statement):
            return frozenset()
        said = {word[:_STEM] for text in (*self.record.quotes, self.record.content) for word in tokens(text)}
        own = {word[:_STEM] for word in tokens(self.record.speaker.name)} if self.record.speaker else set()
        return frozenset(said - own - (_BARE if self.record.act in _DENIALS else frozenset()))

    @cached_property
    def is_bare_denial(self) -> bool:
        """Whether it says that something is denied, and not what."""
        if not isinstance(self.record, Statement) or self.record.act not in _DENIALS:
            return False
        named = [actor.name for actor in (self.record.speaker, self.record.target) if actor]
        known = {word[:_STEM] for word in tokens(" ".join([*named, *state_names(self.record.content)]))}
        return not self.content - known

    @cached_property
    def quoted(self) -> tuple[frozenset[str], ...]:
        """Words of each fragment in quotation marks that is more than a word or two."""
        if not isinstance(self.record, Statement):
            return ()
        return tuple(words for quote in self.record.quotes if len(words := frozenset(tokens(quote))) >= 3)


def mentions_of(records: Iterable[AnyRecord], articles: Mapping[str, ArticleReport]) -> list[Mention]:
    """The records as mentions, each once, in an order that the order of input has no part in."""
    ordered = sorted({record.id: record for record in records}.values(), key=lambda record: record.id)
    told = defaultdict(list)
    for record in ordered:
        told[record.article].append(record)
    return [mention for article in told.values() for mention in _of_article(article, articles[article[0].article])]


def _of_article(records: Sequence[AnyRecord], article: ArticleReport) -> Iterator[Mention]:
    cast = Cast(records)
    known = _dated(article)
    acts = [record for record in records if not isinstance(record, Statement)]
    for record in records:
        yield Mention(
            record,
            when=_own(record),
            around=_around(record, article),
            cast=cast,
            dateline=known.value if known else None,
            says=frozenset(act.id for act in acts if _says(record, act, cast)),
        )


def _says(said: AnyRecord, act: DiplomaticAction | Sanction, cast: Cast) -> bool:
    """Whether a statement is the saying of an act: the article's same words carry both.

    It has a word for the act besides, or its speaker is the one whose decision gives the act's status.
    """
    if not isinstance(said, Statement) or not any(
        _overlap(one, other) for one in said.evidence for other in act.evidence
    ):
        return False
    if names(f"{said.content} {said.about or ''}", kind_of(act)):
        return True
    decided = cast.who(act.status_by if isinstance(act, DiplomaticAction) else act.authority)
    speaker = cast.who(said.speaker)
    return said.act in _DECIDING and decided is not None and speaker is not None and same(speaker, decided)


def _overlap(one: Evidence, other: Evidence) -> bool:
    common = min(one.end, other.end) - max(one.start, other.start)
    return common >= _SHARED_EVIDENCE * min(one.end - one.start, other.end - other.start)


def kind_of(record: AnyRecord) -> str:
    """What a record tells of: "action:expulsion", "sanction:impose", "statement"."""
    match record:
        case DiplomaticAction():
            return f"action:{record.action}"
        case Sanction():
            return f"sanction:{record.direction}"
        case Statement():
            return "statement"


def period_of(edtf: str) -> Period | None:
    """The days of an EDTF value; of an open interval, its known end's."""
    parts = edtf.strip("[]{}").replace("..", "/").replace(",", "/").split("/")
    ends = [days for part in parts if (days := _days(part))]
    return Period(ends[0].first, ends[-1].last) if ends else None


def _days(text: str) -> Period | None:
    match = _DAY.match(text.strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    if year is None:
        return None
    try:
        first = date(year, month or 1, day or 1)
        if day:
            last = first
        elif month:
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(1)
        else:
            last = date(year, 12, 31)
    except (ValueError, OverflowError):
        return None
    return Period(first.toordinal(), last.toordinal())


def _own(record: AnyRecord) -> Period | None:
    return period_of(record.date.value) if record.date and record.date.value else None


def _around(record: AnyRecord, article: ArticleReport) -> Period | None:
    known = _dated(article)
    told = period_of(known.value) if known and not record.is_background else None
    return Period(told.first - _FRESH, told.last + _FRESH) if told else None


def _dated(article: ArticleReport) -> DateAnchor | None:
    return article.published or article.anchor


def _actors(record: AnyRecord) -> list[str]:
    match record:
        case DiplomaticAction():
            return [actor.name for actor in record.actors]
        case Sanction():
            return [actor.name for actor in record.senders]
        case Statement():
            return [record.speaker.name] if record.speaker else []


def _targets(record: AnyRecord) -> list[str]:
    match record:
        case DiplomaticAction() | Sanction():
            return [target.name for target in record.targets]
        case Statement():
            return [record.target.name] if record.target else []


def _names(names: Iterable[str]) -> tuple[str, ...]:
    found = sorted({" ".join(words) for name in names if (words := tokens(name))})
    return tuple(f"name:{name}" for name in found) or (NOBODY,)
