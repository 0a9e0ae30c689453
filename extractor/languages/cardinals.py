"""Cardinal numbers as languages write them, in words (read with text2num) and figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

LANGUAGES: Final = ("es", "fr", "de", "pt", "it")
_DOZEN: Final = re.compile(r"\s(?:docenas?|douzaines?|dutzend|dúzias?|dozzin[ae])\b", re.IGNORECASE)
_BOTH: Final = re.compile(r"\b(?:ambos|ambas|beiden?|entramb[ie])\b", re.IGNORECASE)
_ONE: Final = {"de": frozenset({"eine", "einen", "einem", "einer", "eines"})}
# How many hundreds, thousands or millions, these words alone do not say; nor is a million and a half a million.
_VAGUE: Final = frozenset(
    "cientos cientas miles millones millions milliards millionen milliarden milhões milhares bilhões milioni miliardi "
    "migliaia".split()
)
_AND_A_HALF: Final = re.compile(r"\s(?:y medi[oa]|et demie?|e mei[oa]|e mezz[oa])\b", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[^\W\d_]+|[-\u2010-\u2015]|[^\S\n]+|.", re.DOTALL)
_WORD: Final = re.compile(r"[^\W\d_]+")
# Full stops, spaces or apostrophes between thousands, and a comma before decimals.
_FIGURES: Final = re.compile(
    r"(?<![\w.,])(?:\d{1,3}(?P<gap>[.\u00a0\u202f '\u2019])\d{3}(?:(?P=gap)\d{3}){0,4}|\d{1,15})"
    r"(?:,(?P<part>\d{1,6}))?(?!\w|[.,:/]\d)"
)
_SCALES: Final = frozenset({10**3, 10**6, 10**9, 10**12})
_MOST: Final = 10**18


class Cardinal(NamedTuple):
    """A number with the place of its words in the text."""

    value: int
    start: int
    end: int


class _Token:
    """A piece of text in the form that text2num takes."""

    def __init__(self, text: str, start: int, language: str) -> None:
        self.start, self.end = start, start + len(text)
        blank, dash = text.isspace() and "\n" not in text, text in "-\u2010\u2011"
        # Anything else than words, spaces and hyphens ends a number; text2num takes no lone surrogates.
        self._text = _written_out(text, language) if _WORD.fullmatch(text) else " " if blank else "-" if dash else ","

    def text(self) -> str:
        return self._text

    def nt_separated(self, _previous: _Token) -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return False


def _written_out(word: str, language: str) -> str:
    """The word as text2num knows it: "trecentottanta" is "trecentoottanta"."""
    return word.replace("centott", "centoott") if language == "it" else word


def words_in(text: str, language: str) -> Iterator[Cardinal]:
    """Every number in words: `catorce`, `soixante-douze`, `zweiundsiebzig`, `dos mil`, `una docena`.

    `language` is one of `LANGUAGES`. "One" and the article that it is in most of them count as 1.
    """
    from text_to_num import find_numbers

    tokens = [_Token(match.group(), match.start(), language) for match in _TOKEN.finditer(text)]
    for found in find_numbers(tokens, language, 0.0):
        value, start, end = found.value, tokens[found.start].start, tokens[found.end - 1].end
        if found.is_ordinal or value != int(value) or not 0 <= value < _MOST or _AND_A_HALF.match(text, end):
            continue
        dozen = _DOZEN.match(text, end)
        yield Cardinal(int(value) * 12, start, dozen.end()) if dozen else Cardinal(int(value), start, end)
    yield from (Cardinal(2, *match.span()) for match in _BOTH.finditer(text))
    ones = _ONE.get(language, ())
    yield from (Cardinal(1, *match.span()) for match in _WORD.finditer(text) if match.group().casefold() in ones)


def cardinals_in(text: str, language: str) -> Iterator[Cardinal]:
    """Numbers in words, figures with separated thousands, and figures before a scale (`3,5 Millionen`)."""
    words = {number.start: number for number in words_in(text, language)}
    for figures in _FIGURES.finditer(text):
        behind = words.get(figures.end() + 1) if text[figures.end() : figures.end() + 1].isspace() else None
        value = Fraction(re.sub(r"[^\d,]", "", figures[0]).replace(",", "."))
        if behind and behind.value in _SCALES:
            del words[behind.start]
            if (value * behind.value).denominator == 1:
                yield Cardinal(int(value * behind.value), figures.start(), behind.end)
        elif figures["gap"] and not figures["part"]:
            yield Cardinal(int(value), figures.start(), figures.end())
    yield from (number for number in words.values() if text[number.start : number.end].casefold() not in _VAGUE)
