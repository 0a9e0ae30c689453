"""Date words of other languages into the English that the rest of this package reads.

A phrase is in a language where all its words are. What is read is then what English says for them, in every order and
sense that the words allow, so that the rules for anchors, directions and doubt are the same in all languages.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice, product
from typing import Final, NamedTuple

from extractor.dates.vocabulary import FULL_MONTHS, FULL_WEEKDAYS, any_of, tidy
from extractor.languages import calendar, cardinals
from extractor.languages.phrases import PHRASES
from extractor.languages.spelling import bare

_UNSPACED: Final = frozenset({"zh"})
_DAY_PARTS: Final = {
    "abend": "evening", "morgen": "morning", "früh": "morning", "vormittag": "morning", "mittag": "afternoon",
    "nachmittag": "afternoon", "nacht": "night",
}  # fmt: skip
_WEEKS_BEFORE: Final = {"上": "last", "本": "this", "这": "this", "這": "this", "下": "next"}
# "Le mardi", "il martedì": on Tuesdays.
_HABITUAL: Final = {"fr": re.compile(r"le (?P<day>[^\W\d_]+)"), "it": re.compile(r"(?:il|la) (?P<day>[^\W\d_]+)")}
_ORDINAL: Final = re.compile(r"(?<=\d)(?:\.?[ºª°]|\.(?=\s)|(?:er|re|ro|o|e)\b)")
_CHINESE_DATE: Final = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号號]")
_CHINESE_DAY: Final = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号號]")
_TIME: Final = re.compile(
    r"(?:a las|a la|às|as|à|alle ore|alle|um|gegen|ore|в|о)?\s?(?<![\d./-])"
    r"(?:\d{1,2}\s?h(?:\s?\d{2})?(?!\w)|\d{1,2}[:.]\d{2}(?::\d{2})?(?![.\d]))(?:\s?(?:uhr|horas|hrs?|heures|ore)\b\.?)?"
)
_BARE_WEEKDAY: Final = re.compile(rf"{any_of(FULL_WEEKDAYS)}(?: {any_of(set(_DAY_PARTS.values()))})?")
_SPACES: Final = re.compile(r"\s+")
_SPACE_BEFORE_MARK: Final = re.compile(r"\s+([.,])")
_MOST_VERSIONS: Final = 64
_WORD: Final = re.compile(r"[^\W\d_]+")
_MONTH_NAMES: Final = {number: name for name, number in FULL_MONTHS.items()}
_WEEKDAY_NAMES: Final = {number: name for name, number in FULL_WEEKDAYS.items()}
# "20 يونيو/حزيران": a month under both of its names.
_TWICE: Final = re.compile(rf"\b({'|'.join(FULL_MONTHS)})\s?/\s?\1\b")
# Characters of a phrase whose translations are kept: articles have the same date words again and again.
_LONGEST_KEPT: Final = 60
UNREAD: Final = "…"


class _Lexicon(NamedTuple):
    """A language's words with all that English says for each, and the pattern that finds them."""

    meanings: dict[str, tuple[str, ...]]
    pattern: re.Pattern[str]


def translations(phrase: str, language: str, *, whole: bool = True) -> Iterable[str]:
    """What English may say for a phrase; nothing where the phrase has words that the language has not.

    With `whole` false, words that the language has not are passed over as `UNREAD`.
    """
    if len(phrase) > _LONGEST_KEPT:
        return _translated(phrase, language, whole=whole)
    return _translations_kept(phrase, language, whole=whole)


@lru_cache(maxsize=1 << 12)
def _translations_kept(phrase: str, language: str, *, whole: bool) -> tuple[str, ...]:
    return tuple(_translated(phrase, language, whole=whole))


def _translated(phrase: str, language: str, *, whole: bool) -> Iterator[str]:
    prepared = _prepared(phrase, language, whole=whole)
    pieces = list(_pieces(prepared, language))
    if not any(piece.known for piece in pieces) or (whole and not all(piece.known is not False for piece in pieces)):
        return
    habitual = whole and _is_habitual(prepared, language)
    seen: set[str] = set()
    for version in islice(product(*(piece.meanings for piece in pieces)), _MOST_VERSIONS):
        english = _ordered(version)
        if english is not None and english not in seen and not (habitual and _BARE_WEEKDAY.fullmatch(english)):
            seen.add(english)
            yield english


