"""Start-up: what the commands and the imports take before any work is done, and a whole replay of the seeds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.tools import BY_NAME, OURS, Tool
from benchmarks.results import Aim, Cell, Point, Samples, Table
from benchmarks.run import ROOT, Run

_METHOD = (
    (
        "Each command is a process of its own; they are started in turn, after one start each that is not counted and "
        "writes the interpreter's caches. Wall, processor time of the process and its children, and the greatest "
        "resident memory are the system's count. `python -c pass` is what the interpreter takes alone."
    ),
    (
        "LangExtract has no command, and Curator's starts a web server: their imports stand for them. An import is "
        "what a program begins with; some tools import more when they are first used, ours among them. DocETL and "
        "Curator are told to read the prices of models from their own files (`LITELLM_LOCAL_MODEL_COST_MAP`), so that "
        "they do not ask the network; instructor gets an API key, without which its command does not start."
    ),
)
_SETTINGS = {"OPENAI_API_KEY": "no-key", "LITELLM_LOCAL_MODEL_COST_MAP": "True", "TELEMETRY_ENABLED": "false"}
_NOTHING = "python -c pass"
_LAUNCHER = ROOT / "benchmarks" / "launcher.py"


@dataclass(frozen=True)
class _Start:
    """A command of a tool; `kind` is what it is compared with."""

    title: str
    kind: str
    tool: Tool
    arguments: tuple[str, ...]

    def command(self, out: Path) -> list[str]:
        """The command line, with a file that it may write."""
        return [argument.replace("OUT", str(out)) for argument in self.arguments]


class DoesNotStart(Exception):
    """A command that ended with an error."""


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds of wall and of processor, and MiB at most."""

    wall: float
    processor: float
    memory: float


def _command(tool: str, name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BY_NAME[tool].python.with_name(name)), *arguments)


_REPLAY = ("seeds/", "--fixtures", "fixtures", "--replay", "--quiet", "--out", "OUT")
_STARTS = (
    _Start(_NOTHING, "", OURS, (sys.executable, "-c", "pass")),
    _Start("extract --help", "help", OURS, _command("ours", "extract", "--help")),
    _Start("instructor --help", "help", BY_NAME["instructor"], _command("instructor", "instructor", "--help")),
    _Start("docetl --help", "help", BY_NAME["docetl"], _command("docetl", "docetl", "--help")),
    _Start("extract seeds/ --replay --out", "replay", OURS, _command("ours", "extract", *_REPLAY)),
    *(
        _Start(statement, "import", BY_NAME[tool], (str(BY_NAME[tool].python), "-c", statement))
        for tool, statement in (
            ("ours", "from extractor import extract"),
            ("instructor", "from instructor import from_openai"),
            ("langextract", "from langextract import extract"),
            ("docetl", "from docetl.runner import DSLRunner"),
            ("curator", "from bespokelabs.curator import LLM"),
        )
    ),
)  # fmt: skip


def measure(run: Run) -> Point:
    """Every command of the tools that are installed, in turn."""
    out = run.folder() / "events.json"
    tried, notes = _tried([start for start in _STARTS if start.tool.installed], out)
    starts = [start for start in _STARTS if start.title in tried]
    costs: dict[str, list[Cost]] = {title: [cost] if run.smoke else [] for title, cost in tried.items()}
    for _ in range(0 if run.smoke else run.repeats):
        for start in starts:
            costs[start.title].append(cost_of(start.command(out)))
    return Point(
        title="Start-up",
        method=_METHOD,
        tables=(_table(costs),),
        aims=tuple(_aims(starts, costs)),
        notes=tuple(notes),
    )


def _tried(starts: list[_Start], out: Path) -> tuple[dict[str, Cost], list[str]]:
    """Each started once: what those took that do start, and what is told of the peers' that do not."""
    tried, notes = dict[str, Cost](), list[str]()
    for start in starts:
        try:
            tried[start.title] = cost_of(start.command(out))
        except DoesNotStart as error:
            if start.tool is OURS:
                raise
            notes.append(f"`{start.title}` does not start: {error}")
    return tried, notes


def cost_of(command: list[str]) -> Cost:
    """Run a command to its end.

    Raises:
        DoesNotStart: it failed.
    """
    launcher = subprocess.run(
        [sys.executable, "-I", "-S", str(_LAUNCHER), *command],
        cwd=ROOT,
        env={**os.environ, **_SETTINGS},
        capture_output=True,
        check=True,
    )
    told = json.loads(launcher.stdout)
    if told["code"]:
        last = launcher.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise DoesNotStart(f"exit code {told['code']}, {''.join(last)[:200]}")
    return Cost(told["wall"], told["processor"], told["memory"])


_MEASURES: dict[str, tuple[str, Callable[[Cost], float]]] = {
    "wall": ("ms", lambda cost: cost.wall * 1000),
    "processor": ("ms", lambda cost: cost.processor * 1000),
    "memory": ("MiB", lambda cost: cost.memory),
}


def _samples(costs: list[Cost], measure_: str) -> Samples:
    unit, value = _MEASURES[measure_]
    return Samples(values=tuple(map(value, costs)), unit=unit)


def _table(costs: dict[str, list[Cost]]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (f"`{title}`", *(_samples(each, name) for name in _MEASURES)) for title, each in costs.items()
    ]
    return Table(caption="Commands and imports", head=("command", *_MEASURES), rows=tuple(rows))


def _aims(starts: list[_Start], costs: dict[str, list[Cost]]) -> Iterator[Aim]:
    """Of each kind: ours takes less of everything than any peer's."""
    for kind, words in (("help", "`--help`"), ("import", "the import")):
        ours = next(start for start in starts if start.kind == kind and start.tool is OURS)
        peers = [start for start in starts if start.kind == kind and start.tool is not OURS]
        ratios = {
            (peer.title, name): _samples(costs[peer.title], name).over(_samples(costs[ours.title], name)).median
            for peer in peers
            for name in _MEASURES
        }
        least = min(ratios, key=lambda of: ratios[of], default=None)
        yield Aim(
            aim=f"{words} takes less time, processor and memory than any peer's",
            measured=f"least {ratios[least]:.2f}x ({least[0]}, {least[1]})" if least else "",
            met=ratios[least] > 1 if least else None,
            reason="" if least else "no peer is installed",
        )
