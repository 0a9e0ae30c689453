"""The checks: what a claim says, field by field, looked up in its article and in its own evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.schema.claims import ActionClaim, SanctionClaim, StatementClaim
from extractor.schema.vocabulary import LegalTerm, SanctionDirection, SanctionStatus
from extractor.verification import counts, parties, sayings
from extractor.verification.grounds import Grounds
from extractor.verification.verdicts import AnyClaim, Finding

_DONE_EASING = frozenset({SanctionStatus.EASED, SanctionStatus.LIFTED})
_DONE_IMPOSING = frozenset({SanctionStatus.IMPOSED, SanctionStatus.EXPANDED, SanctionStatus.EXTENDED})
_LEGAL_TERMS = {
    LegalTerm.PERSONA_NON_GRATA: re.compile(r"person(?:a|ae|as)[\s-]+non[\s-]+grat(?:a|ae|as)\b", re.IGNORECASE),
    LegalTerm.NOT_ACCEPTABLE: re.compile(r"\bnot\s+acceptable\b", re.IGNORECASE),
}


def findings(grounds: Grounds, claim: AnyClaim) -> Iterator[Finding]:
    """All that does not hold up of a claim, its evidence aside."""
    yield from _copied(grounds, claim, "reported_by", "date_text")
    match claim:
        case ActionClaim():
            yield from _action(grounds, claim)
        case SanctionClaim():
            yield from _sanction(grounds, claim)
        case StatementClaim():
            yield from _statement(grounds, claim)


def _action(grounds: Grounds, claim: ActionClaim) -> Iterator[Finding]:
    yield from _copied(grounds, claim, "count_unit", "deadline", "reason", "in_response_to")
    by = [claim.status_by] if claim.status_by else []
    yield from parties.check_actors(grounds, "actors", claim.actors)
    yield from parties.check_actors(grounds, "targets", claim.targets)
    if claim.status_by is not None:
        yield from parties.check_actor(grounds, "/status_by", claim.status_by)
    yield from grounds.words("places", claim.places)
    yield from parties.check_participants(grounds, [*claim.actors, *claim.targets, *by], claim.places)
    yield from counts.check_count(grounds, "count", claim.count, also=sum(part.count for part in claim.count_breakdown))
    yield from counts.check_breakdown(grounds, claim)
    if claim.legal_term and grounds.evidence and not _LEGAL_TERMS[claim.legal_term].search(grounds.told):
        message = f"the term {claim.legal_term.value} is not in this record's evidence"
        yield Finding("/legal_term", "not_in_evidence", message, claim.legal_term.value)


def _sanction(grounds: Grounds, claim: SanctionClaim) -> Iterator[Finding]:
    yield from _copied(grounds, claim, "authority", "program", "instrument", "reason")
    yield from _copied(grounds, claim, "start_text", "end_text", "listing_text")
    yield from parties.check_actors(grounds, "senders", claim.senders)
    yield from parties.check_actors(grounds, "targets", claim.targets)
    yield from parties.check_participants(grounds, [*claim.senders, *claim.targets], [claim.authority or ""])
    yield from counts.check_count(grounds, "target_count", claim.target_count)
    easing, done = claim.direction is SanctionDirection.EASE, claim.status
    if done in (_DONE_EASING if not easing else _DONE_IMPOSING):
        message = f"a sanction that is {done.value} does not {claim.direction.value}"
        yield Finding(
            "/direction",
            "contradicts_status",
            message,
            claim.direction.value,
            advisory=True,
            advice="correct one of the two",
        )


def _statement(grounds: Grounds, claim: StatementClaim) -> Iterator[Finding]:
    yield from _copied(grounds, claim, "on_behalf_of", "addressee", "medium", "about")
    if claim.speaker is not None:
        yield from parties.check_actor(grounds, "/speaker", claim.speaker)
        yield from parties.check_speaker(grounds, claim.speaker)
    if claim.target is not None:
        yield from parties.check_actor(grounds, "/target", claim.target)
    yield from sayings.check_content(grounds, claim.content)
    yield from sayings.check_quotes(grounds, claim.quotes)
    yield from sayings.check_quotation(grounds, claim)


def _copied(grounds: Grounds, claim: AnyClaim, *names: str) -> Iterator[Finding]:
    for name in names:
        words = getattr(claim, name)
        if words is not None:
            yield from grounds.word(f"/{name}", words)