class _Piece(NamedTuple):
    meanings: tuple[str, ...]
    # None for what is no word: it neither tells the language nor forbids it.
    known: bool | None


def _prepared(phrase: str, language: str, *, whole: bool) -> str:
    plain = tidy(unicodedata.normalize("NFC", phrase))
    if language == "zh":
        plain = _CHINESE_DAY.sub(r"\g<day> \g<month>月", _CHINESE_DATE.sub(r"\1-\2-\3 ", plain))
    return tidy(_ORDINAL.sub("", _TIME.sub(" ", plain) if whole else plain))


def _pieces(phrase: str, language: str) -> Iterator[_Piece]:
    lexicon, numbers, plain, at = _lexicon(language), _numbers(phrase, language), bare(phrase), 0
    while at < len(phrase):
        if found := lexicon.pattern.match(plain, at):
            yield _Piece(lexicon.meanings[found.group()], known=True)
            at = found.end()
        elif at in numbers:
            yield _Piece((str(numbers[at].value),), known=True)
            at = numbers[at].end
        elif found := _WORD.match(phrase, at):
            yield _Piece((UNREAD,), known=False)
            at = found.end()
        else:
            yield _Piece((plain[at],), known=None)
            at += 1


def _numbers(phrase: str, language: str) -> dict[int, cardinals.Cardinal]:
    if language not in cardinals.LANGUAGES:
        return {}
    return {number.start: number for number in cardinals.words_in(phrase, language)}


def _is_habitual(phrase: str, language: str) -> bool:
    """Whether it begins with an article and a weekday, which by themselves mean every such day."""
    found = _HABITUAL[language].match(phrase) if language in _HABITUAL else None
    return found is not None and bare(found["day"]) in calendar.weekdays(language)


def _ordered(version: Iterable[str]) -> str | None:
    """The words in English order, or None where one has to go before a word that is not there."""
    words: list[str] = []
    last: list[str] = []
    for piece in version:
        if piece.endswith("<"):
            at = next((at for at in reversed(range(len(words))) if words[at].strip()), None)
            if at is None:
                return None
            words[at:at] = [piece[:-1], " "]
        elif piece.endswith(">"):
            last += [" ", piece[:-1]]
        else:
            # Chinese and elided words have no space between them.
            words += [" ", piece, " "] if piece[:1].isalnum() and not piece.isdecimal() else [piece]
    english = _SPACE_BEFORE_MARK.sub(r"\1", _SPACES.sub(" ", "".join(words + last)))
    return _TWICE.sub(r"\1", tidy(english))


@cache
def _lexicon(language: str) -> _Lexicon:
    meanings: defaultdict[str, list[str]] = defaultdict(list)
    for words, english in _entries(language):
        if english not in meanings[bare(words)]:
            meanings[bare(words)].append(english)
    names = sorted(meanings, key=len, reverse=True)
    edged = (name if language in _UNSPACED else _edged(name) for name in map(re.escape, names))
    return _Lexicon({name: tuple(found) for name, found in meanings.items()}, re.compile("|".join(edged)))


def _edged(name: str) -> str:
    before = "" if name.startswith("'") else r"(?<!\w)"
    return before + name + ("" if name.endswith(("'", "-", r"\-", ".")) else r"(?!\w)")


def _entries(language: str) -> Iterator[tuple[str, str]]:
    for english, listed in PHRASES[language].items():
        yield from ((words, english) for words in listed.split("|"))
    for name, numbers in calendar.months(language).items():
        yield from ((name, _MONTH_NAMES[number]) for number in numbers)
    for name, numbers in calendar.weekdays(language).items():
        yield from ((name, _WEEKDAY_NAMES[number]) for number in numbers)
        yield from _compounds(language, name, _WEEKDAY_NAMES[min(numbers)])


def _compounds(language: str, name: str, weekday: str) -> Iterator[tuple[str, str]]:
    """What is written as one word: `Dienstagabend`, `上周二`."""
    if language == "de" and len(name) > 3:
        yield from ((name + part, f"{weekday} {english}") for part, english in _DAY_PARTS.items())
    if language == "zh":
        yield from ((before + name, f"{weekday} {turn} week") for before, turn in _WEEKS_BEFORE.items())
