"""Results on their way from the workers to the driver: partitions, as files or as objects of a store (fsspec).

A partition is JSON Lines, one article on each line as the spool writes it. It is written at once: one that is told of
is whole.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator

import fsspec

from extractor.errors import OutputError
from extractor.pipeline import ArticleResult
from extractor.spool import line_of, result_of


class Partitions:
    """The partitions of one run, in a folder or under an address of fsspec's: `s3://bucket/run`, `/mnt/run`."""

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")

    def prepare(self) -> None:
        """Make the folder.

        Raises:
            OutputError: it cannot be made.
        """
        try:
            system, path = fsspec.url_to_fs(self.place)
            system.makedirs(path, exist_ok=True)
        except Exception as error:
            raise self._unusable("written", error) from error

    def write(self, results: Iterable[ArticleResult]) -> str:
        """Write one more partition; its name.

        Raises:
            OutputError: it cannot be written.
        """
        name = f"part-{uuid.uuid4().hex}.jsonl"
        lines = b"".join(map(line_of, results))
        try:
            system, path = fsspec.url_to_fs(f"{self.place}/{name}")
            system.pipe_file(path, lines)
        except Exception as error:
            raise self._unusable("written", error) from error
        return name

    def read(self, name: str) -> Iterator[ArticleResult]:
        """The results of a partition.

        Raises:
            OutputError: it cannot be read.
        """
        try:
            system, path = fsspec.url_to_fs(f"{self.place}/{name}")
            lines: bytes = system.cat_file(path)
        except Exception as error:
            raise self._unusable("read", error) from error
        yield from map(result_of, lines.splitlines())

    def _unusable(self, what: str, error: Exception) -> OutputError:
        return OutputError(
            f"The partitions of the results cannot be {what}: {error or type(error).__name__}.",
            "Name a place with --partitions that every node of the cluster reaches; the answers are recorded.",
            where=self.place,
        )
