"""The fault matrix: whatever goes wrong at some of 40 articles, the others are done and every account is right.

Each fault is a row of `FAULTS`, and what has to come of it follows from its row; all run over a socket on loopback.
`python -m tests.test_faults` prints the matrix with what was counted.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest

from extractor import extract as extract_with_library
from extractor.pipeline import ArticleResult
from extractor.providers.base import Request, TokenCount
from extractor.providers.openai_chat import OpenAIChat
from extractor.providers.wire import Reply
from extractor.runner import Options, Run, run
from extractor.schema.output import Calls, ExtractionResult, Usage

from .conftest import Finished, action, actor, answer
from .services import HangUp, LoopbackService, Says, Sent, Silence, chat_body

Extract = Callable[..., Finished]

ARTICLES = range(40)
POSITIONS = {"first": 0, "middle": 20, "last": 39}
ATTEMPTS, REASKS = 3, 1
# Articles in a row that fail, before any has gone well, until the service counts as down.
FAILURES_UNTIL_DOWN = 3
ALWAYS = inf


# --- the articles, and what is right about each ---


def name_of(number: int) -> str:
    return f"{number:02}.txt"


def country_of(number: int) -> str:
    """A country of the article's own; all are equally long."""
    return f"Arv{'aeioulmnrs'[number // 10]}{'aeioulmnrs'[number % 10]}nia"


def sentence_of(number: int) -> str:
    return f"{country_of(number)} expelled {100 + number} Belland envoys on Monday."


def right(number: int) -> str:
    """The right answer for an article."""
    expulsion = action(
        sentence_of(number),
        actors=[actor(country_of(number))],
        targets=[actor("Belland envoys", kind="group")],
        count=100 + number,
    )
    return json.dumps(answer(actions=[expulsion]))


def tokens_of(number: int) -> TokenCount:
    """What one answer about an article takes: another number for each."""
    return TokenCount(1000 + number, 20 + number)


def about(sent: Sent) -> int:
    """The number of the article that a request is about."""
    found = re.search(r"This is report (\d\d)\.", sent.body["messages"][1]["content"])
    assert found is not None
    return int(found[1])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the articles in `news`, and without recordings."""
    return written(tmp_path)


def written(folder: Path) -> Path:
    (folder / "news").mkdir()
    for number in ARTICLES:
        text = f"{sentence_of(number)} This is report {number:02}.\n"
        (folder / "news" / name_of(number)).write_text(text, encoding="utf-8")
    return folder


# --- the faults ---


@dataclass(frozen=True)
class Fault:
    """What a service says, by the article's number, and what has to come of it where it always says so.

    Three ways of going on: what is `retried` is transport's matter and sent `ATTEMPTS` times, what is `asked_again` is
    the model's and asked for `REASKS` times more, and anything else ends at the first request. `answered` tells whether
    a response counts as the model's answer, and `counted` whether its tokens are known.
    """

    says: Callable[[int], Any]
    kind: str
    retried: bool = False
    asked_again: bool = False
    answered: bool = True
    counted: bool = True

    @property
    def requests(self) -> int:
        """How often the service is asked in vain."""
        return ATTEMPTS if self.retried else REASKS + 1 if self.asked_again else 1

    @property
    def exit_code(self) -> int:
        """The run's, where nothing graver happens."""
        return 5 if self.retried else 4


def transport(says: Callable[[int], Any]) -> Fault:
    """What may have passed at the next attempt; nothing was answered."""
    return Fault(says, "provider_unreachable", retried=True, answered=False, counted=False)


def no_to_this(says: Callable[[int], Any], kind: str, *, answered: bool = False) -> Fault:
    """A no to this article's request."""
    return Fault(says, kind, answered=answered, counted=False)


def no_completion(says: Callable[[int], Any], kind: str, *, counted: bool = False) -> Fault:
    """HTTP 200 with something that is no completion: there is nothing to record."""
    return Fault(says, kind, answered=False, counted=counted)


