"""Which column of a row, or field of a front matter, holds what: as told, else by the names that exports use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import isnan
from typing import Any, Final

from extractor.errors import UsageError

# In order of preference; compared without case, spaces and signs.
USUAL: Final[dict[str, tuple[str, ...]]] = {
    "text": (
        "text", "body", "content", "fulltext", "articletext", "maintext", "articlebody", "bodytext", "rawtext",
        "plaintext", "story", "article",
    ),
    "source_id": ("id", "articleid", "docid", "documentid", "storyid", "uuid", "guid", "uri"),
    "title": ("title", "headline", "heading"),
    "author": ("author", "authors", "byline", "creator"),
    "publisher": (
        "publisher", "source", "sourcename", "outlet", "publication", "newspaper", "sitename", "site", "medium",
        "domain",
    ),
    "url": ("url", "link", "sourceurl", "weburl", "permalink"),
    "language": ("language", "lang"),
    "published": (
        "published", "publishedat", "publicationdate", "publishdate", "datepublished", "publishedtime", "pubdate",
        "date", "datetime", "timestamp",
    ),
}  # fmt: skip
_ASIDE: Final = {"id": "source_id", "date": "published"}


def parse_columns(columns: str | None) -> dict[str, str]:
    """The columns of "text=body,id=doc" by what they hold.

    Raises:
        UsageError: a part is no NAME=COLUMN, or nothing is called by its name.
    """
    told = {}
    for part in (columns or "").split(",") if columns else ():
        name, sign, column = (word.strip() for word in part.partition("="))
        field = _ASIDE.get(name, name)
        if not sign or not column or field not in USUAL:
            raise UsageError(
                f"--columns has {part.strip()!r}, which is no NAME=COLUMN.",
                f"Names are: {', '.join(USUAL)}; such as text=body,published=day.",
            )
        told[field] = column
    return told


def locate(names: Iterable[str], columns: str | None) -> dict[str, str]:
    """Which of these columns holds what; what none holds is left out."""
    return dict(_located(tuple(name for name in names if name), columns))


@lru_cache(1024)  # the rows of a file have the same columns, mostly
def _located(listed: tuple[str, ...], columns: str | None) -> Mapping[str, str]:
    plain: dict[str, str] = {}
    for name in listed:
        plain.setdefault(re.sub(r"[\W_]+", "", name).lower(), name)
    found = {}
    for field, usual in USUAL.items():
        match = next((plain[name] for name in usual if name in plain), None)
        if match is not None:
            found[field] = match
    return found | parse_columns(columns)


def found_in(row: Mapping[str, Any], columns: str | None) -> dict[str, str]:
    """What a row says, by what it is; values that are lists or objects as one line."""
    located = locate(row, columns)
    said = {field: _said(row.get(column)) for field, column in located.items()}
    return {field: text for field, text in said.items() if text}


def _said(value: Any) -> str:
    """A value in words: an object by its name, a list by its items, a moment in ISO 8601."""
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, Mapping):
        return _said(next((value[key] for key in ("name", "title", "id") if value.get(key)), None))
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(_said, value)))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)
