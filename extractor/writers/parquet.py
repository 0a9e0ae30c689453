"""Parquet: one file for each table, typed and nested as the document; values of any shape are JSON text."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from extractor.schema.output import ExtractionResult
from extractor.writers.formats import PARTS, Document, Settings
from extractor.writers.tables import Repeated, Row, Shape, Struct, columns_of, document_of, row_shape, rows_of

_TYPES: Final = {
    "text": pa.string(),
    "json": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}


def dump(result: ExtractionResult, _settings: Settings) -> dict[str, bytes]:
    """A file for each table."""
    return {PARTS[table]: _written(table, rows) for table, rows in rows_of(result).items()}


def load(part: Callable[[str], bytes]) -> Document:
    """The document that the files make up.

    Raises:
        ValueError: a file is no Parquet, or of other columns.
    """
    return document_of({table: _read(table, part(name)) for table, name in PARTS.items()})


def _written(table: str, rows: list[Row]) -> bytes:
    columns = columns_of(table)
    schema = pa.schema([(name, _type(shape)) for name, shape in columns.fields.items()])
    written = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([_told(columns, row) for row in rows], schema=schema), written)
    return written.getvalue()


def _type(shape: Shape) -> Any:
    if isinstance(shape, Struct):
        return pa.struct([(name, _type(each)) for name, each in shape.fields.items()])
    return pa.list_(_type(shape.item)) if isinstance(shape, Repeated) else _TYPES[shape]


def _told(shape: Shape, value: Any) -> Any:
    """A value as its column takes it."""
    if value is None:
        return None
    if isinstance(shape, Struct):
        return {name: _told(each, value[name]) for name, each in shape.fields.items() if name in value}
    if isinstance(shape, Repeated):
        return [_told(shape.item, item) for item in value]
    return json.dumps(value, ensure_ascii=False) if shape == "json" else value


def _read(table: str, data: bytes) -> list[Row]:
    try:
        rows = pq.read_table(io.BytesIO(data)).to_pylist()
    except pa.ArrowException as error:
        raise ValueError(f"its {table}: {error}") from error
    return [_meant(row_shape(table, row.get("type") or ""), row) for row in rows]


def _meant(shape: Shape, value: Any) -> Any:
    """A value of the document: without the fields that only others of its column have."""
    if value is None:
        return None
    if isinstance(shape, Struct):
        return {name: _meant(each, value[name]) for name, each in shape.fields.items() if name in value}
    if isinstance(shape, Repeated):
        return [_meant(shape.item, item) for item in value]
    return json.loads(value) if shape == "json" else value
