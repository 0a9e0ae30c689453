"""Gold files: YAML 1.2 as people write it, read without surprises, and written.

Dates, `no` and `12:30` stay text; only true, false, null and plain numbers are something else (the core schema of YAML
1.2.2, section 10.3). A key given twice is an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from extractor.errors import BadGold, MissingExtra, UsageError
from extractor.evaluation.gold import GoldArticle, GoldRecord
from extractor.files import write_atomically

try:
    import yaml
except ImportError as absent:
    raise MissingExtra("Gold files need PyYAML.", "Install it: pip install 'event-extractor[eval]'") from absent

_SUFFIXES = {".yaml", ".yml"}
_OWN_KEYS = frozenset(GoldRecord.model_fields) - {"fields"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a gold file, where, and what to do."""

    file: str
    line: int | None
    record: str | None
    field: str | None
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: " + "".join(f"{part}: " for part in (self.record, self.field) if part) + self.message


@dataclass(frozen=True, slots=True)
class GoldFile:
    """A gold file: its article's gold, and the lines on which records and their fields begin."""

    path: Path
    gold: GoldArticle
    lines: dict[tuple[str, ...], int]

    def problem(self, message: str, *, record: int | None = None, field: str | None = None) -> Problem:
        """A problem of a record, or of the file, with its line; the record by its place in the file."""
        where = () if record is None else ("records", str(record))
        line = self.lines.get((*where, field or ""), self.lines.get(where))
        named = None if record is None else self.gold.records[record].id
        return Problem(str(self.path), line, named, field, message)


def _whole_number(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    # YAML 1.1 reads 010 as octal.
    return int(str(loader.construct_scalar(node)))


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader with the core schema of YAML 1.2 in the place of YAML 1.1's, and without aliases."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        # People write none, and a few lines of them make a file of gigabytes.
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases have no place in gold", mark)
        return super().compose_node(parent, index)


_CORE = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
)
_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in _CORE:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), _first)
_Loader.add_constructor("tag:yaml.org,2002:int", _whole_number)


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is no text", key_node.start_mark)
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is given twice", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def gold_files(paths: Sequence[Path]) -> list[Path]:
    """The gold files in these paths: files as named, and the .yaml files of folders, at any depth, sorted.

    Raises:
        UsageError: a path does not exist, or there is no gold in them.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"No such file or folder: {path}", "Name a gold file, or a folder of them.")
        inside = (file for file in path.rglob("*") if file.suffix in _SUFFIXES) if path.is_dir() else [path]
        found += sorted(inside)
    if not found:
        raise UsageError(
            f"No gold in {', '.join(map(str, paths))}: no .yaml file is there.",
            "Make some with extract gold draft events.json --out FOLDER, and correct it.",
        )
    return list(dict.fromkeys(found))


def told(problems: Sequence[Problem]) -> str:
    """The first of some problems, and how many more there are: what fits into a message."""
    more = f" There are {len(problems) - 1} more." if len(problems) > 1 else ""
    return f"{problems[0]}{more}"


def read_gold(path: Path) -> GoldFile:
    """Read one gold file.

    Raises:
        UsageError: it cannot be read.
        BadGold: it is no YAML, or has another shape than a gold file; the message names line, record and field.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Cannot read {path}: {error}.", "Check the path; gold is UTF-8.") from error
    try:
        node = yaml.compose(text, _Loader)
        data = yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadGold(*_yaml_problem(path, error)) from error
    lines = _lines(node)
    try:
        gold = GoldArticle.model_validate(_shaped(data))
    except ValidationError as error:
        problems = [_shape_problem(path, data, lines, item) for item in error.errors(include_url=False)]
        raise BadGold(told(problems), "The format is described in gold/README.md.") from error
    return GoldFile(path, gold, lines)


def write_gold(gold: GoldArticle, path: Path) -> None:
    """Write a gold file as a person would, whole or not at all; see `write_atomically`."""
    write_atomically(path, to_yaml(gold).encode())


def to_yaml(gold: GoldArticle) -> str:
    """A gold file's text."""
    data: dict[str, Any] = gold.model_dump(exclude={"records"}, exclude_unset=True, exclude_none=True)
    if gold.records or gold.codes is None:
        data["records"] = [_flat(record) for record in gold.records]
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def _flat(record: GoldRecord) -> dict[str, Any]:
    own = record.model_dump(exclude={"fields"}, exclude_defaults=True)
    head = {"id": record.id, "type": record.type, "tier": record.tier, "evidence": own.pop("evidence")}
    return head | own | record.fields


class _Dumper(yaml.SafeDumper):
    """PyYAML's safe writer; it quotes what YAML 1.1 or 1.2 takes for something else, so any reader gets the same."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - people write no anchors
        return True


# 0831 is text to YAML 1.1, which reads it as octal, and a number to 1.2.
for _tag, _pattern, _first in _CORE:
    _Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), _first)


def _shaped(data: Any) -> Any:
    """The data with each record's scored fields gathered under `fields`."""
    if not isinstance(data, dict) or not isinstance(data.get("records"), list):
        return data
    return data | {"records": [_gathered(record) for record in data["records"]]}


def _gathered(record: Any) -> Any:
    if not isinstance(record, dict):
        return record
    own = {key: value for key, value in record.items() if key in _OWN_KEYS}
    return own | {"fields": {str(key): value for key, value in record.items() if key not in _OWN_KEYS}}


def _lines(node: yaml.Node | None, where: tuple[str, ...] = (), depth: int = 3) -> dict[tuple[str, ...], int]:
    """The lines, from 1, of the file's parts down to the fields of records."""
    if node is None:
        return {}
    found = {where: node.start_mark.line + 1}
    children: list[tuple[str, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        children = [(str(key.value), value) for key, value in node.value]
        found |= {(*where, str(key.value)): key.start_mark.line + 1 for key, _ in node.value}
    elif isinstance(node, yaml.SequenceNode):
        children = [(str(place), item) for place, item in enumerate(node.value)]
    for name, child in children if depth else []:
        below = _lines(child, (*where, name), depth - 1)
        found = below | found
    return found


def _yaml_problem(path: Path, error: Exception) -> tuple[str, str]:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error)
    line = mark.line + 1 if mark else None
    return str(Problem(str(path), line, None, None, f"{what}.")), "Mend the YAML there; text with ': ' wants quotes."


def _shape_problem(path: Path, data: Any, lines: dict[tuple[str, ...], int], item: Any) -> Problem:
    where = tuple(str(part) for part in item["loc"] if part != "fields")
    record = field = None
    if len(where) > 1 and where[0] == "records":
        found = data["records"][int(where[1])]
        named = found.get("id") if isinstance(found, dict) else None
        record = str(named or f"record {int(where[1]) + 1}")
        field = ".".join(where[2:]) or None
    else:
        field = ".".join(where) or None
    line = next((lines[where[:length]] for length in range(len(where), -1, -1) if where[:length] in lines), None)
    return Problem(str(path), line, record, field, f"{item['msg'].lower()}.")
