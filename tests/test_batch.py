"""Batches end to end: rounds of files against a service on loopback, until nothing is left to ask."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from extractor.writers import read_json

from .batch_services import AnthropicHouse, BatchHouse, GoogleHouse, Json, OpenAIHouse
from .conftest import Finished, action, actor, answer
from .services import anthropic_body, chat_body, gemini_body, responses_body

Here = Callable[..., Finished]

SOUND = "Arvania expelled four Belland envoys on Monday."
TEXTS = {
    "one.txt": f"{SOUND} Belland said nothing.",
    "two.txt": f"{SOUND} Norland was silent, too.",
    "three.txt": f"{SOUND} Nobody else spoke.",
}
EXPULSION = action(
    SOUND, actors=[actor("Arvania")], targets=[actor("Belland envoys", kind="group")], count=4, date_text="on Monday"
)
INVENTED = EXPULSION | {"evidence": ["Arvania expelled everybody."]}
KEY = "sk-the-key-of-the-tester-0123456789"


@dataclass(frozen=True)
class Vendor:
    """A provider's batch API: its service on loopback, its model's name, its key's variable, and an answer's body."""

    house: type[BatchHouse]
    model: str
    variable: str
    body: Callable[..., Json]
    filtered: Json = field(default_factory=dict)


VENDORS = {
    "openai": Vendor(OpenAIHouse, "openai/gpt-5-mini", "OPENAI_API_KEY", responses_body),
    "openai-chat": Vendor(OpenAIHouse, "openai-chat/gpt-5-mini", "OPENAI_API_KEY", chat_body),
    "anthropic": Vendor(AnthropicHouse, "anthropic/claude-haiku-4-5", "ANTHROPIC_API_KEY", anthropic_body),
    "google": Vendor(GoogleHouse, "google/gemini-3.5-flash-lite", "GEMINI_API_KEY", gemini_body),
}


@dataclass
class Asked:
    """How the model answers, by article: each article's answers, the first to the first request and so on."""

    vendor: Vendor
    answers: dict[str, list[Any]]

    def __call__(self, body: Json) -> tuple[int, Any]:
        said = json.dumps(body, ensure_ascii=False)
        name = next(name for name, text in TEXTS.items() if text.split(". ")[1] in said)
        # A re-ask repeats the answer that did not hold up.
        given = self.answers[name]["Arvania expelled everybody" in said]
        return given if isinstance(given, tuple) else (200, self.vendor.body(json.dumps(given)))


@dataclass
class Desk:
    """A tester's folder with articles, and the command as it is used there."""

    folder: Path
    vendor: Vendor
    house: BatchHouse
    extract: Here

    def export(self, name: str, *options: str) -> Finished:
        given = ("--model", self.vendor.model, "--base-url", self.house.url, "--fixtures", str(self.fixtures))
        return self.extract("batch", "export", self.articles, "--out", self.folder / name, *given, *options)

    def on(self, command: str, name: str, *more: str | Path) -> Finished:
        return self.extract("batch", command, self.folder / name, *more)

    def run(self, out: str, *options: str, fixtures: Path | None = None) -> Finished:
        given = ("--model", self.vendor.model, "--fixtures", str(fixtures or self.fixtures), "--quiet")
        return self.extract(self.articles, "--out", self.folder / out, *given, *options)

    def round(self, name: str, *options: str) -> Finished:
        """Export, submit, have all answered, import."""
        assert self.export(name, *options).code == 0
        assert self.on("submit", name).code == 0
        self.house.end()
        return self.on("import", name)

    def manifest(self, name: str) -> Json:
        return dict(json.loads((self.folder / name / "manifest.json").read_bytes()))

    def lines(self, name: str) -> list[Json]:
        files = sorted((self.folder / name).glob("requests-*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]

    def recordings(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in sorted(self.fixtures.glob("*/*/*.json"))}

    @property
    def articles(self) -> Path:
        return self.folder / "articles"

    @property
    def fixtures(self) -> Path:
        return self.folder / "recorded"


Open = Callable[..., Desk]


@pytest.fixture
def desk(tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    houses: list[BatchHouse] = []
    monkeypatch.chdir(tmp_path)

    def opened(vendor: str = "openai", **answers: list[Any]) -> Desk:
        row = VENDORS[vendor]
        given = {f"{name}.txt": said for name, said in answers.items()} or ALL_SOUND
        house = row.house(Asked(row, given))
        house.__enter__()
        houses.append(house)
        monkeypatch.setenv(row.variable, KEY)
        (tmp_path / "articles").mkdir()
        for name in given:
            (tmp_path / "articles" / name).write_text(TEXTS[name], encoding="utf-8")
        return Desk(tmp_path, row, house, here)

    yield opened
    for house in houses:
        house.__exit__()


ONE = answer(actions=[EXPULSION])
ALL_SOUND: dict[str, list[Any]] = {name: [ONE] for name in TEXTS}
REASKED = {"one": [ONE], "two": [answer(actions=[INVENTED]), ONE]}


def without_calls(path: Path) -> str:
    """An output but for `calls`, which say where the answers came from."""
    assert read_json(path).actions
    result = json.loads(path.read_bytes())
    for article in result["articles"]:
        del article["calls"]
    return json.dumps(result)


@pytest.mark.parametrize("vendor", VENDORS)
def test_rounds_converge_on_what_a_live_run_makes_of_the_same_answers(desk: Open, vendor: str) -> None:
    at = desk(vendor, **REASKED)
    first = at.round("r1")
    assert first.code == 0
    assert "1 call left for the next round" in first.out
    second = at.export("r2")
    assert "1 request (1 re-ask)" in second.err
    assert len(at.lines("r2")) == 1
    assert at.on("submit", "r2").code == 0
    at.house.end()
    assert "Nothing is left to ask" in at.on("import", "r2").out
    third = at.export("r3")
    assert (third.code, third.out) == (0, "")
    assert "Nothing is left to ask" in third.err
    assert not (at.folder / "r3").exists()

    assert at.house.live == []
    assert at.run("batch.json", "--replay").code == 0
    live = at.folder / "live"
    assert at.run("live.json", "--record", "--base-url", at.house.url, fixtures=live).code == 0
    assert len(at.house.live) == 3
    assert without_calls(at.folder / "batch.json") == without_calls(at.folder / "live.json")
    # The recordings are the same bytes, too.
    assert at.recordings() == {file.name: file.read_bytes() for file in live.glob("*/*/*.json")}


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_is_exported_is_what_a_run_sends(desk: Open, vendor: str) -> None:
    at = desk(vendor, **REASKED)
    at.round("r1", "--max-tokens", "4000")
    at.export("r2", "--max-tokens", "4000")
    exported = [next(line[key] for key in ("body", "params", "request") if key in line)
                for name in ("r1", "r2") for line in at.lines(name)]  # fmt: skip
    at.run("x.json", "--record", "--max-tokens", "4000", "--base-url", at.house.url, fixtures=at.folder / "live")
    assert sorted(map(json.dumps, exported)) == sorted(map(json.dumps, at.house.live))
