"""How far an event has come: its statuses in order of time, and the last of them."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.consolidation.mentions import Mention, Telling
from extractor.schema.events import StatusStep

# How far each status takes an act; of two on one day, or without dates, the farther is the later one. What ends an
# act's way, done or not, goes over what leads to it.
_FAR = {
    "hypothetical": 0, "threatened": 1, "proposed": 1, "announced": 2, "ordered": 3,
    "carried_out": 4, "imposed": 4, "expanded": 5, "extended": 5, "eased": 5,
    "denied": 6, "ruled_out": 6, "suspended": 6, "lifted": 6, "reversed": 7,
}  # fmt: skip
_DONE = frozenset({"ordered", "carried_out", "imposed", "expanded", "extended", "eased", "lifted"})
NOT_DONE = frozenset({"denied", "ruled_out"})
_ENDED_UNDONE = NOT_DONE | {"suspended", "reversed"}
_DONE_BEYOND_DOUBT = frozenset({"carried_out", "imposed", "expanded", "extended"})


def history_of(members: Sequence[Telling]) -> list[StatusStep]:
    """The statuses in order of time.

    A record without a date stands where its status would: behind those that led to it, before those that it leads to.
    """
    return [_step(mention) for mention in sorted(members, key=lambda mention: _order(mention, members))]


def last_of(members: Sequence[Telling]) -> Telling:
    """The record that gives the last status: the farthest on the latest day that any dated end of the way has."""
    if len(members) == 1:
        return members[0]
    ends = [mention for mention in members if _far(mention) >= 4]
    if ends and all(mention.when for mention in ends):
        latest = max(mention.when.last for mention in ends if mention.when)
        ends = [mention for mention in ends if mention.when and mention.when.last == latest]
    chosen = ends or members
    farthest = max(_far(mention) for mention in chosen)
    chosen = [mention for mention in chosen if _far(mention) == farthest]
    return min(chosen, key=lambda mention: (mention.when is None, mention.id))


def is_done(status: str) -> bool:
    """Whether an act with this last status happened."""
    return status in _DONE


def outcome(status: str) -> str:
    """What a status says of the act in the end: "done", "not" or "open"."""
    return "done" if status in _DONE else "not" if status in _ENDED_UNDONE else "open"


def is_contested(members: Sequence[Mention]) -> bool:
    """Whether one record tells it as done and another as not so."""
    statuses = {mention.status for mention in members}
    return bool(statuses & _DONE_BEYOND_DOUBT) and bool(statuses & NOT_DONE)


def _order(mention: Mention, members: Sequence[Mention]) -> tuple[int, int, str, str]:
    when = mention.when
    if when is None:
        same = [other.when.first for other in members if other.when and _far(other) <= _far(mention)]
        after = [other.when.first for other in members if other.when]
        day = max(same) if same else min(after) if after else 0
    else:
        day = when.first
    return day, _far(mention), mention.article, mention.id


def progress(status: str) -> int:
    """How far a status takes an act: 0 where it is only imagined."""
    return _FAR.get(status, 0)


def _far(mention: Mention) -> int:
    return progress(mention.status)


def _step(mention: Telling) -> StatusStep:
    return StatusStep(
        status=mention.status, date=mention.date, by=mention.by, record=mention.id, article=mention.article
    )
