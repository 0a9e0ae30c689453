"""CSV (RFC 4180, UTF-8 with a mark, so that spreadsheets read it right): one file for each table.

| what | how it stands in a cell |
|---|---|
| a field of an object | in a column of its own: `date.value` |
| nothing | an empty cell |
| a number, true, false | as in JSON |
| text | as it is; empty text is a lone apostrophe |
| a list of texts | joined by `|`, which is `\\|` in a text, as a backslash is `\\\\` |
| a list of objects, or a value of any shape | JSON |

An apostrophe is put before what a spreadsheet would take for a formula: `=`, `+`, `-`, `@`, a tab or a line break at
the start of a text (https://owasp.org/www-community/attacks/CSV_Injection). The first four get it behind a semicolon,
tab, bar or line break too, where a spreadsheet of another locale starts a cell. What had an apostrophe there gets one
more, and reading takes one away: no text is changed by writing and reading it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from extractor.findings import Findings, Row
from extractor.readers import LONGEST_ARTICLE
from extractor.writers.formats import PARTS, Part
from extractor.writers.tables import Repeated, Shape, Struct, columns_of, row_shape

# Characters of a cell: those of the longest article, each of which may be escaped in JSON.
_LONGEST: Final = 12 * LONGEST_ARTICLE
_FORMULA: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_STARTS: Final = r"(?:\A|(?<=[;|\t\r\n]))"
_TO_GUARD: Final = re.compile(rf"{_STARTS}(?='*[{_FORMULA}])|\A(?='*[\t\r\n]|'*\Z)")
_GUARD: Final = re.compile(rf"{_STARTS}'(?='*[{_FORMULA}])|\A'(?='*[\t\r\n]|'*\Z)")
_BAR: Final = re.compile(r"[\\|]")
_ITEM: Final = re.compile(r"((?:[^\\|]|\\.)*)(\||\Z)", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)


def stream(findings: Findings) -> dict[str, Iterable[bytes]]:
    """A file for each table."""
    return {PARTS[table]: _written(table, findings.rows(table)) for table in PARTS}


def rows(table: str, part: Part) -> Iterator[Row]:
    """The rows of a table.

    Raises:
        ValueError: a file is no CSV, or a cell holds what its column does not.
    """
    # Texts are as long as articles; the module's own limit is 131,072 characters.
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST))
    with part(PARTS[table]) as file, io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
        cells = csv.DictReader(text, strict=True)
        try:
            for row in cells:
                yield _row(table, row, cells.line_num)
        except csv.Error as error:
            raise ValueError(f"its {table}: {error}") from error


def _written(table: str, rows: Iterator[Row]) -> Iterator[bytes]:
    columns = dict(_flat(columns_of(table)))
    yield _line([".".join(path) for path in columns]).encode("utf-8-sig")
    for row in rows:
        yield _line([_cell(shape, _at(row, path)) for path, shape in columns.items()]).encode()


def _line(cells: list[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue()


_Path = tuple[str, ...]


def _flat(struct: Struct, before: _Path = ()) -> Iterator[tuple[_Path, Shape]]:
    """The columns: the paths to all that is no object."""
    for name, shape in struct.fields.items():
        if isinstance(shape, Struct):
            yield from _flat(shape, (*before, name))
        else:
            yield (*before, name), shape


def _at(row: Row, path: _Path) -> Any:
    value: Any = row
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _cell(shape: Shape, value: Any) -> str:
    if value is None or (value == [] and isinstance(shape, Repeated)):
        return ""
    if shape == "text":
        return guarded(value)
    if isinstance(shape, Repeated) and shape.item == "text":
        return guarded("|".join(_BAR.sub(r"\\\g<0>", item) for item in value))
    return guarded(json.dumps(value, ensure_ascii=False)) if shape not in ("integer", "number") else json.dumps(value)


def guarded(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would see a formula begin."""
    return _TO_GUARD.sub("'", text)


def _row(table: str, cells: dict[str, Any], line: int) -> Row:
    try:
        shape = row_shape(table, cells.get("type") or "")
        return _object(shape, {name: cell or "" for name, cell in cells.items() if name}, "")
    except ValueError as error:
        raise ValueError(f"its {table}, line {line}: {error}") from error


def _object(struct: Struct, cells: dict[str, str], before: str) -> Row:
    values = {}
    for name, shape in struct.fields.items():
        column = f"{before}{name}"
        if isinstance(shape, Struct):
            filled = any(cell for other, cell in cells.items() if other.startswith(f"{column}."))
            values[name] = _object(shape, cells, f"{column}.") if filled or not shape.nullable else None
        else:
            values[name] = _value(shape, cells.get(column, ""), column)
    return values


def _value(shape: Shape, cell: str, column: str) -> Any:
    if not cell:
        return [] if isinstance(shape, Repeated) else None
    text = _GUARD.sub("", cell)
    if shape == "text":
        return text
    if isinstance(shape, Repeated) and shape.item == "text":
        return _items(text)
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError(f"{column} holds no JSON: {cell[:40]!r}") from error


def _items(text: str) -> list[str]:
    items, start = [], 0
    while match := _ITEM.match(text, start):
        items.append(_ESCAPED.sub(r"\1", match[1]))
        start = match.end()
        if not match[2]:
            break
    return items
