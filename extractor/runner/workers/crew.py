"""The workers of a run, as the run sees them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from extractor.checking import Assembled, Examined, FaultMet, Part
from extractor.checking.messages import Assemble, Begin, Do, Done, End, Examine, read
from extractor.errors import Fault, UsageError
from extractor.pipeline import ArticleResult, Ledger, Reading, failed
from extractor.prompt import Prompt
from extractor.readers import Article, Unread
from extractor.recordings import RecordedModel
from extractor.runner.articles import result_for, unread_result
from extractor.runner.workers.connection import Connection

Asked = Examine | Assemble


class Crew:
    """So many worker processes, each started when there is an article for it; a context that ends them.

    The `model` is asked in this process. A worker that dies is replaced. Of the articles that it had, any may be what
    it died of: what is wanted of each is done again by itself, one at a time, in one more process.
    """

    def __init__(self, count: int, model: RecordedModel, prompt: Prompt, reading: Reading) -> None:
        self._read = model, prompt, reading
        self._apart = _Apart()
        self._all = [_Place() for _ in range(count)]
        # Those that the system has a process for, as far as is known.
        self._places = self._all

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(place.close() for place in (*self._all, self._apart.place)))

    async def result_for(self, item: Article | Unread, ledger: Ledger) -> ArticleResult:
        """The result of what was read, whatever is met; the `ledger` tells the calls where this is cancelled."""
        if isinstance(item, Unread):
            return unread_result(item)
        try:
            place, worker = await self._at_work()
        except UsageError as error:
            return failed(item, error)
        place.busy += 1
        try:
            with _Checks(item, worker, self._apart) as checks:
                return await result_for(item, *self._read, ledger, checks)
        finally:
            place.busy -= 1

    async def _at_work(self) -> tuple[_Place, _Worker]:
        """The worker with the fewest articles, and its place.

        Raises:
            UsageError: none can be started.
        """
        while True:
            place = min(self._places, key=lambda place: place.busy)
            place.busy += 1
            try:
                return place, await place.at_work()
            except UsageError:
                # The system gives fewer processes than were asked for: the others do the work.
                if self._places == [place]:
                    raise
                self._places = [other for other in self._places if other is not place]
            finally:
                place.busy -= 1


class _Died(Exception):
    """A worker died; says how."""


class _Checks:
    """The checks of one article, in a worker; where that dies, apart. See `extractor.checking.Checks`."""

    def __init__(self, article: Article, worker: _Worker, apart: _Apart) -> None:
        self._article = article
        self._worker: _Worker | None = worker
        self._task = worker.begin(article)
        self._apart = apart
        self._examined: list[Examine] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._worker is not None:
            self._worker.end(self._task)

    async def examine(self, part: Part, answer: str) -> Examined | None:
        """See `Checks.examine`."""
        asked = Examine(part, answer)
        done = await self._done(asked)
        self._examined.append(asked)
        return done.examined

    async def assemble(self, parts: Sequence[Part]) -> Assembled:
        """See `Checks.assemble`."""
        return read((await self._done(Assemble(tuple(parts)))).assembled)

    async def _done(self, asked: Asked) -> Done:
        if self._worker is not None:
            try:
                return await self._worker.done(self._task, asked)
            except _Died:
                self._worker = None
        return await self._apart.done(self._article, self._examined, asked)


class _Place:
    """The place of one worker; when it dies, of the next. `busy` are the articles that it has."""

    def __init__(self) -> None:
        self._starting = asyncio.Lock()
        self._worker: _Worker | None = None
        self.busy = 0

    async def at_work(self) -> _Worker:
        """The worker, which is started where there is none.

        Raises:
            UsageError: no worker can be started.
        """
        async with self._starting:
            if self._worker is None or self._worker.is_gone:
                self._worker = _Worker(await Connection.start())
            return self._worker

    async def close(self) -> None:
        """End the worker."""
        async with self._starting:
            if self._worker is not None:
                await self._worker.close()


class _Apart:
    """A worker that has one article at a time: where it dies, it is of this one."""

    def __init__(self) -> None:
        self.place = _Place()
        self._one_by_one = asyncio.Lock()

    async def done(self, article: Article, examined: Sequence[Examine], asked: Asked) -> Done:
        """Have something done for an article of which so much has been examined before.

        Raises:
            Fault: the worker died.
            UsageError: none can be started.
        """
        async with self._one_by_one:
            worker = await self.place.at_work()
            task = worker.begin(article)
            try:
                for before in examined:
                    await worker.done(task, before)
                return await worker.done(task, asked)
            except _Died as error:
                message = f"{article.name}: the worker process that checked it died, and so did one that had no other"
                raise Fault(f"{message}: {error}.", "Is there enough memory? Try without --workers.") from error
            finally:
                worker.end(task)


class _Worker:
    """A worker process that is running."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._numbers = itertools.count()
        self._asked: dict[int, asyncio.Future[Done]] = {}
        self._under_way = 0
        self._how = ""
        self.is_gone = False
        self._listening = asyncio.create_task(self._listen())

    def begin(self, article: Article) -> int:
        """Tell it of an article; the number that it has there."""
        task = next(self._numbers)
        self._connection.send(Begin(task, article))
        return task

    def end(self, task: int) -> None:
        """Let it forget an article."""
        self._connection.send(End(task))

    async def done(self, task: int, asked: Asked) -> Done:
        """Have something done for an article.

        Raises:
            _Died: the worker died before.
            FaultMet: a fault was met at it.
        """
        if self.is_gone:
            # How is known only then.
            await asyncio.wait([self._listening])
            raise _Died(self._how)
        call = next(self._numbers)
        waiting = self._asked[call] = asyncio.get_running_loop().create_future()
        try:
            self._connection.send(Do(task, call, asked))
            self._under_way += 1
            done: Done = await waiting
        finally:
            del self._asked[call]
        if done.fault is not None:
            raise FaultMet(done.fault)
        return done

    async def close(self) -> None:
        """End it; what it is still at is of no use to anybody."""
        await self._connection.end(at_once=self._under_way > 0)
        await self._listening

    async def _listen(self) -> None:
        trouble: Exception | None = None
        try:
            async for message in self._connection.messages():
                self._take(message)
        except Exception as error:  # noqa: BLE001 - a worker that cannot be understood is of no use
            trouble = error
        self.is_gone = True
        code = await self._connection.end()
        self._how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        for waiting in self._asked.values():
            if not waiting.done():
                waiting.set_exception(trouble or _Died(self._how))

    def _take(self, done: Done) -> None:
        self._under_way -= 1
        waiting = self._asked.get(done.call)
        # Whoever asked may have been cancelled.
        if waiting is not None and not waiting.done():
            waiting.set_result(done)
