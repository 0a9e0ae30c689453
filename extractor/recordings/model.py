"""A model with its recordings before it."""

from __future__ import annotations

import shlex
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from extractor.errors import DamagedRecording, ExtractorError, OutputError, ReplayMiss
from extractor.providers.base import Completion, Model, Request
from extractor.providers.table import PROVIDERS
from extractor.recordings.folder import FilesByArticle, RecordingFolder
from extractor.recordings.format import Attempt, Parts, Recording, attempt_of, completion_of, have_changed, parts_of
from extractor.redaction import redacted

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

    def __init__(
        self, name: str, folder: RecordingFolder, mode: Mode, live: Model | None = None, prompts: Path | None = None
    ) -> None:
        self._name = name
        self._folder = folder
        self._mode = mode if live is not None else Mode.REPLAY
        self._live = live
        self._prompts = prompts
        self._files = FilesByArticle(folder, name)
        self._anew: set[str] = set()
        self._held: dict[str, list[Attempt]] = {}
        self.unrecorded: dict[str, ExtractorError] = {}

    @property
    def name(self) -> str:
        """provider/model, of the recordings and the live model alike."""
        return self._name

    async def complete(self, request: Request) -> Completion:
        """Answer from a recording, or from the live model and record it; see `Model.complete`."""
        parts = parts_of(request, self._name)
        file, recording = self._find(request, parts)
        if recording is not None and len(recording.attempts) >= request.attempt and not self._is_asked_anew(request):
            attempt = recording.attempts[request.attempt - 1]
            if tuple(attempt.feedback or ()) == tuple(map(redacted, request.feedback)):
                return completion_of(attempt, replayed=True)
        if self._live is None or self._mode is Mode.REPLAY:
            raise self._miss(request, parts, recording, file)
        completion = await self._live.complete(request)
        return completion_of(self._record(request, completion, parts, file, recording), replayed=False)

    async def close(self) -> None:
        """Close the live model, if there is one."""
        if self._live is not None:
            await self._live.close()

    def ask_anew(self, article_id: str) -> bool:
        """Set an article's recorded answer aside, so that the live model is asked; False where there is none."""
        if self._live is None or self._mode is Mode.REPLAY:
            return False
        self._anew.add(article_id)
        return True

    def _find(self, request: Request, parts: Parts) -> tuple[Path, Recording | None]:
        try:
            return self._files.find(request.subject, parts)
        except DamagedRecording:
            if not self._is_asked_anew(request):
                raise
            return self._files.place(request.subject, parts, instead=True), None

    def _is_asked_anew(self, request: Request) -> bool:
        asked = self._mode is Mode.RECORD or request.subject.article_id in self._anew
        return asked and request.attempt == 1

    def _record(
        self, request: Request, completion: Completion, parts: Parts, file: Path, recording: Recording | None
    ) -> Attempt:
        """Store an answer behind those before it, where they are stored; returns it as stored."""
        attempt, subject = attempt_of(request, completion), request.subject
        if request.attempt == 1:
            self._held.pop(subject.article_id, None)
            instead = self._mode is Mode.RECORD and attempt.answers
            file = file if recording else self._files.place(subject, parts, instead=instead)
        held = self._held.get(subject.article_id)
        earlier = held if held is not None else recording.attempts[: request.attempt - 1] if recording else []
        if self._is_worse(request, attempt, recording) or (held is not None and not attempt.answers):
            # No answer is no reason to lose one: it waits until an answer follows it.
            self._held[subject.article_id] = [*(earlier if request.attempt > 1 else []), attempt]
            return attempt
        if len(earlier) < request.attempt - 1:
            # The answer before this one could not be kept: half a recording would answer other questions.
            return attempt
        self._held.pop(subject.article_id, None)
        article = subject.article_name
        new = Recording(format=1, article=article, model=self._name, parts=parts, attempts=[*earlier, attempt])
        try:
            self._files.save(file, subject, new)
        except ExtractorError as error:
            # The answer is paid for: it is used, and the run says that it was not kept.
            self._held[subject.article_id] = [*earlier, attempt]
            message = f"{article}: the answer was not recorded. {error.message}"
            self.unrecorded[article] = OutputError(message, error.advice, where=error.where)
        return attempt

    @staticmethod
    def _is_worse(request: Request, attempt: Attempt, recording: Recording | None) -> bool:
        return request.attempt == 1 and recording is not None and recording.attempts[0].answers and not attempt.answers

    def _miss(self, request: Request, parts: Parts, recording: Recording | None, file: Path) -> ReplayMiss:
        article = request.subject.article_name
        how = (
            f"Record it: {self._command(request)}"
            if request.subject.about == "tie"
            else f"Record it anew: {self._command(request)}"
        )
        if recording is not None:
            message = f"{article}: the recording has no answer to this re-ask: the checks now find {_listed(request)}."
            return ReplayMiss(message, how, where=str(file))
        nearest = self._nearest(request, parts)
        if nearest is None:
            return ReplayMiss(
                f"{article}: no recording is of this {request.subject.about}.", how, where=str(self._folder.path)
            )
        path, differing = nearest
        if differing == ["parameters"]:
            how = f"Give the options that it was recorded with, such as --temperature. {how}"
        message = f"{article}: {have_changed(differing)} since the nearest recording was made."
        return ReplayMiss(message, how, where=str(path))

    def _nearest(self, request: Request, parts: Parts) -> tuple[Path, list[str]] | None:
        """The recording of this article, or of one with its name, that differs in the fewest parts."""
        name = request.subject.article_name
        candidates = [
            (other.model != parts.model, len(parts.differing(other)), str(path), path, parts.differing(other))
            for path, article, other in self._known
            if article == name or other.article == parts.article
        ]
        return min(candidates)[3:] if candidates else None

    @cached_property
    def _known(self) -> list[tuple[Path, str, Parts]]:
        # Read once: every article may miss.
        return [(path, recording.article, recording.parts) for path, recording in self._folder.recordings()]

    def _command(self, request: Request) -> str:
        source = request.subject.source or request.subject.article_name
        provider = PROVIDERS.get(self._name.partition("/")[0])
        address = "" if provider and provider.base_url else " --base-url URL"
        prompts = f" --prompts {shlex.quote(str(self._prompts))}" if self._prompts else ""
        parameters = "".join(
            f" --{name.replace('_', '-')} {shlex.quote(str(value))}" for name, value in request.parameters.items()
        )
        options = f"{address}{prompts}{parameters} --fixtures {shlex.quote(str(self._folder.path))}"
        if request.subject.about == "tie":
            # Asked for as all is answered but this, the articles' recordings are used as they are.
            return f"extract PATHS --resolve-with-model --model {self._name}{options}"
        return f"extract {shlex.quote(source)} --record --model {self._name}{options}"


def _listed(request: Request) -> str:
    found = "; ".join(request.feedback) or "another fault than before"
    return found if len(found) <= _LONGEST_LIST else found[:_LONGEST_LIST] + " ..."
