"""Verified claims to stored records: ids, dates and codes beside what the model said."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from extractor import codes, dates
from extractor.review import Lost, Review
from extractor.schema.claims import ActionClaim, SanctionClaim, StatementClaim
from extractor.schema.records import (
    Derived,
    DiplomaticAction,
    FieldSpan,
    Record,
    Rejection,
    Sanction,
    Statement,
)
from extractor.schema.spans import DateAnchor, ResolvedDate
from extractor.schema.vocabulary import ActionStatus, Polarity, Realis, SanctionStatus
from extractor.verification import AnyClaim, Verdict, Verifier

_ID_PREFIX = {ActionClaim: "act", SanctionClaim: "san", StatementClaim: "sta"}
# Claim fields that a record holds in another form.
_REPLACED = {"evidence", "date_text", "start_text", "end_text", "listing_text"}
# What has these statuses is told as past; for the others the words may point ahead.
_TOLD_AS_PAST = {
    ActionStatus.ORDERED, ActionStatus.CARRIED_OUT, ActionStatus.RULED_OUT, ActionStatus.DENIED,
    ActionStatus.SUSPENDED, ActionStatus.REVERSED,
    SanctionStatus.IMPOSED, SanctionStatus.EXPANDED, SanctionStatus.EXTENDED, SanctionStatus.EASED,
    SanctionStatus.LIFTED,
}  # fmt: skip


def assemble(
    article_id: str, verifier: Verifier, review: Review, anchor: DateAnchor | None
) -> tuple[list[Record], list[Rejection]]:
    """The records of a closed review, and its rejections, both in a fixed order."""
    maker = _Maker(article_id, verifier, anchor)
    records = {record.id: record for record in map(maker.record, review.kept)}
    rejections = [maker.rejection(lost) for lost in review.lost]
    return sorted(records.values(), key=record_order), sorted(rejections, key=rejection_order)


def _written(value: Any) -> Any:
    """What the model said, as JSON can hold it: parsers let NaN and Infinity through, and JSON has none."""
    match value:
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {name: _written(item) for name, item in value.items()}
        case list():
            return [_written(item) for item in value]
        case _:
            return value


def record_order(record: Record) -> tuple[int, int, str, str]:
    """Where a record stands among its article's: by its first evidence, then type and id."""
    return record.evidence[0].start, record.evidence[0].end, record.type, record.id


def rejection_order(rejection: Rejection) -> tuple[str, str, str, str, str]:
    """A fixed order of an article's rejections."""
    value = json.dumps(rejection.value, sort_keys=True, ensure_ascii=False)
    return rejection.type or "", rejection.record or "", rejection.field or "", rejection.reason, value


def record_id(article_id: str, verdict: Verdict) -> str:
    """A record's stable id, made from the article's id and all that the claim says."""
    digest = hashlib.sha256(f"{article_id}\n{verdict.content}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{_ID_PREFIX[type(verdict.claim)]}-{digest[:12]}"


class _Maker:
    def __init__(self, article_id: str, verifier: Verifier, anchor: DateAnchor | None) -> None:
        self.article_id = article_id
        self.verifier = verifier
        self.anchor = anchor

    def record(self, verdict: Verdict) -> Record:
        claim = verdict.claim
        shared: dict[str, Any] = {
            name: getattr(claim, name) for name in type(claim).model_fields if name not in _REPLACED
        } | {
            "id": record_id(self.article_id, verdict),
            "article": self.article_id,
            "evidence": list(verdict.evidence),
            "date": self._date(verdict, claim.date_text),
            "spans": sorted(_own_spans(verdict), key=lambda span: (span.field, span.start)),
            "derived": derive(claim),
        }
        match claim:
            case ActionClaim():
                duration = dates.duration(claim.deadline) if claim.deadline else None
                return DiplomaticAction(**shared, deadline_duration=duration)
            case SanctionClaim():
                return Sanction(
                    **shared,
                    start=self._date(verdict, claim.start_text),
                    end=self._date(verdict, claim.end_text),
                    listing=self._date(verdict, claim.listing_text),
                )
            case StatementClaim():
                return Statement(**shared)

    def rejection(self, lost: Lost) -> Rejection:
        return Rejection(
            article=self.article_id,
            type=lost.type,
            record=record_id(self.article_id, lost.verdict) if lost.verdict else None,
            field=lost.finding.field if lost.verdict or lost.type is None else None,
            reason=lost.finding.reason,
            message=lost.finding.message,
            value=_written(lost.finding.value),
        )

    def _date(self, verdict: Verdict, words: str | None) -> ResolvedDate | None:
        place = self.verifier.nearest(words, verdict.evidence) if words else None
        if place is None:
            return None
        text = self.verifier.text
        past = _told_as_past(verdict.claim)
        if past is None and dates.points_ahead(text, place):
            past = False
        return dates.resolve(text[slice(*place)], place, self.anchor, text=text, past=past)


def _own_spans(verdict: Verdict) -> Iterator[FieldSpan]:
    """The places of the fields that the record has; its dates hold their own."""
    return (span for span in verdict.spans if span.field.removeprefix("/") not in _REPLACED)


def _told_as_past(claim: AnyClaim) -> bool | None:
    if isinstance(claim, StatementClaim):
        return True
    return True if claim.status in _TOLD_AS_PAST else None


def derive(claim: AnyClaim) -> Derived:
    """Realis, polarity, countries and event codes of a claim."""
    match claim:
        case ActionClaim():
            realis, polarity = codes.realis(claim.status), codes.polarity(claim.status)
            code = codes.action_code(claim.action, claim.status)
            sources, targets = _countries(claim.actors), _countries(claim.targets)
        case SanctionClaim():
            realis, polarity = codes.realis(claim.status), codes.polarity(claim.status)
            code = codes.sanction_code(claim.status, claim.measures, claim.direction)
            sources, targets = _countries(claim.senders), _countries(claim.targets)
        case StatementClaim():
            realis, polarity = Realis.ACTUAL, Polarity.POSITIVE
            code = codes.statement_code(claim.act)
            sources = _countries([claim.speaker] if claim.speaker else [])
            targets = _countries([claim.target] if claim.target else [])
    return Derived(
        realis=realis,
        polarity=polarity,
        source_countries=sources,
        target_countries=targets,
        plover_event=code.plover_event if code else None,
        plover_mode=code.plover_mode if code else None,
        cameo=code.cameo if code else None,
        quad_class=code.quad_class if code else None,
    )


def _countries(participants: Sequence[Any]) -> list[str]:
    """The distinct country codes, in the order in which the participants are named."""
    found: Iterable[str | None] = (codes.country_code(participant.country) for participant in participants)
    return list(dict.fromkeys(code for code in found if code is not None))
