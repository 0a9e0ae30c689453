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

from extractor.errors import ExtractorError
from extractor.pipeline import Reading
from extractor.prompt import Prompt
from extractor.providers.base import Bill, Completion, Request
from extractor.readers import Article

_LENGTH = struct.Struct(">Q")
LENGTH = _LENGTH.size


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is told first: how to read, and the name of the model; `asks_anew` is whether that can be."""

    prompt: Prompt
    reading: Reading
    model: str
    asks_anew: bool


@dataclass(frozen=True, slots=True)
class Task:
    """An article to be read, under a number."""

    number: int
    article: Article


@dataclass(frozen=True, slots=True)
class Question:
    """A request about the article of a task, under a number of its own; its bill is empty."""

    task: int
    number: int
    request: Request


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a question: a completion or an error, and what it took from the service."""

    question: int
    completion: Completion | None
    error: ExtractorError | None
    bill: Bill


@dataclass(frozen=True, slots=True)
class AskAnew:
    """The wish to set an article's recorded answer aside; see `RecordedModel.ask_anew`."""

    article: str


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a task, as the spool writes it."""

    task: int
    line: bytes


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
