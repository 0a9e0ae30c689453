"""How often Python looks for garbage in cycles during a run.

Records, mentions and answers are made by the thousand and hold no cycles. Looking for such at Python's own pace takes
more than a tenth of the processor time of a run, and a third of that of bringing many records together.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

_SELDOM = (100_000, 20, 20)


@contextlib.contextmanager
def seldom_collecting() -> Iterator[None]:
    """Collect more seldom, and as before afterwards; where it is more seldom already, or off, it stays so."""
    before = gc.get_threshold()
    if not 0 < before[0] < _SELDOM[0]:
        yield
        return
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


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
        if not gc.get_freeze_count():
            # What was made meanwhile counts as old: it would be looked through at once, and is there to stay.
            gc.freeze()
            gc.unfreeze()
        gc.enable()
