"""An article's text with its dates, and what the labels around them say each date is."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date
from enum import Enum, auto
from functools import cache, cached_property
from typing import Final

from extractor.dates.explicit import Found, whole_dates
from extractor.dates.labels import FIRST, PUBLISHED, STAMPS, WITH_COLON
from extractor.dates.vocabulary import TIME, WEEKDAY, ZONE, any_of, fold
from extractor.languages import calendar, language_of
from extractor.languages.spelling import bare


class Kind(Enum):
    """What a date is by its label."""

    FIRST = auto()
    PUBLISHED = auto()
    STAMP = auto()
    COPYRIGHT = auto()
    UNLABELLED = auto()


_LABEL: Final = re.compile(
    rf"(?<!\w)(?:(?P<FIRST>{any_of(FIRST)})|(?P<PUBLISHED>{any_of(PUBLISHED)}|{any_of(WITH_COLON)}(?=\s?:))"
    rf"|(?P<STAMP>{any_of(STAMPS)}))(?!\w)(?P<colon>\s?:)?"
)
_LONGEST_LABEL: Final = max(map(len, (*FIRST, *PUBLISHED, *WITH_COLON, *STAMPS)))
_COPYRIGHT: Final = re.compile(r"(?:©|\(c\)|\bcopyright\b|\ball rights reserved\b)[^\n]{0,40}$")
_REACH: Final = 60
# Between a label and its date: times, weekdays and small words; anything else is a sentence.
_FILLER: Final = re.compile(rf"{TIME}|\b(?:{WEEKDAY}|{ZONE}|on|at|the|date|time|le|am|il|el|op|em)\b|[\W_]")
_FILLER_ELSEWHERE: Final = (
    r"\d{1,2}\s?h(?:\s?\d{2})?|\d{1,2}[.:]\d{2}|\b(?:a las|as|a|alle|ore|um|uhr|horas|hrs?|heures|den|de|del|dia|la)\b"
)
_SENTENCE_END: Final = re.compile(r"[!?]|(?<!\b[a-z])\.\s|\d|\n\s*\n\s*\n")
_TIME: Final = re.compile(TIME)
_LINE_END: Final = re.compile("\n")
_LINE: Final = re.compile(r"^[^\S\n]*+\S.*", re.MULTILINE)
_ORNAMENT: Final = " \t-*_=~#.,:"
_SEPARATORS: Final = "|·•>]/"
_PROSE_END: Final = re.compile(r"[.!?…,;]['\"”»)]*\s*$")
_SHORT: Final = 80


class Page:
    """The folded text, its lines and its whole dates, each worked out once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        self.language = language_of(text)

    @cached_property
    def dates(self) -> list[tuple[Found, Kind]]:
        """Every whole date with its kind, in order; dates with two readings or none are among them."""
        return [(found, self._kind(found)) for found in whole_dates(self.folded, self.language)]

    @property
    def is_foreign(self) -> bool:
        """Whether the page is certain to be in one of the other languages."""
        return self.language in calendar.LANGUAGES

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages besides English that it may be in."""
        if self.language is None:
            return calendar.LANGUAGES
        return (self.language,) if self.language in calendar.LANGUAGES else ()

    @cached_property
    def lines(self) -> list[tuple[int, int]]:
        """The spans of the lines that hold anything."""
        return [match.span() for match in _LINE.finditer(self.folded)]

    @cached_property
    def _breaks(self) -> list[int]:
        return [match.start() for match in _LINE_END.finditer(self.folded)]

    def line_of(self, found: Found) -> tuple[int, int]:
        """The span of the line in which a date begins; it reaches the date's end where that is broken over two."""
        before, after = bisect_left(self._breaks, found.start), bisect_left(self._breaks, found.end)
        start = self._breaks[before - 1] + 1 if before else 0
        return start, self._breaks[after] if after < len(self._breaks) else len(self.folded)

    def without_stamp(self, rest: str) -> str:
        """The rest of a line up to the label of an update in it."""
        label = _LABEL.search(rest)
        return rest[: label.start()] if label and label["STAMP"] else rest

    def certain(self, *kinds: Kind) -> list[tuple[Found, date]]:
        """The dates of these kinds that have exactly one reading."""
        return [(found, found.readings[0]) for found, kind in self.dates if kind in kinds and len(found.readings) == 1]

    def is_filler(self, folded: str) -> bool:
        """Whether nothing but times, weekdays, small words and punctuation stands here."""
        if self.language in calendar.LANGUAGES:
            folded = _filler_of(self.language).sub("", bare(folded))
        return not _FILLER.sub("", folded)

    def _kind(self, found: Found) -> Kind:
        """The kind that the nearest label before the date gives it, or a stamp's label behind it on the same line."""
        start, end = self.line_of(found)
        if _COPYRIGHT.search(self.folded[max(start, found.start - _REACH) : found.start]):
            return Kind.COPYRIGHT
        label = self._label_before(found)
        if label and found.start - label.end() <= _REACH and (kind := self._labelled(label, found)):
            return kind
        return (
            Kind.STAMP
            if self._stamped_behind(self.folded[found.end : min(end, found.end + _SHORT)])
            else Kind.UNLABELLED
        )

    def _label_before(self, found: Found) -> re.Match[str] | None:
        """The last label before a date; there may be others further away than is looked."""
        start = max(0, found.start - _REACH - 2 * _LONGEST_LABEL)
        labels = _LABEL.finditer(self.folded, start, found.start + 1)
        return next((label for label in reversed(list(labels)) if label.end() <= found.start), None)

    def _stamped_behind(self, rest: str) -> bool:
        label = _LABEL.search(rest)
        return bool(
            label and label["STAMP"] and self.is_filler(rest[: label.start()]) and self.is_filler(rest[label.end() :])
        )

    def _labelled(self, label: re.Match[str], found: Found) -> Kind | None:
        gap = self.folded[label.end() : found.start]
        if _SENTENCE_END.search(_TIME.sub("", gap)):
            return None
        kind = Kind[_group(label)]
        strict = kind is Kind.STAMP and self.is_filler(gap)
        return kind if strict or label["colon"] or self._stands_alone(label, found) else None

    def _stands_alone(self, label: re.Match[str], found: Found) -> bool:
        """Whether label and date are a line of their own or the start of a short one, rather than a sentence."""
        before = self.folded[self.folded.rfind("\n", 0, label.start()) + 1 : label.start()]
        first = before.rstrip(_ORNAMENT)
        if first and first[-1] not in _SEPARATORS and " - " not in before[len(first) :]:
            return False
        rest = self.folded[found.end : self.line_of(found)[1]]
        return len(rest) <= _SHORT and not _PROSE_END.search(_TIME.sub("", rest))


@cache
def _filler_of(language: str) -> re.Pattern[str]:
    """What is filler in a language, in `bare` spelling, besides what is in English."""
    return re.compile(rf"\b{any_of(calendar.weekdays(language))}(?!\w)|{_FILLER_ELSEWHERE}")


def _group(label: re.Match[str]) -> str:
    return next(name for name in ("FIRST", "PUBLISHED", "STAMP") if label[name])
