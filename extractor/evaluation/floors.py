"""Floors under an evaluation's figures, for a build that is to fail where quality falls.

Some figures are to stay at or above their floor, and counts of errors at or below their ceiling. A floors file is TOML:
`[at_least]` and `[at_most]`, each with figures by name.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from extractor.errors import UsageError
from extractor.evaluation.report import Evaluation, SchemeEvaluation
from extractor.files import write_atomically

_Value = TypeVar("_Value")
_TYPES = {"diplomatic_action": "actions", "sanction": "sanctions", "statement": "statements"}
# Decimals of a floor; it is rounded down, so that the figure it was made of meets it.
_DECIMALS = 3
_HEADER = (
    "# What `extract eval` has to reach on these articles' recordings. Written by its option --update-floors, which\n"
    "# raises floors; --allow-lower with it lowers them, too.\n"
)


@dataclass(frozen=True, slots=True)
class Figures:
    """An evaluation's figures by name: those to be high, null where there is nothing to score, and counts of errors."""

    high: Mapping[str, float | None]
    low: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Floors:
    """What figures have to reach, and what counts of errors must not exceed."""

    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)


def figures_of(evaluation: Evaluation | SchemeEvaluation) -> Figures:
    """The figures that can have a floor.

    Lenient and exact F1 by type, CoNLL F1 of events, and the worst errors; of codes, accuracy and macro F1 by level.
    """
    if isinstance(evaluation, SchemeEvaluation):
        return _code_figures(evaluation)
    high: dict[str, float | None] = {}
    for item in evaluation.records:
        high[_TYPES[item.type]] = item.lenient.f1
        high[f"{_TYPES[item.type]}_exact"] = item.exact.f1
    high |= {f"events_{item.events}_on_{item.mentions}": item.conll_f1 for item in evaluation.events}
    low = {
        "told_as_done": evaluation.realis.as_facts,
        "invented": evaluation.invention.invented,
        "ungrounded": evaluation.invention.ungrounded,
    }
    return Figures(high, low)


def _code_figures(evaluation: SchemeEvaluation) -> Figures:
    levels = {"roots": evaluation.roots, "quad_classes": evaluation.quad_classes, "sides": evaluation.sides}
    high = {name: level.accuracy for name, level in levels.items()}
    return Figures(high | {f"{name}_macro_f1": level.macro_f1 for name, level in levels.items()}, {})


def shortfalls(figures: Figures, floors: Floors) -> Iterator[str]:
    """Each figure that is below its floor or above its ceiling, in words.

    Raises:
        UsageError: there is no such figure.
    """
    for name, floor in floors.at_least.items():
        value = _known(name, figures.high)
        if value is None:
            yield f"{name}: nothing to score, the floor is {floor}"
        elif value < floor:
            yield f"{name}: {value:.4f}, the floor is {floor}"
    for name, ceiling in floors.at_most.items():
        count = _known(name, figures.low)
        if count > ceiling:
            yield f"{name}: {count}, the most allowed is {ceiling}"


def parse_floors(text: str) -> Floors:
    """Floors as the command line gives them: `actions=0.9,statements=0.8`.

    Raises:
        UsageError: it is no such list.
    """
    at_least: dict[str, float] = {}
    for part in text.split(","):
        name, _, number = part.partition("=")
        try:
            at_least[name.strip()] = float(number)
        except ValueError:
            raise UsageError(
                f"--fail-under {part.strip()!r} is no floor.", "Write it like actions=0.9,statements=0.8."
            ) from None
    if any(not 0 <= floor <= 1 for floor in at_least.values()):
        raise UsageError(f"--fail-under {text}: a floor lies from 0 to 1.", "Write 0.9 for 90%.")
    return Floors(at_least)


def read_floors(path: Path) -> Floors:
    """A floors file.

    Raises:
        UsageError: it cannot be read, or is no floors file.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"Cannot read {path}: {error}.", "--update-floors makes one.") from error
    tables = {name: data.pop(name, {}) for name in ("at_least", "at_most")}
    if data or not all(map(_is_table, tables.values())):
        raise UsageError(
            f"{path} is no floors file.", "It has the tables [at_least] and [at_most], with a number for each figure."
        )
    return Floors(**tables)


def updated(figures: Figures, floors: Floors, *, lower: bool) -> Floors:
    """The floors raised to today's figures; lowered, too, where that is allowed.

    A figure that has no floor yet gets one, unless there is nothing to score.
    """
    at_least = dict(floors.at_least)
    for name, value in figures.high.items():
        if value is not None:
            today = math.floor(value * 10**_DECIMALS) / 10**_DECIMALS
            at_least[name] = today if lower else max(today, at_least.get(name, 0.0))
    at_most = dict(floors.at_most)
    for name, count in figures.low.items():
        at_most[name] = count if lower else min(count, at_most.get(name, count))
    return Floors(at_least, at_most)


def write_floors(floors: Floors, path: Path) -> None:
    """Write a floors file, whole or not at all."""
    parts = [_HEADER]
    for title, table in (("at_least", floors.at_least), ("at_most", floors.at_most)):
        parts += [f"\n[{title}]\n", *(f"{name} = {value}\n" for name, value in table.items())]
    write_atomically(path, "".join(parts).encode())


def _known(name: str, figures: Mapping[str, _Value]) -> _Value:
    if name not in figures:
        raise UsageError(f"{name!r} is no figure that can have a floor.", f"There are {', '.join(figures)}.")
    return figures[name]


def _is_table(table: Any) -> bool:
    return isinstance(table, dict) and all(
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        for value in table.values()
    )
