"""Cardinal numbers in a text, in figures or words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from extractor.languages import calendar, cardinals, counted
from extractor.languages.spelling import bare

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
_LARGE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SCALES = {"dozen": 12, "hundred": 100} | _LARGE
_SETS = {"both": 2, "couple": 2, "pair": 2}
_WORDS = frozenset({*_SMALL, *_SCALES, *_SETS})
_MOST_DIGITS = 15

_SCALE = rf"(?i:{'|'.join(_SCALES)})\b"
_DASH = r"[-\u2010-\u2015]"
_START = r"(?<![\w.,])"
_END = r"(?!\w|[.,]\d)"

# "may" and "march" are verbs in lower case.
_MONTH = (
    r"(?:(?i:jan(?:uary)?|feb(?:ruary)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)|May|MAY|Mar(?:ch)?|MAR(?:CH)?)\b(?!['’-][a-z])\.?"
)
_DAY = rf"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?{_END}"
_YEAR = rf"(?:1[7-9]|20)\d\d{_END}"
_YEAR_BEHIND = rf"(?:(?:,?\s{{1,2}}|[-/])(?:{_YEAR}|['’]\d\d{_END})|[-/]\d\d{_END})?"
_FROM_DAY = rf"(?:{_DAY}(?:,\s|\s?{_DASH}\s?|\s(?:and|to|or)\s))"
_TO_DAY = rf"(?:\s?{_DASH}\s?{_DAY}|\s(?:and|to|or)\s{_DAY}(?!\s\w))?"
# "In December 31 diplomats" has no day: that would be "on December 31".
_MONTH_FIRST = (
    rf"(?<!\w)(?:(?<!\b[Ii]n\s){_MONTH}[\s-](?:the\s)?{_DAY}(?!\s{_SCALE}){_TO_DAY}{_YEAR_BEHIND}"
    rf"|{_MONTH}[\s-]{_DAY},?\s{_YEAR}|{_MONTH}(?:,?\s|-|\sof\s){_YEAR}(?!\s{_SCALE}))"
)
_DAY_FIRST = rf"{_START}{_FROM_DAY}{{0,2}}{_DAY}\.?(?:\s(?:of\s)?|[-/]){_MONTH}{_YEAR_BEHIND}"
_IN_FIGURES = (
    rf"{_START}\d{{1,2}}(?P<gap>[-/.]\s?)\d{{1,2}}(?P=gap)\d{{4}}(?!\d)"
    rf"|{_START}\d++(?:[-/.:]\d++){{2,}}+(?:T\d\d[\d:.]*+)?|{_START}\d++(?:[/:]\d++)++"
)
_COUNTED = (
    r"(?i:people|persons|men|women|children|diplomats|officials|envoys|staff|employees|workers|officers|agents"
    r"|troops|soldiers|protesters|demonstrators|migrants|refugees|civilians|prisoners|hostages|voters|victims"
    r"|hours|days|miles|met(?:er|re)s|kilomet(?:er|re)s|tons|tonnes|dollars|euros|rubles|roubles|pounds)\b(?!['’])"
)
_LEADS_YEAR = "|".join(rf"(?<=\b{word}\s)" for word in "the in since by until till before after during from".split())
_LEADS_COUNT = "|".join(
    rf"(?<=\b{words}\s)" for words in ("some", "nearly", "almost", "another", r"more\sthan", r"fewer\sthan")
)
_BARE_YEAR = rf"(?:19|20)\d\d(?:[-–/]\d\d)?{_END}(?!\s{_SCALE})"
_CALENDAR_YEAR = (
    rf"(?:(?i:{_LEADS_YEAR}){_BARE_YEAR}"
    rf"|(?<![\w.,$€£])(?!(?i:{_LEADS_COUNT})){_BARE_YEAR}(?!\s{{1,3}}{_COUNTED}))"
)
_VAGUE = rf"\b(?i:few|several|many|couple\sof)[\s-]{{1,3}}{_SCALE}(?:[\s-]{{1,3}}{_SCALE})*+"

_FIGURES = r"\d{1,3}(?P<comma>[,\u00a0\u202f ])\d{3}(?:(?P=comma)\d{3})*(?!\d)|\d++"
_HAN = "\u3400-\u9fff"
# Not an ordinal, and not before a unit of time or a scale.
_AMONG_HAN = (
    rf"(?<![^\W{_HAN}])(?<![第.,])(?:\d{{1,3}}(?:,\d{{3}})++|\d++)(?=[{_HAN}])"
    r"(?![年月日号號时時点點分秒百千万萬亿億多几])"
)
_SPELT = frozenset({"plain", "word"})
# Without any of this a text has no number, as most sentences; looked for first, as reading word by word takes long.
_DIGIT, _LETTERS = re.compile(r"\d"), re.compile(r"[^\W\d_]+")
_NUMERALS = _WORDS | {"half"}
_MERELY_BETWEEN = re.compile(r"(?:[\s\-\u2010-\u2015]+(?:and\s+)?)?")
_NO_COUNT_AFTER = re.compile(
    r"\s?(?:[ap]\.?m\b|o['’]clock\b|gmt\b|utc\b)"
    r"|[-\u2010\u2011](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|quarter|half)s?\b|\s(?:thirds|fifths)\b",
    re.IGNORECASE,
)

_Parts = Sequence[re.Match[str]]
# A fraction only where there is a half or a decimal: that takes ten times as long to reckon with.
_Amount = int | Fraction


class Number(NamedTuple):
    """A number with the place of its words in the text."""

    value: int
    start: int
    end: int


def numbers_in(text: str, language: str | None = None) -> Iterator[Number]:
    """Every cardinal number of the text, in order: `35`, `1,200`, `thirty-five`, `two dozen`, `both`.

    A number with a scale word is one number (`35 million`, `1.5 million`, `half a dozen`, `two and a half thousand`).
    None are other decimals and fractions, ordinals, figures that are part of a word, dates and clock times and what
    belongs to them, vague amounts (`a few hundred`), and figures of more than 15 digits.

    Bare figures from 1900 to 2099 are a year (`the 2016 election`), unless a sign of a count stands directly beside
    them: a word for what is commonly counted (`2000 troops`, but not `in 2000 troops left`), `more than`, `some` and
    their like, a scale word or a currency's sign. With a comma, `2,016` is always a number.

    Given the text's `language`, one of `extractor.languages.cardinals.LANGUAGES`, its number words count as well
    (`catorce`, `soixante-douze`, `1.200`, `35 millones`), `un` and its like as 1, and its dates do not. What makes a
    count of figures that might be a year is told by `extractor.languages.counted`. In Chinese figures stand without a
    space (`35名`); those before a unit of time or a scale (`2016年`, `35万`) are none.
    """
    if language in counted.LANGUAGES:
        yield from _with_those_of(language, text)
    else:
        yield from _english(text)


def _with_those_of(language: str, text: str) -> Iterator[Number]:
    """The numbers of a text in another language: of two that overlap the longer one, and none within a date."""
    own = [Number(*number) for number in counted.counted_figures(text, language)]
    dates: list[tuple[int, int]] = []
    if language in cardinals.LANGUAGES:
        dates = [match.span() for match in _dates(language).finditer(bare(text))]
        own += [Number(*number) for number in cardinals.cardinals_in(text, language)]
    end = 0
    for number in sorted([*_english(text), *own], key=lambda number: (number.start, -number.end)):
        at = bisect_right(dates, (number.start, len(text)))
        if number.start >= end and not (at and number.start < dates[at - 1][1]):
            yield number
            end = number.end


@cache
def _dates(language: str) -> re.Pattern[str]:
    """The days, and times of day, of a text in `bare` spelling."""
    months = "|".join(sorted(map(re.escape, calendar.months(language)), key=len, reverse=True))
    day = r"\d{1,2}(?:\.|º|°|er|o)?"
    more = rf"(?:{day}(?:,\s|\s?[-\u2013]\s?|\s(?:y|e|et|und|al?|ao|au|bis|o|ou|oder)\s)){{0,2}}"
    named = rf"{more}{day}\s(?:de\s|d')?(?:{months})(?!\w)\.?(?:,?\s(?:del?\s)?(?:1\d|20)\d\d(?!\w))?"
    return re.compile(rf"(?<![\w.,])(?:{named}|\d{{1,2}}(?:[.:]\d\d)?\s?(?:uhr|h(?:\s?\d\d)?)(?!\w))")


@cache
def _token() -> re.Pattern[str]:
    """A word or number, or what is neither though it looks like one; made when it is first needed."""
    # For speed alone, what begins with no letter or digit is passed over at once, and first are the words that nothing
    # but a word can begin with.
    return re.compile(
        r"(?=[^\W_])(?:(?P<plain>(?:(?![acdfhjmnosACDFHJMNOS\u017f])"
        r"|(?!(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|few|several|many|couple|half|and)))[^\W\d_]+)"
        rf"|(?P<other>{_MONTH_FIRST}|{_DAY_FIRST}|{_IN_FIGURES}|{_CALENDAR_YEAR}|{_VAGUE})"
        rf"|(?P<decimal>{_START}\d++\.\d++(?=[\s-]{{1,3}}{_SCALE}))"
        rf"|(?P<figures>{_START}(?:{_FIGURES}){_END}|{_AMONG_HAN})"
        rf"|(?P<half>\b(?i:half(?:[\s-]an?)?)(?=[\s-]{{1,3}}{_SCALE}))"
        r"|(?P<and_half>\b(?i:and[\s-]a[\s-]half)\b)"
        r"|(?P<word>[^\W\d_]+))"
    )


def _english(text: str) -> Iterator[Number]:
    if _DIGIT.search(text) is None and _NUMERALS.isdisjoint(_LETTERS.findall(text.lower())):
        return
    parts: list[re.Match[str]] = []
    for token in _token().finditer(text):
        word = _word_of(token).lower()
        is_part = word in _WORDS if word else _is_amount(token)
        if not is_part and (not parts or word == "and"):
            continue
        if parts and not (is_part and _MERELY_BETWEEN.fullmatch(text, parts[-1].end(), token.start())):
            yield from _numbers_of(parts)
            parts = []
        if is_part and (parts or not token["and_half"]):
            parts.append(token)
    yield from _numbers_of(parts)


def _word_of(token: re.Match[str]) -> str:
    """The token where it is a word, else nothing."""
    return token[0] if token.lastgroup in _SPELT else ""


def _is_amount(token: re.Match[str]) -> bool:
    """Whether a token that is no word is part of a number."""
    return token.lastgroup != "other" and sum(map(str.isdecimal, token[0])) <= _MOST_DIGITS


def _numbers_of(parts: _Parts) -> Iterator[Number]:
    """Split a run of number words where the next does not continue the number before it."""
    first = 0
    while first < len(parts):
        after, value = _longest(parts, first)
        start, end = parts[first].start(), parts[after - 1].end()
        if value.denominator == 1 and not _NO_COUNT_AFTER.match(parts[first].string, end):
            yield Number(int(value), start, end)
        first = after


def _longest(parts: _Parts, first: int) -> tuple[int, _Amount]:
    """Where the number that begins here ends, and its value: groups of ever smaller scale, as in a million and two."""
    total: _Amount = 0
    least = 0
    while True:
        after, group = _group(parts, first)
        after, scale = _large_scale(parts, after)
        if least and scale >= least:
            return first, total
        total += group * scale
        if scale > 1 and _kind(parts, after) == "and_half":
            return after + 1, total + Fraction(scale, 2)
        if scale == 1 or not _is_small(parts, after):
            return after, total
        first, least = after, scale


def _group(parts: _Parts, first: int) -> tuple[int, _Amount]:
    """A number below a thousand, or in figures; a scale by itself counts one of its kind."""
    after, value = _simple(parts, first)
    word = _word(parts, after)
    if word == "dozen":
        return after + 1, value * 12
    if word != "hundred" or value >= 100:
        return after, value
    value, after = value * 100, after + 1
    if _is_small(parts, after):
        behind, small = _simple(parts, after)
        if _word(parts, behind) != "hundred":
            return behind, value + small
    return after, value


def _simple(parts: _Parts, first: int) -> tuple[int, _Amount]:
    """Figures, or a word or two for less than a hundred."""
    if _word(parts, first) in _SCALES:
        return first, 1
    value, after = _value(parts[first]), first + 1
    if _word(parts, first) in _TENS and 0 < _SMALL.get(_word(parts, after), 0) < 10 and not _and(parts, after):
        value, after = value + _SMALL[_word(parts, after)], after + 1
    if _kind(parts, after) == "and_half":
        value, after = value + Fraction(1, 2), after + 1
    return after, value


def _large_scale(parts: _Parts, first: int) -> tuple[int, int]:
    """Thousand, million, or several that grow: a thousand million."""
    product, last = 1, 0
    while _LARGE.get(_word(parts, first), 0) > last:
        last = _LARGE[_word(parts, first)]
        product, first = product * last, first + 1
    return first, product


def _is_small(parts: _Parts, index: int) -> bool:
    return _SMALL.get(_word(parts, index), 0) > 0


def _word(parts: _Parts, index: int) -> str:
    return _word_of(parts[index]).lower() if index < len(parts) else ""


def _kind(parts: _Parts, index: int) -> str | None:
    return parts[index].lastgroup if index < len(parts) else None


def _and(parts: _Parts, index: int) -> bool:
    """Whether "and" stands before a part."""
    return "and" in parts[index].string[parts[index - 1].end() : parts[index].start()].lower()


def _value(part: re.Match[str]) -> _Amount:
    if part["half"]:
        return Fraction(1, 2)
    if word := _word_of(part).lower():
        return _SMALL.get(word, _SETS.get(word, 0))
    return Fraction(part[0]) if part["decimal"] else int(re.sub(r"\D", "", part[0]))
