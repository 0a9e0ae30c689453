"""A round's way to the provider and back: batches made of its files, their states, and their results fetched."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from extractor.batch.formats import Service, open_service, refusal
from extractor.batch.manifest import (
    Batch,
    Manifest,
    RequestFile,
    alone,
    fingerprints,
    load_manifest,
    save_manifest,
)
from extractor.errors import OutputError, UsageError
from extractor.prompt import digest, load_prompt
from extractor.providers.opening import Terms
from extractor.providers.wire import CallFailed
from extractor.redaction import redacted


async def submit(folder: Path, terms: Terms) -> Manifest:
    """Upload the files of a round and make a batch of each, but for those that have one; states are kept as they come.

    Where a submission was cut short, the batch that it may have made is looked for first.

    Raises:
        UsageError: the folder is no round, another command is at work on it, a file of it is another than was exported,
            or the prompt has changed.
        ProviderError: the service cannot be had.
    """
    load_manifest(folder)
    with alone(folder):
        manifest = load_manifest(folder)
        if all(file.batch for file in manifest.files):
            return manifest
        _check(folder, manifest)
        async with _service(manifest, terms) as service:
            for file in manifest.files:
                if file.batch is None:
                    manifest = await _submit(folder, manifest, file, service)
    return manifest


async def _submit(folder: Path, manifest: Manifest, file: RequestFile, service: Service) -> Manifest:
    batch = None
    if file.begun is not None:
        batch = await _found(manifest, file, service)
    else:
        file = file.model_copy(update={"begun": datetime.now(UTC).isoformat(timespec="microseconds")})
        save_manifest(folder, manifest.with_file(file))
    batch = batch or await service.create(folder / file.name, _label(file))
    return save_manifest(folder, manifest.with_file(file.model_copy(update={"batch": batch})))


async def _found(manifest: Manifest, file: RequestFile, service: Service) -> Batch | None:
    """The batch that a submission which was cut short has made, if it has."""
    known = {batch.id for batch in manifest.batches}
    found = await service.find(_label(file), file.begun or "", file.requests)
    new = [batch for batch in found if batch.id not in known]
    if len(new) > 1:
        raise UsageError(
            f"{file.name} may have been submitted as any of {', '.join(batch.id for batch in new)}.",
            "Cancel these at the provider, and export again into a new folder.",
        )
    return new[0] if new else None


def _label(file: RequestFile) -> str:
    return f"extract-{digest([file.sha256, file.begun])}"


def _check(folder: Path, manifest: Manifest) -> None:
    """Refuse to pay for what could not be imported."""
    if fingerprints(load_prompt(manifest.run_options().prompts)) != {
        "prompt": manifest.prompt,
        "answer_schema": manifest.answer_schema,
    }:
        raise UsageError(
            "The prompt or the schema has changed since the export: the answers would be to other questions.",
            "Export again into a new folder.",
        )
    for file in manifest.files:
        if _digest_of(folder / file.name) != file.sha256:
            raise UsageError(f"{folder / file.name} is not as it was exported.", "Export again into a new folder.")


def _digest_of(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


async def refresh(folder: Path, terms: Terms) -> Manifest:
    """Ask for the states of the batches that are still at work, and keep them.

    Raises:
        UsageError: the folder is no round, or another command is at work on it.
        ProviderError: the service cannot be had.
    """
    if not load_manifest(folder).running:
        return load_manifest(folder)
    with alone(folder):
        manifest = load_manifest(folder)
        async with _service(manifest, terms) as service:
            return await _refresh(folder, manifest, service)


async def _refresh(folder: Path, manifest: Manifest, service: Service) -> Manifest:
    for file in manifest.files:
        if file.batch is not None and not file.batch.ended:
            manifest = _with_batch(folder, manifest, file, await service.state(file.batch))
    return manifest


async def fetch(folder: Path, manifest: Manifest, terms: Terms) -> Manifest:
    """Fetch the results of the batches that have ended, but for those that are there; the caller is `alone`.

    Raises:
        ProviderError: the service cannot be had.
    """
    if not manifest.running and all(_is_fetched(folder, batch) for batch in manifest.batches):
        return manifest
    async with _service(manifest, terms) as service:
        manifest = await _refresh(folder, manifest, service)
        for file in manifest.files:
            if file.batch is not None and file.batch.ended and not _is_fetched(folder, file.batch):
                results = await _download(folder, file, file.batch, service)
                manifest = _with_batch(folder, manifest, file, file.batch.model_copy(update={"results": results}))
    return manifest


def _is_fetched(folder: Path, batch: Batch) -> bool:
    return batch.results is not None and all((folder / name).exists() for name in batch.results)


def _with_batch(folder: Path, manifest: Manifest, file: RequestFile, batch: Batch) -> Manifest:
    return save_manifest(folder, manifest.with_file(file.model_copy(update={"batch": batch})))


async def _download(folder: Path, file: RequestFile, batch: Batch, service: Service) -> list[str]:
    """The names of the files with a batch's results; each stands there whole or not at all."""
    names = []
    for number, output in enumerate(batch.outputs, 1):
        name = f"{file.name.replace('requests', 'results', 1).removesuffix('.jsonl')}-{number}.jsonl"
        partial = folder / f".{name}.partial"
        try:
            await service.download(output, partial)
            _move_without_keys(partial, folder / name)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise OutputError(f"Cannot write into {folder}: {reason}.", "Free some space.") from error
        finally:
            partial.unlink(missing_ok=True)
        names.append(name)
    return names


def _move_without_keys(partial: Path, file: Path) -> None:
    """Put a file that was fetched into its place, and take out what looks like a key."""
    clean = partial.with_suffix(".clean")
    try:
        with partial.open("rb") as fetched, clean.open("wb") as kept:
            for line in fetched:
                kept.write(redacted(line.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape"))
        os.replace(clean, file)
    finally:
        clean.unlink(missing_ok=True)


@asynccontextmanager
async def _service(manifest: Manifest, terms: Terms) -> AsyncIterator[Service]:
    service = open_service(manifest.model, replace(terms, base_url=manifest.options.get("base_url")))
    try:
        yield service
    except CallFailed as failure:
        raise refusal(failure, manifest.model) from failure
    finally:
        await service.close()
