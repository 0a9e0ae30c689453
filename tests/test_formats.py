"""Formats: what can be read back comes back whole, the others say what they leave out, and other tools read them."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, JsonValue

from extractor import ExtractionResult, extract
from extractor.errors import MissingExtra, UsageError
from extractor.schema.actors import ActorMention, KnownActor
from extractor.schema.events import Event
from extractor.schema.output import ArticleReport, ModelUsed, ResolvedTie
from extractor.schema.records import DiplomaticAction, Rejection, Sanction, Statement
from extractor.writers import FORMATS, files_of, format_of, keep_previous, read_result, to_json, write_result

from .conftest import FIXTURES, SEEDS, Finished

LOSSLESS = [name for name, fmt in FORMATS.items() if fmt.lossless]

# --- any result ---

# Half of it is what has a meaning in some format.
TEXTS = st.text(
    st.sampled_from("=+-@'|;,\\\"\t\n\r\ufeff\u2028＝a") | st.characters(exclude_categories=["Cs"]), max_size=8
)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: st.integers(0, 2**53),
    float: st.floats(0, 1),
    bool: st.booleans(),
}
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type."""
    if hint is JsonValue:
        return JSON
    if get_origin(hint) in (Union, UnionType):
        return st.one_of(*(st.none() if part is type(None) else values_of(part) for part in get_args(hint)))
    if get_origin(hint) is list:
        return st.lists(values_of(*get_args(hint)), max_size=2)
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    return any_of(hint) if issubclass(hint, BaseModel) else SCALARS[hint]


