"""Parquet: each row is an article; a few are held at once."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from extractor.errors import UnreadableArticle
from extractor.readers.article import Article, Source, Unread, too_long
from extractor.readers.columns import locate
from extractor.readers.outputs import is_table, own_output
from extractor.readers.rows import articles_of, check_has_text

_BATCH_ROWS = 1000
_BATCH_BYTES = 2**24
_BUFFER = 2**20
# Parquet is read from its end: what comes packed, or by a pipe, is laid down in a temporary file first.
_LAID_DOWN = 2**30
_FAULTS = (pa.ArrowException, OSError, ValueError, OverflowError)


def read(file: IO[bytes], source: Source) -> Iterator[Article | Unread]:
    """An article for each row.

    Raises:
        UnreadableArticle: it is no Parquet, has no column for the text, or is an output of this tool.
    """
    with _seekable(file, source) as whole:
        try:
            # Without these, whole row groups are read at once.
            table = pq.ParquetFile(whole, buffer_size=_BUFFER, pre_buffer=False)
            names = table.schema_arrow.names
        except _FAULTS as error:
            raise _damaged(source, error) from error
        if is_table(names):
            raise own_output(source.name)
        check_has_text(names, source, source.name)
        wanted = [name for name in names if name in locate(names, source.settings.columns).values()]
        yield from articles_of(enumerate(_rows(table, wanted, source), 1), source)


def count(path: str) -> int:
    """How many rows a file tells that it has, 0 where it is no Parquet or an output of this tool."""
    try:
        told = pq.read_metadata(path)
    except _FAULTS:
        return 0
    return 0 if is_table(told.schema.to_arrow_schema().names) else int(told.num_rows)


def _rows(table: Any, wanted: list[str], source: Source) -> Iterator[dict[str, Any]]:
    try:
        for batch in table.iter_batches(_batch_rows(table.metadata), columns=wanted, use_threads=False):
            yield from batch.to_pylist()
    except _FAULTS as error:
        raise _damaged(source, error) from error


def _batch_rows(told: Any) -> int:
    """How many rows are decoded at once: fewer where they are long."""
    groups = [told.row_group(number) for number in range(told.num_row_groups)]
    longest = max((group.total_byte_size // max(group.num_rows, 1) for group in groups), default=0)
    return max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(longest, 1)))


@contextmanager
def _seekable(file: IO[bytes], source: Source) -> Iterator[IO[bytes]]:
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile() as laid_down:
        while piece := file.read(_BUFFER):
            if laid_down.tell() + len(piece) > _LAID_DOWN:
                raise too_long(source.name, f"more than {_LAID_DOWN:,} bytes unpacked", f"{_LAID_DOWN:,} bytes")
            laid_down.write(piece)
        yield laid_down


def _damaged(source: Source, error: Exception) -> UnreadableArticle:
    return UnreadableArticle(f"{source.name} is no Parquet file: {error}.", "Write it anew.")
