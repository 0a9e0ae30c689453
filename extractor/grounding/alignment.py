"""Finds the passages that a quotation names with a few slips, in time linear in the article's length.

A quotation is cut into pieces, of which one at least stands in the passage as it is; wherever a piece stands, the
words around are read once, one by one, and given up at the first difference that is not certain to be a slip
(`extractor.grounding.slips`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, cached_property
from heapq import nlargest
from itertools import islice
from typing import NamedTuple

from extractor.grounding.boundaries import is_word_boundary
from extractor.grounding.lexicon import ARTICLES
from extractor.grounding.normalisation import NormalForm, marks
from extractor.grounding.slips import (
    Word,
    english_share,
    first_difference,
    is_case_slip,
    is_join,
    is_punctuation_slip,
    is_spelling_slip,
)
from extractor.languages import facts, likeliest_language_of

_FEWEST_WORDS = 5
_WORDS_PER_SLIP = 8
_MOST_SLIPS = 3
_MOST_WINDOWS = 256
# By how many characters the words before a piece may be longer in the text than in the quotation.
_SHIFT = 64
# As much of a text as tells its language.
_ENOUGH_TEXT = 50_000
# Some 8 to 12 in 100 words of English news are among the few that `english_share` counts.
_ENGLISH_SHARE = 0.04
_EDGE_PUNCTUATION = frozenset(",.;:\"'()[]- ")
_SENTENCE_OPENING = frozenset(".!?:\"'")


@cache
def _word() -> re.Pattern[str]:
    return re.compile(rf"[\w{marks()}]+(?:'[\w{marks()}]+)*")


class Passage(NamedTuple):
    """A stretch of the normal form, the slips between it and its quotation, and their similarity below 1."""

    start: int
    end: int
    slips: int
    score: float


class _Quotation(NamedTuple):
    """A normalised quotation, its words, and how many slips it is allowed."""

    text: str
    words: list[Word]
    allowed: int


class _Window(NamedTuple):
    """Words of the normal form, among them, at a place, a piece of a quotation that begins with its nth word."""

    words: list[Word]
    place: int
    nth: int

    def starts(self, shift: int) -> range:
        """The places at which the quotation may begin, given by how many words slips may shift it."""
        start = self.place - self.nth
        return range(max(0, start - shift), min(len(self.words), start + shift + 1))


class _Fault(Exception):
    """The window differs from the quotation in more than slips."""


def words_of(text: str, low: int = 0, high: int | None = None) -> list[Word]:
    """The words of a normal form, or of a stretch of it, each with the gap before it."""
    words: list[Word] = []
    done = low
    for found in _word().finditer(text, low, len(text) if high is None else high):
        words.append(Word(found.group(), text[done : found.start()], found.start(), found.end()))
        done = found.end()
    return words


class SlippedPassages:
    """The passages of a normal form that differ from a quotation in slips."""

    def __init__(self, form: NormalForm) -> None:
        self.form = form

    @cached_property
    def may_be_english(self) -> bool:
        """Whether the text has most words in common with English, or with no language that is known."""
        return likeliest_language_of(self.form.text) in {None, "en"}

    @cached_property
    def is_english(self) -> bool:
        """Whether the text, as far as it is read for this, is English beyond doubt."""
        return self.may_be_english and english_share(_word().findall(self.form.text, 0, _ENOUGH_TEXT)) >= _ENGLISH_SHARE

    def passages(self, quote: str, stretch: tuple[int, int] | None = None) -> list[Passage]:
        """The passages that fit a normalised quotation with the fewest slips, in order of the text.

        Given a stretch of the form, only those within it. The score is 1 less the slips per word of the quotation.
        """
        low, high = stretch or (0, len(self.form.text))
        spans = [found.span() for found in _word().finditer(quote)]
        if len(spans) < _FEWEST_WORDS:
            return []
        allowed = min(_MOST_SLIPS, -(-len(spans) // _WORDS_PER_SLIP))
        windows = self._windows(quote, spans, allowed, (low, high))
        if not windows:
            return []
        sought = _Quotation(quote, words_of(quote), allowed)
        fits = {}
        for window in windows:
            for start in window.starts(allowed):
                passage = _Reading(self, sought, window.words, start).passage()
                if passage and low <= passage.start and passage.end <= high:
                    fits[passage.start, passage.end] = passage
        fewest = min((fit.slips for fit in fits.values()), default=0)
        return sorted(fit for fit in fits.values() if fit.slips == fewest)

    def _windows(
        self, quote: str, spans: list[tuple[int, int]], allowed: int, stretch: tuple[int, int]
    ) -> list[_Window]:
        """The words around each place of each piece of a quotation."""
        text = self.form.text
        windows = []
        for first, last in _pieces(len(spans), allowed):
            start, end = spans[first][0], spans[last][1]
            for at in _likeliest(text, quote, (start, end), _occurrences(text, quote[start:end], stretch)):
                nearby = _words_around(text, at - start, at + len(quote) - start)
                windows.append(_Window(nearby, bisect_left(nearby, at, key=lambda word: word.start), first))
        return windows


def _pieces(count: int, allowed: int) -> Iterator[tuple[int, int]]:
    """The first and the last words of pieces of a quotation of so many words, of which one has none of the slips.

    There is one piece more than slips, and a word between any two: a slip spoils at most two words, which are
    neighbours, and so one piece.
    """
    pieces = allowed + 1
    size, longer = divmod(count - allowed, pieces)
    first = 0
    for number in range(pieces):
        last = first + size + (number < longer) - 1
        yield first, last
        first = last + 2


def _occurrences(text: str, piece: str, stretch: tuple[int, int]) -> Iterator[int]:
    """Where a piece stands in a stretch of a text; whether it begins and ends with a word is left to its reader."""
    low, high = stretch
    # Without a limit the time for a long piece of a periodic text would be the product of their lengths.
    readable = 1_000_000 + 8 * (high - low)
    at = text.find(piece, low, high)
    while at >= 0 and readable > 0:
        yield at
        readable -= len(piece)
        at = text.find(piece, at + 1, high)


def _likeliest(text: str, quote: str, piece: tuple[int, int], places: Iterator[int]) -> list[int]:
    """Of very many places of a piece those around which most of the quotation goes on."""
    few = list(islice(places, _MOST_WINDOWS))
    rest = list(places) if len(few) == _MOST_WINDOWS else []
    if not rest:
        return few
    start, end = piece

    def agreement(at: int) -> int:
        before = text[max(0, at - start) : at][::-1]
        after = text[at + end - start : at + len(quote) - start]
        return first_difference(before, quote[:start][::-1]) + first_difference(after, quote[end:])

    return sorted(nlargest(_MOST_WINDOWS, few + rest, key=agreement))


def _words_around(text: str, low: int, high: int) -> list[Word]:
    """The words of a stretch and of as much beside it as slips may shift a passage by; none is cut in two."""
    low, high = max(0, low - _SHIFT), min(len(text), high + _SHIFT)
    words = words_of(text, low, high)
    cut_first = words[:1] and low > 0 and words[0].start == low
    cut_last = words[:1] and high < len(text) and words[-1].end == high
    return words[1 if cut_first else 0 : -1 if cut_last else None]


class _Reading:
    """One window read against one quotation."""

    def __init__(self, text: SlippedPassages, sought: _Quotation, nearby: list[Word], start: int) -> None:
        self._text, self._form, self._passage_words, self._first = text, text.form, nearby, start
        self._quote, self._words, self._allowed = sought
        self._at, self._place, self._slips = 0, start, 0
        self._article_lacks: str | None = None

    def passage(self) -> Passage | None:
        """The window's passage, or None where it differs in more than the slips allowed."""
        try:
            while self._at < len(self._words):
                self._read_word()
            start, end = self._left_edge(), self._right_edge()
        except (_Fault, IndexError):
            return None
        if not (self._slips and is_word_boundary(self._form, start) and is_word_boundary(self._form, end)):
            return None
        return Passage(start, end, self._slips, 1 - self._slips / len(self._words))

    def _slip(self) -> None:
        self._slips += 1
        if self._slips > self._allowed:
            raise _Fault

    def _read_word(self) -> None:
        one, other = self._words[self._at], self._passage_words[self._place]
        if self._at:
            self._read_gap(one.gap, other.gap)
        if one.text != other.text:
            self._read_slip(one, other)
        self._at += 1
        self._place += 1

    def _read_gap(self, one: str, other: str) -> None:
        if one == other:
            return
        left, right = self._words[self._at - 1], self._words[self._at]
        if not is_punctuation_slip(left, right, one, other) or self._tells_facts(left, right, reporting=True):
            raise _Fault
        self._slip()

    def _read_slip(self, one: Word, other: Word) -> None:
        self._slip()
        opens = not self._at or bool(_SENTENCE_OPENING.intersection(other.gap))
        in_case = opens and is_case_slip(one.text, other.text)
        # What language the text is in is asked last: to find out costs most.
        if not (in_case or self._may_be_slip(one, other)) or self._tells_facts(one, other):
            raise _Fault
        if in_case:
            return
        if not self._is_english() or (one.text in ARTICLES and other.text in ARTICLES):
            raise _Fault
        if is_spelling_slip(one, other) or self._reads_join(one, other):
            return
        self._read_article(one, other)

    def _may_be_slip(self, one: Word, other: Word) -> bool:
        if one.text in ARTICLES or other.text in ARTICLES:
            return True
        return is_spelling_slip(one, other) or self._joins_quotation(one, other) or self._joins_passage(one, other)

    def _is_english(self) -> bool:
        if self._text.is_english:
            return True
        return self._text.may_be_english and english_share([word.text for word in self._words]) > 0

    def _tells_facts(self, *words: Word, reporting: bool = False) -> bool:
        """Whether one of the words carries a fact in another language, where the article may be in one."""
        if self._text.is_english:
            return False
        return any(facts.is_fact(word.text) or (reporting and facts.is_reporting(word.text)) for word in words)

    def _read_article(self, one: Word, other: Word) -> None:
        """Passes over an article that one side lacks; both ways in one quotation, it would be a word moved."""
        # The words before a quotation may hold what its added article hides ("no expulsion" as "the expulsion").
        if not self._at:
            raise _Fault
        before = self._words[self._at - 1]
        if one.text in ARTICLES and self._article_lacks in {None, "passage"}:
            self._article_lacks = "passage"
            self._at = _skip_article(before, self._words, self._at, other)
        elif other.text in ARTICLES and self._article_lacks in {None, "quotation"}:
            self._article_lacks = "quotation"
            self._place = _skip_article(before, self._passage_words, self._place, one)
        else:
            raise _Fault

    def _reads_join(self, one: Word, other: Word) -> bool:
        if self._joins_quotation(one, other):
            self._at += 1
        elif self._joins_passage(one, other):
            self._place += 1
        else:
            return False
        return True

    def _joins_quotation(self, one: Word, other: Word) -> bool:
        """Whether the passage writes together two words of the quotation."""
        return self._at + 1 < len(self._words) and is_join(other, one, self._words[self._at + 1])

    def _joins_passage(self, one: Word, other: Word) -> bool:
        """Whether the quotation writes together two words of the passage."""
        following = self._passage_words[self._place + 1 : self._place + 2]
        return bool(following) and is_join(one, other, following[0])

    def _left_edge(self) -> int:
        first, lead = self._passage_words[self._first], self._quote[: self._words[0].start]
        start = first.start - len(lead)
        if start >= 0 and self._form.text[start : first.start] == lead:
            return start
        self._check_edge(lead, self._words[0], self._form.text[first.start - 1 : first.start])
        return first.start

    def _right_edge(self) -> int:
        last, tail = self._passage_words[self._place - 1], self._quote[self._words[-1].end :]
        end = last.end + len(tail)
        if self._form.text[last.end : end] == tail:
            return end
        self._check_edge(tail, self._words[-1], self._form.text[last.end : last.end + 1])
        return last.end

    def _check_edge(self, punctuation: str, word: Word, beside: str) -> None:
        """An edge may differ in plain punctuation, but a number keeps its sign and its unit, a question its mark."""
        signed = word.has_digit and ("-" in punctuation or (beside and beside not in _EDGE_PUNCTUATION - {"-"}))
        if signed or beside == "?" or not _EDGE_PUNCTUATION.issuperset(punctuation):
            raise _Fault
        self._slip()


def _skip_article(before: Word, words: list[Word], at: int, same: Word) -> int:
    """The place of the word behind an article that the other side lacks; it must be the other side's word.

    Between two capitalised words an article would stand within a name.
    """
    follower = words[at + 1]
    within_name = before.text[0].isupper() and follower.text[0].isupper()
    if follower.text != same.text or follower.gap != " " or follower.is_counted_or_dated or within_name:
        raise _Fault
    return at + 1
