"""How a run goes: every setting, with what it may be."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from extractor.copies import check_threshold
from extractor.errors import UsageError
from extractor.pipeline import DEFAULT_MAX_CHARS, DEFAULT_REASKS, Reading
from extractor.providers.opening import Terms
from extractor.providers.table import PARAMETERS, check_parameters
from extractor.readers import InputSettings, check_settings
from extractor.recordings import Mode
from extractor.recordings.choosing import Choice
from extractor.recordings.places import Places


@dataclass(frozen=True, slots=True)
class Options:
    """How a run goes; every field has a flag of the same name.

    `model` is provider/model, or None to replay whatever model the recordings are of; what bounds and paces a live
    one is told at `extractor.providers.Terms`. `temperature`, `seed`, `max_tokens`, `reasoning_effort` and
    `structured_output` ("tools" or "json-schema") go with every request and are part of what a recording answers to;
    None leaves them to the service. `fixtures`, `cache` and `no_cache` say where answers are kept; see `Places.chosen`.
    `max_chars` is how much of an article is put to the model at once. `resolve_with_model` puts to it, too, what the
    rules of consolidation leave open. `encoding`, `input_format` and `columns` say how files are read: see
    `extractor.readers.InputSettings`. `workers` are processes beside this one that check answers; where there are none,
    None or 0, it does so alone. Articles that are at least so similar as `near_duplicates`, 0.5 to 1, and tell nothing
    new, are read once; None looks for exact copies alone.

    Raises:
        UsageError: a number is out of range, the model's provider does not take a parameter, or there is no such
            encoding, format or column.
    """

    model: str | None = None
    base_url: str | None = None
    key_file: Path | None = None
    mode: Mode = Mode.AUTO
    fixtures: Path | None = None
    cache: Path | None = None
    no_cache: bool = False
    prompts: Path | None = None
    temperature: float | None = None
    seed: int | None = None
    max_tokens: int | None = None
    reasoning_effort: str | None = None
    structured_output: str | None = None
    concurrency: int = 8
    rpm: int | None = None
    tpm: int | None = None
    reasks: int = DEFAULT_REASKS
    attempts: int = 6
    backoff: float = 1.0
    timeout: float = 600.0
    connect_timeout: float = 10.0
    max_calls: int | None = None
    max_cost: float | None = None
    price: str | None = None
    max_chars: int = DEFAULT_MAX_CHARS
    resolve_with_model: bool = False
    encoding: str | None = None
    input_format: str | None = None
    columns: str | None = None
    near_duplicates: float | None = None
    workers: int | None = None

    def __post_init__(self) -> None:
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if not (value is None and name in _UNBOUNDED) and (not isinstance(value, int) or value < least):
                raise _out_of_range(name, value, f"a whole number, {least} or more")
        for name, wanted in _SECONDS.items():
            value = getattr(self, name)
            # Written so that it refuses what is no number, too.
            if not (isinstance(value, int | float) and (value > 0 or (value == 0 and name == "backoff"))):
                raise _out_of_range(name, value, wanted)
        if self.max_cost is not None and not (isinstance(self.max_cost, int | float) and self.max_cost >= 0):
            raise _out_of_range("max_cost", self.max_cost, "US dollars, 0 or more")
        check_settings(self.inputs)
        check_threshold(self.near_duplicates)
        if self.cache is not None and self.no_cache:
            raise UsageError("--cache and --no-cache exclude each other.", "Choose one.")
        if self.model is not None:
            check_parameters(self.model, self.parameters)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that are set, as they go with every request."""
        return {name: getattr(self, name) for name in PARAMETERS if getattr(self, name) is not None}

    @property
    def places(self) -> Places:
        """Where answers are looked for, and kept."""
        store = not self.no_cache and self.mode is not Mode.RECORD
        replays = self.model is None or self.mode is Mode.REPLAY
        return Places.chosen(self.fixtures, self.cache, store=store, replays=replays)

    @property
    def choice(self) -> Choice:
        """Which model is asked, or replayed."""
        return Choice(self.model, self.mode, self.places, self.prompts, self.terms)

    @property
    def terms(self) -> Terms:
        """On what terms a live model is asked."""
        return Terms(**{field.name: getattr(self, field.name) for field in fields(Terms)})

    @property
    def inputs(self) -> InputSettings:
        """How files are read."""
        return InputSettings(encoding=self.encoding, format=self.input_format, columns=self.columns)

    @property
    def reading(self) -> Reading:
        """How articles are read."""
        return Reading(reasks=self.reasks, max_chars=self.max_chars, parameters=self.parameters)


_LEAST = {
    "concurrency": 1, "reasks": 0, "attempts": 1, "max_chars": 1, "rpm": 1, "tpm": 1, "max_calls": 0,
    "workers": 0,
}  # fmt: skip
_UNBOUNDED = frozenset({"rpm", "tpm", "max_calls", "workers"})
_SECONDS = {
    "timeout": "a number of seconds above 0",
    "connect_timeout": "a number of seconds above 0",
    "backoff": "a number of seconds, 0 or more",
}


def _out_of_range(name: str, value: object, wanted: str) -> UsageError:
    flag = f"--{name.replace('_', '-')}"
    return UsageError(f"{name} is {value}; it has to be {wanted}.", f"The command's option for it is {flag}.")
