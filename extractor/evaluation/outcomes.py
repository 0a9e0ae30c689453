"""What became of each record of gold and of a run, article by article: found, missed, spurious, or not scored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractor.errors import BadGold
from extractor.evaluation.facets import Facets, facets_of_gold, facets_of_record
from extractor.evaluation.fields import fields_of
from extractor.evaluation.gold import GoldArticle, GoldRecord, options
from extractor.evaluation.matching import Likeness, likeness, match
from extractor.evaluation.values import Slot, compare
from extractor.grounding import GroundedText
from extractor.schema.output import ArticleReport, ExtractionResult
from extractor.schema.records import AnyRecord, Statement
from extractor.schema.vocabulary import Realis


@dataclass(frozen=True, slots=True)
class Found:
    """A gold record and the run's record that tells it; `scored` where it counts."""

    gold: GoldRecord
    record: AnyRecord
    likeness: Likeness
    scored: bool
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One article's records: `spurious` and `missed` count against the run, `near` tells which may be which."""

    article: ArticleReport
    gold: GoldArticle
    found: tuple[Found, ...]
    missed: tuple[GoldRecord, ...]
    spurious: tuple[AnyRecord, ...]
    near: Mapping[str, GoldRecord]


@dataclass(frozen=True, slots=True)
class Pairing:
    """The articles of a run that have gold, and the names of those on either side that have no counterpart."""

    both: tuple[tuple[ArticleReport, GoldArticle], ...]
    without_gold: tuple[str, ...]
    not_in_run: tuple[str, ...]


def pair_articles(result: ExtractionResult, gold: Iterable[GoldArticle]) -> Pairing:
    """Bring articles and gold together, by the article's id.

    Raises:
        BadGold: an article of gold is in the run with another text, or there are two golds of one.
    """
    wanted: dict[str, GoldArticle] = {}
    for item in gold:
        if item.id in wanted:
            raise BadGold(f"There are two golds of {item.article}.", "Give one of them: --gold names files, too.")
        wanted[item.id] = item
    reports = {report.id: report for report in result.articles}
    names = {report.name: report for report in result.articles}
    for item in wanted.values():
        other = names.get(item.article)
        if item.id not in reports and other is not None and other.text:
            raise BadGold(
                f"{item.article} is {other.id} in the run and {item.id} in the gold: its text has changed.",
                "extract gold check says what no longer holds.",
            )
    both = [(_report(item, reports, names), item) for item in wanted.values()]
    paired = [(report, item) for report, item in both if report is not None]
    told = {report.id for report, _ in paired}
    return Pairing(
        tuple(sorted(paired, key=lambda pair: (pair[0].name, pair[0].id))),
        tuple(report.name for report in result.articles if report.id not in told),
        tuple(sorted(item.article for report, item in both if report is None)),
    )


def _report(
    gold: GoldArticle, by_id: Mapping[str, ArticleReport], by_name: Mapping[str, ArticleReport]
) -> ArticleReport | None:
    """The run's article; one that could not be read has its name alone."""
    return by_id.get(gold.id) or by_name.get(gold.article)


def outcome(report: ArticleReport, gold: GoldArticle, records: Sequence[AnyRecord]) -> Outcome:
    """What became of one article's records; `records` are the run's of this article."""
    text = GroundedText(report.text)
    left = [facets_of_gold(item, text) for item in gold.records]
    right = [facets_of_record(item, text) for item in records]
    matching = match(left, right)
    pairs = _wholes_for_parts(gold, {pair.left: pair.right for pair in matching.pairs}, left, right)
    found = [
        _found(gold.records[a], records[b], likeness(left[a], right[b]) or Likeness.LENIENT)
        for a, b in sorted(pairs.items())
    ]
    told = {item.gold.id for item in found}
    missed = [item for item in gold.records if item.is_scored and item.id not in told and told.isdisjoint(item.repeats)]
    facts = [item.record for item in found if item.gold.tier == "hypothetical" and is_actual(item.record)]
    return Outcome(
        report,
        gold,
        tuple(found),
        tuple(missed),
        (*facts, *(records[place] for place in matching.right_only)),
        {records[b].id: gold.records[a] for a, b in matching.near},
    )


def _wholes_for_parts(
    gold: GoldArticle, pairs: dict[int, int], left: Sequence[Facets], right: Sequence[Facets]
) -> dict[int, int]:
    """The pairs, but a record that was paired with a part and tells the whole, which is missed, is paired with that."""
    places = {record.id: place for place, record in enumerate(gold.records)}
    moved = dict(pairs)
    for part, record in pairs.items():
        whole = places.get(gold.records[part].part_of or "")
        if whole is not None and whole not in moved and likeness(left[whole], right[record]) is not None:
            moved[whole] = moved.pop(part)
    return moved


def is_actual(record: AnyRecord) -> bool:
    """Whether a record tells an act as done; what is said is always said."""
    return not isinstance(record, Statement) and record.derived.realis is Realis.ACTUAL


def _found(gold: GoldRecord, record: AnyRecord, likeness: Likeness) -> Found:
    values = record.model_dump(mode="json")
    slots = [
        slot
        for name, field in fields_of(gold.type).items()
        if options(gold, name) is not None
        for slot in compare(field, gold.fields[name], values[name])
    ]
    return Found(gold, record, likeness, gold.is_scored, tuple(slots))
