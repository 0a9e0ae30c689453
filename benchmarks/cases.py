"""The cases of grounding: what is asked of which text, and where it stands in it, if anywhere."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.texts import FRENCH, NIQQUD, SCRIPTS, TURKISH, VIETNAMESE, Sample
from extractor.grounding import GroundedText, normalise

ROOT = Path(__file__).parents[1]
Span = tuple[int, int]
Change = Callable[[str], str]

# Curly marks and dashes in plain typography, and spaces that are none of a keyboard's.
PLAIN = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "\u00a0": " "})
_CURLED = ((r'(?<!\S)"|(?<=[(\[])"', "“"), (r'"', "”"), (r"(?<!\S)'", "‘"), (r"'", "’"))
_SOFT_HYPHEN, _NO_BREAK_SPACE = "\u00ad", "\u00a0"
_NIQQUD = re.compile("[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]")
_MARKS = "\u05b0-\u05bc\u05c1\u05c2"

FACTS = {
    "one number changed": (
        (r"\b35\b", "53"), (r"\b31\b", "13"), (r"\b72\b", "27"), (r"\b96\b", "69"), (r"\b20(\d\d)\b", r"19\1"),
        (r"[Tt]hirty-five", "forty-five"), (r"\btwo\b", "three"), (r"\bnine\b", "seven"), (r"\bfour\b", "five"),
    ),
    "one day or month changed": (
        (r"\bThursday\b", "Tuesday"), (r"\bFriday\b", "Monday"), (r"\bSaturday\b", "Sunday"),
        (r"\bMonday\b", "Friday"), (r"\bDecember\b", "October"), (r"\bJanuary\b", "February"), (r"\bJune\b", "July"),
    ),
    "one actor changed": (
        (r"\bPutin\b", "Lavrov"), (r"\bObama\b", "Clinton"), (r"\bLavrov\b", "Putin"), (r"\bTrump\b", "Obama"),
        (r"\bRussia\b", "Ukraine"), (r"\bMoscow\b", "London"), (r"\bUS\b", "UK"), (r"\bWashington\b", "Berlin"),
    ),
    "one negation changed": (
        (r"\bwon't\b", "will"), (r"\bwill not\b", "will"), (r"\bwill\b(?! not)", "won't"), (r"\bhas\b", "has not"),
        (r"\bwas\b", "was not"), (r"\bwere\b", "were not"), (r"\bdenies\b", "confirms"),
        (r"\bdenied\b", "confirmed"), (r"\bis\b", "is not"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Quotation:
    """A quotation and every place where it stands; none where the text does not hold it."""

    words: str
    places: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Case:
    """Quotations that are asked of a text in one go, as those of one record are."""

    group: str
    text: str
    quotations: tuple[Quotation, ...]


def cases(smoke: bool = False) -> list[Case]:
    """All the cases, in the order of their groups; for the smoke run some of each group."""
    made = [case for make in _MAKERS for case in make()]
    if not smoke:
        return made
    groups = dict.fromkeys(case.group for case in made)
    return [case for group in groups for case in [one for one in made if one.group == group][:6]]


@cache
def articles() -> tuple[tuple[str, tuple[Span, ...]], ...]:
    """The seeds' texts, each with its sentences' spans."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt")))
    return tuple((text, sentence_spans(text)) for text in texts)


def sentence_spans(text: str) -> tuple[Span, ...]:
    """The spans of a text's sentences, line by line."""
    grounded = GroundedText(text)
    spans = (grounded.sentence_around(*word.span()) for word in re.finditer(r"\w+", text))
    return tuple(dict.fromkeys(spans))


def core(text: str, span: Span) -> Span:
    """A span without the punctuation and the spaces at its edges, which no tool is held to."""
    low, high = span
    while low < high and not _is_word(text[low]):
        low += 1
    while low < high and not _is_word(text[high - 1]):
        high -= 1
    return low, high


def _is_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _places(text: str, words: str) -> tuple[Span, ...]:
    """Everywhere some words stand, with whatever space between them."""
    return tuple(found.span() for found in re.finditer(r"\s+".join(map(re.escape, words.split())), text))


def _verbatim() -> Iterator[Case]:
    for group in ("verbatim, in order", "verbatim, shuffled"):
        for text, spans in articles():
            asked = list(spans) if "order" in group else random.Random(0).sample(spans, len(spans))
            quotations = [text[start:end] for start, end in asked]
            yield Case(group, text, tuple(Quotation(words, _places(text, words)) for words in quotations))


def _changed(group: str, text: str, spans: tuple[Span, ...], of_text: Change, of_quote: Change) -> Iterator[Case]:
    """The sentences in whose text or quotation a change makes a difference, one by one.

    A change of the text is made of each character, so that the places can be told.
    """
    pieces = [of_text(character) for character in text]
    ends = [0]
    for piece in pieces:
        ends.append(ends[-1] + len(piece))
    changed = "".join(pieces)
    for start, end in spans:
        words = of_quote(text[start:end])
        if words != changed[ends[start] : ends[end]]:
            same = _places(text, text[start:end])
            yield Case(group, changed, (Quotation(words, tuple((ends[low], ends[high]) for low, high in same)),))


def _as_is(text: str) -> str:
    return text


def _straightened(text: str) -> str:
    return text.translate(PLAIN)


def _curled(text: str) -> str:
    for straight, curly in _CURLED:
        text = re.sub(straight, curly, text)
    return text


