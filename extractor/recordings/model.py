"""A model with its recordings before it."""

from __future__ import annotations

import shlex
from enum import StrEnum
from pathlib import Path

from extractor.errors import DamagedRecording, ExtractorError, OutputError, ReplayMiss
from extractor.providers.base import Completion, Model, Request
from extractor.providers.table import PROVIDERS
from extractor.recordings.folder import RecordingFolder
from extractor.recordings.format import Attempt, Parts, Recording, attempt_of, completion_of, have_changed, parts_of
from extractor.recordings.places import Files, Place, Store
from extractor.redaction import redacted

_LONGEST_LIST = 300


class Mode(StrEnum):
    """Where answers come from."""

    REPLAY = "replay"
    RECORD = "record"
    AUTO = "auto"


class RecordedModel:
    """A model with its recordings before it: replays, records, or does whichever is needed.

    Without a live model it only replays, and opens no connection. The folder is looked into first; answers are kept in
    the `store` where there is one, each call claimed there before it is made, else in the folder. `files` stands in for
    the folder's where these are another machine's. `unrecorded` holds, by article name, why answers could not be kept.
    """

    def __init__(  # noqa: PLR0913
        self,
        name: str,
        folder: RecordingFolder,
        mode: Mode,
        live: Model | None = None,
        *,
        prompts: Path | None = None,
        store: Store | None = None,
        files: Place | None = None,
    ) -> None:
        self._name = name
        self._folder = folder
        self._mode = mode if live is not None else Mode.REPLAY
        self._live = live
        self._prompts = prompts
        self._files = files or Files(folder, name)
        self._store = store
        self._anew: set[str] = set()
        self._held: dict[str, list[Attempt]] = {}
        self.unrecorded: dict[str, ExtractorError] = {}

    @property
    def name(self) -> str:
        """provider/model, of the recordings and the live model alike."""
        return self._name

    @property
    def is_live(self) -> bool:
        """Whether there is a model to ask for what is not recorded."""
        return self._live is not None and self._mode is not Mode.REPLAY

    async def complete(self, request: Request) -> Completion:
        """Answer from a recording, or from the live model and record it; see `Model.complete`."""
        parts = parts_of(request, self._name)
        if self._store is None or self._mode is not Mode.AUTO:
            return await self._complete(request, parts)
        before = await self._find(request, parts) if self._is_asked_anew(request) else None
        async with self._store.claimed(parts, request.subject.article_name):
            if before is not None and await self._find(request, parts) != before:
                # Another run has asked anew while this one waited.
                self._anew.discard(request.subject.article_id)
            return await self._complete(request, parts)

    async def close(self) -> None:
        """Close the live model, if there is one, and the store."""
        if self._live is not None:
            await self._live.close()
        if self._store is not None:
            await self._store.close()
            if self._store.trouble is None:
                self.unrecorded.clear()

    def ask_anew(self, article_id: str) -> bool:
        """Set an article's recorded answer aside, so that the live model is asked; False where there is none."""
        if not self.is_live:
            return False
        self._anew.add(article_id)
        return True

    async def _complete(self, request: Request, parts: Parts) -> Completion:
        file, recording = await self._find(request, parts)
        if recording is not None and len(recording.attempts) >= request.attempt and not self._is_asked_anew(request):
            attempt = recording.attempts[request.attempt - 1]
            if tuple(attempt.feedback or ()) == tuple(map(redacted, request.feedback)):
                return completion_of(attempt, replayed=True)
        if self._live is None or self._mode is Mode.REPLAY:
            raise await self._miss(request, parts, recording, file)
        self._refuse_what_cannot_be_kept(request)
        completion = await self._live.complete(request)
        return completion_of(await self._record(request, completion, parts, recording), replayed=False)

    def _refuse_what_cannot_be_kept(self, request: Request) -> None:
        trouble = self._store.trouble if self._store is not None else None
        if trouble is not None:
            message = f"{request.subject.article_name} was not tried. {trouble.message}"
            raise OutputError(message, trouble.advice, where=trouble.where)

    async def _find(self, request: Request, parts: Parts) -> tuple[Path, Recording | None]:
        """The recording that answers, with its place: a file, or what the store has that goes on from there."""
        article = request.subject.article_name
        try:
            file, recording = await self._files.find(article, parts)
        except DamagedRecording:
            if not self._is_asked_anew(request):
                raise
            file, recording = self._folder.path, None
        if self._store is None:
            return file, recording
        where, stored = await self._store.find(article, parts)
        if stored is not None and (recording is None or stored.continues(recording)):
            return where, stored
        return (where, None) if recording is None else (file, recording)

    def _is_asked_anew(self, request: Request) -> bool:
        asked = self._mode is Mode.RECORD or request.subject.article_id in self._anew
        return asked and request.attempt == 1

    async def _record(
        self, request: Request, completion: Completion, parts: Parts, recording: Recording | None
    ) -> Attempt:
        """Store an answer behind those before it, where they are stored; returns it as stored."""
        attempt, subject = attempt_of(request, completion), request.subject
        if request.attempt == 1:
            self._held.pop(subject.article_id, None)
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
        place: Place = self._store or self._files
        try:
            await place.keep(new, instead=self._mode is Mode.RECORD and attempt.answers)
        except ExtractorError as error:
            # The answer is paid for: it is used, and the run says that it was not kept.
            self._held[subject.article_id] = [*earlier, attempt]
            message = f"{article}: the answer was not recorded. {error.message}"
            self.unrecorded[article] = OutputError(message, error.advice, where=error.where)
        return attempt

    @staticmethod
    def _is_worse(request: Request, attempt: Attempt, recording: Recording | None) -> bool:
        return request.attempt == 1 and recording is not None and recording.attempts[0].answers and not attempt.answers

    async def _miss(self, request: Request, parts: Parts, recording: Recording | None, file: Path) -> ReplayMiss:
        article = request.subject.article_name
        how = (
            f"Record it: {self._command(request)}"
            if request.subject.about == "tie" or self._store is not None
            else f"Record it anew: {self._command(request)}"
        )
        if recording is not None:
            message = f"{article}: the recording has no answer to this re-ask: the checks now find {_listed(request)}."
            return ReplayMiss(message, how, where=str(file))
        nearest = await self._nearest(request, parts)
        if nearest is None:
            where = self._store.folder if self._store is not None else self._folder.path
            return ReplayMiss(f"{article}: no recording is of this {request.subject.about}.", how, where=str(where))
        path, differing = nearest
        if differing == ["parameters"]:
            how = f"Give the options that it was recorded with, such as --temperature. {how}"
        message = f"{article}: {have_changed(differing)} since the nearest recording was made."
        return ReplayMiss(message, how, where=str(path))

    async def _nearest(self, request: Request, parts: Parts) -> tuple[Path, list[str]] | None:
        """The recording of this article, or of one with its name, that differs in the fewest parts."""
        places: list[Place] = [self._files, *([self._store] if self._store is not None else [])]
        known = [found for place in places for found in await place.near(request.subject.article_name, parts)]
        candidates = [
            (
                one.parts.model != parts.model,
                len(parts.differing(one.parts)),
                str(path),
                path,
                parts.differing(one.parts),
            )
            for path, one in known
        ]
        return min(candidates)[3:] if candidates else None

    def _command(self, request: Request) -> str:
        source = request.subject.source or request.subject.article_name
        provider = PROVIDERS.get(self._name.partition("/")[0])
        address = "" if provider and provider.base_url else " --base-url URL"
        prompts = f" --prompts {shlex.quote(str(self._prompts))}" if self._prompts else ""
        parameters = "".join(
            f" --{name.replace('_', '-')} {shlex.quote(str(value))}" for name, value in request.parameters.items()
        )
        kept = f"--fixtures {shlex.quote(str(self._folder.path))}"
        if self._store is not None:
            kept = f"--cache {shlex.quote(str(self._store.folder))}"
        options = f"{address}{prompts}{parameters} {kept}"
        if request.subject.about == "tie":
            # Asked for as all is answered but this, the articles' recordings are used as they are.
            return f"extract PATHS --resolve-with-model --model {self._name}{options}"
        # What is in a store is kept: without --record, only what it lacks is asked for.
        record = "" if self._store is not None else " --record"
        return f"extract {shlex.quote(source)}{record} --model {self._name}{options}"


def _listed(request: Request) -> str:
    found = "; ".join(request.feedback) or "another fault than before"
    return found if len(found) <= _LONGEST_LIST else found[:_LONGEST_LIST] + " ..."
