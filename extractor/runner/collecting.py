"""How often Python looks for garbage in cycles during a run.

Records, mentions and answers are made by the thousand and hold no cycles. Looking for such at Python's own pace takes
more than a tenth of the processor time of a run, and a third of that of bringing many records together.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

_USUAL = (700, 10, 10)
_SELDOM = (100_000, 20, 20)


@contextlib.contextmanager
def seldom_collecting() -> Iterator[None]:
    """Collect more seldom than by default, and as before afterwards; what somebody else has set stays as it is."""
    if gc.get_threshold() != _USUAL:
        yield
        return
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*_USUAL)


@contextlib.contextmanager
def not_collecting() -> Iterator[None]:
    """Collect not at all, and as before afterwards."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
