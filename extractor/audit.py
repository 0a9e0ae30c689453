"""What recordings are worth: articles are replayed as a run would replay them, and each recording is held against that.

Offline throughout: nothing here can ask a model.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from extractor.copies import read_distinct
from extractor.errors import (
    ArticleError,
    DamagedRecording,
    ExtractorError,
    Fault,
    OutputError,
    ReplayMiss,
    UnreadableArticle,
    UsageError,
)
from extractor.pipeline import LEAST_SPLIT, extract_article
from extractor.prompt import Prompt, load_prompt
from extractor.providers.base import Completion, Request
from extractor.readers import Article, Unread, name_of, read_article
from extractor.recordings import Mode, RecordedModel, RecordingFolder
from extractor.recordings.folder import FilesByArticle, model_of
from extractor.recordings.format import Parts, Recording, have_changed, parts_of
from extractor.review import Review
from extractor.runner import Options, resolve_ties

_TIES, _TIE = "ties", "tie-"
# What the name of an article's part has behind the article's own.
_PART = re.compile(r", characters \d+-\d+$")


class State(StrEnum):
    """What a recording is, for the articles and options at hand."""

    USED = "used"
    NO_ANSWER = "no answer"
    INCOMPLETE = "incomplete"
    MISPLACED = "misplaced"
    STALE = "stale"
    UNUSED = "unused"
    DAMAGED = "damaged"


# No run asks for these, as things are.
_NEEDLESS = frozenset({State.MISPLACED, State.STALE, State.UNUSED})


@dataclass(frozen=True, slots=True)
class Replayed:
    """An article and what became of its replay: `error` where it failed."""

    name: str
    id: str
    error: ExtractorError | None

    @property
    def missing(self) -> bool:
        """Whether no recording answers it, or not all of it."""
        return isinstance(self.error, ReplayMiss)


@dataclass(frozen=True, slots=True)
class Held:
    """A recording file held against the articles; `why` says more where its state alone says too little.

    `article` is the one at hand which it is of, by its text or its name; None where it is of none. `recording` is None
    where it is damaged.
    """

    file: Path
    state: State
    why: str = ""
    article: Replayed | None = None
    recording: Recording | None = None


@dataclass(frozen=True, slots=True)
class ModelAudit:
    """One model's recordings, and the articles as they replay from these."""

    model: str
    articles: tuple[Replayed, ...]
    recordings: tuple[Held, ...]

    def count(self, state: State) -> int:
        """How many recordings are in a state."""
        return sum(held.state is state for held in self.recordings)


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found, for each model; `unread` are the files that could not be read as articles."""

    folder: RecordingFolder
    models: tuple[ModelAudit, ...]
    unread: tuple[Unread, ...]

    def exit_code(self, *, strict: bool = False) -> int:
        """0, or that of the gravest trouble: a fault, a recording that is missing or damaged, an article that fails.

        A `strict` audit takes recordings that nothing needs for trouble, too.
        """
        errors = [article.error for found in self.models for article in found.articles if article.error is not None]
        states = {held.state for found in self.models for held in found.recordings}
        if any(isinstance(error, Fault) for error in errors):
            return Fault.exit_code
        lacking = not self.models or any(isinstance(error, ReplayMiss) for error in errors)
        if lacking or State.DAMAGED in states or (strict and states & _NEEDLESS):
            return ReplayMiss.exit_code
        return next((error.exit_code for error in [*errors, *(item.error for item in self.unread)]), 0)


@dataclass(frozen=True, slots=True)
class Pruning:
    """The recordings that may go, and the models whose recordings stay because not one of them is used."""

    going: tuple[Held, ...]
    spared: tuple[str, ...]


def audit(paths: Sequence[str | Path], options: Options) -> Audit:
    """Replay articles and hold every recording against them: those of the named model, or of each that is recorded.

    Raises:
        UsageError: a path, a prompt file or the folder of recordings is wrong.
    """
    folder = _existing(options.places.folder.path)
    prompt = load_prompt(options.prompts)
    inputs = read_distinct(paths, options.inputs, options.near_duplicates)
    recordings, damaged = list(folder.recordings()), list(folder.damaged())
    named = {recording.model for _, recording in recordings} | {model_of(Path(item.where).parent) for item in damaged}
    audits = []
    for model in sorted(named) if options.model is None else [options.model]:
        watched = _Watched(model, options)
        replayed = tuple(asyncio.run(_replay(inputs.articles, watched, prompt, options)))
        own = [(file, recording) for file, recording in recordings if recording.model == model]
        held = [_hold(file, recording, replayed, watched) for file, recording in own]
        broken = [item for item in damaged if model_of(Path(item.where).parent) == model]
        held += [Held(Path(item.where), State.DAMAGED, item.message) for item in broken]
        audits.append(ModelAudit(model, replayed, tuple(sorted(held, key=lambda item: str(item.file)))))
    return Audit(folder, tuple(audits), inputs.unread)


def prunable(found: Audit, *, everything: bool = False) -> Pruning:
    """The recordings that nothing needs: of no article at hand, doubles, and stale ones of articles that replay.

    A stale one of an article that does not replay stays, and so do all of a model of which none is used; `everything`
    takes these, too. Whatever is used, damaged, incomplete, misplaced or no answer stays in any case.

    Raises:
        UsageError: a file could not be read, and a recording may be of it; or no recording is used at all.
    """
    for item in found.unread:
        raise UsageError(f"Nothing is pruned, as a recording may be of {item.name}. {item.error}", item.error.advice)
    chosen = [model for model in found.models if everything or model.count(State.USED)]
    if not chosen:
        raise UsageError(
            f"Nothing is pruned: these articles use no recording in {found.folder.path}.",
            "If it is the right folder, and these are the articles, --all takes what is stale and unused.",
        )
    going = [held for model in chosen for held in model.recordings if everything or not _may_serve(held)]
    return Pruning(
        tuple(held for held in going if held.state in (State.STALE, State.UNUSED)),
        tuple(model.model for model in found.models if model not in chosen),
    )


def _may_serve(held: Held) -> bool:
    """Whether it is stale and the nearest thing to an answer that its article has."""
    return held.state is State.STALE and held.article is not None and held.article.error is not None


def remove(folder: RecordingFolder, going: Iterable[Held]) -> Iterator[Held]:
    """Delete recordings, and the folders that they leave empty; yields each that is gone.

    One that is another by now than when it was held against the articles stays.

    Raises:
        OutputError: a file cannot be deleted; those before it are gone.
    """
    for held in going:
        with contextlib.suppress(DamagedRecording):
            if folder.load(held.file) == held.recording:
                _delete(held.file)
                yield held


def _delete(file: Path) -> None:
    try:
        file.unlink()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise OutputError(f"Cannot delete {file}: {reason}.", "Check the folder's permissions.") from error
    with contextlib.suppress(OSError):
        file.parent.rmdir()
        file.parent.parent.rmdir()


def recordings_of(wanted: Path, folder: RecordingFolder) -> list[tuple[Path, Recording]]:
    """The recordings that are meant by a recording's file, an article's file, or an article's name or a part of it.

    Raises:
        DamagedRecording: it is a recording's file, and damaged.
        UsageError: no recording is meant, or those of several articles may be.
    """
    if wanted.suffix == ".json" and wanted.is_file():
        recording = folder.load(wanted)
        return [(wanted, recording)] if recording is not None else []
    known = [
        (file, recording, _PART.sub("", recording.article)) for file, recording in _existing(folder.path).recordings()
    ]
    name, text_id = name_of(wanted), _id_of(wanted)
    named = {whole for _, recording, whole in known if recording.parts.article == text_id}
    named = named or {whole for *_, whole in known if whole == name} or {whole for *_, whole in known if name in whole}
    if not named:
        raise UsageError(f"No recording in {folder.path} is of {wanted}.", "extract fixtures lists what there is.")
    if len(named) > 1 and text_id is None:
        raise UsageError(f"{wanted} may be any of {', '.join(sorted(named)[:10])}.", "Name one of them.")
    return [(file, recording) for file, recording, whole in known if whole in named]


def _id_of(file: Path) -> str | None:
    """The id of an article's file; None where it is none."""
    try:
        return read_article(file).id
    except UnreadableArticle:
        return None


