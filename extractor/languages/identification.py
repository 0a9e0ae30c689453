"""The language of a text, told by its commonest words."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Final

# Words of every report that neither the other languages here nor their nearest relatives (Catalan, Danish, Dutch,
# Bulgarian, Azerbaijani, Persian ...) have in this spelling, or that few texts of theirs have.
_WORDS: Final = {
    "en": "the and of that with from his their was were has have said this which by will would",
    "es": "el los las y su sus pero según fue más también está hacia desde muy sin hasta dijo quien ayer hoy",
    "fr": "les une du et dans pour sur au aux qui ont avec cette elle été leur ses selon après depuis est",
    "de": "und die das mit von für auf ist nicht eine zum zur nach auch sich hat wurde wird dass dem einen einer bei "
    "haben im werden",
    "pt": "os uma com não em ao são foi também pelo pela seu já até disse ontem das na",
    "it": "di gli della dei nel nella sono alla dal dalla delle degli anche più è che dopo ai ieri",
    "ru": "что это его был была они также только или который которые после если сообщил заявил из",
    "uk": "що це його був була вони також тільки або який які після якщо та від і із",
    "ar": "في على إلى أن التي الذي هذا هذه عن",
    "tr": "ve için ile olarak kadar ancak çok gibi değil",
}
_LANGUAGES_OF: Final = {
    word: tuple(language for language, words in _WORDS.items() if word in words.split())
    for words in _WORDS.values()
    for word in words.split()
}
_CHINESE: Final = re.compile("[的是在了这這们們]")
_KANA: Final = re.compile("[\u3040-\u30ff]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_ENOUGH_TEXT: Final = 50_000
_FEWEST, _FEWEST_DIFFERENT, _TIMES_THE_NEXT = 3, 2, 4


@lru_cache(maxsize=16)
def language_of(text: str) -> str | None:
    """The ISO 639-1 code of the language that a text is certain to be in, or None.

    Told apart are English and the languages whose dates are read. At least three of a language's commonest words, two
    different ones among them, must stand in the text, and four times as many as of any other.
    """
    counts, different = _counted(text)
    (best, most), (_, next_most) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    enough = most >= _FEWEST and different[best] >= _FEWEST_DIFFERENT
    return best if enough and most >= _TIMES_THE_NEXT * next_most else None


def likeliest_language_of(text: str) -> str | None:
    """The language that has most words in a text, however few; None where none has any."""
    counts, _ = _counted(text)
    best, most = next(iter(counts.most_common(1)), ("", 0))
    return best if most else None


@lru_cache(maxsize=16)
def _counted(text: str) -> tuple[Counter[str], Counter[str]]:
    """For each language how many of its words stand in the text, and how many different ones."""
    counts, different = Counter[str](), Counter[str]()
    words = _WORD.findall(text[:_ENOUGH_TEXT].casefold())
    for word, times in Counter(filter(_LANGUAGES_OF.__contains__, words)).items():
        for language in _LANGUAGES_OF[word]:
            counts[language] += times
            different[language] += 1
    signs = _CHINESE.findall(text[:_ENOUGH_TEXT])
    if signs and not _KANA.search(text):
        counts["zh"], different["zh"] = len(signs), len(set(signs))
    return counts, different
