"""Our prompt's instructions and its example, for peers to be given the same; only the standard library is imported."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.answers import flat_record
from benchmarks.news import LISTS

_PROMPTS = Path(__file__).parents[2] / "prompts"


def our_instructions() -> str:
    """What our prompt tells a model, without its example."""
    return (_PROMPTS / "system.md").read_text(encoding="utf-8")


def our_example() -> tuple[str, list[dict[str, str]]]:
    """The text of our prompt's example, and its records in fields of plain text."""
    (path,) = (_PROMPTS / "examples").glob("*.txt")
    answer = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    records = [flat_record(kind, record) for name, kind in LISTS.items() for record in answer[name]]
    return path.read_text(encoding="utf-8"), records
