"""What an import brings: articles with their gold, and what was left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.errors import OutputError, UsageError
from extractor.evaluation.gold import GoldArticle, GoldCode, GoldRecord
from extractor.evaluation.goldfiles import write_gold
from extractor.files import write_atomically
from extractor.readers import Article
from extractor.schema.records import RecordType


@dataclass(frozen=True, slots=True)
class Item:
    """An article and its gold."""

    article: Article
    gold: GoldArticle


@dataclass(frozen=True, slots=True)
class Imported:
    """All that a set holds that can be scored, and in words what it holds besides."""

    items: tuple[Item, ...]
    left_out: tuple[str, ...] = ()


def with_records(article: Article, origin: str, covers: list[RecordType], records: list[GoldRecord]) -> Item:
    """An article whose gold is records."""
    gold = GoldArticle(article=article.name, id=article.id, origin=origin, covers=covers, records=records)
    return Item(article, gold)


def with_codes(article: Article, origin: str, codes: list[GoldCode]) -> Item:
    """An article whose gold is events by a coding scheme, and which says nothing of records."""
    return Item(article, GoldArticle(article=article.name, id=article.id, origin=origin, covers=[], codes=codes))


def file_stem(name: str) -> str:
    """A name as part of a file's: letters, digits, hyphens and underscores, 60 characters at most."""
    return re.sub(r"[^\w-]+", "-", name).strip("-")[:60] or "text"


def write_imported(imported: Imported, folder: Path) -> None:
    """Write NAME.txt and NAME.yaml for each article into a new folder, or one without such files.

    Raises:
        UsageError: the folder holds texts or gold already.
        OutputError: it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = sorted(file.name for file in folder.iterdir() if file.suffix in {".txt", ".yaml"})
    except OSError as error:
        raise OutputError(f"Cannot write to {folder}: {(error.strerror or str(error)).lower()}.") from error
    if present:
        raise UsageError(
            f"{folder} holds {present[0]} already: what is imported would stand among other texts.",
            "Name a new folder with --out.",
        )
    for item in imported.items:
        write_atomically(folder / item.article.name, item.article.text.encode())
        write_gold(item.gold, (folder / item.article.name).with_suffix(".yaml"))


def tally(counts: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """What was left out, a sentence for each reason with how often; nothing for what never happened."""
    return tuple(f"{count} left out: {reason}." for reason, count in counts if count)
