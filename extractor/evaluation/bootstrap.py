"""Confidence intervals of F1 by the bootstrap over articles.

Articles are drawn with replacement, their counts are summed, and F1 is taken anew (Efron and Tibshirani 1993, chapter
13: the percentile interval). An article, not a record, is what is drawn: an article's records are not independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

_RESAMPLES = 2_000
_SEED = 20_161_230
_LEVEL = 0.95
METHOD = (
    f"{_LEVEL:.0%} percentile bootstrap of F1 over articles: {_RESAMPLES:,} resamples, seed {_SEED}; a single "
    "article has none, and 1.00–1.00 says that none of these articles has an error, not that no other would"
)


class Tally(NamedTuple):
    """Hits, spurious and missed ones of one article."""

    hits: int = 0
    spurious: int = 0
    missed: int = 0


def total(tallies: Sequence[Tally]) -> Tally:
    """The sums."""
    return Tally(*(sum(column) for column in zip(*tallies, strict=True))) if tallies else Tally()


def f1_interval(tallies: Sequence[Tally]) -> tuple[float, float] | None:
    """The interval of F1 over articles, one tally each; None of fewer than two, or where F1 is never defined.

    The same tallies in the same order always give the same interval.
    """
    if len(tallies) < 2:
        return None
    import numpy as np

    hits, spurious, missed = (draws(len(tallies)) @ np.array(tallies)).T
    whole = 2 * hits + spurious + missed
    return percentiles(2 * hits[whole > 0] / whole[whole > 0])


def draws(articles: int) -> NDArray[int64]:
    """How often each article is drawn in each resample: an array of resamples by articles, always the same."""
    import numpy as np

    return np.random.default_rng(_SEED).multinomial(articles, [1 / articles] * articles, size=_RESAMPLES)


def percentiles(values: NDArray[float64]) -> tuple[float, float] | None:
    """The interval of a figure from its values in the resamples that define it; None where none does."""
    import numpy as np

    if not len(values):
        return None
    low, high = np.quantile(values, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return float(low), float(high)
