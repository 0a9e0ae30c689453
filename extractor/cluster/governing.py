"""One governor for a whole cluster: rates, requests in flight and the budget hold for all its workers together."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from extractor.cluster.services import Client, Service, answer_to
from extractor.providers.governor import Outcome
from extractor.providers.opening import Terms, governor_of


class GovernorService(Service):
    """The governor, as an actor; what it holds for a worker is the place of a request."""

    def __init__(self, terms: Terms) -> None:
        super().__init__()
        self._governor = governor_of(terms)

    async def enter(self, worker: str, number: int, tokens: int) -> None:
        """See `Governor.enter`."""
        await self._hold(worker, number, self._governor.enter(tokens))

    async def reserve(self, worker: str, number: int, cost: Decimal) -> bool:
        """See `Governor.reserve`."""
        return await self._governor.reserve(self._held[worker, number].result(), cost)

    async def leave(self, worker: str, number: int, outcome: Outcome) -> None:
        """See `Governor.leave`."""
        self._governor.leave(self._held.pop((worker, number)).result(), outcome)

    async def let_go(self, held: int) -> None:
        """Give the place of a request back of which nobody knows what became: what it may have cost is spent."""
        self._governor.leave(held, Outcome(None))


class ClusterGovernor(Client):
    """The cluster's governor, as a worker asks it; see `extractor.providers.governor.Governor`.

    Where nothing is `bounded`, neither calls nor cost, it is not asked about these.
    """

    def __init__(self, service: str, *, bounded: bool) -> None:
        super().__init__(service)
        self._bounded = bounded

    async def enter(self, tokens: int) -> int:
        """See `Governor.enter`."""
        number = next(self._numbers)
        try:
            await answer_to(self._actor.enter.remote(self._worker, number, tokens))
        except asyncio.CancelledError:
            self._actor.release.remote(self._worker, number)
            raise
        return number

    async def reserve(self, number: int, cost: Decimal) -> bool:
        """See `Governor.reserve`."""
        return not self._bounded or await answer_to(self._actor.reserve.remote(self._worker, number, cost))

    def leave(self, number: int, outcome: Outcome) -> None:
        """See `Governor.leave`."""
        self._actor.leave.remote(self._worker, number, outcome)
