"""A run: what a point is given to measure with, and what becomes of what it gives."""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from benchmarks.machine import load, this_machine
from benchmarks.peers.tools import BY_NAME, TOOLS, Process, Tool
from benchmarks.results import Measured, Point, Report

ROOT = Path(__file__).parents[1]


class _Module(Protocol):
    def measure(self, run: Run) -> Point:
        """The point's figures, all measured now."""


@dataclass
class Run:
    """What a point measures with: whether it is the smoke or the long run, how often to measure, a folder, the tools.

    Use it in a `with` statement: at its end the tools' processes end and the folder is deleted.
    """

    smoke: bool = False
    long: bool = False
    _open: ExitStack = field(default_factory=ExitStack)

    @property
    def repeats(self) -> int:
        """How often each figure is measured."""
        return 2 if self.smoke else 5

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def installed(self, *names: str) -> list[Tool]:
        """Those of some tools that are installed, in the order given."""
        return [BY_NAME[name] for name in names if BY_NAME[name].installed]

    def start(self, tool: Tool, **environment: str) -> Process:
        """A process of a tool's script that ends with the run at the latest."""
        return self._open.enter_context(tool.start(**environment))

    def folder(self) -> Path:
        """An empty folder that is deleted when the run ends."""
        return Path(self._open.enter_context(tempfile.TemporaryDirectory()))

    def tell(self, message: str) -> None:
        """Tell the user how far the run is."""
        print(f"  {message}", file=sys.stderr, flush=True)


def run_points(points: Mapping[str, str], *, smoke: bool, long: bool = False) -> Report:
    """Measure points, by name and module, one after the other; one that fails is told so and the others go on."""
    return Report(
        machine=this_machine(),
        versions={tool.title: tool.version for tool in TOOLS},
        points={name: _measured(name, module, smoke=smoke, long=long) for name, module in points.items()},
    )


def _measured(name: str, module: str, *, smoke: bool, long: bool) -> Measured:
    print(name, file=sys.stderr, flush=True)
    began, start, busy = datetime.now(UTC), time.monotonic(), load()
    point, failure = None, ""
    try:
        with Run(smoke=smoke, long=long) as run:
            measuring: _Module = import_module(module)
            point = measuring.measure(run)
    except Exception as error:  # noqa: BLE001 -- one point's fault is told with the figures of the others
        traceback.print_exc()
        failure = f"{type(error).__name__}: {error}"[:500]
    return Measured(
        point=point,
        began=began.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - start, 1),
        smoke=smoke,
        load=busy,
        failure=failure,
    )


def missing(tools: Iterable[Tool]) -> list[str]:
    """The titles of the tools that are not installed."""
    return [tool.title for tool in tools if not tool.installed]
