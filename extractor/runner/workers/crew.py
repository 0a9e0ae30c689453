"""The workers of a run, as the run sees them."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from types import TracebackType
from typing import Self

from extractor.errors import ExtractorError, Fault, UsageError
from extractor.pipeline import ArticleResult, Ledger, Reading, failed
from extractor.prompt import Prompt
from extractor.providers.base import Bill, Completion
from extractor.readers import Article, Unread
from extractor.recordings import RecordedModel
from extractor.runner.articles import faulty, unread_result
from extractor.runner.workers.connection import Connection
from extractor.runner.workers.messages import Answer, AskAnew, Done, Job, Question, Task
from extractor.schema.output import Calls
from extractor.spool import result_of


class Crew:
    """So many worker processes, each started when there is an article for it; a context that ends them.

    The `model` is asked in this process. A worker that dies is replaced. Of the articles that it had, any may be what
    it died of: each is read again by itself, in one more process. What had been asked is in the recordings by then.
    """

    def __init__(self, count: int, model: RecordedModel, prompt: Prompt, reading: Reading) -> None:
        job = Job(prompt, reading, model.name, model.is_live)
        self._places = [_Place(model, job) for _ in range(count)]
        self._apart = _Place(model, job)
        self._one_by_one = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(place.close() for place in (*self._places, self._apart)))

    async def result_for(self, item: Article | Unread, ledger: Ledger) -> ArticleResult:
        """The result of what was read, whatever is met; the `ledger` tells the calls where this is cancelled."""
        if isinstance(item, Unread):
            return unread_result(item)
        made = _Made()
        ledger.open(made.calls)
        try:
            return await self._read(item, made)
        except UsageError as error:
            return failed(item, error, made.calls())
        except Exception as error:  # noqa: BLE001 - a fault met at one article must not cost the others
            return faulty(item, error)

    async def _read(self, article: Article, made: _Made) -> ArticleResult:
        while True:
            place = min(self._places, key=lambda place: place.busy)
            try:
                return await place.read(article, made)
            except _Died:
                return await self._read_apart(article, made)
            except UsageError:
                # The system gives fewer processes than were asked for: the others do the work.
                if self._places == [place]:
                    raise
                self._places = [other for other in self._places if other is not place]

    async def _read_apart(self, article: Article, made: _Made) -> ArticleResult:
        """Read an article again; a worker that has no other dies of this one."""
        async with self._one_by_one:
            try:
                result = await self._apart.read(article, made)
            except _Died as error:
                message = f"{article.name}: the worker process that read it died, and so did one that read it alone"
                fault = Fault(f"{message}: {error}.", "Is there enough memory? Try without --workers.")
                return failed(article, fault, made.calls())
        # Those of the worker that died are not in it.
        return replace(result, report=result.report.model_copy(update={"calls": made.calls()}))


class _Died(Exception):
    """A worker died; says how."""


class _Made:
    """The calls about an article, whichever workers it is given to."""

    def __init__(self) -> None:
        self.bill = Bill()
        self._completions: list[Completion] = []

    def add(self, completion: Completion) -> None:
        """Note an answer; what a worker that died had asked for is replayed to the next, and is no further one."""
        if not (completion.replayed and replace(completion, replayed=False) in self._completions):
            self._completions.append(completion)

    def calls(self) -> Calls:
        """All so far."""
        return self.bill.calls(self._completions)


class _Place:
    """The place of one worker; when it dies, of the next."""

    def __init__(self, model: RecordedModel, job: Job) -> None:
        self._model = model
        self._job = job
        self._starting = asyncio.Lock()
        self._worker: _Worker | None = None
        self.busy = 0

    async def read(self, article: Article, made: _Made) -> ArticleResult:
        """Have an article read; see `_Worker.read`.

        Raises:
            UsageError: no worker can be started.
        """
        self.busy += 1
        try:
            return await (await self._at_work()).read(article, made)
        finally:
            self.busy -= 1

    async def close(self) -> None:
        """End the worker."""
        async with self._starting:
            if self._worker is not None:
                await self._worker.close()

    async def _at_work(self) -> _Worker:
        async with self._starting:
            if self._worker is None or self._worker.is_gone:
                self._worker = _Worker(await Connection.start(), self._model, self._job)
            return self._worker


class _Given:
    """An article that a worker has, and what it asks about it."""

    def __init__(self, made: _Made) -> None:
        self.result: asyncio.Future[ArticleResult] = asyncio.get_running_loop().create_future()
        self._asking: set[asyncio.Task[None]] = set()
        self._made = made

    def ask(self, question: Question, model: RecordedModel, connection: Connection) -> None:
        """Have a question of the worker answered."""
        asking = asyncio.create_task(self._answer(question, model, connection))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)

    def settle(self, result: ArticleResult | Exception) -> None:
        """Say what became of it, unless that is known."""
        if self.result.done():
            return
        if isinstance(result, Exception):
            self.result.set_exception(result)
        else:
            self.result.set_result(result)

    async def answered(self) -> None:
        """Wait until nothing more is asked; what has been sent is paid for, and recorded once it is answered."""
        await asyncio.gather(*self._asking, return_exceptions=True)

    async def drop(self) -> None:
        """Let nothing of it go on."""
        for asking in self._asking:
            asking.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)

    async def _answer(self, question: Question, model: RecordedModel, connection: Connection) -> None:
        request, completion, failure = question.request, None, None
        try:
            completion = await model.complete(request)
            self._made.add(completion)
        except ExtractorError as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - a fault, and raised again where the result is waited for
            self.settle(error)
            return
        finally:
            self._made.bill.take(request.bill)
        connection.send(Answer(question.number, completion, failure, request.bill))


class _Worker:
    """A worker process that is running."""

    def __init__(self, connection: Connection, model: RecordedModel, job: Job) -> None:
        self._connection = connection
        self._model = model
        self._numbers = itertools.count()
        self._given: dict[int, _Given] = {}
        self.is_gone = False
        connection.send(job)
        self._listening = asyncio.create_task(self._listen())

    async def read(self, article: Article, made: _Made) -> ArticleResult:
        """Have an article read; the worker must not be gone.

        Raises:
            _Died: the worker died meanwhile.
            Exception: what asking the model raised that is no error of the article's.
        """
        number, given = next(self._numbers), _Given(made)
        self._given[number] = given
        try:
            self._connection.send(Task(number, article))
            return await given.result
        except _Died:
            await given.answered()
            raise
        finally:
            del self._given[number]
            await given.drop()

    async def close(self) -> None:
        """End it."""
        await self._connection.end()
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
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        for given in self._given.values():
            given.settle(trouble or _Died(how))

    def _take(self, message: object) -> None:
        match message:
            case Done(number, line) if number in self._given:
                self._given[number].settle(result_of(line))
            case Question() as question if question.task in self._given:
                self._given[question.task].ask(question, self._model, self._connection)
            case AskAnew(article):
                self._model.ask_anew(article)
