"""Claims held against one article."""

from __future__ import annotations

from extractor.verification.checks import Check, evidence_findings
from extractor.verification.facts import Facts
from extractor.verification.verdicts import AnyClaim, Verdict


class Verifier(Facts):
    """Holds claims against one article's text, which is prepared once."""

    def verify(self, claim: AnyClaim) -> Verdict:
        """Hold one claim against the text."""
        located = self.grounded.locate_all(claim.evidence)
        evidence = tuple(found for found in located if found is not None)
        check = Check(self, claim, evidence)
        findings = (*evidence_findings(claim, located), *check.findings())
        ordered = tuple(sorted(set(evidence), key=lambda found: (found.start, found.end)))
        return Verdict(claim, ordered, tuple(check.spans), findings)
