"""brat standoff: annotations beside an article's text, read with their offsets held against it.

Format: https://brat.nlplab.org/standoff.html (text-bound annotations, events, attributes; the other kinds of line are
passed over). Offsets count code points of the .txt file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from extractor.errors import BadGold

# What ends a sentence well enough for showing where something stands.
_BREAK = re.compile(r"(?<=[.!?])[\"”’)\]]*\s+|\s*[\n\r]\s*")
# Characters beyond which the annotations of one event are shown one by one.
_LONGEST = 600
_OFFSETS = re.compile(r"\d+ \d+(?:;\d+ \d+)*")


@dataclass(frozen=True, slots=True)
class Span:
    """A text-bound annotation: its type, its pieces (start, end) and its words."""

    type: str
    pieces: tuple[tuple[int, int], ...]
    text: str

    @property
    def start(self) -> int:
        """Where its first piece begins."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """Where its last piece ends."""
        return self.pieces[-1][1]


@dataclass(frozen=True, slots=True)
class BratEvent:
    """An event annotation: its trigger, its arguments by role, its attributes by name."""

    id: str
    type: str
    trigger: Span
    arguments: tuple[tuple[str, Span], ...]
    attributes: dict[str, str] = field(default_factory=dict)

    def all(self, role: str) -> list[Span]:
        """The arguments of a role; brat numbers repeated ones: Source, Source2."""
        return [span for name, span in self.arguments if name.rstrip("0123456789") == role]

    @property
    def spans(self) -> list[Span]:
        """The trigger and the arguments, in the text's order."""
        return sorted({self.trigger, *(span for _, span in self.arguments)}, key=lambda span: span.pieces)


def read_events(file: Path, text: str) -> list[BratEvent]:
    """The events of an .ann file, in the text's order; `text` is its article's.

    Raises:
        BadGold: a line is no standoff, names what is not there, or its offsets do not fit the text.
    """
    lines = list(_lines(file))
    spans = {name: _span(where, rest, text) for name, where, rest in lines if name[0] == "T"}
    attributes: dict[str, dict[str, str]] = {}
    for name, where, rest in lines:
        if name[0] in "AM":
            kind, owner, *value = _words(where, rest, 2)
            attributes.setdefault(owner, {})[kind] = value[0] if value else "true"
    found = [
        _event(name, where, rest, spans, attributes.get(name, {})) for name, where, rest in lines if name[0] == "E"
    ]
    return sorted(found, key=lambda event: (event.spans[0].start, event.trigger.start, event.id))


def passages(event: BratEvent, text: str) -> list[str]:
    """What tells an event: the sentences from its first to its last annotation, or, far apart, those of each."""
    start, end = event.spans[0].start, max(span.end for span in event.spans)
    if end - start <= _LONGEST:
        return [_widened(text, start, end)]
    return list(dict.fromkeys(_widened(text, span.start, span.end) for span in event.spans))


def _widened(text: str, start: int, end: int) -> str:
    breaks = [(found.start(), found.end()) for found in _BREAK.finditer(text)]
    begin = max((after for _, after in breaks if after <= start), default=0)
    stop = min((before for before, _ in breaks if before >= end), default=len(text))
    return text[begin:stop].strip()


def _lines(file: Path) -> Iterator[tuple[str, str, str]]:
    """Id, place and rest of each line that has an id."""
    try:
        content = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadGold(f"Cannot read {file}: {error}.", "Annotations are UTF-8 text.") from error
    for number, line in enumerate(content.split("\n"), 1):
        name, tab, rest = line.rstrip("\r").partition("\t")
        if name and name[0] in "TEAM":
            where = f"{file}:{number}"
            if not tab:
                raise BadGold(f"{where}: {name!r} is no line of brat standoff.", "Its parts are divided by tabs.")
            yield name, where, rest


def _words(where: str, rest: str, least: int) -> list[str]:
    words = rest.split()
    if len(words) < least:
        raise BadGold(f"{where}: this line of brat standoff is cut short.", "Mend it, or take it out.")
    return words


def _span(where: str, rest: str, text: str) -> Span:
    head, _, words = rest.partition("\t")
    kind, _, offsets = head.partition(" ")
    if not _OFFSETS.fullmatch(offsets):
        raise BadGold(f"{where}: {offsets!r} are no offsets.", "They are written as 10 15, or 10 15;20 25.")
    pieces = tuple(_numbers(piece) for piece in offsets.split(";"))
    there = " ".join(text[start:end] for start, end in pieces)
    if there.split() != words.split():
        raise BadGold(
            f"{where}: the text has {there[:60]!r} there, not {words[:60]!r}.",
            "The .txt file has to be the one that was annotated; some corpora give only a link in its place.",
        )
    return Span(kind, pieces, words)


def _numbers(piece: str) -> tuple[int, int]:
    start, end = piece.split(" ")
    return int(start), int(end)


def _event(name: str, where: str, rest: str, spans: dict[str, Span], attributes: dict[str, str]) -> BratEvent:
    found: list[tuple[str, Span]] = []
    for pair in _words(where, rest, 1):
        role, _, target = pair.partition(":")
        if target in spans:
            found.append((role, spans[target]))
        elif not target.startswith("E"):  # an event as the argument of another says nothing here
            raise BadGold(f"{where}: {pair} names an annotation that is not there.", "Mend it, or take it out.")
    if not found:
        raise BadGold(f"{where}: {name} has no trigger.", "Mend it, or take it out.")
    return BratEvent(name, found[0][0], found[0][1], tuple(found[1:]), attributes)
