"""A live model: one vendor's wire, with retries, limits, a budget and a bill.

The one layer that sends anything again, and for transport's sake alone: 408, 409, 429, 5xx and broken connections,
with full jitter (Brooker 2015, "Exponential Backoff and Jitter", AWS Architecture Blog), and as long as Retry-After
asks for. What the model answered is never asked for again here.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from decimal import Decimal

import tenacity

from extractor.errors import (
    ExtractorError,
    NotTried,
    OversizedAnswer,
    ProviderError,
    ProviderRefused,
    ProviderUnreachable,
    RequestRefused,
)
from extractor.providers.base import Completion, Request, TokenCount
from extractor.providers.estimates import Gauge
from extractor.providers.governor import Governor, Outcome
from extractor.providers.limits import LONGEST_PAUSE, retry_after
from extractor.providers.prices import Price
from extractor.providers.wire import CallFailed, Reply, Unusable, Wire
from extractor.redaction import redacted

_RETRIED = frozenset({408, 409, 429})
_THROTTLED = frozenset({429, 503, 529})
# A refusal with one of these concerns every article, with any other this one alone.
_CONCERNS_ALL = {
    301: "Check --base-url; redirects are not followed.",
    302: "Check --base-url; redirects are not followed.",
    307: "Check --base-url; redirects are not followed.",
    308: "Check --base-url; redirects are not followed.",
    401: "Check the key.",
    402: "Check the account's credit.",
    403: "Check the key's permissions.",
    404: "Check the model's name and --base-url.",
    405: "Check --base-url.",
}
# What some say with another status.
_CONCERN_ALL_BY_CODE = {
    "insufficient_quota": "Check the account's credit.",
    "billing_hard_limit_reached": "Check the account's credit.",
    "enforced_spend_limit_reached": "Check the account's spending limit.",
    "contract_spend_limit_reached": "Check the account's spending limit.",
    "API_KEY_INVALID": "Check the key.",
    "model_not_found": "Check the model's name.",
}
_NO_CREDIT = re.compile(r"credit balance is too low", re.IGNORECASE)
_TOO_LONG_CODES = frozenset({"context_length_exceeded", "string_above_max_length", "exceed_context_size_error"})
_TOO_LONG = re.compile(
    r"maximum context length|context (?:length|window|size)|prompt is too long|input (?:is|tokens?.{0,40}) too long"
    r"|input token count.{0,60}exceed|too many (?:input )?tokens|exceeds? the (?:available|maximum|model).{0,40}tokens",
    re.IGNORECASE,
)
_FILTERED = frozenset({"content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"})
# Characters of an answer beyond which no article has so much to tell.
_LONGEST_ANSWER = 2_000_000
_NO_TOKENS = TokenCount(0, 0)
# Calls in a row that failed at every attempt, before and after a first one went well, until the service counts as down.
_PATIENCE_AT_FIRST, _PATIENCE = 3, 10


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is sent, how long the first wait before the next is, and how long an answer may take.

    `attempts` counts the first one; `backoff` is the bound of the first wait, doubled with each; both it and
    `timeout`, which is for the whole of an answer, are in seconds.
    """

    attempts: int = 6
    backoff: float = 1.0
    timeout: float = 600.0


