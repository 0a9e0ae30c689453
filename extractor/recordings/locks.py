"""Which calls are being asked, and which stores are in use: locks of the operating system on one file.

A byte of the file stands for a call, by its key; byte 0 for the store as a whole. The system lets go of a lock as soon
as its process is gone, however that ends: no claim outlives the run that made it, and none has to be judged by its age.
Such locks belong to a process, not to a run within it, and closing the file anywhere in the process drops all of them:
so a process opens the file once, counts who uses it, and keeps its own book of what it holds.

On Windows, which has no such locks, runs of one process alone keep out of each other's way.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import ClassVar

if sys.platform != "win32":
    import fcntl

_WHOLE = 0


class Locks:
    """The locks of one store, as this process has them; `open` gives them, `close` gives them back.

    Every method answers at once; none waits.
    """

    _opened: ClassVar[dict[str, Locks]] = {}
    _guard: ClassVar[threading.RLock] = threading.RLock()

    def __init__(self, path: str) -> None:
        self._path = path
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        self._users = 0
        self._sharing = 0
        self._held: set[int] = set()

    @classmethod
    def open(cls, path: Path) -> Locks:
        """The locks on a file, which is made where it is missing.

        Raises:
            OSError: it cannot be made or opened.
        """
        name = os.path.realpath(path)
        with cls._guard:
            locks = cls._opened.get(name) or cls._opened.setdefault(name, Locks(name))
            locks.join()
            return locks

    def join(self) -> None:
        """Count one more who will close it."""
        self._users += 1

    def close(self) -> None:
        """Let go of the file; the last to do so lets go of all that is held."""
        with self._guard:
            self._users -= 1
            if not self._users:
                del self._opened[self._path]
                os.close(self._handle)

    def share(self) -> bool:
        """Note that the store is in use; False where somebody has it alone."""
        with self._guard:
            if _WHOLE in self._held or not (self._sharing or self._lock(_WHOLE, shared=True)):
                return False
            self._sharing += 1
            return True

    def unshare(self) -> None:
        """Note that one user of the store is done."""
        with self._guard:
            self._sharing -= 1
            if not self._sharing:
                self._unlock(_WHOLE)

    def take_alone(self) -> bool:
        """Have the store alone; False where anybody uses it."""
        with self._guard:
            return not self._sharing and self._take(_WHOLE)

    def leave(self) -> None:
        """Let others have the store again."""
        with self._guard:
            self._drop(_WHOLE)

    def claim(self, key: str) -> bool:
        """Claim a call by its key, in hexadecimal digits; False where another run, or another call, has it."""
        with self._guard:
            return self._take(_place_of(key))

    def release(self, key: str) -> None:
        """Give a claim up."""
        with self._guard:
            self._drop(_place_of(key))

    def _take(self, place: int) -> bool:
        if place in self._held or not self._lock(place):
            return False
        self._held.add(place)
        return True

    def _drop(self, place: int) -> None:
        self._held.discard(place)
        self._unlock(place)

    def _lock(self, place: int, *, shared: bool = False) -> bool:
        if sys.platform != "win32":
            try:
                fcntl.lockf(self._handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB, 1, place)
            except (BlockingIOError, PermissionError):
                return False
        return True

    def _unlock(self, place: int) -> None:
        if sys.platform != "win32":
            fcntl.lockf(self._handle, fcntl.LOCK_UN, 1, place)


def _place_of(key: str) -> int:
    """A call's byte: two calls of one byte, which no store will see, would only wait for each other."""
    return 1 + int(key[:14], 16)
