"""Where the files of an output lie."""

from __future__ import annotations

from pathlib import Path

from extractor.writers.formats import Format


def beside(path: Path, name: str) -> Path:
    """The place of a format's further file: that of `events.csv` called "actors" is `events.actors.csv`."""
    return path.with_name(f"{path.stem}.{name}{path.suffix}") if name else path


def places(path: Path, fmt: Format) -> dict[str, Path]:
    """The files of an output by their names, whether they exist or not."""
    return {name: beside(path, name) for name in fmt.parts}
