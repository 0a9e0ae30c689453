"""The output document as seven tables, and back; what their columns are follows from the schema alone.

| table | a row for each |
|---|---|
| records | record of any type; fields of other types are empty |
| articles | article |
| events | event |
| actors | actor |
| ties | question that a model settled |
| rejected | rejection |
| run | output: the schema's version and the model |

A file of tables holds the records under the name that was asked for and each other table beside it.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, JsonValue

from extractor.schema.actors import KnownActor
from extractor.schema.events import Event
from extractor.schema.output import ArticleReport, ModelUsed, ResolvedTie
from extractor.schema.records import DiplomaticAction, Rejection, Sanction, Statement

# `json` is a value of any shape, which tables hold as JSON text.
Scalar = Literal["text", "integer", "number", "boolean", "json"]


@dataclass(frozen=True, slots=True)
class Struct:
    """An object with named fields."""

    fields: Mapping[str, Shape]
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Repeated:
    """A list."""

    item: Shape


Shape = Scalar | Struct | Repeated

_TABLES: Final[dict[str, tuple[type[BaseModel], ...]]] = {
    "records": (DiplomaticAction, Sanction, Statement),
    "articles": (ArticleReport,),
    "events": (Event,),
    "actors": (KnownActor,),
    "ties": (ResolvedTie,),
    "rejected": (Rejection,),
}
_SCALARS: Final[dict[type, Scalar]] = {bool: "boolean", int: "integer", float: "number", str: "text"}


@cache
def columns_of(table: str) -> Struct:
    """The columns of a table with their shapes, nested as in the document."""
    if table == "run":
        return Struct({"schema_version": "text", "model": _shape(ModelUsed)})
    first, *others = (_struct(model) for model in _TABLES[table])
    for other in others:
        first = _merged(first, other)
    return first


@cache
def _row_shapes(table: str) -> dict[str, Struct]:
    """The shape of each type of record; that of any other table's rows stands under ""."""
    if table != "records":
        return {"": columns_of(table)}
    return {model.model_fields["type"].default: _struct(model) for model in _TABLES[table]}


def row_shape(table: str, kind: str) -> Struct:
    """The shape of one row: of a record's type where the table has records.

    Raises:
        ValueError: there is no such type of record.
    """
    shapes = _row_shapes(table)
    if "" in shapes:
        return shapes[""]
    if kind not in shapes:
        raise ValueError(f"{kind or 'nothing'} is no type of record")
    return shapes[kind]


def _struct(model: type[BaseModel], *, nullable: bool = False) -> Struct:
    return Struct({name: _shape(field.annotation) for name, field in model.model_fields.items()}, nullable)


def _shape(annotation: Any) -> Shape:
    if annotation is JsonValue:
        return "json"
    if get_origin(annotation) in (Union, types.UnionType):
        (inner,) = [part for part in get_args(annotation) if part is not type(None)]
        shape = _shape(inner)
        return Struct(shape.fields, nullable=True) if isinstance(shape, Struct) else shape
    if get_origin(annotation) is list:
        return Repeated(_shape(*get_args(annotation)))
    if get_origin(annotation) is Literal or issubclass(annotation, Enum):
        return "text"
    if issubclass(annotation, BaseModel):
        return _struct(annotation)
    return _SCALARS[annotation]


def _merged(one: Shape, other: Shape) -> Any:
    """The shape that holds both: an actor has a role, and the target of a sanction may be a vessel without one."""
    if isinstance(one, Struct) and isinstance(other, Struct):
        shared = {name: _merged(one.fields[name], other.fields[name]) for name in one.fields if name in other.fields}
        return Struct({**one.fields, **other.fields, **shared}, one.nullable or other.nullable)
    if isinstance(one, Repeated) and isinstance(other, Repeated):
        return Repeated(_merged(one.item, other.item))
    if one != other:
        raise TypeError(f"{one} and {other} cannot stand in one column")
    return one
