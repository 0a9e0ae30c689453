"""What claims are held against: an article's text, prepared once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from extractor.grounding import GroundedText
from extractor.numbers import numbers_in
from extractor.quotation import quoted_regions
from extractor.schema.spans import Evidence
from extractor.verification.wording import MONTHS, all_folded, countries_in, stem

Span = tuple[int, int]
FIGURES = re.compile(r"\d+(?:[.,:]\d+)*")


class Facts:
    """An article's text with what checks look up in it, each found at its first use."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.grounded = GroundedText(text)
        self._places: dict[str, list[Span]] = {}

    @cached_property
    def quoted(self) -> list[Span]:
        """The regions of the text that stand in quotation marks."""
        return quoted_regions(self.text)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The cardinal numbers of the text."""
        return frozenset(number.value for number in numbers_in(self.text))

    @cached_property
    def figures(self) -> frozenset[str]:
        """All runs of digits in the text, counts or not."""
        return frozenset(FIGURES.findall(self.text))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of the text's words."""
        return frozenset(map(stem, all_folded(self.text)))

    @cached_property
    def countries(self) -> frozenset[str]:
        """ISO codes of the states that the text names."""
        return countries_in(self.text)

    def has_word(self, word: str) -> bool:
        """Whether the text has a folded word, in any inflection; a month may be abbreviated."""
        return stem(word) in self.stems or (word in MONTHS and word[:3] in self.stems)

    def nearest(self, words: str, evidence: Sequence[Evidence]) -> Span | None:
        """The occurrence of the words that is nearest to the evidence."""
        places = self._places.get(words)
        if places is None:
            places = self._places[words] = self.grounded.occurrences(words)
        return min(places, key=lambda place: (distance(place, evidence), place), default=None)


def distance(place: Span, evidence: Sequence[Evidence]) -> int:
    """The characters between a span and the nearest piece of evidence; 0 where they meet."""
    gaps = (max(found.start - place[1], place[0] - found.end, 0) for found in evidence)
    return min(gaps, default=0)
