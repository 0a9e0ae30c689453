"""Gold as records, so that what works on records, such as consolidation, can be tried on gold alone."""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue, TypeAdapter

from extractor.assembly import derive
from extractor.evaluation.fields import Field, Kind, fields_of
from extractor.evaluation.gold import GoldRecord, first
from extractor.grounding import GroundedText
from extractor.schema.claims import ActionClaim, SanctionClaim, StatementClaim
from extractor.schema.records import AnyRecord, RecordType
from extractor.verification import AnyClaim

# What stands for a term that gold leaves open: the one that says least.
_UNSAID = {"impose", "indirect", "group", "organisation", "unspecified"}
_CLAIMS: dict[RecordType, type[AnyClaim]] = {
    "diplomatic_action": ActionClaim,
    "sanction": SanctionClaim,
    "statement": StatementClaim,
}
_RECORD: TypeAdapter[AnyRecord] = TypeAdapter(AnyRecord)


def record_of_gold(gold: GoldRecord, article: str, text: GroundedText) -> AnyRecord:
    """A gold record as the tool's own: of alternatives the first, what is not said null or empty.

    A statement's content is its evidence. `article` is the article's id, of which the
    record's is made.
    """
    values: dict[str, Any] = {
        name: _value(field, first(gold.fields.get(name))) for name, field in fields_of(gold.type).items()
    }
    evidence = [found for passage in gold.evidence if (found := text.locate(passage)) is not None]
    if gold.type == "statement":
        values["content"] = values["content"] or " ".join(gold.evidence)
    claim = _CLAIMS[gold.type]
    claimed = {name: values.get(name) for name in claim.model_fields} | {"evidence": gold.evidence}
    record = {
        "type": gold.type,
        "id": f"{article}/{gold.id}",
        "article": article,
        "evidence": [passage.model_dump(mode="json") for passage in evidence],
        "derived": derive(claim.model_validate(claimed)).model_dump(mode="json"),
        "spans": [],
    }
    return _RECORD.validate_python(values | record)


def _value(field: Field, value: JsonValue) -> JsonValue:
    if field.listed:
        return [_value(_bare(field), part) for part in value] if isinstance(value, list) else []
    if field.kind is Kind.DATE:
        return _date(value)
    if field.kind in (Kind.PARTY, Kind.PART) and isinstance(value, dict):
        return {name: _value(attribute, value.get(name)) for name, attribute in field.attributes.items()}
    if value is not None or field.nullable:
        return value
    return _unsaid(field)


def _unsaid(field: Field) -> JsonValue:
    """What stands for a value that a record must have and gold leaves open."""
    if field.kind is Kind.TERM:
        return next(term for term in field.terms if term in _UNSAID)
    return {Kind.FLAG: False, Kind.NUMBER: 0}.get(field.kind, "")


def _bare(field: Field) -> Field:
    return Field(field.name, field.kind, terms=field.terms, parts=field.parts)


def _date(value: JsonValue) -> JsonValue:
    """Date words and value; their place is not asked for."""
    if not isinstance(value, dict) or not (value.get("value") or value.get("text")):
        return None
    words = value.get("text") or value.get("value")
    return {"text": words, "start": 0, "end": 0, "value": value.get("value"), "basis": None, "anchor": None}
