"""Gold files: YAML without surprises, errors that say where, evidence held against the article, drafts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from extractor.errors import BadGold, UsageError
from extractor.evaluation import GoldArticle, GoldRecord
from extractor.evaluation.goldfiles import read_gold, to_yaml, write_gold
from extractor.writers import to_json

from .conftest import ROOT, SEEDS, Finished
from .gold_cases import GOLD, ID, NAME, TEXT, gold, records_of, run

Command = Callable[..., Finished]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / NAME).write_text(TEXT, encoding="utf-8")
    gold(tmp_path)
    return tmp_path


def broken(folder: Path, old: str, new: str) -> Path:
    """The affair's gold with one thing changed."""
    assert old in GOLD
    (folder / "affair.yaml").write_text(GOLD.replace(old, new, 1), encoding="utf-8")
    return folder / "affair.yaml"


def line_of(words: str) -> int:
    return GOLD[: GOLD.index(words)].count("\n") + 1


def one_record(folder: Path, fields: str) -> GoldRecord:
    head = GOLD.split("records:")[0]
    text = f"{head}records:\n  - {{id: T1, type: statement, evidence: [x], {fields}}}\n"
    return gold(folder, text).records[0]


# Reading


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("2016-12-29", "2016-12-29"),
        ("12:30", "12:30"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("010", 10),
        ("35", 35),
        ("true", True),
        ("null", None),
        ("~", None),
        ("1.5", 1.5),
        ("'35'", "35"),
    ],
)
def test_only_what_yaml_1_2_s_core_schema_types_is_no_text(folder: Path, written: str, read: object) -> None:
    value = one_record(folder, f"medium: {written}").fields["medium"]
    assert value == read
    assert type(value) is type(read)


def test_a_key_given_twice_is_an_error_with_its_line(folder: Path) -> None:
    with pytest.raises(BadGold, match=r"affair\.yaml:\d+: the key 'action' is given twice"):
        read_gold(broken(folder, "    action: expulsion\n", "    action: expulsion\n    action: recall\n"))


