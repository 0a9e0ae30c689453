"""A run's records as gold for a person to correct."""

from __future__ import annotations

from pathlib import PurePath

from pydantic import JsonValue

from extractor.evaluation.fields import Kind, fields_of
from extractor.evaluation.gold import GoldArticle, GoldRecord
from extractor.schema.output import ExtractionResult
from extractor.schema.records import AnyRecord

_LETTERS = {"diplomatic_action": "D", "sanction": "S", "statement": "T"}
# A statement's summary is the model's own sentence, which no other model would write.
_LEFT_OUT = frozenset({"content"})
NOTES = "Draft: what a model said. Correct each record against the article, add what is missing, then drop this line."


def draft(result: ExtractionResult) -> dict[str, GoldArticle]:
    """A gold file's content for each article that could be read, by file name; events keep the run's ids."""
    events = {record: event.id for event in result.events if len(event.members) > 1 for record in event.members}
    drafts: dict[str, GoldArticle] = {}
    for article in result.articles:
        records = [record for record in result.records if record.article == article.id]
        if article.outcome == "failed":
            continue
        name = f"{PurePath(article.name).stem}.yaml"
        # Two articles of one name are told apart by their texts.
        name = f"{PurePath(article.name).stem}.{article.id}.yaml" if name in drafts else name
        drafts[name] = GoldArticle(
            article=article.name,
            id=article.id,
            notes=NOTES,
            records=[_record(record, number, events.get(record.id)) for number, record in enumerate(records, 1)],
        )
    return drafts


def _record(record: AnyRecord, number: int, event: str | None) -> GoldRecord:
    values = record.model_dump(mode="json")
    fields: dict[str, JsonValue] = {}
    for name, field in fields_of(record.type).items():
        if name not in _LEFT_OUT:
            fields[name] = _date(values[name]) if field.kind is Kind.DATE else values[name]
    return GoldRecord(
        id=f"{_LETTERS[record.type]}{number}",
        type=record.type,
        evidence=[evidence.quote for evidence in record.evidence],
        event=event,
        fields=fields,
    )


def _date(value: JsonValue) -> JsonValue:
    return {"value": value["value"], "text": value["text"]} if isinstance(value, dict) else None
