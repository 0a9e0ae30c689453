"""Pairs of a text and its annotations, as corpora in brat standoff lay them out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from extractor.errors import BadGold
from extractor.readers import Article, read_article


def annotated(path: Path) -> Iterator[tuple[Path, Article]]:
    """Each .ann file of a path, sorted, with the article it annotates.

    The text is NAME.txt beside NAME.ann, or in a folder `text` beside the annotations' folder; there NAME.ann may have
    an annotator's mark, NAME_4b22.ann.

    Raises:
        BadGold: there are no annotations, or one has no text.
    """
    files = sorted(path.rglob("*.ann")) if path.is_dir() else [path]
    if not files:
        raise BadGold(f"{path} holds no .ann file.", "Name the folder of a corpus in brat standoff.")
    for file in files:
        yield file, read_article(_text_of(file))


def _text_of(file: Path) -> Path:
    stem = file.name.removesuffix(".ann")
    unmarked = stem.rpartition("_")[0] or stem
    beside = file.parent.parent / "text"
    for candidate in (file.parent / f"{stem}.txt", beside / f"{stem}.txt", beside / f"{unmarked}.txt"):
        if candidate.is_file():
            return candidate
    raise BadGold(
        f"{file} has no text: {stem}.txt is not beside it.", "Put each article's text beside its annotations."
    )
