"""A run's output held against gold: the figures and the faults."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import get_args

from extractor.codes import realis
from extractor.evaluation.bootstrap import METHOD, Tally, f1_interval, total
from extractor.evaluation.events import ON_GOLD, ON_RUN, event_scores
from extractor.evaluation.faults import faults
from extractor.evaluation.fields import fields_of
from extractor.evaluation.gold import GoldArticle, GoldRecord, options
from extractor.evaluation.grounding import grounding_of, ungrounded
from extractor.evaluation.matching import LIKENESS, Likeness, check_installed
from extractor.evaluation.outcomes import Found, Outcome, outcome, pair_articles
from extractor.evaluation.report import (
    SIDES,
    EvaluatedArticle,
    Evaluation,
    FieldScore,
    Invention,
    RealisScore,
    RecordScore,
    Score,
    StatusScore,
)
from extractor.evaluation.values import DEFINITIONS, Slot, Verdict
from extractor.grounding import GroundedText
from extractor.schema.output import ExtractionResult
from extractor.schema.records import AnyRecord, RecordType, Statement
from extractor.schema.vocabulary import ActionStatus, Realis, SanctionStatus

TYPES: tuple[RecordType, ...] = get_args(RecordType)


def evaluate(result: ExtractionResult, gold: Iterable[GoldArticle]) -> Evaluation:
    """Score a run's records against gold.

    Raises:
        BadGold: an article's text is not the one that the gold was made for.
        MissingExtra: numpy or scipy is not installed.
    """
    check_installed()
    pairing = pair_articles(result, gold)
    by_article: dict[str, list[AnyRecord]] = defaultdict(list)
    for record in result.records:
        by_article[record.article].append(record)
    covered = {
        report.id: [record for record in by_article[report.id] if record.type in item.covers]
        for report, item in pairing.both
    }
    outcomes = [outcome(report, item, covered[report.id]) for report, item in pairing.both]
    scored = {item.article.id for item in outcomes}
    return Evaluation(
        definitions=_definitions(),
        articles=[_article(item, covered[item.article.id]) for item in outcomes],
        without_gold=list(pairing.without_gold),
        not_in_run=list(pairing.not_in_run),
        records=[_records(outcomes, kind) for kind in TYPES],
        statuses=list(_statuses(outcomes)),
        fields=list(_fields(outcomes)),
        realis=_realis(outcomes),
        invention=_invention(outcomes, [record for record in result.records if record.article in scored]),
        grounding=grounding_of(result, scored),
        events=list(event_scores(outcomes, result.events)),
        faults=[fault for item in outcomes for fault in faults(item)],
    )


def _definitions() -> dict[str, str]:
    named = {"records": "exact and lenient F1 count records, as follows; a second record of one thing is spurious"}
    named |= {kind.value: text for kind, text in LIKENESS.items()}
    named["matching"] = (
        "one to one, with the greatest sum of likeness (Hungarian method); one matching for both variants"
    )
    named["status"] = "per status: found leniently, and with that status"
    named["fields"] = (
        "of records found leniently; exact counts values that are equal, lenient those that are alike, too; a wrong "
        "value counts as spurious and as missed, a list's elements count one by one"
    )
    named |= {f"{kind.value} values": text for kind, text in DEFINITIONS.items()}
    named["invented"] = "a value where gold says that the article gives none"
    named["ungrounded"] = "a value that has to be the article's own words, and is not found in it"
    named |= {"events on gold": ON_GOLD, "events on run": ON_RUN}
    named["coreference"] = (
        "MUC, B-cubed and entity CEAF with events of one record, as Pradhan et al. (2014); CoNLL F1 is their mean"
    )
    named["interval"] = METHOD
    return named


def _article(item: Outcome, records: Sequence[AnyRecord]) -> EvaluatedArticle:
    scored = sum(record.is_scored for record in item.gold.records)
    return EvaluatedArticle(
        id=item.article.id, name=item.article.name, outcome=item.article.outcome, gold=scored, records=len(records)
    )


def _score(outcomes: Sequence[Outcome], count: Callable[[Outcome], Tally]) -> Score:
    tallies = [count(item) for item in outcomes]
    return Score.of(*total(tallies), f1_interval(tallies))


def _records(outcomes: Sequence[Outcome], kind: RecordType) -> RecordScore:
    def among(accepted: Collection[Likeness]) -> Score:
        return _score(outcomes, lambda item: _tally(item, lambda found: found.likeness in accepted, kind))

    return RecordScore(type=kind, lenient=among(tuple(Likeness)), exact=among([Likeness.EXACT]))


def _tally(item: Outcome, holds: Callable[[Found], bool], kind: RecordType) -> Tally:
    """One article's hits; a pair that does not hold counts as spurious and as missed."""
    found = [pair for pair in item.found if pair.scored and pair.gold.type == kind]
    hits = sum(map(holds, found))
    spurious = sum(record.type == kind for record in item.spurious)
    missed = sum(record.type == kind for record in item.missed)
    return Tally(hits, spurious + len(found) - hits, missed + len(found) - hits)


