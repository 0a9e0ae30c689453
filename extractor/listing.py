"""Recordings as lines of text: what an audit found, and what one recording, or a store of them, holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from extractor.audit import Audit, Held, ModelAudit, State
from extractor.errors import ExtractorError
from extractor.recordings.format import Attempt, RecordedCall, Recording
from extractor.recordings.store import RecordingStore

_WIDTH = max(map(len, State))
# Characters of a value beyond which it no longer reads well on one line.
_LONGEST = 160


def audit_lines(found: Audit) -> Iterator[str]:
    """What an audit found: for each model its recordings, the articles that do not replay, and the sums."""
    if not found.models:
        yield f"{found.folder.path} holds no recordings. Record some: extract PATHS --model provider/model"
    for model in found.models:
        yield f"{model.model}, recorded in {found.folder.path}:"
        yield from map(held_line, model.recordings)
        for article in model.articles:
            if article.error is not None:
                yield from _trouble("missing" if article.missing else "fails", article.error)
        yield from _sums(model)
        yield ""
    for item in found.unread:
        yield from _trouble("unread", item.error)


def held_line(held: Held) -> str:
    """A recording's state, its file, and why it is in that state."""
    return f"{held.state:{_WIDTH}}  {held.file}" + (f": {held.why}" if held.why else "")


def _trouble(word: str, error: ExtractorError) -> Iterator[str]:
    yield f"{word:{_WIDTH}}  {error}"
    if error.advice:
        yield f"{'':{_WIDTH}}  {error.advice}"


def _sums(model: ModelAudit) -> Iterator[str]:
    missing = sum(article.missing for article in model.articles)
    failing = sum(article.error is not None for article in model.articles) - missing
    articles = {"replayed": len(model.articles) - missing - failing, "missing": missing, "failing": failing}
    yield f"articles: {_tally(articles)}"
    yield f"recordings: {_tally({state.value: model.count(state) for state in State})}"


def _tally(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "none"


def recording_lines(file: Path, recording: Recording) -> Iterator[str]:
    """What a recording holds: what it was made for, and each answer with what had been asked for."""
    parts = recording.parts
    yield f"{file}"
    yield f"article     {recording.article} ({parts.article})"
    yield f"model       {recording.model}"
    yield f"made under  prompt {parts.prompt}, schema {parts.schema_}, parameters {parts.parameters}"
    for number, attempt in enumerate(recording.attempts, 1):
        yield ""
        yield f"answer {number} of {len(recording.attempts)}: {_ending(attempt)}"
        yield from (f"  asked for, as the checks had found: {found}" for found in attempt.feedback or ())
        yield from (f"  {line}" for line in _content(attempt))


def _ending(attempt: Attempt) -> str:
    usage = attempt.usage
    tokens = f"{usage.input} tokens read, {usage.output} written" if usage else "tokens not counted"
    return f"finish reason {attempt.finish_reason or '(none)'}, {tokens}"


def _content(attempt: Attempt) -> Iterator[str]:
    if attempt.refusal:
        yield f"refused: {attempt.refusal}"
    if attempt.text:
        yield from (f"text: {line}" for line in attempt.text.splitlines())
    yield from chain.from_iterable(map(_call, attempt.tool_calls))
    if not (attempt.refusal or attempt.text or attempt.tool_calls):
        yield "nothing at all"


def _call(call: RecordedCall) -> Iterator[str]:
    if call.arguments_text is not None:
        yield f"{call.name}, with arguments that are no plain JSON: {_short(call.arguments_text)}"
    elif not isinstance(call.arguments, dict):
        yield f"{call.name}: {_said(call.arguments)}"
    else:
        counts = {name: len(value) for name, value in call.arguments.items() if isinstance(value, list)}
        yield f"{call.name}: {_tally(counts)}"
        for name, value in call.arguments.items():
            for item in value if isinstance(value, list) else [value]:
                yield from _record(name, item)


def _record(list_name: str, item: Any) -> Iterator[str]:
    """An item of an answer's list on one line, and below it each of its passages."""
    evidence = item.get("evidence") if isinstance(item, dict) else None
    if not isinstance(evidence, list):
        yield f"{list_name}: {_said(item)}"
        return
    yield f"{list_name}: {_said({key: value for key, value in item.items() if key != 'evidence'})}"
    yield from (f"    “{_said(passage)}”" for passage in evidence)


def _said(value: Any) -> str:
    """A value on one line, what is empty left out: a model's answer, of whatever shape."""
    if isinstance(value, dict):
        said = [(key, _said(part)) for key, part in value.items() if part not in (None, "", [], {}, False)]
        if [key for key, _ in said][:1] == ["name"]:
            return said[0][1] + (f" ({', '.join(part for _, part in said[1:])})" if said[1:] else "")
        return " · ".join(f"{key}: {part}" for key, part in said)
    if isinstance(value, list):
        return " | ".join(map(_said, value))
    return _short(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def stock_lines(store: RecordingStore) -> Iterator[str]:
    """Where a store is, and what it holds of each model."""
    yield f"{store.path}, {store.path.stat().st_size / 1e6:.1f} MB"
    stock = store.stock()
    for each in stock:
        yield f"{each.model}: {each.recordings:,} recordings, {each.answers:,} answers, {each.size / 1e6:.1f} MB"
    if not stock:
        yield "It holds no answers."