def _typography() -> Iterator[Case]:
    for text, spans in articles():
        yield from _changed("curly in the text, straight in the quotation", text, spans, _as_is, _straightened)
    for text, spans in articles():
        plain = _straightened(text)
        yield from _changed("straight in the text, curly in the quotation", plain, spans, _as_is, _curled)


def _absent() -> Iterator[Case]:
    for at, (_, spans) in enumerate(articles()):
        own = articles()[at][0]
        other = articles()[(at + 1) % len(articles())][0]
        for start, end in spans:
            if normalise(own[start:end]).strip("\"'. ") not in normalise(other):
                yield Case("a sentence of another article", other, (Quotation(own[start:end]),))


def _facts() -> Iterator[Case]:
    for group, changes in FACTS.items():
        for text, spans in articles():
            flips = {re.sub(fact, other, text[a:b], count=1) for a, b in spans for fact, other in changes}
            untrue = sorted(flip for flip in flips if normalise(flip) not in normalise(text))
            yield from (Case(group, text, (Quotation(flip),)) for flip in untrue)


def _repeated() -> Iterator[Case]:
    """A sentence that stands three times, alone, and with the sentence after one of its places."""
    for text, spans in articles():
        sentences = [text[start:end] for start, end in spans if end - start > 40 and text.count(text[start:end]) == 1]
        for words, *others in zip(sentences[::4], sentences[1::4], sentences[2::4], sentences[3::4], strict=False):
            whole = " ".join(f"{words} {other}" for other in others)
            places = _places(whole, words)
            yield Case("repeated, alone", whole, (Quotation(words, places),))
            for place, other in zip(places, others, strict=True):
                beside = (Quotation(words, (place,)), Quotation(other, _places(whole, other)))
                yield Case("repeated, beside a neighbour", whole, beside)


def _spaces() -> Iterator[Case]:
    for text, spans in articles():
        yield from _changed("line breaks in the text", *_wrapped(text, spans, "\n"), _as_is, _one_line)
        yield from _changed("no-break spaces in the text", *_wrapped(text, spans, _NO_BREAK_SPACE), _as_is, _one_line)
        yield from _changed("line breaks in the quotation", text, spans, _as_is, _second_space_broken)


def _wrapped(text: str, spans: tuple[Span, ...], space: str) -> tuple[str, tuple[Span, ...]]:
    """The text with every third space another."""
    count = iter(range(len(text)))
    return re.sub(" ", lambda _: space if next(count) % 3 == 2 else " ", text), spans


def _one_line(text: str) -> str:
    return re.sub(r"\s", " ", text)


def _second_space_broken(text: str) -> str:
    return re.sub(r"(\S+ \S+) ", r"\1\n", text)


def _scripts() -> Iterator[Case]:
    for sample in SCRIPTS:
        yield from _of_sample(sample, sample.language)


def _of_sample(sample: Sample, group: str) -> Iterator[Case]:
    """Its sentences together, its clauses one by one, and its sentences with a fact changed."""
    text = sample.text
    yield Case(group, text, tuple(Quotation(words, _places(text, words)) for words in reversed(sample.sentences)))
    for sentence in sample.sentences:
        for clause in re.split("[,:،，：、]", sentence):
            words = clause.strip(' .。"“”「」«»״')
            yield Case(group, text, (Quotation(words, _places(text, words)),))
    for words in sample.false_sentences():
        yield Case(f"{group}, one fact changed", text, (Quotation(words),))


def _composed() -> Iterator[Case]:
    for sample in (FRENCH, VIETNAMESE, TURKISH):
        yield from _changed("decomposed in the text (NFD)", sample.text, tuple(sample.spans), _decomposed, _as_is)
        yield from _changed("decomposed in the quotation (NFD)", sample.text, tuple(sample.spans), _as_is, _decomposed)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _niqqud() -> Iterator[Case]:
    yield from _of_sample(NIQQUD, "niqqud")
    spans = tuple(NIQQUD.spans)
    yield from _changed("niqqud in another order", NIQQUD.text, spans, _as_is, _reordered)
    yield from _changed("niqqud in the text alone", NIQQUD.text, spans, _as_is, _without_niqqud)
    yield from _changed("niqqud in the quotation alone", NIQQUD.text, spans, _without_niqqud, _as_is)


def _reordered(text: str) -> str:
    """The marks of each letter the other way round, as another keyboard gives them."""
    return re.sub(f"[{_MARKS}]{{2,}}", lambda found: found.group()[::-1], text)


def _without_niqqud(text: str) -> str:
    return _NIQQUD.sub("", text)


def _soft_hyphens() -> Iterator[Case]:
    for text, spans in articles():
        chosen = spans[::3]
        yield from _changed("soft hyphens in the text", text, chosen, _soft_hyphenated, _as_is)
        yield from _changed("soft hyphens in the quotation", text, chosen, _as_is, _softly_divided)


def _soft_hyphenated(character: str) -> str:
    return character + _SOFT_HYPHEN if character in "aeio" else character


def _softly_divided(text: str) -> str:
    return re.sub(r"(?<=\w\w)(?=\w{3})", _SOFT_HYPHEN, text)


def _dotted() -> Iterator[Case]:
    yield from _of_sample(TURKISH, "Turkish dotted I")


_MAKERS = (
    _verbatim, _typography, _absent, _facts, _repeated, _spaces, _scripts, _composed, _niqqud, _soft_hyphens, _dotted
)  # fmt: skip
