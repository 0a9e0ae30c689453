"""What is left of a claim when that which does not hold up is taken out."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, cast, get_args, get_origin

from pydantic import BaseModel, JsonValue, ValidationError

from extractor.schema.claims import Claim, StatementClaim
from extractor.schema.spans import Evidence
from extractor.schema.vocabulary import Quotation
from extractor.verification.sayings import JOINT
from extractor.verification.verdicts import AnyClaim, Finding, Verdict
from extractor.verification.verifier import Verifier

_MOST_ROUNDS = 5


def settle(verifier: Verifier, claim: AnyClaim) -> tuple[Verdict | None, list[Finding]]:
    """Drop from a claim what does not hold up, until the rest does.

    Returns the verdict on what is left (None where nothing can be), and the findings that cost something.
    """
    lost: list[Finding] = []
    remaining: AnyClaim | None = claim
    while remaining is not None:
        verdict = verifier.verify(remaining)
        if verdict.tenable:
            return verdict, lost
        costly = _first_to_go([finding for finding in verdict.findings if not finding.advisory])
        lost.extend(costly)
        before, remaining = remaining, trimmed(remaining, costly, verdict.evidence)
        if remaining == before:
            # What nothing can be taken out of to mend it falls as a whole; else this would never end.
            break
    return None, lost


def _first_to_go(findings: list[Finding]) -> list[Finding]:
    """The findings without those of a content where passages fall, too: what takes its place comes from the others."""
    if not any(finding.field and finding.field.startswith("/evidence/") for finding in findings):
        return findings
    return [finding for finding in findings if finding.field != "/content"]


def trimmed(claim: AnyClaim, findings: Sequence[Finding], evidence: Sequence[Evidence]) -> AnyClaim | None:
    """The claim without the values that the findings name; None where they cost the whole record.

    A statement's content gives way to the article's own words.
    """
    if any(finding.field is None for finding in findings):
        return None
    content = claim.model_dump(mode="json")
    # A set, as two findings may concern one item; from the last, as a removal shifts what follows.
    for removal in sorted({_removal(finding.field or "") for finding in findings}, reverse=True):
        _remove(content, removal)
    if isinstance(claim, StatementClaim) and any(finding.field == "/quotation" for finding in findings):
        content["quotation"] = Quotation.MIXED if content["quotes"] else Quotation.INDIRECT
    if isinstance(claim, StatementClaim) and any(finding.field == "/content" for finding in findings):
        passages = sorted(set(evidence), key=lambda found: (found.start, found.end))
        content["content"] = JOINT.join(found.quote for found in passages)
    return type(claim).model_validate(content)


class _Removal(NamedTuple):
    """What to take out: a part of an actor before the actor (whose part is ""), items from the last."""

    part: str
    field: str
    item: int


def _removal(pointer: str) -> _Removal:
    field, *rest = pointer.removeprefix("/").split("/")
    index = int(rest.pop(0)) if rest and rest[0].isdigit() else -1
    return _Removal(rest[0] if rest in (["role"], ["country"]) else "", field, index)


def _remove(content: dict[str, Any], removal: _Removal) -> None:
    """Null a field or a part of an actor, or take an item out of its list; a name takes its actor along."""
    value = content[removal.field]
    if removal.part:
        (value[removal.item] if removal.item >= 0 else value)[removal.part] = None
    elif removal.item >= 0:
        del value[removal.item]
    elif removal.field not in ("quotation", "content"):
        content[removal.field] = [] if isinstance(value, list) else None
    if removal.field == "target_count":
        content["target_count_is_total"] = None


def completed(content: JsonValue, model: type[BaseModel]) -> JsonValue:
    """A record with the keys that it leaves out for null or empty, as models do that are not held to the schema."""
    if not isinstance(content, dict):
        return content
    filled = {**content}
    for name, (inner, is_list, is_nullable) in _shapes(model).items():
        if name not in filled and (is_list or is_nullable):
            filled[name] = [] if is_list else None
        elif inner is not None and isinstance(filled.get(name), dict):
            filled[name] = completed(filled[name], inner)
        elif inner is not None and isinstance(filled.get(name), list):
            filled[name] = [completed(item, inner) for item in cast(list[JsonValue], filled[name])]
    return filled


@cache
def _shapes(model: type[BaseModel]) -> dict[str, tuple[type[BaseModel] | None, bool, bool]]:
    return {name: _shape(field.annotation) for name, field in model.model_fields.items()}


def _shape(annotation: Any) -> tuple[type[BaseModel] | None, bool, bool]:
    """Of a field: the model inside it, whether it is a list, whether it may be null."""
    parts = get_args(annotation)
    inner = next(
        (part for part in (annotation, *parts) if isinstance(part, type) and issubclass(part, BaseModel)), None
    )
    return inner, get_origin(annotation) is list, type(None) in parts


def pruned(content: JsonValue, claim_type: type[Claim]) -> tuple[AnyClaim | None, list[Finding]]:
    """A record that is not of the asked shape, without the parts that are not.

    An unknown field is left out, an item of a list falls as a whole, a nullable field is nulled. Returns None for
    a record that a required field's fault leaves nothing of, and what was wrong either way.
    """
    found: list[Finding] = []
    remaining = copy.deepcopy(content)
    for _ in range(_MOST_ROUNDS):
        try:
            return cast(AnyClaim, claim_type.model_validate(remaining)), found
        except ValidationError as error:
            problems = cast(list[dict[str, Any]], error.errors(include_url=False, include_context=False))
        if not isinstance(remaining, dict):
            break
        found.extend(map(_malformed, problems))
        if not _prune(remaining, problems):
            return None, found
    return None, found or [Finding(None, "malformed", "it is no record", content)]


def pointer(*parts: object) -> str:
    """The JSON Pointer (RFC 6901) that leads through these keys and indices."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def _malformed(problem: dict[str, Any]) -> Finding:
    value = problem["input"] if isinstance(problem["input"], str | int | float | bool | None) else None
    return Finding(pointer(*problem["loc"]) or None, f"malformed_{problem['type']}", problem["msg"], value)


def _prune(content: dict[str, Any], problems: Sequence[dict[str, Any]]) -> bool:
    """Take out what has faults, each part once; False where a required field has one."""
    faults: dict[tuple[int | str, ...], list[dict[str, Any]]] = {}
    for problem in problems:
        place = problem["loc"]
        part = place[:2] if len(place) > 1 and isinstance(place[1], int) else place[:1]
        faults.setdefault(part, []).append(problem)
    # Items from the last, as a removal shifts what follows.
    for part in sorted(faults, key=lambda place: (len(place), place[1] if len(place) > 1 else 0), reverse=True):
        if not part or part[0] not in content:
            return False
        if all(problem["type"] == "extra_forbidden" for problem in faults[part]):
            for problem in faults[part]:
                _delete(content, problem["loc"])
        elif len(part) > 1:
            del content[part[0]][part[1]]
        elif content[part[0]] is None:
            # Nulled before, and null will not do.
            return False
        else:
            content[part[0]] = None
    return True


def _delete(content: Any, place: Sequence[int | str]) -> None:
    for part in place[:-1]:
        content = content[part]
    content.pop(place[-1], None)
