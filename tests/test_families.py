"""Every provider of the table through the command: one answer in many envelopes, and keys that show nowhere."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import extractor
from extractor.errors import MissingKey, ReplayMiss, UsageError
from extractor.planning import plan
from extractor.providers.table import PROVIDERS
from extractor.runner import Options
from extractor.schema.output import ExtractionResult

from .conftest import FIXTURES, SEEDS, Finished, action, actor, answer
from .services import LoopbackService, Says, Sent, anthropic_body, chat_body, gemini_body, responses_body

Extract = Callable[..., Finished]
KEY = "sk-canary-5f0c1d7e9ab24c68"
TEXT = "Arvania expelled four Belland envoys on Monday.\n"
GOOD = json.dumps(
    answer(actions=[action(TEXT.strip(), actors=[actor("Arvania")], targets=[actor("Belland")], count=4)])
)


def envelope(provider: str, said: str) -> Any:
    """An answer as the provider's API gives it."""
    row = PROVIDERS[provider]
    match row.api:
        case "responses":
            return responses_body(said)
        case "anthropic":
            return anthropic_body(said)
        case "google":
            return gemini_body(said)
        case _:
            return chat_body(said, in_text=row.structured == "json-schema")


def key_sent(request: Sent) -> str:
    named = (request.headers.get(name) for name in ("authorization", "x-api-key", "x-goog-api-key"))
    return next(value for value in named if value).removeprefix("Bearer ")


def asked_by(request: Sent) -> tuple[str, str]:
    """The path of a request, and what it holds the answer by."""
    body = request.body
    if "text" in body or "response_format" in body:
        held = body.get("text", {}).get("format") or body["response_format"]["json_schema"]
        assert held["strict"] is True
        return request.path, "json-schema"
    if "generationConfig" in body:
        assert "responseJsonSchema" in body["generationConfig"]
        return request.path, "json-schema"
    return request.path, "tools" if body["tools"] else ""


PATHS = {
    "chat": "/chat/completions",
    "responses": "/responses",
    "anthropic": "/v1/messages",
    "google": "/v1beta/models/m:generateContent",
}


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "envoys.txt").write_text(TEXT, encoding="utf-8")
    return folder


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider_is_asked_in_its_own_way_and_its_answer_replayed_without_it(
    news: Path, extract: Extract, provider: str
) -> None:
    row = PROVIDERS[provider]
    with LoopbackService(lambda _: envelope(provider, GOOD)) as service:
        named = ("--model", f"{provider}/m", "--base-url", f"{service.url}/")
        done = extract("news", *named, "--record", "--out", "events.json", **{row.key_variable: KEY})
    assert done.code == 0, done.err
    (request,) = service.sent
    assert asked_by(request) == (PATHS[row.api], row.structured)
    assert key_sent(request) == KEY
    written = json.loads((news.parent / "events.json").read_text())
    assert [record["count"] for record in written["records"]] == [4]
    (call,) = [article["calls"] for article in written["articles"]]
    assert (call["requests"], call["usage"]) == (1, {"input_tokens": 100, "output_tokens": 20})
    (recording,) = (news.parent / "fixtures" / provider / "m").glob("envoys.*.json")
    assert KEY not in recording.read_text()
    replayed = extractor.extract(news, mode="replay", model=f"{provider}/m", fixtures=news.parent / "fixtures")
    assert without_calls(replayed) == without_calls(ExtractionResult.model_validate(written))


