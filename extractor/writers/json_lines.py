"""JSON Lines: each line an object with one key, which says what it holds.

`run` (the schema's version and the model) comes first, then every `article`, `record`, `actor`, `event`, `tie` and
`rejected` in the order of the JSON document, each as it stands there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from pydantic import BaseModel

from extractor.schema.output import ExtractionResult
from extractor.writers.formats import Document, Settings

_LISTS: Final = {
    "article": "articles",
    "record": "records",
    "actor": "actors",
    "event": "events",
    "tie": "ties",
    "rejected": "rejected",
}


def dump(result: ExtractionResult, _settings: Settings) -> dict[str, bytes]:
    """The one file, UTF-8, each line ended by a line feed."""
    return {"": b"".join(_lines(result))}


def _lines(result: ExtractionResult) -> Iterator[bytes]:
    yield _line("run", {"schema_version": result.schema_version, "model": result.model.model_dump(mode="json")})
    for key, name in _LISTS.items():
        items: list[BaseModel] = getattr(result, name)
        for item in items:
            yield _line(key, item.model_dump(mode="json"))


def _line(key: str, value: Any) -> bytes:
    return (json.dumps({key: value}, ensure_ascii=False) + "\n").encode()


def load(part: Callable[[str], bytes]) -> Document:
    """The document.

    Raises:
        ValueError: a line is no JSON object with one known key.
    """
    document: Document = {name: [] for name in _LISTS.values()}
    for number, line in enumerate(part("").split(b"\n"), 1):
        if not line.strip():
            continue
        key, value = _entry(line, number)
        if key == "run":
            document |= value
        else:
            document[_LISTS[key]].append(value)
    return document


def _entry(line: bytes, number: int) -> tuple[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise ValueError(f"line {number} is no JSON: {error}") from error
    if isinstance(entry, dict) and len(entry) == 1:
        ((key, value),) = entry.items()
        if key in _LISTS or (key == "run" and isinstance(value, dict)):
            return key, value
    raise ValueError(f"line {number} is none of its lines")