def status(
    code: int, *, error: str | None = None, message: str = "not now", metadata: Any = None, **headers: str
) -> Callable[[int], Says]:
    """A response with an error of the service's."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    told = {"message": message, "type": "error", "code": error, "metadata": metadata}
    return lambda _: Says({"error": told}, code, named)


def ok(body: Any, **headers: str) -> Callable[[int], Says]:
    """HTTP 200 with any body."""
    return lambda _: Says(body, headers={name.replace("_", "-"): value for name, value in headers.items()})


def saying(said: str | None = None, *, finish: str = "tool_calls", **message: Any) -> Callable[[int], Says]:
    """A completion that calls the function with what is said, or with the right answer, and has this beside it."""
    return lambda number: Says(
        chat_body(right(number) if said is None else said, usage=tokens_of(number), finish=finish, **message)
    )


def calling(*names: str) -> Callable[[int], Says]:
    """A completion that calls functions with the right answer each."""

    def says(number: int) -> Says:
        calls = [
            {"id": f"call_{index}", "type": "function", "function": {"name": name, "arguments": right(number)}}
            for index, name in enumerate(names)
        ]
        return Says(chat_body("", usage=tokens_of(number), tool_calls=calls))

    return says


def padded(characters: int) -> Callable[[int], Says]:
    """The right answer with so much behind it that it is none."""
    return lambda number: Says(chat_body(right(number) + " " * characters, usage=tokens_of(number)))


def without_choices(number: int) -> Says:
    return Says(chat_body("", usage=tokens_of(number)) | {"choices": []})


class _LongerThanItIs(bytes):
    __slots__ = ()

    def __len__(self) -> int:
        return 2 * super().__len__()


def cut_off(number: int) -> Says:
    """The right answer with twice its length announced; the connection is closed behind it."""
    body = json.dumps(chat_body(right(number), usage=tokens_of(number))).encode()
    return Says(_LongerThanItIs(body), headers={"Connection": "close"})


FAULTS: dict[str, Fault] = {
    # Transport: sent again, `ATTEMPTS` times in all.
    "HTTP 408": transport(status(408)),
    "HTTP 409": transport(status(409)),
    "HTTP 429 with Retry-After": transport(status(429, error="rate_limit_exceeded", Retry_After="0")),
    "HTTP 429 with retry-after-ms": transport(status(429, error="rate_limit_exceeded", retry_after_ms="0")),
    "HTTP 500": transport(status(500)),
    "HTTP 502": transport(lambda _: Says("<h1>Bad Gateway</h1>", 502, {"Content-Type": "text/html"})),
    "HTTP 503": transport(status(503, error="overloaded")),
    "HTTP 529": transport(status(529, error="overloaded_error")),
    "HTTP 200 with error 503": transport(ok({"error": {"message": "not now", "code": 503}})),
    "connection closed": transport(lambda _: HangUp()),
    "connection reset": transport(lambda _: HangUp(abruptly=True)),
    "body cut off": transport(cut_off),
    "silence until the timeout": transport(lambda _: Silence()),
    # A no to this article: neither sent again nor asked again.
    "HTTP 400": no_to_this(status(400, error="invalid_request_error"), "request_refused"),
    "HTTP 422": no_to_this(status(422), "request_refused"),
    "HTTP 500 not to be retried": no_to_this(status(500, x_should_retry="false"), "request_refused"),
    "HTTP 413": no_to_this(status(413), "too_long", answered=True),
    "HTTP 400 context_length_exceeded": no_to_this(
        status(400, error="context_length_exceeded"), "too_long", answered=True
    ),
    "HTTP 400 content_filter": no_to_this(status(400, error="content_filter"), "content_filter", answered=True),
    "HTTP 403 of a moderation": no_to_this(
        status(403, metadata={"reasons": ["violence"], "flagged_input": "expelled"}), "content_filter", answered=True
    ),
    # Answers that are none, and that no re-ask mends.
    "refusal": Fault(saying("", finish="stop", tool_calls=None, refusal="I won't."), "model_refusal"),
    "content filter": Fault(saying("", finish="content_filter", tool_calls=None), "content_filter"),
    "finish_reason length": Fault(saying('{"actions": [', finish="length"), "truncated"),
    "several calls": Fault(calling("Extraction", "Extraction"), "wrong_call"),
    "a misnamed call": Fault(calling("publish"), "wrong_call"),
    # Answers of the wrong shape: asked for again, `REASKS` times.
    "no tool call": Fault(saying("", finish="stop", tool_calls=None, content="One."), "no_call", asked_again=True),
    "broken JSON": Fault(saying('{"actions": ['), "broken_json", asked_again=True),
    "valid JSON of wrong shape": Fault(saying('{"events": []}'), "wrong_shape", asked_again=True),
    # HTTP 200 without a completion: paid for or not, and not asked again.
    "empty choices": no_completion(without_choices, "no_choices", counted=True),
    "an answer of 3 million characters": no_completion(padded(3_000_000), "oversized_answer", counted=True),
    "a body of 10 MB": no_completion(padded(10_000_000), "oversized_answer"),
    "an answer broken off": no_completion(saying(finish="error"), "error_in_body", counted=True),
    "HTTP 200 with error 400": no_completion(ok({"error": {"message": "no such thing", "code": 400}}), "error_in_body"),
    "HTTP 200 with HTML": no_completion(ok("<h1>Log in</h1>", Content_Type="text/html"), "no_completion"),
    "HTTP 200 with broken JSON": no_completion(ok('{"choices": ['), "no_completion"),
    "HTTP 200 with an empty body": no_completion(ok(""), "no_completion"),
}
RETRIED = [name for name, fault in FAULTS.items() if fault.retried]


class Trouble(NamedTuple):
    """A fault that an article meets at its first so many requests."""

    fault: Fault
    times: float = ALWAYS

    @property
    def passes(self) -> bool:
        """Whether it is over before its article is given up."""
        return (self.fault.retried or self.fault.asked_again) and self.times < self.fault.requests


Troubles = Mapping[int, Trouble]


# --- the service, and runs against it ---

SEND = OpenAIChat.send
# The request about each article that is under way.
UNDER_WAY: dict[int, tuple[asyncio.AbstractEventLoop, asyncio.Timeout]] = {}


async def _send(wire: OpenAIChat, request: Request) -> Reply:
    """Send a request whose time can be made to run out."""
    async with asyncio.timeout(None) as deadline:
        number = int(request.subject.article_name[:2])
        UNDER_WAY[number] = (asyncio.get_running_loop(), deadline)
        return await SEND(wire, request)


def run_out_of_time(number: int) -> None:
    """Let the time of the request about an article run out now."""
    loop, deadline = UNDER_WAY[number]
    loop.call_soon_threadsafe(lambda: deadline.reschedule(loop.time()))


class Service(LoopbackService):
    """A service that answers each article rightly, once it has had its trouble.

    Where it is `patient`, no trouble shows before `went_well` is set. `before` gets every request before anything is
    said, with how many there were about its article, and may answer in the place of all else.
    """

    def __init__(
        self,
        troubles: Troubles | None = None,
        *,
        patient: bool = False,
        before: Callable[[int, int], Any] = lambda _number, _asked: None,
    ) -> None:
        super().__init__(self._says)
        # All may come at once, and neither they nor the answers, which go out in two pieces, are to be put off.
        self._server.socket.listen(128)
        self._server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.troubles = dict(troubles or {})
        self.before = before
        self.went_well = threading.Event()
        if not patient:
            self.went_well.set()
        self._asked: Counter[int] = Counter()
        self._lock = threading.Lock()

    @property
    def counted(self) -> dict[int, int]:
        """How many requests came about each article."""
        return dict(Counter(map(about, self.sent)))

    def heal(self) -> None:
        """Have no trouble from now on, and count anew."""
        self.troubles.clear()
        self.sent.clear()

    def _says(self, sent: Sent) -> Any:
        number = about(sent)
        with self._lock:
            self._asked[number] += 1
            asked = self._asked[number]
        instead = self.before(number, asked)
        if instead is not None:
            return instead
        trouble = self.troubles.get(number)
        if trouble is None or asked > trouble.times:
            return saying()(number)
        assert self.went_well.wait(30)
        says = trouble.fault.says(number)
        if isinstance(says, Silence):
            run_out_of_time(number)
        return says


def read(folder: Path, service: LoopbackService | str, **options: Any) -> Run:
    """Extract from the articles with a service, at once where it fails."""
    given: dict[str, Any] = {
        "model": "compatible/test",
        "base_url": service if isinstance(service, str) else service.url,
        "fixtures": folder / "fixtures",
        "attempts": ATTEMPTS,
        "reasks": REASKS,
        "backoff": 0,
    }

    def progress(result: ArticleResult, _: int) -> None:
        if result.error is None and isinstance(service, Service):
            service.went_well.set()

    with patch.object(OpenAIChat, "send", _send):
        return asyncio.run(run([folder / "news"], Options(**(given | options)), progress))


# --- what has to come of it ---


def numbered(result: ExtractionResult) -> dict[int, Any]:
    """The articles of a result by their numbers."""
    reports = {int(report.name[:2]): report for report in result.articles}
    assert sorted(reports) == list(ARTICLES)
    return reports


def assert_done(result: ExtractionResult, done: Iterable[int]) -> None:
    """Just these articles are done, each with its own record and nothing else, and each other one has failed."""
    reports, wanted = numbered(result), sorted(done)
    assert [number for number, report in sorted(reports.items()) if report.outcome == "done"] == wanted
    assert {report.outcome for report in reports.values()} <= {"done", "failed"}
    names = {report.id: number for number, report in reports.items()}
    found = sorted((names[record.article], record.count, record.actors[0].name) for record in result.actions)
    assert found == [(number, 100 + number, country_of(number)) for number in wanted]
    assert len(result.records) == len(wanted) and result.rejected == []


def assert_kinds(result: ExtractionResult, kinds: Mapping[int, str]) -> None:
    """Just these articles have failed, each for its own reason and by its name."""
    failures = {number: report.failure for number, report in numbered(result).items() if report.failure is not None}
    assert {number: failure.kind for number, failure in failures.items()} == dict(kinds)
    for number, failure in failures.items():
        assert name_of(number) in failure.message or failure.kind in ("provider_refused", "budget_reached")


def assert_counts(result: ExtractionResult, service: LoopbackService) -> None:
    """The requests in the output are those that the service counted, article by article and in all."""
    counted = Counter(map(about, service.sent))
    reports = numbered(result)
    assert {number: report.calls.requests for number, report in reports.items()} == {
        number: counted[number] for number in ARTICLES
    }
    assert Calls.total(report.calls for report in result.articles).requests == len(service.sent)


def tokens(number: int, answers: int) -> Usage:
    """The tokens of so many answers about an article."""
    count = tokens_of(number)
    return Usage(input_tokens=answers * count.input, output_tokens=answers * count.output)


UNKNOWN = Usage(input_tokens=None, output_tokens=None)
NO_TOKENS = Usage(input_tokens=0, output_tokens=0)


def expected(number: int, trouble: Trouble | None) -> tuple[int, int, Usage]:
    """Requests, answers and tokens of an article."""
    if trouble is None:
        return 1, 1, tokens(number, 1)
    fault = trouble.fault
    if trouble.passes:
        requests = int(trouble.times) + 1
        answers = 1 if fault.retried else requests
        return requests, answers, tokens(number, answers)
    answers = fault.requests if fault.answered else 0
    # A no to the request itself costs nothing.
    nothing = NO_TOKENS if fault.answered else UNKNOWN
    return fault.requests, answers, tokens(number, fault.requests) if fault.counted else nothing


def assert_all_is_as_it_should_be(done: Run, service: Service, troubles: Troubles) -> None:
    """Hold a run against what its troubles have to bring."""
    result = done.result
    lasting = {number: trouble.fault for number, trouble in troubles.items() if not trouble.passes}
    assert_done(result, set(ARTICLES) - set(lasting))
    assert_kinds(result, {number: fault.kind for number, fault in lasting.items()})
    wanted = {number: expected(number, troubles.get(number)) for number in ARTICLES}
    assert service.counted == {number: requests for number, (requests, _, _) in wanted.items()}
    assert_counts(result, service)
    reports = numbered(result)
    assert {number: (report.calls.live, report.calls.usage) for number, report in reports.items()} == {
        number: (answers, usage) for number, (_, answers, usage) in wanted.items()
    }
    assert all(report.calls.replayed == 0 for report in reports.values())
    assert_total(result, wanted)
    assert done.exit_code == max((fault.exit_code for fault in lasting.values()), default=0)
    assert sorted(name for name, _ in done.errors) == sorted(map(name_of, lasting))


def assert_total(result: ExtractionResult, wanted: Mapping[int, tuple[int, int, Usage]]) -> None:
    """The accounts of all are the sums; tokens that nobody counted for an answer make the tokens of all unknown."""
    total = Calls.total(report.calls for report in result.articles)
    assert total.requests == sum(requests for requests, _, _ in wanted.values())
    assert total.live == sum(answers for _, answers, _ in wanted.values())
    if any(answers and usage == UNKNOWN for _, answers, usage in wanted.values()):
        assert total.usage == UNKNOWN
        return
    assert total.usage == Usage(
        input_tokens=sum(usage.input_tokens or 0 for _, _, usage in wanted.values()),
        output_tokens=sum(usage.output_tokens or 0 for _, _, usage in wanted.values()),
    )


def assert_a_healed_service_does_the_rest(folder: Path, service: Service, left: Iterable[int], **options: Any) -> None:
    """A second run asks once for each article that is left, and for no other; then all are done."""
    service.heal()
    again = read(folder, service, **options)
    assert service.counted == dict.fromkeys(left, 1)
    assert_counts(again.result, service)
    assert_done(again.result, ARTICLES)
    assert again.exit_code == 0


def go_through(
    folder: Path, troubles: Troubles, *, concurrency: int, patient: bool = False, again: bool = True
) -> tuple[Run, int]:
    """A run through troubles, and `again` one after them for what they left, both as they should be.

    Returns the first run and how many requests it took.
    """
    with Service(troubles, patient=patient) as service:
        first = read(folder, service, concurrency=concurrency)
        assert_all_is_as_it_should_be(first, service, troubles)
        requests = len(service.sent)
        left = [number for number, trouble in troubles.items() if not trouble.passes]
        if again and left:
            assert_a_healed_service_does_the_rest(folder, service, left, concurrency=concurrency)
    return first, requests


# --- some articles ---


def always(name: str) -> dict[int, Trouble]:
    """A fault that does not pass at the first, a middle and the last article."""
    return {number: Trouble(FAULTS[name]) for number in POSITIONS.values()}


def passing(name: str) -> dict[int, Trouble]:
    """A fault that passes, sooner or later, at the articles beside them; nothing where it does not end that way."""
    fault = FAULTS[name]
    latest = fault.requests - 1
    often = {POSITIONS["first"] + 1: 1, POSITIONS["middle"] + 1: latest, POSITIONS["last"] - 1: latest}
    return {number: Trouble(fault, times) for number, times in often.items()} if latest else {}


@pytest.mark.parametrize("concurrency", [1, 8])
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_fails_the_articles_that_it_stays_with_and_costs_the_others_nothing(
    folder: Path, name: str, concurrency: int
) -> None:
    # What is left for a second run does not depend on the concurrency of the first.
    go_through(folder, always(name) | passing(name), concurrency=concurrency, again=concurrency == 8)


def a_tenth(seed: int) -> dict[int, Trouble]:
    """Any fault, passing or not, at a tenth of the articles."""
    chance = random.Random(seed)
    return {
        number: Trouble(FAULTS[chance.choice(list(FAULTS))], chance.choice([1, 2, ALWAYS]))
        for number in chance.sample(ARTICLES, 4)
    }


@pytest.mark.parametrize("seed", range(3))
def test_any_faults_at_a_tenth_of_the_articles_leave_the_others_as_they_are(folder: Path, seed: int) -> None:
    go_through(folder, a_tenth(seed), concurrency=16, patient=True)


def every_fault_at_once() -> dict[int, Trouble]:
    """Every fault at an article of its own, the first one well; of those of transport two in three pass."""
    often = {name: (1, 2, ALWAYS)[index % 3] for index, name in enumerate(RETRIED)}
    return {
        number: Trouble(fault, often.get(name, ALWAYS)) for number, (name, fault) in enumerate(FAULTS.items(), start=1)
    }


@pytest.mark.parametrize("concurrency", [1, 8, 16])
def test_all_faults_at_once_each_fail_their_own_article_alone(folder: Path, concurrency: int) -> None:
    troubles = every_fault_at_once()
    done, requests = go_through(folder, troubles, concurrency=concurrency, patient=True)
    assert done.exit_code == 5
    assert requests == sum(expected(number, troubles.get(number))[0] for number in ARTICLES) > len(ARTICLES)
    assert {fault.kind for fault in FAULTS.values()} == {
        report.failure.kind for report in done.result.articles if report.failure is not None
    }


@pytest.mark.parametrize("name", [None, "refusal", "HTTP 413", "empty choices"])
def test_many_failures_do_not_make_a_service_that_is_down_while_it_answers_between_them(
    folder: Path, name: str | None
) -> None:
    troubles = {number: Trouble(FAULTS["HTTP 503"]) for number in ARTICLES if number % 2}
    if name is not None:
        troubles |= {number: Trouble(FAULTS[name]) for number in ARTICLES if number % 2 == 0}
    done, requests = go_through(folder, troubles, concurrency=1, again=False)
    assert (len(done.result.records), requests, done.exit_code) == (0 if name else 20, 20 * ATTEMPTS + 20, 5)


def test_faults_of_transport_between_an_answer_and_its_re_ask_cost_requests_alone(folder: Path) -> None:
    wrong, busy = FAULTS["valid JSON of wrong shape"], FAULTS["HTTP 503"]
    course = {1: busy, 2: busy, 3: wrong, 4: busy, 5: busy}

    def before(number: int, asked: int) -> Any:
        return course[asked].says(number) if number in POSITIONS.values() and asked in course else None

    with Service(before=before) as service:
        done = read(folder, service, concurrency=8)
    assert_done(done.result, ARTICLES)
    assert_counts(done.result, service)
    reports = numbered(done.result)
    for number in ARTICLES:
        calls, answers = reports[number].calls, 2 if number in POSITIONS.values() else 1
        assert (calls.requests, calls.live) == (6 if answers == 2 else 1, answers)
        assert calls.usage == tokens(number, answers)


@pytest.mark.parametrize("refused", [range(3), range(5, 20)], ids=["at first", "in mid-run"])
def test_articles_refused_for_their_own_sake_cost_no_other(folder: Path, refused: range) -> None:
    go_through(folder, {number: Trouble(FAULTS["HTTP 422"]) for number in refused}, concurrency=1)


def test_a_service_that_takes_no_request_at_all_is_left_alone_after_ten(folder: Path) -> None:
    with Service({number: Trouble(FAULTS["HTTP 400"]) for number in ARTICLES}) as service:
        done = read(folder, service, concurrency=1)
    assert (len(service.sent), done.exit_code) == (10, 5)
    kinds = ["request_refused"] * 9 + ["provider_refused"] + ["not_tried"] * 30
    assert_kinds(done.result, dict(enumerate(kinds)))
    assert_counts(done.result, service)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"retry_after_ms": "1500"}, 1.5),
        ({"retry_after_ms": "1500", "Retry_After": "7"}, 1.5),
        ({"retry_after_ms": "soon", "Retry_After": "7"}, 7.0),
    ],
    ids=["seconds", "milliseconds", "both", "milliseconds that are none"],
)
def test_a_service_that_asks_for_a_pause_is_left_alone_so_long(
    folder: Path, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], seconds: float
) -> None:
    asked: list[float] = []
    sleep, clock = asyncio.sleep, asyncio.BaseEventLoop.time
    monkeypatch.setattr(asyncio.BaseEventLoop, "time", lambda loop: clock(loop) + sum(asked))

    async def at_once(waited: float, *_: Any) -> None:
        asked.append(waited)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", at_once)
    busy = Fault(status(429, **headers), "provider_unreachable", retried=True)
    with Service({POSITIONS["middle"]: Trouble(busy, 2)}) as service:
        done = read(folder, service, concurrency=1)
    assert_done(done.result, ARTICLES)
    assert (len(service.sent), asked) == (42, [seconds, seconds])


def test_a_silent_service_is_given_up_after_the_timeout(tmp_path: Path) -> None:
    (tmp_path / "00.txt").write_text(f"{sentence_of(0)} This is report 00.\n", encoding="utf-8")
    with LoopbackService(lambda _: Silence()) as service:
        result = extract_with_library(
            tmp_path / "00.txt",
            model="compatible/test",
            base_url=service.url,
            fixtures=tmp_path / "fixtures",
            timeout=1,
            attempts=1,
            backoff=0,
        )
    (report,) = result.failed
    assert report.failure is not None
    assert report.failure.kind == "provider_unreachable" and "00.txt" in report.failure.message
    assert "did not answer in time" in report.failure.message
    assert len(service.sent) == report.calls.requests == 1
    assert (report.calls.live, report.calls.usage) == (0, UNKNOWN)


# --- all articles ---


def everywhere(fault: Fault, start: int = 0) -> dict[int, Trouble]:
    """A fault at every article from one on."""
    return {number: Trouble(fault) for number in ARTICLES if number >= start}


def split(numbers: Iterable[int], at: int) -> tuple[list[int], list[int]]:
    listed = sorted(numbers)
    return listed[:at], listed[at:]


@pytest.mark.parametrize(
    "name", ["HTTP 429 with Retry-After", "HTTP 503", "HTTP 200 with error 503", "connection closed", "body cut off"]
)
def test_a_service_that_is_down_is_left_alone_after_a_few_articles(folder: Path, name: str) -> None:
    with Service(everywhere(FAULTS[name])) as service:
        done = read(folder, service, concurrency=1)
    tried, others = split(ARTICLES, FAILURES_UNTIL_DOWN)
    assert service.counted == dict.fromkeys(tried, ATTEMPTS)
    assert_counts(done.result, service)
    assert_done(done.result, [])
    assert_kinds(done.result, dict.fromkeys(tried, "provider_unreachable") | dict.fromkeys(others, "not_tried"))
    assert done.exit_code == 5


def test_a_service_that_is_not_there_is_left_alone_after_a_few_articles(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        done = read(folder, f"http://127.0.0.1:{taken.getsockname()[1]}", concurrency=1)
    tried, others = split(ARTICLES, FAILURES_UNTIL_DOWN)
    assert_kinds(done.result, dict.fromkeys(tried, "provider_unreachable") | dict.fromkeys(others, "not_tried"))
    requests = {number: report.calls.requests for number, report in numbered(done.result).items()}
    assert requests == dict.fromkeys(tried, ATTEMPTS) | dict.fromkeys(others, 0)
    assert done.exit_code == 5


@pytest.mark.parametrize("concurrency", [8, 16])
def test_a_service_that_is_down_is_left_alone_when_many_ask_at_once(folder: Path, concurrency: int) -> None:
    with Service(everywhere(FAULTS["HTTP 500"])) as service:
        done = read(folder, service, concurrency=concurrency)
        assert len(service.sent) >= FAILURES_UNTIL_DOWN * ATTEMPTS
        assert len(service.sent) <= (FAILURES_UNTIL_DOWN - 1 + concurrency) * ATTEMPTS
        assert_counts(done.result, service)
        assert_done(done.result, [])
        # Who was about to try again when the service counted as down did not.
        given_up = {number for number, requests in service.counted.items() if requests == ATTEMPTS}
        kinds = {number: report.failure.kind for number, report in numbered(done.result).items()}
        assert {number for number, kind in kinds.items() if kind == "provider_unreachable"} <= given_up
        assert set(kinds.values()) == {"provider_unreachable", "not_tried"}
        assert all(kinds[number] == "not_tried" for number in ARTICLES if number not in service.counted)
        assert done.exit_code == 5
        assert_a_healed_service_does_the_rest(folder, service, ARTICLES, concurrency=concurrency)


def test_a_service_that_goes_down_in_mid_run_is_given_more_patience_and_what_was_done_is_kept(folder: Path) -> None:
    with Service(everywhere(FAULTS["HTTP 503"], start=15)) as service:
        done = read(folder, service, concurrency=1)
        before, tried, others = list(range(15)), list(range(15, 25)), list(range(25, 40))
        assert service.counted == dict.fromkeys(before, 1) | dict.fromkeys(tried, ATTEMPTS)
        assert_counts(done.result, service)
        assert_done(done.result, before)
        assert_kinds(done.result, dict.fromkeys(tried, "provider_unreachable") | dict.fromkeys(others, "not_tried"))
        assert done.exit_code == 5
        assert_a_healed_service_does_the_rest(folder, service, [*tried, *others])


NOS_TO_ALL = {
    "HTTP 401": status(401),
    "HTTP 402": status(402),
    "HTTP 403": status(403),
    "HTTP 404": status(404, error="model_not_found"),
    "HTTP 307": status(307, Location="/elsewhere"),
    "HTTP 429 insufficient_quota": status(429, error="insufficient_quota", Retry_After="0"),
    "HTTP 400 without credit": status(400, message="Your credit balance is too low to go on."),
}


@pytest.mark.parametrize("concurrency", [1, 8])
@pytest.mark.parametrize("name", NOS_TO_ALL)
def test_a_no_to_all_is_taken_once_from_each_request_under_way(folder: Path, name: str, concurrency: int) -> None:
    together = threading.Barrier(concurrency)

    def before(number: int, _: int) -> Any:
        together.wait(30)
        return NOS_TO_ALL[name](number)

    with Service(before=before) as service:
        done = read(folder, service, concurrency=concurrency)
    asked, others = split(ARTICLES, concurrency)
    assert service.counted == dict.fromkeys(asked, 1)
    assert_counts(done.result, service)
    assert_done(done.result, [])
    assert_kinds(done.result, dict.fromkeys(asked, "provider_refused") | dict.fromkeys(others, "not_tried"))
    assert done.exit_code == 5


@pytest.mark.parametrize("concurrency", [1, 8])
@pytest.mark.parametrize("name", ["HTTP 401", "HTTP 429 insufficient_quota"])
def test_a_no_to_all_in_mid_run_keeps_what_was_done_and_the_next_run_goes_on(
    folder: Path, name: str, concurrency: int
) -> None:
    well = 20
    together = threading.Barrier(concurrency)

    def before(number: int, _: int) -> Any:
        if number < well:
            return None
        together.wait(30)
        return NOS_TO_ALL[name](number)

    with Service(before=before) as service:
        done = read(folder, service, concurrency=concurrency)
        finished, left = split(ARTICLES, well)
        asked, others = split(left, concurrency)
        assert service.counted == dict.fromkeys([*finished, *asked], 1)
        assert_counts(done.result, service)
        assert_done(done.result, finished)
        assert_kinds(done.result, dict.fromkeys(asked, "provider_refused") | dict.fromkeys(others, "not_tried"))
        assert done.exit_code == 5
        service.before = lambda _number, _asked: None
        assert_a_healed_service_does_the_rest(folder, service, left, concurrency=concurrency)


# --- budgets ---


@pytest.mark.parametrize(("most", "concurrency"), [(0, 8), (13, 1), (13, 8), (39, 16), (40, 8)])
def test_just_as_many_requests_are_sent_as_may_be_and_the_next_run_goes_on(
    folder: Path, most: int, concurrency: int
) -> None:
    with Service() as service:
        done = read(folder, service, concurrency=concurrency, max_calls=most)
        assert len(service.sent) == min(most, 40)
        asked = set(service.counted)
        assert_counts(done.result, service)
        assert_done(done.result, asked)
        left = set(ARTICLES) - asked
        assert_kinds(done.result, dict.fromkeys(left, "budget_reached"))
        assert done.exit_code == (7 if left else 0)
        assert_a_healed_service_does_the_rest(folder, service, left, concurrency=concurrency)


@pytest.mark.parametrize("name", ["HTTP 503", "connection closed", "body cut off"])
def test_attempts_that_fail_count_among_the_calls_too(folder: Path, name: str) -> None:
    with Service({5: Trouble(FAULTS[name])}) as service:
        done = read(folder, service, concurrency=1, max_calls=7)
        assert service.counted == dict.fromkeys(range(5), 1) | {5: 2}
        assert_counts(done.result, service)
        assert_done(done.result, range(5))
        assert_kinds(done.result, dict.fromkeys(range(5, 40), "budget_reached"))
        assert done.exit_code == 7
        assert_a_healed_service_does_the_rest(folder, service, range(5, 40))


def test_a_re_ask_that_the_calls_do_not_allow_is_all_that_the_next_run_asks(folder: Path) -> None:
    with Service({5: Trouble(FAULTS["broken JSON"])}) as service:
        done = read(folder, service, concurrency=1, max_calls=6)
        assert service.counted == dict.fromkeys(range(6), 1)
        assert_done(done.result, range(5))
        assert_kinds(done.result, dict.fromkeys(range(5, 40), "budget_reached"))
        calls = numbered(done.result)[5].calls
        assert (calls.requests, calls.live, calls.usage) == (1, 1, tokens(5, 1))
        assert_a_healed_service_does_the_rest(folder, service, range(5, 40))
        assert {about(sent) for sent in service.sent if len(sent.body["messages"]) > 2} == {5}


@pytest.mark.parametrize("concurrency", [1, 8])
def test_no_more_is_spent_than_may_be_and_each_next_run_goes_on(folder: Path, concurrency: int) -> None:
    # Dollars for a million tokens written, of which every answer has as many as are expected for a short article.
    price, expected_tokens, bound = "0/1000", 300, 4.0
    each = 0.3
    priced = TokenCount(1000, expected_tokens)

    def before(number: int, _: int) -> Any:
        return Says(chat_body(right(number), usage=priced))

    done: set[int] = set()
    with Service(before=before) as service:
        for brought in (13, 13, 13, 1):
            service.sent.clear()
            ended = read(folder, service, concurrency=concurrency, price=price, max_cost=bound)
            assert len(service.sent) == brought
            assert not done & set(service.counted), "an article is paid for twice"
            done |= set(service.counted)
            assert_counts(ended.result, service)
            assert_done(ended.result, done)
            assert_kinds(ended.result, dict.fromkeys(set(ARTICLES) - done, "budget_reached"))
            spent = Calls.total(report.calls for report in ended.result.articles).cost_usd
            assert spent is not None and spent <= bound and spent == pytest.approx(brought * each)
            assert ended.exit_code == (7 if len(done) < 40 else 0)


# --- the command ---


def options(service: LoopbackService, *more: str) -> list[str]:
    """The command's options for a service."""
    shared = ("--model", "compatible/test", "--base-url", service.url, "--out", "events.json", "--backoff", "0")
    return ["news", *shared, "--attempts", str(ATTEMPTS), "--reasks", str(REASKS), *more]


