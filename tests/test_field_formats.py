"""The formats of the field's tools: their own columns and schemata, only what happened, and nothing that acts."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor import ExtractionResult, extract
from extractor.errors import UsageError
from extractor.writers import FORMATS, Settings, files_of, read_result, write_result
from extractor.writers.event_data import ICEWS_COLUMNS, OWN_COLUMNS, POLECAT_COLUMNS

from .conftest import FIXTURES, SEEDS, Finished
from .test_formats import results

LOSSY = [name for name, fmt in FORMATS.items() if not fmt.lossless]
ANY_RESULT = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=8, deadline=None)


@pytest.fixture(scope="module")
def seeds() -> ExtractionResult:
    return extract(SEEDS, mode="replay", fixtures=FIXTURES)


def written(result: ExtractionResult, name: str, *, all_modes: bool = False) -> str:
    return files_of(result, FORMATS[name], Settings(all_modes=all_modes))[""].decode()


def rows(result: ExtractionResult, name: str, *, all_modes: bool = False) -> list[dict[str, str]]:
    """The table as a program reads it that takes quotation marks for what they are."""
    text = written(result, name, all_modes=all_modes)
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


# --- event data ---


@pytest.mark.parametrize(("name", "columns"), [("polecat", POLECAT_COLUMNS), ("icews", ICEWS_COLUMNS)])
def test_the_columns_are_the_data_set_s_and_ours_behind_them(
    seeds: ExtractionResult, name: str, columns: tuple[str, ...]
) -> None:
    header = written(seeds, name).splitlines()[0].split("\t")
    assert header == [*columns, *OWN_COLUMNS]
    assert len(set(header)) == len(header)
    assert (len(POLECAT_COLUMNS), len(ICEWS_COLUMNS)) == (40, 20)


def test_sectors_and_non_state_codes_are_the_manual_s(seeds: ExtractionResult) -> None:
    """PLOVER manual, "Actor and Sector Codes": IGO is an actor code, JRN the press and MED health."""
    (union, *_) = [row for row in rows(seeds, "polecat") if row["Actor Name"] == "EU"]
    assert (union["Actor Country"], union["Primary Actor Sector"]) == ("IGO", "None")
    data = seeds.model_dump(mode="json")
    kinds = {"media": "JRN", "court": "JUD", "legislature": "LEG", "intelligence_or_military": "None"}
    for kind, sector in kinds.items():
        for record in data["records"]:
            for actor in record.get("actors", ()):
                actor["kind"] = kind
        changed = rows(ExtractionResult.model_validate(data), "polecat")
        assert {row["Primary Actor Sector"] for row in changed if row["Extract Kind"] == "expulsion"} == {sector}


@pytest.mark.parametrize("name", ["polecat", "icews"])
def test_only_what_happened_is_event_data_by_default(seeds: ExtractionResult, name: str) -> None:
    told = rows(seeds, name)
    assert {row["Occurred"] for row in told} == {"true"}
    assert {row["Realis"] for row in told} == {"actual"}
    assert (
        not [row for row in told if row["Extract Kind"] == "expulsion" and row["Source Country"] == "Russia"]
        if (name == "icews")
        else not [row for row in told if row["Extract Kind"] == "expulsion" and row["Actor Country"] == "RUS"]
    )
    everything = rows(seeds, name, all_modes=True)
    ruled_out = [row for row in everything if row["Extract Status"] == "ruled_out" and row["Occurred"] == "false"]
    assert ruled_out and {row["Realis"] for row in ruled_out} == {"other"}
    assert {row["Extract Event"] for row in everything} == {event.id for event in seeds.events}


def test_the_expulsion_is_coded_as_both_schemes_have_it(seeds: ExtractionResult) -> None:
    (polecat, *_) = [row for row in rows(seeds, "polecat") if row["Extract Kind"] == "expulsion"]
    assert polecat["Event Date"] == "2016-12-29"
    assert (polecat["Event Type"], polecat["Event Mode"]) == ("SANCTION", "expel")
    assert polecat["Quad Code"] == "MATERIAL CONFLICT"
    assert (polecat["Actor Country"], polecat["Recipient Country"]) == ("USA", "RUS")
    assert polecat["Intensity"] == polecat["Latitude"] == "None"
    (icews, *_) = [row for row in rows(seeds, "icews") if row["Extract Kind"] == "expulsion"]
    assert (icews["CAMEO Code"], icews["Event Text"]) == ("161", "Reduce or break diplomatic relations")
    assert (icews["Source Country"], icews["Target Country"]) == ("United States", "Russia")
    assert icews["Intensity"] == icews["City"] == ""
    assert int(icews["Event ID"]) and int(icews["Story ID"])
    assert "35" in icews["Text"]


def test_an_event_between_several_has_a_row_for_each_pair(seeds: ExtractionResult) -> None:
    by_event: dict[str, list[tuple[str, str]]] = {}
    for row in rows(seeds, "icews", all_modes=True):
        by_event.setdefault(row["Extract Event"], []).append((row["Source Name"], row["Target Name"]))
    records = {record.id: record for record in seeds.actions}
    for event in seeds.events:
        if event.settled_by in records:
            record = records[event.settled_by]
            assert len(by_event[event.id]) == max(1, len(record.actors)) * max(1, len(record.targets))


@pytest.mark.parametrize("name", ["polecat", "icews"])
@given(result=results())
@ANY_RESULT
def test_no_text_breaks_a_row_or_is_a_formula(name: str, result: ExtractionResult) -> None:
    text = written(result, name, all_modes=True)
    lines = text.removesuffix("\n").split("\n")
    assert len({line.count("\t") for line in lines}) == 1
    for line in lines:
        for cell in line.split("\t"):
            assert not re.match(r"[=+@＝＋－＠]|-(?!\d)", cell)


# --- FollowTheMoney ---

MODEL = json.loads((Path(__file__).parent / "data" / "followthemoney.json").read_text())


def entities(result: ExtractionResult, *, all_modes: bool = False) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written(result, "ftm", all_modes=all_modes).split("\n") if line]


def faults(found: list[dict[str, Any]]) -> list[str]:
    """What does not fit FollowTheMoney's schema: unknown properties, wrong ranges, values of another type."""
    schemata = {entity["id"]: entity["schema"] for entity in found}
    wrong = []
    for entity in found:
        schema = MODEL["schemata"][entity["schema"]]
        wrong += [f"{entity['id']} lacks {name}" for name in schema["required"] if name not in entity["properties"]]
        for name, values in entity["properties"].items():
            kind, *ranges = schema["properties"].get(name, ["nothing"])
            for value in values:
                fits = {
                    "nothing": False,
                    "country": value in MODEL["countries"],
                    "date": re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value) is not None,
                    "url": value.startswith("http"),
                    "entity": not ranges or ranges[0] in MODEL["schemata"][schemata[value]]["is"]
                    if value in schemata
                    else False,
                }.get(kind, bool(value))
                wrong += [] if fits else [f"{entity['id']}: {name} is {value!r}"]
    return wrong


