"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from extractor.errors import OutputError

_PIECE = 1 << 20


def write_atomically(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file so that a reader, a crash or a full disk never meets half of it.

    The data, whole or in pieces that are made as they are written, goes to a temporary file in the same folder, is
    flushed to disk and takes the old file's place in one step; a link is followed. What is no regular file (a pipe, a
    device) is written to directly.

    Raises:
        OutputError: the folder is missing or the file cannot be written; what was there before is untouched.
    """
    target = Path(os.path.realpath(path))
    pieces = [data] if isinstance(data, bytes) else data
    try:
        if _is_stream(path):
            with path.open("wb") as file:
                file.writelines(pieces)
        else:
            _replace(target, pieces)
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {_reason(error, target)}.", _advice(error)) from error


def pieces_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a piece at a time."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def check_writable(path: Path) -> None:
    """Find out before the work whether a file could be written.

    Raises:
        OutputError: it is a folder, its folder is missing, or permission is denied.
    """
    target = Path(os.path.realpath(path))
    try:
        needed = [path] if _is_stream(path) else [target.parent, *([target] if target.exists() else [])]
        _refuse_closed(needed)
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {_reason(error, target)}.", _advice(error)) from error


def _refuse_closed(places: Iterable[Path]) -> None:
    for place in places:
        if not os.access(place, os.W_OK):
            reason = errno.EACCES if place.exists() else errno.ENOENT
            raise OSError(reason, os.strerror(reason))


def _is_stream(path: Path) -> bool:
    """Whether a path is there and neither a regular file nor a folder.

    It is asked as it was given: the target of /dev/stdout, as a link, is often the name of nothing.

    Raises:
        OutputError: it is a folder.
    """
    try:
        kind = os.stat(path).st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(kind):
        raise OutputError(f"{path} is a folder.", "Name a file, such as events.json.")
    return not stat.S_ISREG(kind)


def _replace(target: Path, pieces: Iterable[bytes]) -> None:
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _mode(target: Path) -> int:
    """The old file's permissions, or what a new file gets: mkstemp's are for its owner alone."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _reason(error: OSError, target: Path) -> str:
    if not target.parent.is_dir():
        return f"the folder {target.parent} does not exist"
    return (error.strerror or type(error).__name__).lower()


def _advice(error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "Make the folder first, or name another file."
    if isinstance(error, PermissionError):
        return "Check the folder's permissions, or name another file."
    return "Free some space, or name a file elsewhere; nothing that was there before is lost."
