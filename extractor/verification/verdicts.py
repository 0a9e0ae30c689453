"""What is found about a claim."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from extractor.schema.claims import ActionClaim, SanctionClaim, StatementClaim
from extractor.schema.records import FieldSpan
from extractor.schema.spans import Evidence

AnyClaim = ActionClaim | SanctionClaim | StatementClaim


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in a claim that does not hold up; `field` is a JSON Pointer, None for the whole record.

    An advisory finding may be mistaken, as language has more ways than a rule knows: the model is asked about it,
    and its last word stands. `message` says what is wrong, `advice` what the model is to do: readers of what was
    rejected see the first alone.
    """

    field: str | None
    reason: str
    message: str
    value: JsonValue = None
    advisory: bool = False
    advice: str = ""

    @property
    def request(self) -> str:
        """What is wrong and what to do about it, as the model is told."""
        return f"{self.message}; {self.advice}" if self.advice else self.message


@dataclass(frozen=True)
class Verdict:
    """A claim with what was found about it: its evidence in the text, where its words stand, what fails."""

    claim: AnyClaim
    evidence: tuple[Evidence, ...]
    spans: tuple[FieldSpan, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def content(self) -> str:
        """All that the claim says, as JSON text; no two kinds of claims have the same fields."""
        return json.dumps(self.claim.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)

    @property
    def sound(self) -> bool:
        """Whether nothing was found wanting, not even by an advisory finding."""
        return not self.findings

    @property
    def tenable(self) -> bool:
        """Whether the claim may be stored as it is: there are at most advisory findings."""
        return all(finding.advisory for finding in self.findings)
