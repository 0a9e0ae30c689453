"""Who agrees with whom: F1 between outputs, and Krippendorff's alpha over the records that several tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

from extractor.comparison.alignment import Alignment, Twins
from extractor.comparison.reliability import agreement, alpha
from extractor.comparison.report import Alpha, Measure, PairAgreement, RecordAgreement
from extractor.evaluation.bootstrap import METHOD, Tally, f1_interval, total
from extractor.evaluation.matching import LIKENESS, Likeness
from extractor.evaluation.report import Score
from extractor.evaluation.scoring import TYPES
from extractor.schema.records import AnyRecord, RecordType

DEFINITIONS = {
    "f1": "records that both outputs have, twice, by all records of both; `exact` and `lenient` as follows",
    **{kind.value: text for kind, text in LIKENESS.items()},
    "alpha": "Krippendorff's alpha, nominal (Krippendorff 2011): 1 is agreement, 0 what chance would give; null where "
    "there are no two different values",
    "units": "a unit is a record that two outputs or more tell: pairs of records that match by id or leniently, the "
    "most alike first, are joined as long as no output has two records in a unit; for `action`, which matching itself "
    "asks for, also those left over that share a passage",
    "interval": METHOD.replace("F1", "F1 and alpha", 1),
}
_MEASURES: dict[Measure, tuple[tuple[RecordType, ...], str]] = {
    "action": (("diplomatic_action",), "action"),
    "action_status": (("diplomatic_action",), "status"),
    "sanction_status": (("sanction",), "status"),
    "speech_act": (("statement",), "act"),
    "realis": (("diplomatic_action", "sanction"), "derived.realis"),
}
# Of every two outputs, by their places: the alignments of all compared articles, in the articles' order.
Alignments = Mapping[tuple[int, int], Sequence[Alignment]]
_Node = tuple[int, str]
_Unit = dict[int, AnyRecord]


@dataclass(frozen=True, slots=True)
class _Link:
    """Two outputs' records that are taken for one; `weight` says which links go first."""

    left: int
    right: int
    records: tuple[AnyRecord, AnyRecord]
    weight: float


def pair_agreements(alignments: Alignments) -> list[PairAgreement]:
    """F1 and alpha of every two outputs."""
    return [
        PairAgreement(first=one, second=other, records=list(_records(found)), alphas=alphas({(one, other): found}))
        for (one, other), found in alignments.items()
    ]


def alphas(alignments: Alignments) -> list[Alpha]:
    """Alpha of each variable over the units of these outputs."""
    by_article = list(zip(*alignments.values(), strict=True))
    joined = {
        with_near: [_units(_links(list(alignments), found, with_near=with_near)) for found in by_article]
        for with_near in (False, True)
    }
    return [_alpha(measure, joined[measure == "action"]) for measure in _MEASURES]


def matches(pair: Twins) -> bool:
    """Whether a pair counts as a match, and not only as what became of a record."""
    return pair.basis != "passage"


def _records(found: Sequence[Alignment]) -> Iterator[RecordAgreement]:
    for kind in (None, *TYPES):
        yield RecordAgreement(
            type=kind,
            lenient=_score(found, kind, lambda pair: pair.likeness is not None),
            exact=_score(found, kind, lambda pair: pair.likeness is Likeness.EXACT),
        )


def _score(found: Sequence[Alignment], kind: RecordType | None, holds: Callable[[Twins], bool]) -> Score:
    tallies = [_tally(item, kind, holds) for item in found]
    return Score.of(*total(tallies), f1_interval(tallies))


def _tally(item: Alignment, kind: RecordType | None, holds: Callable[[Twins], bool]) -> Tally:
    """One article's hits; a pair that does not hold is on either side a record that the other lacks."""
    pairs = [pair for pair in item.pairs if kind in (None, pair.left.type)]
    hits = sum(map(holds, pairs))
    left, right = (sum(kind in (None, record.type) for record in side) for side in (item.left_only, item.right_only))
    return Tally(hits, right + len(pairs) - hits, left + len(pairs) - hits)


def _links(places: Sequence[tuple[int, int]], found: Sequence[Alignment], *, with_near: bool) -> Iterator[_Link]:
    """One article's links; the same id goes first, and a shared passage last."""
    for (left, right), item in zip(places, found, strict=True):
        for pair in item.pairs:
            if matches(pair) or with_near:
                weight = {"id": 2.0, "passage": 0.0}.get(pair.basis, pair.similarity)
                yield _Link(left, right, (pair.left, pair.right), weight)
        for records in item.near if with_near else ():
            yield _Link(left, right, records, 0.0)


def _units(links: Iterator[_Link]) -> list[_Unit]:
    """Records that several outputs tell, at most one of each."""
    units: dict[_Node, _Unit] = {}
    for link in sorted(links, key=lambda link: (-link.weight, *sorted(record.id for record in link.records))):
        one, other = (
            units.setdefault((place, record.id), {place: record})
            for place, record in zip((link.left, link.right), link.records, strict=True)
        )
        if one is not other and one.keys().isdisjoint(other):
            one.update(other)
            units.update({(place, record.id): one for place, record in other.items()})
    return [unit for unit in {id(unit): unit for unit in units.values()}.values() if len(unit) > 1]


def _alpha(measure: Measure, articles: Sequence[Sequence[_Unit]]) -> Alpha:
    types, path = _MEASURES[measure]
    value = attrgetter(path)
    told = [
        [[str(value(record)) for record in unit.values()] for unit in units if next(iter(unit.values())).type in types]
        for units in articles
    ]
    found, interval = alpha(told)
    return Alpha(
        measure=measure,
        units=len(list(chain.from_iterable(told))),
        agreement=agreement(told),
        alpha=found,
        interval=interval,
    )
