"""One article of a run, or one file that is none: its result, whatever is met."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from extractor.checking import Checks, FaultMet
from extractor.errors import Fault
from extractor.pipeline import ArticleResult, Ledger, Reading, extract_article, failed
from extractor.prompt import Prompt
from extractor.providers.base import Model
from extractor.readers import Article, Unread


async def result_for(  # noqa: PLR0913, PLR0917
    item: Article | Unread,
    model: Model,
    prompt: Prompt,
    reading: Reading,
    ledger: Ledger | None = None,
    checks: Checks | None = None,
) -> ArticleResult:
    """The result of what was read; a fault met at one article must not cost the others."""
    if isinstance(item, Unread):
        return unread_result(item)
    try:
        return await extract_article(item, model, prompt, reading, ledger, checks)
    except Exception as error:  # noqa: BLE001 - whatever it is
        return faulty(item, error)


def unread_result(item: Unread) -> ArticleResult:
    """The result of a file without a text: its id is made from its name."""
    result = failed(Article(item.name, "", ""), item.error)
    made = f"unread-{hashlib.sha256(item.name.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    return replace(result, report=result.report.model_copy(update={"id": made}))


def faulty(article: Article, error: Exception) -> ArticleResult:
    """The result of an article at which a fault of this tool was met."""
    fault = error.fault if isinstance(error, FaultMet) else Fault.met_at(article.name, error)
    # Made without the text, which may be what the fault is met at.
    report = failed(Article(article.name, "", article.encoding), fault).report
    return ArticleResult(
        report.model_copy(update={"id": article.id, "text": article.text, "text_sha256": article.sha256}), error=fault
    )
