"""Recorded answers: one readable file for each logical call, replayed without a network.

A logical call is an article read by a model under a prompt, a schema and parameters. Its file holds the parts of
the first request, each with a hash of its own, and the answers in order: the first, then each answer to a re-ask
with what it was asked for. Only what is listed here is stored, what looks like a key is scrubbed, and a file is
written whole after every answer, so that a finished answer is never paid twice.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from extractor.errors import DamagedRecording, ExtractorError, OutputError, ReplayMiss, UsageError
from extractor.files import write_atomically
from extractor.prompt import digest
from extractor.providers.base import Completion, Json, Model, Request, TokenCount, ToolCall
from extractor.providers.table import PROVIDERS

FORMAT = 1
_LOOKS_LIKE_A_KEY = re.compile(
    r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}|\bAIza[0-9A-Za-z_-]{30,}|\bBearer [A-Za-z0-9._-]{16,}"
)
_SCRUBBED = "[scrubbed]"


class Mode(StrEnum):
    """Where answers come from."""

    REPLAY = "replay"
    RECORD = "record"
    AUTO = "auto"


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordedCall(_Stored):
    """A function call as recorded: its arguments as JSON, or as text where they are no plain JSON."""

    name: str
    arguments: JsonValue = None
    arguments_text: str | None = None


class RecordedUsage(_Stored):
    """Tokens as the provider counted them."""

    input: int
    output: int


class Attempt(_Stored):
    """One answer, with what the request before it complained about (null for the first)."""

    feedback: list[str] | None
    finish_reason: str
    tool_calls: list[RecordedCall]
    text: str | None
    refusal: str | None
    usage: RecordedUsage | None


class Parts(_Stored):
    """The hashes of what a first request is made of."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    prompt: str
    # `schema` is a method of every pydantic model.
    schema_: str = Field(alias="schema")
    article: str
    parameters: str
    model: str

    def differing(self, other: Parts) -> list[str]:
        """The names of the parts that are not the same."""
        mine, others = self.model_dump(by_alias=True), other.model_dump(by_alias=True)
        return [name for name in mine if mine[name] != others[name]]


class Recording(_Stored):
    """The content of one recording file."""

    format: int
    article: str
    model: str
    parts: Parts
    attempts: list[Attempt]


@dataclass(frozen=True, slots=True)
class RecordingFolder:
    """A folder of recordings: `MODEL/ARTICLE.HASH.json`."""

    path: Path

    def file_for(self, request: Request, model: str) -> Path:
        """The stable path of a call's recording; only the article and the model decide it."""
        subject = request.subject
        stem = re.sub(r"[^\w.-]+", "_", Path(subject.article_name).stem)[:80] or "article"
        return self.path / model_folder(model) / f"{stem}.{subject.article_id.removeprefix('art-')[:8]}.json"

    def load(self, file: Path) -> Recording | None:
        """The recording of a file, or None where there is no such file.

        Raises:
            DamagedRecording: the file is there and is no recording.
        """
        try:
            return Recording.model_validate_json(file.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise DamagedRecording(
                f"The recording {file} is damaged: {_first_problem(error)}.",
                "Restore it from version control, or record it anew with --record.",
            ) from error

    def save(self, file: Path, recording: Recording) -> None:
        """Write a recording whole; see `write_atomically`."""
        content = _scrub(recording.model_dump(mode="json", by_alias=True))
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"Cannot make the folder {file.parent}: {error.strerror}.", "Name another with --fixtures."
            ) from error
        write_atomically(file, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())

    def recordings(self) -> Iterator[tuple[Path, Recording]]:
        """All readable recordings, by path; damaged ones are passed over."""
        for file in sorted(self.path.glob("*/*.json")):
            try:
                recording = self.load(file)
            except DamagedRecording:
                continue
            if recording is not None:
                yield file, recording

    def check_writable(self) -> None:
        """Find out before the work whether recordings could be kept.

        Raises:
            OutputError: the folder, or the one it would be made in, cannot be written to.
        """
        nearest = next(folder for folder in (self.path, *self.path.absolute().parents) if folder.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK):
            raise OutputError(
                f"Answers cannot be recorded in {self.path}: {os.strerror(errno.EACCES)}.",
                "Check its permissions, or name another folder with --fixtures.",
            )

    def damaged(self) -> Iterator[DamagedRecording]:
        """What is wrong with the recordings that cannot be read, by path."""
        for file in sorted(self.path.glob("*/*.json")):
            try:
                self.load(file)
            except DamagedRecording as error:
                yield error

    def models(self) -> list[str]:
        """The models that recordings are of, sorted."""
        return sorted({recording.model for _, recording in self.recordings()})


