"""What a run found, as the tables of its output, wherever they are kept.

| table | a row for each |
|---|---|
| articles | article |
| records | record of any type |
| actors | actor |
| events | event |
| ties | question that a model settled |
| rejected | rejection |
| run | output: the schema's version and the model |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Protocol

from extractor.schema.output import ExtractionResult

Row = dict[str, Any]

# The lists of the output document, in its order.
LISTS: Final = ("articles", "records", "actors", "events", "ties", "rejected")


class Findings(Protocol):
    """The content of an output, table by table; each can be gone through again and again."""

    def rows(self, table: str, /) -> Iterator[Row]:
        """The rows of one of the `LISTS`, or of "run", as JSON values, in the order of the output document."""
        ...

    def result(self) -> ExtractionResult:
        """All of it, in memory."""
        ...


class InMemory:
    """The findings of a result."""

    def __init__(self, result: ExtractionResult) -> None:
        self._result = result

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table; see `Findings`."""
        if table == "run":
            result = self._result
            yield {"schema_version": result.schema_version, "model": result.model.model_dump(mode="json")}
            return
        for item in getattr(self._result, table):
            yield item.model_dump(mode="json")

    def result(self) -> ExtractionResult:
        """The result itself."""
        return self._result


class WithoutTexts:
    """Findings without the articles' texts; their hashes stay."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table; see `Findings`."""
        for row in self._findings.rows(table):
            yield row | {"text": ""} if table == "articles" else row

    def result(self) -> ExtractionResult:
        """All of it, in memory."""
        return ExtractionResult.model_validate(document_of(self.rows))


def document_of(rows: Callable[[str], Iterable[Row]]) -> Row:
    """The output document, from the rows of each table.

    Raises:
        ValueError: the table of the run has another number of rows than one.
    """
    run = list(rows("run"))
    if len(run) != 1 or not isinstance(run[0], dict):
        raise ValueError(f"its table of the run has {len(run)} rows, not one of named values")
    return run[0] | {name: list(rows(name)) for name in LISTS}
