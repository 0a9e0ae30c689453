"""The coding table for people and for machines: every case that a record can be, with its codes and their names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from extractor.codes import (
    CAMEO_NAMES,
    CAMEO_VERSION,
    PLOVER_EVENTS,
    PLOVER_VERSION,
    QUAD_CLASSES,
    Case,
    EventCode,
    cases,
)

_TITLES = {"diplomatic_action": "Diplomatic actions", "sanction": "Sanctions", "statement": "Statements"}


def codes_tables() -> Iterator[RenderableType]:
    """One table for each kind of record; cases that get the same codes stand together."""
    for record, group in groupby(cases(), lambda case: case.type):
        yield _table(_TITLES[record], list(group))
        yield Text("")
    quads = ", ".join(f"{number} {name}" for number, name in QUAD_CLASSES.items())
    yield Text(f"Quad class, that of the PLOVER event: {quads}.")
    yield Text(f"PLOVER {PLOVER_VERSION}, CAMEO {CAMEO_VERSION}. –: the scheme has no place for it.")


def codes_json() -> str:
    """The same as JSON, one object for each case, with PLOVER's conflict-cooperation score of its event."""
    versions = {"plover_version": PLOVER_VERSION, "cameo_version": CAMEO_VERSION}
    return json.dumps({**versions, "cases": [_values(case) for case in cases()]}, indent=2, ensure_ascii=False)


def _table(title: str, found: list[Case]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in (title, "PLOVER event and mode", "quad", "CAMEO"):
        table.add_column(name, overflow="fold")
    if found[0].status is None:
        for case in found:
            table.add_row(_spoken(case.case), *_cells(case.code))
        return table
    for names, lines in _alike(found):
        table.add_row(Text(", ".join(map(_spoken, names)), style="bold"))
        for code, statuses in lines:
            table.add_row(Padding(", ".join(map(_spoken, statuses)), (0, 0, 0, 2)), *_cells(code))
    return table


_Line = tuple[EventCode | None, tuple[str, ...]]


def _alike(found: list[Case]) -> Iterator[tuple[list[str], tuple[_Line, ...]]]:
    """Actions or kinds of sanctions that get the same codes throughout, and for each code the statuses that get it."""
    lines = {name: tuple(_by_code(list(group))) for name, group in groupby(found, lambda case: case.case)}
    for distinct in dict.fromkeys(lines.values()):
        yield [name for name, own in lines.items() if own == distinct], distinct


def _by_code(found: list[Case]) -> Iterator[_Line]:
    # What has no code comes last.
    for code in sorted(dict.fromkeys(case.code for case in found), key=lambda code: code is None):
        yield code, tuple(case.status for case in found if case.code == code and case.status)


def _cells(code: EventCode | None) -> tuple[str, str, str]:
    if code is None:
        return "–", "–", "–"
    event = f"{code.plover_event} {code.plover_mode or ''}".strip() if code.plover_event else "–"
    return event, str(code.quad_class or "–"), f"{code.cameo} {CAMEO_NAMES[code.cameo]}"


def _values(case: Case) -> dict[str, Any]:
    code = case.code
    event = code.plover_event if code else None
    return {
        "type": case.type,
        "case": case.case,
        "status": case.status,
        "plover_event": event,
        "plover_mode": code.plover_mode if code else None,
        "plover_score": PLOVER_EVENTS[event].score if event else None,
        "cameo": code.cameo if code else None,
        "cameo_name": CAMEO_NAMES[code.cameo] if code else None,
        "quad_class": code.quad_class if code else None,
        "quad_class_name": QUAD_CLASSES[code.quad_class] if code and code.quad_class else None,
    }


def _spoken(value: str) -> str:
    return value.replace("_", " ")
