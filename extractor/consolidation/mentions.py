"""A record as consolidation sees it: who, whom, when, how many, where, and in which words.

It is made from the records of one article alone, and is free of them then: to compare many, they need not be held.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from extractor.consolidation.compact import Compact
from extractor.consolidation.identity import Cast, Identity, same, state_names
from extractor.consolidation.naming import names, tokens
from extractor.consolidation.reading import Given, decided_in, given_by
from extractor.schema.records import AnyRecord, DiplomaticAction, RecordType, Sanction, Statement
from extractor.schema.spans import Evidence
from extractor.schema.vocabulary import SpeechAct

NOBODY = "-"
# One for all records that have none.
_NONE: frozenset[str] = frozenset()
# The kind of all statements.
STATEMENT = "statement"
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
class Period(Compact):
    """Days, both ends included, as ordinals."""

    first: int
    last: int

    def distance(self, other: Period) -> int:
        """The days between two periods; 0 where they share one."""
        if self.first > other.last:
            return self.first - other.last
        return other.first - self.last if other.first > self.last else 0


@dataclass(frozen=True, slots=True)
class Mention(Compact):
    """What a record is compared by, free of the record.

    `kind` is what is done, and records of different kinds are never one event; `status` how far it has come, of a
    statement the speech act. `sources` and `targets` are countries, or names where no country is known. `when` is its
    own date; `around` the days in which it lies if it has none, by its article's date.

    `places` and `aimed_at` are words of the names of places and targets, `aims` whole names of targets, `decided_by`
    is whose decision it is, `answers` are the words for what an act answers. Of a statement, `content` has the
    beginnings of the words of what was said and `quoted` the words of each fragment in quotation marks; `says` are the
    ids of the acts in its article that it is the saying of, and `topics` name the events of these, once they are known.
    """

    id: str
    article: str
    kind: str
    status: str
    is_background: bool
    when: Period | None
    around: Period | None
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    count: int | None
    decided_by: Identity | None
    places: frozenset[str]
    aimed_at: frozenset[str]
    aims: frozenset[str]
    answers: str | None
    speaker: Identity | None
    content: frozenset[str]
    is_bare_denial: bool
    quoted: tuple[frozenset[str], ...]
    says: frozenset[str]
    topics: frozenset[str]

    @property
    def period(self) -> Period | None:
        """The days in which it lies, as far as they are known."""
        return self.when or self.around


@dataclass(frozen=True, slots=True)
class Telling(Mention):
    """A mention with all that an event shows of its record.

    `given` are the values of its fields, `date` and `date_words` those of its date, `by` is who gives it its status,
    `evidence` are its passages, `dateline` is its article's date in EDTF.
    """

    type: RecordType
    source_countries: tuple[str, ...]
    target_countries: tuple[str, ...]
    given: Mapping[str, Given]
    date: str | None
    date_words: str | None
    by: str | None
    evidence: tuple[str, ...]
    dateline: str | None

    def bare(self) -> Mention:
        """What it is compared by alone."""
        return Mention(*(getattr(self, name) for name in Mention.__match_args__))


def told_in(records: Sequence[AnyRecord], cast: Cast, dateline: str | None) -> Iterator[Telling]:
    """The records of one article as mentions; `dateline` is the article's date in EDTF."""
    acts = [_Act(record, *_extent(record)) for record in records if not isinstance(record, Statement)]
    for record in records:
        yield _telling(record, cast, acts, dateline)


