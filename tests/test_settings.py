"""Settings of a folder: what they may say, what goes over them, and that no help waits for them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractor.errors import UsageError
from extractor.settings import load_settings

from .conftest import Finished, Service, action, actor, answer

Extract = Callable[..., Finished]
Serve = Callable[[Callable[[dict[str, Any]], Any]], Service]

KINDS: dict[str, type] = {"model": str, "base_url": str, "replay": bool, "concurrency": int, "timeout": float}
EVIDENCE = "Britain expelled two Norvanian diplomats"
CLAIM = action(
    EVIDENCE,
    actors=[actor("Britain", country="United Kingdom")],
    targets=[actor("Norvanian diplomats", kind="person")],
)


@pytest.fixture
def service(serve: Serve, tmp_path: Path) -> Service:
    (tmp_path / "a.txt").write_text(f"LONDON, January 3, 2017 - {EVIDENCE}.\n")
    return serve(lambda _: answer(actions=[CLAIM]))


# --- reading them ---


def test_a_folder_without_settings_has_none(tmp_path: Path) -> None:
    assert load_settings(tmp_path, KINDS).values == {}


def test_settings_are_found_by_either_spelling_in_either_file(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\n[tool.extract]\nbase-url = "http://x"\n')
    settings = load_settings(tmp_path, KINDS)
    assert settings.values == {"base_url": "http://x"}
    assert settings.file == tmp_path / "pyproject.toml"
    (tmp_path / "extract.toml").write_text("replay = true\nconcurrency = 3\ntimeout = 5\n")
    assert load_settings(tmp_path, KINDS).values == {"replay": True, "concurrency": 3, "timeout": 5}


@pytest.mark.parametrize(
    ("file", "text", "parts"),
    [
        ("extract.toml", "concurrency = ", ["Cannot read"]),
        ("extract.toml", "\udcff", ["Cannot read"]),
        ("extract.toml", "colour = 1", ["colour", "no option", "base_url, concurrency, model"]),
        ("extract.toml", 'concurrency = "many"', ["concurrency", "a whole number", "'many'"]),
        ("extract.toml", "concurrency = 2.5", ["concurrency", "a whole number"]),
        ("extract.toml", "concurrency = true", ["concurrency", "a whole number"]),
        ("extract.toml", 'timeout = "long"', ["timeout", "a number"]),
        ("extract.toml", "replay = 1", ["replay", "true or false"]),
        ("extract.toml", "model = 5", ["model", "a text"]),
        ("extract.toml", "model = ['a', 'b']", ["model", "a text"]),
        ("extract.toml", "[model]\nname = 1", ["model", "a text"]),
        ("pyproject.toml", '[tool]\nextract = "x"', ["extract", "table"]),
        ("pyproject.toml", 'tool = "x"', ["tool", "table"]),
        ("pyproject.toml", "[[tool.extract]]\nmodel = 'x'", ["extract", "table"]),
    ],
)
def test_settings_that_are_wrong_name_their_file(tmp_path: Path, file: str, text: str, parts: list[str]) -> None:
    (tmp_path / file).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError) as refusal:
        load_settings(tmp_path, KINDS)
    told = f"{refusal.value.message} {refusal.value.advice}"
    for part in (str(tmp_path / file), *parts):
        assert part in told


# --- what the command makes of them ---


def test_the_file_serves_flags_and_values_of_every_command(extract: Extract, service: Service, tmp_path: Path) -> None:
    settings = (
        f'model = "compatible/file"\nbase_url = "{service.url}"\nfixtures = "kept"\nquiet = true\nout = "e.json"\n'
    )
    (tmp_path / "extract.toml").write_text(settings)
    assert extract("a.txt") == Finished(0, "", "")
    assert json.loads((tmp_path / "e.json").read_bytes())["model"]["name"] == "compatible/file"
    assert "compatible/file" in extract("fixtures").out
    assert "compatible/file" in extract("fixtures", EXTRACT_FIXTURES="").out
    assert "elsewhere holds no recordings" in plain(extract("fixtures", EXTRACT_FIXTURES="elsewhere"))
    assert "nowhere holds no recordings" in plain(extract("fixtures", "nowhere"))


def plain(done: Finished) -> str:
    return " ".join((done.out + done.err).split())


def test_the_environment_and_flags_go_over_the_file(extract: Extract, service: Service, tmp_path: Path) -> None:
    (tmp_path / "extract.toml").write_text(f'model = "compatible/file"\nbase_url = "{service.url}"\n')
    assert extract("a.txt", EXTRACT_MODEL="compatible/env").code == 0
    assert extract("a.txt", "--model", "compatible/flag", EXTRACT_MODEL="compatible/env").code == 0
    assert [body["model"] for body in service.requests] == ["env", "flag"]


def test_replay_or_record_on_the_command_line_goes_over_the_other_in_the_file(
    extract: Extract, service: Service, tmp_path: Path
) -> None:
    model = f'model = "compatible/file"\nbase_url = "{service.url}"\n'
    (tmp_path / "extract.toml").write_text(f"{model}replay = true\n")
    missed = extract("a.txt")
    assert (missed.code, service.requests) == (3, [])
    assert extract("a.txt", "--record").code == 0
    assert len(service.requests) == 1
    both = extract("a.txt", "--record", "--replay")
    assert (both.code, len(service.requests)) == (2, 1)
    (tmp_path / "extract.toml").write_text(f"{model}record = true\n")
    assert extract("a.txt", "--replay").code == 0
    assert len(service.requests) == 1


def test_replay_and_record_in_the_file_exclude_each_other(extract: Extract, service: Service, tmp_path: Path) -> None:
    (tmp_path / "extract.toml").write_text("replay = true\nrecord = true\n")
    done = extract("a.txt")
    assert done.code == 2
    assert "exclude each other" in done.err


@pytest.mark.parametrize(
    "text",
    ['concurrency = "many"', "concurrency = 0", "replay = 3", "colour = 1", "[out]"],
)
def test_a_wrong_setting_is_told_with_its_file_and_name(
    extract: Extract, service: Service, tmp_path: Path, text: str
) -> None:
    (tmp_path / "extract.toml").write_text(f"{text}\n")
    done = extract("a.txt", "--model", "compatible/test")
    assert done.code == 2
    assert "Traceback" not in done.err
    assert text.split(maxsplit=1)[0].strip("[]") in done.err
    assert "extract.toml" in done.err
    assert service.requests == []


def test_broken_settings_stop_nothing_that_needs_none(extract: Extract, tmp_path: Path) -> None:
    whole = [extract("--help"), extract("fixtures", "--help")]
    (tmp_path / "extract.toml").write_text("broken [")
    assert [extract("--help"), extract("fixtures", "--help")] == whole
    assert extract("--version").code == 0
    assert json.loads(extract("schema").out)
    shown = extract("show", "nowhere.json")
    assert (shown.code, "extract.toml" in shown.err) == (2, False)
    assert "extract.toml" in extract("fixtures").err
    asked = {"_EXTRACT_COMPLETE": "complete_bash", "COMP_WORDS": "extract news --conc", "COMP_CWORD": "2"}
    script = Path(sys.executable).parent / "extract"
    completed = subprocess.run(
        [script], cwd=tmp_path, env={**os.environ, **asked}, capture_output=True, text=True, timeout=120, check=False
    )
    assert (completed.stdout.strip(), completed.stderr) == ("--concurrency", "")
