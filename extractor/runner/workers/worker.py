"""What runs in a worker process, until its standard input ends."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import IO, NoReturn

from extractor.errors import ExtractorError
from extractor.providers.base import Bill, Completion, Request
from extractor.runner.articles import result_for
from extractor.runner.collecting import seldom_collecting
from extractor.runner.workers.messages import Answer, AskAnew, Done, Job, Question, Task, packed, received
from extractor.spool import line_of

Send = Callable[[object], None]


def main() -> None:
    """Serve the process that started this one."""
    incoming, outgoing = _own_streams()

    def send(message: object) -> None:
        outgoing.write(packed(message))
        outgoing.flush()

    try:
        with seldom_collecting():
            asyncio.run(_served(incoming, send))
    except* Exception:  # noqa: BLE001 - whatever it is
        _give_up()


def _give_up() -> NoReturn:
    """End at once: the run finds this process gone, and says so; where the run is gone there is nobody to say it to."""
    os._exit(1)


def _own_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the run; what else would be printed goes to standard error."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
    return incoming, outgoing


async def _served(incoming: IO[bytes], send: Send) -> None:
    messages: asyncio.Queue[object] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def listen() -> None:
        try:
            for message in received(incoming):
                loop.call_soon_threadsafe(messages.put_nowait, message)
            loop.call_soon_threadsafe(messages.put_nowait, None)
        except Exception:  # noqa: BLE001 - a message that there is no memory for, say: the run would wait for ever
            _give_up()

    threading.Thread(target=listen, name="listener", daemon=True).start()
    job = await messages.get()
    if isinstance(job, Job):
        await _Worker(job, send).work(messages)


class _Worker:
    """Reads the articles that it is given, several at once."""

    def __init__(self, job: Job, send: Send) -> None:
        # What takes long to load is loaded before the first article comes.
        import extractor.conversation  # noqa: F401

        self._job = job
        self._send = send
        self._numbers = itertools.count()
        self._asked: dict[int, asyncio.Future[Answer]] = {}

    async def work(self, messages: asyncio.Queue[object]) -> None:
        """Go on until there are no more messages; what is under way then is of no use to anybody."""
        tasks = set[asyncio.Task[None]]()
        async with asyncio.TaskGroup() as group:
            while (message := await messages.get()) is not None:
                if isinstance(message, Task):
                    task = group.create_task(self._read(message))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
                elif isinstance(message, Answer):
                    self._take(message)
            for task in tasks:
                task.cancel()

    async def ask(self, task: int, request: Request) -> Answer:
        """Have a request answered by the run."""
        number = next(self._numbers)
        self._asked[number] = asyncio.get_running_loop().create_future()
        self._send(Question(task, number, replace(request, bill=Bill())))
        return await self._asked[number]

    def _take(self, answer: Answer) -> None:
        asked = self._asked.pop(answer.question)
        # Cancelled where a fault was met at another part of the article meanwhile.
        if not asked.done():
            asked.set_result(answer)

    def ask_anew(self, article: str) -> bool:
        """See `RecordedModel.ask_anew`."""
        if self._job.asks_anew:
            self._send(AskAnew(article))
        return self._job.asks_anew

    async def _read(self, task: Task) -> None:
        model = _Model(self._job.model, task.number, self)
        result = await result_for(task.article, model, self._job.prompt, self._job.reading)
        self._send(Done(task.number, line_of(result)))


class _Model:
    """The run's model, as it is asked about one article."""

    def __init__(self, name: str, task: int, worker: _Worker) -> None:
        self.name = name
        self._task = task
        self._worker = worker

    async def complete(self, request: Request) -> Completion:
        answer = await self._worker.ask(self._task, request)
        request.bill.take(answer.bill)
        if answer.completion is None:
            raise answer.error or ExtractorError("A question had no answer.")
        return answer.completion

    def ask_anew(self, article_id: str) -> bool:
        return self._worker.ask_anew(article_id)

    async def close(self) -> None:
        """Nothing: the model is the run's."""


if __name__ == "__main__":
    main()
