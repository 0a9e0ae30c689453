"""Recording over a real socket, replaying without one, and what a miss says."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractor import extract
from extractor.errors import MissingKey, UsageError
from extractor.recordings import Mode
from extractor.runner import Options, run

from .conftest import FIXTURES, ROOT, SEEDS, Finished, Service, action, actor, answer, chat_completion

TEXT = "Arvania expelled four Belland envoys on Monday. Belland said it was appalled."
GOOD = answer(
    actions=[
        action(
            "Arvania expelled four Belland envoys on Monday.",
            actors=[actor("Arvania")],
            targets=[actor("Belland envoys", kind="group")],
            count=4,
            date_text="on Monday",
        )
    ]
)
UNGROUNDED = answer(actions=[GOOD["actions"][0] | {"count": 40}])
LOOKS_LIKE_A_KEY = "-".join(["sk", "abcdefgh" * 3])
SECRET = "a-secret-of-machine-17"
Serve = Callable[[Callable[[dict[str, Any]], Any]], Service]
Extract = Callable[..., Finished]


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "envoys.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def record(article: Path, service: Service, **options: Any) -> Any:
    folder = article.parent / "fixtures"
    options = {"mode": "record", "model": "compatible/test", "base_url": service.url, "fixtures": folder} | options
    return extract(article, **options)


def recording(article: Path) -> Path:
    (path,) = (article.parent / "fixtures").glob("*/*/*.json")
    return path


def test_what_was_recorded_is_replayed_alike(article: Path, serve: Serve) -> None:
    service = serve(lambda _: GOOD)
    recorded = record(article, service)
    replayed = extract(article, mode="replay", fixtures=article.parent / "fixtures")
    assert recorded.records == replayed.records != []
    assert len(service.requests) == 1
    assert (recorded.articles[0].calls.live, replayed.articles[0].calls.replayed) == (1, 1)
    assert replayed.articles[0].calls.usage.input_tokens == 100


def test_re_asks_are_recorded_in_order_and_replayed(article: Path, serve: Serve) -> None:
    answers = iter([UNGROUNDED, GOOD])
    service = serve(lambda _: next(answers))
    recorded = record(article, service)
    stored = json.loads(recording(article).read_text())
    assert [attempt["feedback"] for attempt in stored["attempts"]] == [None, ["actions/0/count: not_in_evidence"]]
    assert extract(article, fixtures=article.parent / "fixtures").records == recorded.records
    assert recorded.actions[0].count == 4


def test_a_recording_is_readable_and_holds_only_what_is_listed(article: Path, serve: Serve) -> None:
    record(article, serve(lambda _: GOOD))
    text = recording(article).read_text()
    stored = json.loads(text)
    assert set(stored) == {"format", "article", "model", "parts", "attempts"}
    assert set(stored["parts"]) == {"prompt", "schema", "article", "parameters", "model"}
    assert set(stored["attempts"][0]) == {"feedback", "finish_reason", "tool_calls", "text", "refusal", "usage"}
    assert stored["attempts"][0]["tool_calls"][0]["arguments"] == GOOD
    assert text.count("\n") > 30


def test_recording_again_keeps_the_path_so_that_it_shows_as_a_diff(article: Path, serve: Serve, tmp_path: Path) -> None:
    service = serve(lambda _: GOOD)
    record(article, service)
    before = recording(article)
    prompts = shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    (prompts / "system.md").write_text("Another prompt.")
    record(article, service, prompts=prompts)
    assert recording(article) == before


def test_keys_are_scrubbed(article: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACT_API_KEY", SECRET)
    leaky = answer(actions=[GOOD["actions"][0] | {"reason": f"{LOOKS_LIKE_A_KEY} {SECRET}"}])
    service = serve(lambda _: leaky)
    record(article, service, reasks=0)
    text = recording(article).read_text()
    sent = {name.lower(): value for name, value in service.headers[0].items()}
    assert sent["authorization"] == f"Bearer {SECRET}"
    assert "sk-abc" not in text and "a-secret" not in text and text.count("[scrubbed]") == 2


@pytest.mark.parametrize(
    "key", ["gsk_a1B2c3D4e5F6g7H8", "nvapi-" + "a_b-" * 5, "AIza" + "Sy0-_" * 7, "Bearer abc.def.ghi_jkl-mno"]
)
@pytest.mark.parametrize("around", ["{}", "It is {}.", "\n{}", '"{}"', "'{}' and {}"])
def test_all_that_looks_like_a_key_is_scrubbed_wherever_it_stands(
    article: Path, serve: Serve, key: str, around: str
) -> None:
    leaky = answer(actions=[GOOD["actions"][0] | {"places": ["Paris", around.replace("{}", key)]}])
    record(article, serve(lambda _: leaky), reasks=0)
    text = recording(article).read_text()
    assert key.removeprefix("Bearer ") not in text and text.count("[scrubbed]") == around.count("{}")


@pytest.mark.parametrize(("depth", "stored_as"), [(100, "arguments"), (101, "arguments_text")])
def test_arguments_are_json_up_to_a_hundred_levels(article: Path, serve: Serve, depth: int, stored_as: str) -> None:
    text = '{"actions": ' + "[" * (depth - 1) + "]" * (depth - 1) + "}"
    record(article, serve(lambda _: text), reasks=0)
    (call,) = json.loads(recording(article).read_text())["attempts"][0]["tool_calls"]
    assert [name for name in ("arguments", "arguments_text") if call.get(name)] == [stored_as]


@pytest.mark.parametrize("key", ["token-12", "abc123-x", "lettersOfBothCases", "correct-horse-battery-staple"])
def test_a_key_that_looks_like_none_is_scrubbed_too(
    article: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("EXTRACT_API_KEY", key)
    record(article, serve(lambda _: answer(actions=[GOOD["actions"][0] | {"reason": f"It is {key}."}])), reasks=0)
    assert key not in recording(article).read_text()


@pytest.mark.parametrize("key", ["anything", "not-needed", "ollama", "none"])
def test_a_dummy_key_takes_no_word_out(article: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("EXTRACT_API_KEY", key)
    record(article, serve(lambda _: answer(actions=[GOOD["actions"][0] | {"reason": f"It is {key}."}])), reasks=0)
    assert f"It is {key}." in recording(article).read_text()


def test_arguments_that_are_no_plain_json_are_kept_letter_for_letter(article: Path, serve: Serve) -> None:
    for text in ('{"actions": [', '{"a": 1, "a": 2}', '{"a": NaN}', '{"a": "\\ud800"}', "[]"):
        record(article, serve(lambda _, text=text: text), reasks=0)
        stored = json.loads(recording(article).read_text())
        assert stored["attempts"][0]["tool_calls"][0]["arguments_text"] == text


def test_auto_asks_only_for_what_is_not_recorded(article: Path, serve: Serve) -> None:
    service = serve(lambda _: GOOD)
    record(article, service, mode="auto")
    record(article, service, mode="auto")
    assert len(service.requests) == 1
    article.write_text(TEXT + " It was raining.", encoding="utf-8")
    record(article, service, mode="auto")
    assert len(service.requests) == 2


def test_a_finished_answer_is_not_paid_twice_when_its_re_ask_fails(article: Path, serve: Serve) -> None:
    service = serve(
        lambda body: UNGROUNDED if len(body["messages"]) == 2 else (503, {}, {"error": {"message": "busy"}})
    )
    first = record(article, service, mode="auto", attempts=1)
    assert [item.failure.kind for item in first.failed if item.failure] == ["provider_unreachable"]
    service.answer = lambda _: GOOD
    second = record(article, service, mode="auto", attempts=1)
    assert second.actions[0].count == 4
    assert [len(body["messages"]) for body in service.requests] == [2, 4, 4]


def test_recorded_answers_need_no_key(article: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", "x" * 20)
    service = serve(lambda _: GOOD)
    record(article, service, model="deepseek/some-model")
    monkeypatch.delenv("DEEPSEEK_API_KEY")
    assert record(article, service, model="deepseek/some-model", mode="auto").actions
    with pytest.raises(MissingKey, match="DEEPSEEK_API_KEY"):
        record(article, service, model="deepseek/some-model", mode="record")


def test_the_recorded_model_is_replayed_when_none_is_named(article: Path, serve: Serve, extract: Extract) -> None:
    record(article, serve(lambda _: GOOD))
    done = extract(article, "--out", "events.json")
    assert done.code == 0
    assert "No model is named: replayed 1 answer of compatible/test from fixtures" in done.err


def test_two_recorded_models_need_a_choice(article: Path, serve: Serve) -> None:
    service = serve(lambda _: GOOD)
    record(article, service)
    record(article, service, model="compatible/other")
    with pytest.raises(UsageError, match="compatible/other, compatible/test"):
        extract(article, fixtures=article.parent / "fixtures")
    assert extract(article, fixtures=article.parent / "fixtures", model="compatible/other", mode="replay").actions


def change_prompt(folder: Path) -> list[str]:
    prompts = shutil.copytree(ROOT / "prompts", folder / "prompts")
    system = prompts / "system.md"
    system.write_text(system.read_text().replace("carefully", "care", 1).replace("Null", "None", 1))
    return ["--prompts", str(prompts)]


def change_reask(folder: Path) -> list[str]:
    prompts = shutil.copytree(ROOT / "prompts", folder / "prompts")
    reask = prompts / "reask.md"
    reask.write_text(reask.read_text().replace("corrected", "mended"))
    return ["--prompts", str(prompts)]


def change_article(folder: Path) -> list[str]:
    (folder / "envoys.txt").write_text(TEXT.replace("four", "five"), encoding="utf-8")
    return []


def change_model(folder: Path) -> list[str]:
    return ["--model", "compatible/other"]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (change_prompt, "the prompt has changed"),
        (change_reask, "the prompt has changed"),
        (change_article, "the article has changed"),
        (change_model, "the model has changed"),
    ],
)
def test_a_miss_names_article_part_nearest_recording_and_command(
    article: Path, serve: Serve, extract: Extract, change: Callable[[Path], list[str]], part: str
) -> None:
    record(article, serve(lambda _: GOOD))
    done = extract(article, "--replay", "--out", "events.json", *change(article.parent))
    assert done.code == 3
    assert "envoys.txt" in done.err and part in done.err
    assert str(Path("fixtures", "compatible", "test")) in done.err
    command = r"extract \S*envoys\.txt --record --model compatible/(test|other) --base-url URL"
    assert re.search(command + r"( --prompts \S+)? --fixtures fixtures", done.err)
    assert not (article.parent / "events.json").exists()


@pytest.mark.parametrize("part", ["schema", "parameters"])
def test_a_miss_knows_the_schema_and_the_parameters_apart(
    article: Path, serve: Serve, extract: Extract, part: str
) -> None:
    record(article, serve(lambda _: GOOD))
    path = recording(article)
    stored = json.loads(path.read_text())
    stored["parts"][part] = "0" * 16
    path.write_text(json.dumps(stored))
    done = extract(article, "--replay")
    assert done.code == 3
    verb = "have" if part == "parameters" else "has"
    assert f"the {part} {verb} changed since" in done.err
    assert ("Give the options that it was recorded with" in done.err) == (part == "parameters")


def test_a_miss_without_any_recording_of_the_article_says_so(article: Path, serve: Serve, extract: Extract) -> None:
    record(article, serve(lambda _: GOOD))
    (article.parent / "other.txt").write_text("Something else altogether.", encoding="utf-8")
    done = extract("other.txt", "--replay")
    assert done.code == 3
    assert "other.txt: no recording is of this article. (fixtures)" in done.err


def test_a_re_ask_that_the_recording_does_not_answer_is_a_miss(article: Path, serve: Serve, extract: Extract) -> None:
    record(article, serve(lambda _: UNGROUNDED), reasks=0)
    done = extract(article, "--replay")
    assert done.code == 3
    assert "the checks now find actions/0/count: not_in_evidence" in done.err


def test_replay_opens_no_connection(tmp_path: Path) -> None:
    # Binding is not watched: a library probes for IPv6 by it when it is imported.
    program = """
import sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise SystemExit(f"{event} {arguments}")
sys.addaudithook(watch)
from extractor.cli import main
sys.argv[0] = "extract"
main()
"""
    command = [
        sys.executable,
        "-c",
        program,
        str(SEEDS),
        "--replay",
        "--fixtures",
        str(FIXTURES),
        "--out",
        "events.json",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "events.json").exists()


def test_the_projects_recordings_answer_the_seeds(tmp_path: Path) -> None:
    result = extract(SEEDS, mode="replay", fixtures=FIXTURES)
    assert [item.outcome for item in result.articles] == ["done"] * 5
    assert result.model.name == "compatible/claude"
    for kind in (result.actions, result.sanctions, result.statements):
        assert {record.article for record in kind} == {item.id for item in result.articles}


def test_no_recording_names_this_machine() -> None:
    for path in FIXTURES.rglob("*.json"):
        text = path.read_text()
        assert str(ROOT) not in text and "127.0.0.1" not in text and os.path.expanduser("~") not in text


def test_another_prompt_s_answer_does_not_take_a_recording_s_place(article: Path, serve: Serve, tmp_path: Path) -> None:
    service = serve(lambda _: GOOD)
    record(article, service)
    first = recording(article)
    before = first.read_bytes()
    prompts = shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    (prompts / "system.md").write_text("Another prompt.")
    record(article, service, mode="auto", prompts=prompts)
    assert first.read_bytes() == before
    assert len(list(first.parent.iterdir())) == 2
    for options in ({}, {"prompts": prompts}):
        assert extract(article, mode="replay", fixtures=tmp_path / "fixtures", **options).actions
    assert len(service.requests) == 2


def test_an_answer_that_is_none_takes_no_answer_s_place(article: Path, serve: Serve) -> None:
    service = serve(lambda _: GOOD)
    record(article, service)
    before = recording(article).read_bytes()
    service.answer = lambda _: '{"actions": ['
    assert record(article, service, reasks=0).failed
    assert recording(article).read_bytes() == before


def test_an_answer_that_is_none_takes_no_other_prompt_s_place(article: Path, serve: Serve, tmp_path: Path) -> None:
    service = serve(lambda _: GOOD)
    record(article, service)
    before = recording(article).read_bytes()
    path = recording(article)
    prompts = shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    (prompts / "system.md").write_text("Another prompt.")
    service.answer = lambda _: '{"actions": ['
    assert record(article, service, reasks=0, prompts=prompts).failed
    assert path.read_bytes() == before


def test_a_recorded_answer_that_is_none_is_asked_for_again(article: Path, serve: Serve) -> None:
    service = serve(lambda _: '{"actions": [')
    assert record(article, service, reasks=0).failed
    assert extract(article, mode="replay", fixtures=article.parent / "fixtures", reasks=0).failed
    service.answer = lambda _: GOOD
    assert record(article, service, mode="auto", reasks=0).actions
    assert len(service.requests) == 2
    assert extract(article, mode="replay", fixtures=article.parent / "fixtures").actions


def test_a_renamed_article_is_replayed(article: Path, serve: Serve) -> None:
    recorded = record(article, serve(lambda _: GOOD))
    renamed = article.rename(article.with_name("guardian.txt"))
    assert extract(renamed, mode="replay", fixtures=article.parent / "fixtures").records == recorded.records


def test_a_miss_looks_first_at_the_recordings_of_its_model(article: Path, serve: Serve, tmp_path: Path) -> None:
    service = serve(lambda _: GOOD)
    prompts = shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    record(article, service, prompts=prompts, model="compatible/a")
    record(article, service, model="compatible/b")
    (prompts / "system.md").write_text("Another prompt.")
    missed = extract_failures(article, model="compatible/b", prompts=prompts)
    assert "the prompt has changed" in missed
    assert f"--prompts {prompts}" in missed


def extract_failures(article: Path, **options: Any) -> str:
    """What a replay says of the one article that it cannot do."""
    settings = Options(mode=Mode.REPLAY, fixtures=article.parent / "fixtures", **options)
    [(_, error)] = asyncio.run(run([article], settings)).errors
    return f"{error} {error.advice}"


def test_a_good_answer_behind_a_bad_one_is_recorded_with_it(article: Path, serve: Serve) -> None:
    service = serve(lambda _: GOOD)
    record(article, service)
    answers = iter(['{"actions": [', GOOD])
    service.answer = lambda _: next(answers)
    again = record(article, service)
    stored = json.loads(recording(article).read_text())
    assert len(stored["attempts"]) == 2
    assert extract(article, mode="replay", fixtures=article.parent / "fixtures").records == again.records


@pytest.mark.parametrize("depth", [50, 150, 400])
def test_an_answer_nested_deep_is_replayed_as_it_was(article: Path, serve: Serve, depth: int) -> None:
    deep = json.dumps(GOOD)[:-1] + ', "deep": ' + "[" * depth + "]" * depth + "}"
    recorded = record(article, serve(lambda _: deep), reasks=0)
    replayed = extract(article, mode="replay", fixtures=article.parent / "fixtures", reasks=0)
    assert replayed.records == recorded.records
    assert [item.failure for item in replayed.articles] == [item.failure for item in recorded.articles]


def test_half_a_character_beside_an_answer_costs_nothing(article: Path, serve: Serve) -> None:
    def say(body: dict[str, Any]) -> Any:
        response = chat_completion(body, GOOD)
        response["choices"][0]["message"]["content"] = "note \ud83d"
        return 200, {}, response

    recorded = record(article, serve(say))
    assert recorded.actions
    assert extract(article, mode="replay", fixtures=article.parent / "fixtures").records == recorded.records
