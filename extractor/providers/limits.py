"""How fast a service is asked: requests in flight, requests and tokens a minute, pauses that it asks for.

The number in flight follows the service: halved when it says "too many requests" to half of what was sent last, one
more for each round that goes well (additive increase, multiplicative decrease: Chiu and Jain 1989,
doi:10.1016/0169-7552(89)90019-6). A service that refuses a request here and there, and takes the others, is not asked
less: only the request that was refused waits, as long as it was told to. (From half on, as in adaptive throttling:
Beyer et al. 2016, "Site Reliability Engineering", chapter 21.)
"""

from __future__ import annotations

import asyncio
import math
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Seconds; a service that asks for more is asked again after this.
LONGEST_PAUSE = 60.0
_MINUTE = 60.0
# Of so many requests sent last, half refused tell that there are too many.
_SENT_LAST = 16
# Pairs of headers: how much is left, and when it is full again.
_ALLOWANCES = (
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
    ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
    ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
)
_PIECE = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


@dataclass(slots=True, eq=False)
class Sent:
    """A request that was let through."""

    refused: bool = False


class Limits:
    """Lets requests through, as many at once and a minute as agreed and as the service takes."""

    def __init__(self, *, concurrency: int, rpm: int | None = None, tpm: int | None = None) -> None:
        self._most = concurrency
        self._width = float(concurrency)
        self._in_flight = 0
        self._waiters: deque[asyncio.Future[None]] = deque()
        self._resume_at = -math.inf
        # Of the requests sent last, in their order, whether they were refused.
        self._sent: deque[Sent] = deque(maxlen=_SENT_LAST)
        self._requests = _Spacing(rpm) if rpm else None
        self._tokens = _Spacing(tpm) if tpm else None

    @property
    def width(self) -> int:
        """How many requests may be in flight now."""
        return int(self._width)

    async def enter(self, tokens: int) -> Sent:
        """Wait for a place for one request of about so many tokens; whoever has it gives it back.

        What it gives is for `throttled`.
        """
        await self._take_place()
        try:
            await self._pause()
            if self._requests is not None:
                await self._requests.turn(1)
            if self._tokens is not None:
                await self._tokens.turn(tokens)
            # The service may have asked for a pause meanwhile.
            await self._pause()
        except BaseException:
            self.leave()
            raise
        sent = Sent()
        self._sent.append(sent)
        return sent

    def leave(self) -> None:
        """Give a place back."""
        self._in_flight -= 1
        self._wake()

    def answered(self, headers: Mapping[str, str], *, estimated: int, tokens: int | None) -> None:
        """Note an answer: how many tokens it took, and what the service says is left of its allowance."""
        self._width = min(float(self._most), self._width + 1 / self._width)
        self._wake()
        if tokens is not None and self._tokens is not None:
            self._tokens.mend(tokens - estimated)
        self._heed(headers, estimated)

    def throttled(self, headers: Mapping[str, str], sent: Sent) -> None:
        """Note that the service said "too many" to a request."""
        sent.refused = True
        asked = retry_after(headers)
        if 2 * sum(one.refused for one in self._sent) < len(self._sent):
            return
        # Of requests that were under way together, the first refusals tell all there is to know.
        if sent in self._sent:
            self._width = max(1.0, self._width / 2)
            self._sent.clear()
        if asked is not None:
            self._resume_at = max(self._resume_at, asyncio.get_running_loop().time() + asked)

    def _heed(self, headers: Mapping[str, str], tokens: int) -> None:
        for remaining, reset in _ALLOWANCES:
            try:
                left = float(headers.get(remaining, "inf"))
            except ValueError:
                continue
            if left < (tokens if "tokens" in remaining else 1):
                wait = _duration(headers.get(reset, ""))
                if wait is not None:
                    now = asyncio.get_running_loop().time()
                    self._resume_at = max(self._resume_at, now + min(wait, LONGEST_PAUSE))

    async def _take_place(self) -> None:
        while self._in_flight >= self.width:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            try:
                await waiter
            except asyncio.CancelledError:
                if waiter in self._waiters:
                    self._waiters.remove(waiter)
                else:
                    self._wake()
                raise
        self._in_flight += 1

    def _wake(self) -> None:
        for _ in range(min(len(self._waiters), self.width - self._in_flight)):
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)

    async def _pause(self) -> None:
        loop = asyncio.get_running_loop()
        while (wait := self._resume_at - loop.time()) > 0:  # noqa: ASYNC110 - it may be moved on meanwhile
            await asyncio.sleep(wait)


class _Spacing:
    """Spreads what is counted evenly over time, so that no minute begins more of it than agreed.

    A bucket that lets a minute's worth through at once would let nearly twice as much through in its first minute.
    Source: the generic cell rate algorithm without tolerance, ITU-T I.371, annex A.
    """

    def __init__(self, per_minute: int) -> None:
        self._seconds = _MINUTE / per_minute
        self._free_at = -math.inf

    async def turn(self, amount: int) -> None:
        """Wait until all that was let through before has had its time; whoever comes next waits for this."""
        loop = asyncio.get_running_loop()
        begin = max(loop.time(), self._free_at)
        self._free_at = begin + amount * self._seconds
        while (wait := begin - loop.time()) > 0:  # noqa: ASYNC110 - a timer may ring a little early
            await asyncio.sleep(wait)

    def mend(self, amount: int) -> None:
        """Count so much more, or less, than was expected."""
        self._free_at += amount * self._seconds


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a service asks to wait for, at most a minute; None where it asks for nothing.

    Source: RFC 9110, section 10.2.3; `retry-after-ms` is OpenAI's and Azure's.
    """
    milliseconds, asked = _number(headers.get("retry-after-ms", "")), headers.get("retry-after", "")
    seconds = milliseconds / 1000 if milliseconds is not None else _number(asked)
    if seconds is None:
        seconds = _until(asked)
    return None if seconds is None else min(seconds, LONGEST_PAUSE)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number >= 0 and math.isfinite(number) else None


def _until(text: str) -> float | None:
    """The seconds until an HTTP date, or a date of RFC 3339."""
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = parse(text)
        except (TypeError, ValueError):
            continue
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (aware - datetime.now(UTC)).total_seconds())
    return None


def _duration(text: str) -> float | None:
    """Seconds from `1s`, `6m0s`, `20ms`, a number, or the moment of a date."""
    number = _number(text)
    if number is not None:
        return number
    pieces = _PIECE.findall(text)
    if pieces and "".join(count + unit for count, unit in pieces) == text:
        return sum(float(count) * _SECONDS[unit] for count, unit in pieces)
    return _until(text)
