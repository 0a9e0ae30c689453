"""Comparison of outputs: what one has that another has not, and who agrees with whom.

What others build on: `compare_outputs`, which gives a `Comparison`, the content of `extract compare --format json`.
"""

from extractor.comparison.comparing import compare_outputs
from extractor.comparison.report import (
    Alpha,
    ArticleChange,
    ComparedArticle,
    ComparedOutput,
    Comparison,
    Difference,
    EventChange,
    FieldChange,
    PairAgreement,
    RecordAgreement,
    RecordChange,
    TypeCounts,
)

__all__ = [
    "Alpha",
    "ArticleChange",
    "ComparedArticle",
    "ComparedOutput",
    "Comparison",
    "Difference",
    "EventChange",
    "FieldChange",
    "PairAgreement",
    "RecordAgreement",
    "RecordChange",
    "TypeCounts",
    "compare_outputs",
]