class RecordedModel:
    """A model with its recordings before it: replays, records, or does whichever is needed.

    Without a live model it only replays, and opens no connection. `unrecorded` holds, by article name, why answers
    could not be kept.
    """

    def __init__(self, name: str, folder: RecordingFolder, mode: Mode, live: Model | None = None) -> None:
        self._name = name
        self._folder = folder
        self._mode = mode if live is not None else Mode.REPLAY
        self._live = live
        self.unrecorded: dict[str, ExtractorError] = {}

    @property
    def name(self) -> str:
        """provider/model, of the recordings and the live model alike."""
        return self._name

    async def complete(self, request: Request) -> Completion:
        """Answer from a recording, or from the live model and record it; see `Model.complete`."""
        file = self._folder.file_for(request, self._name)
        parts = parts_of(request, self._name)
        recording = self._usable(file, parts, request)
        if recording is not None and len(recording.attempts) >= request.attempt:
            attempt = recording.attempts[request.attempt - 1]
            if tuple(attempt.feedback or ()) == request.feedback:
                return _completion(attempt)
        if self._live is None or self._mode is Mode.REPLAY:
            raise self._miss(request, parts, recording, file)
        return await self._record(self._live, request, file, parts, recording)

    async def close(self) -> None:
        """Close the live model, if there is one."""
        if self._live is not None:
            await self._live.close()

    def _usable(self, file: Path, parts: Parts, request: Request) -> Recording | None:
        if self._mode is Mode.RECORD and request.attempt == 1:
            return None
        recording = self._folder.load(file)
        return recording if recording is not None and recording.parts == parts else None

    async def _record(
        self, live: Model, request: Request, file: Path, parts: Parts, recording: Recording | None
    ) -> Completion:
        completion = await live.complete(request)
        earlier = recording.attempts[: request.attempt - 1] if recording else []
        article = request.subject.article_name
        if len(earlier) < request.attempt - 1:
            return completion
        attempts = [*earlier, _attempt(request, completion)]
        try:
            self._folder.save(
                file, Recording(format=FORMAT, article=article, model=self._name, parts=parts, attempts=attempts)
            )
        except ExtractorError as error:
            # The answer is paid for: it is used, and the run says that it was not kept.
            self.unrecorded[article] = OutputError(
                f"{article}: the answer was not recorded. {error.message}", error.advice
            )
        return completion

    def _miss(self, request: Request, parts: Parts, recording: Recording | None, file: Path) -> ReplayMiss:
        article = request.subject.article_name
        how = f"Record it anew: {self._command(request)}"
        if recording is not None:
            return ReplayMiss(
                f"{article}: the recording {file} has no answer to this re-ask (attempt {request.attempt}): the checks "
                f"now find {_listed(request.feedback)}.",
                how,
            )
        nearest = self._nearest(request, parts)
        if nearest is None:
            return ReplayMiss(f"{article}: no recording in {self._folder.path} is of this article.", how)
        path, differing = nearest
        changed = " and ".join(f"the {name}" for name in differing)
        verb = "has" if len(differing) == 1 else "have"
        return ReplayMiss(f"{article}: {changed} {verb} changed since the nearest recording, {path}, was made.", how)

    def _nearest(self, request: Request, parts: Parts) -> tuple[Path, list[str]] | None:
        """The recording of this article, or of one with its name, that differs in the fewest parts."""
        name = request.subject.article_name
        candidates = [
            (len(parts.differing(recording.parts)), str(path), path, parts.differing(recording.parts))
            for path, recording in self._folder.recordings()
            if recording.article == name or recording.parts.article == parts.article
        ]
        return min(candidates)[2:] if candidates else None

    def _command(self, request: Request) -> str:
        source = request.subject.source or request.subject.article_name
        provider = PROVIDERS.get(self._name.partition("/")[0])
        address = "" if provider and provider.base_url else " --base-url URL"
        return f"extract {shlex.quote(source)} --record --model {self._name}{address} --fixtures {self._folder.path}"


