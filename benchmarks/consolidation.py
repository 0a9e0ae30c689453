"""Consolidate many synthetic records, in memory and out of core: time and peak memory by their number, side by side.

Usage: python benchmarks/consolidation.py [--sizes 1000 10000 100000 300000] [--in-memory-up-to 200000]

The records are of 60 countries over ten years; each event is told by one to six articles, some of them without a date,
with another count, or a day off. Each line is a process of its own that reads the corpus from a file of JSON Lines,
consolidates it, and takes events and actors; time is its processor time but for imports, memory its peak and what that
is beyond the interpreter with its imports. Both ways have to give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import countrynames
from pydantic import TypeAdapter

from extractor.assembly import derive
from extractor.consolidation import HELD, Gathering
from extractor.schema.articles import ArticleMetadata
from extractor.schema.claims import ActionClaim
from extractor.schema.output import ArticleReport, Calls
from extractor.schema.records import AnyRecord, DiplomaticAction

_COUNTRIES = """France Norway Italy Spain Poland Germany Austria Hungary Romania Bulgaria Greece Turkey Ukraine Russia
    China Japan India Pakistan Iran Iraq Israel Egypt Libya Tunisia Morocco Algeria Nigeria Ghana Kenya Ethiopia Sudan
    Angola Zambia Brazil Chile Peru Bolivia Ecuador Colombia Venezuela Mexico Cuba Canada Australia Indonesia Malaysia
    Thailand Vietnam Laos Cambodia Mongolia Kazakhstan Armenia Georgia Azerbaijan Moldova Latvia Estonia Sweden
    Finland""".split()
_ACTIONS = ("expulsion", "recall", "closure", "summons", "meeting_visit", "agreement")
_STATUSES = ("proposed", "announced", "ordered", "carried_out", "ruled_out")
_FIRST = date(2015, 1, 1).toordinal()


def corpus(size: int, seed: int = 1) -> Iterator[tuple[ArticleReport, list[AnyRecord]]]:
    """Articles in the order of their names, with about `size` records in all."""
    chance = random.Random(seed)
    told: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    made = 0
    while made < size:
        source, target = chance.sample(_COUNTRIES, 2)
        kind, day = chance.choice(_ACTIONS), _FIRST + chance.randrange(3650)
        count = chance.choice([None, chance.randrange(1, 60)])
        for _ in range(chance.randrange(1, 7)):
            name = f"art-{day + chance.randrange(3)}-{chance.randrange(400)}"
            when = None if chance.random() < 0.3 else date.fromordinal(day + chance.choice([0, 0, 0, 1])).isoformat()
            told[name].append((made, name, kind, source, target, count, when, chance.choice(_STATUSES)))
            made += 1
    for name in sorted(told):
        yield _article(name), [_record(*fields) for fields in told[name]]


def _article(name: str) -> ArticleReport:
    day = date.fromordinal(int(name.split("-")[1])).isoformat()
    published = {"value": day, "text": "x", "start": 0, "end": 1, "basis": "published"}
    return ArticleReport.model_validate(
        {
            "id": name, "name": name, "encoding": "utf-8", "text": "", "text_sha256": "", "metadata": ArticleMetadata(),
            "published": published, "anchor": published, "outcome": "done", "failure": None, "calls": Calls.none(),
        }
    )  # fmt: skip


def _record(
    number: int, article: str, kind: str, source: str, target: str, count: int | None, told: str | None, status: str
) -> DiplomaticAction:
    actor = {"role": None, "kind": "state"}
    fields = {
        "action": kind, "status": status, "actors": [actor | {"name": source, "country": source}],
        "targets": [actor | {"name": f"{target} diplomats", "country": target}], "status_by": None, "count": count,
        "count_unit": None, "count_breakdown": [], "places": [], "legal_term": None, "deadline": None, "reason": None,
        "in_response_to": None,
    }  # fmt: skip
    shared = {"is_background": False, "reported_by": None}
    claim = ActionClaim.model_validate(fields | shared | {"evidence": ["x"], "date_text": told})
    dated = {"text": told, "start": 0, "end": 1, "value": told, "basis": "explicit", "anchor": None} if told else None
    return DiplomaticAction.model_validate(
        fields
        | shared
        | {
            "id": f"act-{number:09}", "article": article, "date": dated, "derived": derive(claim), "spans": [],
            "deadline_duration": None,
            "evidence": [{"quote": "x", "start": 0, "end": 1, "match": "exact", "score": 1.0}],
        }
    )  # fmt: skip


def _write(size: int, path: Path) -> None:
    """Write the corpus, and print the number of its records."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for article, records in corpus(size):
            count += len(records)
            documents = [record.model_dump(mode="json") for record in records]
            file.write(json.dumps([article.model_dump(mode="json"), documents]) + "\n")
    print(count)


