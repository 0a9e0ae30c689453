"""Ties: what the rules leave open, as questions that a model can answer.

Open is which of two events a record belongs to where it fits both and these exclude each other; and whether two events
are one that lack a single point, while no two of their records lack more. What rules exclude is never asked about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractor.consolidation.clustering import Decision, Group, Grouping
from extractor.consolidation.mentions import Telling

# Records of one group that are shown: enough to know what it tells.
_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Tie:
    """Which of the candidates, if any, tells the same as `one`; `text` shows all of them, numbered from 1."""

    one: Group
    candidates: tuple[Group, ...]
    text: str

    @property
    def id(self) -> str:
        """Stable: made from the records that it is about."""
        content = "\n".join(["tie", *self.one, *("|".join(candidate) for candidate in self.candidates)])
        return f"tie-{hashlib.sha256(content.encode()).hexdigest()[:12]}"

    def decided(self, choice: int | None) -> list[Decision]:
        """What an answer settles: the chosen candidate is the same, every other is not."""
        return [
            Decision(self.id, self.one, candidate, same=number == choice)
            for number, candidate in enumerate(self.candidates, 1)
        ]


def ties_of(mentions: Iterable[Telling], grouping: Grouping) -> list[Tie]:
    """What a grouping leaves open, sorted by id."""
    by_id = {mention.id: mention for mention in mentions}
    ties = [Tie(one, tuple(candidates), _text([one, *candidates], by_id)) for one, candidates in _asked(grouping)]
    return sorted(ties, key=tie_order)


def shown_of(grouping: Grouping) -> set[str]:
    """The records that the ties of a grouping show, and `ties_of` has to be given."""
    groups = (group for one, candidates in _asked(grouping) for group in (one, *candidates))
    return {record for group in groups for record in group[:_MOST_SHOWN]}


def tie_order(tie: Tie) -> str:
    """By which ties are sorted."""
    return tie.id


def _asked(grouping: Grouping) -> Iterator[tuple[Group, list[Group]]]:
    home = {record: group for group in grouping.groups for record in group}
    for record, others in grouping.undecided.items():
        candidates = sorted({home[other] for other in others})
        if (record,) not in candidates:
            yield (record,), candidates
    yield from ((one, [other]) for one, other in grouping.near)


def _text(groups: Sequence[Group], by_id: Mapping[str, Telling]) -> str:
    headings = ["Report", *(f"Candidate {number}" for number in range(1, len(groups)))]
    shown = ("\n".join([heading, *_told(group, by_id)]) for heading, group in zip(headings, groups, strict=True))
    return "\n\n".join(shown) + "\n"


def _told(group: Group, by_id: Mapping[str, Telling]) -> Iterable[str]:
    for record in group[:_MOST_SHOWN]:
        mention = by_id[record]
        yield f"- {_summary(mention)}"
        yield from (f"  “{' '.join(quote.split())}”" for quote in mention.evidence)
    if len(group) > _MOST_SHOWN:
        yield f"- and {len(group) - _MOST_SHOWN} more"


def _summary(mention: Telling) -> str:
    kind = mention.kind.rpartition(":")[2].replace("_", " ")
    parts = [f"an article {f'of {mention.dateline}' if mention.dateline else 'without a date'} tells: {kind}"]
    match mention.type:
        case "diplomatic_action":
            parts += [f"status {mention.status}", _who("by", mention, "actors"), _who("of", mention, "targets")]
            parts += [f"count {mention.count}"] if mention.count is not None else []
        case "sanction":
            parts += [f"status {mention.status}", _who("by", mention, "senders"), _who("on", mention, "targets")]
        case _:
            parts += [mention.status, _who("by", mention, "speaker"), _value(mention, "content") or ""]
    if mention.date_words is not None:
        parts.append(f"when: {mention.date_words}" + (f" ({mention.date})" if mention.date else ""))
    if mention.is_background:
        parts.append("told as earlier history")
    return "; ".join(part.replace("_", " ") for part in parts if part)


def _who(word: str, mention: Telling, field: str) -> str:
    named = _value(mention, field)
    return f"{word} {named if isinstance(named, str) else ', '.join(named)}" if named else ""


def _value(mention: Telling, field: str) -> Any:
    return mention.given[field].value if field in mention.given else None
