"""One article's answers under review: what is kept, what is asked again, what is rejected in the end.

A model's first answer is verified record by record. Sound records are kept at once and never sent again; the
others go back together with what was wrong. After the last answer whatever still does not hold up loses the
field that fails, or falls as a whole. Everything lost is listed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import JsonValue, ValidationError

from extractor.schema.claims import ActionClaim, Claim, SanctionClaim, StatementClaim
from extractor.schema.records import RecordType
from extractor.verification import AnyClaim, Finding, Verdict, Verifier, completed, pointer, pruned, settle

_LISTS: dict[str, tuple[RecordType, type[Claim]]] = {
    "actions": ("diplomatic_action", ActionClaim),
    "sanctions": ("sanction", SanctionClaim),
    "statements": ("statement", StatementClaim),
}
# More in one list than any article tells; comparing them with one another takes time by the square.
_MOST_RECORDS = 1000
# Items of all of a record's lists together; a long list of targets has some hundreds.
_MOST_ITEMS = 1000
# One trait in common: a passage, the kind, or nearly all words.
_PLAUSIBLE = 0.9
_MISSING = Finding(
    None, "missing_list", "this list is missing from the answer", advice="give it, empty if there is nothing"
)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A record that did not hold up: where it stood, what it said, what is wrong with it.

    `claim` is None where it is not of the asked shape; `before` is the record that it was to correct. A list that
    the answer lacks is one too, without content.
    """

    list_name: str
    index: int
    content: JsonValue
    claim: AnyClaim | None
    findings: tuple[Finding, ...]
    before: Doubtful | None = None

    @property
    def type(self) -> RecordType:
        """The kind of record it is."""
        return _LISTS[self.list_name][0]


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that was rejected: a field of the record in `verdict`, or a whole record (`verdict` None).

    `type` is None for what is no known kind of record.
    """

    type: RecordType | None
    finding: Finding
    verdict: Verdict | None = None


@dataclass(slots=True)
class Review:
    """Examines an article's answers one after the other."""

    verifier: Verifier
    kept: list[Verdict] = field(default_factory=list)
    doubtful: list[Doubtful] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)

    @staticmethod
    def is_answer(content: object) -> bool:
        """Whether there is anything to examine: an object with at least one of the lists."""
        return isinstance(content, dict) and any(isinstance(content.get(name), list) for name in _LISTS)

    def examine(self, answer: Mapping[str, Any]) -> None:
        """Sort an answer's records into kept and doubtful.

        An answer to a re-ask takes the place of the doubtful records before it; one of these that it leaves out
        counts as withdrawn.
        """
        before, self.doubtful = self.doubtful, []
        for name in sorted(answer.keys() - _LISTS.keys()):
            self.lost.append(
                Lost(None, Finding(pointer(name), "unknown_list", "no list of this name was asked for", answer[name]))
            )
        for name in _LISTS:
            given = answer.get(name)
            asked = [doubtful for doubtful in before if doubtful.list_name == name]
            if isinstance(given, list):
                self._examine_list(name, given, asked, again=bool(before))
            elif not before or any(_MISSING in doubtful.findings for doubtful in asked):
                self.doubtful.append(Doubtful(name, 0, cast(JsonValue, given), None, (_MISSING,)))
            else:
                self._withdraw(asked)

    def close(self) -> None:
        """Settle what is still doubtful: drop the fields that fail, or the record."""
        for doubtful in self.doubtful:
            self._settle(doubtful)
        self.doubtful = []

    @property
    def feedback(self) -> tuple[str, ...]:
        """What is wrong with the doubtful records, a line each, without the model's wording."""
        return tuple(
            f"{doubtful.list_name}/{doubtful.index}{finding.field or ''}: {finding.reason}"
            for doubtful in self.doubtful
            for finding in doubtful.findings
        )

    def _examine_list(self, name: str, given: Sequence[JsonValue], asked: Sequence[Doubtful], *, again: bool) -> None:
        asked = [doubtful for doubtful in asked if _MISSING not in doubtful.findings]
        given = self._within_bounds(name, given)
        dumped = [verdict.claim.model_dump(mode="json") for verdict in self.kept] if again else []
        if dumped:
            given = [content for content in given if completed(content, _LISTS[name][1]) not in dumped]
        predecessors, unanswered = _paired(asked, given) if asked else ([None] * len(given), [])
        self._withdraw(unanswered)
        kept = {_identity(content) for content in dumped}
        for index, (content, before) in enumerate(zip(given, predecessors, strict=True)):
            # A record that was kept and comes again is no news, reworded or not.
            if before is not None or not kept or _identity(content) not in kept:
                self._examine(name, index, content, before)

    def _within_bounds(self, name: str, given: Sequence[JsonValue]) -> Sequence[JsonValue]:
        """The records that are looked at; the others are lost."""
        kind, beyond = _LISTS[name][0], list(given[_MOST_RECORDS:])
        if beyond:
            message = f"the list has {len(given)} records; those behind the first {_MOST_RECORDS} were not looked at"
            self._lose(kind, Finding(None, "too_many_records", message, beyond))
        looked_at: list[JsonValue] = []
        for content in given[:_MOST_RECORDS]:
            if _items(content) <= _MOST_ITEMS:
                looked_at.append(content)
            else:
                message = f"a record with more than {_MOST_ITEMS} items in its lists was not looked at"
                self._lose(kind, Finding(None, "too_many_items", message, content))
        return looked_at

    def _examine(self, name: str, index: int, content: JsonValue, before: Doubtful | None) -> None:
        kind, claim_type = _LISTS[name]
        try:
            claim = _claim(content, claim_type)
        except ValidationError:
            _, findings = pruned(completed(content, claim_type), claim_type)
            self.doubtful.append(Doubtful(name, index, content, None, tuple(findings), before))
            return
        verdict = self.verifier.verify(claim)
        if not verdict.sound:
            self.doubtful.append(Doubtful(name, index, content, claim, verdict.findings, before))
        elif not self._take(verdict):
            self._lose(kind, Finding(None, "duplicate", "it is told twice in the answer", content))

    def _settle(self, doubtful: Doubtful) -> None:
        """Keep what is left of a record, or of the one it was to correct; else list it as lost."""
        listed: list[Finding] = []
        candidate: Doubtful | None = doubtful
        while candidate is not None:
            verdict, findings = self._remains(candidate)
            if verdict is not None:
                self._keep(candidate, verdict, findings)
                return
            listed = listed or findings
            candidate = candidate.before
        decisive = next((finding for finding in listed if finding.field is None), listed[0])
        message = "; ".join(dict.fromkeys(finding.message for finding in listed))
        self._lose(doubtful.type, Finding(None, decisive.reason, message, doubtful.content))

    def _remains(self, doubtful: Doubtful) -> tuple[Verdict | None, list[Finding]]:
        claim, found = doubtful.claim, list[Finding]()
        if claim is None:
            if _MISSING in doubtful.findings:
                return None, [_MISSING]
            claim_type = _LISTS[doubtful.list_name][1]
            claim, found = pruned(completed(doubtful.content, claim_type), claim_type)
        if claim is None:
            return None, found
        verdict, costly = settle(self.verifier, claim)
        return verdict, [*found, *costly]

    def _keep(self, doubtful: Doubtful, verdict: Verdict, findings: Sequence[Finding]) -> None:
        if not self._take(verdict):
            message = "without what does not hold up it is the same as another record"
            self._lose(doubtful.type, Finding(None, "duplicate", message, doubtful.content))
            return
        self.lost.extend(Lost(doubtful.type, finding, verdict) for finding in findings)

    def _withdraw(self, unanswered: Sequence[Doubtful]) -> None:
        for doubtful in unanswered:
            at_first = "; ".join(finding.message for finding in doubtful.findings)
            message = f"asked again, the model left it out; at first: {at_first}"
            self._lose(doubtful.type, Finding(None, "withdrawn", message, doubtful.content))

    def _lose(self, kind: RecordType, finding: Finding) -> None:
        self.lost.append(Lost(kind, finding))

    def _take(self, verdict: Verdict) -> bool:
        """Keep a record; False where another one says the same."""
        if verdict.content in self._told:
            return False
        self.kept.append(verdict)
        self._told.add(verdict.content)
        return True


