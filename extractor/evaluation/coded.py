"""A run's derived codes held against gold that is coded in PLOVER: root codes, quad classes, cooperation or conflict.

For each event of gold the run's record of the same passage and the same two parties is sought, whatever it is coded as;
then its code is compared. Without one, the event counts as wrong.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from pydantic import JsonValue

from extractor.codes import (
    PLOVER_EVENTS,
    PLOVER_VERSION,
    QUAD_CLASSES,
    EventCode,
    action_code,
    country_code,
    sanction_code,
    statement_code,
)
from extractor.consolidation.naming import tokens
from extractor.evaluation.bootstrap import Tally, f1_interval
from extractor.evaluation.facets import Span
from extractor.evaluation.gold import YIELD, GoldArticle, GoldCode, GoldRecord, alternatives, first
from extractor.evaluation.matching import assign, overlap
from extractor.evaluation.outcomes import pair_articles
from extractor.evaluation.report import ClassScore, CodeFault, LevelScore, SchemeEvaluation, Score
from extractor.grounding import GroundedText
from extractor.schema.claims import Actor, SanctionTarget
from extractor.schema.output import ExtractionResult
from extractor.schema.records import AnyRecord, DiplomaticAction, RecordType, Sanction
from extractor.schema.vocabulary import (
    Action,
    ActionStatus,
    Measure,
    SanctionDirection,
    SanctionStatus,
    SpeechAct,
)
from extractor.verification.wording import countries_in

_SIDES = {1: "cooperation", 2: "cooperation", 3: "conflict", 4: "conflict"}
# With nothing to compare: neither for nor against.
_OPEN = 0.5
# Letters by which two forms of a word are known for one: Norvania, Norvanian.
_STEM = 5
# What an act has over a statement where both fit: enough to decide between equals.
_ACT = 0.25
DEFINITIONS = {
    "found": "a record of the run that has a PLOVER event, shares the event's passage, and contradicts neither its "
    "source nor its target (by country, else by a word of the name); assigned one to one with the greatest agreement, "
    "without regard to its code; of equals an act before what is said of it; of gold's own records, those of one type",
    "accuracy": "the share of gold's events whose record has the same code; one that was not found counts as wrong",
    "macro F1": "the mean of F1 over all codes that gold or the run's found records have, as scikit-learn reports it; "
    "an event that was not found is a miss of its code",
    "quad class": "that of the PLOVER event; YIELD is material cooperation",
    "alternatives": "where gold has several codes as equally right, the run's counts if it is among them",
    "further": "events of the run beyond those of gold are not scored: such sets code some pairs of actors, not all",
}


@dataclass(frozen=True, slots=True)
class _Parties:
    """Who acts, or is acted upon: countries, and the stems of the words of names."""

    countries: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, named: Iterable[tuple[str | None, str | None]]) -> _Parties:
        """From names and countries; a country may be a code or a name, and is read off the name where it is absent."""
        countries: set[str] = set()
        words: set[str] = set()
        for name, country in named:
            code = country_code(country) or country_code(name)
            countries |= {code} if code else countries_in(name or "")
            words |= {word[:_STEM] for word in tokens(name or "")}
        return cls(frozenset(countries), frozenset(words))

    def agreement(self, other: _Parties) -> float:
        """1 where they are the same, 0 where they are not, a half where either says nothing."""
        if self.countries and other.countries:
            return float(not self.countries.isdisjoint(other.countries))
        if self.words and other.words:
            return float(not self.words.isdisjoint(other.words))
        return _OPEN


@dataclass(frozen=True, slots=True)
class _Event:
    """An event of gold or of a run: its parties, its passages, and the codes that are right for it.

    `type` is that of its record; None where gold codes a sentence.
    """

    id: str
    type: RecordType | None
    sources: _Parties
    targets: _Parties
    spans: tuple[Span, ...]
    codes: tuple[str, ...]
    evidence: tuple[str, ...] = ()


@dataclass(slots=True)
class _Article:
    """What became of one article's events: gold's, each with the run's or none."""

    name: str
    pairs: list[tuple[_Event, _Event | None]] = field(default_factory=list)
    further: int = 0


