"""Date words in whatever language: which one they are in, and what that makes of them.

| the article is certain to be in | a phrase is read in |
|---|---|
| English | English; where none of its words is English, as in an article of unknown language |
| another language that has its words | that language alone |
| anything else | all languages that have its words; where they differ, not at all |
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Final, NamedTuple

from extractor.dates.explicit import in_iso_order
from extractor.dates.reading import Reading, read
from extractor.dates.reckoning import Standpoint
from extractor.dates.translation import translations
from extractor.dates.vocabulary import FULL_MONTHS, FULL_WEEKDAYS, any_of, fold, tidy
from extractor.languages import calendar, language_of
from extractor.languages.phrases import PHRASES
from extractor.languages.spelling import bare
from extractor.schema.vocabulary import DateBasis

# Words that tell a phrase of an English article to be English, so that no other language is asked.
_ENGLISH: Final = re.compile(
    rf"\b(?:the|of|on|an?|this|last|next|days?|weeks?|months?|years?|ago|since|until|early|late"
    rf"|{any_of([*FULL_WEEKDAYS, *FULL_MONTHS])})\b"
)
# In an article of another language, short words are more likely its own: "out" is no October.
_TELLING: Final = re.compile(r"[^\W\d_]{4}|(?=[^\W\d_])[^\x00-\x7f]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_REACH: Final = 48
_MOST_WORDS_BEHIND = 5
_NEXT_WORD: Final = re.compile(r"[\s,(]{1,2}[\w'\u2019.]+\)?")
_NUMBER_BEHIND: Final = re.compile(r"[\s,(]{1,2}\d{1,2}(?!\w|[.:]\d)")
_ENDS_IN_NUMBER: Final = re.compile(r"(?<!\d)\d{1,2}\W*$")
# "El martes 20", "ontem (18)": the day of the month beside a day confirms it.
_CONFIRMED: Final = re.compile(
    rf"(?P<rest>(?:.* )?(?:{any_of(FULL_WEEKDAYS)}|yesterday|today|tomorrow)),? (?P<day>\d{{1,2}})"
    r"(?: (?:morning|afternoon|evening|night))?"
)
# "Este martes 20 de junio" is that Tuesday; "el pasado 5 de junio", "le 5 juin dernier" the last 5 June.
_THIS_DATE: Final = re.compile(rf"this (?={any_of(FULL_WEEKDAYS)},? .*\d)")
_TURNED_DATE: Final = re.compile(
    rf"(?:(?P<turn>last|next) )?(?P<day>\d{{1,2}}) (?:(?P<turned>last|next) )?(?P<month>{any_of(FULL_MONTHS)})"
)
# What makes a weekday another one, or many.
_TURNS: Final = ("last", "next", "this", "every")
_PLURAL_ARTICLES: Final = {
    "es": ("los",),
    "fr": ("le", "les"),
    "pt": ("as", "os", "às", "aos"),
    "it": ("il", "la", "i", "le"),
}


class Phrase(NamedTuple):
    """Date words where they stand."""

    words: str
    start: int
    end: int
    text: str


def read_in_any(phrase: Phrase, english: Reading | None, standpoint: Standpoint | None) -> Reading | None:
    """The value of date words in the language that they are in, given what they are in English."""
    language = language_of(phrase.text) if phrase.text else None
    if language == "en" and (english or _ENGLISH.search(fold(phrase.words))):
        return english
    if language in calendar.LANGUAGES and (own := _certain(phrase, language, standpoint)) is not None:
        return _agreed(own)
    found = [english] if english else []
    if (_TELLING if language else _LETTER).search(phrase.words):
        for other in calendar.LANGUAGES:
            day_first = other in calendar.DAY_FIRST and language != "en"
            found += _readings(phrase, other, standpoint, day_first=day_first) or []
    return _agreed(found)


def _agreed(readings: list[Reading]) -> Reading | None:
    """The one value that all readings give."""
    return readings[0] if len({reading.value for reading in readings}) == 1 else None


def _certain(phrase: Phrase, language: str, standpoint: Standpoint | None) -> list[Reading] | None:
    """What the article's own language makes of a phrase; None where it has not its words."""
    day_first = language in calendar.DAY_FIRST
    if _LETTER.search(phrase.words):
        return _readings(phrase, language, standpoint, day_first=day_first)
    reading = _read(tidy(phrase.words), standpoint, day_first=day_first)
    return [reading] if reading else []


