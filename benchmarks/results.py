"""What a run of the benchmarks gives: samples, tables, aims, and the report that holds them all."""

from __future__ import annotations

import statistics
from typing import Self

from pydantic import BaseModel, ConfigDict

from benchmarks.points import POINTS


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Samples(_Frozen):
    """One figure, measured once or several times.

    `note` tells what the number does not ("stopped after 60 s"). Of samples of two tools the nth of each were measured
    one after the other, so that ratios are taken pair by pair.
    """

    values: tuple[float, ...]
    unit: str = ""
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the greatest."""
        return min(self.values), max(self.values)

    def over(self, other: Samples) -> Samples:
        """How many times the other figure this one is, pair by pair; the shorter one's median where it has fewer."""
        ours, theirs = (_filled(one.values, max(len(self.values), len(other.values))) for one in (self, other))
        note = "; ".join(dict.fromkeys(filter(None, (self.note, other.note))))
        return Samples(
            values=tuple(one / max(two, 1e-9) for one, two in zip(ours, theirs, strict=True)), unit="x", note=note
        )

    def scaled(self, factor: float, unit: str) -> Samples:
        """The same figure in another unit."""
        return self.model_copy(update={"values": tuple(value * factor for value in self.values), "unit": unit})


def _filled(values: tuple[float, ...], count: int) -> tuple[float, ...]:
    return values if len(values) == count else (statistics.median(values),) * count


Cell = Samples | float | str


class Table(_Frozen):
    """A table of a point; the first cell of a row names it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Aim(_Frozen):
    """What a figure should be, and whether it is; None where it was not measured, as without a peer.

    `reason` is told where the aim is missed or was not measured.
    """

    aim: str
    measured: str
    met: bool | None
    reason: str = ""


class Point(_Frozen):
    """What one module of the benchmarks has measured.

    `method` is how, a paragraph each. `options` says for each tool what was run and with which options.
    """

    title: str
    method: tuple[str, ...]
    options: dict[str, str] = {}
    tables: tuple[Table, ...] = ()
    aims: tuple[Aim, ...] = ()
    notes: tuple[str, ...] = ()


class Measured(_Frozen):
    """A point with when it was measured and how long that took; `failure` where it could not be measured."""

    point: Point | None
    began: str
    seconds: float
    smoke: bool
    load: float
    failure: str = ""


class Machine(_Frozen):
    """What the figures were measured on."""

    processor: str
    cores: int
    memory_gib: float
    system: str
    python: str


class Report(_Frozen):
    """All of a run. `versions` are those of this project and of each peer; of a peer that is not installed, none."""

    machine: Machine
    versions: dict[str, str | None]
    points: dict[str, Measured]

    def with_points_of(self, other: Self) -> Self:
        """The report with the other's points besides its own, in the order of the benchmarks."""
        points = {**other.points, **self.points}
        return self.model_copy(update={"points": {name: points[name] for name in POINTS if name in points}})

    @property
    def has_smoke(self) -> bool:
        """Whether a point was measured at tiny sizes."""
        return any(measured.smoke for measured in self.points.values())
