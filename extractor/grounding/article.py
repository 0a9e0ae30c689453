"""An article's text, prepared once, in which quotations and words are found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from extractor.grounding.alignment import WordIndex
from extractor.grounding.boundaries import places, sentence_starts
from extractor.grounding.normalisation import NormalForm, casefolded, normal_form, normalise
from extractor.schema.spans import Evidence
from extractor.schema.vocabulary import Match

_QUOTATION_MARKS = "\"'"


class _Candidate(NamedTuple):
    """A place where a quotation may stand."""

    start: int
    end: int
    match: Match
    score: float

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


class GroundedText:
    """An article's text, prepared once, in which quotations are found with true offsets.

    Offsets count Unicode code points of `text`. Preparing it takes time linear in its length; so does each search.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._form = normal_form(text)

    @cached_property
    def _folded(self) -> NormalForm:
        return self._form.casefolded()

    @cached_property
    def _index(self) -> WordIndex:
        return WordIndex(self._form)

    @cached_property
    def _sentences(self) -> list[int]:
        return sentence_starts(self.text)

    def locate(
        self, quote: str, near: Sequence[tuple[int, int]] = (), window: tuple[int, int] | None = None
    ) -> Evidence | None:
        """The passage that a quotation names, or None where the article does not hold it.

        A quotation is found verbatim, else after normalisation, else with a few certain slips. One pair of quotation
        marks around it may be the model's own. `near` holds spans of the record's other evidence: of a repeated
        passage the occurrence with the smallest gap to any of them is taken, else a verbatim one, else the first.
        Given a `window` of the text, the passage must stand within it.
        """
        return self._evidence(_best(self._candidates(quote, window), near))

    def locate_all(self, quotes: Sequence[str], window: tuple[int, int] | None = None) -> list[Evidence | None]:
        """The passages of one record's quotations, in their order, each as `locate` finds it.

        Quotations that occur once fix the place and repeated ones resolve near them; where all are repeated, the
        first one's place is fixed first. Given a `window` of the text, all must stand within it.
        """
        candidates = [self._candidates(quote, window) for quote in quotes]
        fixed = [found[0].span for found in candidates if len(found) == 1]
        if not fixed:
            fixed = [best.span for best in (_best(found, ()) for found in candidates) if best][:1]
        return [self._evidence(_best(found, fixed)) for found in candidates]

    def occurrences(self, words: str) -> list[tuple[int, int]]:
        """Every place of some words, word-bounded, after normalisation and without regard to case.

        Blank words have no place.
        """
        sought = casefolded(normalise(words)).strip()
        if not sought:
            return []
        return [self._folded.source_span(start, end) for start, end in places(self._folded, sought)]

    def contains(self, words: str) -> bool:
        """Whether `occurrences` finds the words anywhere."""
        return bool(self.occurrences(words))

    def sentence_around(self, start: int, end: int) -> tuple[int, int]:
        """The span of the sentences or lines that enclose a span, without the white space around them.

        Raises ValueError where the span does not lie within the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"({start}, {end}) is no span of a text of {len(self.text)} characters")
        first = self._sentences[bisect_right(self._sentences, start) - 1]
        following = bisect_right(self._sentences, max(start, end - 1))
        last = self._sentences[following] if following < len(self._sentences) else len(self.text)
        enclosing = self.text[first:last]
        opening = first + len(enclosing) - len(enclosing.lstrip())
        return min(start, opening), max(end, first + len(enclosing.rstrip()))

    def _candidates(self, quote: str, window: tuple[int, int] | None) -> list[_Candidate]:
        sought = normalise(quote).strip()
        if not any(map(str.isalnum, sought)):
            return []
        stretch = None if window is None else self._form.form_span(*window)
        found = self._verbatim(sought, quote.strip(), stretch)
        bare = _without_quotation_marks(sought)
        if not found and bare != sought:
            found = self._verbatim(bare, quote.strip(), stretch)
        return found or self._fuzzy(bare, stretch)

    def _verbatim(self, sought: str, quote: str, stretch: tuple[int, int] | None) -> list[_Candidate]:
        spans = (self._form.source_span(start, end) for start, end in places(self._form, sought, stretch))
        return [
            _Candidate(start, end, Match.EXACT if self.text[start:end] == quote else Match.NORMALISED, 1.0)
            for start, end in spans
        ]

    def _fuzzy(self, sought: str, stretch: tuple[int, int] | None) -> list[_Candidate]:
        return [
            _Candidate(*self._form.source_span(passage.start, passage.end), Match.FUZZY, passage.score)
            for passage in self._index.passages(sought, stretch)
        ]

    def _evidence(self, found: _Candidate | None) -> Evidence | None:
        if found is None:
            return None
        quote = self.text[found.start : found.end]
        return Evidence(quote=quote, start=found.start, end=found.end, match=found.match, score=found.score)


def _without_quotation_marks(quote: str) -> str:
    wrapped = len(quote) > 1 and quote[0] in _QUOTATION_MARKS and quote[-1] == quote[0]
    return quote[1:-1].strip() if wrapped else quote


def _best(candidates: Iterable[_Candidate], near: Sequence[tuple[int, int]]) -> _Candidate | None:
    def rank(candidate: _Candidate) -> tuple[int, bool, int]:
        gaps = (max(0, start - candidate.end, candidate.start - end) for start, end in near)
        return min(gaps, default=0), candidate.match is not Match.EXACT, candidate.start

    return min(candidates, key=rank, default=None)