def _readings(
    phrase: Phrase, language: str, standpoint: Standpoint | None, *, day_first: bool = False
) -> list[Reading] | None:
    """What a language makes of a phrase where it stands; None where the language has not its words."""

    def readings(words: str) -> list[Reading]:
        versions = (_read(english, standpoint, day_first=day_first) for english in translations(words, language))
        return [reading for reading in versions if reading]

    if not any(True for _ in translations(phrase.words, language)):
        return None
    before, weekday = _before(phrase, language), _is_weekday(phrase.words, language)
    own = readings(before + phrase.words)
    for behind in _behind(phrase, numbered=weekday):
        longer = readings(before + phrase.words + behind)
        if longer and not _same(longer, own) and not any("/" in reading.value for reading in longer):
            return [_inferred(reading) for reading in longer]
        if longer:
            return own
    return [] if weekday and _NUMBER_BEHIND.match(_after(phrase)) else own


def _same(readings: list[Reading], others: list[Reading]) -> bool:
    return {reading.value for reading in readings} == {reading.value for reading in others}


def _after(phrase: Phrase) -> str:
    return phrase.text[phrase.end : phrase.end + _REACH] if _stands(phrase) else ""


def _stands(phrase: Phrase) -> bool:
    return phrase.text[phrase.start : phrase.end] == phrase.words


def _behind(phrase: Phrase, *, numbered: bool) -> Iterator[str]:
    """The words behind a phrase, the most first; a number of one or two digits ends them only behind a weekday."""
    after, ends = _after(phrase), list[int]()
    while len(ends) < _MOST_WORDS_BEHIND and (found := _NEXT_WORD.match(after, ends[-1] if ends else 0)):
        ends.append(found.end())
    for end in reversed(ends):
        if numbered or not _ENDS_IN_NUMBER.search(after[:end]):
            yield after[:end]


def _before(phrase: Phrase, language: str) -> str:
    """The words directly before a phrase that change which day it is."""
    if not _stands(phrase) or not _is_weekday(phrase.words, language):
        return ""
    lead = phrase.text[max(0, phrase.start - _REACH) : phrase.start]
    found = _turning(language).search(bare(fold(lead)))
    return lead[found.start() :] if found else ""


def _is_weekday(words: str, language: str) -> bool:
    return any(english in FULL_WEEKDAYS for english in translations(words, language))


@cache
def _turning(language: str) -> re.Pattern[str]:
    words = [word for turn in _TURNS for word in PHRASES[language].get(turn, "").split("|") if word]
    names = any_of(map(bare, [*words, *_PLURAL_ARTICLES.get(language, ())]))
    return re.compile(rf"{names}$" if language == "zh" else rf"(?<!\w){names} $")


def _read(english: str, standpoint: Standpoint | None, *, day_first: bool) -> Reading | None:
    plain = _THIS_DATE.sub("", english)
    if turned := _TURNED_DATE.fullmatch(plain):
        turns = {turned["turn"], turned["turned"]} - {None}
        facing = standpoint._replace(past="last" in turns) if standpoint and turns else standpoint
        return read(f"{turned['day']} {turned['month']}", facing)
    ordered = in_iso_order(plain) if day_first else plain
    if confirmed := _CONFIRMED.fullmatch(ordered):
        reading = read(confirmed["rest"], standpoint)
        return reading if reading and _is_day(reading.value, int(confirmed["day"])) else None
    reading = read(ordered, standpoint)
    # The order is the language's, not the words' own.
    return _inferred(reading) if reading and ordered != plain and read(plain, None) != reading else reading


def _is_day(value: str, day: int) -> bool:
    try:
        return date.fromisoformat(value).day == day
    except ValueError:
        return False


def _inferred(reading: Reading) -> Reading:
    return reading._replace(basis=DateBasis.INFERRED) if reading.basis is DateBasis.EXPLICIT else reading
