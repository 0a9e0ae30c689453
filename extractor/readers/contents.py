"""The bytes of a file or of standard input as a stream, unpacked as they are read.

Of a file that is one article no more bytes are read than its format may have; of rows, none is held but what is being
read.
"""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from extractor.errors import UnreadableArticle
from extractor.readers.article import too_long
from extractor.readers.finding import STDIN, name_of, reason
from extractor.readers.formats import ARTICLE_BYTES, COMPRESSED, imported

# A byte of Zstandard can stand for 32 KiB: read at once, more than a little could unpack to anything.
_CHUNK = 1024
_BUFFER = 2**17
# zlib's sign for a stream in gzip's wrapping.
_GZIP = 31


class Streamed(io.RawIOBase):
    """Pieces of bytes as a file, from which they are taken as they are read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what the next piece has; 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken


@contextmanager
def opened(path: Path, most: int | None) -> Iterator[IO[bytes]]:
    """A file, unpacked by its ending (`.gz`, `.zst`); one that may have `most` bytes is read whole first.

    Raises:
        UnreadableArticle: it cannot be read or unpacked, or is longer than `most` bytes; of a stream, while it is read.
    """
    name = name_of(path)
    try:
        if path == STDIN:
            yield _within(sys.stdin.buffer, name, most)
            return
        _refuse_irregular(path, name)
        with path.open("rb") as file:
            packing = COMPRESSED.get(path.suffix.lower())
            if packing is not None:
                yield _within(_unpacked(file, packing, name), name, most)
                return
            size = path.stat().st_size
            if most is not None and size > most:
                raise too_long(name, f"{size:,} bytes", *_limit(most))
            yield _within(file, name, most)
    except OSError as error:
        message = f"{name} cannot be read: {reason(error)}."
        raise UnreadableArticle(message, "Check its permissions.") from error


def bounded(file: IO[bytes], name: str, most: int) -> bytes:
    """All that is left of a file.

    Raises:
        UnreadableArticle: that is more than `most` bytes.
    """
    data = file.read(most + 1)
    if len(data) > most:
        raise too_long(name, f"more than {most:,} bytes", *_limit(most))
    return data


def _within(file: IO[bytes], name: str, most: int | None) -> IO[bytes]:
    return file if most is None else io.BytesIO(bounded(file, name, most))


def _refuse_irregular(path: Path, name: str) -> None:
    if not path.exists():
        raise UnreadableArticle(f"{name} is a link to a file that does not exist.", "Mend or remove the link.")
    if not path.is_file():
        raise UnreadableArticle(f"{name} is not a regular file.", "Name a text file.")


def _limit(most: int) -> tuple[str, ...]:
    """The limit as it is told, where it is not that of a single article."""
    return () if most == ARTICLE_BYTES else (f"{most:,} bytes",)


def _unpacked(file: IO[bytes], packing: str, name: str) -> IO[bytes]:
    if packing == "gzip":
        pieces = _frames(file, lambda: zlib.decompressobj(_GZIP), zlib.error, f"{name} cannot be unpacked as gzip")
    else:
        zstandard: Any = imported("zstandard", name, "zst")
        # A new one for each frame: the library's own readers do not tell where the last one is cut off.
        frame = zstandard.ZstdDecompressor().decompressobj
        pieces = _frames(file, frame, zstandard.ZstdError, f"{name} cannot be unpacked as Zstandard")
    return io.BufferedReader(Streamed(pieces), _BUFFER)


def _frames(file: IO[bytes], new: Callable[[], Any], damage: type[Exception], told: str) -> Iterator[bytes]:
    """What all frames of a packed file hold, piece by piece; both libraries have the same object for one frame."""
    frame = None
    try:
        while chunk := file.read(_CHUNK):
            while chunk := chunk if frame else chunk.lstrip(b"\x00"):  # gzip may be filled up with zeros
                frame = frame or new()
                yield frame.decompress(chunk)
                chunk, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
    except damage as error:
        raise UnreadableArticle(f"{told}: {error}.", "Pack it anew; what was read of it may be garbled.") from error
    if frame is not None:
        raise UnreadableArticle(f"{told}: it ends in the middle.", "Pack it anew.")