def _statuses(outcomes: Sequence[Outcome]) -> Iterator[StatusScore]:
    for kind in TYPES:
        tallies: dict[str, Counter[str]] = defaultdict(Counter)
        for item in (item for item in outcomes if _tells_statuses(item.gold, kind)):
            for found in item.found:
                if found.scored and found.gold.type == kind:
                    given, wanted = _status(found.record), _statuses_of(found.gold)
                    if given in wanted:
                        tallies[given]["hits"] += 1
                    else:
                        tallies[given]["spurious"] += 1
                        tallies[wanted[0]]["missed"] += 1
            for record in item.spurious:
                tallies[_status(record)]["spurious"] += record.type == kind
            for gold in item.missed:
                tallies[_statuses_of(gold)[0]]["missed"] += gold.type == kind
        for status, counts in sorted(tallies.items()):
            if counts.total():
                score = Score.of(counts["hits"], counts["spurious"], counts["missed"])
                yield StatusScore(type=kind, status=status, score=score)


def _status(record: AnyRecord) -> str:
    return str(record.act if isinstance(record, Statement) else record.status)


def _tells_statuses(gold: GoldArticle, kind: RecordType) -> bool:
    """Whether the status or speech act of its records is said; imported gold may lack it."""
    name = "act" if kind == "statement" else "status"
    return all(name in record.fields for record in gold.records if record.type == kind)


def _statuses_of(gold: GoldRecord) -> list[str]:
    return [str(option) for option in options(gold, "act" if gold.type == "statement" else "status") or [None]]


def _fields(outcomes: Sequence[Outcome]) -> Iterator[FieldScore]:
    pairs = [found for item in outcomes for found in item.found if found.scored]
    for kind in TYPES:
        slots: dict[str, list[Slot]] = defaultdict(list)
        for found in pairs:
            if found.gold.type == kind:
                for slot in found.slots:
                    slots[slot.field].append(slot)
        order = list(fields_of(kind))
        for name in sorted(slots, key=lambda name: (order.index(name.partition(".")[0]), name)):
            given = slots[name]
            yield FieldScore(type=kind, field=name, lenient=_of_slots(given, lenient=True), exact=_of_slots(given))


def _of_slots(slots: Iterable[Slot], *, lenient: bool = False) -> Score:
    counts = Counter(slot.verdict for slot in slots)
    hits = counts[Verdict.EQUAL] + lenient * counts[Verdict.ALIKE]
    wrong = counts[Verdict.WRONG] + (not lenient) * counts[Verdict.ALIKE]
    return Score.of(hits, wrong + counts[Verdict.SPURIOUS], wrong + counts[Verdict.MISSING])


def _realis(outcomes: Sequence[Outcome]) -> RealisScore:
    table: Counter[tuple[str, str]] = Counter()
    for item in outcomes:
        for found in item.found:
            if found.gold.type != "statement" and (found.scored or found.gold.tier == "hypothetical"):
                table[_realis_of(found), found.record.derived.realis.value] += 1
        told = {found.record.id for found in item.found}
        for record in item.spurious:
            if record.type != "statement" and record.id not in told:
                table["none", record.derived.realis.value] += 1
        for gold in item.missed:
            if gold.type != "statement":
                table[_wanted_realis(gold)[0], "none"] += 1
    rows = {row: {column: table[row, column] for column in SIDES} for row in SIDES}
    return RealisScore(table=rows, as_facts=table["other", "actual"])


def _realis_of(found: Found) -> str:
    """Gold's realis: the run's, where gold leaves it open."""
    wanted = _wanted_realis(found.gold)
    given = found.record.derived.realis.value
    return given if given in wanted else wanted[0]


def _wanted_realis(gold: GoldRecord) -> list[str]:
    if gold.tier == "hypothetical":
        return [Realis.OTHER.value]
    kind = ActionStatus if gold.type == "diplomatic_action" else SanctionStatus
    return [realis(kind(status)).value for status in _statuses_of(gold)]


def _invention(outcomes: Sequence[Outcome], records: Sequence[AnyRecord]) -> Invention:
    slots = [slot for item in outcomes for found in item.found if found.scored for slot in found.slots if slot.closed]
    invented = sum(slot.verdict is Verdict.SPURIOUS for slot in slots)
    texts = {item.article.id: GroundedText(item.article.text) for item in outcomes}
    checked = [ungrounded(record, texts[record.article]) for record in records]
    words, missing = sum(count for count, _ in checked), sum(len(lost) for _, lost in checked)
    return Invention(
        closed=len(slots),
        invented=invented,
        rate=invented / len(slots) if slots else None,
        words=words,
        ungrounded=missing,
        ungrounded_rate=missing / words if words else None,
    )