def _read(path: Path) -> Iterator[tuple[ArticleReport, list[AnyRecord]]]:
    validate = TypeAdapter(list[AnyRecord]).validate_python
    with path.open(encoding="utf-8") as file:
        for line in file:
            article, records = json.loads(line)
            yield ArticleReport.model_validate(article), validate(records)


def _brought_together(path: Path, held: int | None) -> Iterator[Any]:
    with Gathering(held) as gathering:
        for article, records in _read(path):
            gathering.add(article, records)
        found = gathering.consolidated()
        yield from found.documents("events")
        yield from found.documents("actors")


_WAYS = {"in memory": None, "out of core": HELD}


def _measure(way: str, path: Path) -> None:
    """Consolidate in this process, and print what it took as JSON."""
    before, start = _peak(), time.process_time()
    digest, events = hashlib.sha256(), 0
    for document in _brought_together(path, _WAYS[way]):
        digest.update(json.dumps(document).encode())
        events += "history" in document
    seconds = time.process_time() - start
    told = {"events": events, "seconds": seconds, "peak": _peak(), "beside": _peak() - before}
    print(json.dumps(told | {"digest": digest.hexdigest()}))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 300_000])
    parser.add_argument("--in-memory-up-to", type=int, default=200_000)
    parser.add_argument("--ways", nargs="+", default=list(_WAYS))
    parser.add_argument(
        "--measure", nargs=2, metavar=("WAY", "FILE"), help="what the lines' processes are started with"
    )
    parser.add_argument("--write", nargs=2, metavar=("SIZE", "FILE"), help="what the corpora's processes start with")
    given = parser.parse_args()
    if given.measure:
        _measure(given.measure[0], Path(given.measure[1]))
        return
    if given.write:
        _write(int(given.write[0]), Path(given.write[1]))
        return
    assert all(countrynames.to_code(name) for name in _COUNTRIES)
    print("| records | way | events | seconds | µs per record | peak memory, MiB | beside the interpreter, MiB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for size in given.sizes:
            _compare(size, Path(folder) / "corpus.jsonl", given.ways, given.in_memory_up_to)


def _compare(size: int, path: Path, ways: list[str], in_memory_up_to: int) -> None:
    # In a process of its own: one that has grown passes its peak on to those that it starts.
    count = int(_started("--write", str(size), str(path)))
    digests = set()
    for way in ways:
        if way == "in memory" and size > in_memory_up_to:
            continue
        told = json.loads(_started("--measure", way, str(path)))
        digests.add(told["digest"])
        each = told["seconds"] / count * 1e6
        print(
            f"| {count:,} | {way} | {told['events']:,} | {told['seconds']:.1f} | {each:.0f} | {told['peak']:,} "
            f"| {told['beside']:,} |",
            flush=True,
        )
    assert len(digests) == 1, "the ways differ"


def _started(*arguments: str) -> bytes:
    return subprocess.run([sys.executable, __file__, *arguments], check=True, stdout=subprocess.PIPE).stdout


if __name__ == "__main__":
    main()
