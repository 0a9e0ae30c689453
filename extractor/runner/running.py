"""Many articles on one machine: how many at once, what each costs the others, and what is left after an interrupt."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from extractor.consolidation import Tie, open_ties
from extractor.copies import distinct
from extractor.errors import ExtractorError, Fault, Interrupted
from extractor.pipeline import ArticleResult, Ledger, extract_article, failed
from extractor.prompt import Prompt, load_prompt, load_tie_prompt
from extractor.providers.base import Model
from extractor.readers import Article, Unread, stream_articles
from extractor.recordings import RecordedModel
from extractor.resolution import Resolution, resolve
from extractor.runner.feed import Feed
from extractor.runner.options import Options
from extractor.runner.outcome import Errors, Run, findings_of, ties_in
from extractor.schema.output import Calls, ModelUsed
from extractor.spool import SPILL_AFTER, Spool
from extractor.tally import EventTally, Tally, TieTally

Done = TypeVar("Done")
# Gets each result as it is done, and how many articles are to be expected, where that is known.
Progress = Callable[[ArticleResult, int | None], None]


async def run(
    paths: Sequence[str | Path],
    options: Options,
    progress: Progress | None = None,
    *,
    interruptible: bool = False,
    spill_after: int | None = SPILL_AFTER,
) -> Run:
    """Extract from files and folders; `progress` gets each result as it is done.

    An `interruptible` run takes SIGTERM, and being cancelled, as the wish for what is done so far: it returns that.
    Any other run leaves signals alone and ends in `CancelledError` when it is cancelled. What is found goes to
    temporary files beyond `spill_after` bytes; it is the caller's to close the run.

    Raises:
        UsageError: a path, model or setting is wrong; see its subclasses.
        ReplayMiss: nothing is recorded and no model is named.
        ProviderError: `--record` without a key.
        OutputError: the temporary files cannot be written.
    """
    prompt = load_prompt(options.prompts)
    model = choose_model(options)
    with ExitStack() as held:
        spool = Spool(spill_after)
        held.callback(spool.close)
        try:
            work = _Work(paths, model, prompt, options, progress, spool)
            held.callback(work.close)
            await (_interruptible(work.all, work.left) if interruptible else work.all())
            resolution = await _resolution(work, spool, model, options, interruptible=interruptible)
        finally:
            await model.close()
        findings = findings_of(spool, _model_used(model, prompt), resolution, work.articles.copies, held)
        return Run(
            findings=findings,
            tally=work.tally,
            calls=Calls.total([work.tally.calls.total(), *(tie.calls for tie in resolution.ties)]),
            events=EventTally.of(findings.rows("events")),
            ties=TieTally.of(resolution.ties),
            model=model.name,
            model_by_default=options.model is None,
            errors=(*work.errors(), *resolution.errors, *sorted(model.unrecorded.items())),
            duplicates=work.articles.duplicates,
            passed_over=sorted(work.stream.passed_over),
            _held=held.pop_all(),
        )


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

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        paths: Sequence[str | Path],
        model: Model,
        prompt: Prompt,
        options: Options,
        progress: Progress | None,
        spool: Spool,
    ) -> None:
        self.tally = Tally()
        self.stream = stream_articles(paths, options.inputs)
        self.articles = distinct(self.stream, options.near_duplicates)
        self._paths = {str(path) for path in paths}
        self._model = model
        self._prompt = prompt
        self._options = options
        self._progress = progress
        self._spool = spool
        self._feed: Feed[Article | Unread] | None = None
        self._under_way: dict[str, tuple[Article, Ledger]] = {}
        self._errors: list[tuple[str, str, ExtractorError]] = []

    def errors(self) -> Errors:
        """The errors by article name, in the order of the articles."""
        return tuple((name, error) for name, _, error in sorted(self._errors, key=lambda item: item[:2]))

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
                self._add(_unread(item))
            else:
                self._interrupted(item, Ledger())

    def close(self) -> None:
        """Read no more."""
        if self._feed is not None:
            self._feed.close()

    def _interrupted(self, article: Article, ledger: Ledger) -> None:
        error = Interrupted(f"{article.name} was not done when the run was interrupted.")
        self._add(failed(article, error, ledger.calls()))

    async def _take(self, feed: Feed[Article | Unread]) -> None:
        async for item in feed:
            result = _unread(item) if isinstance(item, Unread) else await self._result(item)
            self._add(result)
            if self._progress is not None:
                self._progress(result, self.stream.expected)

    async def _result(self, article: Article) -> ArticleResult:
        ledger = Ledger()
        self._under_way[article.id] = article, ledger
        try:
            result = await extract_article(article, self._model, self._prompt, self._options.reading, ledger)
        except Exception as error:  # noqa: BLE001 - a fault met at one article must not cost the others
            result = _faulty(article, error)
        del self._under_way[article.id]
        return result

    def _add(self, result: ArticleResult) -> None:
        if result.error is not None:
            _forget_frames(result.error)
            self._errors.append((result.report.name, result.report.id, result.error))
        self.tally.add(result)
        self._spool.add(result)


async def _interruptible(work: Callable[[], Awaitable[Done]], instead: Callable[[], Awaitable[Done]]) -> Done:
    try:
        with _terminable():
            return await work()
    except asyncio.CancelledError:
        return await instead()


async def _resolution(work: _Work, spool: Spool, model: Model, options: Options, *, interruptible: bool) -> Resolution:
    if not options.resolve_with_model or any(isinstance(error, Interrupted) for _, error in work.errors()):
        return Resolution()

    async def all_ties() -> Resolution:
        return await _resolved(ties_in(spool), model, options)

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


def _forget_frames(error: BaseException) -> None:
    """Let go of what the frames of an error hold, the article's text among it: errors are kept to the end."""
    met: BaseException | None = error
    while met is not None and met.__traceback__ is not None:
        met.__traceback__ = None
        met = met.__cause__ or met.__context__


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


def _faulty(article: Article, error: Exception) -> ArticleResult:
    fault = Fault.met_at(article.name, error)
    # Made without the text, which may be what the fault is met at.
    report = failed(Article(article.name, "", article.encoding), fault).report
    return ArticleResult(
        report.model_copy(update={"id": article.id, "text": article.text, "text_sha256": article.sha256}), error=fault
    )


def _unread(item: Unread) -> ArticleResult:
    """The result of a file without a text: its id is made from its name."""
    result = failed(Article(item.name, "", ""), item.error)
    made = f"unread-{hashlib.sha256(item.name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    return replace(result, report=result.report.model_copy(update={"id": made}))
