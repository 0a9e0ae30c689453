"""Words compared as a reader compares them: without case, accents, possessive endings and the dots of initials."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final

from extractor.codes import country_code, may_begin_country
from extractor.grounding import normalise
from extractor.languages import negation
from extractor.text import unseen

_WORD = re.compile(r"\w(?:\.\w(?:\.\w)*\.|\w*+(?:['\-]\w++)*+)")
_POSSESSIVE = re.compile(r"'s$|(?<=s)'$")
# Characters of a text whose words are kept: evidence, contents and names are looked at by several checks.
_LONGEST_KEPT = 4000
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
# For speed alone, what begins with none of these letters is passed over at once.
_NEGATIVE = re.compile(
    r"(?=[ncuw])(?:\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|unable)\b|n't\b)", re.IGNORECASE
)
_NEGATIVE_IN_MEANING = re.compile(
    r"\b(?:den(?:y|ie|ia)|refus|reject|rul\w* out|fail|disavow|baseless|unfounded|false|fake|against|halt|stop|ban|bar|"
    r"refrain|declin|dismiss|lack|avoid|prevent|block|oppos|instead of|rather than|far from|out of the question|un\w+)",
    re.IGNORECASE,
)

# What stands before a passage in its own clause and says that it is not so, or not so yet.
_TURNING = re.compile(
    r"\b(?:not|no|never|nobody|nothing|neither|nor|without|cannot|if|unless|whether|den(?:y|ied|ies|ying)"
    r"|refus(?:e|es|ed|ing)|rul(?:e|es|ed|ing) out|false|falsely)\b|n't\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;:()\"]|\s-\s|\bbut\b", re.IGNORECASE)
_DISTRIBUTIVE = re.compile(r"\b(?:each|apiece|both|per|every|respectively)\b", re.IGNORECASE)
# Besides letters and digits, what stands in the prose of any report.
_PROSE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789 .,;:!?'\"()-–—‘’“”…/%&$€£+")
# Addresses, code, words without end, and Latin letters next to their Greek or Cyrillic likes.
_ODD = re.compile(
    r"[<>{}\[\]|\\`^~*_#=@]|://|www\.|(?<![a-z])[a-z]{26}|[\u0370-\u052f](?:(?<=[a-z].)|[a-z])", re.IGNORECASE
)


class Words:
    """The words of a text, given in its normal form, and what checks ask of them, each worked out once."""

    def __init__(self, normal: str) -> None:
        self.normal: Final = normal

    @cached_property
    def as_written(self) -> tuple[str, ...]:
        """The words as they stand; `U.S.` is one word, and so is `tit-for-tat`."""
        return tuple(_WORD.findall(self.normal))

    @cached_property
    def different(self) -> frozenset[str]:
        """The words as they stand, each once."""
        return frozenset(self.as_written)

    @cached_property
    def folded(self) -> frozenset[str]:
        """The folded words, and the parts of the hyphenated ones."""
        return frozenset(chain.from_iterable(map(_folded_parts, self.different)))

    @cached_property
    def telling(self) -> tuple[str, ...]:
        """The folded words without the commonest; `US` is no pronoun."""
        return tuple(chain.from_iterable(map(_telling_parts, self.as_written)))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of the telling words."""
        return stems_of(self.telling)

    @cached_property
    def has_pronoun(self) -> bool:
        """Whether someone may be meant whom the text before names."""
        return any(map(_is_pronoun, self.as_written))

    @cached_property
    def countries(self) -> frozenset[str]:
        """ISO codes of the states that are named, by name, adjective or, where the library knows it, capital."""
        names = [word.removesuffix("'s") for word in self.as_written]
        phrases: set[str] = set()
        for at, name in enumerate(names):
            if name[0].isupper():
                phrases |= {name, name.removesuffix("s")}
                if may_begin_country(name):
                    phrases |= {" ".join(names[at : at + 2]), " ".join(names[at : at + 3])}
        return frozenset(code for code in map(country_code, phrases) if code)


def words_in(text: str) -> Words:
    """The words of a text; those of one that is no article are kept, as several checks look at them."""
    return _words_in(text) if len(text) < _LONGEST_KEPT else Words(normalise(text))


@lru_cache(maxsize=1 << 10)
def _words_in(text: str) -> Words:
    return Words(normalise(text))


def words_of(text: str) -> Sequence[str]:
    """The words of a text as they stand, in normalised typography."""
    return words_in(text).as_written


