"""The library's front door: what the command does, in one call."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, TypedDict, Unpack

from extractor.errors import UsageError
from extractor.recordings import Mode
from extractor.runner import Options, run
from extractor.schema.output import ExtractionResult


class ExtractOptions(TypedDict, total=False):
    """The keywords of `extract`: the fields of `extractor.runner.Options`, folders as text or path."""

    model: str | None
    base_url: str | None
    key_file: str | Path | None
    mode: Literal["auto", "replay", "record"]
    fixtures: str | Path | None
    cache: str | Path | None
    no_cache: bool
    prompts: str | Path | None
    temperature: float | None
    seed: int | None
    max_tokens: int | None
    reasoning_effort: str | None
    structured_output: Literal["tools", "json-schema"] | None
    concurrency: int
    rpm: int | None
    tpm: int | None
    reasks: int
    attempts: int
    backoff: float
    timeout: float
    connect_timeout: float
    max_calls: int | None
    max_cost: float | None
    price: str | None
    max_chars: int
    resolve_with_model: bool
    encoding: str | None
    input_format: str | None
    columns: str | None
    near_duplicates: float | None
    workers: int | None


def extract(paths: str | Path | Iterable[str | Path], **options: Unpack[ExtractOptions]) -> ExtractionResult:
    """Extract diplomatic actions, sanctions and statements from files and folders of articles.

    `options` are the fields of `extractor.runner.Options`: `model` ("openai/gpt-5-mini"; None replays the recorded
    model), `mode` ("auto", "replay" or "record"), `fixtures`, `cache`, `base_url`, `temperature`, `max_cost` and so on.
    Articles that fail are in `result.failed`.

    Where an event loop runs already, as in a notebook, the work goes on in a thread of its own; this call waits.

    Raises:
        ExtractorError: the run cannot start (a wrong path, model or setting); `advice` says what to do.
    """
    work = extract_async(paths, **options)
    return _in_a_thread(work) if _in_a_loop() else asyncio.run(work)


async def extract_async(
    paths: str | Path | Iterable[str | Path], **options: Unpack[ExtractOptions]
) -> ExtractionResult:
    """`extract` for a program that has an event loop of its own."""
    listed = [paths] if isinstance(paths, str | Path) else list(paths)
    # All of it is to be in memory in the end.
    return (await run(listed, _options(dict(options)), spill_after=None)).result


def _in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _in_a_thread(work: Coroutine[Any, Any, ExtractionResult]) -> ExtractionResult:
    started: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any] | None]] = []

    async def noted() -> ExtractionResult:
        started.append((asyncio.get_running_loop(), asyncio.current_task()))
        return await work

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(asyncio.run, noted())
        try:
            return done.result()
        except KeyboardInterrupt:
            # The thread does not hear of it, and the pool would wait for all the articles.
            for loop, task in started:
                if task is not None:
                    loop.call_soon_threadsafe(task.cancel)
            raise


def _options(given: dict[str, Any]) -> Options:
    settings = dict(given)
    known = [field.name for field in fields(Options)]
    for name in settings:
        if name not in known:
            raise UsageError(f"{name!r} is no option.", f"Options are: {', '.join(known)}.")
    if "mode" in settings:
        settings["mode"] = _mode(settings["mode"])
    for name in ("fixtures", "cache", "prompts", "key_file"):
        if settings.get(name) is not None:
            settings[name] = Path(settings[name])
    return Options(**settings)


def _mode(given: Any) -> Mode:
    try:
        return Mode(given)
    except ValueError as error:
        raise UsageError(f"mode is {given!r}, which is none.", f"Modes are: {', '.join(Mode)}.") from error
