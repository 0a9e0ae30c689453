"""The library's front door: what the command does, in one call."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from extractor.recordings import Mode
from extractor.runner import Options, run
from extractor.schema.output import ExtractionResult


def extract(paths: str | Path | Iterable[str | Path], **options: Any) -> ExtractionResult:
    """Extract diplomatic actions, sanctions and statements from files and folders of articles.

    `options` are the fields of `extractor.runner.Options`: `model` ("openai/gpt-5-mini"; None replays the recorded
    model), `mode` ("auto", "replay" or "record"), `fixtures`, `base_url`, `prompts`, `concurrency`, `reasks`,
    `attempts`, `timeout` (seconds), `max_chars`. Articles that fail are in `result.failed`.

    Raises:
        ExtractorError: the run cannot start (a wrong path, model or setting); `advice` says what to do.
    """
    return asyncio.run(extract_async(paths, **options))


async def extract_async(paths: str | Path | Iterable[str | Path], **options: Any) -> ExtractionResult:
    """`extract` for a program that has an event loop of its own."""
    listed = [paths] if isinstance(paths, str | Path) else list(paths)
    return (await run(listed, _options(options))).result


def _options(given: dict[str, Any]) -> Options:
    settings = dict(given)
    if "mode" in settings:
        settings["mode"] = Mode(settings["mode"])
    for name in ("fixtures", "prompts"):
        if settings.get(name) is not None:
            settings[name] = Path(settings[name])
    return Options(**settings)
