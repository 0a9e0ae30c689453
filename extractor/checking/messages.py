"""What a run and its workers say to each other, over a worker's standard streams.

A message is pickled behind its length in bytes. Both ends are processes of one program on one machine, and the pipes
are nobody else's.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from pydantic import TypeAdapter

from extractor.checking.checks import Assembled, Examined, Part
from extractor.errors import Fault
from extractor.readers import Article

_LENGTH = struct.Struct(">Q")
LENGTH = _LENGTH.size
# Pydantic writes and reads models as JSON in less time than they are pickled in.
_ASSEMBLED: TypeAdapter[Assembled] = TypeAdapter(Assembled)


@dataclass(frozen=True, slots=True)
class Begin:
    """An article whose answers are to be checked, under a number."""

    task: int
    article: Article


@dataclass(frozen=True, slots=True)
class Examine:
    """An answer about a part; see `Checks.examine`."""

    part: Part
    answer: str


@dataclass(frozen=True, slots=True)
class Assemble:
    """The parts whose answers are to be brought together; see `Checks.assemble`."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Do:
    """Something to do for an article that was begun, under a number of its own."""

    task: int
    call: int
    what: Examine | Assemble


@dataclass(frozen=True, slots=True)
class End:
    """An article of which nothing more is wanted."""

    task: int


@dataclass(frozen=True, slots=True)
class Done:
    """What came of something: of an answer, of all in the form of `written`, or the fault that was met."""

    call: int
    examined: Examined | None = None
    assembled: bytes = b""
    fault: Fault | None = None


def written(assembled: Assembled) -> bytes:
    """What was assembled, as it is sent."""
    return _ASSEMBLED.dump_json(assembled)


def read(data: bytes) -> Assembled:
    """What was assembled, as it came."""
    return _ASSEMBLED.validate_json(data)


def packed(message: object) -> bytes:
    """A message as it is sent."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(data)) + data


def length_in(head: bytes) -> int:
    """The bytes of a message, by the `LENGTH` bytes before it."""
    (length,) = _LENGTH.unpack(head)
    return int(length)


def unpacked(data: bytes) -> Any:
    """The message that these bytes are."""
    return pickle.loads(data)  # noqa: S301 - the other end of the pipe is this program


def received(pipe: IO[bytes]) -> Iterator[Any]:
    """The messages that come through a pipe, until it is closed."""
    while len(head := pipe.read(LENGTH)) == LENGTH:
        length = length_in(head)
        data = pipe.read(length)
        if len(data) < length:
            return
        yield unpacked(data)
