"""The words of other languages that carry facts of their own: days, months, numbers, negations."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from extractor.languages import calendar, cardinals, negation
from extractor.languages.phrases import PHRASES
from extractor.languages.spelling import bare

# "N'expulse" is "n'" and "expulse".
_ELIDED: Final = re.compile(r"(?<=')")
_DAYS: Final = (
    "today", "yesterday", "the day before yesterday", "tomorrow", "the day after tomorrow", "tonight", "last night",
    "this morning", "last", "last<", "next", "next<", "since", "→", "until",
)  # fmt: skip


def is_fact(word: str) -> bool:
    """Whether a word tells a day, a month, a number or a negation in any of the languages."""
    return is_day(word) or any(part in _negations() for part in _ELIDED.split(bare(word))) or is_number(word)


def is_day(word: str) -> bool:
    """Whether a word names a weekday, a month or a day by its distance from today."""
    return bare(word) in _days()


def is_number(word: str) -> bool:
    """Whether a word is a number in words."""
    return any(any(True for _ in cardinals.words_in(word, language)) for language in cardinals.LANGUAGES)


def is_reporting(word: str) -> bool:
    """Whether a word tells that somebody speaks."""
    return bare(word) in _reporting_verbs()


@cache
def _days() -> frozenset[str]:
    names = (name for language in calendar.LANGUAGES for name in _names(language))
    return frozenset(name for name in names if name)


def _names(language: str) -> list[str]:
    listed = [words for english in _DAYS for words in PHRASES[language].get(english, "").split("|")]
    # Of several words each by itself would name another day.
    return [*calendar.months(language), *calendar.weekdays(language), *map(bare, (w for w in listed if " " not in w))]


@cache
def _negations() -> frozenset[str]:
    tables = (negation.NEGATIONS, negation.TURNING)
    return frozenset(bare(word) for table in tables for words in table.values() for word in words.split())


@cache
def _reporting_verbs() -> frozenset[str]:
    return frozenset(bare(word) for words in negation.REPORTING_VERBS.values() for word in words.split())
