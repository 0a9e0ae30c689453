"""The engine of many machines: what is done where, and how results come together.

The driver knows the names and ids of the articles and holds none of their texts. Ray Data hands the articles to the
workers, as fast as they take them, and once more to another where one dies. Results come back by way of partitions.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import ray
import ray.data
from ray.exceptions import RayError

from extractor.cluster.connecting import connected
from extractor.cluster.governing import GovernorService
from extractor.cluster.keeping import KeeperService
from extractor.cluster.partitions import Partitions
from extractor.cluster.reading import Survey, articles, identified
from extractor.cluster.services import answer_to, start_service
from extractor.cluster.worker import Extraction, Job
from extractor.errors import ExtractorError, Interrupted, UsageError
from extractor.pipeline import ArticleResult
from extractor.prompt import Prompt
from extractor.recordings import Mode, RecordedModel
from extractor.runner import Account, Engine, Options, Work, choose_model
from extractor.runner.feed import Feed
from extractor.runner.outcome import Copies

# Articles of a partition at most: what is done again when a worker dies, and a file of some megabytes.
_PARTITION = 200
# Partitions, and blocks of files, for each worker at least, where there are as many articles and files.
_SHARES = 4
# Bytes of articles that a reader hands over at once.
_READ_AT_ONCE = 2**23
# Partitions that a worker works on at once: as one comes to its end the next has begun.
_OVERLAP = 2


@dataclass(frozen=True, slots=True)
class Cluster:
    """How a run is spread over a cluster.

    `workers` are processes, None for as many as there is room for; `partitions` is where results pass through, a folder
    or an address of fsspec's that every node reaches, None for a temporary folder of this machine.

    Raises:
        UsageError: there are no workers.
    """

    workers: int | None = None
    partitions: str | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise UsageError(f"workers is {self.workers}; it has to be a whole number, 1 or more.", "Give --workers 2.")

    @property
    def engine(self) -> Engine:
        """The engine, for `extractor.runner.run`."""
        return partial(on_ray, self)


@contextlib.asynccontextmanager
async def on_ray(
    cluster: Cluster, paths: Sequence[str | Path], options: Options, prompt: Prompt, account: Account
) -> AsyncIterator[Work]:
    """The engine that works on a cluster.

    Raises:
        MissingExtra: Ray is not installed.
        UsageError: what every run raises; standard input, or near copies, which no worker could tell; no cluster where
            one is named.
    """
    if options.near_duplicates is not None:
        raise UsageError(
            "Near copies are not looked for on a cluster.",
            "Leave --near-duplicates out, or --engine ray; exact ones are.",
        )
    survey = Survey(paths, options.inputs)
    name = await _checked(options)
    with contextlib.ExitStack() as held:
        workers = held.enter_context(connected(cluster.workers))
        place = held.enter_context(_partitions(cluster.partitions))
        services = _Services(options, name)
        job = await services.job(prompt, place, at_once=-(-options.concurrency // workers))
        model = job.open_model()
        try:
            yield _Work(survey, job, model, workers, account)
        finally:
            await services.close(model)


async def _checked(options: Options) -> str:
    """The name of the model, after all has been checked that can be before a cluster is asked for."""
    model = choose_model(options)
    await model.close()
    return model.name


@contextlib.contextmanager
def _partitions(named: str | None) -> Iterator[str]:
    """Where the partitions of a run go: below what was named, where they stay, or in a folder that is gone then."""
    if named is not None:
        place = named if "://" in named else os.path.abspath(named)
        yield f"{place.rstrip('/')}/run-{uuid.uuid4().hex[:12]}"
        return
    if sum(node["Alive"] for node in ray.nodes()) > 1:
        raise UsageError(
            "The cluster has several nodes, and no place is named that all of them reach.",
            "Name one with --partitions, such as s3://bucket/folder or a folder of a shared file system.",
        )
    with tempfile.TemporaryDirectory(prefix="extract-") as folder:
        yield folder


class _Services:
    """What all workers share, for as long as this is held."""

    def __init__(self, options: Options, model: str) -> None:
        self._options = options
        self._model = model
        run = uuid.uuid4().hex
        self._names = f"extract-governor-{run}", f"extract-keeper-{run}"
        self._governor = start_service(GovernorService, self._names[0], options.terms)
        writes = options.model is not None and options.mode is not Mode.REPLAY
        places = options.places.absolute
        self._keeper = start_service(KeeperService, self._names[1], places, model, writes, options.timeout)

    async def job(self, prompt: Prompt, partitions: str, *, at_once: int) -> Job:
        """What workers are to do with them."""
        options, store = self._options, await answer_to(self._keeper.store_folder.remote())
        if options.key_file is not None:
            options = replace(options, key_file=options.key_file.absolute())
        # A folder that is not there has nothing to look for, and is made where it is all that there is.
        has_files = store is None or options.places.folder.path.exists()
        return Job(options, prompt, self._model, *self._names, store, has_files, partitions, at_once)

    async def close(self, model: RecordedModel) -> None:
        """Close the keeper and the driver's model: what could not be saved is saved now, or stays unrecorded."""
        with contextlib.suppress(RayError):
            if await answer_to(self._keeper.close.remote()) is None:
                model.unrecorded.clear()
        await model.close()


