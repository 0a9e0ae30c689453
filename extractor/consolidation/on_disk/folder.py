"""A temporary folder that is gone in the end: what a run that was killed has left, the next one removes."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_PREFIX = "extract-records-"
# A file whose lock the system lets go of as soon as the process is gone.
_IN_USE, _NOT_YET = "in-use", "not-yet"


@contextlib.contextmanager
def temporary_folder(parent: Path) -> Iterator[Path]:
    """A new folder in `parent`, removed at the end.

    Raises:
        OSError: it cannot be made.
    """
    _remove_abandoned(parent)
    made = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=parent, ignore_cleanup_errors=True)
    with made as name, (Path(name) / _NOT_YET).open("wb") as file:
        _lock(file.fileno())
        # Only now can others take it for abandoned.
        (Path(name) / _NOT_YET).rename(Path(name) / _IN_USE)
        yield Path(name)


def _remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if _is_own(folder) and _is_abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_own(folder: Path) -> bool:
    """Whether it is a folder, and of this user: others may write to where temporary files are."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and (sys.platform == "win32" or found.st_uid == os.getuid())


def _is_abandoned(folder: Path) -> bool:
    with (folder / _IN_USE).open("rb") as file:
        return _lock(file.fileno())


def _lock(file: int) -> bool:
    """Lock a file; False where another has it, or where there are no such locks."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
