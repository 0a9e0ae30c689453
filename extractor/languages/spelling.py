"""One spelling for all: lower case, no accents, one apostrophe and comma, one character for one character."""

from __future__ import annotations

import unicodedata
from typing import Final

_ALIKE: Final = {
    "ı": "i",
    "İ": "i",
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ى": "ي",
    "‘": "'",
    "’": "'",
    "ʼ": "'",
    "\xa0": " ",
    "،": ",",
}


class _Bare(dict[int, str]):
    """Learnt as characters turn up."""

    def __missing__(self, code: int) -> str:
        self[code] = _bare(chr(code))
        return self[code]


def _bare(character: str) -> str:
    if character in _ALIKE:
        return _ALIKE[character]
    lowered = character.lower()
    # What tells letters apart in Cyrillic is no accent: й is not и, ї is not і.
    if "\u0400" <= character <= "\u04ff" or len(lowered) != 1:
        return lowered if len(lowered) == 1 else character
    return unicodedata.normalize("NFD", lowered)[0]


_BARE: Final = _Bare()


def bare(text: str) -> str:
    """The text in lower case without accents, offset for offset; Arabic's forms of alif are one."""
    return text.translate(_BARE)
