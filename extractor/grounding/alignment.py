"""Finds the passages that a quotation names with a few slips, in time linear in the article's words.

Windows come from the quotation's rarest words; each is read once, word by word, and given up at the first difference
that is not certain to be a slip (`extractor.grounding.slips`).
"""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extractor.grounding.boundaries import is_word_boundary
from extractor.grounding.lexicon import ARTICLES
from extractor.grounding.normalisation import MARKS, NormalForm
from extractor.grounding.slips import (
    Word,
    english_share,
    is_case_slip,
    is_join,
    is_punctuation_slip,
    is_spelling_slip,
)
from extractor.languages import facts, likeliest_language_of

_WORD = re.compile(rf"[\w{MARKS}]+(?:'[\w{MARKS}]+)*")
_FEWEST_WORDS = 5
_WORDS_PER_SLIP = 8
_MOST_SLIPS = 3
_MOST_WINDOWS = 256
# Some 8 to 12 in 100 words of English news are among the few that `english_share` counts.
_ENGLISH_SHARE = 0.04
_EDGE_PUNCTUATION = frozenset(",.;:\"'()[]- ")
_SENTENCE_OPENING = frozenset(".!?:\"'")


class Passage(NamedTuple):
    """A stretch of the normal form, the slips between it and its quotation, and their similarity below 1."""

    start: int
    end: int
    slips: int
    score: float


class _Fault(Exception):
    """The window differs from the quotation in more than slips."""


def words_of(text: str) -> list[Word]:
    """The words of a normal form, each with the gap before it."""
    words: list[Word] = []
    done = 0
    for found in _WORD.finditer(text):
        words.append(Word(found.group(), text[done : found.start()], found.start(), found.end()))
        done = found.end()
    return words


class WordIndex:
    """A normal form's words with the places of each, made once."""

    def __init__(self, form: NormalForm) -> None:
        self.form = form
        self.words = words_of(form.text)
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self.words):
            self._places[word.text.casefold()].append(place)
        self.may_be_english = likeliest_language_of(form.text) in {None, "en"}
        self.is_english = self.may_be_english and english_share(self.words) >= _ENGLISH_SHARE

    def passages(self, quote: str, stretch: tuple[int, int] | None = None) -> list[Passage]:
        """The passages that fit a normalised quotation with the fewest slips, in order of the text.

        Given a stretch of the form, only those within it. The score is 1 less the slips per word of the quotation.
        """
        low, high = stretch or (0, len(self.form.text))
        words = words_of(quote)
        if len(words) < _FEWEST_WORDS:
            return []
        allowed = min(_MOST_SLIPS, -(-len(words) // _WORDS_PER_SLIP))
        fits = {}
        for start in self._window_starts(words, allowed, self._words_within(low, high)):
            passage = _Reading(self, quote, words, start, allowed).passage()
            if passage and low <= passage.start and passage.end <= high:
                fits[passage.start, passage.end] = passage
        fewest = min((fit.slips for fit in fits.values()), default=0)
        return sorted(fit for fit in fits.values() if fit.slips == fewest)

    def _words_within(self, low: int, high: int) -> range:
        """The numbers of the words that begin within a stretch of the form."""
        if (low, high) == (0, len(self.form.text)):
            return range(len(self.words))
        first, behind = (bisect_left(self.words, at, key=lambda word: word.start) for at in (low, high))
        return range(first, behind)

    def _window_starts(self, words: list[Word], allowed: int, among: range) -> Iterator[int]:
        """The words at which a passage may begin, from the quotation's rarest words.

        A slip spoils at most two words, so one word more than two for each slip finds every passage.
        """
        anchors = [(_within(self._places.get(word.text.casefold(), ()), among), at) for at, word in enumerate(words)]
        known = sorted((anchor for anchor in anchors if anchor[0]), key=lambda anchor: len(anchor[0]))
        if len(anchors) - len(known) > 2 * allowed:
            return
        votes = Counter(place - at for places, at in known[: 2 * allowed + 1] for place in places)
        likeliest = heapq.nsmallest(_MOST_WINDOWS, votes, key=lambda start: (-votes[start], start))
        starts = {start + shift for start in likeliest for shift in range(-allowed, allowed + 1)}
        yield from sorted(start for start in starts if start in among)


def _within(places: Sequence[int], among: range) -> Sequence[int]:
    """Those of some ascending places that are in a range."""
    if not places or (among.start <= places[0] and places[-1] < among.stop):
        return places
    return places[bisect_left(places, among.start) : bisect_left(places, among.stop)]


class _Reading:
    """One window read against one quotation."""

    def __init__(self, index: WordIndex, quote: str, words: list[Word], start: int, allowed: int) -> None:
        self._form, self._passage_words, self._first = index.form, index.words, start
        self._quote, self._words, self._allowed = quote, words, allowed
        self._english = index.is_english or (index.may_be_english and english_share(words) > 0)
        self._certainly_english = index.is_english
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
        if self._tells_facts(one, other):
            raise _Fault
        opens = not self._at or bool(_SENTENCE_OPENING.intersection(other.gap))
        if opens and is_case_slip(one.text, other.text):
            return
        if not self._english or (one.text in ARTICLES and other.text in ARTICLES):
            raise _Fault
        if is_spelling_slip(one, other) or self._reads_join(one, other):
            return
        self._read_article(one, other)

    def _tells_facts(self, *words: Word, reporting: bool = False) -> bool:
        """Whether one of the words carries a fact in another language, where the article may be in one."""
        if self._certainly_english:
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
        if self._at + 1 < len(self._words) and is_join(other, one, self._words[self._at + 1]):
            self._at += 1
        elif self._place + 1 < len(self._passage_words) and is_join(one, other, self._passage_words[self._place + 1]):
            self._place += 1
        else:
            return False
        return True

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
