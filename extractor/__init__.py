"""News articles to grounded, dated event records.

    from extractor import extract

    result = extract("seeds/")
    for record in result.actions:
        print(record.status, record.action, record.evidence[0].quote)

`extract` and `extract_async` do what the command does; the rest are the types of what they return.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractor.api import extract, extract_async
    from extractor.errors import ExtractorError
    from extractor.readers import Article
    from extractor.schema import DiplomaticAction, ExtractionResult, Sanction, Statement

__version__ = "0.1.0"
__all__ = [
    "Article",
    "DiplomaticAction",
    "ExtractionResult",
    "ExtractorError",
    "Sanction",
    "Statement",
    "extract",
    "extract_async",
]

_HOMES = {
    "Article": "extractor.readers",
    "DiplomaticAction": "extractor.schema",
    "ExtractionResult": "extractor.schema",
    "ExtractorError": "extractor.errors",
    "Sanction": "extractor.schema",
    "Statement": "extractor.schema",
    "extract": "extractor.api",
    "extract_async": "extractor.api",
}


def __getattr__(name: str) -> Any:
    # Loaded where they are used: the command's --help must not wait for them.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
