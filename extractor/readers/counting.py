"""How many articles are to be expected, where that can be told without reading them all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from extractor.readers.article import InputSettings
from extractor.readers.finding import STDIN
from extractor.readers.formats import COMPRESSED, reader_format
from extractor.readers.outputs import begins_output

# Bytes of JSON Lines whose lines are counted: half a second's work.
_COUNTED = 2**29
_PART = 2**20


def expected_in(files: Iterable[Path], settings: InputSettings) -> int | None:
    """How many articles these files have: by their kind, by what Parquet tells, by the lines of JSON Lines.

    None where it takes reading: CSV, rows that are packed or come by a pipe, and very many lines.
    """
    expected, left = 0, _COUNTED
    for path in files:
        fmt = reader_format(path, settings.format)
        if fmt.most_bytes is not None:
            expected += 1
            continue
        if path == STDIN or path.suffix.lower() in COMPRESSED or fmt.name == "csv":
            return None
        left -= _size(path) if fmt.name == "jsonl" else 0
        if left < 0:
            return None
        expected += _lines(path) if fmt.name == "jsonl" else _rows(path)
    return expected


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _lines(path: Path) -> int:
    lines, part = 0, b""
    try:
        with path.open("rb") as file:
            while piece := file.read(_PART):
                if not part and begins_output(piece[:100].decode("utf-8", "replace")):
                    return 0
                lines, part = lines + piece.count(b"\n"), piece
    except OSError:
        return lines
    return lines + (bool(part) and not part.endswith(b"\n"))


def _rows(path: Path) -> int:
    try:
        from extractor.readers import parquet
    except ModuleNotFoundError:
        return 1
    return parquet.count(str(path))
