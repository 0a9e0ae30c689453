"""Ties between records that rules leave open, put to a model: recorded and replayed like any call, off by default."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractor.consolidation import Decision, Tie
from extractor.errors import ExtractorError, Fault
from extractor.prompt import TiePrompt
from extractor.providers.base import Model
from extractor.readers import Article
from extractor.schema.output import Calls, Failure, ResolvedTie


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of the ties: decisions for consolidation, what the output says of them, and the errors by name."""

    decisions: tuple[Decision, ...] = ()
    ties: tuple[ResolvedTie, ...] = ()
    errors: tuple[tuple[str, ExtractorError], ...] = ()


async def resolve(  # noqa: PLR0913
    ties: Sequence[Tie],
    model: Model,
    prompt: TiePrompt,
    *,
    reasks: int,
    parameters: Mapping[str, Any],
    at_once: int,
) -> Resolution:
    """Put ties to the model, `at_once` at a time; one without an answer stays open and costs no other."""
    gate = asyncio.Semaphore(at_once)

    async def ask(tie: Tie) -> _Asked:
        async with gate:
            return await _ask(tie, model, prompt, reasks, dict(parameters))

    asked = await asyncio.gather(*map(ask, ties))
    return Resolution(
        decisions=tuple(decision for one in asked for decision in one.decisions),
        ties=tuple(one.resolved for one in asked),
        errors=tuple((one.resolved.id, one.error) for one in asked if one.error is not None),
    )


def as_article(tie: Tie) -> Article:
    """A tie as what a model is asked about, so that its answer is recorded under its own text."""
    return Article(tie.id, tie.text)


@dataclass(frozen=True, slots=True)
class _Asked:
    decisions: tuple[Decision, ...]
    resolved: ResolvedTie
    error: ExtractorError | None


async def _ask(tie: Tie, model: Model, prompt: TiePrompt, reasks: int, parameters: dict[str, Any]) -> _Asked:
    from extractor.conversation.tie import ask_about_tie

    count = len(tie.candidates)
    answer, calls, error = None, Calls.none(), None
    try:
        answer, calls, error = await ask_about_tie(
            model, prompt, as_article(tie), count, reasks=reasks, parameters=parameters
        )
    except Exception as fault:  # noqa: BLE001 - a fault met at one tie must not cost the articles
        error = Fault.met_at(tie.id, fault)
    failure = Failure(kind=error.kind, message=error.message) if error else None
    resolved = ResolvedTie(
        id=tie.id,
        records=list(tie.one),
        candidates=[list(candidate) for candidate in tie.candidates],
        choice=answer.choice if answer else None,
        words=answer.words if answer else [],
        failure=failure,
        calls=calls,
    )
    return _Asked(tuple(tie.decided(answer.choice)) if answer else (), resolved, error)
