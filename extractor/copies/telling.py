"""Whether a text tells anything that another one, nearly alike, does not: a copy tells nothing new, an update does.

Each sentence has to stand in the first text, whole, verbatim or with slips that cannot change a fact: by the rules of
`extractor.grounding`, numbers, days, negations, auxiliaries and names have to agree. What the later text leaves out is
no matter, nor is what stands around an article: bylines, credits, appeals to read on. A headline may be worded anew
where every name, number and date in it stands in the first text. Whatever else differs makes an update, at the price of
a call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from extractor.grounding import GroundedText, normalise
from extractor.grounding.boundaries import sentence_starts
from extractor.grounding.lexicon import ARTICLES, FACT_WORDS, NEGATIONS
from extractor.languages import facts, likeliest_language_of, negation

# "LONDON, Jan 3 (Reuters) - ", in normal form.
_DATELINE: Final = re.compile(r"[A-Z][A-Z'./ -]{2,40}(?:,[^-()]{0,40})?(?: ?\([^()]{2,40}\))? ?- ?(?=\S)")
_FURNITURE: Final = re.compile(
    r"By (?:[A-Z][\w.'-]*(?:, | and | & | |$)){1,8}$"
    r"|\(?(?:Additional )?(?:Reporting|Writing|Editing|Compiled) by .{0,200}$"
    r"|(?:Read (?:more|also|next)|See also|Related|More on this|Le[ae]r? (?:m[áa]s|también|mais|também)|Lire aussi"
    r"|À lire aussi|Lesen Sie auch|Mehr zum Thema|Leggi anche|Читайте также)\b.{0,200}$"
    r"|(?:©|\(c\)|Copyright\b|Sign up|Subscribe|Follow us|Share (?:this|on)|Click here|Advertisement\b).{0,200}$"
    r"|This is a developing story\b.{0,80}$|All rights reserved\b.{0,80}$"
)
# Characters of a text that is worth the memory: what is made of it takes some fifty times its size.
_LONGEST_REMEMBERED: Final = 20_000
_WRAPPED: Final = re.compile(r"(?<!\n)\n(?!\n)")
_WORD: Final = re.compile(r"\w+(?:[.,:'-]\w+)*")
_POSSESSIVE: Final = re.compile(r"'s$")


def tells_nothing_new(first: str, later: str, title: str | None = None) -> bool:
    """Whether every sentence of the later text stands in the first, or is none of the article's own.

    `title` is the later text's headline, where it begins with one.
    """
    told = _told(first) if len(first) <= _LONGEST_REMEMBERED else _Told(first)
    headline = normalise(title or "").strip()
    return all(
        told.has(sentence) or (sentence.said == headline and told.restates(headline)) for sentence in _sentences(later)
    )


@lru_cache(32)
def _told(text: str) -> _Told:
    """What a text tells, remembered for the next one that is nearly alike."""
    return _Told(text)


class _Sentence(NamedTuple):
    """A sentence in normal form, and the lines that it is written in where these are several."""

    said: str
    lines: tuple[str, ...]


class _Told:
    """What a text tells."""

    def __init__(self, text: str) -> None:
        self._text = _unwrapped(text)
        listed = [said for sentence in _sentences(text) for said in (sentence.said, *sentence.lines)]
        self._sentences = frozenset(listed) | frozenset(map(_without_dateline, listed))

    def has(self, sentence: _Sentence) -> bool:
        """Whether a sentence stands in it whole, or each of its lines does, or it is none of an article's."""
        return self._has(sentence.said) or (bool(sentence.lines) and all(map(self._has, sentence.lines)))

    def _has(self, said: str) -> bool:
        return (
            said in self._sentences
            or (not _is_dated(said) and _without_dateline(said) in self._sentences)
            or _is_furniture(said)
            or self._has_with_slips(said)
        )

    def restates(self, headline: str) -> bool:
        """Whether every name, number and date of a headline stands in it, and nothing is turned around."""
        language = likeliest_language_of(self._text)
        turning = negation.turns(language)
        words = _words(headline)
        if any(word.casefold() in NEGATIONS for word in words) or (turning and turning.search(headline)):
            return False
        return all(word.casefold() in self._words for word in words if _may_be_fact(word))

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word.casefold() for word in _words(normalise(self._text)))

    @cached_property
    def _grounded(self) -> GroundedText:
        return GroundedText(self._text)

    def _has_with_slips(self, said: str) -> bool:
        # Asked first, as it costs little: no slip changes these.
        if not all(word.casefold() in self._words for word in _words(said) if _tells_time(word)):
            return False
        found = self._grounded.locate(said)
        if found is None:
            return False
        start, end = self._grounded.sentence_around(found.start, found.end)
        before = _without_dateline(f"{normalise(self._text[start : found.start])}|").rstrip("|")
        return not any(character.isalnum() for character in before + self._text[found.end : end])


def _sentences(text: str) -> Iterator[_Sentence]:
    lines, whole = _in_lines(text), _unwrapped(text)
    starts = sentence_starts(whole)
    for start, end in zip(starts, [*starts[1:], len(whole)], strict=True):
        said = normalise(whole[start:end]).strip()
        parts = [part for part in lines[start:end].split("\n") if part.strip()]
        if said:
            yield _Sentence(said, tuple(normalise(part).strip() for part in parts) if len(parts) > 1 else ())


def _unwrapped(text: str) -> str:
    """The text with one line for each paragraph, where blank lines stand between these; no offset changes."""
    lines = _in_lines(text)
    return _WRAPPED.sub(" ", lines) if "\n\n" in lines else lines


def _in_lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _without_dateline(sentence: str) -> str:
    return sentence[found.end() :] if (found := _DATELINE.match(sentence)) else sentence


def _is_dated(sentence: str) -> bool:
    """Whether its dateline tells a day, which an article is read by."""
    found = _DATELINE.match(sentence)
    return found is not None and any(_tells_time(word) for word in _words(found[0]))


def _tells_time(word: str) -> bool:
    return any(map(str.isdigit, word)) or word.casefold() in FACT_WORDS or facts.is_day(word)


def _is_furniture(sentence: str) -> bool:
    found = _FURNITURE.match(sentence)
    # "By Monday" is no byline.
    return found is not None and not (sentence.startswith("By ") and any(map(_tells_time, _words(sentence))))


def _words(text: str) -> list[str]:
    return [_POSSESSIVE.sub("", word) for word in _WORD.findall(text)]


def _may_be_fact(word: str) -> bool:
    """Whether a word may be a name, a number or a day: scripts without capitals do not tell."""
    folded = word.casefold()
    capital = word[:1].isupper() or word.upper() == word.lower()
    return (capital and folded not in ARTICLES) or _tells_time(word) or facts.is_fact(word)
