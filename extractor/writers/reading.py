"""Outputs read back, row by row or whole, each row held against its schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Final, cast

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from extractor.errors import UsageError
from extractor.findings import LISTS, Findings, InMemory, Row, document_of
from extractor.schema.actors import KnownActor
from extractor.schema.events import Event
from extractor.schema.output import ArticleReport, ExtractionResult, ModelUsed, ResolvedTie
from extractor.schema.records import AnyRecord, Rejection
from extractor.writers.formats import Format, RowReader, format_of
from extractor.writers.places import beside

_ADVICE = "Make one with extract PATHS --out FILE."


class _RunRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    schema_version: str
    model: ModelUsed


_ROWS: Final[dict[str, TypeAdapter[Any]]] = {
    "run": TypeAdapter(_RunRow),
    "articles": TypeAdapter(ArticleReport),
    "records": TypeAdapter(AnyRecord),
    "actors": TypeAdapter(KnownActor),
    "events": TypeAdapter(Event),
    "ties": TypeAdapter(ResolvedTie),
    "rejected": TypeAdapter(Rejection),
}


class Written:
    """The findings that an output holds, read row by row where its format allows.

    Whatever is asked of it, a UsageError tells where a file is missing or no output of this tool.
    """

    def __init__(self, path: Path, fmt: Format | None = None) -> None:
        self._path = path
        self._reader = (fmt or format_of(path)).reader()

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table, each held against its schema; see `extractor.findings.Findings`."""
        schema = _ROWS[table]
        with self._telling():
            for number, row in enumerate(self._rows(table)):
                try:
                    yield schema.dump_python(schema.validate_python(row), mode="json")
                except ValidationError as error:
                    raise self._invalid(error, table, number) from error

    def check(self) -> None:
        """Go through all of it, and find out whether all is there that something points to."""
        with self._telling():
            stray = _stray(self)
        if stray:
            raise self._none(stray)

    def result(self) -> ExtractionResult:
        """All of it, in memory."""
        with self._telling():
            try:
                result = ExtractionResult.model_validate(self._document or document_of(self._rows))
            except ValidationError as error:
                raise self._invalid(error) from error
            stray = _stray(InMemory(result))
        if stray:
            raise self._none(stray)
        return result

    def _rows(self, table: str) -> Iterator[Row]:
        if self._document is None:
            return cast(RowReader, self._reader).rows(table, self._part)
        if table == "run":
            return iter([{name: value for name, value in self._document.items() if name not in LISTS}])
        listed = self._document.get(table)
        if not isinstance(listed, list):
            raise ValueError(f"{table}: it has no such list")  # noqa: TRY004 - the file's fault
        return iter(listed)

    @cached_property
    def _document(self) -> Row | None:
        return self._reader.load(self._part) if hasattr(self._reader, "load") else None

    def _part(self, name: str) -> IO[bytes]:
        return beside(self._path, name).open("rb")

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Tell what is met in reading as what a user can act on."""
        try:
            yield
        except OSError as error:
            where = error.filename or self._path
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"Cannot read {where}: {reason}.", "Check the path.") from error
        except ValueError as error:
            raise self._none(str(error)) from error

    def _invalid(self, error: ValidationError, *where: str | int) -> UsageError:
        problem = error.errors(include_url=False)[0]
        place = "/".join(map(str, [*where, *problem["loc"]])) or "the file"
        return self._none(f"{place}: {problem['msg']}")

    def _none(self, why: str) -> UsageError:
        return UsageError(f"{self._path} is no output of extract: {why}.", _ADVICE)


def read_result(path: Path, fmt: Format | None = None) -> ExtractionResult:
    """Read a result back.

    Raises:
        UsageError: a file is missing or no output of this tool, or the format cannot be read back.
    """
    return Written(path, fmt).result()


def _stray(findings: Findings) -> str | None:
    """What points to nothing, as in files that are not of one output."""
    articles = {article["id"] for article in findings.rows("articles")}
    records = set[str]()
    for table in ("records", "rejected"):
        for item in findings.rows(table):
            if item["article"] not in articles:
                return f"it has a record of {item['article']}, and no such article"
            if table == "records":
                records.add(item["id"])
    for event in findings.rows("events"):
        for record in event["members"]:
            if record not in records:
                return f"it has an event of {record}, and no such record"
    for table in ("run", "actors", "ties"):
        for _ in findings.rows(table):
            pass
    return None
