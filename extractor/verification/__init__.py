"""A claim is held against its article: its names, numbers, dates and quotations must be there.

A claim goes in, a verdict comes out; neither the claim nor the text is changed. What does not hold up costs a
field or, where the record cannot stand without it, the record; what merely looks wrong costs nothing, but is worth
asking the model about.
"""

from extractor.verification.passages import MAX_EVIDENCE
from extractor.verification.settling import completed, pointer, pruned, settle
from extractor.verification.verdicts import AnyClaim, Finding, Verdict
from extractor.verification.verifier import Verifier

__all__ = ["MAX_EVIDENCE", "AnyClaim", "Finding", "Verdict", "Verifier", "completed", "pointer", "pruned", "settle"]
