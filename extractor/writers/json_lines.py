"""JSON Lines: each line an object with one key, which says what it holds.

`run` (the schema's version and the model) comes first, then every `article`, `record`, `actor`, `event`, `tie` and
`rejected` in the order of the JSON document, each as it stands there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
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
# Items of a list that become text at once: the mentions of what most articles name are hundreds of thousands.
_MANY: Final = 10_000


def stream(findings: Findings) -> dict[str, Iterable[bytes]]:
    """The one file, UTF-8, each line ended by a line feed."""
    return {"": _lines(findings)}


def _lines(findings: Findings) -> Iterator[bytes]:
    for key, table in _TABLES.items():
        # By `map`, which lets go of a row before it asks for the next one.
        yield from chain.from_iterable(map(partial(_line, key), findings.rows(table)))


def _line(key: str, row: Row) -> Iterable[bytes]:
    if any(isinstance(value, list) and len(value) > _MANY for value in row.values()):
        return map(str.encode, _in_pieces(key, row))
    return ((_encoded({key: row}) + "\n").encode(),)


def _in_pieces(key: str, row: Row) -> Iterator[str]:
    """The same line, of which never more than `_MANY` items of a list are made at once."""
    yield f'{{"{key}": '
    before = "{"
    for name, value in row.items():
        yield f"{before}{_encoded(name)}: "
        before = ", "
        if isinstance(value, list) and len(value) > _MANY:
            pieces = (_encoded(value[at : at + _MANY])[1:-1] for at in range(0, len(value), _MANY))
            yield f"[{next(pieces)}"
            yield from (f", {piece}" for piece in pieces)
            yield "]"
        else:
            yield _encoded(value)
    yield "}}\n"


def _encoded(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


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
