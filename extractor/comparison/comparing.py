"""Outputs in, their comparison out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from extractor.comparison.agreement import DEFINITIONS, Alignments, alphas, matches, pair_agreements
from extractor.comparison.alignment import ALIGNMENT, Alignment, align, told
from extractor.comparison.changes import SAME, WORDING, article_changes, counts, record_changes
from extractor.comparison.events import PAIRING, event_changes
from extractor.comparison.report import ComparedArticle, ComparedOutput, Comparison, Difference
from extractor.errors import UsageError
from extractor.evaluation.matching import check_installed
from extractor.grounding import GroundedText
from extractor.schema.output import ArticleReport, ExtractionResult
from extractor.schema.records import AnyRecord

_Outputs = Sequence[tuple[str, ExtractionResult]]


def compare_outputs(outputs: _Outputs) -> Comparison:
    """Compare outputs, each given with the name that it is to have.

    Of two there is a `difference`, from the first to the second; of more, who agrees with whom. Only articles that all
    of them have are compared; the others are named.

    Raises:
        UsageError: there are fewer than two.
        MissingExtra: numpy or scipy is not installed.
    """
    if len(outputs) < 2:
        raise UsageError("There is nothing to compare it with.", "Name two outputs of extract, or more.")
    check_installed()
    results = [result for _, result in outputs]
    articles = _articles(results)
    compared = [article.id for article in articles if None not in article.outcomes]
    alignments = _alignments(results, compared)
    others = range(1, len(results))
    differences = [_difference(results[0], results[other], compared, alignments[0, other]) for other in others]
    return Comparison(
        definitions={"same": SAME, "pairs": ALIGNMENT, "wording": WORDING, "events": PAIRING, **DEFINITIONS},
        outputs=_outputs(outputs, compared, alignments),
        articles=articles,
        same=all(found.is_empty for found in differences),
        difference=differences[0] if len(outputs) == 2 else None,
        agreement=pair_agreements(alignments),
        alphas=alphas(alignments),
    )


def _articles(results: Sequence[ExtractionResult]) -> list[ComparedArticle]:
    reports = [{article.id: article for article in result.articles} for result in results]
    records = [_by_article(result) for result in results]
    known: dict[str, ArticleReport] = {}
    for by_id in reports:
        known = {**by_id, **known}
    return [
        ComparedArticle(
            id=article.id,
            name=article.name,
            outcomes=[by_id[article.id].outcome if article.id in by_id else None for by_id in reports],
            records=[
                len(found[article.id]) if article.id in by_id else None
                for by_id, found in zip(reports, records, strict=True)
            ],
        )
        for article in sorted(known.values(), key=lambda item: (item.name, item.id))
    ]


def _by_article(result: ExtractionResult) -> Mapping[str, list[AnyRecord]]:
    found: dict[str, list[AnyRecord]] = defaultdict(list)
    for record in result.records:
        found[record.article].append(record)
    return found


def _alignments(results: Sequence[ExtractionResult], compared: Sequence[str]) -> Alignments:
    """Of every two outputs the alignments of all compared articles."""
    texts = {article.id: article.text for article in results[0].articles}
    by_article = [_by_article(result) for result in results]
    found: dict[tuple[int, int], list[Alignment]] = {pair: [] for pair in combinations(range(len(results)), 2)}
    for article in compared:
        text = GroundedText(texts[article])
        sides = [told(records[article], text) for records in by_article]
        for (one, other), aligned in found.items():
            aligned.append(align(sides[one], sides[other]))
    return found


def _difference(
    left: ExtractionResult, right: ExtractionResult, compared: Sequence[str], alignments: Sequence[Alignment]
) -> Difference:
    names = {article.id: article.name for article in left.articles}
    records = [
        change
        for article, item in zip(compared, alignments, strict=True)
        for change in record_changes(item, names[article])
    ]
    twins = {pair.left.id: pair.right.id for item in alignments for pair in item.pairs}
    return Difference(
        counts=list(counts(alignments, records)),
        articles=list(article_changes(left, right)),
        records=records,
        events=event_changes(left.events, right.events, twins),
    )


def _outputs(outputs: _Outputs, compared: Sequence[str], alignments: Alignments) -> list[ComparedOutput]:
    shared: list[set[str]] = [set() for _ in outputs]
    for (one, other), found in alignments.items():
        for pair in (pair for item in found for pair in item.pairs if matches(pair)):
            shared[one].add(pair.left.id)
            shared[other].add(pair.right.id)
    chosen = set(compared)
    return [
        ComparedOutput(
            name=name,
            model=result.model.name,
            prompt=result.model.prompt,
            answer_schema=result.model.answer_schema,
            articles=len(result.articles),
            records=len(result.records),
            events=len(result.events),
            rejected=len(result.rejected),
            alone=sum(record.article in chosen and record.id not in shared[place] for record in result.records),
        )
        for place, (name, result) in enumerate(outputs)
    ]
