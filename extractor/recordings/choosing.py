"""The model that a run asks: live or not, with its recordings before it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from extractor.errors import ExtractorError, NotTried, UsageError
from extractor.providers.base import Completion, Model, Request
from extractor.providers.governor import Governor
from extractor.providers.opening import Terms, open_model
from extractor.providers.table import parse_model_name
from extractor.recordings.model import Mode, RecordedModel
from extractor.recordings.places import Place, Places, Store


@dataclass(frozen=True, slots=True)
class Choice:
    """What a run's options say of its model; `name` is None for the one that is recorded."""

    name: str | None
    mode: Mode
    places: Places
    prompts: Path | None
    terms: Terms

    def open(self, instead: Model | None = None) -> RecordedModel:
        """The model; what stands `instead` of the live one is asked for what is not recorded.

        Raises:
            UsageError: there is no such model, or place.
            OutputError: its answers could not be kept.
            DamagedRecording: what is recorded cannot be read.
        """
        self.places.check()
        if self.name is None:
            if self.mode is Mode.RECORD:
                raise UsageError("--record needs a model to record.", "Add --model provider/model.")
            return self.replayed(_only_recorded(self.places))
        parse_model_name(self.name)
        if self.mode is Mode.REPLAY:
            return self.replayed(self.name)
        live = _Unopened(self.name, self.terms)
        if self.places.cache is None:
            self.places.folder.check_writable()
        if self.mode is Mode.RECORD and instead is None:
            live.open()
        store = self.places.open_store(writes=True, patience=self.terms.timeout)
        return RecordedModel(
            self.name, self.places.folder, self.mode, instead or live, prompts=self.prompts, store=store
        )

    def elsewhere(self, name: str, files: Place | None, store: Store | None, governor: Governor) -> RecordedModel:
        """The model of this name on another machine, whose answers are kept here and whose requests are governed here.

        It was opened here before: nothing is checked again.
        """
        asks = self.name is not None and self.mode is not Mode.REPLAY
        live = _Unopened(name, self.terms, governor) if asks else None
        return RecordedModel(name, self.places.folder, self.mode, live, prompts=self.prompts, store=store, files=files)

    def replayed(self, name: str, live: Model | None = None) -> RecordedModel:
        """A model by what is recorded of it, which leaves the places as they are; `live` gets what is not recorded."""
        store = self.places.open_store(writes=False, patience=self.terms.timeout)
        return RecordedModel(name, self.places.folder, self.mode, live, prompts=self.prompts, store=store)


class _Unopened:
    """A live model that is opened at its first request, so that a run of recorded answers needs no key."""

    def __init__(self, name: str, terms: Terms, governor: Governor | None = None) -> None:
        self._name = name
        self._terms = terms
        self._governor = governor
        self._opened: Model | None = None
        self._failed: ExtractorError | None = None

    @property
    def name(self) -> str:
        return self._name

    def open(self) -> Model:
        if self._opened is None:
            self._opened = open_model(self._name, self._terms, self._governor)
        return self._opened

    async def complete(self, request: Request) -> Completion:
        if self._failed is not None:
            raise NotTried(f"{request.subject.article_name} was not tried: {self._failed.message}")
        try:
            model = self.open()
        except ExtractorError as error:
            self._failed = error
            raise
        return await model.complete(request)

    async def close(self) -> None:
        if self._opened is not None:
            await self._opened.close()


def _only_recorded(places: Places) -> str:
    models = places.models()
    if not models:
        raise UsageError(
            f"No model is named, and {places.kept_in} holds no recordings to replay.",
            "Name a model with --model provider/model (or EXTRACT_MODEL), or a folder of recordings with --fixtures.",
        )
    if len(models) > 1:
        raise UsageError(
            f"No model is named, and {places.kept_in} holds recordings of {len(models)}: {', '.join(models)}.",
            f"Choose one: --replay --model {models[0]}.",
        )
    return models[0]