@pytest.mark.parametrize("all_modes", [False, True])
def test_entities_fit_the_schema(seeds: ExtractionResult, all_modes: bool) -> None:
    found = entities(seeds, all_modes=all_modes)
    assert faults(found) == []
    assert len({entity["id"] for entity in found}) == len(found)
    assert {"Article", "Person", "PublicBody", "Sanction", "Event"} <= {entity["schema"] for entity in found}


def test_the_library_takes_the_entities_whole(seeds: ExtractionResult) -> None:
    """Where followthemoney is installed: it needs PyICU, which has no wheels, so it is no part of `dev`.

    Beside this project only its version 3 can be, which lacks the proof of things; version 4's schema is held above.
    """
    model = pytest.importorskip("followthemoney").model
    for entity in entities(seeds, all_modes=True):
        model.get(entity["schema"]).validate(entity)
        cleaned = model.get_proxy(entity, cleaned=False).to_dict()["properties"]
        known = model.get(entity["schema"]).properties
        for name, values in entity["properties"].items():
            assert (name == "proof" and name not in known) or name == "bodyText" or set(values) == set(cleaned[name]), (
                entity["schema"],
                name,
            )


def test_a_sanction_is_proven_by_its_articles(seeds: ExtractionResult) -> None:
    found = entities(seeds)
    names = {entity["id"]: entity["properties"]["name"][0] for entity in found if entity["schema"] != "Article"
             and "name" in entity["properties"]}  # fmt: skip
    sanctions = [entity["properties"] for entity in found if entity["schema"] == "Sanction"]
    fsb = next(each for each in sanctions if names[each["entity"][0]] == "FSB")
    assert fsb["country"] == ["us"] and fsb["status"] == ["imposed"] and fsb["date"] == ["2016-12-29"]
    texts = {article.id: " ".join(article.text.split()) for article in seeds.articles}
    assert set(fsb["proof"]) <= set(texts)
    for quote in fsb["summary"]:
        assert any(quote in texts[article] for article in fsb["proof"])