def model_folder(model: str) -> str:
    """The folder name of a model: `compatible/claude` has `compatible-claude`."""
    return re.sub(r"[^\w.-]+", "-", model).strip("-") or "model"


def parts_of(request: Request, model: str) -> Parts:
    """Hash the parts of the first request that this one belongs to."""
    subject = request.subject
    opening = [
        _without_article(message, subject.article_text, subject.fence) if message.get("role") == "user" else message
        for message in request.messages[: request.opening]
    ]
    return Parts(
        prompt=digest([subject.prompt, opening]),
        schema=digest(request.format),
        article=subject.article_id,
        parameters=digest(request.parameters),
        model=model,
    )


def _without_article(message: Json, text: str, fence: str) -> Json:
    """The message with the places of the article and its fence marked, so that it is the same for all articles."""
    content = message.get("content")
    if not isinstance(content, str):
        return message
    return {**message, "content": content.replace(text, "{{article}}").replace(fence, "{{fence}}")}


def _attempt(request: Request, completion: Completion) -> Attempt:
    usage = completion.usage
    return Attempt(
        feedback=list(request.feedback) if request.attempt > 1 else None,
        finish_reason=completion.finish_reason,
        tool_calls=[_recorded(call) for call in completion.tool_calls],
        text=completion.text,
        refusal=completion.refusal,
        usage=RecordedUsage(input=usage.input, output=usage.output) if usage else None,
    )


def _completion(attempt: Attempt) -> Completion:
    usage = attempt.usage
    return Completion(
        finish_reason=attempt.finish_reason,
        tool_calls=tuple(ToolCall(call.name, _arguments(call)) for call in attempt.tool_calls),
        text=attempt.text,
        refusal=attempt.refusal,
        usage=TokenCount(usage.input, usage.output) if usage else None,
        replayed=True,
    )


def _recorded(call: ToolCall) -> RecordedCall:
    """Arguments as JSON where that loses nothing, so that a recording reads and diffs well; else as text."""
    try:
        content = json.loads(call.arguments, object_pairs_hook=_without_repeats, parse_constant=_refuse)
        if isinstance(content, dict):
            json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
            return RecordedCall(name=call.name, arguments=cast(JsonValue, content))
    except (ValueError, RecursionError):
        pass
    return RecordedCall(name=call.name, arguments_text=call.arguments)


def _arguments(call: RecordedCall) -> str:
    if call.arguments_text is not None:
        return call.arguments_text
    return json.dumps(call.arguments, ensure_ascii=False)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key stands twice")
    return content


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _scrub(content: Any) -> Any:
    """Replace what looks like a key, and the keys of this environment, in every string."""
    if isinstance(content, dict):
        return {key: _scrub(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_scrub(item) for item in content]
    if isinstance(content, str):
        for secret in _secrets():
            content = content.replace(secret, _SCRUBBED)
        return _LOOKS_LIKE_A_KEY.sub(_SCRUBBED, content)
    return content


def _secrets() -> list[str]:
    return [value for name, value in os.environ.items() if name.endswith(("_API_KEY", "_TOKEN")) and len(value) >= 8]


def _listed(feedback: tuple[str, ...]) -> str:
    return "; ".join(feedback) if feedback else "another fault than before"


def _first_problem(error: OSError | ValidationError) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    problem = error.errors(include_url=False)[0]
    where = "/".join(map(str, problem["loc"]))
    return f"{where}: {problem['msg']}" if where else problem["msg"]
