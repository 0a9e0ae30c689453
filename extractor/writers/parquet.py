"""Parquet: one file for each table, typed and nested as the document; values of any shape are JSON text."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from extractor.findings import Findings, Row
from extractor.writers.formats import PARTS, Part
from extractor.writers.tables import Repeated, Shape, Struct, columns_of, row_shape

# Rows of a row group: with articles of some thousand characters, some ten megabytes.
_GROUP: Final = 5_000
_TYPES: Final = {
    "text": pa.string(),
    "json": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}


def stream(findings: Findings) -> dict[str, Iterable[bytes]]:
    """A file for each table."""
    return {PARTS[table]: _written(table, findings.rows(table)) for table in PARTS}


def rows(table: str, part: Part) -> Iterator[Row]:
    """The rows of a table.

    Raises:
        ValueError: a file is no Parquet, or of other columns.
    """
    with part(PARTS[table]) as file:
        try:
            for batch in pq.ParquetFile(file).iter_batches(_GROUP):
                for row in batch.to_pylist():
                    yield _meant(row_shape(table, row.get("type") or ""), row)
        except pa.ArrowException as error:
            raise ValueError(f"its {table}: {error}") from error


def _written(table: str, rows: Iterator[Row]) -> Iterator[bytes]:
    columns = columns_of(table)
    schema = pa.schema([(name, _type(shape)) for name, shape in columns.fields.items()])
    sink = _Sink()
    with pq.ParquetWriter(sink, schema) as writer:
        while group := list(islice(rows, _GROUP)):
            writer.write_table(pa.Table.from_pylist([_told(columns, row) for row in group], schema=schema))
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """What is written, until it is taken; the library asks it how far it has come."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Keep some bytes."""
        piece = bytes(data)
        self._pieces.append(piece)
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        """The bytes written so far, those that were taken included."""
        return self._written

    def taken(self) -> bytes:
        """What has been written since this was last asked."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


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


def _meant(shape: Shape, value: Any) -> Any:
    """A value of the document: without the fields that only others of its column have."""
    if value is None:
        return None
    if isinstance(shape, Struct):
        return {name: _meant(each, value[name]) for name, each in shape.fields.items() if name in value}
    if isinstance(shape, Repeated):
        return [_meant(shape.item, item) for item in value]
    return json.loads(value) if shape == "json" else value
