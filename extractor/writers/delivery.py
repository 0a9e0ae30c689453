"""A result to its files and back, whatever the format."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import IO

from extractor.errors import UsageError
from extractor.files import pieces_of, write_atomically
from extractor.findings import Findings, InMemory
from extractor.schema.output import ExtractionResult
from extractor.writers.formats import FORMATS, Format, Settings, format_of
from extractor.writers.places import beside, places
from extractor.writers.reading import Written


def write_result(
    result: ExtractionResult | Findings, path: Path, fmt: Format | None = None, settings: Settings | None = None
) -> None:
    """Write a result in a format, by default that of the path's ending; see `write_atomically`.

    The files of a format that has several are each written whole or not at all, the one that was asked for last.

    Raises:
        MissingExtra: what the format is written with is not installed.
        OutputError: a file cannot be written.
    """
    for name, pieces in sorted(_pieces_of(result, fmt or format_of(path), settings).items(), reverse=True):
        write_atomically(beside(path, name), pieces)


def write_stream(findings: Findings, stream: IO[bytes], fmt: Format, settings: Settings | None = None) -> None:
    """Write a result to a stream; of a format that has several files, the one that is asked for by its name.

    Raises:
        MissingExtra: what the format is written with is not installed.
    """
    stream.writelines(_pieces_of(findings, fmt, settings)[""])
    stream.flush()


def files_of(result: ExtractionResult | Findings, fmt: Format, settings: Settings | None = None) -> dict[str, bytes]:
    """The files of a result by their names: "" is the one that was asked for.

    Raises:
        MissingExtra: what the format is written with is not installed.
    """
    return {name: b"".join(pieces) for name, pieces in _pieces_of(result, fmt, settings).items()}


def _pieces_of(
    result: ExtractionResult | Findings, fmt: Format, settings: Settings | None
) -> dict[str, Iterable[bytes]]:
    findings = InMemory(result) if isinstance(result, ExtractionResult) else result
    return fmt.files(findings, settings or Settings())


def write_json(result: ExtractionResult, path: Path) -> None:
    """Write the result as JSON, whatever the file is called."""
    write_result(result, path, FORMATS["json"])


def keep_previous(path: Path, fmt: Format | None = None) -> Path | None:
    """Copy an output to `NAME.previous.SUFFIX` beside it, before a run with failures takes its place.

    An output that has failures itself does not take the place of a copy that there is: that may be a better one.
    Returns the copy's path, or None where none was made.
    """
    fmt = fmt or format_of(path)
    copy = path.with_name(f"{path.stem}.previous{path.suffix}")
    if not path.is_file() or (copy.exists() and _has_failures(path, fmt)):
        return None
    for name, place in places(path, fmt).items():
        if place.is_file():
            write_atomically(beside(copy, name), pieces_of(place))
    return copy


def _has_failures(path: Path, fmt: Format) -> bool:
    try:
        return any(article["outcome"] != "done" for article in Written(path, fmt).rows("articles"))
    except UsageError:
        return False