def output(folder: Path) -> ExtractionResult:
    return ExtractionResult.model_validate_json((folder / "events.json").read_bytes())


def test_the_command_names_the_one_article_that_failed_and_tells_what_all_took(folder: Path, extract: Extract) -> None:
    troubles = {
        POSITIONS["first"]: Trouble(FAULTS["HTTP 503"], 2),
        POSITIONS["middle"]: Trouble(FAULTS["refusal"]),
        POSITIONS["last"]: Trouble(FAULTS["valid JSON of wrong shape"], 1),
    }
    with Service(troubles) as service:
        done = extract(*options(service))
    assert done.code == 4
    assert [line for line in done.err.splitlines() if line.startswith("extract: ")] == [
        "extract: 20.txt: the model refused: I won't."
    ]
    written_, read_ = sum(20 + number for number in ARTICLES) + 59, sum(1000 + number for number in ARTICLES) + 1039
    assert f"43 requests; {read_:,} tokens read, {written_:,} written" in done.err
    result = output(folder)
    assert_done(result, set(ARTICLES) - {20})
    assert_counts(result, service)


def test_the_command_says_that_the_service_is_down_and_writes_nothing(folder: Path, extract: Extract) -> None:
    with Service(everywhere(FAULTS["HTTP 503"])) as service:
        done = extract(*options(service, "--concurrency", "1"))
    assert done.code == 5
    assert len(service.sent) == FAILURES_UNTIL_DOWN * ATTEMPTS
    assert "00.txt: compatible/test failed at every attempt: HTTP 503" in done.err
    assert "37 more articles were not tried after that." in done.err
    assert "Nothing was written" in done.err and "Traceback" not in done.err
    assert not (folder / "events.json").exists()


