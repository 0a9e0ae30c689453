"""The reviews of a text's parts to one: what two parts tell becomes one record, and nothing is lost on the way.

A record goes together with one of a part before it in two cases:

| they are | which one stays |
|---|---|
| the same claim to the letter, wherever their evidence stands | the first |
| told of the same words, where the parts overlap: evidence that overlaps, the same type, kind and status or speech | |
| act, and no difference in what defines them: parties or speaker, number, what is said | the fuller, else the first |

The fuller one has more values or, where both have as many, more evidence. The other is listed as a duplicate, unless it
says the very same of the same place. What parts reject alike is listed once.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from extractor.codes import country_code
from extractor.review import Lost, Review
from extractor.schema.claims import ActionClaim, Actor, SanctionClaim, SanctionTarget, StatementClaim
from extractor.schema.records import RecordType
from extractor.verification import AnyClaim, Finding, Verdict, Verifier
from extractor.verification.wording import words_in

_TYPES: dict[type[AnyClaim], RecordType] = {
    ActionClaim: "diplomatic_action",
    SanctionClaim: "sanction",
    StatementClaim: "statement",
}
# Share of the shorter content's words that two tellings of one statement have in common.
_SAME_CONTENT = 0.5


def merged(verifier: Verifier, reviews: Sequence[Review]) -> Review:
    """One closed review for the closed reviews of a text's parts, which are in the order of the text."""
    if len(reviews) == 1:
        return reviews[0]
    merge = _Merge()
    for review in reviews:
        merge.add(review)
    lost = [Lost(told.type, finding, told.verdict) for told in merge.kept for finding in told.findings]
    return Review(verifier, kept=[told.verdict for told in merge.kept], lost=[*merge.lost, *lost])


@dataclass(slots=True)
class _Told:
    """A record as one part tells it, with what it lost."""

    verdict: Verdict
    findings: list[Finding]

    @property
    def type(self) -> RecordType:
        return _TYPES[type(self.verdict.claim)]

    @property
    def claim_text(self) -> str:
        return self.type + self.verdict.claim.model_dump_json()

    @property
    def fullness(self) -> tuple[int, int]:
        """How many values it has, and how many characters of evidence."""
        values = _count_values(self.verdict.claim.model_dump(mode="json", exclude={"evidence"}))
        return values, sum(found.end - found.start for found in self.verdict.evidence)


@dataclass(slots=True)
class _Merge:
    """The records of the parts so far, and what was rejected whole, with how often one part has rejected it."""

    kept: list[_Told] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    listed: Counter[str] = field(default_factory=Counter)

    def add(self, review: Review) -> None:
        """Take in the review of the next part."""
        findings: defaultdict[int, list[Finding]] = defaultdict(list)
        for lost in review.lost:
            if lost.verdict is not None:
                findings[id(lost.verdict)].append(lost.finding)
        self._list(lost for lost in review.lost if lost.verdict is None)
        first = {told.claim_text: told for told in self.kept}
        again, other = list[tuple[_Told, _Told]](), list[_Told]()
        for told in (_Told(verdict, findings[id(verdict)]) for verdict in review.kept):
            if told.claim_text in first:
                again.append((first[told.claim_text], told))
            else:
                other.append(told)
        matched = {id(earlier) for earlier, _ in again}
        twins = _pairs([earlier for earlier in self.kept if id(earlier) not in matched], other)
        paired = {id(told) for _, told in twins}
        self.kept += [told for told in other if id(told) not in paired]
        for earlier, told in again:
            self._tell_once(earlier, told)
        for earlier, told in twins:
            self._choose(earlier, told)

    def _list(self, rejected: Iterable[Lost]) -> None:
        """List what a part rejected whole, as often as the part that rejected it most often."""
        here: Counter[str] = Counter()
        for lost in rejected:
            what = _text_of([lost.type, lost.finding.field, lost.finding.reason, lost.finding.message])
            key = what + _text_of(lost.finding.value)
            here[key] += 1
            if here[key] > self.listed[key]:
                self.listed[key] += 1
                self.lost.append(lost)

    def _tell_once(self, earlier: _Told, told: _Told) -> None:
        """Leave out a claim that is an earlier one to the letter; what it lost, the earlier one has lost, too."""
        earlier.findings += [finding for finding in told.findings if finding not in earlier.findings]
        if earlier.verdict.evidence != told.verdict.evidence:
            self._leave_out(told.verdict, told.type, "it is told again, word for word, in another part of the article")

    def _choose(self, earlier: _Told, told: _Told) -> None:
        """Keep the fuller one of a pair in the earlier one's place, and list the other."""
        left = told
        if told.fullness > earlier.fullness:
            left = _Told(earlier.verdict, earlier.findings)
            earlier.verdict, earlier.findings = told.verdict, told.findings
        why = ["the next part of the article tells it, too, and one record is kept"]
        why += [finding.message for finding in left.findings]
        self._leave_out(left.verdict, left.type, "; ".join(dict.fromkeys(why)))

    def _leave_out(self, verdict: Verdict, kind: RecordType, message: str) -> None:
        content = verdict.claim.model_dump(mode="json")
        self.lost.append(Lost(kind, Finding(None, "duplicate", message, content)))


