"""What is to be read, as rows for Ray Data; a file is read by one worker, its rows spread over all.

Files are read twice: first for what tells copies, by which a text that was met before is known everywhere, then for the
articles themselves. The order that decides which of two copies is read is that of one machine.
"""

from __future__ import annotations

import os
import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from extractor.cluster.addresses import address_in
from extractor.cluster.remote import find_remote, outcomes_at
from extractor.copies import Noted, normal_form
from extractor.errors import UsageError
from extractor.pipeline import ArticleResult
from extractor.readers import InputSettings, Unread, check_settings, name_of, stream_articles
from extractor.readers.article import Repeat
from extractor.readers.finding import Found
from extractor.readers.outputs import OwnOutput
from extractor.readers.seen import Seen
from extractor.runner.articles import unread_result
from extractor.schema.articles import ArticleMetadata

Row = dict[str, Any]


class _File(NamedTuple):
    """A file by its name and how it was given, which order it, and its path or address.

    It is met, not named, where it was found in a folder.
    """

    name: str
    given: str
    place: str
    is_met: bool


class Survey:
    """The files of a run, and what is known of their articles before any is worked on.

    Paths are those of `extractor.readers.stream_articles`, or addresses of fsspec's. `count` are the articles and
    failures to come, `passed_over` names of files that are no articles, `noted` the copies; all are whole when all rows
    have been taken.

    Raises:
        UsageError: a path or an address has nothing, a setting is wrong, or standard input is to be read.
        NoArticles: the paths hold no file to read.
    """

    def __init__(self, paths: Sequence[str | Path], settings: InputSettings) -> None:
        if any(str(path) == "-" for path in paths):
            raise UsageError("No worker can read standard input.", "Save it to a file, or leave --engine ray out.")
        addresses = [address for path in paths if (address := address_in(path)) is not None]
        local = [path for path in paths if address_in(path) is None]
        check_settings(settings)
        found = stream_articles(local, settings).found if local else Found()
        files = [_File(name_of(path), str(path), os.path.abspath(path), path in found.met) for path in found.files]
        met = find_remote(addresses)
        files += [_File(PurePosixPath(place).name, place, place, place not in addresses) for place in met]
        self.settings = settings
        self._repeats: list[Repeat] = []
        self.noted = Noted(self._repeats)
        self.passed_over = sorted(found.passed_over)
        self.count = len(found.closed)
        self._closed = found.closed
        self._files = sorted(set(files))
        self._left_out: dict[int, list[int]] = defaultdict(list)

    def failures(self) -> list[ArticleResult]:
        """The results of folders that cannot be searched."""
        return [unread_result(item) for item in self._closed]

    def rows(self) -> list[Row]:
        """The files, each with the numbers of its rows that are left out."""
        return [
            {"file": number, "place": file.place, "left_out": self._left_out.get(number, [])}
            for number, file in enumerate(self._files)
        ]

    def take(self, rows: Iterable[Row]) -> None:
        """Take in what `identified` tells of all files, in their order."""
        seen, outputs = Seen(), list[Row]()
        for row in rows:
            if row["is_output"] and self._files[row["file"]].is_met:
                outputs.append(row)
            elif row["id"] and self._is_copy(row, seen):
                self._left_out[row["file"]].append(row["row"])
            else:
                self.count += 1
        self.passed_over += [row["name"] for row in outputs]
        if self.count:
            for row in outputs:
                self._left_out[row["file"]].append(row["row"])
        else:
            # Where there is nothing else, it is said why.
            self.count = len(outputs)

    def _is_copy(self, row: Row, seen: Seen) -> bool:
        """Whether the article is one of another; if so, it is noted."""
        first = seen.first(row["id"].removeprefix("art-"), row["name"])
        if first is not None:
            self._repeats.append(_repeat(row, first))
            return True
        original = self.noted.first(row["key"], row["id"], row["name"])
        if original is not None:
            self.noted.note(_repeat(row, original.name), original)
        return original is not None


def _repeat(row: Row, first: str) -> Repeat:
    metadata = ArticleMetadata.model_validate_json(row["metadata"])
    return Repeat(row["name"], first, row["id"], row["sha256"], metadata)


def identified(file: Row, settings: InputSettings) -> Iterator[Row]:
    """For each article of a file, or failure, its place, its name, and what tells whether it is a copy, and of what."""
    for number, outcome in enumerate(outcomes_at(file["place"], settings)):
        place = {"file": file["file"], "row": number, "name": outcome.name}
        if isinstance(outcome, Unread):
            nothing = {"id": "", "key": "", "sha256": "", "metadata": ""}
            yield place | nothing | {"is_output": isinstance(outcome.error, OwnOutput)}
            continue
        _, key = normal_form(outcome.text)
        metadata = outcome.metadata.model_dump_json()
        known = {"id": outcome.id, "key": key, "sha256": outcome.sha256, "metadata": metadata}
        yield place | known | {"is_output": False}


def articles(file: Row, settings: InputSettings) -> Iterator[Row]:
    """The articles and failures of a file, pickled, but for the rows that are left out."""
    left_out = set(file["left_out"])
    for number, outcome in enumerate(outcomes_at(file["place"], settings)):
        if number not in left_out:
            yield {"item": pickle.dumps(outcome)}
