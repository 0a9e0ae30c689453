"""What is left of a claim when that which does not hold up is taken out."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from pydantic import JsonValue, ValidationError

from extractor.schema.claims import Claim, StatementClaim
from extractor.schema.vocabulary import Quotation
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
        costly = [finding for finding in verdict.findings if not finding.advisory]
        lost.extend(costly)
        remaining = trimmed(remaining, costly)
    return None, lost


def trimmed(claim: AnyClaim, findings: Sequence[Finding]) -> AnyClaim | None:
    """The claim without the values that the findings name; None where they cost the whole record."""
    if any(finding.field is None for finding in findings):
        return None
    content = claim.model_dump(mode="json")
    # A set, as two findings may concern one item; from the last, as a removal shifts what follows.
    for removal in sorted({_removal(finding.field or "") for finding in findings}, reverse=True):
        _remove(content, removal)
    if isinstance(claim, StatementClaim) and any(finding.field == "/quotation" for finding in findings):
        content["quotation"] = Quotation.MIXED if content["quotes"] else Quotation.INDIRECT
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
    elif removal.field != "quotation":
        content[removal.field] = [] if isinstance(value, list) else None
    if removal.field == "target_count":
        content["target_count_is_total"] = None


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
            problems = error.errors(include_url=False, include_context=False)
        if not isinstance(remaining, dict):
            break
        # From the last item on, as a removal shifts what follows.
        for problem in sorted(problems, key=lambda item: [str(part).zfill(6) for part in item["loc"]], reverse=True):
            found.append(_malformed(cast(dict[str, Any], problem)))
            if not _prune(remaining, problem["loc"], problem["type"]):
                return None, found
    return None, found or [Finding(None, "malformed", "it is no record", content)]


def _malformed(problem: dict[str, Any]) -> Finding:
    pointer = "".join(f"/{part}" for part in problem["loc"])
    value = problem["input"] if isinstance(problem["input"], str | int | float | bool | None) else None
    return Finding(pointer or None, f"malformed_{problem['type']}", problem["msg"], value)


def _prune(content: dict[str, Any], place: tuple[int | str, ...], fault: str) -> bool:
    """Take out the smallest part that can go; False where none can."""
    field = str(place[0]) if place else ""
    if field not in content:
        return False
    if len(place) == 1:
        # A required field is never null: nulling it is left to the next round to refuse.
        if fault == "extra_forbidden":
            del content[field]
        elif content[field] is None:
            return False
        else:
            content[field] = None
        return True
    if fault == "extra_forbidden":
        return _delete_inner(content, place)
    if isinstance(content[field], list) and isinstance(place[1], int):
        if place[1] < len(content[field]):
            del content[field][place[1]]
        return True
    content[field] = None
    return True


def _delete_inner(content: Any, place: tuple[int | str, ...]) -> bool:
    for part in place[:-1]:
        content = content[part]
    del content[place[-1]]
    return True
