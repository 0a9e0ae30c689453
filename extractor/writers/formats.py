"""Which formats there are, by name and by ending; a new one is a row here and a module beside it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import IO, Protocol, cast

from extractor.errors import MissingExtra, UsageError
from extractor.findings import Findings, Row, WithoutTexts
from extractor.schema.output import ExtractionResult

# Opens a file of an output by its name.
Part = Callable[[str], IO[bytes]]

# The tables of a format that has several files; the records stand in the one that was asked for.
TABLES = ("records", "articles", "events", "actors", "ties", "rejected", "run")
PARTS = {table: "" if table == "records" else table for table in TABLES}


@dataclass(frozen=True, slots=True)
class Settings:
    """What of a result is written.

    `all_modes` adds to the event data what did not happen, with its mode; `include_text` keeps the articles' texts.
    """

    all_modes: bool = False
    include_text: bool = True


class Writer(Protocol):
    """The module of a format that leaves something out; it needs the whole result in memory."""

    def dump(self, result: ExtractionResult, settings: Settings) -> bytes:
        """The file."""
        ...


class RowWriter(Protocol):
    """The module of a format that is written row by row.

    A format of several files names the further ones: "" is the file that was asked for, "events" the one beside it.
    """

    def stream(self, findings: Findings) -> Mapping[str, Iterable[bytes]]:
        """The files by name, each as pieces that are made as they are asked for."""
        ...


class RowReader(Protocol):
    """The module of a format that is read row by row."""

    def rows(self, table: str, part: Part) -> Iterator[Row]:
        """The rows of a table (see `extractor.findings`), not yet held against their schema.

        Raises:
            ValueError: a file is of another form.
        """
        ...


class DocumentReader(Protocol):
    """The module of a format that can be read only as a whole."""

    def load(self, part: Part) -> Row:
        """The output document, not yet held against its schema.

        Raises:
            ValueError: the file is of another form.
        """
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its endings, what it leaves out (nothing, where it can be read back), its extra and its files."""

    name: str
    suffixes: tuple[str, ...]
    module: str
    drops: str = ""
    extra: str = ""
    parts: tuple[str, ...] = ("",)

    @property
    def lossless(self) -> bool:
        """Whether what is written can be read back whole."""
        return not self.drops

    def files(self, findings: Findings, settings: Settings) -> dict[str, Iterable[bytes]]:
        """The files of an output by their names, each as pieces: "" is the one that was asked for.

        Raises:
            MissingExtra: what the format is written with is not installed.
        """
        if not settings.include_text:
            findings = WithoutTexts(findings)
        if self.lossless:
            return dict(cast(RowWriter, self.writer()).stream(findings))
        return {"": [cast(Writer, self.writer()).dump(findings.result(), settings)]}

    def writer(self) -> ModuleType:
        """The format's module.

        Raises:
            MissingExtra: what it is written with is not installed.
        """
        try:
            return importlib.import_module(f"extractor.writers.{self.module}")
        except ModuleNotFoundError as error:
            if not self.extra or (error.name or "").startswith("extractor"):
                raise
            advice = f"Install it: pip install 'event-extractor[{self.extra}]'."
            raise MissingExtra(f"{self.name} needs {error.name}, which is not installed.", advice) from error

    def reader(self) -> RowReader | DocumentReader:
        """The format's module, for reading.

        Raises:
            UsageError: the format cannot be read back.
            MissingExtra: what it is read with is not installed.
        """
        if not self.lossless:
            readable = ", ".join(name for name, each in FORMATS.items() if each.lossless)
            raise UsageError(
                f"{self.name} cannot be read back: it leaves out {self.drops}.", f"What can be read is {readable}."
            )
        return cast(RowReader | DocumentReader, self.writer())


_REST = "what did not happen (unless --all-modes) and what was rejected"
FORMATS = {
    each.name: each
    for each in (
        Format("json", (".json",), "json_document"),
        Format("jsonl", (".jsonl", ".ndjson"), "json_lines"),
        Format("csv", (".csv",), "csv_tables", parts=(*PARTS.values(),)),
        Format("parquet", (".parquet",), "parquet", extra="parquet", parts=(*PARTS.values(),)),
        Format("ftm", (".ftm", ".ftm.json"), "followthemoney", f"statements, spans, histories, {_REST}"),
        Format("polecat", (".tsv",), "polecat", f"what has no PLOVER type, all sources but the settling one, {_REST}"),
        Format("icews", (".tab",), "icews", f"what has no CAMEO code, all sources but the settling one, {_REST}"),
        Format("graphml", (".graphml",), "graphml", f"records, texts, histories, {_REST}", "graph"),
        Format("gexf", (".gexf",), "gexf", f"records, texts, histories, {_REST}", "graph"),
        Format("markdown", (".md", ".markdown"), "markdown", "texts, offsets, codes, actors and links"),
    )
}


def format_of(path: Path, name: str | None = None) -> Format:
    """The format of this name or, without one, that of the path's ending; a path without an ending is JSON.

    Raises:
        UsageError: there is no such format, or none with this ending.
    """
    if name is not None:
        if name not in FORMATS:
            raise UsageError(f"{name!r} is no format.", f"Formats are: {', '.join(FORMATS)}.")
        return FORMATS[name]
    by_ending = {suffix: each for each in FORMATS.values() for suffix in each.suffixes}
    endings = [suffix for suffix in by_ending if path.name.lower().endswith(suffix)]
    found = by_ending[max(endings, key=len)] if endings else None
    if found is None and path.suffix:
        known = ", ".join(by_ending)
        raise UsageError(f"No format has the ending of {path.name}.", f"Endings are {known}; or name it: --format.")
    return found or FORMATS["json"]