def _claim(content: JsonValue, claim_type: type[Claim]) -> AnyClaim:
    """The claim that a record is; what has all keys, as most have, is not completed first."""
    try:
        return cast(AnyClaim, claim_type.model_validate(content))
    except ValidationError:
        return cast(AnyClaim, claim_type.model_validate(completed(content, claim_type)))


def _items(content: JsonValue) -> int:
    """How many items the lists of a record have."""
    parts = content.values() if isinstance(content, dict) else ()
    return sum(len(part) for part in parts if isinstance(part, list))


def problems_text(doubtful: Sequence[Doubtful]) -> str:
    """The doubtful records and what is wrong with each, as the re-ask shows it to the model."""
    return "\n\n".join(_problem(item) for item in doubtful)


def _problem(item: Doubtful) -> str:
    if _MISSING in item.findings:
        return f"{item.list_name}\n- {_MISSING.request}"
    title = f"{item.list_name}[{item.index}]{_gist(item.content)}"
    lines = (f"- {(finding.field or 'the record').removeprefix('/')}: {finding.request}" for finding in item.findings)
    return "\n".join([title, *lines])


def _gist(content: JsonValue) -> str:
    """Enough of a record for its author to recognise it."""
    if not isinstance(content, dict):
        return ""
    words = [str(content[key])[:200] for key in ("action", "act", "status", "content") if content.get(key)]
    return f" ({', '.join(words)})" if words else ""