def _pairs(earlier: Sequence[_Told], later: Sequence[_Told]) -> list[tuple[_Told, _Told]]:
    """The records that tell of the same, one to one, those first that are most alike."""
    begin = min((found.start for told in later for found in told.verdict.evidence), default=0)
    reaching = [i for i, told in enumerate(earlier) if any(found.end > begin for found in told.verdict.evidence)]
    likeness = sorted(
        (-_likeness(earlier[i].verdict, later[j].verdict), i, j)
        for j in range(len(later))
        for i in reaching
        if _common(earlier[i].verdict, later[j].verdict) and _same(earlier[i].verdict.claim, later[j].verdict.claim)
    )
    pairs: dict[int, int] = {}
    for _, i, j in likeness:
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return [(earlier[i], later[j]) for i, j in pairs.items()]


def _common(one: Verdict, other: Verdict) -> int:
    """How many characters of the text both have for evidence."""
    overlaps = (min(a.end, b.end) - max(a.start, b.start) for a in one.evidence for b in other.evidence)
    return sum(overlap for overlap in overlaps if overlap > 0)


def _likeness(one: Verdict, other: Verdict) -> float:
    words, others = (set(str(verdict.claim).casefold().split()) for verdict in (one, other))
    evidence = max(sum(found.end - found.start for found in verdict.evidence) for verdict in (one, other))
    return _common(one, other) / evidence + len(words & others) / len(words | others)


def _same(one: AnyClaim, other: AnyClaim) -> bool:
    """Whether two claims about the same words may be one: of one kind, and nothing that defines them differs."""
    match one, other:
        case ActionClaim(), ActionClaim():
            return (
                (one.action, one.status) == (other.action, other.status)
                and _agree(one.actors, other.actors)
                and _agree(one.targets, other.targets)
                and _is_one(one.count, other.count)
            )
        case SanctionClaim(), SanctionClaim():
            return (
                (one.status, one.direction) == (other.status, other.direction)
                and _agree(one.senders, other.senders)
                and _agree(one.targets, other.targets)
                and _is_one(one.target_count, other.target_count)
            )
        case StatementClaim(), StatementClaim():
            speakers = [[claim.speaker] if claim.speaker else [] for claim in (one, other)]
            return one.act is other.act and _agree(*speakers) and _say_the_same(one, other)
    return False


_Party = Actor | SanctionTarget


def _agree(some: Sequence[_Party], others: Sequence[_Party]) -> bool:
    """Whether the parties of two claims have someone in common, or one leaves them open."""
    return not some or not others or any(_is_same_party(one, other) for one in some for other in others)


def _is_same_party(one: _Party, other: _Party) -> bool:
    """Whether a word of both names is the same, or their state where they are not two persons of it."""
    words, others = (words_in(party.name).stems for party in (one, other))
    if not words or not others or words & others:
        return True
    code = country_code(one.country)
    return code is not None and code == country_code(other.country) and not one.kind == other.kind == "person"


def _is_one(number: int | None, other: int | None) -> bool:
    return number is None or other is None or number == other


def _say_the_same(one: StatementClaim, other: StatementClaim) -> bool:
    words, others = (words_in(claim.content).stems for claim in (one, other))
    shared = len(words & others) >= _SAME_CONTENT * min(len(words), len(others))
    return shared or not set(one.quotes).isdisjoint(other.quotes)


def _count_values(content: Any) -> int:
    """How many values other than null JSON holds, at any depth."""
    if isinstance(content, dict):
        return sum(map(_count_values, content.values()))
    if isinstance(content, list):
        return sum(map(_count_values, content))
    return content is not None


def _text_of(content: Any) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=True)
