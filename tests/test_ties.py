"""What rules leave open, put to a model: `--resolve-with-model`, over a real socket, recorded and replayed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import extractor
from extractor.consolidation import open_ties
from extractor.errors import Fault
from extractor.prompt import load_tie_prompt
from extractor.providers.base import Completion, Request
from extractor.resolution import resolve

from .conftest import FIXTURES, SEEDS, Finished, Service, action, actor, answer

Extract = Callable[..., Finished]
Serve = Callable[[Callable[[dict[str, Any]], Any]], Service]

ARVANIA, BELLAND = actor("France", country="France"), actor("Norwegian envoys", country="Norway", kind="group")
# Two reports of one affair that have too little in common for the rules, and one of another.
NEWS = {
    "first": "Paris, 4 May 2020. France expelled Norwegian envoys in a row over fishing.",
    "second": "Oslo said on 8 May 2020 that France had thrown Norwegian envoys out.",
}
RECORDS = {
    "first": action(
        "France expelled Norwegian envoys in a row over fishing.", status="carried_out", actors=[ARVANIA],
        targets=[BELLAND], date_text="4 May 2020",
    ),
    "second": action(
        "France had thrown Norwegian envoys out", status="ordered", actors=[ARVANIA],
        targets=[actor("Norwegian", country="Norway", kind="group")], date_text="8 May 2020",
    ),
}  # fmt: skip


def tool(body: dict[str, Any]) -> str:
    return str(body["tools"][0]["function"]["name"])


def asked(body: dict[str, Any]) -> str:
    return str(body["messages"][1]["content"])


def model(*choices: Any) -> Callable[[dict[str, Any]], Any]:
    """Answers articles with their records, and ties with the choices, one after the other."""
    left = list(choices)

    def respond(body: dict[str, Any]) -> Any:
        if tool(body) == "SameAct":
            return left.pop(0) if len(left) > 1 else left[0]
        name = next(name for name, text in NEWS.items() if text in asked(body))
        return answer(actions=[RECORDS[name]])

    return respond


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in NEWS.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def run(extract: Extract, service: Service, *options: str) -> Finished:
    live = ("--model", "compatible/test", "--base-url", service.url, "--backoff", "0", "--fixtures", "fixtures")
    return extract("news", *live, "--out", "events.json", *options)


def output(tmp_path: Path) -> dict[str, Any]:
    return json.loads((tmp_path / "events.json").read_bytes())  # type: ignore[no-any-return]


def choice(number: int | None, *words: str) -> dict[str, Any]:
    return {"choice": number, "words": list(words)}


SAME = choice(1, "France expelled Norwegian envoys")


@pytest.mark.usefixtures("news")
def test_no_tie_is_put_to_the_model_unless_it_is_asked_for(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    service = serve(model(SAME))
    assert run(extract, service).code == 0
    assert {tool(body) for body in service.requests} == {"Extraction"}
    assert output(tmp_path)["ties"] == []
    assert len(output(tmp_path)["events"]) == 2


@pytest.mark.usefixtures("news")
def test_reports_that_the_model_takes_for_one_act_are_one_event(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    service = serve(model(SAME))
    done = run(extract, service, "--resolve-with-model")
    assert done.code == 0, done.err
    assert "1 put to the model, 1 joined" in done.err
    (event,) = output(tmp_path)["events"]
    (tie,) = output(tmp_path)["ties"]
    assert event["ties"] == [tie["id"]]
    assert sorted([*tie["records"], *tie["candidates"][0]]) == event["members"]
    assert (tie["choice"], tie["words"], tie["failure"]) == (1, SAME["words"], None)
    assert tie["calls"]["live"] == 1
    shown = extract("show", "events.json", "--events").out
    assert f"by the model's answer to {tie['id']}" in shown


@pytest.mark.usefixtures("news")
def test_what_the_model_keeps_apart_stays_apart(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    done = run(extract, serve(model(choice(None))), "--resolve-with-model")
    assert done.code == 0 and "1 put to the model, 0 joined" in done.err
    assert [event["ties"] for event in output(tmp_path)["events"]] == [[], []]


@pytest.mark.usefixtures("news")
def test_the_question_shows_both_reports_fenced_and_nothing_else_of_the_articles(
    extract: Extract, serve: Serve
) -> None:
    service = serve(model(SAME))
    run(extract, service, "--resolve-with-model")
    (body,) = [body for body in service.requests if tool(body) == "SameAct"]
    question = asked(body)
    for record in RECORDS.values():
        assert record["evidence"][0] in question
    assert "Oslo said" not in question
    fences = [line for line in question.splitlines() if line.startswith("===")]
    assert len(fences) == 2 and fences[0].split()[-2] == fences[1].split()[-2]


@pytest.mark.usefixtures("news")
def test_an_answer_is_recorded_and_replayed(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    service = serve(model(SAME))
    assert run(extract, service, "--resolve-with-model").code == 0
    first = output(tmp_path)
    assert len(service.requests) == 3
    done = extract("news", "--replay", "--resolve-with-model", "--out", "events.json")
    assert done.code == 0, done.err
    second = output(tmp_path)
    assert second["ties"][0]["calls"]["replayed"] == 1
    assert second["events"] == first["events"] and len(service.requests) == 3
    checked = extract("fixtures", "check", "news")
    assert checked.code == 0 and "unused" not in checked.out.casefold().replace("0 unused", "")
    assert list(tmp_path.glob("fixtures/compatible/test/tie-*.json"))


@pytest.mark.usefixtures("news")
def test_a_tie_without_a_recording_is_a_miss_that_says_how_to_record_it(
    extract: Extract, serve: Serve, tmp_path: Path
) -> None:
    run(extract, serve(model(SAME)))
    done = extract("news", "--replay", "--resolve-with-model", "--out", "events.json")
    assert done.code == 3
    assert "no recording is of this tie" in done.err and "--resolve-with-model --model compatible/test" in done.err
    result = output(tmp_path)
    assert result["ties"][0]["failure"]["kind"] == "replay_miss"
    assert len(result["events"]) == 2, "the tie stays open, and nothing else is lost"


@pytest.mark.usefixtures("news")
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (choice(2, "France expelled Norwegian envoys"), "choice is 2; the candidates are 1 to 1"),
        (choice(1, "Norway expelled French envoys"), "words 1 are not in what was shown"),
        (choice(1), "words must hold at least one passage"),
    ],
    ids=["no such candidate", "words that are nowhere", "no words"],
)
def test_an_answer_that_does_not_hold_up_is_asked_for_again(
    extract: Extract, serve: Serve, tmp_path: Path, wrong: dict[str, Any], told: str
) -> None:
    service = serve(model(wrong, SAME))
    assert run(extract, service, "--resolve-with-model").code == 0
    ties = [body for body in service.requests if tool(body) == "SameAct"]
    assert len(ties) == 2 and told in json.dumps(ties[1]["messages"])
    assert output(tmp_path)["ties"][0]["choice"] == 1
    assert extract("news", "--replay", "--resolve-with-model", "--out", "events.json").code == 0


@pytest.mark.usefixtures("news")
def test_an_answer_that_never_holds_up_leaves_the_tie_open(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    done = run(extract, serve(model(choice(7))), "--resolve-with-model")
    assert done.code == 4 and "1 without an answer" in done.err and "tie-" in done.err
    assert len(output(tmp_path)["events"]) == 2
    assert output(tmp_path)["ties"][0]["failure"]["kind"] == "wrong_shape"


@pytest.mark.usefixtures("news")
def test_a_tie_that_the_service_fails_at_costs_no_article(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    answers = model(SAME)

    def respond(body: dict[str, Any]) -> Any:
        return (400, {}, {"error": {"message": "no"}}) if tool(body) == "SameAct" else answers(body)

    done = run(extract, serve(respond), "--resolve-with-model")
    assert done.code == 4 and "tie-" in done.err
    result = output(tmp_path)
    assert [article["outcome"] for article in result["articles"]] == ["done", "done"]
    assert len(result["events"]) == 2


@pytest.mark.usefixtures("news")
def test_prompts_without_the_files_of_ties_are_named(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    assert extract("prompts", "mine").code == 0
    (tmp_path / "mine" / "ties" / "question.md").unlink()
    done = run(extract, serve(model(SAME)), "--resolve-with-model", "--prompts", "mine")
    assert done.code == 2 and "question.md" in done.err


class Broken:
    """A model with a fault of this tool in it."""

    name = "compatible/test"

    async def complete(self, request: Request) -> Completion:
        raise RuntimeError("a slip")

    async def close(self) -> None: ...


def test_a_fault_met_at_a_tie_costs_nothing_else() -> None:
    seeds = extractor.extract(SEEDS, mode="replay", model="compatible/claude", fixtures=FIXTURES)
    ties = open_ties(seeds.articles, seeds.records)
    work = resolve(ties, Broken(), load_tie_prompt(), reasks=0, parameters={}, at_once=2)
    found = asyncio.run(work)
    assert len(found.ties) > 1 and found.decisions == ()
    assert {tie.failure and tie.failure.kind for tie in found.ties} == {Fault.kind}
    assert [name for name, _ in found.errors] == [tie.id for tie in found.ties]
