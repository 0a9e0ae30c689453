"""The lines of a file as they are read, decoded one by one: none is held but the one at hand.

The first line that is not plain ASCII decides the encoding, whatever the pieces in which a file or a pipe comes: a byte
order mark at the beginning; UTF-8 if the line is that; else the encoding that was named or, without one, what the next
64 KiB look like. A later line that does not fit is no article, and costs no other.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from itertools import chain
from typing import IO, AnyStr, Final

from extractor.decoding import decode, marked_encoding
from extractor.errors import UnreadableArticle
from extractor.readers.article import Source
from extractor.readers.contents import Streamed

# Bytes, or characters where it is not ASCII. The longest article takes 24 million bytes where JSON escapes all of it.
LONGEST_LINE = 2**26
# What is skipped of a longer one before the file is taken for none.
_SKIPPED = 2**30
_PART = 2**20
_SAMPLE = 2**16
_MARKS: Final = "event-extractor.undecoded"
# Signs for what is no text; decoding gives no lone surrogate.
_UNDECODED, _OVERLONG = "\udcff", "\udcfe"


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _UNDECODED, error.end


codecs.register_error(_MARKS, _mark)


class Lines:
    """The lines of a file, line feeds included, iterated once; `encoding` is that of the last one."""

    def __init__(self, file: IO[bytes], source: Source) -> None:
        self._file = file
        self._source = source
        self._begun = False
        self.encoding = "utf-8"

    def __iter__(self) -> Iterator[str]:
        """The lines; one that is none is a sign of it, for which see `trouble`.

        Raises:
            UnreadableArticle: the file is no text, or a line of it has no end.
        """
        for line in _lines(self._file.readline, b"\n", self._source.name):
            if line is not None and not _is_ascii(line):
                yield from self._decoded(line)
                return
            yield f"{_OVERLONG}\n" if line is None else line.decode("ascii")
            self._begun = True

    def trouble(self, text: str) -> str | None:
        """Why a text of these lines is none, or None where nothing is wrong with it."""
        if _UNDECODED in text:
            return f"does not fit {self.encoding.upper()}, the encoding of what stands before it"
        return f"is longer than {LONGEST_LINE:,} characters" if _OVERLONG in text else None

    def _decoded(self, line: bytes) -> Iterator[str]:
        """What begins with the line at hand, the first that is not plain ASCII."""
        codec, sample = self._decide(line)
        rest = iter(lambda: self._file.read1(_SAMPLE), b"")  # type: ignore[attr-defined]
        joined = io.BufferedReader(Streamed(chain([sample], rest)), _SAMPLE)
        with io.TextIOWrapper(joined, codec, _MARKS, "\n") as text:
            for decoded in _lines(text.readline, "\n", self._source.name):
                yield f"{_OVERLONG}\n" if decoded is None else decoded

    def _decide(self, line: bytes) -> tuple[str, bytes]:
        """The codec, and what has been read to find it."""
        marked = None if self._begun else marked_encoding(line)
        if marked is not None:
            self.encoding = marked
            return "utf-8-sig" if marked == "utf-8" else marked, line
        if _is_utf8(line):
            return "utf-8", line
        sample = line + self._file.read(_SAMPLE) + self._file.readline(LONGEST_LINE)
        foreign = [part for part in sample.split(b"\n") if not _is_ascii(part)]
        if 2 * sum(map(_is_utf8, foreign)) <= len(foreign):
            self.encoding = self._guessed(line, sample)
        return self.encoding, sample

    def _guessed(self, line: bytes, sample: bytes) -> str:
        named = self._source.settings.encoding
        # UTF-16 without a mark has line feeds of two bytes; half a one at the end would speak against it.
        whole = sample[: len(sample) // 4 * 4] if b"\x00" in sample else sample
        try:
            return decode(whole if named is None else line, self._source.name, named)[1]
        except UnreadableArticle:
            if not self._begun:
                raise
            return self.encoding


def _lines(readline: Callable[[int], AnyStr], end: AnyStr, name: str) -> Iterator[AnyStr | None]:
    """The lines; None for one that is too long."""
    while line := readline(LONGEST_LINE):
        overlong = len(line) == LONGEST_LINE and not line.endswith(end)
        if overlong:
            _skip(readline, end, name)
        yield None if overlong else line


def _skip(readline: Callable[[int], AnyStr], end: AnyStr, name: str) -> None:
    skipped = LONGEST_LINE
    while (part := readline(_PART)) and not part.endswith(end):
        skipped += len(part)
        if skipped > _SKIPPED:
            raise UnreadableArticle(
                f"{name} has a line longer than {_SKIPPED:,} characters.", "Put each row on a line."
            )


def _is_ascii(line: bytes) -> bool:
    return line.isascii() and b"\x00" not in line


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\x00" not in line
