"""Near copies by MinHash: candidates from a locality-sensitive index, each then held against the text itself.

Sources: Broder, "On the resemblance and containment of documents" (1997): runs of five words, and how many of those
that stand in either stand in both; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3: bands.
"""

from __future__ import annotations

import json
import re
import tempfile
import zlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import IO, Any, Final, NamedTuple

from extractor.copies.telling import tells_nothing_new
from extractor.errors import MissingExtra, UsageError
from extractor.grounding.boundaries import UNSPACED
from extractor.grounding.normalisation import marks, normalise
from extractor.readers import Article

LEAST_SIMILAR: Final = 0.5
_RUN = 5
_HASHES, _SEED = 128, 42
# Bands by the threshold from which they serve: 95 in 100 or more of what is just as similar share a band.
_BANDS: Final = ((0.8, 16), (0.6, 32), (LEAST_SIMILAR, 64))
# Texts that are alike and yet none's copies, a daily bulletin's, grow in number: so many of the last are looked at.
_MOST_CANDIDATES = 16
_PLAIN_TOKEN: Final = re.compile(r"\w+")


class Original(NamedTuple):
    """The article that is read instead of a copy, and how similar they are."""

    id: str
    name: str
    similarity: float


class Similar:
    """Texts that have been met, the words on disk: an index of them takes about 1.4 KB of memory for each.

    Raises:
        UsageError: the threshold is none; see `check_threshold`.
        MissingExtra: rensa is not installed.
    """

    def __init__(self, threshold: float) -> None:
        check_threshold(threshold)
        self._threshold = threshold
        self._rensa = _imported()
        bands = next(bands for least, bands in _BANDS if threshold >= least)
        self._index = self._rensa.RMinHashLSH(threshold=threshold, num_perm=_HASHES, num_bands=bands)
        self._places = array("Q", [0])
        self._kept: IO[bytes]

    @contextmanager
    def kept(self) -> Iterator[Similar]:
        """With a place for the texts."""
        with tempfile.TemporaryFile() as self._kept:
            yield self

    def original(self, article: Article, normal: str) -> Original | None:
        """The first article that this one is a near copy of; None where it is none, and from now on met.

        `normal` is the normal form of its text.
        """
        runs = runs_of(normal)
        sketch = self._rensa.RMinHash(_HASHES, _SEED)
        sketch.update(list(runs))
        for key in sorted(self._index.query(sketch))[-_MOST_CANDIDATES:]:
            id, name, text = self._recalled(key)  # noqa: A001 - the field's name
            similarity = jaccard(runs, runs_of(normalise(text).strip()))
            if similarity >= self._threshold and tells_nothing_new(text, article.text, article.metadata.title):
                return Original(id, name, round(similarity, 3))
        self._index.insert(len(self._places) - 1, sketch)
        self._keep(article)
        return None

    def _keep(self, article: Article) -> None:
        written = json.dumps([article.id, article.name, article.text]).encode()
        self._kept.seek(self._places[-1])
        self._kept.write(zlib.compress(written, 1))
        self._places.append(self._kept.tell())

    def _recalled(self, key: int) -> list[str]:
        start, end = self._places[key : key + 2]
        self._kept.seek(start)
        recalled: list[str] = json.loads(zlib.decompress(self._kept.read(end - start)))
        return recalled


def check_threshold(near: float | None) -> None:
    """Refuse a threshold that is none.

    Raises:
        UsageError: it is no number from `LEAST_SIMILAR` to 1.
    """
    if near is not None and not (isinstance(near, int | float) and LEAST_SIMILAR <= near <= 1):
        raise UsageError(
            f"near_duplicates is {near}; it has to be a number from {LEAST_SIMILAR} to 1.",
            "The command's option for it is --near-duplicates; 0.8 suits news.",
        )


@cache
def _token() -> re.Pattern[str]:
    """A word, or a single character of scripts without spaces."""
    return re.compile(rf"{UNSPACED.pattern}|(?:(?!{UNSPACED.pattern})[\w{marks()}])+")


def runs_of(normal: str) -> set[str]:
    """The runs of five words of a text in normal form, without case; a shorter text is one run."""
    pattern = _PLAIN_TOKEN if normal.isascii() else _token()
    words = pattern.findall(normal.casefold())
    return {" ".join(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1))}


def jaccard(one: set[str], other: set[str]) -> float:
    """How many of the runs that stand in either stand in both."""
    return len(one & other) / len(one | other)


def _imported() -> Any:
    try:
        import rensa
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "--near-duplicates needs rensa, which is not installed.",
            "Install it: pip install 'event-extractor[near]'.",
        ) from error
    return rensa