def any_of(model: type[BaseModel], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any instance of a part of the output."""
    fields = {name: values_of(field.annotation) for name, field in model.model_fields.items()}
    return st.fixed_dictionaries({**fields, **fixed}).map(model.model_validate)


@st.composite
def results(draw: st.DrawFn) -> ExtractionResult:
    """Any result whose parts belong together."""
    articles = draw(st.lists(any_of(ArticleReport), max_size=2))
    of = st.sampled_from([article.id for article in articles]) if articles else st.nothing()
    record = any_of(DiplomaticAction, article=of) | any_of(Sanction, article=of) | any_of(Statement, article=of)
    records = draw(st.lists(record, max_size=3)) if articles else []
    member = st.sampled_from([each.id for each in records]) if records else st.nothing()
    event = any_of(Event, members=st.lists(member, max_size=2) if records else st.just([]))
    return ExtractionResult(
        model=draw(any_of(ModelUsed)),
        articles=articles,
        records=records,
        actors=draw(st.lists(any_of(KnownActor), max_size=2)),
        events=draw(st.lists(event, max_size=2)),
        ties=draw(st.lists(any_of(ResolvedTie), max_size=2)),
        rejected=draw(st.lists(any_of(Rejection, article=of), max_size=2)) if articles else [],
    )


@pytest.fixture(scope="module")
def seeds() -> ExtractionResult:
    return extract(SEEDS, mode="replay", fixtures=FIXTURES)


@pytest.fixture(scope="module")
def events_json(seeds: ExtractionResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("seeds") / "events.json"
    write_result(seeds, path)
    return path


# --- reading back ---


@pytest.mark.parametrize("name", LOSSLESS)
@given(result=results())
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=10, deadline=None)
def test_whatever_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, result: ExtractionResult
) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{FORMATS[name].suffixes[0]}"
    write_result(result, path)
    assert read_result(path) == result


@pytest.mark.parametrize("name", LOSSLESS)
def test_the_seeds_come_back_to_the_byte(seeds: ExtractionResult, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"events{FORMATS[name].suffixes[0]}"
    write_result(seeds, path)
    assert to_json(read_result(path)) == to_json(seeds)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_result_gives_the_same_bytes(seeds: ExtractionResult, name: str) -> None:
    assert files_of(seeds, FORMATS[name]) == files_of(seeds.model_copy(deep=True), FORMATS[name])


@pytest.mark.parametrize("name", FORMATS)
def test_the_files_are_those_that_the_format_names(seeds: ExtractionResult, name: str) -> None:
    assert set(files_of(seeds, FORMATS[name])) == set(FORMATS[name].parts)


def test_endings_are_no_two_formats(tmp_path: Path) -> None:
    endings = [suffix for fmt in FORMATS.values() for suffix in fmt.suffixes]
    assert len(set(endings)) == len(endings)
    for name, fmt in FORMATS.items():
        for suffix in fmt.suffixes:
            assert format_of(Path(f"events{suffix.upper()}")).name == name


def test_a_path_without_an_ending_is_json() -> None:
    assert format_of(Path("events")).name == "json"


def test_an_unknown_ending_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"events\.xlsx") as refusal:
        format_of(Path("events.xlsx"))
    assert ".csv" in refusal.value.advice and "--format" in refusal.value.advice


BROKEN = {
    "json": [b"", b"[]", b"{", b'{"articles": []}', b"\xff\xfe\x00"],
    "jsonl": [b"{", b"[]\n", b'{"article": {}}\n', b'{"run": 1}\n', b'{"run": {}, "record": {}}\n', b'{"other": {}}\n'],
    "csv": [b"", b"type,id\nnothing,x\n", b'type\n"', b"\xff", b"type,evidence\nsanction,[\n"],
    "parquet": [b"", b"PAR1", b"type,id\n"],
}


@pytest.mark.parametrize(("name", "data"), [(name, data) for name, each in BROKEN.items() for data in each])
def test_what_is_no_output_is_refused_by_name(seeds: ExtractionResult, tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / f"events{FORMATS[name].suffixes[0]}"
    write_result(seeds, path)
    path.write_bytes(data)
    with pytest.raises(UsageError, match=re.escape(f"{path} is no output of extract: ")):
        read_result(path)


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_a_missing_table_is_named(seeds: ExtractionResult, tmp_path: Path, name: str) -> None:
    write_result(seeds, tmp_path / f"events.{name}")
    (tmp_path / f"events.actors.{name}").unlink()
    with pytest.raises(UsageError, match=rf"Cannot read .*events\.actors\.{name}: no such file"):
        read_result(tmp_path / f"events.{name}")


@pytest.mark.parametrize("name", LOSSLESS)
def test_the_copy_of_an_output_is_one_itself(seeds: ExtractionResult, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"events{FORMATS[name].suffixes[0]}"
    assert keep_previous(path) is None
    write_result(seeds, path)
    copy = keep_previous(path)
    assert copy == tmp_path / f"events.previous{FORMATS[name].suffixes[0]}"
    assert read_result(copy) == seeds


def test_tables_of_two_outputs_do_not_pass_for_one(seeds: ExtractionResult, tmp_path: Path) -> None:
    write_result(seeds, tmp_path / "events.csv")
    lines = (tmp_path / "events.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    (tmp_path / "events.csv").write_text("".join(lines[:-1]), encoding="utf-8-sig")
    with pytest.raises(UsageError, match=r"it has an event of .*, and no such record"):
        read_result(tmp_path / "events.csv")


# --- CSV ---


def cells(data: bytes, **reading: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), **reading))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@given(result=results())
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=10, deadline=None)
def test_no_cell_is_a_formula_whatever_the_spreadsheet_takes_for_a_separator(
    delimiter: str, result: ExtractionResult
) -> None:
    for data in files_of(result, FORMATS["csv"]).values():
        for row in cells(data, delimiter=delimiter):
            for cell in row:
                assert not re.match(r"[=+@＝＋－＠]|-(?!\d)", cell), cell
                assert delimiter != "," or cell[:1] not in {"\t", "\r", "\n"}, cell


def test_a_row_is_a_record_and_an_event_with_plain_columns(seeds: ExtractionResult, tmp_path: Path) -> None:
    write_result(seeds, tmp_path / "events.csv")
    with (tmp_path / "events.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [record.id for record in seeds.records]
    ruled_out = [row for row in rows if row["status"] == "ruled_out" and row["action"] == "expulsion"]
    assert {row["derived.source_countries"] for row in ruled_out} == {"RUS"}
    assert {row["date.value"] for row in rows} >= {"2016-12-30", ""}
    with (tmp_path / "events.events.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [event.id for event in seeds.events]


def test_a_spreadsheet_that_saved_the_file_without_a_mark_does_no_harm(seeds: ExtractionResult, tmp_path: Path) -> None:
    write_result(seeds, tmp_path / "events.csv")
    data = (tmp_path / "events.csv").read_bytes()
    (tmp_path / "events.csv").write_bytes(data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n"))
    assert read_result(tmp_path / "events.csv") == seeds


# --- other tools ---


def test_pandas_reads_the_tables(seeds: ExtractionResult, tmp_path: Path) -> None:
    import pandas as pd

    write_result(seeds, tmp_path / "events.csv")
    write_result(seeds, tmp_path / "events.parquet")
    records = pd.read_csv(tmp_path / "events.csv")
    assert list(records["id"]) == [record.id for record in seeds.records]
    typed = pd.read_parquet(tmp_path / "events.parquet")
    assert list(typed["id"]) == list(records["id"])
    assert typed["derived"][0]["source_countries"].tolist() == seeds.records[0].derived.source_countries
    assert typed["evidence"][0][0]["start"] == seeds.records[0].evidence[0].start
    assert len(pd.read_parquet(tmp_path / "events.events.parquet")) == len(seeds.events)


def test_duckdb_reads_the_tables(seeds: ExtractionResult, tmp_path: Path) -> None:
    import duckdb

    write_result(seeds, tmp_path / "events.parquet")
    write_result(seeds, tmp_path / "events.csv")
    records = duckdb.read_parquet(f"{tmp_path}/events.parquet")
    expected = [each for each in seeds.actions if each.status == "ruled_out" and each.action == "expulsion"]
    told = records.filter("type = 'diplomatic_action' and status = 'ruled_out' and action = 'expulsion'")
    assert told.aggregate("derived.source_countries[1], count(*)").fetchall() == [("RUS", len(expected))]
    assert len(duckdb.read_csv(f"{tmp_path}/events.csv").fetchall()) == len(seeds.records)
    kinds = dict(zip(records.columns, map(str, records.types), strict=True))
    assert kinds["count"] == "BIGINT" and kinds["is_background"] == "BOOLEAN"
    assert kinds["evidence"].startswith("STRUCT(") and kinds["evidence"].endswith("[]")


def test_each_json_line_says_what_it_holds(seeds: ExtractionResult, tmp_path: Path) -> None:
    write_result(seeds, tmp_path / "events.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["record"]["id"] for line in lines if "record" in line] == [record.id for record in seeds.records]
    assert list(lines[0]) == ["run"]


@pytest.mark.parametrize("count", [0, 1, 10_000, 10_001, 30_000])
def test_a_json_line_is_the_same_however_long(seeds: ExtractionResult, count: int) -> None:
    mentions = [ActorMention(record=f"é-{number}", field="/speaker") for number in range(count)]
    named = seeds.actors[0].model_copy(update={"mentions": mentions, "articles": ["a"] * (count // 2)})
    written = files_of(seeds.model_copy(update={"actors": [named]}), FORMATS["jsonl"])[""]
    expected = json.dumps({"actor": named.model_dump(mode="json")}, ensure_ascii=False)
    assert [line for line in written.decode().splitlines() if line.startswith('{"actor"')] == [expected]


def test_what_is_missing_is_named_with_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in (("parquet", "pyarrow"), ("gexf", "networkx")):
        monkeypatch.setitem(sys.modules, module, None)
        for part in (name, "network"):
            monkeypatch.delitem(sys.modules, f"extractor.writers.{part}", raising=False)
        with pytest.raises(MissingExtra, match=f"{name} needs {module}, which is not installed") as lack:
            FORMATS[name].writer()
        assert lack.value.advice == f"Install it: pip install 'event-extractor[{FORMATS[name].extra}]'."


# --- the command ---

Extract = Callable[..., Finished]


def test_convert_goes_through_every_format_and_back(extract: Extract, events_json: Path, tmp_path: Path) -> None:
    steps = [events_json, *(tmp_path / f"events{FORMATS[name].suffixes[0]}" for name in (*LOSSLESS[1:], LOSSLESS[0]))]
    for source, target in itertools.pairwise(steps):
        done = extract("convert", source, target)
        assert (done.code, done.out, done.err) == (0, "", "")
    assert steps[-1].read_bytes() == events_json.read_bytes()


def test_the_ending_of_out_chooses_the_format(extract: Extract, seeds: ExtractionResult, tmp_path: Path) -> None:
    done = extract(SEEDS, "--fixtures", FIXTURES, "--out", "events.jsonl")
    assert done.code == 0, done.err
    assert read_result(tmp_path / "events.jsonl") == seeds
    shown = [extract("show", file, "--events").out for file in ("events.jsonl",)]
    assert shown == [extract("show", _written(seeds, tmp_path / "other.json"), "--events").out]


def _written(result: ExtractionResult, path: Path) -> Path:
    write_result(result, path)
    return path


def test_format_goes_over_the_ending_and_serves_standard_output(extract: Extract, events_json: Path) -> None:
    done = extract("convert", events_json, "-", "--format", "jsonl")
    assert done.code == 0 and done.out.startswith('{"run": ')


def test_tables_on_standard_output_are_the_records_and_say_so(extract: Extract, events_json: Path) -> None:
    done = extract("convert", events_json, "-", "--format", "csv")
    assert done.code == 0 and done.out.startswith("\ufefftype,id,")
    assert "csv leaves out all tables but the records" in done.err
    quiet = extract("convert", events_json, "-", "--format", "csv", "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, done.out, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.json", "out.csv"), "Cannot read nowhere.json"),
        (("events.json", "out.xlsx"), "No format has the ending of out.xlsx"),
        (("events.json", "out", "--format", "excel"), "'excel' is no format"),
        (("events.json", "events.json"), "one of the inputs"),
        (("events.json", "nowhere/out.csv"), "the folder"),
    ],
)
def test_convert_refuses_by_name(
    extract: Extract, seeds: ExtractionResult, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    _written(seeds, tmp_path / "events.json")
    done = extract("convert", *arguments)
    assert done.code in (2, 6) and message in done.err and "Traceback" not in done.err
    assert sorted(file.name for file in tmp_path.iterdir()) == ["events.json"]
    assert read_result(tmp_path / "events.json") == seeds


def test_texts_can_be_left_out(extract: Extract, events_json: Path, tmp_path: Path) -> None:
    done = extract("convert", events_json, "bare.json", "--no-include-text")
    assert done.code == 0, done.err
    bare = read_result(tmp_path / "bare.json")
    assert {article.text for article in bare.articles} == {""}
    assert bare.records == read_result(events_json).records
    assert extract("show", "bare.json").out == extract("show", events_json).out


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_every_part_of_the_output_has_a_table(name: str) -> None:
    parts = {part for part, field in ExtractionResult.model_fields.items() if get_origin(field.annotation) is list}
    assert {"records", *FORMATS[name].parts} == {"", "run", *parts}
