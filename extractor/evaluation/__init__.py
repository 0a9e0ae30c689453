"""Evaluation against gold: the gold format, the matching of records, and the figures.

What others build on: gold as data (`GoldArticle`, `GoldRecord`; files in `goldfiles`), the one-to-one matching of two
lists of records (`match`, with `facets_of_record` and `facets_of_gold`), the comparison of values field by field
(`compare`, with `fields_of`), and the figures (`evaluate`, an `Evaluation`).
"""

from extractor.evaluation.facets import Facets, facets_of_gold, facets_of_record
from extractor.evaluation.fields import fields_of
from extractor.evaluation.gold import GoldArticle, GoldRecord
from extractor.evaluation.matching import Likeness, Matching, Pair, match
from extractor.evaluation.report import Evaluation
from extractor.evaluation.scoring import evaluate
from extractor.evaluation.values import Slot, Verdict, compare

__all__ = [
    "Evaluation",
    "Facets",
    "GoldArticle",
    "GoldRecord",
    "Likeness",
    "Matching",
    "Pair",
    "Slot",
    "Verdict",
    "compare",
    "evaluate",
    "facets_of_gold",
    "facets_of_record",
    "fields_of",
    "match",
]
