"""Many articles on one machine: how many at once, what each costs the others, and what is left after an interrupt."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TypeVar

from extractor.collecting import seldom_collecting
from extractor.consolidation import HELD, Gathering, Tie, open_ties
from extractor.copies import distinct
from extractor.errors import Interrupted
from extractor.pipeline import ArticleResult, Ledger, failed
from extractor.prompt import Prompt, load_prompt, load_tie_prompt
from extractor.providers.base import Model
from extractor.readers import Article, Unread, stream_articles
from extractor.recordings import RecordedModel
from extractor.resolution import Resolution, resolve
from extractor.runner.articles import result_for, unread_result
from extractor.runner.engine import Account, Engine, Progress, Work
from extractor.runner.feed import Feed
from extractor.runner.options import Options
from extractor.runner.outcome import Copies, Effort, Run, findings_of
from extractor.schema.output import Calls, ModelUsed
from extractor.spool import SPILL_AFTER, Spool
from extractor.tally import EventTally, TieTally

Done = TypeVar("Done")
Read = Callable[[Article | Unread, Ledger], Awaitable[ArticleResult]]


async def run(  # noqa: PLR0913
    paths: Sequence[str | Path],
    options: Options,
    progress: Progress | None = None,
    *,
    interruptible: bool = False,
    spill_after: int | None = SPILL_AFTER,
    engine: Engine | None = None,
) -> Run:
    """Extract from files and folders; `progress` gets each result as it is done.

    Without an `engine` the articles are worked through on this machine, by one event loop.

    An `interruptible` run takes SIGTERM, and being cancelled, as the wish for what is done so far: it returns that.
    Any other run leaves signals alone and ends in `CancelledError` when it is cancelled. What is found goes to
    temporary files beyond `spill_after` bytes, and what records are compared by beyond `HELD` records; neither does
    where that is None. It is the caller's to close the run.

    Raises:
        UsageError: a path, model or setting is wrong; see its subclasses.
        ReplayMiss: nothing is recorded and no model is named.
        ProviderError: `--record` without a key.
        OutputError: the temporary files cannot be written.
    """
    prompt = load_prompt(options.prompts)
    with seldom_collecting(), ExitStack() as held:
        spool = held.enter_context(closing(Spool(spill_after)))
        gathering = held.enter_context(Gathering(None if spill_after is None else HELD))
        account = Account(spool, gathering, progress)
        async with (engine or on_this_machine)(paths, options, prompt, account) as work:
            began, processor = time.monotonic(), time.process_time()
            await (_interruptible(work.all, work.left) if interruptible else work.all())
            effort = Effort(time.monotonic() - began, time.process_time() - processor)
            resolution = await _resolution(account, work.model, options, interruptible=interruptible)
        findings = findings_of(spool, gathering, _model_used(work.model, prompt), resolution, work.copies)
        return Run(
            findings=findings,
            tally=account.tally,
            calls=Calls.total([account.tally.calls.total(), *(tie.calls for tie in resolution.ties)]),
            events=EventTally.of(findings.rows("events")),
            ties=TieTally.of(resolution.ties),
            model=work.model.name,
            model_by_default=options.model is None,
            errors=(*account.errors(), *resolution.errors, *sorted(work.model.unrecorded.items())),
            duplicates=work.duplicates,
            passed_over=sorted(work.passed_over),
            effort=effort,
            _held=held.pop_all(),
        )


@contextlib.asynccontextmanager
async def on_this_machine(
    paths: Sequence[str | Path], options: Options, prompt: Prompt, account: Account
) -> AsyncIterator[Work]:
    """The engine that works in this process, and in the workers that the options ask for."""
    async with contextlib.AsyncExitStack() as held:
        model = choose_model(options)
        held.push_async_callback(model.close)
        read = await held.enter_async_context(_reading(model, prompt, options))
        work = _Work(paths, model, read, options, account)
        held.callback(work.close)
        yield work


@contextlib.asynccontextmanager
async def _reading(model: RecordedModel, prompt: Prompt, options: Options) -> AsyncIterator[Read]:
    """Who reads the articles."""
    if not options.workers:

        async def read(item: Article | Unread, ledger: Ledger) -> ArticleResult:
            return await result_for(item, model, prompt, options.reading, ledger)

        yield read
        return
    from extractor.runner.workers import Crew

    async with Crew(options.workers, model, prompt, options.reading) as crew:
        yield crew.result_for


def choose_model(options: Options, instead: Model | None = None) -> RecordedModel:
    """The model that the options name, behind its recordings; the recorded one where they name none.

    What stands `instead` of the live model is asked for what is not recorded.
    """
    return options.choice.open(instead)


def _model_used(model: Model, prompt: Prompt) -> ModelUsed:
    from extractor.conversation import schema_fingerprint

    return ModelUsed(name=model.name, prompt=prompt.fingerprint, answer_schema=schema_fingerprint())


class _Work:
    """The articles of a run on their way, as many at once as the options say; what is done is in the spool."""

    def __init__(
        self,
        paths: Sequence[str | Path],
        model: RecordedModel,
        read: Read,
        options: Options,
        account: Account,
    ) -> None:
        self.model = model
        self.stream = stream_articles(paths, options.inputs)
        self.articles = distinct(self.stream, options.near_duplicates)
        self._paths = {str(path) for path in paths}
        self._read = read
        self._options = options
        self._account = account
        self._feed: Feed[Article | Unread] | None = None
        self._under_way: dict[str, tuple[Article, Ledger]] = {}

    @property
    def duplicates(self) -> Sequence[tuple[str, str]]:
        return self.articles.duplicates

    @property
    def copies(self) -> Copies:
        return self.articles.copies

    @property
    def passed_over(self) -> Sequence[str]:
        return self.stream.passed_over

    async def all(self) -> None:
        """Work through all articles; nothing is left running, however this ends."""
        self._feed = Feed(self.articles, ahead=self._options.concurrency)
        tasks = [asyncio.create_task(self._take(self._feed)) for _ in range(self._options.concurrency)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def left(self) -> None:
        """Add an interrupt for each article that was not done: those under way, and those still to be read."""
        for article, ledger in self._under_way.values():
            self._interrupted(article, ledger)
        # What comes through a pipe may never end.
        if self._feed is None or "-" in self._paths:
            return
        async for item in self._feed:
            if isinstance(item, Unread):
                self._account.add(unread_result(item))
            else:
                self._interrupted(item, Ledger())

    def close(self) -> None:
        """Read no more."""
        if self._feed is not None:
            self._feed.close()

    def _interrupted(self, article: Article, ledger: Ledger) -> None:
        error = Interrupted(f"{article.name} was not done when the run was interrupted.")
        self._account.add(failed(article, error, ledger.calls()))

    async def _take(self, feed: Feed[Article | Unread]) -> None:
        async for item in feed:
            ledger = Ledger()
            if isinstance(item, Article):
                self._under_way[item.id] = item, ledger
            result = await self._read(item, ledger)
            self._under_way.pop(result.report.id, None)
            self._account.done(result, self.stream.expected)


async def _interruptible(work: Callable[[], Awaitable[Done]], instead: Callable[[], Awaitable[Done]]) -> Done:
    try:
        with _terminable():
            return await work()
    except asyncio.CancelledError:
        return await instead()


async def _resolution(account: Account, model: Model, options: Options, *, interruptible: bool) -> Resolution:
    if not options.resolve_with_model or any(isinstance(error, Interrupted) for _, error in account.errors()):
        return Resolution()

    async def all_ties() -> Resolution:
        return await _resolved(account.gathering.consolidated().ties(), model, options)

    return await (_interruptible(all_ties, _unresolved) if interruptible else all_ties())


async def resolve_ties(done: Sequence[ArticleResult], model: Model, options: Options) -> Resolution:
    """What the records leave open, as the model decides it where that is wanted."""
    if not options.resolve_with_model:
        return Resolution()
    records = [record for item in done for record in item.records]
    ties = open_ties([item.report for item in done], records)  # type: ignore[arg-type]
    return await _resolved(ties, model, options)


async def _resolved(ties: Sequence[Tie], model: Model, options: Options) -> Resolution:
    return await resolve(
        ties,
        model,
        load_tie_prompt(options.prompts),
        reasks=options.reasks,
        parameters=options.parameters,
        at_once=options.concurrency,
    )


async def _unresolved() -> Resolution:
    return Resolution(errors=(("ties", Interrupted("The ties between records were not done when interrupted.")),))


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the run as Ctrl-C does, where signals can be had."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGTERM, lambda: task.cancel() if task else None)
    except (NotImplementedError, RuntimeError, ValueError):
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