def test_what_did_not_happen_is_no_sanction_and_no_event_by_default(seeds: ExtractionResult) -> None:
    def told(all_modes: bool) -> set[str]:
        return {each["properties"].get("recordId", [""])[0] for each in entities(seeds, all_modes=all_modes)}

    not_so = {event.id for event in seeds.events if not event.occurred and event.type != "statement"}
    assert not_so and not (told(all_modes=False) & not_so)
    assert not_so <= told(all_modes=True)
    sanctions = [each for each in entities(seeds, all_modes=True) if each["schema"] == "Sanction"]
    assert not {each["properties"]["recordId"][0] for each in sanctions} & not_so


@given(result=results())
@ANY_RESULT
def test_any_result_makes_lines_of_entities(result: ExtractionResult) -> None:
    for entity in entities(result, all_modes=True):
        assert set(entity) == {"id", "schema", "properties"}
        assert set(entity["properties"]) <= set(MODEL["schemata"][entity["schema"]]["properties"])


# --- networks ---


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_networks_are_read_back_with_who_did_what_to_whom(seeds: ExtractionResult, tmp_path: Path, name: str) -> None:
    import networkx as nx

    path = tmp_path / f"events.{name}"
    path.write_bytes(files_of(seeds, FORMATS[name])[""])
    network = nx.read_graphml(path, force_multigraph=True) if name == "graphml" else nx.read_gexf(path)
    labels = {node: data["label"] for node, data in network.nodes(data=True)}
    assert set(labels.values()) == {actor.name for actor in seeds.actors}
    acts = {
        (labels[source], data["kind"], labels[target])
        for source, target, data in network.edges(data=True)
        if data["event_type"] == "diplomatic_action"
    }
    assert ("United States", "expulsion", "Russian diplomats") in acts
    assert not [act for act in acts if act[:2] == ("Russia", "expulsion")]
    assert {data["occurred"] for *_, data in network.edges(data=True)} == {True}


@pytest.mark.parametrize("name", ["graphml", "gexf"])
@given(result=results())
@ANY_RESULT
def test_any_text_makes_a_sound_network_file(name: str, result: ExtractionResult) -> None:
    root = ET.fromstring(written(result, name, all_modes=True))  # noqa: S314 - our own
    assert root.tag.endswith(name)


# --- Markdown ---


def test_markdown_tells_people_what_happened_and_what_did_not(seeds: ExtractionResult) -> None:
    page = written(seeds, "markdown")
    happened, rest = page.split("## What did not happen, or not yet")
    assert "expulsion (carried out): USA → RUS" in happened
    assert "expulsion (ruled out): RUS → USA" in rest and "RUS → USA" not in happened.split("expulsion")[1]
    assert "**The sources differ** on date: 2017-01-01" in happened


HOSTILE = st.sampled_from(
    ["<script>x</script>", "[a](javascript:x)", "![a](http://x.org/p)", "`code`", "**b**", "&lt;b&gt;", "http://x.org",
     "# head", "- item", "1. one", "| a | b |", "\n\n<b>", "<!-- x", "\\", "@someone", "***", "===", "    code"]
)  # fmt: skip


@given(words=st.lists(HOSTILE, min_size=1, max_size=4).map(" ".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
def test_words_of_articles_stay_words(seeds: ExtractionResult, words: str) -> None:
    from markdown_it import MarkdownIt

    hostile = _with_words(seeds, words)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(written(hostile, "markdown"))
    inline = [child for token in tokens for child in token.children or []]
    allowed = {"text", "strong_open", "strong_close", "text_special"}
    assert {child.type for child in inline} <= allowed
    assert not {token.type for token in tokens} & {"html_block", "fence", "code_block", "hr", "ordered_list_open"}
    shown = "".join(child.content for child in inline)
    assert " ".join(words.split()) in shown


def _with_words(result: ExtractionResult, words: str) -> ExtractionResult:
    """The result with other words for every article's name and every passage."""
    articles = [each.model_copy(update={"name": words}) for each in result.articles]
    records = [
        each.model_copy(update={"evidence": [item.model_copy(update={"quote": words}) for item in each.evidence]})
        for each in result.records
    ]
    return result.model_copy(update={"articles": articles, "records": records})


# --- what they leave out ---

Extract = Callable[..., Finished]


@pytest.mark.parametrize("name", LOSSY)
def test_what_is_left_out_is_said_and_reading_back_is_refused(
    extract: Extract, seeds: ExtractionResult, tmp_path: Path, name: str
) -> None:
    fmt = FORMATS[name]
    write_result(seeds, tmp_path / "events.json")
    out = f"events{fmt.suffixes[-1]}"
    done = extract("convert", "events.json", out)
    assert (done.code, done.err) == (0, f"extract: {name} leaves out {fmt.drops}.\n")
    with pytest.raises(UsageError, match=f"{name} cannot be read back") as refusal:
        read_result(tmp_path / out)
    assert "json, jsonl, csv, parquet" in refusal.value.advice
