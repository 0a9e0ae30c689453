"""Values that are written to disk by the million."""

from __future__ import annotations

from typing import Self


class Compact:
    """A dataclass with slots that is pickled as its fields alone, in a fraction of the time that it takes otherwise."""

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), tuple(getattr(self, name) for name in self.__match_args__)
