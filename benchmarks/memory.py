"""Bring the records of an output together again, out of core: how the peak of memory grows with its articles.

Usage: python benchmarks/memory.py events.jsonl [--articles 10000 30000 100000]

The output is one of JSON Lines, as `python -m benchmarks --only scale --long` makes it; so many articles are its first.
Each line is a process of its own, which knows nothing of readers and models; its peaks, the interpreter included, are
those when records are grouped, events made, and actors made. The digest tells whether two versions give the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from extractor.consolidation import Gathering
from extractor.schema.output import ArticleReport
from extractor.schema.records import AnyRecord

_RECORDS: TypeAdapter[list[AnyRecord]] = TypeAdapter(list[AnyRecord])


def articles_in(path: Path, most: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The first articles of an output with their records, which stand in the same order."""
    records = groupby(_rows(path, "record"), key=lambda record: record["article"])
    article, own = next(records, ("", iter(())))
    for report in islice(_rows(path, "article"), most):
        if report["id"] == article:
            yield report, list(own)
            article, own = next(records, ("", iter(())))
        else:
            yield report, []


def _rows(path: Path, key: str) -> Iterator[dict[str, Any]]:
    """The rows of one table, which stand together."""
    beginning, begun = f'{{"{key}": '.encode(), False
    with path.open("rb") as file:
        for line in file:
            if line.startswith(beginning):
                begun = True
                yield json.loads(line)[key]
            elif begun:
                return


def _measure(path: Path, most: int) -> None:
    """Consolidate in this process, and print what it took as a line of the table."""
    peaks, counts, digest, begun = [_peak()], list[int](), hashlib.sha256(), time.process_time()

    def counted(documents: Iterable[object]) -> int:
        count = 0
        for written in map(str.encode, map(json.dumps, documents)):
            digest.update(written)
            count += 1
        return count

    with Gathering() as gathering:
        for report, records in articles_in(path, most):
            gathering.add(ArticleReport.model_validate(report), _RECORDS.validate_python(records))
        found = gathering.consolidated()
        peaks.append(_peak())
        for documents in (found.documents("events"), found.documents("actors")):
            counts.append(counted(documents))
            peaks.append(_peak())
    cells = [f"{most:,}", *(f"{count:,}" for count in counts), f"{time.process_time() - begun:.0f}", *map(str, peaks)]
    print(f"| {' | '.join(cells)} | {digest.hexdigest()[:12]} |", flush=True)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--measure", type=int, help="what the lines' processes are started with")
    given = parser.parse_args()
    if given.measure:
        _measure(given.output, given.measure)
        return
    print("| articles | events | actors | seconds | at the start, MiB | grouped | events | actors | digest |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for most in given.articles:
        # In a process of its own: one that has grown passes its peak on to those that it starts.
        subprocess.run([sys.executable, __file__, str(given.output), "--measure", str(most)], check=True)


if __name__ == "__main__":
    main()
