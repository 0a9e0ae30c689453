"""A second opinion on the wire formats: aimock, which others wrote after the same services' documentation.

It runs where `llmock` is installed: `npm install --global @copilotkit/aimock`.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import extractor
from extractor.providers.table import PROVIDERS
from extractor.schema.output import ExtractionResult

from .conftest import action, actor, answer

SENTENCE = "Arvania expelled 35 Belland envoys on Monday."
ENVOYS = actor("Belland envoys", kind="group")
RIGHT = answer(actions=[action(SENTENCE, actors=[actor("Arvania")], targets=[ENVOYS], count=35)])
CALL = {"name": "Extraction", "arguments": RIGHT}
COUNTED = {"usage": {"prompt_tokens": 1000, "completion_tokens": 200}}
# Under each article's name, what is said of it: by a service that calls functions, and by one that answers in JSON.
SAID: dict[str, tuple[Any, Any]] = {
    "right": ({"toolCalls": [CALL], **COUNTED}, {"content": RIGHT, **COUNTED}),
    "words": ({"content": "It tells of one.", **COUNTED},) * 2,
    "length": ({"content": '{"actions": [', "finishReason": "length", **COUNTED},) * 2,
    "busy": ({"error": {"message": "Busy.", "type": "rate_limit_error"}, "status": 429, "retryAfter": 0},) * 2,
    "down": ({"error": {"message": "Down.", "type": "server_error"}, "status": 503},) * 2,
    "no": ({"error": {"message": "No.", "type": "invalid_request_error"}, "status": 400},) * 2,
}
KINDS = {
    "right": None,
    "words": "no_call",
    "length": "truncated",
    "busy": "provider_unreachable",
    "down": "provider_unreachable",
    "no": "request_refused",
}
MODELS = {
    "openai": ("gpt-5-mini", "/v1"),
    "openai-chat": ("gpt-5-mini", "/v1"),
    "anthropic": ("claude-haiku-4-5", ""),
    "google": ("gemini-3.5-flash-lite", ""),
    "openrouter": ("m", "/api/v1"),
    "compatible": ("m", "/v1"),
}
# What is said in the words of one protocol alone.
SPECIAL: dict[str, dict[str, tuple[Any, str]]] = {
    "openai-chat": {"filter": ({"content": "I", "finishReason": "content_filter"}, "content_filter")},
    "compatible": {
        "twice": ({"toolCalls": [CALL, CALL]}, "wrong_call"),
        "another": ({"toolCalls": [{**CALL, "name": "publish"}]}, "wrong_call"),
    },
    "anthropic": {"another": ({"toolCalls": [{**CALL, "name": "publish"}]}, "wrong_call")},
    "google": {"filter": ({"content": "I", "finishReason": "content_filter"}, "content_filter")},
    "openrouter": {
        "flagged": (
            {
                "error": {"message": "Flagged.", "metadata": {"reasons": ["violence"], "flagged_input": "expelled"}},
                "status": 403,
            },
            "content_filter",
        )
    },
}

pytestmark = pytest.mark.skipif(shutil.which("llmock") is None, reason="npm's @copilotkit/aimock is not installed")


@pytest.fixture(params=MODELS)
def provider(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name: str = request.param
    monkeypatch.setenv(PROVIDERS[name].key_variable, "sk-canary-5f0c1d7e9ab24c68")
    return name


@pytest.fixture
def address(provider: str, tmp_path: Path) -> Iterator[str]:
    """The address of an aimock that says what is to be said."""
    in_json = PROVIDERS[provider].structured == "json-schema"
    said = {name: pair[in_json] for name, pair in SAID.items()}
    said |= {name: special for name, (special, _) in SPECIAL.get(provider, {}).items()}
    fixtures = [{"match": {"userMessage": f"This is {name}."}, "response": response} for name, response in said.items()]
    (tmp_path / "said.json").write_text(json.dumps({"fixtures": fixtures}), encoding="utf-8")
    command = ["llmock", "--port", "0", "--fixtures", "said.json", "--validate-on-load"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = (re.search(r"http://\S+:\d+", line) for line in process.stdout)
            yield next(match[0] for match in found if match) + MODELS[provider][1]
        finally:
            process.terminate()


def test_what_another_implementation_says_is_understood(provider: str, address: str, tmp_path: Path) -> None:
    kinds = KINDS | {name: kind for name, (_, kind) in SPECIAL.get(provider, {}).items()}
    (tmp_path / "news").mkdir()
    for name in kinds:
        (tmp_path / "news" / f"{name}.txt").write_text(f"{SENTENCE} This is {name}.\n", encoding="utf-8")
    result: ExtractionResult = extractor.extract(
        tmp_path / "news",
        model=f"{provider}/{MODELS[provider][0]}",
        base_url=address,
        fixtures=tmp_path / "fixtures",
        attempts=2,
        backoff=0,
        reasks=0,
    )
    reports = {report.name.removesuffix(".txt"): report for report in result.articles}
    assert {name: report.failure and report.failure.kind for name, report in reports.items()} == kinds
    assert [(record.count, record.actors[0].name) for record in result.actions] == [(35, "Arvania")]
    for name in ("right", "words", "length"):
        usage = reports[name].calls.usage
        assert (usage.input_tokens, usage.output_tokens) == (1000, 200)
    retried = {name for name, kind in kinds.items() if kind == "provider_unreachable"}
    assert {name for name, report in reports.items() if report.calls.requests == 2} == retried
