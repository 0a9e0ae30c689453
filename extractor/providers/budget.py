"""What a run may send and spend, held before every request."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from extractor.errors import BudgetReached


class Budget:
    """At most so many requests, and so many US dollars; None is without bound.

    A request whose price, as far as it can be told beforehand, does not fit is not sent. While others are under way,
    which may turn out cheaper, it waits for them.
    """

    def __init__(self, *, max_calls: int | None = None, max_cost: Decimal | None = None) -> None:
        self._max_calls = max_calls
        self._most = Decimal("Infinity") if max_cost is None else max_cost
        self._sent = 0
        self._spent = Decimal(0)
        self._reserved = Decimal(0)
        self._settled = asyncio.Event()

    async def reserve(self, cost: Decimal) -> bool:
        """Count a request about to be sent, and set aside what it may cost.

        False where that does not fit now and one that is under way was waited for: its answer may tell more about the
        cost.

        Raises:
            BudgetReached: it does not fit; nothing was counted.
        """
        if cost + self._spent + self._reserved > self._most:
            if not self._reserved:
                raise BudgetReached(
                    f"the next request, of about ${_shown(cost)}, would go beyond --max-cost {_shown(self._most)}; "
                    f"${_shown(self._spent)} are spent.",
                    "Raise --max-cost and run again: what is recorded is not paid for twice.",
                )
            self._settled.clear()
            await self._settled.wait()
            return False
        if self._max_calls is not None and self._sent >= self._max_calls:
            raise BudgetReached(
                f"--max-calls {self._max_calls} is reached.",
                "Raise --max-calls and run again: what is recorded is not asked for twice.",
            )
        self._sent += 1
        self._reserved += cost
        return True

    def settle(self, reserved: Decimal, cost: Decimal) -> None:
        """Put what a request did cost in the place of what was set aside for it."""
        self._reserved -= reserved
        self._spent += cost
        self._settled.set()


def _shown(amount: Decimal) -> str:
    return f"{amount:.4f}".rstrip("0").rstrip(".")
