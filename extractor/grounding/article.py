"""An article's text, prepared once, in which quotations and words are found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from extractor.grounding.alignment import SlippedPassages
from extractor.grounding.boundaries import places, sentence_starts
from extractor.grounding.normalisation import NormalForm, casefolded, may_be_pointed, normal_form, normalise
from extractor.schema.spans import Evidence
from extractor.schema.vocabulary import Match

_QUOTATION_MARKS = "\"'"
# Places of a quotation that are kept for the next record that has it in its evidence; one of more is looked for again.
_MOST_KEPT = 16


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
        self._kept: dict[tuple[str, tuple[int, int] | None], list[_Candidate]] = {}

    @property
    def normal(self) -> str:
        """The text's normal form."""
        return self._form.text

    @cached_property
    def _folded(self) -> NormalForm:
        return self._form.casefolded()

    @cached_property
    def _unpointed(self) -> NormalForm:
        return self._form.unpointed()

    @cached_property
    def _slipped(self) -> SlippedPassages:
        return SlippedPassages(self._form)

    @cached_property
    def _sentences(self) -> list[int]:
        return sentence_starts(self.text)

    def locate(
        self, quote: str, near: Sequence[tuple[int, int]] = (), window: tuple[int, int] | None = None
    ) -> Evidence | None:
        """The passage that a quotation names, or None where the article does not hold it.

        A quotation is found verbatim, else after normalisation, else with a few certain slips. One pair of quotation
        marks around it may be the model's own; Hebrew points and Arabic vowel signs may be lacking on one side.
        `near` holds spans of the record's other evidence: of a repeated passage the occurrence with the smallest gap
        to any of them is taken, else a verbatim one, else the first.
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
        found = self._kept.get((quote, window))
        if found is None:
            found = self._found(quote, window)
            if len(found) <= _MOST_KEPT:
                self._kept[quote, window] = found
        return found

    def _found(self, quote: str, window: tuple[int, int] | None) -> list[_Candidate]:
        sought = normalise(quote).strip()
        if not any(map(str.isalnum, sought)):
            return []
        bare = _without_quotation_marks(sought)
        for form, words in self._readings(sought, bare):
            found = self._verbatim(form, words, quote.strip(), window)
            if found:
                return found
        return self._fuzzy(bare, window)

    def _readings(self, sought: str, bare: str) -> Iterator[tuple[NormalForm, str]]:
        """The forms of the text in which a quotation may stand, each with the words that it then has."""
        yield self._form, sought
        if bare != sought:
            yield self._form, bare
        if not may_be_pointed(bare):
            return
        # Points may be left out on one side; pointed in two ways, they are other words.
        unpointed = normal_form(bare).unpointed().text
        if unpointed != bare:
            yield self._form, unpointed
        elif self._unpointed is not self._form:
            yield self._unpointed, bare

    def _verbatim(self, form: NormalForm, sought: str, quote: str, window: tuple[int, int] | None) -> list[_Candidate]:
        stretch = None if window is None else form.form_span(*window)
        spans = (form.source_span(start, end) for start, end in places(form, sought, stretch))
        return [
            _Candidate(start, end, Match.EXACT if self.text[start:end] == quote else Match.NORMALISED, 1.0)
            for start, end in spans
        ]

    def _fuzzy(self, sought: str, window: tuple[int, int] | None) -> list[_Candidate]:
        stretch = None if window is None else self._form.form_span(*window)
        return [
            _Candidate(*self._form.source_span(passage.start, passage.end), Match.FUZZY, passage.score)
            for passage in self._slipped.passages(sought, stretch)
        ]

    def _evidence(self, found: _Candidate | None) -> Evidence | None:
        if found is None:
            return None
        quote = self.text[found.start : found.end]
        return Evidence(quote=quote, start=found.start, end=found.end, match=found.match, score=found.score)


def _without_quotation_marks(quote: str) -> str:
    wrapped = len(quote) > 1 and quote[0] in _QUOTATION_MARKS and quote[-1] == quote[0]
    return quote[1:-1].strip() if wrapped else quote


def _best(candidates: Sequence[_Candidate], near: Sequence[tuple[int, int]]) -> _Candidate | None:
    if len(candidates) < 2:
        return candidates[0] if candidates else None

    def rank(candidate: _Candidate) -> tuple[int, bool, int]:
        gaps = (max(0, start - candidate.end, candidate.start - end) for start, end in near)
        return min(gaps, default=0), candidate.match is not Match.EXACT, candidate.start

    return min(candidates, key=rank)
