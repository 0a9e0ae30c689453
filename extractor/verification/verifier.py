"""Claims held against one article."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from extractor.schema.spans import Evidence
from extractor.verification import checks, passages
from extractor.verification.facts import Facts, Span
from extractor.verification.grounds import Grounds
from extractor.verification.verdicts import AnyClaim, Verdict

# More passages than may be given, so that a wrong one among the first costs no right one; but not any number.
_MOST_LOCATED = 10


class Verifier:
    """Holds claims against one article's text, which is prepared once."""

    def __init__(self, text: str) -> None:
        self.facts = Facts(text)
        self.window: Span | None = None

    @property
    def text(self) -> str:
        """The article's text."""
        return self.facts.text

    def within(self, start: int, end: int) -> Verifier:
        """A verifier for claims about a part of the article: their evidence must stand in it, all else anywhere.

        The preparation of the text is shared.
        """
        verifier = copy.copy(self)
        verifier.window = start, end
        return verifier

    def verify(self, claim: AnyClaim) -> Verdict:
        """Hold one claim against the text."""
        located = self.facts.grounded.locate_all(claim.evidence[:_MOST_LOCATED], self.window)
        evidence = tuple(found for found in located if found is not None)
        grounds = Grounds(self.facts, evidence)
        findings = (*passages.findings(self.facts, claim, located), *checks.findings(grounds, claim))
        ordered = tuple(sorted(set(evidence), key=lambda found: (found.start, found.end)))
        return Verdict(claim, ordered, tuple(grounds.spans), findings)

    def nearest(self, words: str, evidence: Sequence[Evidence]) -> Span | None:
        """The occurrence of the words, anywhere in the text, that is nearest to the evidence."""
        return self.facts.nearest(words, evidence)