def test_the_command_stops_at_its_budget_and_says_how_to_go_on(folder: Path, extract: Extract) -> None:
    with Service() as service:
        done = extract(*options(service, "--max-calls", "13"))
        assert done.code == 7
        assert "--max-calls 13 is reached." in done.err and "Raise --max-calls and run again" in done.err
        assert "Traceback" not in done.err
        assert len(service.sent) == 13
        assert_done(output(folder), service.counted)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_an_interrupt_with_many_under_way_keeps_what_was_done_and_the_next_run_goes_on(
    folder: Path, extract: Extract, sent: signal.Signals
) -> None:
    finished, left = split(ARTICLES, 10)
    reasked, _ = split(left, 4)
    under_way, lock = set[int](), threading.Lock()
    full, released = threading.Event(), threading.Event()

    def before(number: int, asked: int) -> Any:
        if number in finished:
            return None
        if number in reasked and asked == 1:
            return FAULTS["valid JSON of wrong shape"].says(number)
        with lock:
            under_way.add(number)
            if len(under_way) == 16:
                full.set()
        released.wait(100)
        return None

    with Service(before=before) as service:
        command = [sys.executable, "-m", "extractor.cli", *options(service, "--concurrency", "16")]
        try:
            with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                assert full.wait(100)
                process.send_signal(sent)
                out, err = process.communicate(timeout=100)
        finally:
            released.set()
        assert (process.returncode, out) == (130, b"")
        assert b"Traceback" not in err and b"10.txt was not done when the run was interrupted" in err
        result = output(folder)
        assert_done(result, finished)
        assert_kinds(result, dict.fromkeys(left, "interrupted"))
        assert_counts(result, service)
        assert set(service.counted) == {*finished, *under_way}
        service.before = lambda _number, _asked: None
        service.heal()
        assert extract(*options(service, "--concurrency", "16")).code == 0
        assert service.counted == dict.fromkeys(left, 1)
        assert {about(request) for request in service.sent if len(request.body["messages"]) > 2} == set(reasked)
        assert_counts(output(folder), service)
        assert_done(output(folder), ARTICLES)


