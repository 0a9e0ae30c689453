"""Where a run keeps answers, and where it looks for them: readable files in a folder, or a store for corpora."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from extractor.errors import DamagedRecording, ExtractorError, UsageError
from extractor.recordings.folder import FilesByArticle, RecordingFolder
from extractor.recordings.format import Parts, Recording
from extractor.recordings.keeping import StoreKeeper
from extractor.recordings.store import RecordingStore, file_of

DEFAULT_FIXTURES = Path("fixtures")
# Beside the work, not in the user's cache folder: what was paid for is not to go with what anybody may clear, the same
# command in the same folder goes on with it, and two projects neither share it nor wait for each other.
DEFAULT_CACHE = Path(".extract")


@dataclass(frozen=True, slots=True)
class Places:
    """Where recordings are: a folder, which is looked into first, and a store where `cache` names the folder of one.

    New answers go to the store where there is one, else to the folder.
    """

    folder: RecordingFolder
    cache: Path | None = None

    @classmethod
    def chosen(cls, fixtures: Path | None, cache: Path | None, *, store: bool = True, replays: bool = False) -> Places:
        """The places by what was named.

        A `cache` that is named is used. Where neither is named, the default store is, if it is there or no folder of
        recordings is; a run that only `replays` prefers the folder, so that it finds what everybody has who has that.
        `store=False` is for no store at all.
        """
        folder = RecordingFolder(fixtures or DEFAULT_FIXTURES)
        if cache is None and fixtures is None:
            begun = file_of(DEFAULT_CACHE).exists() and not replays
            cache = DEFAULT_CACHE if begun or not folder.path.exists() else None
        return cls(folder, cache if store else None)

    @property
    def absolute(self) -> Places:
        """The same places, for whoever works in another folder."""
        return Places(RecordingFolder(self.folder.path.absolute()), self.cache and self.cache.absolute())

    @property
    def kept_in(self) -> Path:
        """The folder that new answers go to."""
        return self.cache or self.folder.path

    def models(self) -> list[str]:
        """The models that recordings are of, sorted.

        Raises:
            DamagedRecording: there is nothing but what is damaged.
        """
        names = set(self.folder.models())
        store = RecordingStore.existing(self.cache) if self.cache is not None else None
        if store is not None:
            try:
                names |= set(store.models())
            finally:
                store.close()
        if not names:
            for damaged in self.folder.damaged():
                raise damaged
        return sorted(names)

    def check(self) -> None:
        """Refuse a folder that is none.

        Raises:
            UsageError: it is something else.
        """
        for path, option in ((self.folder.path, "--fixtures"), (self.cache, "--cache")):
            if path is not None and path.exists() and not path.is_dir():
                raise UsageError(f"{path} is no folder.", f"Name a folder of recordings with {option}.")

    def open_store(self, *, writes: bool, patience: float) -> StoreKeeper | None:
        """The store, where there is one or, to write to, is to be; see `RecordingStore`."""
        if self.cache is None:
            return None
        store = RecordingStore(self.cache, writes=True, patience=patience) if writes else None
        store = store or RecordingStore.existing(self.cache)
        return StoreKeeper(store, patience) if store is not None else None


class Place(Protocol):
    """A place of one model's recordings, as a run uses it: a folder of files, or a store."""

    async def find(self, article: str, parts: Parts) -> tuple[Path, Recording | None]:
        """The recording with these parts, and its file or, where there is none, the one that messages name.

        Raises:
            DamagedRecording: it cannot be read.
        """
        ...

    async def keep(self, recording: Recording, *, instead: bool) -> None:
        """Keep a recording for good; `instead` of the article's others where these are files.

        Raises:
            ExtractorError: it could not be kept.
        """
        ...

    async def near(self, article: str, parts: Parts) -> list[tuple[Path, Recording]]:
        """The recordings of an article of this name, or of this text."""
        ...


class Store(Place, Protocol):
    """A store as a run uses it: a place in which each call can be claimed before it is made.

    `trouble` is why nothing more should be asked for, as it could not be kept.
    """

    @property
    def folder(self) -> Path:
        """The store's folder."""
        ...

    @property
    def trouble(self) -> ExtractorError | None:
        """Why answers cannot be kept, once that is so."""
        ...

    def claimed(self, parts: Parts, article: str) -> AbstractAsyncContextManager[None]:
        """Have a call to oneself: whoever else wants the same one waits.

        Raises:
            NotTried: another has had it for longer than there is patience.
        """
        ...

    async def close(self) -> None:
        """Save what is left, and let go of the store."""
        ...


class Files:
    """A folder as a place."""

    def __init__(self, folder: RecordingFolder, model: str) -> None:
        self._folder = folder
        self._files = FilesByArticle(folder, model)
        self._all: list[tuple[Path, Recording]] | None = None

    async def find(self, article: str, parts: Parts) -> tuple[Path, Recording | None]:
        """See `Place.find`."""
        return self._files.find(article, parts)

    async def keep(self, recording: Recording, *, instead: bool) -> None:
        """See `Place.keep`."""
        article, parts = recording.article, recording.parts
        try:
            file, found = self._files.find(article, parts)
        except DamagedRecording:
            found = None
        if found is None:
            file = self._files.place(article, parts, instead=instead)
        self._files.save(file, recording)

    async def near(self, article: str, parts: Parts) -> list[tuple[Path, Recording]]:
        """See `Place.near`."""
        if self._all is None:
            # Read once: every article may miss.
            self._all = list(self._folder.recordings())
        return [(file, one) for file, one in self._all if one.article == article or one.parts.article == parts.article]
