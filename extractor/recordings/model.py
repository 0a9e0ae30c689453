"""A model with its recordings before it."""

from __future__ import annotations

import shlex
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from extractor.errors import ExtractorError, OutputError, ReplayMiss
from extractor.providers.base import Completion, Model, Request
from extractor.providers.table import PROVIDERS
from extractor.recordings.folder import RecordingFolder
from extractor.recordings.format import Parts, Recording, attempt_of, completion_of, parts_of

_LONGEST_LIST = 300


class Mode(StrEnum):
    """Where answers come from."""

    REPLAY = "replay"
    RECORD = "record"
    AUTO = "auto"


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
                return completion_of(attempt, replayed=True)
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
            # The answer before this one could not be kept: half a recording would answer other questions.
            return completion
        attempt = attempt_of(request, completion)
        attempts = [*earlier, attempt]
        try:
            self._folder.save(
                file, Recording(format=1, article=article, model=self._name, parts=parts, attempts=attempts)
            )
        except ExtractorError as error:
            # The answer is paid for: it is used, and the run says that it was not kept.
            message = f"{article}: the answer was not recorded. {error.message}"
            self.unrecorded[article] = OutputError(message, error.advice, where=error.where)
        # Rebuilt from what was stored: a replay must see just what this run sees.
        return completion_of(attempt, replayed=False)

    def _miss(self, request: Request, parts: Parts, recording: Recording | None, file: Path) -> ReplayMiss:
        article = request.subject.article_name
        how = f"Record it anew: {self._command(request)}"
        if recording is not None:
            message = f"{article}: the recording has no answer to this re-ask: the checks now find {_listed(request)}."
            return ReplayMiss(message, how, where=str(file))
        nearest = self._nearest(request, parts)
        if nearest is None:
            return ReplayMiss(f"{article}: no recording is of this article.", how, where=str(self._folder.path))
        path, differing = nearest
        changed = " and ".join(f"the {name}" for name in differing)
        verb = "has" if len(differing) == 1 else "have"
        message = f"{article}: {changed} {verb} changed since the nearest recording was made."
        return ReplayMiss(message, how, where=str(path))

    def _nearest(self, request: Request, parts: Parts) -> tuple[Path, list[str]] | None:
        """The recording of this article, or of one with its name, that differs in the fewest parts."""
        name = request.subject.article_name
        candidates = [
            (len(parts.differing(other)), str(path), path, parts.differing(other))
            for path, article, other in self._known
            if article == name or other.article == parts.article
        ]
        return min(candidates)[2:] if candidates else None

    @cached_property
    def _known(self) -> list[tuple[Path, str, Parts]]:
        # Read once: every article may miss.
        return [(path, recording.article, recording.parts) for path, recording in self._folder.recordings()]

    def _command(self, request: Request) -> str:
        source = request.subject.source or request.subject.article_name
        provider = PROVIDERS.get(self._name.partition("/")[0])
        address = "" if provider and provider.base_url else " --base-url URL"
        return f"extract {shlex.quote(source)} --record --model {self._name}{address} --fixtures {self._folder.path}"


def _listed(request: Request) -> str:
    found = "; ".join(request.feedback) or "another fault than before"
    return found if len(found) <= _LONGEST_LIST else found[:_LONGEST_LIST] + " ..."
