"""What languages call months and weekdays: Unicode's CLDR, read with Babel, and what newsrooms use beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final, Literal

from extractor.languages.spelling import bare

LANGUAGES: Final = ("es", "fr", "de", "pt", "it", "ru", "uk", "ar", "tr", "zh")
# Numeric dates go day first in all of these but Chinese, where the year does.
DAY_FIRST: Final = frozenset(LANGUAGES) - {"zh"}
# Jänner; Iraq's and the Levant's months, and the Maghreb's.
_LOCALES: Final = {"de": ("de", "de_AT"), "ar": ("ar", "ar_SY", "ar_DZ", "ar_MA"), "zh": ("zh", "zh_Hant")}
# Spellings, abbreviations and cases that CLDR has not: months from 1, weekdays from 0 for Monday.
_MORE_MONTHS: Final = {
    "es": {9: "setiembre, sep, set"},
    "fr": {1: "jan", 2: "fev, fevr", 12: "dec"},
    "de": {2: "feber", 3: "mrz", 9: "sep"},
    "pt": {},
    "it": {1: "genn", 9: "sett"},
    "ru": dict(
        enumerate("январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре".split(), 1)
    ),
    "uk": dict(
        enumerate("січні лютому березні квітні травні червні липні серпні вересні жовтні листопаді грудні".split(), 1)
    ),
}
_MORE_WEEKDAYS: Final = {
    "de": {5: "sonnabend"},
    "pt": {number: f"{name}, {name} feira" for number, name in enumerate("segunda terça quarta quinta sexta".split())},
    "ru": {2: "среду", 4: "пятницу", 5: "субботу"},
    "uk": {
        0: "понеділка", 1: "вівторка", 2: "середу, середи", 3: "четверга", 4: "п'ятницю, п'ятниці", 5: "суботу, суботи",
        6: "неділю, неділі",
    },
    "zh": {number: f"礼拜{day}, 禮拜{day}, 週{day}" for number, day in enumerate("一二三四五六")}
    | {6: "礼拜天, 礼拜日, 星期天, 週日"},
}  # fmt: skip
# Two letters are words of their own ("so", "do", "mi"): these count with their full stop alone.
_SHORTEST: Final = 3
_Names = Mapping[str, frozenset[int]]


@cache
def months(language: str) -> _Names:
    """The names of a language's months, in `bare` spelling, with the numbers from 1 that they may stand for."""
    return _collected([*_cldr(language, "months"), *_own(_MORE_MONTHS.get(language, {}))])


@cache
def weekdays(language: str) -> _Names:
    """The names of a language's weekdays, in `bare` spelling, with the numbers from 0 for Monday."""
    return _collected([*_cldr(language, "days"), *_own(_MORE_WEEKDAYS.get(language, {}))])


def full_weekdays(language: str) -> dict[str, int]:
    """The names of weekdays that are no abbreviations."""
    abbreviated = {bare(name.rstrip(".")) for name, _ in _cldr(language, "days", ("abbreviated",))}
    wide = {bare(name) for name, _ in _cldr(language, "days", ("wide",))}
    own = {bare(name) for name, _ in _own(_MORE_WEEKDAYS.get(language, {}))}
    return {name: min(weekdays(language)[name]) for name in wide | (own - abbreviated)}


def _collected(names: Iterable[tuple[str, int]]) -> _Names:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for name, number in names:
        found[bare(name)].add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def _own(names: Mapping[int, str]) -> Iterator[tuple[str, int]]:
    for number, listed in names.items():
        yield from ((name, number) for name in listed.split(", "))


def _cldr(
    language: str, kind: Literal["months", "days"], widths: tuple[str, ...] = ("wide", "abbreviated")
) -> Iterator[tuple[str, int]]:
    from babel import Locale

    for locale in _LOCALES.get(language, (language,)):
        names: Mapping[str, Mapping[str, Mapping[int, str]]] = getattr(Locale.parse(locale), kind)
        for form in ("format", "stand-alone"):
            for width in widths:
                for number, name in names[form][width].items():
                    yield from ((spelling, number) for spelling in _spellings(name))


def _spellings(name: str) -> Iterator[str]:
    stem = name.rstrip(".")
    if len(stem) >= _SHORTEST or not stem.isascii():
        yield stem
    else:
        yield f"{stem}."
