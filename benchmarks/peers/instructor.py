"""instructor's CitationMixin, which holds quotations against a text as its documentation shows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from instructor import CitationMixin

from benchmarks.peers.serving import serve

Span = tuple[int, int] | None


def ground(text: str, records: Sequence[Sequence[str]]) -> list[list[Span]]:
    """The span of each quotation; one by one, since the mixin leaves out those that it does not find."""
    return [[_span(text, quotation) for quotation in record] for record in records]


def _span(text: str, quotation: str) -> Span:
    return next(iter(CitationMixin(substring_quotes=[quotation]).get_spans(text)), None)


def time_grounding(path: str, quotations: Sequence[str]) -> dict[str, float]:
    """The processor time of finding the quotations in a file's text, and how many were found."""
    text = Path(path).read_text(encoding="utf-8")
    began = time.process_time()
    spans = ground(text, [quotations])[0]
    return {"seconds": time.process_time() - began, "found": sum(span is not None for span in spans)}


if __name__ == "__main__":
    serve({"ground": ground, "time_grounding": time_grounding})
