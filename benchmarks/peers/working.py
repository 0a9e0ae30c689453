"""What every tool's script tells of a run through a folder of articles; only the standard library is imported."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True)
class Work:
    """What a run took, in seconds of wall and of processor, and how many documents and records came of it.

    The processor time is that of the process and of those that it started and that have ended.
    `error` is what the tool raised, where it did.
    """

    seconds: float
    processor: float
    documents: int
    records: int
    error: str = ""


def worked(read: Callable[[], list[int]]) -> dict[str, float | int | str]:
    """Run through the articles: `read` gives, for each document that is returned, the number of its records."""
    began, processor, counts, error = time.perf_counter(), _processor(), list[int](), ""
    try:
        counts = read()
    except Exception as raised:  # noqa: BLE001 -- what a tool does at a fault is what is measured
        error = f"{type(raised).__name__}: {raised}"[:300]
    work = Work(
        seconds=time.perf_counter() - began,
        processor=_processor() - processor,
        documents=sum(count > 0 for count in counts),
        records=sum(counts),
        error=error,
    )
    return asdict(work)


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def texts_in(folder: str) -> list[tuple[str, str]]:
    """The names and texts of the articles of a folder, in their order."""
    return [(path.name, path.read_text(encoding="utf-8")) for path in sorted(Path(folder).glob("*.txt"))]


def encodings() -> str:
    """The folder in which litellm brings the encodings that tiktoken would fetch."""
    found = find_spec("litellm")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent / "litellm_core_utils" / "tokenizers")
