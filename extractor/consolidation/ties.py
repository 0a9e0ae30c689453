"""Ties: what the rules leave open, as questions that a model can answer.

Open is which of two events a record belongs to where it fits both and these exclude each other; and whether two events
are one that lack a single point, while no two of their records lack more. What rules exclude is never asked about.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extractor.consolidation.clustering import Decision, Group, Grouping
from extractor.consolidation.mentions import Mention, kind_of
from extractor.schema.claims import Actor, SanctionTarget
from extractor.schema.records import DiplomaticAction, Sanction

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


def ties_of(mentions: Sequence[Mention], grouping: Grouping) -> list[Tie]:
    """What a grouping leaves open, sorted by id."""
    by_id = {mention.id: mention for mention in mentions}
    home = {record: group for group in grouping.groups for record in group}
    asked: list[tuple[Group, list[Group]]] = [
        ((record,), sorted({home[other] for other in others})) for record, others in grouping.undecided.items()
    ]
    asked += [(one, [other]) for one, other in grouping.near]
    ties = [
        Tie(one, tuple(candidates), _text([one, *candidates], by_id))
        for one, candidates in asked
        if one not in candidates
    ]
    return sorted(ties, key=lambda tie: tie.id)


def _text(groups: Sequence[Group], by_id: Mapping[str, Mention]) -> str:
    headings = ["Report", *(f"Candidate {number}" for number in range(1, len(groups)))]
    shown = ("\n".join([heading, *_told(group, by_id)]) for heading, group in zip(headings, groups, strict=True))
    return "\n\n".join(shown) + "\n"


def _told(group: Group, by_id: Mapping[str, Mention]) -> Iterable[str]:
    for record in group[:_MOST_SHOWN]:
        mention = by_id[record]
        yield f"- {_summary(mention)}"
        yield from (f"  “{' '.join(evidence.quote.split())}”" for evidence in mention.record.evidence)
    if len(group) > _MOST_SHOWN:
        yield f"- and {len(group) - _MOST_SHOWN} more"


def _summary(mention: Mention) -> str:
    record = mention.record
    kind = kind_of(record).rpartition(":")[2].replace("_", " ")
    parts = [f"an article {f'of {mention.dateline}' if mention.dateline else 'without a date'} tells: {kind}"]
    match record:
        case DiplomaticAction():
            parts += [f"status {record.status}", _who("by", record.actors), _who("of", record.targets)]
            parts += [f"count {record.count}"] if record.count is not None else []
        case Sanction():
            parts += [f"status {record.status}", _who("by", record.senders), _who("on", record.targets)]
        case _:
            parts += [str(record.act), _who("by", [record.speaker] if record.speaker else []), record.content]
    if record.date:
        parts.append(f"when: {record.date.text}" + (f" ({record.date.value})" if record.date.value else ""))
    if record.is_background:
        parts.append("told as earlier history")
    return "; ".join(part.replace("_", " ") for part in parts if part)


def _who(word: str, actors: Sequence[Actor | SanctionTarget]) -> str:
    return f"{word} {', '.join(actor.name for actor in actors)}" if actors else ""