def _existing(path: Path) -> RecordingFolder:
    if not path.is_dir():
        told = f"{path} is no folder." if path.exists() else f"There is no folder {path}."
        raise UsageError(told, "Name the folder of recordings with --fixtures.")
    return RecordingFolder(path)


@dataclass(slots=True)
class _Asked:
    """What a replay asked for about one text: for which article, by what parts, and which file was to answer."""

    article: str
    parts: Parts
    length: int
    file: Path
    found: bool
    missed: bool = False


class _Watched:
    """A model's recordings, which note what they are asked for; `article` is the one that is being replayed."""

    def __init__(self, name: str, options: Options) -> None:
        folder = RecordingFolder(options.places.folder.path)
        self._recorded = RecordedModel(name, folder, Mode.REPLAY, prompts=options.prompts)
        self._files = FilesByArticle(folder, name)
        self.article = ""
        self.asked: dict[str, _Asked] = {}

    @property
    def name(self) -> str:
        return self._recorded.name

    async def complete(self, request: Request) -> Completion:
        subject = request.subject
        if request.attempt == 1:
            parts = parts_of(request, self.name)
            file, found = self._files.place(subject.article_name, parts, instead=True), False
            with contextlib.suppress(DamagedRecording):
                file, recording = self._files.find(subject.article_name, parts)
                found = recording is not None
            self.asked[subject.article_id] = _Asked(self.article, parts, len(subject.article_text), file, found)
        try:
            return await self._recorded.complete(request)
        except ReplayMiss:
            self.asked[subject.article_id].missed = True
            raise

    async def close(self) -> None:
        await self._recorded.close()

    def asked_of(self, article: str) -> list[_Asked]:
        """What was asked for about an article: as a whole, or part by part."""
        return [asked for asked in self.asked.values() if asked.article == article]