def _telling(record: AnyRecord, cast: Cast, acts: Iterable[_Act], dateline: str | None) -> Telling:
    content = _content(record) if isinstance(record, Statement) else _NONE
    source_countries, target_countries = tuple(record.derived.source_countries), tuple(record.derived.target_countries)
    targets = _targets(record)
    return Telling(
        id=record.id,
        article=record.article,
        kind=kind_of(record),
        status=str(record.act if isinstance(record, Statement) else record.status),
        is_background=record.is_background,
        when=period_of(record.date.value) if record.date and record.date.value else None,
        around=None if record.is_background else _around(dateline),
        sources=source_countries or _names(_actors(record)),
        targets=target_countries or _names(targets),
        count=_count(record),
        decided_by=_decided_by(record, cast),
        places=_words(record.places if isinstance(record, DiplomaticAction) else ()),
        aimed_at=_words(targets),
        aims=frozenset(" ".join(tokens(name)) for name in targets) if targets else _NONE,
        answers=record.in_response_to if isinstance(record, DiplomaticAction) else None,
        speaker=cast.who(record.speaker) if isinstance(record, Statement) else None,
        content=content,
        is_bare_denial=isinstance(record, Statement) and _is_bare_denial(record, content),
        quoted=_quoted(record) if isinstance(record, Statement) else (),
        says=_said_by(record, acts, cast) if isinstance(record, Statement) else _NONE,
        topics=_NONE,
        type=record.type,
        source_countries=source_countries,
        target_countries=target_countries,
        given=given_by(record, cast),
        date=record.date.value if record.date else None,
        date_words=record.date.text if record.date else None,
        by=decided_in(record),
        evidence=tuple(evidence.quote for evidence in record.evidence),
        dateline=dateline,
    )


def _count(record: AnyRecord) -> int | None:
    match record:
        case DiplomaticAction():
            return record.count
        case Sanction():
            return record.target_count
        case Statement():
            return None


def _decided_by(record: AnyRecord, cast: Cast) -> Identity | None:
    match record:
        case DiplomaticAction():
            return cast.who(record.status_by)
        case Sanction():
            return cast.who(record.authority)
        case Statement():
            return None


def _words(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in tokens(text)) if texts else _NONE


def _content(said: Statement) -> frozenset[str]:
    """Beginnings of the words of what was said, in quotation marks and in the summary, but for the speaker's name.

    A denial's words for denying are left out, too: what is left is what it denies.
    """
    words = {word[:_STEM] for text in (*said.quotes, said.content) for word in tokens(text)}
    if said.speaker:
        words.difference_update(word[:_STEM] for word in tokens(said.speaker.name))
    return frozenset(words - _BARE if said.act in _DENIALS else words)


def _is_bare_denial(said: Statement, content: frozenset[str]) -> bool:
    """Whether it says that something is denied, and not what."""
    if said.act not in _DENIALS:
        return False
    named = [actor.name for actor in (said.speaker, said.target) if actor]
    known = {word[:_STEM] for word in tokens(" ".join([*named, *state_names(said.content)]))}
    return not content - known


def _quoted(said: Statement) -> tuple[frozenset[str], ...]:
    """Words of each fragment in quotation marks that is more than a word or two."""
    return tuple(words for quote in said.quotes if len(words := frozenset(tokens(quote))) >= 3)


class _Act(NamedTuple):
    """An act, with where its first passage begins and its last one ends."""

    record: DiplomaticAction | Sanction
    start: int
    end: int


def _said_by(said: Statement, acts: Iterable[_Act], cast: Cast) -> frozenset[str]:
    """The acts that a statement is the saying of."""
    start, end = _extent(said)
    near = [act.record for act in acts if act.start <= end and start <= act.end]
    return frozenset(act.id for act in near if _says(said, act, cast)) if near else _NONE


def _extent(record: AnyRecord) -> tuple[int, int]:
    starts, ends = [passage.start for passage in record.evidence], [passage.end for passage in record.evidence]
    return min(starts, default=0), max(ends, default=0)


def _says(said: Statement, act: DiplomaticAction | Sanction, cast: Cast) -> bool:
    """Whether a statement is the saying of an act: the article's same words carry both.

    It has a word for the act besides, or its speaker is the one whose decision gives the act's status.
    """
    if not any(_overlap(one, other) for one in said.evidence for other in act.evidence):
        return False
    if names(f"{said.content} {said.about or ''}", kind_of(act)):
        return True
    decided = _decided_by(act, cast)
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
            return STATEMENT


@lru_cache(maxsize=1 << 12)
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


@lru_cache(maxsize=1 << 12)
def _around(dateline: str | None) -> Period | None:
    told = period_of(dateline) if dateline else None
    return Period(told.first - _FRESH, told.last + _FRESH) if told else None


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
