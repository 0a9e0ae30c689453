"""Text from articles, models and file names, made safe to print."""

from __future__ import annotations

import unicodedata


def printable(text: str) -> str:
    """The text with control and bidirectional format characters shown as U+FFFD, so that none acts on a terminal."""
    return "".join("\ufffd" if _acts(char) else char for char in text)


def printable_line(text: str) -> str:
    """The same for a message of one line: a name with a line break in it cannot pass for a message of its own."""
    return printable(text).replace("\n", "\ufffd").replace("\t", " ")


def _acts(char: str) -> bool:
    category = unicodedata.category(char)
    return (category == "Cc" and char not in "\n\t") or category in ("Cs", "Zl", "Zp") or char in _BIDI


_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