class _Work:
    """The articles of a run on a cluster; see `extractor.runner.Work`."""

    def __init__(self, survey: Survey, job: Job, model: RecordedModel, workers: int, account: Account) -> None:
        self.model = model
        self._survey = survey
        self._job = job
        self._workers = workers
        self._account = account
        self._done = 0

    @property
    def copies(self) -> Copies:
        return self._survey.noted.copies

    @property
    def duplicates(self) -> Sequence[tuple[str, str]]:
        return self._survey.noted.duplicates

    @property
    def passed_over(self) -> Sequence[str]:
        return self._survey.passed_over

    async def all(self) -> None:
        feed = Feed(self._results(), ahead=_OVERLAP)
        try:
            async for results in feed:
                for result in results:
                    self._account.done(result, self._survey.count)
                self._done += len(results)
        finally:
            feed.close()

    async def left(self) -> None:
        done, count = self._done, self._survey.count
        of = f" of {count:,}" if count else ""
        self._account.fail("articles", Interrupted(f"{done:,}{of} articles were done when the run was interrupted."))

    def _results(self) -> Iterator[list[ArticleResult]]:
        """The results of each partition, as it is done."""
        try:
            yield self._survey.failures()
            self._survey.take(self._identified())
            partitions = Partitions(self._job.partitions)
            partitions.prepare()
            for row in self._extracted():
                yield list(partitions.read(row["partition"]))
                self.model.unrecorded |= pickle.loads(row["unrecorded"])  # noqa: S301 - a worker of this run made it
        except RayError as error:
            raise _told(error) from error

    def _identified(self) -> Iterator[dict[str, Any]]:
        """The ids of all articles, in the order of the files."""
        _context().execution_options.preserve_order = True
        identify = partial(identified, settings=self._survey.settings)
        yield from self._files().flat_map(identify, num_cpus=0.5).iter_rows()

    def _extracted(self) -> Iterator[dict[str, Any]]:
        """The partitions, as they are done."""
        _context().execution_options.preserve_order = False
        _context().target_max_block_size = _READ_AT_ONCE
        count = -(-self._survey.count // (_SHARES * self._workers))
        read = partial(articles, settings=self._survey.settings)
        pool = ray.data.ActorPoolStrategy(size=self._workers, max_concurrent_calls_per_actor=_OVERLAP)
        found = self._files().flat_map(read, num_cpus=0.5)
        parts = found.repartition(target_num_rows_per_block=max(1, min(count, _PARTITION)))
        job = (self._job,)
        done = parts.map_batches(Extraction, batch_size=None, fn_constructor_args=job, compute=pool, num_cpus=1)
        yield from done.iter_rows()

    def _files(self) -> Any:
        """The files as a data set, each block of which one task reads."""
        rows = self._survey.rows()
        return ray.data.from_items(rows, override_num_blocks=max(1, min(len(rows), _SHARES * self._workers)))


def _context() -> Any:
    return ray.data.DataContext.get_current()


def _told(error: BaseException) -> ExtractorError:
    """What Ray raises as an error that can be told: what a worker raised, or that the cluster failed."""
    met: BaseException | None = error
    while met is not None:
        if isinstance(met, ExtractorError):
            return met
        met = getattr(met, "cause", None) or met.__cause__
    return ExtractorError(
        f"The cluster failed: {type(error).__name__}.",
        "Run again: it goes on where it was, as answers are kept. Ray's logs tell more: /tmp/ray/session_latest/logs.",
        where=str(error).strip().rpartition("\n")[2],
    )
