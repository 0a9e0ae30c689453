"""JSON Lines: each line an object with one key, which says what it holds.

`run` (the schema's version and the model) comes first, then every `article`, `record`, `actor`, `event`, `tie` and
`rejected` in the order of the JSON document, each as it stands there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from extractor.findings import Findings, Row
from extractor.writers.formats import Part

_TABLES: Final = {
    "run": "run",
    "article": "articles",
    "record": "records",
    "actor": "actors",
    "event": "events",
    "tie": "ties",
    "rejected": "rejected",
}


def stream(findings: Findings) -> dict[str, Iterable[bytes]]:
    """The one file, UTF-8, each line ended by a line feed."""
    return {"": _lines(findings)}


def _lines(findings: Findings) -> Iterator[bytes]:
    for key, table in _TABLES.items():
        for row in findings.rows(table):
            yield _line(key, row)


def _line(key: str, value: Any) -> bytes:
    return (json.dumps({key: value}, ensure_ascii=False) + "\n").encode()


def rows(table: str, part: Part) -> Iterator[Row]:
    """The rows of a table.

    Raises:
        ValueError: a line is no JSON object with one known key.
    """
    with part("") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                key, value = _entry(line, number)
                if _TABLES[key] == table:
                    yield value


def _entry(line: bytes, number: int) -> tuple[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise ValueError(f"line {number} is no JSON: {error}") from error
    if isinstance(entry, dict) and len(entry) == 1:
        ((key, value),) = entry.items()
        if key in _TABLES:
            return key, value
    raise ValueError(f"line {number} is none of its lines")
