"""A store beside an event loop: one thread has the database, and saves what comes at once in one transaction."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from pathlib import Path
from typing import Any

from extractor.errors import ExtractorError, NotTried, OutputError
from extractor.recordings.format import Parts, Recording
from extractor.recordings.store import RecordingStore, key_of

_FIRST_LOOK, _LAST_LOOK = 0.01, 0.25


class StoreKeeper:
    """The store that a run keeps its answers in; `patience` is how long, in seconds, another run is waited for.

    What is saved is on the disk when `save` returns. What could not be saved is held, and saved when the keeper is
    closed if that can be done then; until then `trouble` says why, and nothing more should be asked for.
    """

    def __init__(self, store: RecordingStore, patience: float) -> None:
        self._store = store
        self._patience = patience
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._held: dict[str, Recording] = {}
        self.trouble: ExtractorError | None = None

    @property
    def folder(self) -> Path:
        """The store's folder."""
        return self._store.folder

    async def find(self, article: str, parts: Parts) -> tuple[Path, Recording | None]:  # noqa: ARG002
        """See `Place.find`."""
        held = self._held.get(key_of(parts))
        return self._store.path, held or await self._done(_Job(lambda: self._store.find(parts)))

    async def near(self, article: str, parts: Parts) -> list[tuple[Path, Recording]]:
        """See `Place.near`."""
        found = await self._done(_Job(lambda: self._store.near(article, parts.article)))
        return [(self._store.path, recording) for recording in found]

    async def keep(self, recording: Recording, *, instead: bool) -> None:  # noqa: ARG002
        """Save a recording for good, whether or not this is cancelled; see `Place.keep`.

        Raises:
            OutputError: it could not be saved, and is held.
        """
        await self._done(_Job(recording=recording))

    @contextlib.asynccontextmanager
    async def claimed(self, parts: Parts, article: str) -> AsyncIterator[None]:
        """Have a call to oneself: whoever else wants the same one waits, this run's others and other runs alike.

        Raises:
            NotTried: another run has had it for longer than there is patience.
        """
        locks, key = self._store.locks, key_of(parts)
        if locks is None:
            yield
            return
        loop = asyncio.get_running_loop()
        pause, until = _FIRST_LOOK, loop.time() + self._patience
        while not locks.claim(key):
            if loop.time() > until:
                raise NotTried(
                    f"{article} was not tried: another run has been asking about it for {self._patience:g} s.",
                    "Run again when that is done; what it was answered is then used.",
                )
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LAST_LOOK)
        try:
            yield
        finally:
            # Behind what is being saved: whoever has the claim next is to find it.
            self._put(_Job(lambda: locks.release(key), last=True))

    async def close(self) -> None:
        """Save what is left, and close the store."""
        self._put(_Job(self._save_held, last=True))
        self._put(None)
        if self._thread is not None:
            await asyncio.shield(asyncio.to_thread(self._thread.join))

    def _save_held(self) -> None:
        if self._held:
            self._store.save(self._held.values())
            self._held.clear()
            self.trouble = None

    async def _done(self, job: _Job) -> Any:
        self._put(job)
        return await asyncio.wrap_future(job.future)

    def _put(self, job: _Job | None) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="extract store", daemon=True)
            self._thread.start()
        self._jobs.put(job)

    def _work(self) -> None:
        ended = False
        while not ended:
            jobs = self._waiting()
            ended = None in jobs
            found = [job for job in jobs if job is not None]
            for job in found:
                if job.recording is None and not job.last:
                    job.do()
            self._save([job for job in found if job.recording is not None])
            for job in found:
                if job.last:
                    job.do()
        self._store.close()

    def _waiting(self) -> list[_Job | None]:
        """All jobs that there are, at least one."""
        jobs = [self._jobs.get()]
        with contextlib.suppress(queue.Empty):
            while jobs[-1] is not None:
                jobs.append(self._jobs.get_nowait())
        return jobs

    def _save(self, jobs: Sequence[_Job]) -> None:
        recordings = [job.recording for job in jobs if job.recording is not None]
        if not recordings:
            return
        try:
            if self.trouble is not None:
                raise OutputError(self.trouble.message, self.trouble.advice, where=self.trouble.where)
            self._store.save(recordings)
        except ExtractorError as error:
            self.trouble = error
            self._held |= {key_of(each.parts): each for each in recordings}
            for job in jobs:
                job.end(error)
        else:
            for job in jobs:
                job.end()


class _Job:
    """Something for the thread to do, or a recording for it to save; `last` is done behind all that is saved."""

    def __init__(
        self, work: Callable[[], Any] | None = None, *, recording: Recording | None = None, last: bool = False
    ) -> None:
        self._work = work
        self.recording = recording
        self.last = last
        self.future: Future[Any] = Future()

    def do(self) -> None:
        try:
            result = self._work() if self._work is not None else None
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
            self.end(error)
        else:
            self.end(result=result)

    def end(self, error: Exception | None = None, result: Any = None) -> None:
        # Who waited may have been cancelled.
        with contextlib.suppress(InvalidStateError):
            if error is not None:
                self.future.set_exception(error)
            else:
                self.future.set_result(result)
