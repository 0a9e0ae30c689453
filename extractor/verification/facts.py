"""What claims are held against: an article's text, prepared once."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

from extractor.grounding import GroundedText
from extractor.languages import language_of
from extractor.numbers import Number, numbers_in
from extractor.quotation import quoted_regions
from extractor.schema.spans import Evidence
from extractor.verification.wording import MONTHS, Words, stem, stems_of

Span = tuple[int, int]
# Letters by which two words with the same beginning may differ in length to be forms of one.
_ENDING = 4
FIGURES = re.compile(r"\d+(?:[.,:]\d+)*")


class Facts:
    """An article's text with what checks look up in it, each found at its first use."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.grounded = GroundedText(text)
        self._places: dict[str, list[Span]] = {}
        self._numbers: dict[Span, list[Number]] = {}
        self._sentences: dict[Span, Span] = {}

    @cached_property
    def quoted(self) -> list[Span]:
        """The regions of the text that stand in quotation marks."""
        return quoted_regions(self.text)

    @cached_property
    def language(self) -> str | None:
        """The language that the text is certain to be in."""
        return language_of(self.text)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The cardinal numbers of the text."""
        return frozenset(number.value for number in numbers_in(self.text, self.language))

    def sentence_around(self, found: Evidence) -> Span:
        """The span of the sentences that enclose a piece of evidence; looked for once."""
        span = found.start, found.end
        if span not in self._sentences:
            self._sentences[span] = self.grounded.sentence_around(*span)
        return self._sentences[span]

    def numbers_within(self, span: Span) -> list[Number]:
        """The cardinal numbers of a stretch of the text, read by itself, with their places in the text; read once."""
        numbers = self._numbers.get(span)
        if numbers is None:
            start, end = span
            found = numbers_in(self.text[start:end], self.language)
            numbers = [Number(number.value, start + number.start, start + number.end) for number in found]
            self._numbers[span] = numbers
        return numbers

    @cached_property
    def figures(self) -> frozenset[str]:
        """All runs of digits in the text, counts or not."""
        return frozenset(FIGURES.findall(self.text))

    @cached_property
    def _words(self) -> Words:
        return Words(self.grounded.normal)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of the text's words."""
        return stems_of(self.words)

    @cached_property
    def words(self) -> frozenset[str]:
        """The text's folded words."""
        return self._words.folded

    @property
    def words_as_written(self) -> frozenset[str]:
        """The text's words as they stand, in normalised typography."""
        return self._words.different

    @cached_property
    def characters(self) -> frozenset[str]:
        """The text's characters, without regard to case."""
        return frozenset(unicodedata.normalize("NFC", self.text).casefold())

    @cached_property
    def countries(self) -> frozenset[str]:
        """ISO codes of the states that the text names."""
        return self._words.countries

    def has_word(self, word: str) -> bool:
        """Whether the text has a folded word, in any inflection; a month may be abbreviated."""
        return stem(word) in self.stems or (word in MONTHS and word[:3] in self.stems)

    def has_likeness(self, word: str) -> bool:
        """Whether the text has a folded word, or one that differs in its ending alone: `Norland`, `Norlanders`."""
        return any(stem(known) == stem(word) and abs(len(known) - len(word)) <= _ENDING for known in self.words)

    def has_initials(self, words: Sequence[str]) -> bool:
        """Whether the text calls something by the first letters of these words: `EU`, `U.S.`."""
        return "".join(word[0] for word in words).upper() in self._abbreviations

    @cached_property
    def _abbreviations(self) -> frozenset[str]:
        return frozenset(word.replace(".", "") for word in self._words.as_written if word.isupper())

    def nearest(self, words: str, evidence: Sequence[Evidence]) -> Span | None:
        """The occurrence of the words that is nearest to the evidence; the first one where they are equally near."""
        places = self.places(words)
        if len(places) < 2 or not evidence:
            return places[0] if places else None
        # A long text names its subject at thousands of places.
        beside = {place for found in evidence for place in _beside(places, found)}
        return min([(distance(place, evidence), place) for place in beside])[1]

    def names(self, words: str) -> bool:
        """Whether the words stand anywhere in the text."""
        return bool(self.places(words))

    def places(self, words: str) -> list[Span]:
        """Every place of the words in the text; looked up once."""
        places = self._places.get(words)
        if places is None:
            places = self._places[words] = self.grounded.occurrences(words)
        return places


def _beside(places: Sequence[Span], found: Evidence) -> Sequence[Span]:
    """The last of some ascending places that ends before the evidence begins, and the first that does not."""
    behind = bisect_left(places, (found.start,))
    if behind and places[behind - 1][1] >= found.start:
        behind -= 1
    return places[max(0, behind - 1) : behind + 1]


def distance(place: Span, evidence: Sequence[Evidence]) -> int:
    """The characters between a span and the nearest piece of evidence; 0 where they meet."""
    start, end = place
    return min([max(found.start - end, start - found.end, 0) for found in evidence], default=0)
