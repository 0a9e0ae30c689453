"""What is to be read, as rows for Ray Data; a file is read by one worker, its rows spread over all.

Files are read twice: first for the ids of their articles, by which a text that was met before is known everywhere, then
for the articles themselves. The order that decides which of two copies is read is that of one machine.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.readers import Article, InputSettings, Unread
from extractor.readers.finding import Found
from extractor.readers.outputs import OwnOutput
from extractor.readers.seen import Seen
from extractor.readers.stream import outcomes_of

Row = dict[str, Any]
# Rows of ids that are handed over at once.
_AT_ONCE = 10_000


def identified(file: Row, settings: InputSettings) -> Iterator[Row]:
    """For each article of a file, or failure, its place, name and id; the id of a failure is empty."""
    for number, outcome in enumerate(outcomes_of(Path(file["path"]), settings)):
        is_output = isinstance(outcome, Unread) and isinstance(outcome.error, OwnOutput)
        id = outcome.id if isinstance(outcome, Article) else ""
        yield {"file": file["file"], "row": number, "name": outcome.name, "id": id, "is_output": is_output}


def articles(file: Row, settings: InputSettings) -> Iterator[Row]:
    """The articles and failures of a file, pickled, but for the rows that are left out."""
    left_out = set(file["left_out"])
    for number, outcome in enumerate(outcomes_of(Path(file["path"]), settings)):
        if number not in left_out:
            yield {"item": pickle.dumps(outcome)}
