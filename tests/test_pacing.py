"""How fast a service is asked, and what may be spent on it, in virtual time: no test waits."""

from __future__ import annotations

import asyncio
import random
import selectors
from collections.abc import Callable, Coroutine
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.errors import BudgetReached, NotTried, ProviderUnreachable, UsageError
from extractor.providers.base import Completion, Request, Subject, TokenCount
from extractor.providers.budget import Budget
from extractor.providers.governor import LocalGovernor, Outcome
from extractor.providers.limits import LONGEST_PAUSE, Limits, retry_after
from extractor.providers.live import LiveModel, Patience
from extractor.providers.opening import Terms, price_of
from extractor.providers.prices import Price, parse_price
from extractor.providers.table import parse_model_name
from extractor.providers.wire import CallFailed, Reply


class _Jumping(selectors.SelectSelector):
    """A selector that moves the clock on instead of waiting."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        assert timeout is not None, "everything waits for something that never comes"
        # Time goes on while nobody waits, too: a wait too small to move a float would else never end.
        self.now += max(1e-7, timeout)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is that of its timers alone."""

    def __init__(self) -> None:
        self._clock = _Jumping()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


def in_virtual_time(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """What work gives, run without waiting."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work())


class Script:
    """A wire that says what `answer` gives for a request's number, from 0: None or headers for an answer, or an error.

    It takes `seconds`; an answer takes so many tokens `read` and `written`.
    """

    def __init__(
        self,
        answer: Callable[[int], Any] = lambda _: None,
        *,
        seconds: float = 1.0,
        read: int = 1000,
        written: int = 100,
    ) -> None:
        self.answer, self.seconds, self.count = answer, seconds, TokenCount(read, written)
        self.starts: list[float] = []
        self.under_way = self.most_under_way = 0

    async def send(self, request: Request) -> Reply:
        number = len(self.starts)
        self.starts.append(asyncio.get_running_loop().time())
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.under_way -= 1
        said = self.answer(number)
        if isinstance(said, Exception):
            raise said
        headers = said if isinstance(said, dict) else {}
        return Reply(Completion("stop", text="{}", usage=self.count), headers)

    async def close(self) -> None: ...


def model(script: Script, *, attempts: int = 1, backoff: float = 1.0, **pace: Any) -> LiveModel:
    budget = Budget(max_calls=pace.pop("max_calls", None), max_cost=pace.pop("max_cost", None))
    limits = Limits(**({"concurrency": 8} | pace))
    patience = Patience(attempts, backoff, 600.0)
    price = Price(given=(Decimal(1), Decimal(1)))
    governor = LocalGovernor(limits, budget)
    return LiveModel("compatible/m", script, where="here", patience=patience, governor=governor, price=price)


def request(name: str = "a", **parameters: Any) -> Request:
    """A request of about 1,000 tokens, for which 300 tokens written are expected."""
    subject = Subject(name, f"{name}.txt", "text", "", "", "")
    function = {"name": "Extraction", "description": "", "parameters": {}}
    tools = {"tools": [{"type": "function", "function": function}]}
    return Request(subject, 1, (), ({"role": "user", "content": "x" * 3850},), 1, tools, parameters)


async def ask(asked: LiveModel, many: int) -> list[Any]:
    return await asyncio.gather(*(asked.complete(request(str(n))) for n in range(many)), return_exceptions=True)


def run(script: Script, many: int, **options: Any) -> list[Any]:
    async def work() -> list[Any]:
        return await ask(model(script, **options), many)

    return in_virtual_time(work)  # type: ignore[no-any-return]


def too_many(**headers: str) -> CallFailed:
    return CallFailed(
        "too many", status=429, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


# --- limits ---


@pytest.mark.parametrize("concurrency", [1, 3, 16])
def test_no_more_is_under_way_than_agreed(concurrency: int) -> None:
    script = Script()
    run(script, 50, concurrency=concurrency)
    assert script.most_under_way == concurrency and len(script.starts) == 50


@pytest.mark.parametrize("rpm", [1, 7, 60, 300])
def test_no_minute_sees_more_requests_than_agreed_and_each_sees_nearly_as_many(rpm: int) -> None:
    script = Script()
    run(script, 5 * rpm, concurrency=50, rpm=rpm)
    for start in script.starts:
        assert sum(start <= other < start + 59.99 for other in script.starts) <= rpm
    assert script.starts[-1] <= 5 * 60


@pytest.mark.parametrize("written", [100, 1200, 10])
def test_no_minute_sees_more_tokens_than_agreed_whatever_was_expected(written: int) -> None:
    script = Script(written=written)
    run(script, 60, concurrency=1, tpm=11_000)
    each = 1000 + written
    for start in script.starts[1:]:
        assert sum(start <= other < start + 59.99 for other in script.starts) * each <= 11_000 + each
    assert script.starts[-1] == pytest.approx(59 * each / 11_000 * 60, rel=0.05)


def test_no_burst_of_tokens_is_let_through_at_first() -> None:
    script = Script()
    run(script, 60, concurrency=50, tpm=11_000)
    assert sum(start < 60 for start in script.starts) <= 11


@pytest.mark.parametrize("pace", [{"rpm": 60}, {"tpm": 60 * 1300}])
def test_idle_time_is_not_saved_up(pace: dict[str, int]) -> None:
    script = Script()

    async def work() -> None:
        asked = model(script, **pace)
        await ask(asked, 1)
        await asyncio.sleep(600)
        await ask(asked, 5)

    in_virtual_time(work)
    starts = [start - script.starts[1] for start in script.starts[1:]]
    assert starts == pytest.approx(range(5), abs=0.1)


def test_a_request_beyond_a_minutes_tokens_is_sent_and_the_next_waits_for_it() -> None:
    script = Script()
    run(script, 3, concurrency=1, tpm=550)
    assert script.starts == pytest.approx([0, 120, 240], abs=0.01)


def test_a_service_that_says_too_many_is_asked_less_at_once_and_then_more_again() -> None:
    async def work() -> tuple[list[int], int]:
        limits = Limits(concurrency=16)
        script = Script(lambda number: too_many(retry_after="0") if number < 16 else None)
        price = Price(given=(Decimal(0), Decimal(0)))
        governor = LocalGovernor(limits, Budget())
        asked = LiveModel("compatible/m", script, where="", patience=Patience(5, 0.0), governor=governor, price=price)
        widths: list[int] = []
        watch = asyncio.ensure_future(_watch(limits, widths))
        await ask(asked, 300)
        watch.cancel()
        return widths, limits.width

    widths, last = in_virtual_time(work)
    # One burst halves it once, however many of the burst were refused; each round that goes well adds one.
    assert min(widths) == 8 and last == 16
    assert all(later - earlier <= 2 for earlier, later in pairwise(widths))


def test_one_refusal_in_ten_makes_nobody_else_wait() -> None:
    refused: dict[int, bool] = {}

    def answer(number: int) -> CallFailed | None:
        refused[number] = number % 10 == 3
        return too_many(retry_after="5") if refused[number] else None

    script = Script(answer)
    said = run(script, 160, attempts=4, concurrency=16)
    assert all(isinstance(item, Completion) for item in said)
    # Sixteen at once throughout: what was refused is sent again, once its five seconds are over.
    sent = len(script.starts)
    assert script.starts[-20] <= sent / 16 + 1
    for number, start in enumerate(script.starts[: sent - 20]):
        assert start == pytest.approx(number // 16, abs=0.01)


def test_a_service_that_refuses_all_is_left_alone_as_long_as_it_asks() -> None:
    script = Script(lambda number: too_many(retry_after="30") if 40 <= number < 70 else None, seconds=1.0)
    said = run(script, 100, attempts=9, concurrency=8)
    assert all(isinstance(item, Completion) for item in said)
    # The first eight refusals tell it, and those that were under way with them; then one round asks whether it is over.
    begun = [start for start in script.starts if 5.0 <= start < 35.0]
    assert len(begun) <= 16
    assert any(later - earlier >= 29 for earlier, later in pairwise(script.starts))


async def _watch(limits: Limits, widths: list[int]) -> None:
    while True:
        widths.append(limits.width)
        await asyncio.sleep(0.5)


@pytest.mark.parametrize(("asked", "pause"), [("7", 7.0), ("86400", LONGEST_PAUSE)])
def test_all_requests_wait_as_long_as_the_service_asks_and_a_minute_at_most(asked: str, pause: float) -> None:
    script = Script(lambda number: too_many(retry_after=asked) if number == 0 else None)
    run(script, 20, attempts=2, concurrency=2)
    # Whoever was under way when it was said is done; nobody else begins before the time.
    assert all(start <= 1.0 or start >= 1.0 + pause for start in script.starts)
    assert len(script.starts) == 21


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"}, 60.0),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "12s"}, 12.0),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1s500ms"}, 1.5),
        ({"x-ratelimit-remaining-tokens": "50", "x-ratelimit-reset-tokens": "9s"}, 9.0),
        ({"x-ratelimit-remaining-tokens": "90000", "x-ratelimit-reset-tokens": "9s"}, 0.0),
        ({"anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": "30"}, 30.0),
        ({"x-ratelimit-remaining-requests": "none", "x-ratelimit-reset-requests": "soon"}, 0.0),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "soon"}, 0.0),
    ],
)
def test_an_allowance_that_is_used_up_is_waited_for(headers: dict[str, str], pause: float) -> None:
    script = Script(lambda number: headers if number == 0 else None)
    run(script, 2, concurrency=1)
    assert script.starts == pytest.approx([0.0, 1.0 + pause], abs=0.001)


@pytest.mark.parametrize("headers", [{}, {"retry-after": "0"}, {"retry-after": "soon"}])
@pytest.mark.parametrize("backoff", [0.0, 0.5, 2.0])
def test_a_call_that_always_fails_is_sent_as_often_as_told_at_times_that_nobody_else_has(
    backoff: float, headers: dict[str, str]
) -> None:
    random.seed(7)
    script = Script(lambda _: CallFailed("busy", status=503, headers=headers), seconds=0.0)
    (error,) = run(script, 1, attempts=8, backoff=backoff)
    assert isinstance(error, ProviderUnreachable) and len(script.starts) == 8
    waits = [later - earlier for earlier, later in pairwise(script.starts)]
    for number, wait in enumerate(waits):
        assert 0 <= wait <= min(LONGEST_PAUSE, backoff * 2**number) + 1e-6
    assert backoff == 0 or len(set(waits)) == len(waits)


@pytest.mark.parametrize("status", [408, 409, 500])
def test_what_is_no_want_of_pace_is_waited_for_too_and_holds_up_nobody_else(status: int) -> None:
    asked = CallFailed("not now", status=status, headers={"retry-after": "7"})
    script = Script(lambda number: asked if number == 0 else None)
    run(script, 3, attempts=2, concurrency=1)
    assert script.starts == pytest.approx([0, 1, 2, 8], abs=0.01)


def test_a_place_that_was_given_to_one_who_is_gone_goes_to_the_next() -> None:
    async def work() -> None:
        governor, entered = LocalGovernor(Limits(concurrency=1), Budget()), []

        async def visit(name: str) -> None:
            number = await governor.enter(1)
            entered.append(name)
            governor.leave(number, Outcome())

        first = await governor.enter(1)
        gone, waiting = asyncio.ensure_future(visit("gone")), asyncio.ensure_future(visit("next"))
        await asyncio.sleep(1)
        governor.leave(first, Outcome())
        gone.cancel()
        await asyncio.wait_for(waiting, 10)
        assert entered == ["next"]

    in_virtual_time(work)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 3), st.floats(0.1, 3), st.booleans(), st.booleans()), max_size=30),
    st.integers(1, 4),
)
def test_whatever_is_cancelled_or_refused_no_place_is_lost(
    visits: list[tuple[float, float, bool, bool]], concurrency: int
) -> None:
    async def visit(governor: LocalGovernor, begin: float, stay: float, refused: bool) -> None:
        await asyncio.sleep(begin)
        number = await governor.enter(10)
        outcome = Outcome(None)
        try:
            assert await governor.reserve(number, Decimal(0))
            await asyncio.sleep(stay)
            outcome = Outcome(throttled=True) if refused else Outcome(tokens=10, answered=True)
        finally:
            governor.leave(number, outcome)

    async def work() -> None:
        governor = LocalGovernor(Limits(concurrency=concurrency), Budget())
        tasks = [asyncio.ensure_future(visit(governor, begin, stay, no)) for begin, stay, no, _ in visits]
        for number, (begin, stay, _, cancelled) in enumerate(visits):
            if cancelled:
                asyncio.get_running_loop().call_later(begin + stay / 2, tasks[number].cancel)
        await asyncio.gather(*tasks, return_exceptions=True)
        # Everybody who comes now is let in, one after the other at least.
        await asyncio.wait_for(asyncio.gather(*(visit(governor, 0, 1, False) for _ in range(concurrency + 1))), 100)

    in_virtual_time(work)


def test_an_http_date_is_a_time_to_wait() -> None:
    assert retry_after({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}) == 0.0
    assert retry_after({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}) == LONGEST_PAUSE
    assert retry_after({"retry-after": "whenever"}) is None


# --- money ---


def test_the_calls_that_are_allowed_are_made_and_no_more() -> None:
    script = Script()
    said = run(script, 40, max_calls=13)
    assert len(script.starts) == 13
    assert sum(isinstance(item, BudgetReached) for item in said) == 27


def test_what_is_spent_stays_within_what_may_be() -> None:
    # Each answer costs 1,100 tokens at a dollar a million, which the first estimates exceed.
    script = Script()
    said = run(script, 60, max_cost=Decimal("0.02"))
    paid = sum(isinstance(item, Completion) for item in said) * Decimal("0.0011")
    assert Decimal("0.02") - Decimal("0.0026") <= paid <= Decimal("0.02")
    (told, *_) = [item for item in said if isinstance(item, BudgetReached)]
    assert "--max-cost 0.02" in told.message and "Raise --max-cost" in told.advice


def test_who_does_not_fit_waits_for_those_that_may_turn_out_cheaper() -> None:
    # Two of the 0.0013 that each is expected to cost do not fit; after one of 0.0006, less is expected of the next.
    said = run(Script(read=500), 3, max_cost=Decimal("0.0015"))
    assert sum(isinstance(item, Completion) for item in said) == 2


def test_answers_that_cost_more_than_expected_are_learnt_from() -> None:
    # A tenth answer of 0.0021 would not fit, one of 0.0013 would.
    script = Script(read=2000)
    run(script, 20, concurrency=1, max_cost=Decimal("0.0205"))
    assert len(script.starts) == 9


def test_an_output_limit_bounds_what_an_answer_may_cost() -> None:
    async def work() -> Completion:
        return await model(Script(), max_cost=Decimal("0.0011")).complete(request(max_tokens=50))

    assert isinstance(in_virtual_time(work), Completion)
    (refused,) = run(Script(), 1, max_cost=Decimal("0.0011"))
    assert isinstance(refused, BudgetReached)


def test_an_answer_that_nobody_waited_for_may_have_been_paid_for() -> None:
    late = Script(lambda _: CallFailed("no answer in time", timed_out=True))
    (error,) = run(late, 1, attempts=9, max_cost=Decimal("0.003"))
    assert isinstance(error, BudgetReached) and len(late.starts) == 2


def test_a_request_that_was_cancelled_may_have_been_paid_for() -> None:
    async def work() -> list[Any]:
        asked = model(Script(seconds=9), max_cost=Decimal("0.002"))
        cancelled = asyncio.ensure_future(asked.complete(request()))
        await asyncio.sleep(1)
        cancelled.cancel()
        return await asyncio.gather(cancelled, asked.complete(request()), return_exceptions=True)

    gone, refused = in_virtual_time(work)
    assert isinstance(gone, asyncio.CancelledError) and isinstance(refused, BudgetReached)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 50), st.floats(0.1, 5)), max_size=25), st.integers(0, 100))
def test_nothing_is_set_aside_beyond_the_bound(calls: list[tuple[int, int, float]], bound: int) -> None:
    async def work() -> None:
        budget = Budget(max_cost=Decimal(bound))
        held = {"spent": 0, "aside": 0}

        async def call(aside: int, cost: int, seconds: float) -> None:
            try:
                while not await budget.reserve(Decimal(aside)):
                    pass
            except BudgetReached:
                return
            held["aside"] += aside
            assert held["spent"] + held["aside"] <= bound
            await asyncio.sleep(seconds)
            held["aside"] -= aside
            held["spent"] += min(cost, aside)
            budget.settle(Decimal(aside), Decimal(min(cost, aside)))

        await asyncio.gather(*(call(*one) for one in calls))

    in_virtual_time(work)


def test_a_service_that_is_down_is_given_up_and_the_rest_is_not_tried() -> None:
    script = Script(lambda _: CallFailed("down", status=503))
    said = run(script, 30, concurrency=1)
    assert [type(item) for item in said] == [ProviderUnreachable] * 3 + [NotTried] * 27
    assert len(script.starts) == 3


@pytest.mark.parametrize(
    ("name", "terms", "dollars"),
    [
        ("openai/gpt-5-mini", Terms(), "0.00225"),
        ("openai/no-such-model", Terms(), None),
        ("compatible/m", Terms(base_url="http://elsewhere.example/v1"), None),
        ("openai/gpt-5-mini", Terms(base_url="http://elsewhere.example/v1"), None),
        ("ollama/m", Terms(), "0"),
        ("ollama/m", Terms(base_url="http://gpu.example:11434/v1"), None),
        ("compatible/m", Terms(base_url="http://elsewhere.example/v1", price="1/2"), "0.003"),
    ],
)
def test_tokens_cost_what_is_published_or_given_and_else_it_is_unknown(
    name: str, terms: Terms, dollars: str | None
) -> None:
    found = price_of(parse_model_name(name), terms).of(TokenCount(1000, 1000))
    assert found == (None if dollars is None else Decimal(dollars))


def test_what_is_read_from_the_cache_costs_less() -> None:
    price = price_of(parse_model_name("openai/gpt-5-mini"), Terms())
    fresh, cached = price.of(TokenCount(1000, 0)), price.of(TokenCount(1000, 0, cached=900))
    assert fresh is not None and cached is not None and cached < fresh


@pytest.mark.parametrize("text", ["", "1", "1/", "a/b", "-1/2", "1/2/3", "1,5/2", "nan/1", "inf/1"])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="price"):
        parse_price(text)


def test_a_bound_on_costs_that_nobody_knows_is_refused() -> None:
    with pytest.raises(UsageError, match="--max-cost cannot be held"):
        price_of(parse_model_name("openai/no-such-model"), Terms(max_cost=1.0))
