"""The machine that the figures are measured on."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from benchmarks.results import Machine


def this_machine() -> Machine:
    """What is known of this machine; "unknown" where the system does not tell."""
    return Machine(
        processor=_line_of(Path("/proc/cpuinfo"), "model name") or platform.processor() or "unknown",
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gib=round(_kilobytes() / 2**20, 1),
        system=platform.system(),
        python=platform.python_version(),
    )


def load() -> float:
    """How many programs wanted a core in the last minute, this one among them."""
    return round(os.getloadavg()[0], 1)


def _kilobytes() -> int:
    told = (_line_of(Path("/proc/meminfo"), "MemTotal") or "0").split()[0]
    return int(told)


def _line_of(path: Path, name: str) -> str:
    if not path.is_file():
        return ""
    lines = (line.partition(":") for line in path.read_text().splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == name), "")
