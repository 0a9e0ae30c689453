"""Words compared as a reader compares them: without case, accents, possessive endings and the dots of initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from extractor.codes import country_code
from extractor.grounding import normalise

_WORD = re.compile(r"(?:\w\.){2,}|\w+(?:['\-]\w+)*")
_POSSESSIVE = re.compile(r"'s$|(?<=s)'$")
# Enough of a word to know it in another inflection, or a country in its adjective.
_STEM = 5
# How many telling words, within how many characters, a negation speaks of.
_NEGATED_WORDS, _REACH = 2, 60
_COMMON = frozenset(
    "the and for his her its their our from with who new that this was were had has have will would not but are been "
    "into over after also said says".split()
)
MONTHS = frozenset("january february march april may june july august september october november december".split())
_PRONOUNS = frozenset("he she it they we i him her them his hers its their theirs our us who".split())
_NEGATIVE = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|unable)\b|n't\b", re.IGNORECASE
)
_NEGATIVE_IN_MEANING = re.compile(
    r"\b(?:den(?:y|ie|ia)|refus|reject|rul\w* out|fail|disavow|baseless|unfounded|false|fake|against|halt|stop|ban|bar|"
    r"refrain|declin|dismiss|lack|avoid|prevent|block|oppos|instead of|rather than|far from|out of the question|un\w+)",
    re.IGNORECASE,
)


def words_of(text: str) -> Iterator[str]:
    """The words of a text as they stand, in normalised typography; `U.S.` is one word, and so is `tit-for-tat`."""
    return (match.group() for match in _WORD.finditer(normalise(text)))


def folded(word: str) -> str:
    """A word without what does not tell words apart."""
    bare = _POSSESSIVE.sub("", word.casefold()).replace(".", "")
    return "".join(char for char in unicodedata.normalize("NFD", bare) if unicodedata.category(char) != "Mn")


def stem(word: str) -> str:
    """The beginning of a folded word, by which its inflections know each other."""
    return word[:_STEM]


def all_folded(text: str) -> list[str]:
    """The folded words of a text, and the parts of its hyphenated ones."""
    return [folded(part) for word in words_of(text) for part in dict.fromkeys([word, *word.split("-")])]


def telling(text: str) -> list[str]:
    """The folded words of a text without the commonest; `US` is no pronoun."""
    words = (part for word in words_of(text) for part in dict.fromkeys([word, *word.split("-")]))
    return [folded(word) for word in words if len(word) > 1 and not _is_common(word)]


def _is_common(word: str) -> bool:
    low = word.casefold()
    return low in _COMMON or (low in _PRONOUNS and not word.isupper())


def has_pronoun(text: str) -> bool:
    """Whether someone may be meant whom the text before names."""
    return any(word.casefold() in _PRONOUNS and not (len(word) > 1 and word.isupper()) for word in words_of(text))


def is_negative(text: str) -> bool:
    """Whether a text says `not` in so many words."""
    return bool(_NEGATIVE.search(normalise(text)))


def may_be_negative(text: str) -> bool:
    """Whether a text says `not` in any way: `denies`, `ruled out`, `without` ..."""
    return is_negative(text) or bool(_NEGATIVE_IN_MEANING.search(text))


def drops_negation(told: str, content: str) -> bool:
    """Whether a text says `not` of something that the content says without it: `could not leave`, `could leave`."""
    if may_be_negative(content):
        return False
    normal, said = normalise(told), {stem(word) for word in telling(content)}
    for match in _NEGATIVE.finditer(normal):
        following = telling(normal[match.end() : match.end() + _REACH])[:_NEGATED_WORDS]
        if not said.isdisjoint(map(stem, following)):
            return True
    return False


def countries_in(text: str) -> frozenset[str]:
    """ISO codes of the states that a text names, by name, adjective or, where the library knows it, capital."""
    codes: set[str] = set()
    words = [word.removesuffix("'s") for word in words_of(text)]
    for at, word in enumerate(words):
        if word[0].isupper():
            phrases = (" ".join(words[at : at + length]) for length in (1, 2, 3))
            codes.update(code for code in map(country_code, (*phrases, word.removesuffix("s"))) if code)
    return frozenset(codes)
