"""Settings of a folder: `extract.toml`, or `[tool.extract]` in `pyproject.toml`.

A command-line flag comes before an environment variable, and that before these.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.errors import UsageError

_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a folder by option name, and the file that they stand in."""

    file: Path
    values: dict[str, Any] = field(default_factory=dict)


def load_settings(folder: Path, known: Mapping[str, type]) -> Settings:
    """The settings of a folder, `base_url` or `base-url` alike; `known` are the options and what each takes.

    Raises:
        UsageError: the file is no TOML, or names an option that there is not, or a value of another type.
    """
    file = folder / "extract.toml"
    found = _load(file)
    if found is None:
        file = folder / "pyproject.toml"
        found = _table(file, _table(file, _load(file) or {}, "tool"), "extract")
    settings = Settings(file, {name.replace("-", "_"): value for name, value in found.items()})
    for name, value in settings.values.items():
        if name not in known:
            raise UsageError(f"{file} sets {name!r}, which is no option.", f"Options are: {', '.join(sorted(known))}.")
        if not _fits(value, known[name]):
            raise UsageError(f"{file} sets {name} to {value!r}; it has to be {_KINDS[known[name]]}.", f"Mend {file}.")
    return settings


def _fits(value: object, kind: type) -> bool:
    if kind is float:
        kinds: tuple[type, ...] = (int, float)
    else:
        kinds = (kind,)
    # To Python, true is a whole number.
    return isinstance(value, kinds) and (kind is bool or not isinstance(value, bool))


def _table(file: Path, tables: dict[str, Any], name: str) -> dict[str, Any]:
    table = tables.get(name, {})
    if not isinstance(table, dict):
        raise UsageError(f"{file} sets {name!r}, which has to be a table.", "Write [tool.extract] above the settings.")
    return table


def _load(path: Path) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"Cannot read {path}: {error}.", "Mend it, or move it away.") from error
