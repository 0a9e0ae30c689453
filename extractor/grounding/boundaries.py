"""Where a word, a number or a sentence may begin and end.

A passage cut inside a word, a numeral or a contracted negation says something else than its article: "pel" of
"expel", "35" of "35,000", "thirty" of "thirty-five", "won" of "won't".
"""

from __future__ import annotations

import re
import unicodedata

from extractor.grounding.lexicon import TITLES
from extractor.grounding.normalisation import NormalForm
from extractor.scanning import matches_at

# Scripts written without spaces between words, and Korean, whose particles join the noun they mark.
UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_EAST_ASIAN_NUMERALS = frozenset("〇零一二三四五六七八九十百千万萬億亿兆两兩")
_TENS_BEFORE = re.compile(
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|vingt|trente|quarante|cinquante|soixante|septante|huitante|octante|nonante|quatre|vingt-et|quatre-vingts?|dix)-?\Z",
    re.IGNORECASE,
)
_UNITS_AFTER = re.compile(
    r"-?(?:one|two|three|four|five|six|seven|eight|nine|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
    r"|et|une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?)\b",
    re.IGNORECASE,
)
_LONGEST_TENS = len("quatre-vingts-")
_NUMBER_JOINTS = frozenset(".,'")
# Of the characters of ASCII, those that may stand within a number or a word.
_PLAIN_EDGE = _NUMBER_JOINTS | {"-"}


def is_word_boundary(form: NormalForm, at: int) -> bool:
    """Whether a passage may begin or end at an offset of the normal form."""
    text = form.text
    if at <= 0 or at >= len(text):
        return True
    around = text[at - 1 : at + 1]
    if around.isascii():
        # As nearly everywhere, and quickly told: of what stands for one character of the source, but for the full stops
        # of an ellipsis, ASCII has letters alone.
        if " " in around:
            return True
        if _PLAIN_EDGE.isdisjoint(around):
            return not around.isalnum()
    if form.start(at) == form.start(at - 1) or unicodedata.category(text[at])[0] == "M":
        return False
    if _is_word(text[at - 1]) and _is_word(text[at]):
        return _splits_unspaced(text[at - 1], text[at])
    return not (_inside_number(text, at) or _inside_negation(text, at))


def _is_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _splits_unspaced(left: str, right: str) -> bool:
    if left in _EAST_ASIAN_NUMERALS and right in _EAST_ASIAN_NUMERALS:
        return False
    return bool(UNSPACED.match(left) or UNSPACED.match(right))


def _inside_number(text: str, at: int) -> bool:
    if text[at] in _NUMBER_JOINTS and text[at - 1].isdigit():
        return text[at + 1 : at + 2].isdigit()
    if text[at - 1] in _NUMBER_JOINTS and text[at].isdigit():
        return text[max(0, at - 2) : at - 1].isdigit()
    if "-" not in (text[at - 1], text[at]):
        return False
    before = _TENS_BEFORE.search(text[max(0, at - _LONGEST_TENS) : at])
    return bool(before and (text[at - 1] == "-") != (text[at] == "-") and _UNITS_AFTER.match(text, at))


def _inside_negation(text: str, at: int) -> bool:
    apostrophe = at if text[at] == "'" else at - 1
    around = text[max(0, apostrophe - 1) : apostrophe + 2].lower()
    return around == "n't" and not text[apostrophe + 2 : apostrophe + 3].isalnum()


def places(form: NormalForm, words: str, stretch: tuple[int, int] | None = None) -> list[tuple[int, int]]:
    """Every place of some words in a normal form, word-bounded, not overlapping, in order of the text.

    Given a stretch of the form, only the places within it; what bounds a word is looked for outside it, too.
    """
    text, (low, high) = form.text, stretch or (0, len(form.text))
    found: list[tuple[int, int]] = []
    # Rejected places of a periodic text may overlap; without a limit their number times their length is quadratic.
    rejectable = 1_000_000 + 8 * (high - low)
    at = text.find(words, low, high)
    while at >= 0 and rejectable > 0:
        end = at + len(words)
        if is_word_boundary(form, at) and is_word_boundary(form, end):
            found.append((at, end))
            at = text.find(words, end, high)
        else:
            rejectable -= len(words)
            at = text.find(words, at + 1, high)
    return found


_CLOSING = "\"'”’»)\\]"
_SENTENCE_MARK = re.compile("[.!?…。！？｡\n\r\u2028\u2029]")
# A run of marks is tried at its first character alone: at each of them, time would grow with its square.
_SENTENCE_END = re.compile(rf"(?<![.!?…])[.!?…]++[{_CLOSING}]*+\s+|[。！？｡]+[」』”’)]*\s*|[\n\r\u2028\u2029]\s*")
_LINE_ENDS = frozenset("\n\r\u2028\u2029")
_DOTTED = re.compile(r"(?:\b\w\.)+\Z")
_LAST_WORD = re.compile(r"\w+\Z")
_LOOK_BACK = 20
_SENTENCE_OPENERS = re.compile(
    r"(?:The|An?|He|She|It|They|We|This|That|These|Those|In|On|At|But|And|However|His|Her)\b"
)


def sentence_starts(text: str) -> list[int]:
    """The offsets at which a text's sentences or lines begin, the first being 0."""
    ends = matches_at(_SENTENCE_MARK, _SENTENCE_END, text)
    return [0] + [found.end() for found in ends if _ends_sentence(text, found)]


def _ends_sentence(text: str, found: re.Match[str]) -> bool:
    mark = found.group()
    if not mark.startswith(".") or not _LINE_ENDS.isdisjoint(mark):
        return True
    after = text[found.end() : found.end() + 1]
    if after.islower():
        return False
    if not mark[1:].isspace():
        return True
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    word = _LAST_WORD.search(before)
    if word and word.group().lower() in TITLES:
        # "no." and "sept." may end a sentence too, but then no digit and no name follows them.
        return bool(_SENTENCE_OPENERS.match(text, found.end()))
    if _DOTTED.search(before + "."):
        return bool(_SENTENCE_OPENERS.match(text, found.end()))
    return True
