"""The English words that dates are made of, and the folding that makes articles comparable with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_MONTH_NAMES: Final = (
    ("january", "jan"),
    ("february", "feb"),
    ("march", "mar"),
    ("april", "apr"),
    ("may",),
    ("june", "jun"),
    ("july", "jul"),
    ("august", "aug"),
    ("september", "sept", "sep"),
    ("october", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
_WEEKDAY_NAMES: Final = (
    ("monday", "mon"),
    ("tuesday", "tues", "tue"),
    ("wednesday", "weds", "wed"),
    ("thursday", "thurs", "thur", "thu"),
    ("friday", "fri"),
    ("saturday", "sat"),
    ("sunday", "sun"),
)
MONTHS: Final = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}
WEEKDAYS: Final = {name: number for number, names in enumerate(_WEEKDAY_NAMES) for name in names}
FULL_MONTHS: Final = {names[0]: number for number, names in enumerate(_MONTH_NAMES, start=1)}
FULL_WEEKDAYS: Final = {names[0]: number for number, names in enumerate(_WEEKDAY_NAMES)}

# Holidays that fall on the same day of every year wherever the name is used.
HOLIDAYS: Final = {
    "new year's day": (1, 1),
    "new years day": (1, 1),
    "orthodox christmas": (1, 7),
    "orthodox christmas day": (1, 7),
    "valentine's day": (2, 14),
    "st patrick's day": (3, 17),
    "international women's day": (3, 8),
    "may day": (5, 1),
    "russia day": (6, 12),
    "fourth of july": (7, 4),
    "bastille day": (7, 14),
    "halloween": (10, 31),
    "armistice day": (11, 11),
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
}
# Season codes of EDTF level 1, which leaves the hemisphere open.
SEASONS: Final = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}

_ONES: Final = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS: Final = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_NUMBERS: Final = {
    "a": 1,
    "an": 1,
    "a hundred": 100,
    "one hundred": 100,
    **{word: number for number, word in enumerate(_ONES + _TEENS, start=1)},
    **{word: 10 * number for number, word in enumerate(_TENS, start=2)},
}


def any_of(names: Iterable[str]) -> str:
    """A pattern for any of these names, the longest first so that none hides another."""
    return "(?:" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + ")"


MONTH: Final = any_of(MONTHS) + r"(?![a-z])"
WEEKDAY: Final = any_of(WEEKDAYS) + r"(?![a-z])"
NUMBER: Final = rf"(?:\d{{1,4}}|(?:a|one) hundred|{any_of(_TENS)}[- ]{any_of(_ONES)}|{any_of(_NUMBERS)})"
ZONE: Final = r"(?:gmt|utc|z|bst|est|edt|et|cst|cdt|mst|mdt|pst|pdt|pt|cet|cest|eet|eest|msk|ist|jst|kst|hkt|aest)"
TIME: Final = (
    r"(?<![\w:])(?:at\s)?(?:"
    rf"\d{{1,2}}(?::\d{{2}}){{1,2}}(?:\s?[ap]\.?m\b\.?)?(?:\s?{ZONE}\b)?"
    rf"|\d{{1,2}}(?:\.\d{{2}})?\s?[ap]\.?m\b\.?(?:\s?{ZONE}\b)?"
    rf"|\d{{1,2}}\.\d{{2}}\s{ZONE}\b|\d{{3,4}}\s(?:gmt|utc|hours)\b"
    r"|(?:local|moscow|london|washington|kyiv|kiev|eastern|central|pacific)\stime\b)"
)


_SPACES_OR_BRACKETS: Final = re.compile(r"[\s()\[\]{}\"\u201c\u201d\u201e]+")
_POSSESSIVE: Final = re.compile(r"(?<=[a-z])'s$")


class _Folding(dict[int, str]):
    """One character for one character, learnt as characters turn up."""

    def __missing__(self, code: int) -> str:
        self[code] = _folded(chr(code))
        return self[code]


def _folded(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029":
        return "\n"
    # Bidirectional marks and other invisible characters stand between words in Hebrew and Arabic pages.
    if character.isspace() or unicodedata.category(character) == "Cf":
        return " "
    if unicodedata.category(character) == "Pd" or character == "\u2212":
        return "-"
    if character in "\u2018\u2019\u02bc\u2032\uff07":
        return "'"
    lowered = character.lower()
    return {"\uff1a": ":"}.get(character, lowered if len(lowered) == 1 else character)


_FOLDING: Final = _Folding()
# What is not simply in lower case then, with the spaces between; the one letter whose small form has two characters.
_TO_FOLD: Final = re.compile(r"[^\n -~]+(?:[\n ]+[^\n -~]+)*+")
_TWO_CHARACTERS: Final = "\u0130"


def fold(text: str) -> str:
    """The text in lower case with plain spaces, hyphens, apostrophes and digits, offset for offset."""
    if _TWO_CHARACTERS in text:
        return text.translate(_FOLDING)
    return _TO_FOLD.sub(lambda found: found[0].translate(_FOLDING), text).lower()


def tidy(words: str) -> str:
    """Date words folded, on one line and without the punctuation around them."""
    spaced = _SPACES_OR_BRACKETS.sub(" ", fold(words))
    return _POSSESSIVE.sub("", spaced.strip(" ,.;:'|")).strip()


def number_of(words: str) -> int:
    """The number that words matching `NUMBER` stand for."""
    if words.isdecimal():
        return int(words)
    if words in _NUMBERS:
        return _NUMBERS[words]
    return sum(_NUMBERS[word] for word in re.split("[- ]", words))
