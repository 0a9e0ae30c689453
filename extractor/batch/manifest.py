"""What a round of batches is, and how far it has come: `manifest.json`, and `calls.jsonl` with a line for each call."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypedDict

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import UsageError
from extractor.files import write_atomically
from extractor.prompt import Prompt
from extractor.providers.table import PARAMETERS
from extractor.runner import Options

MANIFEST, CALLS = "manifest.json", "calls.jsonl"
# The options that decide what is asked, and where answers are kept. Those of a connection are given where it is made.
_KEPT = (
    *(
        "model",
        "base_url",
        "fixtures",
        "prompts",
        "reasks",
        "max_chars",
        "resolve_with_model",
        "encoding",
        "near_duplicates",
    ),
    *PARAMETERS,
)
_PATHS = ("fixtures", "prompts")


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Call(_Stored):
    """One request of the round: which article's, its how manyth attempt, and the file that it is in."""

    custom_id: str
    article: str
    attempt: int
    file: str


class Batch(_Stored):
    """A batch at the provider: `state` in its own words; `results` are the files that came of it."""

    id: str
    state: str
    ended: bool = False
    total: int = 0
    done: int = 0
    failed: int = 0
    problem: str = ""
    outputs: list[str] = []
    results: list[str] | None = None


class RequestFile(_Stored):
    """A file of requests, and the batch that was made of it; `begun` says when its submission began (UTC)."""

    name: str
    requests: int
    bytes: int
    sha256: str
    begun: str | None = None
    batch: Batch | None = None


class Estimate(_Stored):
    """Tokens that the round will take, about, and US dollars at the batch price; None where that is unknown."""

    input_tokens: int
    output_tokens: int
    cost: Decimal | None
    full_price: Decimal | None


class Standing(_Stored):
    """How things stood after the last import: calls without an answer, and articles whose answer is none."""

    recorded: int
    left: int
    failing: int


class Manifest(_Stored):
    """A round: what it was made from, its files, and how far it has come; it holds no key."""

    format: Literal[1] = 1
    model: str
    paths: list[str]
    options: dict[str, Any]
    prompt: str
    answer_schema: str
    calls: int
    estimate: Estimate
    files: list[RequestFile]
    imported: Standing | None = None

    def run_options(self) -> Options:
        """The options of the run whose requests these are."""
        kept: dict[str, Any] = {name: Path(value) if name in _PATHS else value for name, value in self.options.items()}
        try:
            return Options(**kept)
        except TypeError as error:
            raise UsageError(
                f"The {MANIFEST} holds an option that there is not.", "Export into a new folder."
            ) from error

    def with_file(self, file: RequestFile) -> Manifest:
        """The manifest with another state of one of its files."""
        return self.model_copy(update={"files": [file if file.name == old.name else old for old in self.files]})

    @property
    def batches(self) -> list[Batch]:
        """The batches that were made so far."""
        return [file.batch for file in self.files if file.batch is not None]

    @property
    def running(self) -> list[Batch]:
        """Those that are still at work."""
        return [batch for batch in self.batches if not batch.ended]


def kept_paths(paths: Sequence[str | Path]) -> list[str]:
    """Paths as a manifest keeps them: absolute."""
    return [str(Path(path).absolute()) for path in paths]


def kept_options(options: Options) -> dict[str, Any]:
    """The options as a manifest keeps them, with absolute paths."""
    kept = {field.name: getattr(options, field.name) for field in fields(Options) if field.name in _KEPT}
    return {
        name: str(value.absolute()) if isinstance(value, Path) else value
        for name, value in kept.items()
        if value is not None
    }


class Fingerprints(TypedDict):
    """What the requests of a round were made with, as the manifest names it."""

    prompt: str
    answer_schema: str


def fingerprints(prompt: Prompt) -> Fingerprints:
    """The fingerprints of the prompt and of the schema that the model fills."""
    from extractor.conversation import schema_fingerprint

    return {"prompt": prompt.fingerprint, "answer_schema": schema_fingerprint()}


def load_manifest(folder: Path) -> Manifest:
    """The manifest of a round.

    Raises:
        UsageError: the folder holds none, or one that cannot be read.
    """
    file = folder / MANIFEST
    try:
        return Manifest.model_validate_json(file.read_bytes())
    except FileNotFoundError as error:
        raise UsageError(
            f"{folder} holds no {MANIFEST}: it is no round of batches, or its export was interrupted.",
            "Name a folder that extract batch export made; after an interrupt, export into a new one.",
        ) from error
    except (OSError, ValidationError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no manifest of this version"
        raise UsageError(f"Cannot read {file}: {reason}.", "Restore it, or export into a new folder.") from error


def save_manifest(folder: Path, manifest: Manifest) -> Manifest:
    """Write a manifest whole, and return it; see `write_atomically`."""
    write_atomically(folder / MANIFEST, f"{manifest.model_dump_json(indent=2)}\n".encode())
    return manifest


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep a second command off the round, which would pay for it a second time.

    Raises:
        UsageError: another command is at work on it.
    """
    try:
        import fcntl
    except ImportError:  # Windows has none
        yield
        return
    with (folder / ".lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(f"Another command is at work on {folder}.", "Wait for it to end.") from error
        yield


def calls_of(folder: Path) -> Iterator[Call]:
    """The calls of a round.

    Raises:
        UsageError: their file cannot be read.
    """
    file = folder / CALLS
    try:
        with file.open("rb") as lines:
            for line in lines:
                yield Call(**json.loads(line))
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"Cannot read {file}: it is missing or damaged.", "Restore it.") from error
