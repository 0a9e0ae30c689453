"""The schema that the model fills works across providers; the output document is described and stable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from extractor.conversation import Extraction
from extractor.schema import DiplomaticAction, Evidence, ExtractionResult, Sanction, Statement
from extractor.schema import vocabulary as vocabulary_module
from extractor.schema.vocabulary import StrEnum

SCHEMA = Extraction.model_json_schema()


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema of an object, at any depth."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from nodes(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from nodes(value)


def test_every_field_the_model_fills_is_required_and_described() -> None:
    for item in objects(SCHEMA):
        assert set(item["required"]) == set(item["properties"])
        assert item["additionalProperties"] is False
        for name, field in item["properties"].items():
            assert field.get("description"), name


def test_the_schema_keeps_to_what_all_providers_take() -> None:
    forbidden = {
        "oneOf",
        "allOf",
        "discriminator",
        "prefixItems",
        "patternProperties",
        "pattern",
        "uniqueItems",
        "const",
    }
    for node in nodes(SCHEMA):
        assert not forbidden & node.keys()
        assert node.get("default") is None
        if "anyOf" in node:
            assert len(node["anyOf"]) == 2 and {"type": "null"} in node["anyOf"]
        if "enum" in node:
            assert len(node["enum"]) >= 2


def test_the_schema_is_nested_at_most_three_objects_deep() -> None:
    def depth(schema: Any) -> int:
        if isinstance(schema, list):
            return max(map(depth, schema), default=0)
        if not isinstance(schema, dict):
            return 0
        if "$ref" in schema:
            return depth(SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]])
        inner = max((depth(value) for key, value in schema.items() if key != "$defs"), default=0)
        return inner + (schema.get("type") == "object")

    assert depth(SCHEMA) == 3


def test_vocabularies_are_closed_and_say_what_they_are() -> None:
    enums = [item for item in vars(vocabulary_module).values() if isinstance(item, type) and issubclass(item, StrEnum)]
    for enum in enums:
        if enum is not StrEnum:
            assert enum.__doc__
            assert all(member.value == member.name.lower() for member in enum)


@pytest.mark.parametrize("kind", [DiplomaticAction, Sanction, Statement])
def test_a_record_repeats_what_the_model_said_field_for_field(kind: type[Any]) -> None:
    claims = {DiplomaticAction: "ActionClaim", Sanction: "SanctionClaim", Statement: "StatementClaim"}
    said = set(SCHEMA["$defs"][claims[kind]]["properties"])
    in_another_form = {"date_text", "start_text", "end_text", "listing_text"}
    assert said - in_another_form <= set(kind.model_fields)


def test_stored_values_never_change() -> None:
    evidence = Evidence(quote="x", start=0, end=1, match="exact", score=1)
    with pytest.raises(ValidationError):
        evidence.start = 5  # type: ignore[misc]


def test_every_field_of_the_output_is_typed() -> None:
    schema = ExtractionResult.model_json_schema(mode="serialization")
    for item in objects(schema):
        assert item["additionalProperties"] is False
        assert set(item["required"]) == set(item["properties"])
