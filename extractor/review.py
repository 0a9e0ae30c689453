"""One article's answers under review: what is kept, what is asked again, what is rejected in the end.

A model's first answer is verified record by record. Sound records are kept at once and never sent again; the
others go back together with what was wrong. After the last answer whatever still does not hold up loses the
field that fails, or falls as a whole. Everything lost is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import JsonValue, ValidationError

from extractor.schema.claims import ActionClaim, Claim, SanctionClaim, StatementClaim
from extractor.schema.records import RecordType
from extractor.verification import AnyClaim, Finding, Verdict, Verifier, settle

_LISTS: dict[str, tuple[RecordType, type[Claim]]] = {
    "actions": ("diplomatic_action", ActionClaim),
    "sanctions": ("sanction", SanctionClaim),
    "statements": ("statement", StatementClaim),
}


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A record of an answer that did not hold up: where it stood, what it said, what is wrong with it."""

    list_name: str
    index: int
    content: JsonValue
    claim: AnyClaim | None
    findings: tuple[Finding, ...]

    @property
    def type(self) -> RecordType:
        """The kind of record it is."""
        return _LISTS[self.list_name][0]


@dataclass(frozen=True, slots=True)
class Lost:
    """Something that was rejected: a field of the record in `verdict`, or a whole record (`verdict` None)."""

    type: RecordType
    finding: Finding
    verdict: Verdict | None


@dataclass(slots=True)
class Review:
    """Examines an article's answers one after the other."""

    verifier: Verifier
    kept: list[Verdict] = field(default_factory=list)
    doubtful: list[Doubtful] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)

    def examine(self, answer: Mapping[str, Any]) -> None:
        """Sort an answer's records into kept and doubtful.

        An answer to a re-ask takes the place of the doubtful records before it; one of these that it leaves out
        counts as withdrawn.
        """
        before, self.doubtful = self.doubtful, []
        records = list(_records(answer))
        if before:
            self._withdraw(before, records)
        for list_name, index, content in records:
            self._examine(list_name, index, content)

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

    def _examine(self, list_name: str, index: int, content: JsonValue) -> None:
        claim_type = _LISTS[list_name][1]
        try:
            claim = cast(AnyClaim, claim_type.model_validate(content))
        except ValidationError as error:
            self.doubtful.append(Doubtful(list_name, index, content, None, tuple(_malformed(error))))
            return
        verdict = self.verifier.verify(claim)
        if not verdict.sound:
            self.doubtful.append(Doubtful(list_name, index, content, claim, verdict.findings))
        elif any(kept.claim == claim for kept in self.kept):
            self.lost.append(
                Lost(_LISTS[list_name][0], Finding(None, "duplicate", "told twice in the answer", content), None)
            )
        else:
            self.kept.append(verdict)

    def _settle(self, doubtful: Doubtful) -> None:
        verdict, findings = settle(self.verifier, doubtful.claim) if doubtful.claim else (None, list(doubtful.findings))
        if verdict is None:
            self._lose_whole(doubtful, findings)
            return
        self.kept.append(verdict)
        self.lost.extend(Lost(doubtful.type, finding, verdict) for finding in findings)

    def _lose_whole(self, doubtful: Doubtful, findings: Iterable[Finding]) -> None:
        listed = list(findings)
        decisive = next((finding for finding in listed if finding.field is None), listed[0])
        message = "; ".join(dict.fromkeys(finding.message for finding in listed))
        self.lost.append(Lost(doubtful.type, Finding(None, decisive.reason, message, doubtful.content), None))

    def _is_kept(self, content: JsonValue) -> bool:
        return any(kept.claim.model_dump(mode="json") == content for kept in self.kept)

    def _withdraw(self, before: Sequence[Doubtful], records: Sequence[tuple[str, int, JsonValue]]) -> None:
        for list_name in _LISTS:
            asked = [doubtful for doubtful in before if doubtful.list_name == list_name]
            given = [content for name, _, content in records if name == list_name and not self._is_kept(content)]
            for doubtful in _unanswered(asked, given):
                at_first = "; ".join(finding.message for finding in doubtful.findings)
                message = f"asked again, the model left it out; at first: {at_first}"
                finding = Finding(None, "withdrawn", message, doubtful.content)
                self.lost.append(Lost(doubtful.type, finding, None))


def problems_text(doubtful: Sequence[Doubtful]) -> str:
    """The doubtful records and what is wrong with each, as the re-ask shows it to the model."""
    return "\n\n".join(_problem(item) for item in doubtful)


def _problem(item: Doubtful) -> str:
    title = f"{item.list_name}[{item.index}]{_gist(item.content)}"
    lines = (f"- {(finding.field or 'the record').removeprefix('/')}: {finding.message}" for finding in item.findings)
    return "\n".join([title, *lines])


def _gist(content: JsonValue) -> str:
    """Enough of a record for its author to recognise it."""
    if not isinstance(content, dict):
        return ""
    words = [str(content[key]) for key in ("action", "act", "status", "content") if content.get(key)]
    return f" ({', '.join(words)})" if words else ""


def _records(answer: Mapping[str, Any]) -> Iterator[tuple[str, int, JsonValue]]:
    for list_name in _LISTS:
        for index, content in enumerate(answer[list_name]):
            yield list_name, index, content


def _malformed(error: ValidationError) -> Iterator[Finding]:
    for problem in error.errors(include_url=False, include_input=True, include_context=False):
        pointer = "".join(f"/{part}" for part in problem["loc"])
        value = problem["input"] if isinstance(problem["input"], str | int | float | bool | None) else None
        yield Finding(pointer or None, f"malformed_{problem['type']}", problem["msg"], value)


def _unanswered(asked: Sequence[Doubtful], given: Sequence[JsonValue]) -> list[Doubtful]:
    """The records asked for again that no record of the new answer stands for.

    The answer keeps the order it was asked in; where it is shorter, each of its records stands for the one that
    shares most words with it.
    """
    if len(given) >= len(asked):
        return []
    open_ = list(asked)
    for content in given:
        best = max(open_, key=lambda doubtful: len(_words(doubtful.content) & _words(content)))
        open_.remove(best)
    return open_


def _words(content: JsonValue) -> set[str]:
    return set(str(content).casefold().split())
