"""Many articles on one machine: which model, how many at once, and what is left after an interrupt."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extractor.errors import ExtractorError, Interrupted, NotTried, ProviderError, ReplayMiss, UsageError
from extractor.pipeline import DEFAULT_REASKS, ArticleResult, extract_article, failed
from extractor.prompt import Prompt, load_prompt
from extractor.providers.base import Completion, Model, Request
from extractor.providers.table import open_model, parse_model_name
from extractor.readers import DEFAULT_MAX_CHARS, Article, Inputs, Unread, read_articles
from extractor.recordings import Mode, RecordedModel, RecordingFolder
from extractor.schema.output import ExtractionResult, ModelUsed

DEFAULT_FIXTURES = Path("fixtures")


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes; every field has a flag of the same name.

    `model` is provider/model, or None to replay whatever model the recordings are of. `timeout` is in seconds.
    """

    model: str | None = None
    base_url: str | None = None
    mode: Mode = Mode.AUTO
    fixtures: Path = DEFAULT_FIXTURES
    prompts: Path | None = None
    concurrency: int = 8
    reasks: int = DEFAULT_REASKS
    attempts: int = 4
    timeout: float = 600
    max_chars: int = DEFAULT_MAX_CHARS


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its result, what was read, and the errors by article name.

    The errors are those of the failed articles and, behind them, those of answers that could not be recorded.
    """

    result: ExtractionResult
    inputs: Inputs
    errors: tuple[tuple[str, ExtractorError], ...]
    model_by_default: bool

    @property
    def exit_code(self) -> int:
        """0, or that of the gravest error: interrupt, wrong use, provider, replay miss, article."""
        found = [error for _, error in self.errors]
        ranked = (Interrupted, *_CONCERN_ALL, ReplayMiss, ExtractorError)
        return next((error.exit_code for kind in ranked for error in found if isinstance(error, kind)), 0)


Progress = Callable[[ArticleResult, int], None]
# What goes wrong with the model or its settings goes wrong for every article: the rest is not tried.
_CONCERN_ALL = (UsageError, ProviderError)


async def run(paths: Sequence[str | Path], options: Options, progress: Progress | None = None) -> Run:
    """Extract from files and folders; `progress` gets each result as it is done, and the number of articles.

    Raises:
        UsageError: a path, model or setting is wrong; see its subclasses.
        ReplayMiss: nothing is recorded and no model is named.
        ProviderError: `--record` without a key.
    """
    prompt = load_prompt(options.prompts)
    model = choose_model(options)
    inputs = read_articles(paths, max_chars=options.max_chars)
    try:
        done = await _all(inputs.articles, model, prompt, options, progress)
    finally:
        await model.close()
    unread = [failed(_nameless(item), item.error) for item in inputs.unread]
    finished = _collect([*done, *unread], inputs, model.name, prompt, by_default=options.model is None)
    return replace(finished, errors=(*finished.errors, *sorted(model.unrecorded.items())))


def choose_model(options: Options) -> RecordedModel:
    """The model that the options name, behind its recordings; the recorded one where they name none."""
    folder = RecordingFolder(options.fixtures)
    if folder.path.exists() and not folder.path.is_dir():
        raise UsageError(f"{folder.path} is no folder.", "Name a folder of recordings with --fixtures.")
    if options.model is None:
        if options.mode is Mode.RECORD:
            raise UsageError("--record needs a model to record.", "Add --model provider/model.")
        return RecordedModel(_only_recorded(folder), folder, Mode.REPLAY)
    parse_model_name(options.model)
    if options.mode is Mode.REPLAY:
        return RecordedModel(options.model, folder, Mode.REPLAY)
    folder.check_writable()
    live = _Unopened(options)
    if options.mode is Mode.RECORD:
        live.open()
    return RecordedModel(options.model, folder, options.mode, live)


class _Unopened:
    """A live model that is opened at its first request, so that a run of recorded answers needs no key."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._opened: Model | None = None

    @property
    def name(self) -> str:
        return self._options.model or ""

    def open(self) -> Model:
        if self._opened is None:
            options = self._options
            self._opened = open_model(
                self.name, base_url=options.base_url, attempts=options.attempts, timeout=options.timeout
            )
        return self._opened

    async def complete(self, request: Request) -> Completion:
        return await self.open().complete(request)

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()


def _only_recorded(folder: RecordingFolder) -> str:
    models = folder.models()
    if not models:
        for damaged in folder.damaged():
            raise damaged
        raise UsageError(
            f"No model is named, and {folder.path} holds no recordings to replay.",
            "Name a model with --model provider/model (or EXTRACT_MODEL), or a folder of recordings with --fixtures.",
        )
    if len(models) > 1:
        raise UsageError(
            f"No model is named, and {folder.path} holds recordings of {len(models)}: {', '.join(models)}.",
            f"Choose one: --replay --model {models[0]}.",
        )
    return models[0]


async def _all(
    articles: Sequence[Article], model: Model, prompt: Prompt, options: Options, progress: Progress | None
) -> list[ArticleResult]:
    """All results, in the order of the articles; an interrupt leaves those that were done."""
    gate = asyncio.Semaphore(options.concurrency)
    results: dict[str, ArticleResult] = {}
    ended: list[ExtractorError] = []

    async def one(article: Article) -> None:
        async with gate:
            if ended:
                result = failed(article, NotTried(f"{article.name} was not tried: {ended[0].message}"))
            else:
                result = await extract_article(article, model, prompt, reasks=options.reasks)
            if isinstance(result.error, _CONCERN_ALL):
                ended.append(result.error)
            results[article.id] = result
            if progress is not None:
                progress(result, len(articles))

    tasks = [asyncio.create_task(one(article)) for article in articles]
    try:
        with _terminable():
            await asyncio.gather(*tasks)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [results.get(article.id) or failed(article, _interrupted(article)) for article in articles]


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


def _interrupted(article: Article) -> Interrupted:
    return Interrupted(f"{article.name} was not done when the run was interrupted.")


def _nameless(item: Unread) -> Article:
    return Article(item.name, "", "")


def _collect(results: Sequence[ArticleResult], inputs: Inputs, model: str, prompt: Prompt, *, by_default: bool) -> Run:
    from extractor.conversation import schema_fingerprint

    ordered = sorted(results, key=lambda result: (result.report.name, result.report.id))
    result = ExtractionResult(
        model=ModelUsed(name=model, prompt=prompt.fingerprint, answer_schema=schema_fingerprint()),
        articles=[item.report for item in ordered],
        records=[record for item in ordered for record in item.records],  # type: ignore[misc]
        rejected=[rejection for item in ordered for rejection in item.rejected],
    )
    errors = tuple((item.report.name, item.error) for item in ordered if item.error is not None)
    return Run(result, inputs, errors, by_default)
