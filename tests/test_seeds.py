"""The five seeds, replayed: what the traps set for a careless reader, and the same bytes whatever the way."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from extractor import DiplomaticAction, ExtractionResult, extract
from extractor.schema.vocabulary import Action, ActionStatus, Realis
from extractor.verification import Verifier
from extractor.writers import json_schema, to_json

from .conftest import FIXTURES, SEEDS


@pytest.fixture(scope="module")
def result() -> ExtractionResult:
    return extract(SEEDS, mode="replay", fixtures=FIXTURES)


def expulsions(result: ExtractionResult, source: str) -> list[DiplomaticAction]:
    return [
        record
        for record in result.actions
        if record.action is Action.EXPULSION and record.derived.source_countries == [source]
    ]


def names(result: ExtractionResult) -> dict[str, str]:
    return {article.id: article.name[:3] for article in result.articles}


def test_every_piece_of_evidence_is_the_article_s_own_text(result: ExtractionResult) -> None:
    texts = {article.id: article.text for article in result.articles}
    for record in result.records:
        assert 1 <= len(record.evidence) <= 3
        for evidence in record.evidence:
            assert texts[record.article][evidence.start : evidence.end] == evidence.quote
        for date in (record.date, *(getattr(record, name, None) for name in ("start", "end", "listing"))):
            assert date is None or texts[record.article][date.start : date.end] == date.text


def test_the_texts_are_the_files(result: ExtractionResult) -> None:
    for article in result.articles:
        assert article.text == (SEEDS / article.name).read_bytes().decode("utf-8")


def test_russia_never_expels_anyone(result: ExtractionResult) -> None:
    told = expulsions(result, "RUS")
    assert {record.status for record in told} == {ActionStatus.PROPOSED, ActionStatus.RULED_OUT}
    assert {record.derived.realis for record in told} == {Realis.OTHER}


def test_the_headline_that_says_expelling_is_read_as_a_proposal(result: ExtractionResult) -> None:
    (record,) = [item for item in expulsions(result, "RUS") if names(result)[item.article] == "002"]
    assert record.status is ActionStatus.PROPOSED
    assert record.count == 35
    assert [part.count for part in record.count_breakdown] == [31, 4]


def test_the_united_states_expelled_35_in_every_article(result: ExtractionResult) -> None:
    told = expulsions(result, "USA")
    assert {names(result)[record.article]: record.count for record in told} == dict.fromkeys(
        ["000", "001", "002", "003", "004"], 35
    )
    assert all(record.derived.target_countries == ["RUS"] for record in told)


def test_ninety_six_passengers_are_no_one_s_count(result: ExtractionResult) -> None:
    assert 96 not in {record.count for record in result.actions}


def test_the_plane_leaves_on_monday_or_on_sunday(result: ExtractionResult) -> None:
    departures = {names(result)[item.article]: item for item in result.actions if item.action is Action.DEPARTURE}
    monday, sunday = departures["000"].date, departures["001"].date
    assert monday is not None and sunday is not None
    assert (monday.value, monday.anchor) == ("2017-01-02", "2016-12-31")
    assert (sunday.text, sunday.value) == ("on Sunday", None)


def test_the_website_s_time_stamp_dates_nothing(result: ExtractionResult) -> None:
    assert "2018" not in json.dumps([record.model_dump(mode="json")["date"] for record in result.records])
    assert [article.published and article.published.value for article in result.articles] == [
        None, None, None, None, "2016-12-30",
    ]  # fmt: skip
    assert [article.anchor and article.anchor.value for article in result.articles] == [
        "2016-12-31", None, "2016-12-29", None, "2016-12-30",
    ]  # fmt: skip


@pytest.mark.parametrize(("article", "word"), [("003", "FSB"), ("003", "GRU"), ("004", "Peskov"), ("000", "72 hours")])
def test_nothing_is_added_from_the_world(result: ExtractionResult, article: str, word: str) -> None:
    said = [record for record in result.records if names(result)[record.article] == article]
    assert said
    assert word not in json.dumps([record.model_dump(mode="json") for record in said])


def test_the_deadline_is_a_duration(result: ExtractionResult) -> None:
    given = {names(result)[item.article]: item.deadline_duration for item in expulsions(result, "USA")}
    assert given == {"000": None, "001": "PT72H", "002": None, "003": "PT72H", "004": "PT72H"}


def test_an_embassy_belongs_to_the_state_that_sent_it(result: ExtractionResult) -> None:
    speakers = [item for item in result.statements if item.speaker and "UK" in item.speaker.name]
    assert speakers
    assert all(item.derived.source_countries == ["RUS"] for item in speakers)


def test_what_is_stored_verifies_once_more(result: ExtractionResult) -> None:
    verifiers = {article.id: Verifier(article.text) for article in result.articles}
    for record in result.records:
        for span in record.spans:
            assert verifiers[record.article].text[span.start : span.end].strip()


def test_menus_captions_and_links_are_no_evidence(result: ExtractionResult) -> None:
    quotes = " ".join(evidence.quote for record in result.records for evidence in record.evidence)
    for words in ("Read more", "talkbacks", "Updated 10:30", "Related articles", "Home English News"):
        assert words not in quotes


def test_the_output_fits_its_schema(result: ExtractionResult) -> None:
    jsonschema.Draft202012Validator(json.loads(json_schema())).validate(json.loads(to_json(result)))


def test_any_order_and_concurrency_give_the_same_bytes(result: ExtractionResult) -> None:
    files = sorted(SEEDS.glob("*.txt"))
    expected = to_json(result)
    for order in itertools.islice(itertools.permutations(files), 0, 120, 17):
        assert (
            to_json(extract(order, mode="replay", fixtures=FIXTURES, concurrency=len(order[0].name) % 5 + 1))
            == expected
        )
    assert to_json(extract(reversed(files), mode="replay", fixtures=FIXTURES, concurrency=1)) == expected


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_any_hash_seed_and_folder_give_the_same_bytes(result: ExtractionResult, tmp_path: Path, seed: str) -> None:
    command = [sys.executable, "-m", "extractor.cli", str(SEEDS), "--replay", "--fixtures", str(FIXTURES)]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True, timeout=120
    )
    assert done.stdout == to_json(result)


def test_an_article_s_records_do_not_depend_on_the_others(result: ExtractionResult) -> None:
    alone = [extract(path, mode="replay", fixtures=FIXTURES) for path in sorted(SEEDS.glob("*.txt"))]
    assert [record for item in alone for record in item.records] == result.records