def _paired(asked: Sequence[Doubtful], given: Sequence[JsonValue]) -> tuple[list[Doubtful | None], list[Doubtful]]:
    """For each record of a new answer the one it stands for, if any, and those that none stands for.

    A record stands for the one that it is most like: evidence in common, the same kind of act, words in common.
    """
    predecessors = _repeated([doubtful.content for doubtful in asked], given)
    taken = set(predecessors.values())
    old = {i: _traits(doubtful.content) for i, doubtful in enumerate(asked) if i not in taken}
    new = {j: _traits(content) for j, content in enumerate(given) if j not in predecessors}
    likeness = sorted((-_likeness(old[i], new[j]), abs(i - j), i, j) for i in old for j in new)
    for score, _, i, j in likeness:
        if -score >= _PLAUSIBLE and j not in predecessors and i not in taken:
            predecessors[j] = i
            taken.add(i)
    left = [doubtful for i, doubtful in enumerate(asked) if i not in taken]
    return [asked[predecessors[j]] if j in predecessors else None for j in range(len(given))], left


def _repeated(before: Sequence[JsonValue], given: Sequence[JsonValue]) -> dict[int, int]:
    """Where records of a new answer stood before, of those that come again as they were."""
    places: dict[str, list[int]] = {}
    for i in reversed(range(len(before))):
        places.setdefault(json.dumps(before[i], sort_keys=True), []).append(i)
    found = ((j, places.get(json.dumps(content, sort_keys=True))) for j, content in enumerate(given))
    return {j: left.pop() for j, left in found if left}


_Traits = tuple[frozenset[str], tuple[str, ...], frozenset[str]]


def _traits(content: JsonValue) -> _Traits:
    """What a record is known by: its evidence, its kind, its words."""
    fields = content if isinstance(content, dict) else {}
    evidence = fields.get("evidence")
    passages = frozenset(map(str, evidence)) if isinstance(evidence, list) else frozenset[str]()
    kind = tuple(str(fields.get(key)) for key in ("action", "act", "status", "direction"))
    return passages, kind, frozenset(str(content).casefold().split())


def _likeness(one: _Traits, other: _Traits) -> float:
    words = len(one[2] & other[2]) / max(1, len(one[2] | other[2]))
    return len(one[0] & other[0]) + (one[1] == other[1]) + words


def _identity(content: JsonValue) -> tuple[frozenset[str], tuple[str, ...]]:
    return _traits(content)[:2]