def test_broken_yaml_is_an_error_with_its_line(folder: Path) -> None:
    with pytest.raises(BadGold, match=r"affair\.yaml:\d+: "):
        read_gold(broken(folder, "evidence: [said on", "evidence: [[said on"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("id: D1", "name: D1", "record 1: id: field required"),
        ("tier: core", "tier: sure", "D1: tier: input should be 'core', 'optional' or 'hypothetical'"),
        ("type: diplomatic_action", "type: action", "D1: type: input should be"),
        (f"id: {ID}", "id: 17", "id: input should be a valid string"),
        ("records:", "events:", "events: extra inputs are not permitted"),
    ],
)
def test_another_shape_is_an_error_with_record_and_field(folder: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(BadGold, match=re.escape(told)):
        read_gold(broken(folder, old, new))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "records",
        "records: [1, 2]",
        "records: {a: 1}",
        "\x00",
        "a: *b",
        "!!python/name:os.system {}",
        "article: &x [1]\nid: *x",
        "[" * 20_000,
        "notes: !!int x",
        "? [a]\n: b",
        "1: 2",
    ],
)
def test_what_is_no_gold_is_told_so(folder: Path, text: str) -> None:
    (folder / "affair.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadGold):
        read_gold(folder / "affair.yaml")


def test_a_file_that_is_not_utf_8_is_told_so(folder: Path) -> None:
    (folder / "affair.yaml").write_bytes(b"article: \xff\xfe")
    with pytest.raises(UsageError):
        read_gold(folder / "affair.yaml")


# Checking


def test_sound_gold_passes(here: Command, folder: Path) -> None:
    done = here("gold", "check", folder / "affair.yaml", "--articles", folder)
    assert (done.code, done.out) == (0, "1 gold files with 9 records hold up.\n")


@pytest.mark.parametrize(
    ("old", "new", "where", "told"),
    [
        ("status: carried_out", "status: completed", "status: carried_out", "D1: status: 'completed' is none"),
        ("count: 5", "count: five", "count: 5", "D1: count: 'five' is no whole number"),
        ("count: 5", "count: true", "count: 5", "D1: count: true is no whole number"),
        ("deadline: null", "deadline: 72", "deadline: null", "D1: deadline: 72 is no text"),
        ("deadline: null", "dead_line: null", "deadline: null", "D1: dead_line: a diplomatic_action has no such field"),
        ("places: []", "places: null", "places: []", "D1: places: has to be a list"),
        ("[{name: France, country: France, kind: state}]", "[{}]", "actors: [{", "D1: actors: is empty; give name"),
        ("kind: state}]\n    targets", "kind: land}]\n    targets", "actors: [{", "D1: actors: kind: 'land'"),
        ("[{name: France, country: France, kind: state}]", "[France]", "actors: [{", "D1: actors: has to be a"),
        ('value: "2021-05-03"', "value: 3 May", "date: {value", "D1: date: value: 3 May is no EDTF date"),
        ("France expelled five", "France expelled six", 'evidence: ["France', "D1: evidence: not in the article"),
        ("id: D2", "id: D1", "id: D2", "D1: another record has this id"),
        ("part_of: T1", "part_of: T9", "part_of: T1", "T1b: part_of: T9 is no other record"),
        ("part_of: T1", "part_of: D1", "part_of: T1", "T1b: part_of: D1 is a diplomatic_action"),
        ("part_of: T1", "part_of: X1", "part_of: T1", "T1b: part_of: X1 is not scored itself"),
        ("repeats: [D3]", "repeats: [D9]", "repeats: [D3]", "T2: repeats: D9 is no other record"),
        ("{any_of: [threatened, proposed]}", "{any_of: threatened}", "status: {any", "D2: status: any_of stands alone"),
        ("    action: recall\n", "", "id: D2", "D2: action: is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_line_record_and_field(
    here: Command, folder: Path, *, old: str, new: str, where: str, told: str
) -> None:
    file = broken(folder, old, new)
    done = here("gold", "check", file, "--articles", folder)
    assert done.code == 9
    assert any(line.startswith(f"{file}:{line_of(where)}: {told}") for line in done.out.splitlines())


def test_a_passage_with_a_slip_is_shown_beside_the_article_s_own(here: Command, folder: Path) -> None:
    file = broken(
        folder, "Paris froze the assets of Fjord Oil in April.", "Paris froze the asssets of Fjord Oil in April."
    )
    done = here("gold", "check", file, "--articles", folder)
    assert "The nearest passage is: 'Paris froze the assets of Fjord Oil in April.'" in done.out


def test_typography_is_no_slip(here: Command, folder: Path) -> None:
    file = broken(folder, """['"This is a farce," he said.']""", "['“This is a farce,” he said.']")
    assert here("gold", "check", file, "--articles", folder).code == 0


def test_a_changed_text_is_noticed_and_its_evidence_checked(here: Command, folder: Path) -> None:
    (folder / NAME).write_text(TEXT.replace("five", "six"), encoding="utf-8")
    done = here("gold", "check", folder / "affair.yaml", "--articles", folder)
    assert done.code == 9
    assert "has changed: its id is art-" in done.out
    assert "D1: evidence: not in the article" in done.out


def test_gold_without_its_article_or_twice_is_told(here: Command, folder: Path) -> None:
    (folder / "again.yaml").write_text(GOLD, encoding="utf-8")
    assert "has the gold of this article already" in here("gold", "check", folder, "--articles", folder).out
    (folder / NAME).rename(folder / "other.txt")
    done = here("gold", "check", folder / "affair.yaml", "--articles", folder)
    assert f"no article of the name {NAME}" in done.out


@pytest.mark.parametrize("path", ["nowhere", "."])
def test_paths_without_gold_are_wrong_use(here: Command, tmp_path: Path, path: str) -> None:
    (tmp_path / NAME).write_text(TEXT, encoding="utf-8")
    assert here("gold", "check", tmp_path / path, "--articles", tmp_path).code == 2


def test_an_evaluation_refuses_gold_that_does_not_hold_up(here: Command, folder: Path) -> None:
    file = broken(folder, "status: carried_out", "status: completed")
    output = folder / "events.json"
    output.write_bytes(to_json(run()))
    done = here("eval", output, "--gold", file)
    assert (done.code, done.out) == (9, "")
    assert "'completed' is none of" in done.err


# Drafts


def test_a_draft_is_sound_gold_of_its_run(here: Command, folder: Path) -> None:
    output, drafts = folder / "events.json", folder / "drafts"
    output.write_bytes(to_json(run(*records_of(gold(folder), "D1", "D2", "S1", "T1"))))
    assert here("gold", "draft", output, "--out", drafts).code == 0
    assert here("gold", "check", drafts, "--articles", folder).code == 0
    done = here("eval", output, "--gold", drafts, "--format", "json")
    assert [item["exact"]["f1"] for item in json.loads(done.out)["records"]] == [1, 1, 1]
    assert json.loads(done.out)["faults"] == []


def test_a_draft_overwrites_nothing(here: Command, folder: Path) -> None:
    output = folder / "events.json"
    output.write_bytes(to_json(run(*records_of(gold(folder)))))
    before = (folder / "affair.yaml").read_bytes()
    done = here("gold", "draft", output, "--out", folder)
    assert done.code == 2
    assert "is there already" in done.err
    assert (folder / "affair.yaml").read_bytes() == before


# Writing

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=12)
RECORDS = st.builds(
    GoldRecord,
    id=WORDS,
    type=st.sampled_from(["diplomatic_action", "sanction", "statement"]),
    tier=st.sampled_from(["core", "optional", "hypothetical"]),
    evidence=st.lists(WORDS, min_size=1, max_size=2),
    event=st.none() | WORDS,
    part_of=st.none() | WORDS,
    repeats=st.lists(WORDS, max_size=2),
    note=st.none() | WORDS,
    fields=st.dictionaries(
        st.sampled_from(["medium", "about", "date", "count"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | WORDS, lambda part: st.lists(part, max_size=2), max_leaves=4
        ),
    ),
)  # fmt: skip


@given(
    st.builds(
        GoldArticle, article=WORDS, id=st.just(ID), notes=st.none() | WORDS, records=st.lists(RECORDS, max_size=2)
    )
)
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, article: GoldArticle) -> None:
    file = tmp_path_factory.getbasetemp() / "gold.yaml"
    write_gold(article, file)
    assert read_gold(file).gold == article
    # Any reader of YAML, of whichever version, gets the same.
    assert yaml.safe_load(to_yaml(article))["article"] == article.article


# The seeds


def test_the_seeds_gold_holds_up(here: Command) -> None:
    done = here("gold", "check", ROOT / "gold" / "seeds", "--articles", SEEDS)
    assert (done.code, done.err) == (0, "")
