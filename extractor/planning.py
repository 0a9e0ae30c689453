"""What a run would ask and about what that would cost, without asking anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from extractor.copies import read_distinct
from extractor.errors import ExtractorError
from extractor.pipeline import extract_article
from extractor.prompt import load_prompt
from extractor.providers.base import Completion, Request
from extractor.providers.estimates import Gauge
from extractor.providers.opening import price_of
from extractor.providers.prices import Price
from extractor.providers.table import parse_model_name
from extractor.recordings import Mode, RecordedModel
from extractor.runner import Options, choose_model


@dataclass(frozen=True, slots=True)
class Planned:
    """What one article, or all, would take: answers replayed, requests, tokens estimated, dollars where known."""

    name: str
    replayed: int
    requests: int
    input_tokens: int
    output_tokens: int
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would take, article by article; re-asks, which nobody can foresee, are not in it."""

    model: str
    articles: tuple[Planned, ...]

    @property
    def total(self) -> Planned:
        """The sums."""
        costs = [item.cost for item in self.articles]
        return Planned(
            f"{len(costs)} articles" if len(costs) != 1 else "1 article",
            sum(item.replayed for item in self.articles),
            sum(item.requests for item in self.articles),
            sum(item.input_tokens for item in self.articles),
            sum(item.output_tokens for item in self.articles),
            None if None in costs else sum((cost for cost in costs if cost is not None), Decimal(0)),
        )


async def plan(paths: Sequence[str | Path], options: Options) -> Plan:
    """Reckon what a run would ask, without a request and without a key.

    Raises:
        UsageError: a path, model or setting is wrong.
    """
    prompt = load_prompt(options.prompts)
    estimator = _Estimator(options)
    model = choose_model(options) if options.model is None else _model(options, estimator)
    planned = []
    try:
        for article in read_distinct(paths, options.inputs, options.near_duplicates).articles:
            estimator.begin(article.name)
            result = await extract_article(article, model, prompt, options.reading)
            planned.append(replace(estimator.planned, replayed=result.report.calls.replayed))
    finally:
        await model.close()
    return Plan(model.name, tuple(planned))


def _model(options: Options, estimator: _Estimator) -> RecordedModel:
    live = None if options.mode is Mode.REPLAY else estimator
    return options.choice.replayed(options.model or "", live)


class _NotAsked(ExtractorError):
    """A request that was reckoned with and not sent."""

    kind = "not_asked"


@dataclass
class _Estimator:
    """Stands where the live model would, and counts."""

    options: Options
    planned: Planned = field(default_factory=lambda: Planned("", 0, 0, 0, 0, Decimal(0)))
    gauge: Gauge = field(default_factory=Gauge)

    def __post_init__(self) -> None:
        options = self.options
        model = options.model
        asks = model is not None and options.mode is not Mode.REPLAY
        self.price = price_of(parse_model_name(model), options.terms) if model is not None and asks else Price()

    @property
    def name(self) -> str:
        return self.options.model or ""

    def begin(self, article: str) -> None:
        self.planned = Planned(article, 0, 0, 0, 0, Decimal(0))

    async def complete(self, request: Request) -> Completion:
        count, sofar = self.gauge.estimate(request), self.planned
        cost = self.price.of(count)
        self.planned = Planned(
            sofar.name,
            0,
            sofar.requests + 1,
            sofar.input_tokens + count.input,
            sofar.output_tokens + count.output,
            None if cost is None or sofar.cost is None else sofar.cost + cost,
        )
        raise _NotAsked(f"{request.subject.article_name} was not asked about.")

    async def close(self) -> None:
        """There is nothing to close."""
