"""Recordings from a store to files, and from files to a store: copied, so that nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from extractor.recordings.folder import FilesByArticle, RecordingFolder
from extractor.recordings.format import Recording
from extractor.recordings.store import RecordingStore, key_of

_AT_ONCE = 200


@dataclass(slots=True)
class Copied:
    """How many recordings were copied, how many were there, and which differ from what is there, which stayed."""

    copied: int = 0
    present: int = 0
    differing: list[str] = field(default_factory=list)

    def wants(self, recording: Recording, there: Recording | None) -> bool:
        """Whether a recording is to be copied over what is there; counts what becomes of it."""
        if there is not None and there.continues(recording):
            self.present += 1
        elif there is not None and not recording.continues(there):
            self.differing.append(recording.article)
        else:
            self.copied += 1
            return True
        return False


def export(store: RecordingStore, folder: RecordingFolder, *, model: str | None, article: str | None) -> Copied:
    """Copy a store's recordings into a folder: a model's, or those of articles with `article` in their name.

    Raises:
        DamagedRecording: one cannot be read; those before it are copied.
        OutputError: one cannot be written; those before it are copied.
    """
    copied, files = Copied(), dict[str, FilesByArticle]()
    for recording in _chosen(store.recordings(model), article):
        own = files.setdefault(recording.model, FilesByArticle(folder, recording.model))
        file, there = own.find(recording.article, recording.parts)
        if copied.wants(recording, there):
            own.save(
                file if there else own.place(recording.article, recording.parts, instead=False),
                recording,
            )
    return copied


def import_(folder: RecordingFolder, store: RecordingStore, *, model: str | None, article: str | None) -> Copied:
    """Copy a folder's recordings into a store that is open to write; damaged ones are passed over.

    What a run is asking about just then is left to it, and counts as differing.

    Raises:
        OutputError: they cannot be saved; of those before, all are.
    """
    copied = Copied()
    chosen = _chosen((one for _, one in folder.recordings() if model in (None, one.model)), article)
    while batch := list(islice(chosen, _AT_ONCE)):
        _save(batch, store, copied)
    return copied


def _save(batch: Iterable[Recording], store: RecordingStore, copied: Copied) -> None:
    claimed = list[str]()
    try:
        saved = list[Recording]()
        for recording in batch:
            key = key_of(recording.parts)
            if store.locks is not None and not store.locks.claim(key):
                copied.differing.append(recording.article)
                continue
            claimed.append(key)
            if copied.wants(recording, store.find(recording.parts)):
                saved.append(recording)
        store.save(saved)
    finally:
        for key in claimed:
            if store.locks is not None:
                store.locks.release(key)


def _chosen(recordings: Iterable[Recording], article: str | None) -> Iterator[Recording]:
    return (one for one in recordings if article is None or article in one.article)
