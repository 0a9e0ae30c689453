"""Date words of an article to the value that it supports."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from extractor.dates.multilingual import Phrase, read_in_any
from extractor.dates.reading import read
from extractor.dates.reckoning import Standpoint
from extractor.dates.vocabulary import WEEKDAY, fold, tidy
from extractor.schema.spans import DateAnchor, ResolvedDate
from extractor.schema.vocabulary import DateBasis

_BARE_WEEKDAY: Final = re.compile(WEEKDAY)
# The words beside a bare weekday that change which one is meant; "every Monday" is none.
_TURN_BEFORE: Final = re.compile(
    r"(?:^|(?<=\W))((?:this )?(?:coming|past)|last|next|this|every|each|(?:the )?(?:following|previous)) $"
)
_WEEK_AFTER: Final = re.compile(r"^ (?:of )?(?:last|next|this) week\b")
_CALENDAR_PERIOD: Final = re.compile(r"(?:last|next) (?:week|month|year)")
_YEAR_AFTER: Final = re.compile(r"^,? (?:1\d|20)\d\d(?![\w-])")


def resolve(
    words: str, span: tuple[int, int], anchor: DateAnchor | None, *, text: str = "", past: bool | None = None
) -> ResolvedDate:
    """The value that the article supports for these date words, or None for one that it does not.

    `span` is where the words stand; given the whole `text`, the words beside them count too ("next" before "Monday",
    the year behind "January 20"). `past` tells whether the act is told as past, as yet to come, or (None) neither.

    Days are reckoned from the day of writing (an anchor from metadata, a label or a dateline). A date that merely
    stands in the report carries bare weekdays and missing years only: when "yesterday" was written stays unknown.

    Words are read in English and in the languages of `extractor.languages.calendar`: in the one that the text is
    certain to be in where it has these words, else in all that have them, and only where these agree.

    Where EDTF has no form for the words ("early 2017"), the value is the year or month around it, as `inferred`.

    Sources: EDTF, https://www.loc.gov/standards/datetime/ (ISO 8601-2:2019); two-digit years as in POSIX strptime.
    """
    phrase, completed = _in_context(words, span, text)
    standpoint = _standpoint(anchor, past)
    english = read(phrase, standpoint)
    if english and completed and english.basis is DateBasis.EXPLICIT:
        english = english._replace(basis=DateBasis.INFERRED)
    reading = read_in_any(Phrase(words, *span, text), english, standpoint)
    return ResolvedDate(
        text=words,
        start=span[0],
        end=span[1],
        value=reading.value if reading else None,
        basis=reading.basis if reading else None,
        anchor=anchor.value if reading and reading.anchored and anchor else None,
    )


def _in_context(words: str, span: tuple[int, int], text: str) -> tuple[str, bool]:
    """The words with what completes them in the text, and whether anything does."""
    phrase, (start, end) = tidy(words), span
    if not text or text[start:end] != words or not phrase:
        return phrase, False
    before, after = fold(text[max(0, start - 16) : start]), fold(text[end : end + 16])
    if _BARE_WEEKDAY.fullmatch(phrase):
        turn, week = _TURN_BEFORE.search(before), _WEEK_AFTER.search(after)
        if turn and re.match(r" (?:of|in) ", after):
            return f"the {turn[1]} {phrase}", False
        return f"{turn[1] if turn else ''} {phrase}{week[0] if week else ''}".strip(), bool(turn or week)
    if _CALENDAR_PERIOD.fullmatch(phrase) and before.endswith("the "):
        return f"the {phrase}", False
    year = _YEAR_AFTER.search(after)
    completes = year and not re.search(r"\d{4}", phrase) and read(phrase + year[0], None)
    return (phrase + year[0], True) if year and completes else (phrase, False)


def _standpoint(anchor: DateAnchor | None, past: bool | None) -> Standpoint | None:
    try:
        day = date.fromisoformat(anchor.value) if anchor else None
    except ValueError:
        return None
    if anchor is None or day is None or not 1000 <= day.year <= 2099:
        return None
    return Standpoint(day, anchor.basis != "text", past)
