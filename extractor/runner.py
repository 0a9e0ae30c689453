"""Many articles on one machine: which model, how many at once, and what is left after an interrupt."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from extractor.consolidation import actors_of, consolidate
from extractor.copies import check_threshold, read_distinct
from extractor.errors import (
    BudgetReached,
    ExtractorError,
    Fault,
    Interrupted,
    ProviderError,
    ReplayMiss,
    UsageError,
)
from extractor.pipeline import (
    DEFAULT_MAX_CHARS,
    DEFAULT_REASKS,
    ArticleResult,
    Ledger,
    Reading,
    extract_article,
    failed,
)
from extractor.prompt import Prompt, load_prompt, load_tie_prompt
from extractor.providers.base import Model
from extractor.providers.opening import Terms
from extractor.providers.table import PARAMETERS, check_parameters
from extractor.readers import Article, Inputs, InputSettings, Unread, check_settings
from extractor.recordings import Mode, RecordedModel
from extractor.recordings.choosing import Choice
from extractor.recordings.places import Places
from extractor.resolution import Resolution, resolve
from extractor.schema.output import ArticleReport, ExtractionResult, ModelUsed


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes; every field has a flag of the same name.

    `model` is provider/model, or None to replay whatever model the recordings are of; what bounds and paces a live
    one is told at `extractor.providers.Terms`. `temperature`, `seed`, `max_tokens`, `reasoning_effort` and
    `structured_output` ("tools" or "json-schema") go with every request and are part of what a recording answers to;
    None leaves them to the service. `fixtures`, `cache` and `no_cache` say where answers are kept; see `Places.chosen`.
    `max_chars` is how much of an article is put to the model at once. `resolve_with_model` puts to it, too, what the
    rules of consolidation leave open. `encoding`, `input_format` and `columns` say how files are read: see
    `extractor.readers.InputSettings`. Articles that are at least so similar as `near_duplicates`, 0.5 to 1, and tell
    nothing new, are read once; None looks for exact copies alone.

    Raises:
        UsageError: a number is out of range, the model's provider does not take a parameter, or there is no such
            encoding, format or column.
    """

    model: str | None = None
    base_url: str | None = None
    key_file: Path | None = None
    mode: Mode = Mode.AUTO
    fixtures: Path | None = None
    cache: Path | None = None
    no_cache: bool = False
    prompts: Path | None = None
    temperature: float | None = None
    seed: int | None = None
    max_tokens: int | None = None
    reasoning_effort: str | None = None
    structured_output: str | None = None
    concurrency: int = 8
    rpm: int | None = None
    tpm: int | None = None
    reasks: int = DEFAULT_REASKS
    attempts: int = 6
    backoff: float = 1.0
    timeout: float = 600.0
    connect_timeout: float = 10.0
    max_calls: int | None = None
    max_cost: float | None = None
    price: str | None = None
    max_chars: int = DEFAULT_MAX_CHARS
    resolve_with_model: bool = False
    encoding: str | None = None
    input_format: str | None = None
    columns: str | None = None
    near_duplicates: float | None = None

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if not (value is None and name in _UNBOUNDED) and (not isinstance(value, int) or value < least):
                raise _out_of_range(name, value, f"a whole number, {least} or more")
        for name, wanted in _SECONDS.items():
            value = getattr(self, name)
            # Written so that it refuses what is no number, too.
            if not (isinstance(value, int | float) and (value > 0 or (value == 0 and name == "backoff"))):
                raise _out_of_range(name, value, wanted)
        if self.max_cost is not None and not (isinstance(self.max_cost, int | float) and self.max_cost >= 0):
            raise _out_of_range("max_cost", self.max_cost, "US dollars, 0 or more")
        check_settings(self.inputs)
        check_threshold(self.near_duplicates)
        if self.cache is not None and self.no_cache:
            raise UsageError("--cache and --no-cache exclude each other.", "Choose one.")
        if self.model is not None:
            check_parameters(self.model, self.parameters)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that are set, as they go with every request."""
        return {name: getattr(self, name) for name in PARAMETERS if getattr(self, name) is not None}

    @property
    def places(self) -> Places:
        """Where answers are looked for, and kept."""
        store = not self.no_cache and self.mode is not Mode.RECORD
        replays = self.model is None or self.mode is Mode.REPLAY
        return Places.chosen(self.fixtures, self.cache, store=store, replays=replays)

    @property
    def choice(self) -> Choice:
        """Which model is asked, or replayed."""
        return Choice(self.model, self.mode, self.places, self.prompts, self.terms)

    @property
    def terms(self) -> Terms:
        """On what terms a live model is asked."""
        return Terms(**{field.name: getattr(self, field.name) for field in fields(Terms)})

    @property
    def inputs(self) -> InputSettings:
        """How files are read."""
        return InputSettings(encoding=self.encoding, format=self.input_format, columns=self.columns)

    @property
    def reading(self) -> Reading:
        """How articles are read."""
        return Reading(reasks=self.reasks, max_chars=self.max_chars, parameters=self.parameters)


_LEAST = {
    "concurrency": 1, "reasks": 0, "attempts": 1, "max_chars": 1, "rpm": 1, "tpm": 1, "max_calls": 0,
}  # fmt: skip
_UNBOUNDED = frozenset({"rpm", "tpm", "max_calls"})
_SECONDS = {
    "timeout": "a number of seconds above 0",
    "connect_timeout": "a number of seconds above 0",
    "backoff": "a number of seconds, 0 or more",
}


def _out_of_range(name: str, value: object, wanted: str) -> UsageError:
    flag = f"--{name.replace('_', '-')}"
    return UsageError(f"{name} is {value}; it has to be {wanted}.", f"The command's option for it is {flag}.")


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
        """0, or that of the gravest error: interrupt, fault, wrong use, provider, replay miss, budget, article."""
        return exit_code_of([error for _, error in self.errors])


def exit_code_of(errors: Sequence[ExtractorError]) -> int:
    """The exit code of the gravest of these errors, 0 where there is none."""
    ranked = (Interrupted, Fault, UsageError, ProviderError, ReplayMiss, BudgetReached, ExtractorError)
    return next((error.exit_code for kind in ranked for error in errors if isinstance(error, kind)), 0)


Result = TypeVar("Result")
Progress = Callable[[ArticleResult, int], None]


async def run(
    paths: Sequence[str | Path], options: Options, progress: Progress | None = None, *, interruptible: bool = False
) -> Run:
    """Extract from files and folders; `progress` gets each result as it is done, and the number of articles.

    An `interruptible` run takes SIGTERM, and being cancelled, as the wish for what is done so far: it returns that.
    Any other run leaves signals alone and ends in `CancelledError` when it is cancelled.

    Raises:
        UsageError: a path, model or setting is wrong; see its subclasses.
        ReplayMiss: nothing is recorded and no model is named.
        ProviderError: `--record` without a key.
    """
    prompt = load_prompt(options.prompts)
    model = choose_model(options)
    try:
        inputs = read_distinct(paths, options.inputs, options.near_duplicates)
        work = _Work(inputs.articles, model, prompt, options, progress)
        done = await (_interruptible(work.all, work.so_far) if interruptible else work.all())
        ties = partial(resolve_ties, done, model, options)
        resolution = await (_interruptible(ties, _unresolved) if interruptible else ties())
    finally:
        await model.close()
    unread = [_unread(item) for item in inputs.unread]
    finished = _collect([*done, *unread], inputs, model.name, prompt, resolution, by_default=options.model is None)
    return replace(finished, errors=(*finished.errors, *sorted(model.unrecorded.items())))


def choose_model(options: Options, instead: Model | None = None) -> RecordedModel:
    """The model that the options name, behind its recordings; the recorded one where they name none.

    What stands `instead` of the live model is asked for what is not recorded.
    """
    return options.choice.open(instead)


class _Work:
    """The articles of a run on their way; what is done so far is in `results`, by article id."""

    def __init__(
        self, articles: Sequence[Article], model: Model, prompt: Prompt, options: Options, progress: Progress | None
    ) -> None:
        self._articles = articles
        self._model = model
        self._prompt = prompt
        self._reading = options.reading
        self._progress = progress
        self._gate = asyncio.Semaphore(options.concurrency)
        self._results: dict[str, ArticleResult] = {}
        self._ledgers = {article.id: Ledger() for article in articles}

    async def all(self) -> list[ArticleResult]:
        """All results, in the order of the articles; nothing is left running, however this ends."""
        tasks = [asyncio.create_task(self._one(article)) for article in self._articles]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return self.so_far()

    def so_far(self) -> list[ArticleResult]:
        """The results that there are, in the order of the articles, and an interrupt for each other one."""
        return [self._results.get(article.id) or self._interrupted(article) for article in self._articles]

    def _interrupted(self, article: Article) -> ArticleResult:
        error = Interrupted(f"{article.name} was not done when the run was interrupted.")
        return failed(article, error, self._ledgers[article.id].calls())

    async def _one(self, article: Article) -> None:
        async with self._gate:
            result = await self._result(article)
            self._results[article.id] = result
            if self._progress is not None:
                self._progress(result, len(self._articles))

    async def _result(self, article: Article) -> ArticleResult:
        try:
            ledger = self._ledgers[article.id]
            return await extract_article(article, self._model, self._prompt, self._reading, ledger)
        except Exception as error:  # noqa: BLE001 - a fault met at one article must not cost the others
            return _faulty(article, error)


async def _interruptible(work: Callable[[], Awaitable[Result]], so_far: Callable[[], Result]) -> Result:
    try:
        with _terminable():
            return await work()
    except asyncio.CancelledError:
        return so_far()


async def resolve_ties(done: Sequence[ArticleResult], model: Model, options: Options) -> Resolution:
    """What the records leave open, as the model decides it where that is wanted."""
    if not options.resolve_with_model or any(isinstance(item.error, Interrupted) for item in done):
        return Resolution()
    reading = options.reading
    return await resolve(
        [item.report for item in done],
        [record for item in done for record in item.records],  # type: ignore[misc]
        model,
        load_tie_prompt(options.prompts),
        reasks=reading.reasks,
        parameters=reading.parameters,
        at_once=options.concurrency,
    )


def _unresolved() -> Resolution:
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


def _faulty(article: Article, error: Exception) -> ArticleResult:
    fault = Fault.met_at(article.name, error)
    # Made without the text, which may be what the fault is met at.
    report = failed(Article(article.name, "", article.encoding), fault).report
    return ArticleResult(
        report.model_copy(update={"id": article.id, "text": article.text, "text_sha256": article.sha256}), error=fault
    )


def _with_copies(report: ArticleReport, inputs: Inputs) -> ArticleReport:
    copies = inputs.copies.get(report.id)
    return report.model_copy(update={"copies": list(copies)}) if copies else report


def _unread(item: Unread) -> ArticleResult:
    """The result of a file without a text: its id is made from its name."""
    result = failed(Article(item.name, "", ""), item.error)
    made = f"unread-{hashlib.sha256(item.name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    return replace(result, report=result.report.model_copy(update={"id": made}))


def _collect(  # noqa: PLR0913
    results: Sequence[ArticleResult],
    inputs: Inputs,
    model: str,
    prompt: Prompt,
    resolution: Resolution,
    *,
    by_default: bool,
) -> Run:
    from extractor.conversation import schema_fingerprint

    ordered = sorted(results, key=lambda result: (result.report.name, result.report.id))
    reports = [_with_copies(item.report, inputs) for item in ordered]
    records = [record for item in ordered for record in item.records]
    result = ExtractionResult(
        model=ModelUsed(name=model, prompt=prompt.fingerprint, answer_schema=schema_fingerprint()),
        articles=reports,
        records=records,  # type: ignore[arg-type]
        actors=actors_of(records),  # type: ignore[arg-type]
        events=consolidate(reports, records, resolution.decisions),  # type: ignore[arg-type]
        ties=list(resolution.ties),
        rejected=[rejection for item in ordered for rejection in item.rejected],
    )
    errors = [(item.report.name, item.error) for item in ordered if item.error is not None]
    return Run(result, inputs, (*errors, *resolution.errors), by_default)
