"""Whether a run's values stand in the article, measured anew and not taken from the run's own word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from pydantic import JsonValue

from extractor.evaluation.fields import Field, Kind, fields_of
from extractor.evaluation.report import Grounding
from extractor.grounding import GroundedText
from extractor.schema.output import ExtractionResult
from extractor.schema.records import AnyRecord

# Words that are not the article's: a sentence about what was said, a value that code makes, an English country name.
_OWN_WORDS = frozenset({"content", "deadline_duration", "value", "country"})


def ungrounded(record: AnyRecord, text: GroundedText) -> tuple[int, list[tuple[str, str]]]:
    """How many values of a record have to be the article's words, and those that are not, each with its field."""
    values = record.model_dump(mode="json")
    words = [(name, word) for name, field in fields_of(record.type).items() for word in _words(field, values[name])]
    return len(words), [(name, word) for name, word in words if not text.contains(word)]


def grounding_of(result: ExtractionResult, articles: Collection[str]) -> Grounding:
    """How quotations were found and what was rejected, in some of a run's articles."""
    records = [record for record in result.records if record.article in articles]
    matches = Counter(evidence.match.value for record in records for evidence in record.evidence)
    rejected = [item for item in result.rejected if item.article in articles]
    whole = sum(item.record is None for item in rejected)
    given = len(records) + whole
    return Grounding(
        exact=matches["exact"],
        normalised=matches["normalised"],
        fuzzy=matches["fuzzy"],
        rejected_records=whole,
        rejected_fields=len(rejected) - whole,
        rejected_record_rate=whole / given if given else None,
    )


def _words(field: Field, value: JsonValue) -> Iterator[str]:
    if field.name in _OWN_WORDS or value is None:
        return
    if isinstance(value, list):
        for part in value:
            yield from _words(Field(field.name, field.kind, parts=field.parts), part)
    elif isinstance(value, dict):
        for name, attribute in field.attributes.items():
            yield from _words(attribute, value.get(name))
    elif field.kind is Kind.WORDS and isinstance(value, str) and value.strip():
        yield value
