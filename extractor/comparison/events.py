"""What differs between two outputs' events, which are known by their records and not by their ids alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence

from pydantic import JsonValue

from extractor.comparison.report import EventChange, FieldChange, Flip
from extractor.evaluation.matching import assign
from extractor.schema.events import Event, EventLink

PAIRING = (
    "events are paired one to one so that they share as many paired records as can be; an event is added or lost where "
    "none is left to pair it with"
)
_PLAIN = ("kind", "sources", "targets", "status", "occurred", "contested", "date")
# A tie of two events goes to the one of the same id; a shared record is worth more.
_SAME_ID = 0.5
_LinkKey = tuple[str, str]
_Scores = dict[tuple[int, int], float]


def event_changes(left: Sequence[Event], right: Sequence[Event], twins: Mapping[str, str]) -> list[EventChange]:
    """What differs from some events to others; `twins` gives the right record's id for the left one's."""
    scores = _shared(left, right, twins)
    pairs = _paired(scores, left, right)
    counterparts = {left[a].id: right[b].id for a, b in pairs.items()}
    changes = [_changed(left[a], right[b], twins, counterparts) for a, b in pairs.items()]
    sharing: dict[tuple[str, int], list[str]] = defaultdict(list)
    for a, b in scores:
        sharing["left", a].append(right[b].id)
        sharing["right", b].append(left[a].id)
    changes += [_single(left[a], sharing["left", a], lost=True) for a in range(len(left)) if a not in pairs]
    taken = set(pairs.values())
    changes += [_single(right[b], sharing["right", b], lost=False) for b in range(len(right)) if b not in taken]
    return sorted((change for change in changes if change is not None), key=_order)


def _shared(left: Sequence[Event], right: Sequence[Event], twins: Mapping[str, str]) -> _Scores:
    """How many paired records each two events share, of those that share any."""
    home = {member: number for number, event in enumerate(right) for member in event.members}
    shared = Counter(
        (number, home[twins[member]])
        for number, event in enumerate(left)
        for member in event.members
        if twins.get(member) in home
    )
    return {
        (a, b): count + _SAME_ID * (left[a].id == right[b].id)
        for (a, b), count in sorted(shared.items())
        if left[a].type == right[b].type
    }


def _paired(scores: _Scores, left: Sequence[Event], right: Sequence[Event]) -> dict[int, int]:
    """The pairs; only events that hang together by shared records are weighed against each other."""
    pairs: dict[int, int] = {}
    for group in _components(scores):
        # Sorted by id, the same of several equal solutions is found from either side.
        rows = sorted({a for a, _ in group}, key=lambda a: left[a].id)
        columns = sorted({b for _, b in group}, key=lambda b: right[b].id)
        table = {(rows.index(a), columns.index(b)): scores[a, b] for a, b in group}
        if [left[a].id for a in rows] <= [right[b].id for b in columns]:
            found = assign(table, len(rows), len(columns))
        else:
            turned = {(b, a): score for (a, b), score in table.items()}
            found = [(a, b) for b, a in assign(turned, len(columns), len(rows))]
        pairs |= {rows[a]: columns[b] for a, b in found}
    return dict(sorted(pairs.items()))


def _components(edges: Mapping[tuple[int, int], float]) -> Iterator[list[tuple[int, int]]]:
    """The edges of a bipartite graph, component by component."""
    at: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for edge in edges:
        at["left", edge[0]].append(edge)
        at["right", edge[1]].append(edge)
    seen: set[tuple[int, int]] = set()
    for edge in edges:
        if edge in seen:
            continue
        found, waiting = [], [edge]
        seen.add(edge)
        while waiting:
            a, b = waiting.pop()
            found.append((a, b))
            further = [other for other in (*at["left", a], *at["right", b]) if other not in seen]
            seen.update(further)
            waiting += dict.fromkeys(further)
        yield sorted(found)


def _changed(one: Event, other: Event, twins: Mapping[str, str], counterparts: Mapping[str, str]) -> EventChange | None:
    fields = list(_differences(one, other, twins, counterparts))
    if not fields:
        return None
    return EventChange(
        change="changed", type=one.type, flip=_flip(one, other), fields=fields, shares_with=[], first=one, second=other
    )


def _differences(
    one: Event, other: Event, twins: Mapping[str, str], counterparts: Mapping[str, str]
) -> Iterator[FieldChange]:
    values = one.model_dump(mode="json"), other.model_dump(mode="json")
    for name in _PLAIN:
        if values[0][name] != values[1][name]:
            yield _field(name, values[0][name], values[1][name])
    if _conflicts(one) != _conflicts(other):
        yield _field("conflicts", _conflicts(one), _conflicts(other))
    for name, left, right in (
        ("articles", *_apart({article: article for article in one.articles}, other.articles)),
        ("members", *_apart({member: twins.get(member, member) for member in one.members}, other.members)),
    ):
        if left or right:
            yield _field(name, left, right)
    yield from _links(one, other, counterparts)


def _apart(left: Mapping[str, str], right: Sequence[str]) -> tuple[list[JsonValue], list[JsonValue]]:
    """What only one side has; `left` gives what stands for it on the right."""
    there, shared = set(right), set(left.values())
    return [one for one, twin in left.items() if twin not in there], [other for other in right if other not in shared]


def _links(one: Event, other: Event, counterparts: Mapping[str, str]) -> Iterator[FieldChange]:
    left: dict[_LinkKey, EventLink] = {
        (link.type, counterparts.get(link.event, link.event)): link for link in one.links
    }
    right: dict[_LinkKey, EventLink] = {(link.type, link.event): link for link in other.links}
    first, second = _told(left, right), _told(right, left)
    if first or second:
        yield _field("links", first, second)


def _told(links: Mapping[_LinkKey, EventLink], beside: Container[_LinkKey]) -> list[JsonValue]:
    return [link.model_dump(mode="json", include={"type", "event"}) for key, link in links.items() if key not in beside]


def _field(name: str, first: JsonValue, second: JsonValue) -> FieldChange:
    return FieldChange(field=name, first=first, second=second, wording=False)


def _conflicts(event: Event) -> list[JsonValue]:
    return [item.field for item in event.fields if item.agreement == "conflict"]


def _single(event: Event, sharing: Sequence[str], *, lost: bool) -> EventChange:
    return EventChange(
        change="lost" if lost else "added",
        type=event.type,
        flip=None,
        fields=[],
        shares_with=sorted(sharing),
        first=event if lost else None,
        second=None if lost else event,
    )


def _flip(one: Event, other: Event) -> Flip | None:
    if one.type == "statement" or one.occurred == other.occurred:
        return None
    return "became_fact" if other.occurred else "no_longer_fact"


def _order(change: EventChange) -> tuple[str, str, str, str]:
    """Acts before statements, then by date, those without one last."""
    date, name = min((event.date or "~", event.id) for event in change.events)
    return change.type, date, name, change.change
