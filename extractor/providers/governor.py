"""Who lets requests through: rates, the number in flight and the budget of all who ask the same governor.

A run on one machine has one in its process; the workers of a cluster ask one of all together.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from extractor.providers.budget import Budget
from extractor.providers.limits import Limits, Sent


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: its cost in US dollars, and what the service let know of its limits.

    Where the cost is None, what was set aside for it is taken for spent. `headers` are those of an answer, which took
    so many `tokens` where they were counted, or of a refusal because there were too many requests (`throttled`).
    """

    cost: Decimal | None = Decimal(0)
    headers: Mapping[str, str] = field(default_factory=dict)
    tokens: int | None = None
    answered: bool = False
    throttled: bool = False


class Governor(Protocol):
    """Whom a live model asks before every request, and tells what became of it."""

    async def enter(self, tokens: int) -> int:
        """Wait for a place for one request of about so many tokens; its number, with which it is given back."""
        ...

    async def reserve(self, number: int, cost: Decimal) -> bool:
        """Count a request about to be sent and set aside what it may cost, in US dollars.

        False where that does not fit and an answer was waited for, which may tell more about the cost.

        Raises:
            BudgetReached: it does not fit; nothing was counted.
        """
        ...

    def leave(self, number: int, outcome: Outcome) -> None:
        """Give the place back."""
        ...


@dataclass(slots=True)
class _Admitted:
    tokens: int
    sent: Sent
    reserved: Decimal | None = None


class LocalGovernor:
    """A governor of those who share its event loop."""

    def __init__(self, limits: Limits, budget: Budget) -> None:
        self._limits = limits
        self._budget = budget
        self._numbers = itertools.count()
        self._admitted: dict[int, _Admitted] = {}

    async def enter(self, tokens: int) -> int:
        """See `Governor.enter`."""
        sent = await self._limits.enter(tokens)
        number = next(self._numbers)
        self._admitted[number] = _Admitted(tokens, sent)
        return number

    async def reserve(self, number: int, cost: Decimal) -> bool:
        """See `Governor.reserve`."""
        if not await self._budget.reserve(cost):
            return False
        self._admitted[number].reserved = cost
        return True

    def leave(self, number: int, outcome: Outcome) -> None:
        """See `Governor.leave`."""
        admitted = self._admitted.pop(number)
        if outcome.answered:
            self._limits.answered(outcome.headers, estimated=admitted.tokens, tokens=outcome.tokens)
        elif outcome.throttled:
            self._limits.throttled(outcome.headers, admitted.sent)
        if admitted.reserved is not None:
            self._budget.settle(admitted.reserved, admitted.reserved if outcome.cost is None else outcome.cost)
        self._limits.leave()
