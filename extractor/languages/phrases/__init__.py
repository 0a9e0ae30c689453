"""The words of dates and spans of time in other languages, by what English calls them.

Keys are English as `extractor.dates` reads it, values the words for it, in `bare` spelling or not, with `|` between.
The empty key holds what English leaves out, the arrow is "from ... on", in the past or to come. A key that ends in `<`
goes before the word before it ("semana pasada": last week), one that ends in `>` to the end ("hace dos días": two days
ago). Words under two keys are read both ways.
"""

from __future__ import annotations

from typing import Final

from extractor.languages.phrases.others import ARABIC, CHINESE, GERMAN, RUSSIAN, TURKISH, UKRAINIAN
from extractor.languages.phrases.romance import FRENCH, ITALIAN, PORTUGUESE, SPANISH

PHRASES: Final = {
    "es": SPANISH, "fr": FRENCH, "de": GERMAN, "pt": PORTUGUESE, "it": ITALIAN,
    "ru": RUSSIAN, "uk": UKRAINIAN, "ar": ARABIC, "tr": TURKISH, "zh": CHINESE,
}  # fmt: skip
