"""Values that are written to disk by the million."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, Self


class Compact:
    """A dataclass with slots and two fields or more, pickled as its fields alone: in a fraction of the usual time."""

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        return type(self), _values(self.__match_args__)(self)


@cache
def _values(names: tuple[str, ...]) -> Callable[[object], tuple[Any, ...]]:
    return attrgetter(*names)