# --- the matrix, printed ---


@contextmanager
def _new_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield written(Path(name))


def _row(fault: str, where: str, done: Run, requests: int) -> str:
    kinds = Counter(report.failure.kind for report in done.result.articles if report.failure is not None)
    failures = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "0"
    good = sum(report.outcome == "done" for report in done.result.articles)
    return f"| {fault} | {where} | {good} | {failures} | {requests} | {done.exit_code} |"


def _rows() -> Iterator[str]:
    where = ", ".join(POSITIONS)
    trials: list[tuple[str, str, Troubles, int]] = [(f"{name}, always", where, always(name), 8) for name in FAULTS]
    trials += [(f"{name}, passing", "beside these", passing(name), 8) for name in FAULTS if passing(name)]
    trials += [(f"any, seed {seed}", "4 at random", a_tenth(seed), 16) for seed in range(3)]
    trials += [("each of the table at once", f"{len(FAULTS)}, one each", every_fault_at_once(), 16)]
    for name, place, troubles, concurrency in trials:
        with _new_folder() as folder:
            done, requests = go_through(folder, troubles, concurrency=concurrency, patient=concurrency == 16)
            yield _row(name, place, done, requests)
    alone: dict[str, Troubles] = {f"{name}, one at a time": everywhere(FAULTS[name]) for name in ("HTTP 503",)}
    alone |= {
        f"{name}, one at a time": everywhere(Fault(says, "provider_refused")) for name, says in NOS_TO_ALL.items()
    }
    for name, troubles in alone.items():
        with _new_folder() as folder, Service(troubles) as service:
            yield _row(name, "all", read(folder, service, concurrency=1), len(service.sent))
    for most in (0, 13, 40):
        with _new_folder() as folder, Service() as service:
            yield _row(f"none, --max-calls {most}", "", read(folder, service, max_calls=most), len(service.sent))


def matrix() -> Iterator[str]:
    """The fault matrix as Markdown: what came of 40 articles, and how many requests the service counted."""
    yield "| Fault | Articles | Done | Failed | Requests | Exit code |"
    yield "|---|---|---|---|---|---|"
    yield from _rows()


if __name__ == "__main__":
    for line in matrix():
        sys.stdout.write(f"{line}\n")
