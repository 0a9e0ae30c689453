"""LangExtract: its resolver, which aligns extractions with their text, as its own pipeline calls it."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langextract.core.data import Extraction
from langextract.core.tokenizer import UnicodeTokenizer
from langextract.resolver import Resolver

from benchmarks.peers.serving import serve

Span = tuple[int, int] | None

# It logs each alignment; its users turn that off.
logging.disable(logging.WARNING)
_EXACT: dict[str, Any] = {"enable_fuzzy_alignment": False, "accept_match_lesser": False}


def ground(text: str, records: Sequence[Sequence[str]], exact: bool = False) -> list[list[Span]]:
    """The span of each quotation; those of a record are aligned together.

    With `exact` only what matches whole is taken, word by word as its tokenizer for all scripts divides them.
    """
    return [_aligned(text, record, exact) for record in records]


def _aligned(text: str, quotations: Sequence[str], exact: bool) -> list[Span]:
    extractions = [Extraction(extraction_class="quotation", extraction_text=words) for words in quotations]
    options = {**_EXACT, "tokenizer_inst": UnicodeTokenizer()} if exact else {}
    list(Resolver().align(extractions, text, 0, 0, **options))
    intervals = [extraction.char_interval for extraction in extractions]
    return [(found.start_pos, found.end_pos) if found else None for found in intervals]


def time_grounding(path: str, quotations: Sequence[str]) -> dict[str, float]:
    """The processor time of aligning the quotations with a file's text, and how many were given a span."""
    text = Path(path).read_text(encoding="utf-8")
    began = time.process_time()
    spans = ground(text, [quotations])[0]
    return {"seconds": time.process_time() - began, "found": sum(span is not None for span in spans)}


if __name__ == "__main__":
    serve({"ground": ground, "time_grounding": time_grounding})
