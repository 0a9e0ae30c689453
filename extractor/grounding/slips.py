"""Which differences between a quotation and its passage are certain to be slips.

A slip is never a fact: number words, dates, negations, auxiliaries and names must agree as they stand, and so must
everything that is not listed here. Letters and articles are judged by the rules of English.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from extractor.grounding.confusables import CONFUSABLE_WORDS
from extractor.grounding.lexicon import ARTICLES, FACT_WORDS, MONTHS, REPORTING_VERBS, TITLES, UNMISTAKABLY_ENGLISH

# What stands before a hyphen that may not be closed: "re-sign" is no "resign"; nor may "in formal" be "informal".
_OPEN_PREFIXES = frozenset(
    {"re", "un", "in", "im", "il", "ir", "dis", "non", "de", "mis", "co", "out", "over", "under"}
)
_SHORTEST_JOINED = 3
_SHORTEST_MISSPELT = 8
_SHORTEST_DOUBLED = 6
_SHORTEST_FINAL_L = 5
_OUR_STEMS = re.compile(
    r"(?:un|dis|mis)?(?:arm|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|neighb|od|parl|ranc|rig|rum|sav|"
    r"splend|succ|tum|val|vap|vig)(our)"
)
_ISE = re.compile(r"(?<=\w{4})i[sz](?=(?:e|ed|es|er|ers|ing|ation|ations)$)|(?<=\wl)y[sz](?=(?:e|ed|es|ing)$)")


class Word(NamedTuple):
    """A word with what stands between it and the word before it."""

    text: str
    gap: str
    start: int
    end: int

    @property
    def is_plain(self) -> bool:
        """Whether it is a lower-case word of letters that carries no fact of its own."""
        return self.text.isalpha() and self.text.islower() and self.text not in FACT_WORDS

    @property
    def has_digit(self) -> bool:
        """Whether any of its characters is a digit or another numeric sign."""
        return any(character.isnumeric() for character in self.text)

    @property
    def is_counted_or_dated(self) -> bool:
        """Whether it is a number, a date, a negation, a quantity or an auxiliary, in any case."""
        return self.has_digit or self.text.casefold() in FACT_WORDS or "'t" in self.text


def english_share(words: list[str]) -> float:
    """How many of the words, as a part of one, are English beyond doubt."""
    return sum(word in UNMISTAKABLY_ENGLISH for word in words) / len(words) if words else 0.0


def is_case_slip(one: str, other: str) -> bool:
    """Whether two words differ in the case of their first letter alone, and neither names a month."""
    folded = one.casefold()
    titled = one[1:] == other[1:] and (one[1:].islower() or folded in ARTICLES)
    return titled and folded == other.casefold() and folded not in MONTHS


def is_spelling_slip(one: Word, other: Word) -> bool:
    """Whether one word is certainly another spelling, or a misspelling, of the other."""
    if not (one.is_plain and other.is_plain) or {one.text, other.text} & ARTICLES:
        return False
    left, right = _unaccented(one.text), _unaccented(other.text)
    if left == right:
        return True
    if not (left.isascii() and right.isascii()):
        return False
    if _british(left) == _british(right):
        return True
    short, long = sorted((left, right), key=len)
    if len(long) - len(short) == 1:
        return _is_doubling(short, long) or _is_dropped_letter(short, long)
    return len(short) == len(long) and _is_transposition(short, long)


def _unaccented(word: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFD", word) if not "\u0300" <= part <= "\u036f")


def _british(word: str) -> str:
    stemmed = _OUR_STEMS.match(word)
    american = word[: stemmed.start(1)] + "or" + word[stemmed.end(1) :] if stemmed else word
    return _ISE.sub(lambda found: found.group()[0] + "s", american)


def first_difference(one: str, other: str) -> int:
    """How many characters two words begin with alike."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def _is_doubling(short: str, long: str) -> bool:
    at = first_difference(short, long)
    if at == 0 or long[at] != long[at - 1] or short[at:] != long[at + 1 :] or long[at] in "aeiou":
        return False
    if at == len(short):
        return long[at] == "l" and len(short) >= _SHORTEST_FINAL_L
    return len(short) >= _SHORTEST_DOUBLED and short not in CONFUSABLE_WORDS


def _is_dropped_letter(short: str, long: str) -> bool:
    at = first_difference(short, long)
    if len(short) < _SHORTEST_MISSPELT or short in CONFUSABLE_WORDS:
        return False
    return 0 < at < len(short) - 1 and short[at:] == long[at + 1 :]


def _is_transposition(one: str, other: str) -> bool:
    at = first_difference(one, other)
    if len(one) < _SHORTEST_MISSPELT or {one, other} & CONFUSABLE_WORDS or not 0 < at < len(one) - 3:
        return False
    return one[at : at + 2] == other[at + 1] + other[at] and one[at + 2 :] == other[at + 2 :]


def is_join(joined: Word, left: Word, right: Word) -> bool:
    """Whether one word is the two others written together ("email", "e-mail")."""
    if joined.text != left.text + right.text or not (joined.is_plain and left.is_plain and right.is_plain):
        return False
    if left.text in _OPEN_PREFIXES | ARTICLES and not (left.text == "a" and right.gap == "-"):
        return False
    return right.gap == "-" or (right.gap == " " and min(len(left.text), len(right.text)) >= _SHORTEST_JOINED)


def is_punctuation_slip(left: Word, one: Word, one_gap: str, other_gap: str) -> bool:
    """Whether two gaps between the same two words differ in commas, quotation marks or an abbreviation's full stop.

    Never beside a number or another fact word, and never beside a verb of reporting, where a comma tells who speaks.
    """
    if any(word.is_counted_or_dated or word.text.casefold() in REPORTING_VERBS for word in (left, one)):
        return False
    if {one_gap, other_gap} == {" ", "-"}:
        return left.is_plain and one.is_plain
    dropped = ",\"' ." if left.text.casefold() in TITLES else ",\"' "
    bare = str.maketrans("", "", dropped)
    return one_gap.translate(bare) == other_gap.translate(bare) and (" " in one_gap) == (" " in other_gap)
