"""The checks of a claim's evidence: few passages, each of which stands in the article and says something by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from extractor.schema.claims import Claim
from extractor.schema.spans import Evidence
from extractor.verification import wording
from extractor.verification.facts import Facts
from extractor.verification.verdicts import Finding

MAX_EVIDENCE = 3
_LONGEST_CLAUSE = 300
# Letters and digits that a passage must have to say anything; fewer where a character is a word.
_SHORTEST_EVIDENCE = 8
_SHORTEST_EVIDENCE_UNSPACED = 4
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def findings(facts: Facts, claim: Claim, located: Sequence[Evidence | None]) -> Iterator[Finding]:
    """What is wrong with a claim's evidence, given where each passage stands."""
    for index, quote in enumerate(claim.evidence):
        field, found = f"/evidence/{index}", located[index] if index < len(located) else None
        if index >= MAX_EVIDENCE and (found or index >= len(located)):
            yield Finding(field, "too_much_evidence", f"give at most {MAX_EVIDENCE} passages", quote)
        elif found is None:
            message = "this passage is not in the article as it stands"
            yield Finding(field, "not_in_article", message, quote, advice="copy one contiguous passage")
        elif _is_too_short(quote):
            yield Finding(
                field, "too_short", f"{quote!r} is too short to say anything", quote, advice="copy the sentence"
            )
        elif turning := _cut_off(facts, found):
            message = f"it begins behind {turning!r}, without which it says something else"
            yield Finding(field, "cut_off", message, quote, advice="copy the whole sentence")
    if not any(found is not None for found in located):
        yield Finding(None, "no_evidence", "no passage of its evidence is in the article")


def _cut_off(facts: Facts, found: Evidence) -> str | None:
    """The word before a passage, in its own clause, that turns around what the passage says."""
    start, _ = facts.sentence_around(found)
    if start >= found.start:
        return None
    return wording.turning_word(facts.text[max(start, found.start - _LONGEST_CLAUSE) : found.start], facts.language)


def _is_too_short(quote: str) -> bool:
    signs = len(list(islice(filter(str.isalnum, quote), _SHORTEST_EVIDENCE)))
    return signs < _SHORTEST_EVIDENCE and (signs < _SHORTEST_EVIDENCE_UNSPACED or _UNSPACED.search(quote) is None)