class LiveModel:
    """A model behind a vendor's wire."""

    def __init__(  # noqa: PLR0913 - what is put together here is made elsewhere
        self, name: str, wire: Wire, *, where: str, patience: Patience, governor: Governor, price: Price
    ) -> None:
        self._name = name
        self._wire = wire
        self._where = where
        self._timeout = patience.timeout
        self._governor = governor
        self._price = price
        self._gauge = Gauge()
        self._failures = 0
        self._refusals = 0
        self._has_answered = False
        self._patience = _PATIENCE_AT_FIRST
        self._ended: ProviderError | None = None
        self._retrying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(_is_worth_another),
            wait=_Wait(patience.backoff),
            stop=tenacity.stop_after_attempt(patience.attempts),
            reraise=True,
        )

    @property
    def name(self) -> str:
        """provider/model."""
        return self._name

    async def complete(self, request: Request) -> Completion:
        """Ask the service; see `Model.complete`.

        Raises:
            NotTried: an error before concerned every article.
            BudgetReached: the request would go beyond what may be sent or spent.
        """
        try:
            reply: Reply = await self._retrying(self._once, request)
        except CallFailed as failure:
            return self._without_answer(failure, request)
        except Unusable as unusable:
            self._went_well()
            message = f"{request.subject.article_name}: {redacted(unusable.because)}."
            raise unusable.kind(message, "Try again, or another model.", where=self._where) from unusable
        self._went_well()
        return reply.completion

    async def close(self) -> None:
        """Close the connections."""
        await self._wire.close()

    async def _once(self, request: Request) -> Reply:
        """Send the request once, as soon as limits and budget allow."""
        expected = self._gauge.estimate(request)
        number = await self._governor.enter(expected.input + expected.output)
        outcome = Outcome()
        try:
            if self._ended is not None:
                article = request.subject.article_name
                raise NotTried(f"{article} was not tried: {self._ended.message}")
            while not await self._governor.reserve(number, self._expected_cost(request)):
                pass
            request.bill.requests += 1
            reply = await self._sent(request)
            usage = reply.completion.usage
            outcome = Outcome(self._billed(request, usage), reply.headers, _total(usage), answered=True)
        except Unusable as unusable:
            outcome = Outcome(self._billed(request, unusable.usage))
            raise
        except CallFailed as failure:
            # A service may have worked, and charge, for an answer that nobody waited for.
            cost = None if failure.timed_out else Decimal(0)
            outcome = Outcome(cost, failure.headers, throttled=failure.status in _THROTTLED)
            raise
        except asyncio.CancelledError:
            outcome = Outcome(None)
            raise
        finally:
            self._governor.leave(number, outcome)
        return reply

    def _expected_cost(self, request: Request) -> Decimal:
        return self._price.of(self._gauge.estimate(request)) or Decimal(0)

    async def _sent(self, request: Request) -> Reply:
        try:
            async with asyncio.timeout(self._timeout):
                reply = await self._wire.send(request)
        except TimeoutError as error:
            raise CallFailed("no answer in time", timed_out=True) from error
        refuse_oversized(reply)
        return reply

    def _billed(self, request: Request, usage: TokenCount | None) -> Decimal:
        """Note an answer's tokens and cost on the article's bill; returns what it cost, as far as that is known."""
        cost = self._price.of(usage) if usage is not None else None
        request.bill.add(usage, cost)
        if usage is not None:
            self._gauge.learn(request, usage)
        return cost or Decimal(0)

    def _went_well(self) -> None:
        self._failures, self._patience, self._has_answered = 0, _PATIENCE, True

    def _without_answer(self, failure: CallFailed, request: Request) -> Completion:
        """What becomes of a request that failed for good: an answer that is none, where the article is the reason."""
        answer = answer_in(failure)
        if answer is not None:
            self._went_well()
            request.bill.add(_NO_TOKENS, Decimal(0))
            return answer
        error = self._error(failure, request.subject.article_name)
        if isinstance(error, RequestRefused):
            raise self._refused(error) from failure
        self._failures += 1
        if isinstance(error, ProviderRefused) or self._failures >= self._patience:
            self._ended = self._ended or error
        raise error from failure

    def _refused(self, error: RequestRefused) -> ExtractorError:
        """The error of a request that the service does not take: this article's own, as long as others may be taken."""
        self._failures = 0
        self._refusals += 1
        if self._has_answered or self._refusals < _PATIENCE:
            return error
        message = f"{self.name} took none of {self._refusals} requests; the last one: {error.message}"
        self._ended = self._ended or ProviderRefused(message, "Check the model's options.", where=self._where)
        return self._ended

    def _error(self, failure: CallFailed, article: str) -> ProviderError | RequestRefused:
        said, where = redacted(failure.said), self._where
        if failure.timed_out:
            message = f"{article}: {self.name} did not answer in time."
            return ProviderUnreachable(message, "Try again, or raise --timeout.", where=where)
        if failure.status is None:
            message = f"{article}: {self.name} cannot be reached: {said}."
            return ProviderUnreachable(message, "Is it running?", where=where)
        advice = _concerns_all(failure)
        if advice:
            return ProviderRefused(f"{self.name} refused: {said}.", advice, where=where)
        if _is_worth_another(failure):
            message = f"{article}: {self.name} failed at every attempt: {said}."
            return ProviderUnreachable(message, "Try again later.", where=where)
        return RequestRefused(
            f"{article}: {self.name} does not take the request: {said}.", "See the provider's message.", where=where
        )


def refuse_oversized(reply: Reply) -> None:
    """Raise `Unusable` for an answer that is longer than any article could need."""
    completion = reply.completion
    longest = max([len(completion.text or ""), *(len(call.arguments) for call in completion.tool_calls)])
    if longest > _LONGEST_ANSWER:
        because = f"the answer has {longest:,} characters"
        raise Unusable(OversizedAnswer, because, usage=completion.usage, headers=reply.headers)


def answer_in(failure: CallFailed) -> Completion | None:
    """The answer, which is none, that a failure is where the article itself is its reason; None for any other."""
    reason = _reason_in_article(failure)
    if reason is None:
        return None
    return Completion(finish_reason=reason, text=redacted(failure.said), usage=_NO_TOKENS)


class _Wait(tenacity.wait.wait_base):
    """As long as the service asks for, else at random up to a bound that doubles."""

    def __init__(self, first: float) -> None:
        self._jitter = tenacity.wait_random_exponential(multiplier=first, max=LONGEST_PAUSE)

    def __call__(self, retry_state: tenacity.RetryCallState) -> float:
        failure = retry_state.outcome.exception() if retry_state.outcome else None
        asked = retry_after(failure.headers) if isinstance(failure, CallFailed) else None
        # A wait of nothing is none that was asked for: all attempts would be spent in a moment.
        return asked or self._jitter(retry_state)


def _is_worth_another(error: BaseException) -> bool:
    if not isinstance(error, CallFailed) or _concerns_all(error):
        return False
    if error.headers.get("x-should-retry") == "false":
        return False
    return error.status is None or error.status in _RETRIED or error.status >= 500


def _concerns_all(failure: CallFailed) -> str:
    """What to do about a failure that every article would meet; empty where it is this one's alone."""
    if failure.code in _CONCERN_ALL_BY_CODE:
        return _CONCERN_ALL_BY_CODE[failure.code]
    if failure.status == 400 and _NO_CREDIT.search(failure.said):
        return _CONCERNS_ALL[402]
    return _CONCERNS_ALL.get(failure.status or 0, "")


def _reason_in_article(failure: CallFailed) -> str | None:
    """The finish reason of an answer that the article itself prevented: it is too long, or a filter stopped it."""
    if failure.code in _FILTERED and failure.status in (400, 403, 422):
        return "content_filter"
    if failure.status not in (400, 413, 422):
        return None
    if failure.status == 413 or failure.code in _TOO_LONG_CODES or _TOO_LONG.search(failure.said):
        return "too_long"
    return None


def _total(usage: TokenCount | None) -> int | None:
    return usage.input + usage.output if usage is not None else None
