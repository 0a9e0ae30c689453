"""A round in words: what was exported, where its batches stand, what an import brought, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from extractor.batch.export import Exported
from extractor.batch.importing import Imported
from extractor.batch.manifest import Batch, Estimate, Manifest, RequestFile

# Lines of one kind beyond which the rest is counted.
_MOST_NAMED = 20
_DONE = "Nothing is left to ask. Next: extract PATHS --replay, with the options of the export."


def export_lines(exported: Exported, folder: Path) -> Iterator[str]:
    """What was exported, and what it will take."""
    if exported.standing:
        yield f"{_count(exported.standing, 'article')} left as recorded, without an answer (--no-anew)."
    manifest = exported.manifest
    if manifest is None:
        yield _DONE
        return
    among = [_count(exported.reasks, "re-ask")] * bool(exported.reasks)
    among += [f"{exported.anew} asked anew, as what is recorded is no answer"] * bool(exported.anew)
    said = f" ({', '.join(among)})" if among else ""
    yield f"{_count(manifest.calls, 'request')}{said} in {_count(len(manifest.files), 'file')} in {folder}."
    yield _estimate(manifest.estimate)
    yield f"Next: extract batch submit {folder}, or have the files answered and extract batch import {folder} FILES."


def _estimate(estimate: Estimate) -> str:
    tokens = f"About {estimate.input_tokens:,} tokens to read and {estimate.output_tokens:,} to write"
    if estimate.cost is None:
        return f"{tokens}; the batch price is unknown (--price READ/WRITTEN gives it)."
    return f"{tokens}: about ${estimate.cost:.2f} at the batch price{_discount(estimate.cost, estimate.full_price)}."


def _discount(cost: Decimal, full: Decimal | None) -> str:
    if not full or cost >= full:
        return ""
    return f", {100 * (1 - cost / full):.0f}% below the full price (genai-prices)"


def status_lines(manifest: Manifest, folder: Path) -> Iterator[str]:
    """Where each file of a round stands, and what to do next."""
    yield f"{manifest.model}, {_count(manifest.calls, 'request')}"
    yield from (f"{file.name}  {_standing(file)}" for file in manifest.files)
    yield _next(manifest, folder)


def _standing(file: RequestFile) -> str:
    batch = file.batch
    if batch is None:
        said = "not submitted" if file.begun is None else "submission was cut short; extract batch submit goes on"
        return f"{_count(file.requests, 'request')}, {said}"
    # Not every provider counts.
    counted = f"{batch.done} of {batch.total} done" if batch.total else _count(file.requests, "request")
    counted += f", {batch.failed} failed" * bool(batch.failed)
    fetched = ", results fetched" if batch.results is not None else ""
    return f"{batch.id}  {batch.state}  {counted}{fetched}{_problem(batch)}"


def _problem(batch: Batch) -> str:
    return f": {batch.problem}" if batch.problem else ""


def _next(manifest: Manifest, folder: Path) -> str:
    standing = manifest.imported
    if any(file.batch is None for file in manifest.files) and standing is None:
        return f"Next: extract batch submit {folder}"
    if manifest.running:
        return "Still at work; extract batch status asks again."
    if standing is None or any(batch.results is None for batch in manifest.batches):
        return f"Next: extract batch import {folder}"
    if standing.left:
        return f"{_count(standing.left, 'call')} left for the next round: extract batch export ... --out NEW-FOLDER"
    return _DONE


def import_lines(imported: Imported, folder: Path) -> Iterator[str]:
    """What an import brought, line by line what went wrong, and what to do next."""
    counts = {
        "recorded": imported.recorded,
        "recorded before": imported.known,
        "failed": len(imported.failed),
        "of no call of this round": len(imported.unknown),
        "of calls that no run makes any more": len(imported.outdated),
        "lines that are no result": len(imported.damaged),
    }
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "none"
    yield f"Results: {told}."
    if imported.missing:
        yield f"{_count(imported.missing, 'call')} without a result."
    yield from _named("failed", [f"{article}: {said}" for article, said in imported.failed])
    yield from _named("unknown", imported.unknown)
    yield from _named("outdated", imported.outdated)
    if imported.changed:
        yield f"The answers to these were not recorded: {imported.changed} since the export."
    yield from _named("damaged", imported.damaged)
    yield _next(imported.manifest, folder)


def _named(word: str, items: Sequence[str]) -> Iterator[str]:
    yield from (f"{word}  {item}" for item in items[:_MOST_NAMED])
    if len(items) > _MOST_NAMED:
        yield f"{word}  and {len(items) - _MOST_NAMED} more"


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("s" if count != 1 else "")
