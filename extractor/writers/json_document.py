"""JSON: the output document as it stands, described by `extract schema`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from pydantic import BaseModel
from pydantic_core import to_json as encoded

from extractor.collecting import seldom_collecting
from extractor.findings import LISTS, Findings, InMemory, Row
from extractor.schema.output import ExtractionResult
from extractor.writers.formats import Part


def to_json(result: ExtractionResult) -> bytes:
    """The result as UTF-8 JSON, indented; the same result always gives the same bytes."""
    with seldom_collecting():
        (run,) = InMemory(result).rows("run")
        return b"".join(_pieces(run, lambda name: getattr(result, name)))


def json_schema() -> str:
    """The JSON Schema (draft 2020-12) of the output."""
    schema = ExtractionResult.model_json_schema(mode="serialization")
    return json.dumps(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, indent=2, ensure_ascii=False
    )


def stream(findings: Findings) -> dict[str, Iterable[bytes]]:
    """The one file."""
    (run,) = findings.rows("run")
    return {"": _pieces(run, findings.rows)}


def _pieces(run: Row, items: Callable[[str], Iterable[Row | BaseModel]]) -> Iterator[bytes]:
    # Without the brace that closes it.
    yield encoded(run, indent=2)[:-2]
    for name in LISTS:
        yield b",\n  " + encoded(name) + b": ["
        empty = True
        for item in items(name):
            yield (b"\n    " if empty else b",\n    ") + _indented(item)
            empty = False
        yield b"]" if empty else b"\n  ]"
    yield b"\n}\n"


def _indented(item: Row | BaseModel) -> bytes:
    # A line break within a text is written as an escape: each that stands there is one between values.
    return encoded(item, indent=2).replace(b"\n", b"\n    ")


def load(part: Part) -> Row:
    """The document.

    Raises:
        ValueError: it is no JSON object.
    """
    with part("") as file:
        document = json.load(file)
    if isinstance(document, dict):
        return document
    raise ValueError("it is no JSON object")
