"""Articles under addresses of fsspec's: `s3://bucket/news/*.jsonl`, found by the driver and read by the workers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import fsspec

from extractor.errors import UnreadableArticle, UsageError
from extractor.readers import Article, InputSettings, Unread
from extractor.readers.formats import known_suffix
from extractor.readers.stream import outcomes_of


def find_remote(addresses: Sequence[str]) -> list[str]:
    """The files that addresses mean: of folders and globs those of a known ending, hidden ones left out.

    Raises:
        UsageError: what the address needs is not installed, it cannot be reached, or there is nothing.
    """
    found: list[str] = []
    for address in addresses:
        try:
            system, path = fsspec.url_to_fs(address)
            if system.isfile(path):
                found.append(address)
                continue
            below = system.find(path) if system.isdir(path) else system.glob(path)
        except Exception as error:
            raise UsageError(
                f"{address} cannot be looked into: {error or type(error).__name__}.",
                "Check the address and the rights to it; s3:// needs the package s3fs, gs:// gcsfs, az:// adlfs.",
            ) from error
        files = [str(each) for each in below if _is_taken(str(each), path)]
        if not files:
            raise UsageError(f"No article at {address}: no file of a known ending is there.", "Check the address.")
        found += [str(system.unstrip_protocol(each)) for each in files]
    return found


def outcomes_at(place: str, settings: InputSettings) -> Iterator[Article | Unread]:
    """The articles of a file, by its path or its address; what is under an address is fetched first."""
    if "://" not in place:
        yield from outcomes_of(Path(place), settings)
        return
    name = PurePosixPath(place).name
    with tempfile.TemporaryDirectory(prefix="extract-") as folder:
        file = Path(folder) / name
        try:
            system, path = fsspec.url_to_fs(place)
            system.get_file(path, str(file))
        except Exception as error:  # noqa: BLE001 - every kind of store has its own
            message = f"{name} cannot be read: {error or type(error).__name__}."
            yield Unread(name, UnreadableArticle(message, "Check the rights to it.", where=place))
            return
        for outcome in outcomes_of(file, settings):
            yield replace(outcome, source=place) if isinstance(outcome, Article) else outcome


def _is_taken(file: str, folder: str) -> bool:
    parts = PurePosixPath(file.removeprefix(folder)).parts
    return known_suffix(Path(file)) is not None and not any(part.startswith(".") for part in parts)
