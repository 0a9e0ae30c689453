"""Which files are meant by paths: files, folders at any depth, globs, and `-` for standard input."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extractor.errors import UnreadableArticle, UsageError
from extractor.readers.article import Unread
from extractor.readers.formats import known_suffix

STDIN = Path("-")


@dataclass(slots=True)
class Found:
    """What paths mean.

    `files` are those to read, each once, sorted by name and path, and `met` those of them that were not named but stand
    in a folder; `closed` are folders that cannot be searched, `passed_over` the names of files of no known ending.
    """

    files: list[Path] = field(default_factory=list)
    met: set[Path] = field(default_factory=set)
    closed: list[Unread] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def find(paths: Sequence[str | Path]) -> Found:
    """The files that paths mean.

    A file named outright is read whatever its ending; in folders those of a known one are, hidden ones left out. A path
    that does not exist is taken for a glob if it has `*`, `?` or `[`, and `**` goes through folders at any depth.

    Raises:
        UsageError: a path does not exist, or matches nothing.
    """
    found = Found()
    named: list[Path] = []
    for path in (each for given in paths for each in _matches(Path(given))):
        if path == STDIN or not path.is_dir():
            named.append(path)
            continue
        for file in _walk(path, found.closed):
            if known_suffix(file):
                found.met.add(file)
            else:
                found.passed_over.append(name_of(file))
    found.met.difference_update(named)
    by_place = {os.path.abspath(file): file for file in (*sorted(found.met), *sorted(named))}
    found.files = sorted(by_place.values(), key=lambda file: (name_of(file), str(file)))
    return found


def name_of(path: Path) -> str:
    """A file's name as text: bytes that are not UTF-8 are shown as U+FFFD."""
    return "stdin" if path == STDIN else os.fsencode(path.name).decode("utf-8", "replace")


def reason(error: OSError) -> str:
    """Why the system could not do it, in words."""
    return (error.strerror or type(error).__name__).lower()


def _matches(path: Path) -> list[Path]:
    if path == STDIN or _exists(path):
        return [path]
    if not glob.has_magic(str(path)):
        advice = "Check the spelling; paths are relative to this folder."
        raise UsageError(f"No such file or folder: {path}", advice) from None
    matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
    if not matches:
        raise UsageError(f"Nothing matches {path}.", "Check the spelling; paths are relative to this folder.")
    return [Path(match) for match in matches]


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {reason(error)}.", "Check the path and its permissions.") from error
    return True


def _walk(folder: Path, closed: list[Unread]) -> Iterator[Path]:
    def note(error: OSError) -> None:
        name = name_of(Path(error.filename))
        message = f"The folder {name} cannot be read: {reason(error)}."
        closed.append(Unread(name, UnreadableArticle(message, "Check its permissions.")))

    for parent, folders, names in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, name) for name in sorted(names) if not name.startswith("."))
