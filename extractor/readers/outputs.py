"""Outputs of this tool among the inputs: told by their first line or their columns, and not read as articles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from extractor.errors import UnreadableArticle

_RUN: Final = re.compile(r'\s*\{"run":\s*\{"schema_version":')
_MARKDOWN: Final = re.compile(r"# Events told by \d+ articles\n\nRead by \S")
# Columns that only a table of ours has together, each without what is nested in it: records, articles, events, actors,
# ties, rejections, the run, and event data.
_TABLES: Final = (
    frozenset({"type", "id", "article", "evidence", "derived", "spans"}),
    frozenset({"id", "name", "text_sha256", "metadata", "anchor", "outcome", "failure", "calls"}),
    frozenset({"id", "type", "sources", "targets", "settled_by", "members", "articles", "history"}),
    frozenset({"id", "name", "kind", "country", "names", "roles", "articles", "mentions"}),
    frozenset({"id", "records", "candidates", "choice", "failure", "calls"}),
    frozenset({"article", "type", "record", "field", "reason", "message", "value"}),
    frozenset({"schema_version", "model"}),
    frozenset({"Event ID", "Event Mode", "Extract Event"}),
)


class OwnOutput(UnreadableArticle):
    """A file that this tool wrote."""


def begins_output(text: str) -> bool:
    """Whether a text is the beginning of an output in JSON Lines or Markdown."""
    return _RUN.match(text) is not None or _MARKDOWN.match(text) is not None


def is_table(columns: Iterable[str]) -> bool:
    """Whether these are the columns of an output in CSV or Parquet, or of event data."""
    names = {name.partition(".")[0] for name in columns}
    return any(table <= names for table in _TABLES)


def own_output(name: str) -> OwnOutput:
    """The error of a file that this tool wrote."""
    return OwnOutput(f"{name} is an output of extract, not articles.", "Give the articles that it was made from.")
