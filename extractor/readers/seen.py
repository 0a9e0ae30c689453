"""Which articles have been met: their hashes and names in a few dozen bytes each, for corpora of millions."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

_SMALLEST = 2**10


class Seen:
    """A hash table, with open addressing, from the hashes of articles to the names under which these were met first.

    Python's own dictionary of texts takes about five times the memory.
    """

    def __init__(self) -> None:
        self._count = 0
        self._keys = array("Q", bytes(8 * _SMALLEST))
        self._places = array("Q", bytes(8 * _SMALLEST))
        self._names = bytearray()

    def first(self, digits: str, name: str) -> str | None:
        """The name under which a hash was met before; None where it is met now, and from now on by this name.

        At most 15 hexadecimal `digits`.
        """
        # One more keeps a hash of zeros apart from an empty slot.
        key = int(digits, 16) + 1
        slot = self._slot(key)
        if self._keys[slot]:
            return self._name(self._places[slot])
        self._keys[slot], self._places[slot] = key, len(self._names)
        self._names += name.encode("utf-8", "surrogatepass") + b"\x00"
        self._count += 1
        if 3 * self._count > 2 * len(self._keys):
            self._grow()
        return None

    def _slot(self, key: int) -> int:
        """Where the key stands, or is to stand."""
        slot, last = key, len(self._keys) - 1
        while self._keys[slot := slot & last] not in (0, key):
            slot += 1
        return slot

    def _name(self, place: int) -> str:
        return self._names[place : self._names.index(0, place)].decode("utf-8", "surrogatepass")

    def _grow(self) -> None:
        entries = list(self._entries())
        self._keys = array("Q", bytes(16 * len(self._keys)))
        self._places = array("Q", bytes(8 * len(self._keys)))
        for key, place in entries:
            slot = self._slot(key)
            self._keys[slot], self._places[slot] = key, place

    def _entries(self) -> Iterator[tuple[int, int]]:
        return ((key, place) for key, place in zip(self._keys, self._places, strict=True) if key)
