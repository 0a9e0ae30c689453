"""Who does what to whom, as a drawing: parties on a ring, and an arrow for each kind of thing between two.

The layout is computed, not simulated: the same events give the same drawing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractor.report.parties import Parties
from extractor.schema.events import Event

WIDTH, HEIGHT = 760, 430
# More pairs than these make a drawing that nobody can read, and more arrows one on which no number can be read.
_MOST_PAIRS, _DENSE = 14, 24
_RING_X, _RING_Y = 235, 150
# Pixels by which arrows between two parties keep apart, and by which they end before the party's dot.
_BOW = {"done": 26, "open": 52, "said": 78}
_DOT = 13
# Pixels by which every other name is farther off, and the characters that one may have on a phone.
_FAR, _PHONE_LABEL = 20, 16


@dataclass(frozen=True, slots=True)
class Node:
    """A party with its place, and where its name goes: on a wide screen, and on a phone above or below it."""

    party: int
    label: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    phone_label: str
    phone_x: float
    phone_y: float
    phone_anchor: str


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow: who, whom, and whether it happened (`done`), did not (`open`), or was said."""

    source: int
    target: int
    standing: str
    count: int
    width: float
    path: str
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """The network's drawing; `most` is the highest count, `left_out` the number of parties that do not fit it."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    most: int
    left_out: int

    @property
    def dense(self) -> bool:
        """Whether numbers beside the arrows would hide one another."""
        return len(self.edges) > _DENSE


def drawing_of(events: Sequence[Event], parties: Parties) -> Drawing:
    """Lay out who does what to whom; what a party does to itself is told in the table alone."""
    counts = _counts(events, parties)
    pairs: Counter[frozenset[int]] = Counter()
    for (source, target, _), count in counts.items():
        pairs[frozenset((source, target))] += count
    drawn = set(sorted(pairs, key=lambda pair: (-pairs[pair], sorted(pair)))[:_MOST_PAIRS])
    shown = {key: count for key, count in sorted(counts.items()) if frozenset(key[:2]) in drawn}
    places = _places(_order(shown, parties.names))
    nodes = {
        party: _node(party, parties.names[party], angle, far=place % 2 == 1)
        for place, (party, angle) in enumerate(places.items())
    }
    most = max(shown.values(), default=1)
    edges = tuple(_edge(nodes[key[0]], nodes[key[1]], key[2], count, most) for key, count in shown.items())
    return Drawing(tuple(nodes.values()), edges, most, len(frozenset().union(*pairs)) - len(nodes))


def kind_of(event: Event) -> str:
    """Which arrow an event belongs to."""
    return "said" if event.type == "statement" else "done" if event.occurred else "open"


def _counts(events: Sequence[Event], parties: Parties) -> Counter[tuple[int, int, str]]:
    counts: Counter[tuple[int, int, str]] = Counter()
    for number, event in enumerate(events):
        for source in parties.sources[number]:
            for target in parties.targets[number]:
                if source != target:
                    counts[source, target, kind_of(event)] += 1
    return counts


def _order(counts: Mapping[tuple[int, int, str], int], names: Sequence[str]) -> list[int]:
    """The two with most to tell first, then each next to the one that it has most to do with."""
    ties: Counter[tuple[int, int]] = Counter()
    weights: Counter[int] = Counter()
    for (source, target, _), count in counts.items():
        ties[source, target] += count
        ties[target, source] += count
        weights[source] += count
        weights[target] += count
    chosen = sorted(weights, key=lambda party: (-weights[party], names[party], party))
    placed, rest = list(chosen[:2]), list(chosen[2:])
    while rest:
        # From the first on; `rest` is in order of weight, and max takes the first of equals.
        beside = placed[-1] if len(placed) > 2 else placed[0]
        following = max(rest, key=lambda party: ties[beside, party])
        placed.append(following)
        rest.remove(following)
    return placed


def _places(order: Sequence[int]) -> dict[int, float]:
    """Angles on the ring: the first two face each other, half of the others above them and half below."""
    angles = dict(zip(order[:2], (math.pi, 0.0), strict=False))
    others = order[2:]
    above = others[: (len(others) + 1) // 2]
    for half, side in ((above, 1), (others[len(above) :], -1)):
        for place, party in enumerate(half, start=1):
            angles[party] = math.pi + side * math.pi * place / (len(half) + 1)
    return angles


def _node(party: int, name: str, angle: float, *, far: bool) -> Node:
    """A party on the ring, its name outside of it: beside it at both ends, else above or below.

    Every other name stands `far` off, so that those of neighbours do not run into one another.
    """
    across, down = math.cos(angle), math.sin(angle)
    x, y = WIDTH / 2 + _RING_X * across, HEIGHT / 2 + _RING_Y * down
    end = abs(across) > 0.85
    off = _FAR if far and not end else 0
    if end:
        anchor, label_x, label_y = "start" if across > 0 else "end", x + math.copysign(18, across), y + 5
    else:
        anchor, label_x, label_y = "middle", x, y + math.copysign(22 + off, down) + 5
    label = _clipped(name, 28 if anchor == "middle" else 16)
    phone_y = y + math.copysign(28 + off, down) + 7
    return Node(
        party=party,
        label=label,
        x=_round(x),
        y=_round(y),
        label_x=_round(label_x),
        label_y=_round(label_y),
        anchor=anchor,
        phone_label=_clipped(name, _PHONE_LABEL),
        phone_x=_round(x + math.copysign(_DOT, across) if end else x),
        phone_y=_round(phone_y),
        phone_anchor=("end" if across > 0 else "start") if end else "middle",
    )


def _clipped(name: str, length: int) -> str:
    return name if len(name) <= length else f"{name[: length - 1]}…"


def _edge(source: Node, target: Node, standing: str, count: int, most: int) -> Edge:
    """A curve that bows to the left of its way, so that the two directions between two parties never lie on another."""
    across, down = target.x - source.x, target.y - source.y
    length = math.hypot(across, down)
    bow = _BOW[standing] * min(1.0, length / 260)
    control_x = (source.x + target.x) / 2 + 2 * bow * down / length
    control_y = (source.y + target.y) / 2 - 2 * bow * across / length
    start_x, start_y = _towards(source, control_x, control_y)
    end_x, end_y = _towards(target, control_x, control_y)
    path = f"M{start_x} {start_y}Q{_round(control_x)} {_round(control_y)} {end_x} {end_y}"
    middle_x = (source.x + target.x) / 4 + control_x / 2
    middle_y = (source.y + target.y) / 4 + control_y / 2
    # By the square root, so that a hundred events do not hide one.
    width = _round(1.5 + 4.5 * math.sqrt(count / most))
    return Edge(source.party, target.party, standing, count, width, path, _round(middle_x), _round(middle_y))


def _towards(node: Node, x: float, y: float) -> tuple[float, float]:
    away = math.hypot(x - node.x, y - node.y) or 1
    return _round(node.x + _DOT * (x - node.x) / away), _round(node.y + _DOT * (y - node.y) / away)


def _round(number: float) -> float:
    return round(number, 1)
