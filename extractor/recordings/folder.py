"""A folder of recording files."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, unquote

from pydantic import ValidationError

from extractor.errors import DamagedRecording, OutputError, UsageError
from extractor.files import write_atomically
from extractor.prompt import digest
from extractor.recordings.format import Parts, Recording


@dataclass(frozen=True, slots=True)
class RecordingFolder:
    """A folder of recordings: `PROVIDER/MODEL/ARTICLE.HASH.json`."""

    path: Path

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
                f"The recording {file.name} is damaged: {_first_problem(error)}.",
                "Restore it from version control, or record it anew with --record.",
                where=str(file),
            ) from error

    def save(self, file: Path, recording: Recording) -> None:
        """Write a recording whole; see `write_atomically`."""
        content = recording.model_dump(mode="json", by_alias=True)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"Cannot make the folder {file.parent}: {error.strerror}.", "Name another with --fixtures."
            ) from error
        write_atomically(file, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())

    def recordings(self) -> Iterator[tuple[Path, Recording]]:
        """All readable recordings, by path; damaged ones are passed over."""
        for file in sorted(self.path.glob("*/*/*.json")):
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
        for file in sorted(self.path.glob("*/*/*.json")):
            try:
                self.load(file)
            except DamagedRecording as error:
                yield error

    def models(self) -> list[str]:
        """The models that recordings are of, sorted."""
        return sorted({recording.model for _, recording in self.recordings()})


class FilesByArticle:
    """One model's recording files, by article; several where they are of different prompts, schemas or parameters.

    The folder is listed once, and kept up with what is saved.
    """

    def __init__(self, folder: RecordingFolder, model: str) -> None:
        self._folder = folder
        self._place = folder.path / model_folder(model)

    @cached_property
    def _files(self) -> dict[str, list[Path]]:
        files: dict[str, list[Path]] = {}
        for file in sorted(self._place.glob("*.json")):
            for part in file.name.split(".")[1:-1]:
                files.setdefault(part, []).append(file)
        return files

    def find(self, article: str, parts: Parts) -> tuple[Path, Recording | None]:
        """The recording with all of these parts, under whatever name the article had; else where one would be.

        Raises:
            DamagedRecording: none of the article's recordings has these parts, and one cannot be read.
        """
        damaged: DamagedRecording | None = None
        for file in self._files.get(_hash_of(parts), []):
            try:
                recording = self._folder.load(file)
            except DamagedRecording as error:
                damaged = error
                continue
            if recording is not None and recording.parts == parts:
                return file, recording
        if damaged is not None:
            raise damaged
        return self.place(article, parts, instead=True), None

    def place(self, article: str, parts: Parts, *, instead: bool) -> Path:
        """Where a new recording goes: to the article's stable path, `instead` of what is there, or beside that."""
        stem = re.sub(r"[^\w-]+", "_", Path(article).stem)[:80] or "article"
        stable = self._place / f"{stem}.{_hash_of(parts)}.json"
        if instead or not stable.exists():
            return stable
        return stable.with_suffix(f".{digest(parts.model_dump())[:8]}.json")

    def save(self, file: Path, recording: Recording) -> None:
        """Write a recording and note its file."""
        self._folder.save(file, recording)
        known = self._files.setdefault(_hash_of(recording.parts), [])
        if file not in known:
            known.append(file)


def _hash_of(parts: Parts) -> str:
    return parts.article.removeprefix("art-")[:8]


def model_folder(model: str) -> Path:
    """The folder of a model's recordings: `compatible/claude`; a name's further slashes and signs are escaped."""
    provider, _, name = model.partition("/")
    return Path(quote(provider, safe=""), quote(name, safe="") or "_")


def model_of(folder: Path) -> str:
    """The model whose recordings a folder holds; the inverse of `model_folder`."""
    return f"{unquote(folder.parent.name)}/{unquote(folder.name)}"


def _first_problem(error: OSError | ValidationError) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    problem = error.errors(include_url=False)[0]
    where = "/".join(map(str, problem["loc"]))
    return f"{where}: {problem['msg']}" if where else problem["msg"]
