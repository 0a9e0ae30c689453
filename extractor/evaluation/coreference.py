"""Event coreference by MUC, B-cubed and entity CEAF, and their mean, the CoNLL F1.

Two partitions of mentions are compared: gold's, and a run's. Mentions that only one side has are counted against the
other, as in the reference scorer of Pradhan et al. (2014); events of one mention count in B-cubed and CEAF, and make no
link for MUC.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from extractor.evaluation.matching import assign

Cluster = frozenset[str]


class Rates(NamedTuple):
    """Recall, precision and F1; 1 of nothing that is asked for or given, so that two empty partitions agree."""

    recall: float
    precision: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0


def clusters(labels: Mapping[str, str]) -> list[Cluster]:
    """The partition in which mentions of one label are one event."""
    found: dict[str, set[str]] = {}
    for mention, label in labels.items():
        found.setdefault(label, set()).add(mention)
    return [frozenset(members) for members in found.values()]


def muc(key: Sequence[Cluster], response: Sequence[Cluster]) -> Rates:
    """Links that have to be made or undone (Vilain et al. 1995)."""
    return Rates(_links(key, response), _links(response, key))


def b_cubed(key: Sequence[Cluster], response: Sequence[Cluster]) -> Rates:
    """Each mention's share of its event that is with it on the other side, too (Bagga and Baldwin 1998)."""
    return Rates(_shares(key, response), _shares(response, key))


def ceaf_e(key: Sequence[Cluster], response: Sequence[Cluster]) -> Rates:
    """The likeness of events aligned one to one, by Luo's (2005) fourth similarity."""
    scores = {
        (a, b): 2 * len(one & other) / (len(one) + len(other))
        for (a, one), (b, other) in product(enumerate(key), enumerate(response))
        if one & other
    }
    aligned = sum(scores[pair] for pair in assign(scores, len(key), len(response)))
    return Rates(_rate(aligned, len(key)), _rate(aligned, len(response)))


def conll(key: Sequence[Cluster], response: Sequence[Cluster]) -> float:
    """The mean F1 of the three, by which the CoNLL shared tasks ranked."""
    measures: Iterable[Callable[[Sequence[Cluster], Sequence[Cluster]], Rates]] = (muc, b_cubed, ceaf_e)
    return sum(measure(key, response).f1 for measure in measures) / 3


def _links(events: Sequence[Cluster], other: Sequence[Cluster]) -> float:
    """The share of links within events that the other partition makes, too."""
    home = {mention: number for number, cluster in enumerate(other) for mention in cluster}
    kept = sum(len(event) - _pieces(event, home) for event in events)
    return _rate(kept, sum(len(event) - 1 for event in events))


def _pieces(event: Cluster, home: Mapping[str, int]) -> int:
    """Into how many pieces the other partition takes an event; a mention that it lacks is a piece of its own."""
    told: Collection[int] = [home[mention] for mention in event if mention in home]
    return len(set(told)) + len(event) - len(told)


def _shares(events: Sequence[Cluster], other: Sequence[Cluster]) -> float:
    shared = sum(len(event & one) ** 2 / len(event) for event in events for one in other)
    return _rate(shared, sum(map(len, events)))


def _rate(part: float, whole: float) -> float:
    return part / whole if whole else 1.0
