"""Consolidate many synthetic records: time and peak memory by their number, side by side in one run.

Usage: python benchmarks/consolidation.py [--most 200000]

The records are of 60 countries over ten years; each event is told by one to six articles, some of them without a date,
with another count, or a day off. What is compared is the time per record as their number grows.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import time
from datetime import date

import countrynames

from extractor.assembly import derive
from extractor.consolidation import consolidate
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


def corpus(size: int, seed: int = 1) -> tuple[list[ArticleReport], list[AnyRecord], int]:
    """Articles, about `size` records, and the number of events that they were made from."""
    chance = random.Random(seed)
    articles: dict[str, ArticleReport] = {}
    records: list[AnyRecord] = []
    events = 0
    while len(records) < size:
        events += 1
        source, target = chance.sample(_COUNTRIES, 2)
        kind, day = chance.choice(_ACTIONS), _FIRST + chance.randrange(3650)
        count = chance.choice([None, chance.randrange(1, 60)])
        for _ in range(chance.randrange(1, 7)):
            told_on = day + chance.randrange(3)
            name = f"art-{told_on}-{chance.randrange(400)}"
            articles.setdefault(name, _article(name, told_on))
            told = None if chance.random() < 0.3 else date.fromordinal(day + chance.choice([0, 0, 0, 1])).isoformat()
            records.append(_record(len(records), name, kind, source, target, count, told, chance.choice(_STATUSES)))
    return list(articles.values()), records, events


def _article(name: str, day: int) -> ArticleReport:
    published = {"value": date.fromordinal(day).isoformat(), "text": "x", "start": 0, "end": 1, "basis": "published"}
    return ArticleReport.model_validate(
        {
            "id": name, "name": name, "encoding": "utf-8", "text": "", "text_sha256": "", "metadata": {},
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=200_000)
    most = parser.parse_args().most
    assert all(countrynames.to_code(name) for name in _COUNTRIES)
    print("| records | made from | events found | seconds | per record, x | peak memory, MiB |")
    print("|---|---|---|---|---|---|")
    first = 0.0
    for size in (most // 16, most // 4, most):
        articles, records, made = corpus(size)
        gc.collect()
        start = time.process_time()
        found = consolidate(articles, records)
        seconds = time.process_time() - start
        first = first or seconds / len(records)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        ratio = seconds / len(records) / first
        print(f"| {len(records):,} | {made:,} | {len(found):,} | {seconds:.1f} | {ratio:.2f} | {peak:,} |", flush=True)
        del articles, records, found


if __name__ == "__main__":
    main()
