"""Text from articles, models and file names: what of it acts on a terminal, and what of it nobody sees."""

from __future__ import annotations

import re
import unicodedata

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Characters without a shape: formatting, fillers, tags; variation selectors, of which one may follow a character.
_SHAPELESS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_LINE_END = re.compile(r"[ \t]*\r?\n[ \t]*")
_SPACES = " \u00a0\u2009\u202f"
_UNSEEN = re.compile(f"[\\x00-\\x1f\\x7f-\\x9f{_SHAPELESS}\ud800-\udfff]|(?![{_SPACES}])\\s|[{_SPACES}]{{2,}}")
_DIRECTION_MARKS = str.maketrans("", "", "\u061c\u200e\u200f")
_ACTING = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)
# What Markdown takes for markup, an underscore within a word aside; addresses and references it finds in plain text.
_MARKUP = re.compile(r"[&<>|#`*\[\]~\\$]|(?<![^\W_])_|_(?![^\W_])")
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)
_REFERENCE = re.compile(r"(@|&#35;)(?=\w)")
_HIDDEN_MESSAGE = re.compile("[\U000e0000-\U000e007f]+|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}")


def unseen(text: str) -> list[str]:
    """The characters of a text that its reader does not see, in order: controls, formatting, fillers, white space.

    Single spaces between words are none. Anything can be written in such characters: the 128 tags alone spell ASCII.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return []
    return _UNSEEN.findall(_LINE_END.sub("\n", text))


def printable(text: str) -> str:
    """The text with what acts on a terminal, or hides a message, shown as U+FFFD.

    These are control characters, those that turn the direction of writing, and runs of tags or variation selectors.
    Mere marks of direction, which Arabic and Hebrew texts have, are left out.
    """
    shown = _HIDDEN_MESSAGE.sub("\ufffd", text.translate(_DIRECTION_MARKS))
    return "".join("\ufffd" if _acts(char) else char for char in shown)


def printable_in_place(text: str) -> str:
    """The text with each character that acts on its reader's screen shown as U+FFFD; no offset changes.

    Line ends and marks of direction stay: the text is shown by itself, so that they reach nothing else.
    """
    return _ACTING.sub("\ufffd", text)


def printable_line(text: str) -> str:
    """The same for a message of one line: a name with a line break in it cannot pass for a message of its own."""
    return printable(text).replace("\n", "\ufffd").replace("\t", " ")


def markdown_text(text: str) -> str:
    """The text on one line, such that GitHub's Markdown and HTML show it as it is and make nothing of it.

    No markup, table cell, link, mention, reference to an issue or formula comes of it.
    """
    line = " ".join(printable(text).split())
    escaped = _MARKUP.sub(lambda found: f"&#{ord(found[0])};", line)
    return _REFERENCE.sub(r"\1&#8203;", _ADDRESS.sub(lambda found: f"&#{ord(found[0])};", escaped))


def _acts(char: str) -> bool:
    category = unicodedata.category(char)
    return (category == "Cc" and char not in "\n\t") or category in ("Cs", "Zl", "Zp") or char in _BIDI
