"""Measuring tools side by side: in turn, several times over."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.results import Samples

# One tool's measurement: it gives the figure, timed where the work is done.
Measure = Callable[[], float]


def interleaved(tools: Mapping[str, Measure], repeats: int, unit: str, *, most: float = 20.0) -> dict[str, Samples]:
    """Each tool's figure, measured in turn `repeats` times, every other round in the reverse order.

    A tool whose figure is above `most` in any round is not measured again, so that a slow peer does not hold the run
    up; its samples say so.
    """
    figures: dict[str, list[float]] = {name: [] for name in tools}
    stopped: set[str] = set()
    for turn in range(repeats):
        for name in list(tools)[:: -1 if turn % 2 else 1]:
            if name in stopped:
                continue
            figures[name].append(tools[name]())
            if figures[name][-1] > most:
                stopped.add(name)
    return {
        name: Samples(values=tuple(values), unit=unit, note=_runs(len(values)) if len(values) < repeats else "")
        for name, values in figures.items()
    }


def _runs(count: int) -> str:
    return "one run" if count == 1 else f"{count} runs"
