"""What every way to work through articles has in common: what it is given, and what it is to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from extractor.consolidation import Gathering
from extractor.errors import ExtractorError
from extractor.pipeline import ArticleResult
from extractor.prompt import Prompt
from extractor.recordings import RecordedModel
from extractor.runner.options import Options
from extractor.runner.outcome import Copies, Errors
from extractor.spool import Spool
from extractor.tally import Tally

# Gets each result as it is done, and how many articles are to be expected, where that is known.
Progress = Callable[[ArticleResult, int | None], None]


class Account:
    """What a run has so far: its results, in a spool, their numbers and errors, and what their records come to."""

    def __init__(self, spool: Spool, gathering: Gathering, progress: Progress | None) -> None:
        self.spool = spool
        self.gathering = gathering
        self.tally = Tally()
        self._progress = progress
        self._errors: list[tuple[str, str, ExtractorError]] = []

    def add(self, result: ArticleResult) -> None:
        """Take in a result.

        Raises:
            OutputError: temporary files cannot be written.
        """
        if result.error is not None:
            _forget_frames(result.error)
            self._errors.append((result.report.name, result.report.id, result.error))
        self.tally.add(result)
        self.spool.add(result)
        self.gathering.add(result.report, result.records)  # type: ignore[arg-type]

    def done(self, result: ArticleResult, expected: int | None) -> None:
        """Take in the result of an article that was worked on, and tell that it is done."""
        self.add(result)
        if self._progress is not None:
            self._progress(result, expected)

    def fail(self, name: str, error: ExtractorError) -> None:
        """Take in an error that is no one article's."""
        self._errors.append((name, "", error))

    def errors(self) -> Errors:
        """The errors by article name, in the order of the articles."""
        return tuple((name, error) for name, _, error in sorted(self._errors, key=lambda item: item[:2]))


class Work(Protocol):
    """The articles of a run on their way; each result goes to the run's account.

    `copies`, `duplicates` and `passed_over` are whole once all is done, the `model` is there
    until the engine is closed.
    """

    @property
    def model(self) -> RecordedModel:
        """The model that is asked."""
        ...

    @property
    def copies(self) -> Copies:
        """The copies of every article that has any, by its id."""
        ...

    @property
    def duplicates(self) -> Sequence[tuple[str, str]]:
        """The name of every copy with that of the article that is read instead."""
        ...

    @property
    def passed_over(self) -> Sequence[str]:
        """Files that are no articles."""
        ...

    async def all(self) -> None:
        """Work through all articles; nothing is left running, however this ends."""
        ...

    async def left(self) -> None:
        """Tell what was not done, when `all` was cancelled."""
        ...


Engine = Callable[[Sequence[str | Path], Options, Prompt, Account], AbstractAsyncContextManager[Work]]


def _forget_frames(error: BaseException) -> None:
    """Let go of what the frames of an error hold, the article's text among it: errors are kept to the end."""
    met: BaseException | None = error
    while met is not None and met.__traceback__ is not None:
        met.__traceback__ = None
        met = met.__cause__ or met.__context__
