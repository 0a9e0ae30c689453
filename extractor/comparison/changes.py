"""What differs between two outputs' records of one thing, field by field, and between their articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from extractor.comparison.alignment import Alignment, Twins, place
from extractor.comparison.report import ArticleChange, FieldChange, Flip, RecordChange, TypeCounts
from extractor.evaluation.facets import Span
from extractor.evaluation.fields import fields_of
from extractor.evaluation.matching import SAME_PASSAGE, overlap
from extractor.evaluation.scoring import TYPES
from extractor.evaluation.values import Verdict, compare
from extractor.schema.output import ArticleReport, ExtractionResult
from extractor.schema.records import AnyRecord
from extractor.schema.vocabulary import Realis

WORDING = (
    "values that extract eval takes for equal: one wording holds the other, or both name the same state; of evidence, "
    "passages half of which, or more, is the same"
)
SAME = (
    "the articles, each with its date, outcome and what was rejected, the records in every field with their evidence "
    "and codes, and the events with their members, status, conflicts and links are the same; calls, costs, ids, "
    "actors, ties and the places of single words do not count"
)
_OF_ARTICLES = ("name", "outcome", "published", "anchor")


def article_changes(left: ExtractionResult, right: ExtractionResult) -> Iterator[ArticleChange]:
    """The articles that one output lacks, and those of which more than the records differs."""
    one, other = ({article.id: article for article in result.articles} for result in (left, right))
    alone = {article.name for article in left.articles if article.id not in other}
    missing = {article.name for article in right.articles if article.id not in one}
    for article in sorted({**one, **other}.values(), key=lambda item: (item.name, item.id)):
        if article.id in one and article.id in other:
            fields = list(_of_article(one[article.id], other[article.id], left, right))
            if fields:
                yield ArticleChange(
                    change="changed", article=article.id, name=article.name, fields=fields, other_text=False
                )
        else:
            yield ArticleChange(
                change="lost" if article.id in one else "added",
                article=article.id,
                name=article.name,
                fields=[],
                other_text=article.name in alone & missing,
            )


def _of_article(
    one: ArticleReport, other: ArticleReport, left: ExtractionResult, right: ExtractionResult
) -> Iterator[FieldChange]:
    values = one.model_dump(mode="json"), other.model_dump(mode="json")
    for name in _OF_ARTICLES:
        if values[0][name] != values[1][name]:
            yield FieldChange(field=name, first=values[0][name], second=values[1][name], wording=False)
    lost = _rejected(left, one.id), _rejected(right, one.id)
    if lost[0] != lost[1]:
        yield FieldChange(field="rejected", first=lost[0], second=lost[1], wording=False)


def _rejected(result: ExtractionResult, article: str) -> list[JsonValue]:
    """What was rejected of an article; the ids of records are left out, as they change with their wording."""
    rejected = [item for item in result.rejected if item.article == article]
    return [item.model_dump(mode="json", exclude={"article", "record"}) for item in rejected]


def record_changes(alignment: Alignment, name: str) -> list[RecordChange]:
    """What differs in one article, in the order of its text; `name` is its file's."""
    near = {one.id: other.id for one, other in alignment.near} | {other.id: one.id for one, other in alignment.near}
    changes = [_changed(pair, name) for pair in alignment.pairs]
    changes += [_single(record, name, near, lost=True) for record in alignment.left_only]
    changes += [_single(record, name, near, lost=False) for record in alignment.right_only]
    return sorted((change for change in changes if change is not None), key=_order)


def differences(left: AnyRecord, right: AnyRecord) -> Iterator[FieldChange]:
    """The fields in which two records of one type differ."""
    values = left.model_dump(mode="json"), right.model_dump(mode="json")
    for name, field in fields_of(left.type).items():
        first, second = (value[name] for value in values)
        if first != second:
            slots = compare(field, first, second) + compare(field, second, first)
            wording = all(slot.verdict in (Verdict.EQUAL, Verdict.RIGHTLY_NONE) for slot in slots)
            yield FieldChange(field=name, first=first, second=second, wording=wording)
    passages = _passages(left), _passages(right)
    if passages[0] != passages[1]:
        wording = overlap(_spans(left), _spans(right)) >= SAME_PASSAGE
        yield FieldChange(field="evidence", first=passages[0], second=passages[1], wording=wording)
    for name, first in values[0]["derived"].items():
        second = values[1]["derived"][name]
        if first != second:
            yield FieldChange(field=f"derived.{name}", first=first, second=second, wording=False)


def counts(alignments: Sequence[Alignment], changes: Sequence[RecordChange]) -> Iterator[TypeCounts]:
    """How the records of each type fared."""
    for kind in TYPES:
        pairs = sum(pair.left.type == kind for item in alignments for pair in item.pairs)
        told = [change for change in changes if change.type == kind]
        lost, added = (sum(change.change == what for change in told) for what in ("lost", "added"))
        paired = [change for change in told if change.change == "changed"]
        reworded = sum(all(field.wording for field in change.fields) for change in paired)
        yield TypeCounts(
            type=kind,
            first=pairs + lost,
            second=pairs + added,
            same=pairs - len(paired),
            reworded=reworded,
            changed=len(paired) - reworded,
            lost=lost,
            added=added,
        )


def _changed(pair: Twins, name: str) -> RecordChange | None:
    fields = list(differences(pair.left, pair.right))
    if not fields:
        return None
    return RecordChange(
        change="changed",
        type=pair.left.type,
        article=pair.left.article,
        name=name,
        pairing=pair.basis,
        flip=_flip(pair.left, pair.right),
        fields=fields,
        near=None,
        first=pair.left,
        second=pair.right,
    )


def _single(record: AnyRecord, name: str, near: Mapping[str, str], *, lost: bool) -> RecordChange:
    return RecordChange(
        change="lost" if lost else "added",
        type=record.type,
        article=record.article,
        name=name,
        pairing=None,
        flip=None,
        fields=[],
        near=near.get(record.id),
        first=record if lost else None,
        second=None if lost else record,
    )


def _flip(left: AnyRecord, right: AnyRecord) -> Flip | None:
    if left.derived.realis is right.derived.realis:
        return None
    return "became_fact" if right.derived.realis is Realis.ACTUAL else "no_longer_fact"


def _order(change: RecordChange) -> tuple[tuple[int, str, str], str]:
    return min(map(place, change.records)), change.change


def _passages(record: AnyRecord) -> list[JsonValue]:
    return [item.model_dump(mode="json", include={"quote", "start", "end"}) for item in record.evidence]


def _spans(record: AnyRecord) -> tuple[Span, ...]:
    return tuple((item.start, item.end) for item in record.evidence)
