"""Parquet: each row is an article."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extractor.errors import UnreadableArticle
from extractor.readers.article import Article, Source, Unread
from extractor.readers.rows import articles_of, check_has_text

_BATCH = 1000


def read(data: bytes, source: Source) -> Iterator[Article | Unread]:
    """An article for each row.

    Raises:
        UnreadableArticle: it is no Parquet, or has no column for the text.
    """
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        check_has_text(file.schema_arrow.names, source, source.name)
        rows = [row for batch in file.iter_batches(_BATCH) for row in _listed(batch)]
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise UnreadableArticle(f"{source.name} is no Parquet file: {error}.", "Write it anew.") from error
    yield from articles_of(enumerate(rows, 1), source)


def _listed(batch: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = batch.to_pylist()
    return rows
