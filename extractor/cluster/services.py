"""What the workers of a cluster have in common: actors on the node that the run was started on.

A worker that dies is noticed, and what it held is given back: Ray fails whatever a dead process owned, and every worker
leaves with each service an unfinished call that it owns.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import uuid
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

import ray
from ray.exceptions import RayError, RayTaskError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from extractor.errors import ExtractorError

Answer = TypeVar("Answer")
# Calls of an actor that may wait at once: every request in flight may, for its turn or for another's answer.
_AT_ONCE = 100_000


class Service:
    """An actor that holds things for workers, each under the worker's name and a number of the worker's own."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, int], asyncio.Task[Any]] = {}
        self._dead: set[str] = set()

    async def attend(self) -> None:
        """Stay, until whoever called is gone."""
        await asyncio.Event().wait()

    async def watch(self, worker: str, attending: list[Awaitable[None]]) -> None:
        """Wait until a worker is gone, which `attending`, its call of `attend`, tells; then let go of what it held."""
        with contextlib.suppress(RayError):
            await attending[0]
        self._dead.add(worker)
        for owner, number in list(self._held):
            if owner == worker:
                await self.release(owner, number)

    async def release(self, worker: str, number: int) -> None:
        """Let go of something that a worker held, or waits for."""
        held = self._held.pop((worker, number), None)
        if held is not None and not held.cancel() and not held.cancelled() and held.exception() is None:
            await self.let_go(held.result())

    async def let_go(self, held: Any) -> None:
        """Let go of something that was held."""
        raise NotImplementedError

    async def _hold(self, worker: str, number: int, getting: Coroutine[Any, Any, Any]) -> None:
        """Hold something for a worker, once it is to be had."""
        waiting = self._held[worker, number] = asyncio.ensure_future(getting)
        await waiting
        if worker in self._dead:
            await self.release(worker, number)


def start_service(kind: type[Service], name: str, *arguments: Any) -> Any:
    """Start a service as an actor of this name, which lives as long as the driver does."""
    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    options = ray.remote(num_cpus=0, max_concurrency=_AT_ONCE, scheduling_strategy=here)
    return options(kind).options(name=name).remote(*arguments)


class Client:
    """A process's way to a service, by the service's name; what it holds there is given back as the process ends."""

    def __init__(self, service: str) -> None:
        self._worker = uuid.uuid4().hex
        self._numbers = itertools.count()
        self._actor = ray.get_actor(service)
        # Owned by this process, and kept: it fails as this process ends, and not before.
        self._attending = self._actor.attend.remote()
        self._actor.watch.remote(self._worker, [self._attending])


async def answer_to(call: Awaitable[Answer]) -> Answer:
    """What a service answers, or raises."""
    try:
        return await call
    except RayTaskError as error:
        if isinstance(error.cause, ExtractorError):
            raise error.cause from None
        raise
