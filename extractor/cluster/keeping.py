"""One keeper of answers for a whole cluster, on the node that the run was started on.

It has the files and the store that a run on one machine would have, so that either goes on with what the other began.
An answer is on its disk before the worker that asked for it uses it: whatever dies, worker or driver, it is not paid
for again.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

from extractor.cluster.services import Client, Service, answer_to
from extractor.errors import ExtractorError, UsageError
from extractor.recordings.format import Parts, Recording
from extractor.recordings.places import Files, Place, Places
from extractor.recordings.store import key_of

Which = Literal["files", "store"]
Found = tuple[Path, Recording | None]
# The store's trouble, if it has any, and what it has of the call.
Claimed = tuple[ExtractorError | None, Found]


class KeeperService(Service):
    """The places of a model's answers, as an actor; what it holds for a worker is its claim to a call."""

    def __init__(self, places: Places, model: str, writes: bool, patience: float) -> None:
        super().__init__()
        self._store = places.open_store(writes=writes, patience=patience)
        self._places: dict[Which, Place] = {"files": Files(places.folder, model)}
        if self._store is not None:
            self._places["store"] = self._store

    async def store_folder(self) -> Path | None:
        """The store's folder, where there is a store."""
        return self._store.folder if self._store is not None else None

    async def find(self, which: Which, article: str, parts: Parts) -> Found:
        """See `Place.find`."""
        return await self._places[which].find(article, parts)

    async def near(self, which: Which, article: str, parts: Parts) -> list[tuple[Path, Recording]]:
        """See `Place.near`."""
        return await self._places[which].near(article, parts)

    async def keep(self, which: Which, recording: Recording, *, instead: bool) -> None:
        """See `Place.keep`."""
        await self._places[which].keep(recording, instead=instead)

    async def claim(self, worker: str, number: int, parts: Parts, article: str) -> Claimed:
        """Claim a call for a worker, once it is to be had.

        Raises:
            NotTried: another has had it for longer than there is patience.
            DamagedRecording: what is stored of it cannot be read.
        """
        if self._store is None:
            raise UsageError("There is no store to make claims in.")
        await self._hold(worker, number, _entered(self._store.claimed(parts, article)))
        return self._store.trouble, await self._store.find(article, parts)

    async def let_go(self, held: contextlib.AsyncExitStack) -> None:
        """Give a claim up."""
        await held.aclose()

    async def close(self) -> ExtractorError | None:
        """Save what is left, and close the store; returns why something could not be saved."""
        if self._store is None:
            return None
        await self._store.close()
        return self._store.trouble


async def _entered(claim: contextlib.AbstractAsyncContextManager[None]) -> contextlib.AsyncExitStack:
    held = contextlib.AsyncExitStack()
    await held.enter_async_context(claim)
    return held


class ClusterFiles(Client):
    """The keeper's files, as a worker uses them; see `extractor.recordings.places.Place`."""

    which: Which = "files"

    async def find(self, article: str, parts: Parts) -> Found:
        """See `Place.find`."""
        found: Found = await answer_to(self._actor.find.remote(self.which, article, parts))
        return found

    async def near(self, article: str, parts: Parts) -> list[tuple[Path, Recording]]:
        """See `Place.near`."""
        found: list[tuple[Path, Recording]] = await answer_to(self._actor.near.remote(self.which, article, parts))
        return found

    async def keep(self, recording: Recording, *, instead: bool) -> None:
        """See `Place.keep`."""
        await answer_to(self._actor.keep.remote(self.which, recording, instead=instead))


class ClusterStore(ClusterFiles):
    """The keeper's store, as a worker uses it; see `extractor.recordings.places.Store`."""

    which: Which = "store"

    def __init__(self, service: str, folder: Path) -> None:
        super().__init__(service)
        self.folder = folder
        self.trouble: ExtractorError | None = None
        self._found: dict[str, Found] = {}

    async def find(self, article: str, parts: Parts) -> Found:
        """See `Place.find`; what came with a claim is not asked for again."""
        found = self._found.pop(key_of(parts), None)
        return found or await super().find(article, parts)

    async def keep(self, recording: Recording, *, instead: bool) -> None:
        """See `Place.keep`."""
        try:
            await super().keep(recording, instead=instead)
        except ExtractorError as error:
            self.trouble = error
            raise

    @contextlib.asynccontextmanager
    async def claimed(self, parts: Parts, article: str) -> AsyncIterator[None]:
        """See `Store.claimed`."""
        number = next(self._numbers)
        try:
            trouble, found = await answer_to(self._actor.claim.remote(self._worker, number, parts, article))
            self.trouble = trouble or self.trouble
            self._found[key_of(parts)] = found
            yield
        finally:
            self._found.pop(key_of(parts), None)
            self._actor.release.remote(self._worker, number)

    async def close(self) -> None:
        """Nothing: the store is the keeper's, and outlives the worker."""
