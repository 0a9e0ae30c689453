"""A folder of recording files."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pydantic import ValidationError

from extractor.errors import DamagedRecording, OutputError, UsageError
from extractor.files import write_atomically
from extractor.providers.base import Request
from extractor.recordings.format import Recording


@dataclass(frozen=True, slots=True)
class RecordingFolder:
    """A folder of recordings: `PROVIDER/MODEL/ARTICLE.HASH.json`."""

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


def model_folder(model: str) -> Path:
    """The folder of a model's recordings: `compatible/claude`; a name's further slashes and signs are escaped."""
    provider, _, name = model.partition("/")
    return Path(quote(provider, safe=""), quote(name, safe="") or "_")


def _first_problem(error: OSError | ValidationError) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    problem = error.errors(include_url=False)[0]
    where = "/".join(map(str, problem["loc"]))
    return f"{where}: {problem['msg']}" if where else problem["msg"]