def test_deepseek_is_told_not_to_think_first_as_it_then_refuses_a_forced_call(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEEPSEEK_API_KEY", KEY)
    with LoopbackService(lambda _: envelope("deepseek", GOOD)) as service:
        shared: Any = {"model": "deepseek/m", "base_url": service.url, "fixtures": news.parent / "fixtures"}
        assert extractor.extract(news, temperature=0.5, **shared).actions
    body = service.sent[0].body
    assert body["thinking"] == {"type": "disabled"} and body["temperature"] == 0.5
    assert body["tool_choice"]["function"]["name"] == body["tools"][0]["function"]["name"]


def test_an_azure_address_of_the_old_kind_is_told_what_the_new_kind_looks_like(news: Path, extract: Extract) -> None:
    named = ("news", "--model", "azure/mine", "--dry-run")
    old = extract(*named, "--base-url", "https://x.openai.azure.com/openai/deployments/mine?api-version=2024-10-21")
    none = extract(*named)
    for done in (old, none):
        assert done.code == 2 and "such as https://NAME.openai.azure.com/openai/v1" in done.err
    assert extract(*named, "--base-url", "https://x.openai.azure.com/openai/v1/").code == 0


def without_calls(result: ExtractionResult) -> Any:
    """The output but for the model's name, and for the accounts, which say where the answers came from."""
    content = result.model_dump(mode="json", exclude={"model": {"name"}})
    for article in content["articles"]:
        del article["calls"]
    return content


def recorded_answers() -> dict[str, str]:
    """What the recorded model said of each seed, by a line of its text."""
    found = {}
    for seed in sorted(SEEDS.glob("*.txt")):
        (path,) = FIXTURES.glob(f"compatible/claude/{seed.stem}.*.json")
        (attempt,) = json.loads(path.read_text(encoding="utf-8"))["attempts"]
        arguments = attempt["tool_calls"][0]["arguments"]
        text = seed.read_text(encoding="utf-8")
        longest = max(text.splitlines(), key=len)
        found[longest] = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return found


@pytest.mark.parametrize("provider", ["openai-chat", "deepseek", "openai", "anthropic", "google"])
def test_one_answer_in_any_envelope_gives_the_same_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    answers = recorded_answers()
    assert len(answers) == 5
    monkeypatch.setenv(PROVIDERS[provider].key_variable, KEY)

    def say(request: Sent) -> Any:
        told = json.dumps(request.body, ensure_ascii=False)
        (said,) = [said for line, said in answers.items() if json.dumps(line, ensure_ascii=False)[1:-1] in told]
        return envelope(provider, said)

    with LoopbackService(say) as service:
        live = extractor.extract(
            SEEDS, model=f"{provider}/m", base_url=service.url, fixtures=tmp_path / "fixtures", concurrency=3
        )
    replayed = extractor.extract(SEEDS, mode="replay", model="compatible/claude", fixtures=FIXTURES)
    assert len(service.sent) == 5 and len(live.records) == 79 and live.events
    assert json.dumps(without_calls(live)) == json.dumps(without_calls(replayed))


# --- parameters ---

GIVEN = {"temperature": 0.0, "seed": 7, "max_tokens": 500, "reasoning_effort": "low"}


@pytest.mark.parametrize("provider", ["openai", "openai-chat", "anthropic", "google", "deepseek", "compatible"])
def test_parameters_reach_the_service_and_are_what_a_recording_answers_to(
    news: Path, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    row = PROVIDERS[provider]
    monkeypatch.setenv(row.key_variable, KEY)
    taken: Any = {name: value for name, value in GIVEN.items() if name in row.parameters}
    shared: Any = {"model": f"{provider}/m", "fixtures": news.parent / "fixtures"}
    with LoopbackService(lambda _: envelope(provider, GOOD)) as service:
        assert extractor.extract(news, mode="record", base_url=service.url, **shared, **taken).actions
    sent = json.dumps(service.sent[0].body)
    assert all(str(value) in sent.replace("LOW", "low") for value in taken.values())
    assert extractor.extract(news, mode="replay", **shared, **taken).actions
    (missed,) = extractor.extract(news, mode="replay", **shared).failed
    assert missed.failure is not None and missed.failure.kind == ReplayMiss.kind
    for name in GIVEN.keys() - taken.keys():
        other: Any = {name: GIVEN[name]}
        with pytest.raises(UsageError, match=f"{provider} takes no --{name.replace('_', '-')}"):
            extractor.extract(news, mode="record", base_url=service.url, **shared, **other)
    assert len(service.sent) == 1


# --- keys ---


@pytest.mark.parametrize("provider", ["openai", "openai-chat", "anthropic", "google"])
@pytest.mark.parametrize("way", ["environment", "file", "file of names"])
def test_a_key_shows_in_nothing_that_is_written_or_printed(
    news: Path, extract: Extract, provider: str, way: str
) -> None:
    (news / "second.txt").write_text(f"{TEXT} It was raining.\n", encoding="utf-8")
    variable = PROVIDERS[provider].key_variable
    given, secret = {}, news.parent / "secret"
    if way == "environment":
        given = {variable: KEY}
    else:
        secret.write_text(KEY if way == "file" else f"OTHER_KEY=x\n{variable}={KEY}\n")
    leaking = answer(actions=[action(TEXT.strip(), actors=[actor("Arvania")], targets=[actor("Belland")], reason=KEY)])

    def say(request: Sent) -> Any:
        if len(service.sent) % 3 == 1:
            error = {"error": {"message": f"The key {KEY} is overworked: {request.headers}", "type": KEY, "code": 500}}
            return Says(error, 500, {"retry-after": "0", "x-key": KEY})
        return envelope(provider, json.dumps(leaking))

    named = ("--model", f"{provider}/m", "--key-file", secret) if way != "environment" else ("--model", f"{provider}/m")
    with LoopbackService(say) as service:
        options = ("--base-url", service.url, "--backoff", "0", "--out", "events.json", "--reasks", "0")
        done = extract("news", *named, *options, OPENAI_LOG="debug", ANTHROPIC_LOG="debug", **given)
        refused = LoopbackService(lambda _: Says({"error": {"message": f"Incorrect key {KEY}", "type": "x"}}, 401))
        with refused:
            no = extract("news", *named, "--base-url", refused.url, "--record", "--out", "no.json", **given)
    assert all(key_sent(request) == KEY for request in service.sent), "the key never got there"
    assert done.code == 0 and len(service.sent) >= 3
    assert no.code == 5 and "Incorrect key" in no.err
    for path in [path for path in news.parent.rglob("*") if path.is_file() and path != secret]:
        assert KEY.encode() not in path.read_bytes(), path
    assert KEY not in done.out + done.err + no.out + no.err


@pytest.mark.parametrize("provider", [name for name, row in PROVIDERS.items() if row.key_needed])
def test_a_missing_key_is_named_and_nothing_is_sent(news: Path, monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    monkeypatch.delenv(PROVIDERS[provider].key_variable, raising=False)
    with LoopbackService(lambda _: "") as service, pytest.raises(MissingKey, match=PROVIDERS[provider].key_variable):
        extractor.extract(news, mode="record", model=f"{provider}/m", base_url=service.url, fixtures=news / "fixtures")
    assert service.sent == []


def test_a_provider_whose_package_is_missing_says_how_to_get_it(news: Path, extract: Extract) -> None:
    hook = news.parent / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'anthropic': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Missing())\n"
    )
    done = extract("news", "--model", "anthropic/m", "--record", ANTHROPIC_API_KEY=KEY, PYTHONPATH=str(hook))
    assert done.code == 2 and "pip install 'event-extractor[anthropic]'" in done.err and "Traceback" not in done.err


# --- what can be known before anything is sent ---


def test_the_list_of_providers_fits_a_terminal_and_shows_no_key(extract: Extract) -> None:
    done = extract("models", COLUMNS="80", MISTRAL_API_KEY=KEY)
    lines = done.out.splitlines()
    assert done.code == 0 and KEY not in done.out and all(len(line) <= 80 for line in lines)
    for name, row in PROVIDERS.items():
        first = next(number for number, line in enumerate(lines) if re.match(rf"{name} +{row.key_variable} ", line))
        assert (row.base_url or "--base-url") in lines[first]
        assert f"{name}/{row.example}" in lines[first + 1]
        assert (" yes " in lines[first + 1]) == (name == "mistral")


def test_a_dry_run_tells_requests_and_cost_and_sends_nothing(news: Path, extract: Extract) -> None:
    with LoopbackService(lambda _: envelope("compatible", GOOD)) as service:
        named = ("--model", "compatible/m", "--base-url", service.url)
        dry = extract("news", *named, "--dry-run")
        assert (dry.code, service.sent) == (0, []) and "unknown" in dry.out and "Nothing was sent" in dry.out
        assert extract("news", *named).code == 0
        again = extract("news", *named, "--dry-run", "--price", "1/2")
    assert len(service.sent) == 1 and "$0.0000" in again.out
    priced = extract("news", "--model", "openai/gpt-5-mini", "--dry-run", "--out", "never.json")
    assert priced.code == 0 and re.search(r"1 article +0 +1 +[\d,]+ +[\d,]+ +\$0\.0[01]\d\d", priced.out)
    assert not (news.parent / "never.json").exists()


def test_a_plan_counts_the_parts_of_a_long_article_and_its_price(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("\n\n".join(f"{TEXT.strip()} This is report {n}." for n in range(200)))
    fixtures = tmp_path / "fixtures"
    whole = Options(model="openai/gpt-5-mini", fixtures=fixtures, price="1/2", max_chars=100_000)
    parts = Options(model="openai/gpt-5-mini", fixtures=fixtures, price="1/2", max_chars=5_000)
    one, many = (asyncio.run(plan([tmp_path], options)).total for options in (whole, parts))
    assert one.requests == 1 and many.requests == 3
    for total in (one, many):
        assert total.cost is not None
        assert float(total.cost) == pytest.approx((total.input_tokens + 2 * total.output_tokens) / 1e6)
    local = Options(model="ollama/m", fixtures=fixtures)
    assert asyncio.run(plan([tmp_path], local)).total.cost == 0