def evaluate_codes(result: ExtractionResult, gold: Iterable[GoldArticle]) -> SchemeEvaluation:
    """Score a run's PLOVER codes against gold: coded events where it has them, else those of its records.

    Raises:
        BadGold: an article's text is not the one that the gold was made for.
        MissingExtra: scipy is not installed.
    """
    pairing = pair_articles(result, gold)
    by_article: dict[str, list[AnyRecord]] = defaultdict(list)
    for record in result.records:
        by_article[record.article].append(record)
    articles = [
        _article(report.name, item, by_article[report.id], GroundedText(report.text)) for report, item in pairing.both
    ]
    folded = any(YIELD in event.codes for article in articles for event, _ in article.pairs)
    root = _folded if folded else str
    return SchemeEvaluation(
        scheme=f"PLOVER {PLOVER_VERSION}",
        definitions=DEFINITIONS,
        articles=len(articles),
        without_gold=list(pairing.without_gold),
        not_in_run=list(pairing.not_in_run),
        events=sum(len(article.pairs) for article in articles),
        found=sum(found is not None for article in articles for _, found in article.pairs),
        further=sum(article.further for article in articles),
        roots=_level(articles, root),
        quad_classes=_level(articles, lambda code: QUAD_CLASSES[_quad(code)]),
        sides=_level(articles, lambda code: _SIDES[_quad(code)]),
        faults=[fault for article in articles for fault in _faults(article, root)],
    )


def _folded(code: str) -> str:
    return YIELD if code in ("CONCEDE", "RETREAT") else code


def _quad(code: str) -> int:
    return PLOVER_EVENTS["RETREAT" if code == YIELD else code].quad_class


def _article(name: str, gold: GoldArticle, records: Sequence[AnyRecord], text: GroundedText) -> _Article:
    wanted = list(_events_of_gold(gold, text))
    given = [_event_of_record(record) for record in records if record.derived.plover_event]
    scores = {
        (a, b): score
        for a, b in product(range(len(wanted)), range(len(given)))
        if (score := _score(wanted[a], given[b]))
    }
    assigned = dict(assign(scores, len(wanted), len(given)))
    pairs = [(event, given[assigned[place]] if place in assigned else None) for place, event in enumerate(wanted)]
    return _Article(name, pairs, len(given) - len(assigned))


def _score(one: _Event, other: _Event) -> float:
    """How likely an event of gold and one of a run are the same; 0 where they cannot be."""
    if one.type not in (None, other.type):
        return 0.0
    sources, targets = one.sources.agreement(other.sources), one.targets.agreement(other.targets)
    shared = overlap(one.spans, other.spans)
    act = _ACT * (other.type != "statement")
    return sources + targets + shared + act if sources and targets and shared else 0.0


def _events_of_gold(gold: GoldArticle, text: GroundedText) -> Iterator[_Event]:
    if gold.codes is not None:
        for code in gold.codes:
            yield _of_code(code, text)
        return
    for record in gold.records:
        codes = tuple(dict.fromkeys(code.plover_event for code in _codes(record) if code and code.plover_event))
        if record.is_scored and codes:
            sources, targets = (_of_field(record, name) for name in _PARTIES[record.type])
            spans = _spans(record.evidence, text)
            yield _Event(record.id, record.type, sources, targets, spans, codes, tuple(record.evidence))


def _of_code(code: GoldCode, text: GroundedText) -> _Event:
    sources, targets = (
        _Parties.of((party.name, party.country) for party in parties) for parties in (code.sources, code.targets)
    )
    spans = _spans(code.evidence, text)
    return _Event(code.id, None, sources, targets, spans, (code.plover_event,), tuple(code.evidence))


def _spans(passages: Iterable[str], text: GroundedText) -> tuple[Span, ...]:
    found = (text.locate(passage) for passage in passages)
    return tuple((place.start, place.end) for place in found if place)


_PARTIES = {
    "diplomatic_action": ("actors", "targets"),
    "sanction": ("senders", "targets"),
    "statement": ("speaker", "target"),
}


