"""The benchmarks' model on loopback, what it says to whom, and the tools that are ours reading the news from it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.answers import answer_to
from benchmarks.loopback import Behaviour, Loopback
from benchmarks.news import news, number_in, write_news
from benchmarks.peers import instructor as instructor_script
from benchmarks.peers import ours as ours_script
from benchmarks.points import faults, overhead, throughput
from benchmarks.points.faults import Outcome
from benchmarks.results import Samples
from extractor.grounding import GroundedText

FUNCTION = {"type": "function", "function": {"name": "Extraction", "parameters": {"properties": {"actions": {}}}}}
FLAT = {"type": "function", "function": {"name": "send_output", "parameters": {"properties": {"records": {}}}}}


@pytest.fixture(scope="module")
def service() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


@pytest.fixture
def connection(service: Loopback) -> Iterator[http.client.HTTPConnection]:
    made = http.client.HTTPConnection(service.url.removeprefix("http://"), timeout=30)
    yield made
    made.close()


def ask(connection: http.client.HTTPConnection, number: int) -> tuple[int, Any, Any]:
    body = {"messages": [{"role": "user", "content": news(number).text}], "tools": [FUNCTION]}
    connection.request("POST", "/v1/chat/completions", json.dumps(body))
    response = connection.getresponse()
    return response.status, dict(response.getheaders()), json.loads(response.read())


# --- the news ---


def test_what_is_quoted_stands_in_the_text_and_no_two_articles_are_alike() -> None:
    some = [news(number) for number in (*range(12), 101, 499, 1699)]
    for article in some:
        assert len(article.records) > 10
        text = GroundedText(article.text)
        assert all(text.locate(passage) for _, record in article.records for passage in record["evidence"])
        assert number_in(f"(Wire 00007) {article.text}") == article.number
    bare = {article.text.rpartition("(Wire")[0] for article in some}
    assert len(bare) == len(some)


# --- what is said to whom ---


def test_every_client_is_told_the_same_records_in_the_form_that_it_asks_for() -> None:
    article = news(3)
    asked: dict[str, Any] = {"messages": [{"role": "user", "content": article.text}]}
    whole, flat = answer_to({**asked, "tools": [FUNCTION]}), answer_to({**asked, "tools": [FLAT]})
    assert json.loads(whole.said) == article.answer == json.loads(answer_to(asked).said)
    assert [record["evidence"] for record in json.loads(flat.said)["records"]] == [
        record["evidence"][0] for _, record in article.records
    ]
    call = json.loads(flat.body())["choices"][0]["message"]["tool_calls"][0]["function"]
    assert (call["name"], call["arguments"]) == ("send_output", flat.said)


@pytest.mark.parametrize("marked", [True, False])
def test_a_passage_is_told_its_own_records_in_their_order(marked: bool) -> None:
    article = news(8)
    passage = article.text[-1200:] if marked else article.text[:1200]
    answer = answer_to({"messages": [{"role": "user", "content": f"Examples\nQ: x\nA: y\n\nQ: {passage}\nA: "}]})
    said = json.loads(answer.said)["extractions"]
    grounded = GroundedText(passage)
    places = [grounded.locate(next(iter(extraction.values()))) for extraction in said]
    starts = [place.start for place in places if place is not None]
    assert starts == sorted(starts) and len(starts) == len(places)
    assert answer.share == len(said) / len(article.records) < 1
    assert answer.number == 8


def test_a_clients_own_trial_is_no_article() -> None:
    assert answer_to({"messages": []}).number is None
    assert json.loads(answer_to({"messages": [{"role": "user", "content": "Jason is 25."}]}).body())["choices"]


# --- the service ---


def test_whoever_asks_meets_the_same_latencies_and_refusals() -> None:
    behaviour = Behaviour(median=2.0, throttled=0.1)
    latencies = [behaviour.latency(number) for number in range(2000)]
    assert latencies == [Behaviour(median=2.0).latency(number) for number in range(2000)]
    assert sorted(latencies)[1000] == pytest.approx(2.0, rel=0.1)
    assert behaviour.mean_latency(2000) == pytest.approx(2.0 * 2.718281828**0.125, rel=0.1)
    refused = sum(behaviour.refuses(number, 0) for number in range(2000))
    assert refused == pytest.approx(200, rel=0.3)


def test_one_connection_is_used_again_and_everything_is_counted(
    service: Loopback, connection: http.client.HTTPConnection
) -> None:
    service.behave(Behaviour(fails=1, malformed=2))
    said = [ask(connection, number) for number in (0, 1, 1, 2, 0)]
    assert [status for status, _, _ in said] == [200, 500, 500, 200, 200]
    arguments = said[3][2]["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(arguments)
    counts = service.counts()
    assert (counts.requests, counts.failed, counts.paid, counts.answered) == (5, 2, 3, {"0": 2, "2": 1})


def test_a_refusal_says_how_long_to_wait(service: Loopback, connection: http.client.HTTPConnection) -> None:
    service.behave(Behaviour(throttled=1.0, retry_after=0.2))
    status, headers, _ = ask(connection, 0)
    assert (status, headers["retry-after-ms"], headers["retry-after"]) == (429, "200", "1")
    assert service.counts().refused == 1


# --- our tools at it ---


def test_ours_keeps_what_it_is_told_and_replays_it(service: Loopback, tmp_path: Path) -> None:
    service.behave(Behaviour(fails=1))
    folder, work = str(write_news(tmp_path / "news", 3)), tmp_path / "work"
    work.mkdir()
    told = ours_script.extract(folder, service.url, str(work), 3, attempts=2, backoff=0.0)
    assert (told["documents"], told["error"]) == (2, "")
    assert told["records"] == len(news(0).records) + len(news(2).records)
    assert service.counts().failed == 2
    service.behave(Behaviour())
    assert ours_script.extract(folder, service.url, str(work), 3)["documents"] == 3
    assert service.counts().answered == {"1": 1}
    assert ours_script.replay(folder, str(work))["documents"] == 3


@pytest.mark.parametrize("way", ["extract", "extract_bare"])
def test_the_loops_without_us_get_the_same_records(service: Loopback, tmp_path: Path, way: str) -> None:
    service.behave(Behaviour(fails=1) if way == "extract" else Behaviour())
    folder = str(write_news(tmp_path, 2 if way == "extract_bare" else 1))
    told = getattr(instructor_script, way)(folder, service.url, "", 2)
    expected = sum(len(news(number).records) for number in range(2 if way == "extract_bare" else 1))
    assert (told["records"], told["error"]) == (expected, "")


def test_the_same_work_is_done_in_process(tmp_path: Path) -> None:
    folder = str(write_news(tmp_path, 2))
    ours, bare = ours_script.scripted(folder), instructor_script.scripted(folder)
    assert ours["records"] == bare["records"] == len(news(0).records) + len(news(1).records)


# --- what is made of the figures ---


def test_an_overhead_is_held_against_instructors_and_langextracts() -> None:
    timed = {"ours": 9.0, "instructor": 8.0, "langextract": 40.0}
    samples = {name: Samples(values=(value,), unit="ms") for name, value in timed.items()}
    aims = list(overhead.aims(samples, {**samples, "ours": Samples(values=(12.0,))}))
    assert [aim.met for aim in aims] == [True, False, False, False]
    assert aims[0].measured == "+1.0 ms" and aims[3].measured == "3.3 times less"


def test_throughput_is_held_against_the_bare_loop_and_every_peer() -> None:
    timed = {"ours": Samples(values=(1.3,)), "bare": Samples(values=(1.25,)), "docetl": Samples(values=(1.2,))}
    aims = list(throughput.aims("median 2 s", timed))
    assert [aim.met for aim in aims] == [True, False]
    assert "best peer DocETL, 1.20 x" in aims[1].measured


def test_a_fault_may_cost_its_own_article_and_a_kill_what_was_on_its_way() -> None:
    kept, killed = Outcome(99, 99, 104, ""), Outcome(100, 107, 107, "")
    aims = list(faults.aims(100, {"ours": kept}, {"ours": Outcome(0, 99, 99, "no")}, {"ours": [killed]}))
    assert [aim.met for aim in aims] == [True, False, True]
