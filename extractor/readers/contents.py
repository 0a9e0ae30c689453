"""The bytes of a file or of standard input, unpacked, and never more of them than a format may have."""

from __future__ import annotations

import gzip
import sys
import zlib
from pathlib import Path
from typing import IO, Any

from extractor.errors import UnreadableArticle
from extractor.readers.article import too_long
from extractor.readers.finding import STDIN, name_of, reason
from extractor.readers.formats import ARTICLE_BYTES, COMPRESSED, imported

# A byte of Zstandard can stand for 32 KiB: read at once, more than a little could unpack to anything.
_CHUNK = 1024


def contents(path: Path, most: int) -> bytes:
    """The bytes of a file, unpacked by its ending: `.gz`, `.zst`.

    Raises:
        UnreadableArticle: it cannot be read or unpacked, or is longer than `most` bytes.
    """
    name = name_of(path)
    try:
        if path == STDIN:
            return _bounded(sys.stdin.buffer, name, most)
        _refuse_irregular(path, name)
        with path.open("rb") as file:
            packing = COMPRESSED.get(path.suffix.lower())
            if packing is not None:
                return _unpacked(file, packing, name, most)
            size = path.stat().st_size
            if size > most:
                raise too_long(name, f"{size:,} bytes", *_limit(most))
            return file.read()
    except OSError as error:
        message = f"{name} cannot be read: {reason(error)}."
        raise UnreadableArticle(message, "Check its permissions.") from error


def _refuse_irregular(path: Path, name: str) -> None:
    if not path.exists():
        raise UnreadableArticle(f"{name} is a link to a file that does not exist.", "Mend or remove the link.")
    if not path.is_file():
        raise UnreadableArticle(f"{name} is not a regular file.", "Name a text file.")


def _bounded(file: IO[bytes] | gzip.GzipFile, name: str, most: int) -> bytes:
    data = file.read(most + 1)
    if len(data) > most:
        raise too_long(name, f"more than {most:,} bytes", *_limit(most))
    return data


def _limit(most: int) -> tuple[str, ...]:
    """The limit as it is told, where it is not that of a single article."""
    return () if most == ARTICLE_BYTES else (f"{most:,} bytes",)


def _unpacked(file: IO[bytes], packing: str, name: str, most: int) -> bytes:
    try:
        if packing == "gzip":
            return _bounded(gzip.GzipFile(fileobj=file), name, most)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(name, "gzip", error) from error
    zstandard: Any = imported("zstandard", name, "zst")
    try:
        return _frames(file, zstandard, name, most)
    except (EOFError, zstandard.ZstdError) as error:
        raise _damaged(name, "Zstandard", error) from error


def _frames(file: IO[bytes], zstandard: Any, name: str, most: int) -> bytes:
    """All frames of a Zstandard file; the library's own readers do not tell where the last one is cut off."""
    unpacked, frame = bytearray(), None
    while chunk := file.read(_CHUNK):
        while chunk:
            frame = frame or zstandard.ZstdDecompressor().decompressobj()
            unpacked += frame.decompress(chunk)
            if len(unpacked) > most:
                raise too_long(name, f"more than {most:,} bytes", *_limit(most))
            chunk, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
    if frame is not None:
        raise EOFError("it ends in the middle")
    return bytes(unpacked)


def _damaged(name: str, kind: str, error: Exception) -> UnreadableArticle:
    return UnreadableArticle(f"{name} cannot be unpacked as {kind}: {error}.", "Pack it anew.")
