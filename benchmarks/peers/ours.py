"""This project, spoken to as the peers are."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.serving import serve

Span = tuple[int, int] | None


def ground(text: str, records: Sequence[Sequence[str]]) -> list[list[Span]]:
    """The span of each quotation; those of a record are asked together, as the pipeline does."""
    from extractor.grounding import GroundedText

    grounded = GroundedText(text)
    return [
        [(found.start, found.end) if found else None for found in grounded.locate_all(record)] for record in records
    ]


def time_grounding(path: str, quotations: Sequence[str]) -> dict[str, float]:
    """The processor time of preparing a file's text and finding all the quotations, and how many were found."""
    text = Path(path).read_text(encoding="utf-8")
    began = time.process_time()
    spans = ground(text, [quotations])[0]
    return {"seconds": time.process_time() - began, "found": sum(span is not None for span in spans)}


if __name__ == "__main__":
    serve({"ground": ground, "time_grounding": time_grounding})