async def _replay(articles: Sequence[Article], watched: _Watched, prompt: Prompt, options: Options) -> list[Replayed]:
    """One article after the other: what is asked for is noted with the article that it is asked for. Then the ties."""
    replayed, results = [], []
    for article in articles:
        watched.article = article.id
        try:
            result = await extract_article(article, watched, prompt, options.reading)
            results.append(result)
            error = result.error
        except Exception as fault:  # noqa: BLE001 - a fault met at one article must not hide what the others are
            error = Fault.met_at(article.name, fault)
        replayed.append(Replayed(article.name, article.id, error))
    watched.article = _TIES
    # Whether a run asks about ties is not known here: those that are recorded are held against what it would ask.
    await resolve_ties(results, watched, replace(options, resolve_with_model=True))
    return replayed


def _hold(file: Path, recording: Recording, articles: Sequence[Replayed], watched: _Watched) -> Held:
    asked = watched.asked.get(recording.parts.article)
    article = _article_of(recording, asked, articles)
    if asked is not None and recording.parts == asked.parts:
        state, why = _of_what_was_asked(file, recording, asked, article, watched)
    elif article is None:
        state, why = State.UNUSED, _of_none(recording)
    else:
        state, why = _of_what_was_not(recording, article, watched)
    return Held(file, state, why, article, recording)


def _article_of(recording: Recording, asked: _Asked | None, articles: Sequence[Replayed]) -> Replayed | None:
    """The article that a recording is of: by the text that it answers for, else by name."""
    by_text = {asked.article} if asked is not None else {recording.parts.article}
    name = _PART.sub("", recording.article)
    return next(
        (article for article in articles if article.id in by_text),
        next((article for article in articles if article.name == name), None),
    )


def _of_what_was_asked(
    file: Path, recording: Recording, asked: _Asked, article: Replayed | None, watched: _Watched
) -> tuple[State, str]:
    """What a recording is whose parts are those of a request."""
    if file != asked.file:
        if asked.found:
            return State.UNUSED, f"{asked.file.name} holds the same"
        return State.MISPLACED, f"it is looked for as {asked.file}"
    if asked.missed:
        return State.INCOMPLETE, "it has no answer to the re-ask that the checks now make"
    error = article.error if article is not None else None
    # The error is the article's; where that was asked about in parts, it may be another's.
    alone = len(watched.asked_of(asked.article)) == 1
    if isinstance(error, ArticleError) and (alone or not _answers(recording, asked)):
        return State.NO_ANSWER, error.message
    return State.USED, ""


def _answers(recording: Recording, asked: _Asked) -> bool:
    """Whether a recording holds an answer to what was asked, or that it is to be asked for in halves."""
    last = recording.attempts[-1]
    split = last.finish_reason in ("length", "too_long") and asked.length > LEAST_SPLIT
    return split or any(
        attempt.answers and Review.is_answer(attempt.tool_calls[0].arguments) for attempt in recording.attempts
    )


def _of_none(recording: Recording) -> str:
    if recording.article.startswith(_TIE):
        return "the events of these articles leave no such tie open, or the prompt of ties has changed"
    return f"it is of {recording.article}, which is not among these articles"


def _of_what_was_not(recording: Recording, article: Replayed, watched: _Watched) -> tuple[State, str]:
    """What a recording of an article is that no request has asked for: it says what has changed since."""
    asked = watched.asked_of(article.id)
    if not asked:
        return State.INCOMPLETE, "its article could not be replayed"
    changed = min((each.parts.differing(recording.parts) for each in asked), key=len)
    if changed == ["article"]:
        told = "the article, or what is asked for of it at once, has changed"
    else:
        told = have_changed([name for name in changed if name != "article"])
    return State.STALE, f"{told} since it was made for {recording.article}"
