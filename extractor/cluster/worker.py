"""What runs on the workers: reading files, and extracting from articles."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ray.exceptions import RayError

from extractor.cluster.governing import ClusterGovernor
from extractor.cluster.keeping import ClusterFiles, ClusterStore
from extractor.cluster.partitions import Partitions
from extractor.errors import Fault
from extractor.pipeline import ArticleResult
from extractor.prompt import Prompt
from extractor.readers import Article, Unread
from extractor.recordings import RecordedModel
from extractor.runner import Options
from extractor.runner.articles import result_for

# What Ray Data hands over and takes: columns by their names.
Batch = dict[str, Sequence[Any]]
Columns = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker is to do, and where; small, as Ray keeps it for every restart of a worker.

    It has no key: each worker finds that in its own environment, or in the file that the options name. `governor` and
    `keeper` are names of services, `store` is the folder of the keeper's store, `has_files` says whether it has
    recordings in files, too; `at_once` are the articles in a worker's hands.
    """

    options: Options
    prompt: Prompt
    model: str
    governor: str
    keeper: str
    store: Path | None
    has_files: bool
    partitions: str
    at_once: int

    def open_model(self) -> RecordedModel:
        """The model, whose answers the keeper keeps and whose requests the governor lets through."""
        store = ClusterStore(self.keeper, self.store) if self.store is not None else None
        files = ClusterFiles(self.keeper) if self.has_files else None
        terms = self.options.terms
        bounded = terms.max_calls is not None or terms.max_cost is not None
        governor = ClusterGovernor(self.governor, bounded=bounded)
        return self.options.choice.elsewhere(self.model, files, store, governor)


class Extraction:
    """An actor of Ray Data's: articles to a partition of results."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._model = job.open_model()
        self._partitions = Partitions(job.partitions)
        self._gate = asyncio.Semaphore(job.at_once)

    async def __call__(self, batch: Batch) -> Columns:
        """Extract from `item`, pickled articles and failures; gives the name of the partition that holds the results.

        Raises:
            OutputError: the partition cannot be written.
            RayError: governor or keeper are gone.
        """
        items = map(pickle.loads, batch["item"])  # a reader of this run made them
        results = await asyncio.gather(*map(self._one, items))
        name = await asyncio.to_thread(self._partitions.write, results)
        unrecorded, self._model.unrecorded = self._model.unrecorded, {}
        return {"partition": [name], "unrecorded": [pickle.dumps(unrecorded)]}

    async def _one(self, item: Article | Unread) -> ArticleResult:
        async with self._gate:
            result = await result_for(item, self._model, self._job.prompt, self._job.options.reading)
        if isinstance(result.error, Fault) and isinstance(result.error.__cause__, RayError):
            # Not a fault met at this article: every other one would meet it.
            raise result.error.__cause__
        return result
