"""How far a run has come, while it runs: a bar on a terminal, elsewhere a line a minute."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from extractor.pipeline import ArticleResult
from extractor.schema.output import CallsAccount

Clock = Callable[[], float]

# Seconds over which the rate is taken: replayed answers go fast, and say nothing of what is still to be asked.
_WINDOW = 60.0
# Seconds between two lines where there is no terminal.
_INTERVAL = 60.0


class Meter:
    """What is done, how fast it goes, what it has cost, and how long it may still take; `clock` gives seconds."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._done = self._failed = 0
        self._expected: int | None = None
        self._calls = CallsAccount()
        self._samples = deque([(clock(), 0)])

    def note(self, result: ArticleResult, expected: int | None) -> None:
        """Count one more article; `expected` are all that there may be, where that is known."""
        self._done += 1
        self._failed += result.report.outcome != "done"
        self._expected = expected
        self._calls.add(result.report.calls)
        now = self._clock()
        # One sample a second does.
        if now - self._samples[-1][0] >= 1 or len(self._samples) == 1:
            self._samples.append((now, self._done))
        while len(self._samples) > 2 and now - self._samples[0][0] > _WINDOW:
            self._samples.popleft()

    @property
    def done(self) -> int:
        """The articles that are done, the failed ones included."""
        return self._done

    @property
    def expected(self) -> int | None:
        """All articles, where it is known how many there are; never less than are done."""
        return None if self._expected is None else max(self._expected, self._done)

    def text(self) -> str:
        """All of it on one line: "1,200 of 5,000 articles, 3 failed, 240 a minute, $1.20, about 16 min left"."""
        of = "" if self.expected is None else f" of {self.expected:,}"
        return ", ".join([f"{self._done:,}{of} articles", *self.details()])

    def details(self) -> Iterator[str]:
        """What there is to tell besides the number of articles."""
        if self._failed:
            yield f"{self._failed:,} failed"
        rate = self._rate()
        if rate:
            yield f"{60 * rate:,.0f} a minute" if rate >= 1 / 60 else f"{3600 * rate:,.0f} an hour"
        cost = self._calls.total().cost_usd
        if cost:
            yield f"${cost:,.2f}"
        if rate and self.expected is not None and self.expected > self._done:
            yield f"about {_duration((self.expected - self._done) / rate)} left"

    def _rate(self) -> float:
        """Articles a second, of late."""
        start, before = self._samples[0]
        elapsed = self._clock() - start
        return (self._done - before) / elapsed if elapsed > 0 else 0.0


def _duration(seconds: float) -> str:
    """A time in its two greatest units at most: "2 h 5 min", "16 min", "40 s"."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h {minutes % 60} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"


@contextmanager
def progress_bar() -> Iterator[Callable[[ArticleResult, int | None], None]]:
    """A bar on standard error that moves with each article, and goes when all are done."""
    meter = Meter()
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=None))
    with Progress(*columns, console=Console(stderr=True), transient=True, expand=True) as progress:
        task = progress.add_task("reading articles", total=None)

        def note(result: ArticleResult, expected: int | None) -> None:
            meter.note(result, expected)
            progress.update(task, completed=meter.done, total=meter.expected, description=meter.text())

        yield note


@contextmanager
def progress_log(
    stream: IO[str], clock: Clock = time.monotonic
) -> Iterator[Callable[[ArticleResult, int | None], None]]:
    """A line a minute, for where there is no terminal; a run that takes less writes none."""
    meter, told = Meter(clock), clock()

    def note(result: ArticleResult, expected: int | None) -> None:
        nonlocal told
        meter.note(result, expected)
        if clock() - told >= _INTERVAL:
            told = clock()
            stream.write(f"extract: {meter.text()}\n")
            stream.flush()

    yield note
