"""Events on a terminal: `extract show` with --events, --conflicts and --timeline."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import extractor
from extractor.writers import write_json

from .conftest import FIXTURES, SEEDS, Finished

Extract = Callable[..., Finished]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("out") / "events.json"
    write_json(extractor.extract(SEEDS, mode="replay", model="compatible/claude", fixtures=FIXTURES), path)
    return path


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_the_page_on_events_shows_them_as_the_command_does(extract: Extract, output: Path) -> None:
    page = (Path(__file__).parents[1] / "docs" / "events.md").read_text(encoding="utf-8")
    told = re.search(r"--events --status ruled_out\n(.*?)```", page, re.DOTALL)
    conflicts = re.search(r"--conflicts --type action\n(.*?)```", page, re.DOTALL)
    words = re.search(r"cut to two of its seven lines:\n\n```\n(.*?)```", page, re.DOTALL)
    assert told and conflicts and words
    shown = extract("show", output, "--events", "--status", "ruled_out", COLUMNS="80")
    assert shown.code == 0
    assert squeezed(shown.out).startswith(squeezed(told[1]))
    differing = squeezed(extract("show", output, "--conflicts", "--type", "action", COLUMNS="80").out)
    assert differing.startswith(squeezed(conflicts[1]))
    proposed, ruled_out = squeezed(words[1]).split(" ruled out (000)")
    assert proposed.removeprefix("status ") in differing and f"ruled out (000){ruled_out}" in differing


def test_sources_that_differ_stand_side_by_side(extract: Extract, output: Path) -> None:
    shown = squeezed(extract("show", output, "--conflicts", COLUMNS="140").out)
    contradicting, differing = shown.split("The sources tell it differently:")
    assert contradicting.startswith("The sources contradict each other: 1 event departure of 35")
    expulsion = differing[differing.index("expulsion of 35, RUS") :]
    assert expulsion.index("proposed (002)") < expulsion.index(
        "ruled out (004): “Putin: we will not expell US diplomats”"
    )
    sanctions = differing[differing.index("sanctions on 9") :]
    assert "FSB, GRU (001)" in sanctions and "(003); 9 in all" in sanctions


def test_actors_are_shown_with_all_their_names(extract: Extract, output: Path) -> None:
    shown = extract("show", output, "--actors", COLUMNS="160")
    assert shown.code == 0
    lines = [squeezed(line) for line in shown.out.splitlines()]
    assert "Sergey Lavrov RUS person Sergei Lavrov Foreign Minister, foreign minister 3" in lines
    assert any(line.startswith("Russia RUS state Kremlin, Moscow") for line in lines)
    assert "No actor fits" in extract("show", output, "--actors", "--article", "nowhere").out


def test_what_was_ruled_out_is_not_among_what_happened(extract: Extract, output: Path) -> None:
    shown = squeezed(extract("show", output, "--events", "--type", "action", COLUMNS="140").out)
    events = re.split(r"(?=(?:expulsion|closure|departure|facility restriction|meeting visit)[^;]*?evt-\w{12} )", shown)
    ruled_out = [text for text in events if text.startswith("expulsion of 35, RUS → USA evt-")]
    assert len(ruled_out) == 1
    assert "did not happen, as far as told" in ruled_out[0] and "; happened;" not in ruled_out[0]


def test_a_timeline_is_in_order_of_time(extract: Extract, output: Path) -> None:
    lines = extract("show", output, "--timeline", COLUMNS="160").out.splitlines()[1:]
    days = [line.split()[0] for line in lines if re.match(r"\d{4}", line)]
    assert days == sorted(days) and len(days) >= 8
    assert all(line.startswith("no date") for line in lines[len(days) :] if line.strip() and line[0] != " ")
    on_the_29th = [line for line in lines if line.startswith("2016-12-29") and "expulsion" in line]
    assert [re.split(r"  +", line)[1] for line in on_the_29th] == ["announced", "ordered", "carried out"]


def test_statements_are_shown_where_they_are_asked_for(extract: Extract, output: Path) -> None:
    acts = extract("show", output, "--events").out
    said = squeezed(extract("show", output, "--events", "--type", "statement", "--article", "002", COLUMNS="140").out)
    assert "Medvedev" not in acts
    assert "Dmitry Medvedev, criticise:" in said and "death throes" in said and "agony" in said


def test_where_nothing_fits_it_is_said(extract: Extract, output: Path, tmp_path: Path) -> None:
    assert "No event fits" in extract("show", output, "--events", "--article", "nowhere").out
    assert "No event fits" in extract("show", output, "--timeline", "--article", "nowhere").out
    assert "contradict each other: no events" in extract("show", output, "--conflicts", "--article", "002").out
    unknown = extract("show", output, "--events", "--status", "vanished")
    assert unknown.code == 2 and "no status" in unknown.err


def test_a_status_of_another_kind_of_record_is_refused_with_those_of_this_one(extract: Extract, output: Path) -> None:
    done = extract("show", output, "--type", "statement", "--status", "ruled_out")
    assert done.code == 2 and "no status of statements" in done.err and "rule_out" in done.err


def test_whoever_has_no_country_s_code_goes_by_name(extract: Extract, output: Path, tmp_path: Path) -> None:
    data = json.loads(output.read_text(encoding="utf-8"))
    event = next(event for event in data["events"] if event["status"] == "ruled_out")
    event |= {"sources": [], "targets": [], "contested": True}
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(data), encoding="utf-8")
    shown = squeezed(extract("show", changed, "--events", "--status", "ruled_out", COLUMNS="140").out)
    assert "expulsion of 35, Russia → US diplomats" in shown
    assert "disputed: done by one source, not by another; last ruled out by" in shown and "did not happen" not in shown
    markdown = extract("convert", changed, "-", "--format", "markdown").out
    assert "expulsion (ruled out): Russia → US diplomats" in markdown and "→ ?" not in markdown
