"""Results as they came: files of lines, each found again by its custom id."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extractor.batch.formats import Format, Result
from extractor.errors import UsageError

_NO_RESULT = (KeyError, TypeError, AttributeError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class _Place:
    file: Path
    start: int
    length: int


@dataclass
class Results:
    """The results in files, read anew when they are asked for: `damaged` says which lines are none.

    Of several results of one id the first that is an answer counts, else the first.
    """

    form: Format
    damaged: list[str] = field(default_factory=list)
    _places: dict[str, _Place] = field(default_factory=dict)
    _answered: set[str] = field(default_factory=set)

    def ids(self) -> Iterator[str]:
        """The custom ids that there is a result of."""
        return iter(self._places)

    def find(self, custom_id: str) -> Result | None:
        """The result of an id, None where there is none."""
        place = self._places.get(custom_id)
        if place is None:
            return None
        with place.file.open("rb") as stream:
            stream.seek(place.start)
            return self.form.result(json.loads(stream.read(place.length)))

    def add(self, file: Path) -> None:
        """Take in the lines of a file.

        Raises:
            UsageError: it cannot be read.
        """
        start = 0
        try:
            with file.open("rb") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        self._take(file, number, start, line)
                    start += len(line)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(f"Cannot read the results {file}: {reason}.", "Name files of results.") from error

    def _take(self, file: Path, number: int, start: int, line: bytes) -> None:
        try:
            result = self.form.result(json.loads(line))
        except _NO_RESULT:
            cut_off = not line.endswith(b"\n")
            self.damaged.append(f"line {number} of {file.name} is {'cut off' if cut_off else 'no result'}")
            return
        answers = not result.problem and result.status == 200
        if result.custom_id in self._answered or (result.custom_id in self._places and not answers):
            return
        self._places[result.custom_id] = _Place(file, start, len(line))
        if answers:
            self._answered.add(result.custom_id)


def read_results(files: Sequence[Path], form: Format) -> Results:
    """The results in these files.

    Raises:
        UsageError: one cannot be read.
    """
    results = Results(form)
    for file in files:
        results.add(file)
    return results
