"""JSON: the output document as it stands, described by `extract schema`."""

from __future__ import annotations

import json
from collections.abc import Callable

from extractor.schema.output import ExtractionResult
from extractor.writers.formats import Document, Settings


def to_json(result: ExtractionResult) -> bytes:
    """The result as UTF-8 JSON, indented; the same result always gives the same bytes."""
    return (result.model_dump_json(indent=2) + "\n").encode()


def json_schema() -> str:
    """The JSON Schema (draft 2020-12) of the output."""
    schema = ExtractionResult.model_json_schema(mode="serialization")
    return json.dumps(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, indent=2, ensure_ascii=False
    )


def dump(result: ExtractionResult, _settings: Settings) -> dict[str, bytes]:
    """The one file."""
    return {"": to_json(result)}


def load(part: Callable[[str], bytes]) -> Document:
    """The document.

    Raises:
        ValueError: it is no JSON object.
    """
    document = json.loads(part(""))
    if isinstance(document, dict):
        return document
    raise ValueError("it is no JSON object")
