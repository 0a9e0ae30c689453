"""What a run has found so far, article by article: in memory while it is little, beyond that on disk.

On disk it is JSON Lines, an article on each line as `line_of` writes it, in the order in which articles were done. In
memory there is then, for each article, its name, its id and where its line stands, in some 100 bytes. The file has no
name: it is gone when the run ends, however it ends.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from pydantic import TypeAdapter

from extractor import errors
from extractor.errors import ExtractorError, OutputError
from extractor.pipeline import ArticleResult
from extractor.schema.output import ArticleReport
from extractor.schema.records import AnyRecord, Rejection

# Bytes that results may take in memory, about. Some 500 records: a file is as fast, and what is once taken from the
# system is seldom given back.
SPILL_AFTER = 10_000_000
# What a record takes, with some of what is made of it, and an article without its text.
_RECORD = 20_000
_ARTICLE = 2_000
# Bytes of the place of a line.
_OFFSET = 8

Document = dict[str, Any]

_RECORDS: TypeAdapter[AnyRecord] = TypeAdapter(AnyRecord)


class Spool:
    """The results of a run; beyond `spill_after` bytes they go to disk, never where that is None."""

    def __init__(self, spill_after: int | None = SPILL_AFTER) -> None:
        self._spill_after = spill_after
        self._results: list[ArticleResult] = []
        self._size = 0
        self._file: IO[bytes] | None = None
        self._places: list[bytes] = []

    @property
    def is_on_disk(self) -> bool:
        """Whether it has become too much for memory."""
        return self._file is not None

    def __len__(self) -> int:
        return len(self._results) + len(self._places)

    def add(self, result: ArticleResult) -> None:
        """Keep the result of one more article.

        Raises:
            OutputError: it goes to disk, and the temporary folder is full or cannot be written to.
        """
        self._size += _ARTICLE + len(result.report.text) + _RECORD * (len(result.records) + len(result.rejected))
        if self._spill_after is None or self._size <= self._spill_after:
            self._results.append(result)
            return
        kept, self._results = [*self._results, result], []
        try:
            for each in kept:
                self._write(each)
        except OSError as error:
            raise _unusable(error) from error

    def results(self) -> list[ArticleResult]:
        """All results, which have to be in memory, sorted by name and id."""
        return sorted(self._results, key=lambda result: (result.report.name, result.report.id))

    def documents(self) -> Iterator[Document]:
        """The lines, which have to be on disk, as JSON values, sorted by the articles' names and ids.

        Raises:
            OutputError: the temporary file cannot be read.
        """
        if self._file is None:
            return
        self._places.sort()
        for place in self._places:
            try:
                self._file.seek(_offset_of(place))
                line = self._file.readline()
            except OSError as error:
                raise _unusable(error) from error
            yield json.loads(line)

    def close(self) -> None:
        """Give the disk back."""
        if self._file is not None:
            self._file.close()

    def _write(self, result: ArticleResult) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._places.append(_place(result.report.name, result.report.id, self._file.tell()))
        self._file.write(line_of(result))


def _place(name: str, id: str, offset: int) -> bytes:  # noqa: A002 - the field's name
    """Where an article's line stands, in the fewest bytes; places sort as names and ids do.

    UTF-8 sorts as its characters do, and what a null byte within a name is followed by sorts behind any id.
    """
    written = name.encode().replace(b"\0", b"\0\xff")
    return b"%b\0%b%b" % (written, id.encode(), offset.to_bytes(_OFFSET, "big"))


def _offset_of(place: bytes) -> int:
    return int.from_bytes(place[-_OFFSET:], "big")


def line_of(result: ArticleResult) -> bytes:
    """A result as a line of JSON in UTF-8, with its line feed."""
    records = b",".join(record.model_dump_json().encode() for record in result.records)
    rejected = b",".join(item.model_dump_json().encode() for item in result.rejected)
    error = json.dumps(_told(result.error)).encode()
    report = result.report.model_dump_json().encode()
    return b'{"report":%b,"records":[%b],"rejected":[%b],"error":%b}\n' % (report, records, rejected, error)


def result_of(line: bytes) -> ArticleResult:
    """The result that a line holds."""
    document = json.loads(line)
    return ArticleResult(
        ArticleReport.model_validate(document["report"]),
        tuple(_RECORDS.validate_python(record) for record in document["records"]),
        tuple(Rejection.model_validate(item) for item in document["rejected"]),
        _error_of(document["error"]),
    )


def _told(error: ExtractorError | None) -> Document | None:
    if error is None:
        return None
    return {"type": type(error).__name__, "message": error.message, "advice": error.advice, "where": error.where}


def _error_of(told: Document | None) -> ExtractorError | None:
    if told is None:
        return None
    kind: type[ExtractorError] = getattr(errors, told["type"], ExtractorError)
    return kind(told["message"], told["advice"], where=told["where"])


def _unusable(error: OSError) -> OutputError:
    return OutputError(
        f"The temporary file of the results cannot be used: {(error.strerror or type(error).__name__).lower()}.",
        "Free some space, or name another folder for temporary files in TMPDIR; the answers are recorded.",
        where=tempfile.gettempdir(),
    )
