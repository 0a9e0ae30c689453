"""Krippendorff's alpha of a nominal variable, with its bootstrap interval over articles.

alpha = 1 - Do / De, by coincidences within units that two observers or more have told (Krippendorff 2011, "Computing
Krippendorff's Alpha-Reliability", section C: any number of observers, missing data). Disagreements and frequencies add
up over articles, so that each resample of the bootstrap is a sum.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from extractor.evaluation.bootstrap import draws, percentiles

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

# The values that observers give a unit, one of each who tells it.
Unit = Sequence[str]


def alpha(articles: Sequence[Sequence[Unit]]) -> tuple[float | None, tuple[float, float] | None]:
    """Alpha over the units of all articles, and its interval; None where all values are the same.

    Of fewer than two articles there is no interval.
    """
    import numpy as np

    terms = sorted({value for units in articles for unit in units if len(unit) > 1 for value in unit})
    if len(terms) < 2:
        return None, None
    observed = np.array([sum(map(_disagreement, units)) for units in articles])
    frequencies = np.array([_frequencies(units, terms) for units in articles])
    (whole,) = _alphas(observed.sum(keepdims=True), frequencies.sum(axis=0, keepdims=True))
    if len(articles) < 2:
        return float(whole), None
    drawn = draws(len(articles))
    return float(whole), percentiles(_alphas(drawn @ observed, drawn @ frequencies))


def agreement(articles: Sequence[Sequence[Unit]]) -> float | None:
    """The share of units of which all observers give the same value."""
    told = [unit for units in articles for unit in units if len(unit) > 1]
    return sum(len(set(unit)) == 1 for unit in told) / len(told) if told else None


def _disagreement(unit: Unit) -> float:
    """A unit's coincidences of different values."""
    observers = len(unit)
    if observers < 2:
        return 0.0
    return sum(count * (observers - count) for count in Counter(unit).values()) / (observers - 1)


def _frequencies(units: Sequence[Unit], terms: Sequence[str]) -> list[int]:
    counted = Counter(value for unit in units if len(unit) > 1 for value in unit)
    return [counted[term] for term in terms]


def _alphas(observed: NDArray[float64], frequencies: NDArray[int64]) -> NDArray[float64]:
    """Alpha of each row; rows in which all values are the same are left out."""
    values = frequencies.sum(axis=1)
    different = values**2 - (frequencies**2).sum(axis=1)
    told = different > 0
    found: NDArray[float64] = 1 - observed[told] * (values[told] - 1) / different[told]
    return found
