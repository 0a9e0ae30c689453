"""Which parts of a text stand in quotation marks, in the marks that news texts mix."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPENING = "“„«‟"
_CLOSING = "”»"
_EITHER = '"＂'
_PARAGRAPH_END = re.compile(r"\n\s*\n")


def quoted_regions(text: str) -> list[tuple[int, int]]:
    """The spans between quotation marks, marks left out, in order.

    Curly, straight and angle marks may be mixed within one quotation (“ ... "). Single marks count where they
    open before a word and close behind one, so that apostrophes do not. A quotation left open ends with its
    paragraph.
    """
    regions: list[tuple[int, int]] = []
    for start, end in _paragraphs(text):
        regions.extend(_double_marked(text, start, end))
        regions.extend(_single_marked(text, start, end))
    return sorted(regions)


def stands_in_quotation(regions: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a span lies within one of the regions."""
    return any(left <= start and end <= right for left, right in regions)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _PARAGRAPH_END.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _double_marked(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    opened: int | None = None
    for at in range(start, end):
        mark = text[at]
        if opened is None:
            if mark in _OPENING or mark in _EITHER:
                opened = at + 1
        elif mark in _CLOSING or mark in _EITHER:
            yield opened, at
            opened = None
    if opened is not None:
        yield opened, end


_SINGLE = re.compile(r"(?<!\w)['‘‚](?=\w)(?P<inside>[^\n]*?[\w.,!?…])['’](?!\w)")


def _single_marked(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _SINGLE.finditer(text, start, end):
        yield match.span("inside")
