"""A folder of its own for what does not fit into memory: tables of plain columns in DuckDB, and whole values in a file.

Values are written by pickle and read by the process that wrote them alone.
"""

from __future__ import annotations

import contextlib
import csv
import pickle
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from extractor.errors import OutputError

if TYPE_CHECKING:
    import duckdb

# Bytes that DuckDB holds before it goes to disk, and what it needs besides for each of a great many records: the more
# sorted runs there are to merge, the more of them it has to look at, and with too little it gives up.
_MEMORY, _MEMORY_EACH = 48_000_000, 25
# Rows that are taken from a result at a time.
_AT_A_TIME = 1024
# Columns in which a value's place is kept.
PLACE = {"place": "BIGINT", "size": "INTEGER"}

Row = tuple[Any, ...]
Writer = Callable[..., object]


class Tables:
    """Tables and values in a folder; what cannot be written or read back is an `OutputError`."""

    def __init__(self, folder: Path) -> None:
        import duckdb

        self._folder = folder
        self._guard = Guard(folder, (OSError, duckdb.OperationalError, duckdb.FatalException))
        self._end = self._written = 0
        with self._guard, contextlib.ExitStack() as stack:
            self._values = stack.enter_context((folder / "values").open("wb"))
            self._reader = stack.enter_context((folder / "values").open("rb"))
            self._open = stack.pop_all()

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        """DuckDB, which takes memory: not before there are tables."""
        import duckdb

        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{_MEMORY}B",
            "threads": 1,
            "temp_directory": str(self._folder / "spilled"),
            "preserve_insertion_order": False,
            "autoload_known_extensions": False,
        }
        with self._guard:
            return self._open.enter_context(duckdb.connect(self._folder / "tables.duckdb", config=settings))

    def close(self) -> None:
        """Let go of the files, whatever is left to be written to them."""
        with contextlib.suppress(OSError):
            self._open.close()

    def expect(self, records: int) -> None:
        """Let DuckDB hold what it takes to sort and to join tables of so many records."""
        self.run(f"SET memory_limit = '{_MEMORY + _MEMORY_EACH * records}B'")

    def run(self, statement: str, *parameters: object) -> None:
        """Run a statement."""
        with self._guard:
            self._database.execute(statement, parameters)

    def forget(self, *, all_but: Collection[str]) -> None:
        """Drop the tables but these."""
        for (name,) in list(self.rows("SELECT table_name FROM duckdb_tables()")):
            if name not in all_but:
                self.run(f"DROP TABLE {name}")

    def rows(self, query: str, *parameters: object) -> Iterator[Row]:
        """The rows of a query, which are not all held at once."""
        with contextlib.closing(self._database.cursor()) as cursor:
            with self._guard:
                found = cursor.execute(query, parameters)
            while rows := self._next(found):
                yield from rows

    def new_rows(self, table: str, columns: Mapping[str, str]) -> Rows:
        """Rows to be added to a table of these columns with their types."""
        return Rows(self._guard, self._folder / f"{table}.csv", table, columns)

    def add(self, rows: Rows) -> None:
        """Add rows to their table, which is made if there is none; that ends them."""
        rows.close()
        listed = ", ".join(f"{name} {kind}" for name, kind in rows.columns.items())
        typed = ", ".join(f"{name}: '{kind}'" for name, kind in rows.columns.items())
        load = (
            f"INSERT INTO {rows.table} SELECT * FROM read_csv($path, columns={{{typed}}}, header=false, "  # noqa: S608
            "auto_detect=false, delim=',', quote='\"', escape='\"', buffer_size=4194304)"
        )
        with self._guard:
            self._database.execute(f"CREATE TABLE IF NOT EXISTS {rows.table} ({listed})")
            self._database.execute(load, {"path": str(rows.path)})
            rows.path.unlink()

    @contextlib.contextmanager
    def writing(self, table: str, columns: Mapping[str, str]) -> Iterator[Writer]:
        """Add the rows that are written meanwhile to a table; see `new_rows`."""
        rows = self.new_rows(table, columns)
        try:
            yield rows.write
        except BaseException:
            rows.give_up()
            raise
        self.add(rows)

    @contextlib.contextmanager
    def writing_all(self, tables: Mapping[str, Mapping[str, str]]) -> Iterator[Mapping[str, Writer]]:
        """Add rows to several tables at once."""
        with contextlib.ExitStack() as stack:
            yield {name: stack.enter_context(self.writing(name, columns)) for name, columns in tables.items()}

    def put(self, value: object) -> tuple[int, int]:
        """Write a value; its place and size."""
        data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        place = self._end
        with self._guard:
            self._values.write(data)
        self._end += len(data)
        return place, len(data)

    def get(self, place: int, size: int) -> Any:
        """Read a value back."""
        with self._guard:
            if place + size > self._written:
                self._values.flush()
                self._written = self._end
            self._reader.seek(place)
            data = self._reader.read(size)
            if len(data) != size:
                raise OSError("a temporary file is shorter than what was written to it")
        return pickle.loads(data)  # noqa: S301 - written above, in a folder that is nobody else's

    def _next(self, found: duckdb.DuckDBPyConnection) -> list[Row]:
        with self._guard:
            return found.fetchmany(_AT_A_TIME)


class Rows:
    """Rows on their way to a table, in a file. A row has strings and whole numbers, and no null."""

    def __init__(self, guard: Guard, path: Path, table: str, columns: Mapping[str, str]) -> None:
        self._guard = guard
        self.path = path
        self.table = table
        self.columns = columns
        with guard:
            self._file = path.open("w", newline="", encoding="utf-8")
        self._write = csv.writer(self._file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerow

    def write(self, *row: object) -> None:
        """Write a row."""
        with self._guard:
            self._write(row)

    def close(self) -> None:
        """Write what is left to be written."""
        with self._guard:
            self._file.close()

    def give_up(self) -> None:
        """Let go of the file, whatever is left to be written."""
        with contextlib.suppress(OSError):
            self._file.close()


class Guard(contextlib.AbstractContextManager["Guard", None]):
    """Tells what goes wrong with temporary files as what a user can act on."""

    def __init__(self, folder: Path, faults: tuple[type[Exception], ...] = (OSError,)) -> None:
        self._folder = folder
        self._faults = faults

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, self._faults):
            raise _not_written(self._folder, error) from error


def _not_written(folder: Path, error: Exception) -> OutputError:
    told = str(error).splitlines()[0] if str(error) else type(error).__name__
    return OutputError(
        "The records cannot be brought together: temporary files cannot be written or read.",
        "Free space on that disk, or name another folder for temporary files in TMPDIR.",
        where=f"{folder}: {told}",
    )
