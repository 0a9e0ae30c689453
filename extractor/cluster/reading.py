"""What is to be read, as rows for Ray Data; a file is read by one worker, its rows spread over all.

Files are read twice: first for the ids of their articles, by which a text that was met before is known everywhere, then
for the articles themselves. The order that decides which of two copies is read is that of one machine.
"""

from __future__ import annotations

import os
import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from extractor.errors import UsageError
from extractor.pipeline import ArticleResult
from extractor.readers import Article, InputSettings, Unread
from extractor.readers.finding import STDIN, Found
from extractor.readers.outputs import OwnOutput
from extractor.readers.seen import Seen
from extractor.readers.stream import outcomes_of
from extractor.runner.articles import unread_result

Row = dict[str, Any]


class Survey:
    """The files of a run, and what is known of their articles before any is worked on.

    `count` are the articles and failures to come, `duplicates` and `passed_over` those of `extractor.runner.Run`; they
    are whole when all rows have been taken.

    Raises:
        UsageError: standard input is among the files.
    """

    def __init__(self, found: Found, settings: InputSettings) -> None:
        if STDIN in found.files:
            raise UsageError("No worker can read standard input.", "Save it to a file, or leave --engine ray out.")
        self.settings = settings
        self.duplicates: list[tuple[str, str]] = []
        self.passed_over = sorted(found.passed_over)
        self.count = len(found.closed)
        self._found = found
        self._left_out: dict[int, list[int]] = defaultdict(list)

    def failures(self) -> list[ArticleResult]:
        """The results of folders that cannot be searched."""
        return [unread_result(item) for item in self._found.closed]

    def rows(self) -> list[Row]:
        """The files, each with the numbers of its rows that are left out."""
        return [
            {"file": number, "path": os.path.abspath(path), "left_out": self._left_out.get(number, [])}
            for number, path in enumerate(self._found.files)
        ]

    def take(self, rows: Iterable[Row]) -> None:
        """Take in what `identified` tells of all files, in their order."""
        seen, outputs = Seen(), list[Row]()
        for row in rows:
            if row["is_output"] and self._found.files[row["file"]] in self._found.met:
                outputs.append(row)
                continue
            first = seen.first(row["id"], row["name"]) if row["id"] else None
            if first is None:
                self.count += 1
            else:
                self.duplicates.append((row["name"], first))
                self._left_out[row["file"]].append(row["row"])
        self.passed_over += [row["name"] for row in outputs]
        if self.count:
            for row in outputs:
                self._left_out[row["file"]].append(row["row"])
        else:
            # Where there is nothing else, it is said why.
            self.count = len(outputs)


def identified(file: Row, settings: InputSettings) -> Iterator[Row]:
    """For each article of a file, or failure, its place, name and id; the id of a failure is empty."""
    for number, outcome in enumerate(outcomes_of(Path(file["path"]), settings)):
        is_output = isinstance(outcome, Unread) and isinstance(outcome.error, OwnOutput)
        known = outcome.id if isinstance(outcome, Article) else ""
        yield {"file": file["file"], "row": number, "name": outcome.name, "id": known, "is_output": is_output}


def articles(file: Row, settings: InputSettings) -> Iterator[Row]:
    """The articles and failures of a file, pickled, but for the rows that are left out."""
    left_out = set(file["left_out"])
    for number, outcome in enumerate(outcomes_of(Path(file["path"]), settings)):
        if number not in left_out:
            yield {"item": pickle.dumps(outcome)}