@lru_cache(maxsize=1 << 16)
def folded(word: str) -> str:
    """A word without what does not tell words apart."""
    bare = _POSSESSIVE.sub("", word.casefold()).replace(".", "")
    if bare.isascii():
        return bare
    return "".join(char for char in unicodedata.normalize("NFD", bare) if unicodedata.category(char) != "Mn")


def stem(word: str) -> str:
    """The beginning of a folded word, by which its inflections know each other."""
    return word[:_STEM]


def stems_of(words: Iterable[str]) -> frozenset[str]:
    """The beginnings of folded words."""
    return frozenset([word[:_STEM] for word in words])


def parts_of(word: str) -> Sequence[str]:
    """A word, and the parts of a hyphenated one, each once."""
    return tuple(dict.fromkeys([word, *word.split("-")])) if "-" in word else (word,)


def telling(text: str) -> Sequence[str]:
    """The folded words of a text without the commonest."""
    return words_in(text).telling


@lru_cache(maxsize=1 << 16)
def _folded_parts(word: str) -> tuple[str, ...]:
    return tuple(map(folded, parts_of(word)))


@lru_cache(maxsize=1 << 16)
def _telling_parts(word: str) -> tuple[str, ...]:
    return tuple(folded(part) for part in parts_of(word) if _is_telling(part))


def _is_telling(word: str) -> bool:
    low = word.casefold()
    return len(word) > 1 and low not in _COMMON and (low not in _PRONOUNS or word.isupper())


@lru_cache(maxsize=1 << 16)
def _is_pronoun(word: str) -> bool:
    return word.casefold() in _PRONOUNS and not (len(word) > 1 and word.isupper())


def is_negative(text: str, language: str | None = None) -> bool:
    """Whether a text says `not` in so many words, in English or the language given."""
    return any(True for _ in _negations(words_in(text).normal, language))


def may_be_negative(text: str, language: str | None = None) -> bool:
    """Whether a text says `not` in any way: `denies`, `ruled out`, `without` ..."""
    foreign = negation.denies(language)
    return (
        is_negative(text, language)
        or bool(_NEGATIVE_IN_MEANING.search(text))
        or (foreign is not None and bool(foreign.search(words_in(text).normal)))
    )


def drops_negation(told: str, content: str, language: str | None = None) -> bool:
    """Whether a text says `not` of something that the content says without it: `could not leave`, `could leave`."""
    normal = words_in(told).normal
    negated = (normal[match.end() : match.end() + _REACH] for match in _negations(normal, language))
    said = words_in(content).stems
    is_said = any(not said.isdisjoint(stems_of(telling(following)[:_NEGATED_WORDS])) for following in negated)
    return is_said and not may_be_negative(content, language)


def _negations(normal: str, language: str | None) -> Iterator[re.Match[str]]:
    foreign = negation.says_not(language)
    yield from _NEGATIVE.finditer(normal)
    yield from foreign.finditer(normal) if foreign else ()


def turning_word(before: str, language: str | None = None) -> str | None:
    """The word that turns around what follows these beginnings of its sentence, if there is one in its clause."""
    clause = _CLAUSE_END.split(normalise(before))[-1]
    foreign = negation.turns(language)
    found = _TURNING.search(clause) or (foreign.search(clause) if foreign else None)
    return found.group() if found else None


def is_distributive(text: str) -> bool:
    """Whether a text gives a number for each of several."""
    return bool(_DISTRIBUTIVE.search(text))


def strange_characters(text: str) -> list[str]:
    """The characters of a text that are no plain prose, each once."""
    characters = dict.fromkeys(unicodedata.normalize("NFC", text).casefold())
    return [character for character in characters if character not in _PROSE]


def is_plain_name(text: str) -> bool:
    """Whether a text has only what states are called with: letters, spaces, and a few signs."""
    return all(character.isalpha() or character in " .,'’()&-" for character in unicodedata.normalize("NFC", text))


def odd_words(text: str) -> Iterator[str]:
    """What no report says in a sentence, each with no space in it: addresses, code, words with something hidden."""
    odd = () if _ODD.search(text) is None and not unseen(text) else text.split()
    return (word.strip(".,;:!?'\"()") for word in odd if _ODD.search(word) or unseen(word))


def countries_in(text: str) -> frozenset[str]:
    """ISO codes of the states that a text names."""
    return words_in(text).countries