def _of_field(record: GoldRecord, name: str) -> _Parties:
    value = first(record.fields.get(name))
    listed = value if isinstance(value, list) else [value]
    return _Parties.of((_text(party, "name"), _text(party, "country")) for party in listed if isinstance(party, dict))


def _text(party: dict[str, JsonValue], name: str) -> str | None:
    value = party.get(name)
    return value if isinstance(value, str) else None


def _codes(record: GoldRecord) -> Iterator[EventCode | None]:
    """The codes of a gold record, for each of the values that are equally right."""

    def said(name: str) -> list[Any]:
        return alternatives(record.fields.get(name))

    if record.type == "statement":
        yield from (statement_code(SpeechAct(act)) for act in said("act") if act)
    elif record.type == "diplomatic_action":
        for action, status in product(said("action"), said("status")):
            yield action_code(Action(action), ActionStatus(status)) if action and status else None
    else:
        listed = first(record.fields.get("measures"))
        measures = [Measure(str(measure)) for measure in listed] if isinstance(listed, list) else []
        for status, direction in product(said("status"), said("direction")):
            if status and direction:
                yield sanction_code(SanctionStatus(status), measures, SanctionDirection(direction))


def _event_of_record(record: AnyRecord) -> _Event:
    sources: Sequence[Actor | SanctionTarget]
    targets: Sequence[Actor | SanctionTarget]
    if isinstance(record, DiplomaticAction):
        sources, targets = record.actors, record.targets
    elif isinstance(record, Sanction):
        sources, targets = record.senders, record.targets
    else:
        sources, targets = ([party] if party else [] for party in (record.speaker, record.target))
    return _Event(
        record.id,
        record.type,
        _Parties.of((party.name, party.country) for party in sources),
        _Parties.of((party.name, party.country) for party in targets),
        tuple((evidence.start, evidence.end) for evidence in record.evidence),
        (str(record.derived.plover_event),),
        tuple(evidence.quote for evidence in record.evidence),
    )


_Naming = Callable[[str], str]


def _labels(pair: tuple[_Event, _Event | None], name: _Naming) -> tuple[str, str | None]:
    """Gold's class and the run's; of classes that are equally right the run's, if it is one of them."""
    event, found = pair
    wanted = [name(code) for code in event.codes]
    given = name(found.codes[0]) if found else None
    return (given if given in wanted else wanted[0]), given


def _level(articles: Sequence[_Article], name: _Naming) -> LevelScore:
    labelled = [[_labels(pair, name) for pair in article.pairs] for article in articles]
    hits = [sum(wanted == given for wanted, given in pairs) for pairs in labelled]
    # With as many spurious as missed ones, F1 is the accuracy.
    tallies = [
        Tally(right, len(pairs) - right, len(pairs) - right) for right, pairs in zip(hits, labelled, strict=True)
    ]
    table = Counter(pair for pairs in labelled for pair in pairs)
    order = list(dict.fromkeys([name(code) for code in (*PLOVER_EVENTS, YIELD)]))
    classes = [_class(label, table) for label in order if any(label in pair for pair in table)]
    return LevelScore(
        accuracy=sum(hits) / table.total() if table else None,
        interval=f1_interval(tallies),
        macro_f1=sum(item.score.f1 or 0 for item in classes) / len(classes) if classes else None,
        classes=classes,
    )


def _class(label: str, table: Counter[tuple[str, str | None]]) -> ClassScore:
    hits = table[label, label]
    gold = sum(count for (wanted, _), count in table.items() if wanted == label)
    run = sum(count for (_, given), count in table.items() if given == label)
    return ClassScore(name=label, score=Score.of(hits, run - hits, gold - hits))


def _faults(article: _Article, name: _Naming) -> Iterator[CodeFault]:
    for event, found in article.pairs:
        wanted, given = _labels((event, found), name)
        if wanted != given:
            yield CodeFault(
                article=article.name,
                gold=event.id,
                record=found.id if found else None,
                expected=wanted,
                found=given,
                evidence=list((found or event).evidence),
            )
