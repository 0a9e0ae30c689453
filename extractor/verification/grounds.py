"""What a claim rests on: its evidence, the sentences around it, and where the claim's words stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from extractor.numbers import Number
from extractor.schema.records import FieldSpan
from extractor.schema.spans import Evidence
from extractor.text import unseen
from extractor.verification.facts import Facts, Span
from extractor.verification.verdicts import Finding

_LONGEST_SHOWN = 200


class Grounds:
    """A claim's evidence in its article; collects where the claim's words stand as these are looked up.

    `sentences` are the spans of those around the evidence, and `told` is their text.
    """

    def __init__(self, facts: Facts, evidence: tuple[Evidence, ...]) -> None:
        self.facts = facts
        self.evidence = evidence
        self.spans: list[FieldSpan] = []
        self.sentences = [facts.sentence_around(found) for found in evidence]
        self.told = "\n\n".join(facts.text[start:end] for start, end in self.sentences)

    @cached_property
    def numbers_told(self) -> list[Number]:
        """The cardinal numbers of these sentences."""
        return [number for sentence in self.sentences for number in self.facts.numbers_within(sentence)]

    def word(self, field: str, words: str) -> Iterator[Finding]:
        """Whether the words are in the article; notes where, nearest to the evidence."""
        place = self.facts.nearest(words, self.evidence)
        if place is None:
            message = f"{shown(words)} is not in the article"
            yield Finding(field, "not_in_article", message, words, advice="copy its words, or null")
        elif self.hides_something(words, place):
            yield hiding(field, words)
        else:
            self.spans.append(FieldSpan(field=field, start=place[0], end=place[1]))

    def hides_something(self, words: str, place: Span) -> bool:
        """Whether words have characters that nobody sees, and that the article does not have at their place."""
        hidden = unseen(words)
        return bool(hidden) and hidden != unseen(self.facts.text[slice(*place)])

    def words(self, name: str, items: Sequence[str]) -> Iterator[Finding]:
        """The same for each item of a list."""
        for index, words in enumerate(items):
            yield from self.word(f"/{name}/{index}", words)


def hiding(field: str, words: str) -> Finding:
    """That words have characters that nobody sees, which the article does not have there."""
    message = f"{shown(words)} has characters that cannot be seen"
    return Finding(field, "unseen_characters", message, words, advice="copy the article's words without them, or null")


def shown(words: str) -> str:
    """The words in a message, which does not grow with them."""
    return repr(words if len(words) <= _LONGEST_SHOWN else words[:_LONGEST_SHOWN] + "...")
