"""`extract report`: the command, the file that it writes, and how dates and languages are told on it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extractor
from extractor.errors import UsageError
from extractor.report import report_html
from extractor.report.language import language_of
from extractor.report.sources import labels_of
from extractor.report.wording import date_label, values_of
from extractor.schema.articles import ArticleMetadata
from extractor.schema.output import ArticleReport, ExtractionResult
from extractor.writers import to_json, write_json

from .conftest import FIXTURES, ROOT, SEEDS, Finished

Extract = Callable[..., Finished]


@pytest.fixture(scope="module")
def result() -> ExtractionResult:
    return extractor.extract(SEEDS, mode="replay", model="compatible/claude", fixtures=FIXTURES)


@pytest.fixture
def output(result: ExtractionResult, tmp_path: Path) -> Path:
    write_json(result, tmp_path / "events.json")
    return tmp_path / "events.json"


class Page(HTMLParser):
    """The parts of a page that its policy is about."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.CDATA_CONTENT_ELEMENTS:
            self.blocks.append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            tag, attrs, text = self.blocks.pop()
            self.blocks.append((tag, attrs, text + data))


# --- the command ---


def test_the_page_is_written_where_it_is_asked_for(extract: Extract, output: Path, tmp_path: Path) -> None:
    done = extract("report", output, "--out", "page.html", "--title", "Envoys & <sanctions>")
    assert (done.code, done.out) == (0, "")
    assert "page.html" in done.err
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<title>Envoys &amp; &lt;sanctions&gt;</title>" in page


def test_without_out_it_is_report_html_in_this_folder(extract: Extract, output: Path, tmp_path: Path) -> None:
    assert extract("report", output).code == 0
    assert (tmp_path / "report.html").read_bytes().startswith(b"<!doctype html>")


def test_it_goes_to_standard_output_where_asked(extract: Extract, output: Path) -> None:
    done = extract("report", output, "--out", "-")
    assert done.code == 0 and done.err == ""
    assert done.out.startswith("<!doctype html>") and done.out.endswith("</html>\n")


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "no such file"), ("{}", "is no output of extract"), ("<html>", "is no output of extract")],
    ids=["missing", "of another kind", "no JSON"],
)
def test_what_is_no_output_is_refused(extract: Extract, tmp_path: Path, content: str | None, told: str) -> None:
    file = tmp_path / "events.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    done = extract("report", file, "--out", "page.html")
    assert (done.code, done.out) == (2, "")
    assert told in done.err and "Traceback" not in done.err
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize(
    ("out", "told"),
    [("nowhere/page.html", "does not exist"), (".", "is a folder"), ("events.json", "would be overwritten")],
)
def test_where_nothing_can_be_written_nothing_is_lost(extract: Extract, output: Path, out: str, told: str) -> None:
    before = output.read_bytes()
    done = extract("report", output, "--out", out)
    assert (done.code, done.out) == (6, "")
    assert told in done.err and "Traceback" not in done.err
    assert output.read_bytes() == before


@pytest.mark.parametrize("kind", ["members", "articles", "links", "settled_by"])
def test_an_output_that_refers_to_what_it_lacks_is_refused(result: ExtractionResult, kind: str) -> None:
    data = result.model_dump(mode="json")
    event = next(event for event in data["events"] if event["links"])
    if kind == "links":
        event["links"][0]["event"] = "evt-000000000000"
    else:
        event[kind] = "act-000000000000" if kind == "settled_by" else ["act-000000000000"]
    with pytest.raises(UsageError, match="000000000000"):
        report_html(ExtractionResult.model_validate(data))


# --- the file ---


def test_the_same_output_gives_the_same_bytes_anywhere(output: Path, tmp_path: Path) -> None:
    pages = set()
    for seed in ("1", "2"):
        folder = tmp_path / f"folder-{seed}"
        folder.mkdir()
        command = [sys.executable, "-m", "extractor.cli", "report", str(output), "--out", "-"]
        environment = {"PYTHONHASHSEED": seed, "TZ": f"UTC+{seed}", "PYTHONPATH": str(ROOT)}
        pages.add(subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True).stdout)
    (page,) = pages
    assert str(tmp_path).encode() not in page and b"events.json --events" in page


def test_the_policy_names_the_pages_own_script_and_style_alone(result: ExtractionResult) -> None:
    page = Page(report_html(result))
    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None and "unsafe" not in policy
    assert "default-src 'none'" in policy and "require-trusted-types-for 'script'" in policy
    blocks = [(tag, text) for tag, attrs, text in page.blocks if attrs.get("type") != "application/json"]
    assert [tag for tag, _ in blocks] == ["style", "script"]
    for tag, text in blocks:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_nothing_on_the_page_is_loaded_or_runs_from_an_attribute(result: ExtractionResult) -> None:
    page = Page(report_html(result))
    for tag, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on") or name in ("style", "src", "srcset", "action")]
        assert (attrs.get("href") or "#").startswith("#"), tag
    script = next(text for tag, attrs, text in page.blocks if tag == "script" and not attrs)
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|fetch\(", script
    )


def test_no_text_ends_the_data_block(result: ExtractionResult) -> None:
    data = result.model_dump(mode="json")
    hostile = "</script><script>alert(1)</script><!-- <script> \u2028 \x00 \u202e"
    for article in data["articles"]:
        article["name"] = hostile
    page = report_html(ExtractionResult.model_validate(data))
    kept = [text for _, attrs, text in Page(page).blocks if attrs.get("type") == "application/json"]
    assert len(kept) == 1
    (name,) = {article["name"] for article in json.loads(kept[0])["articles"]}
    assert name == re.sub("[\u2028\x00\u202e]", "\ufffd", hostile)


def test_an_output_without_anything_makes_a_page(result: ExtractionResult) -> None:
    data = result.model_dump(mode="json") | {name: [] for name in ("articles", "records", "actors", "events")}
    empty = ExtractionResult.model_validate(data)
    assert b"0 articles" in report_html(empty)
    assert len(to_json(empty)) < len(to_json(result))


# --- words ---


@pytest.mark.parametrize(
    ("edtf", "told"),
    [
        ("2016-12-29", "29 December 2016"),
        ("2016-12", "December 2016"),
        ("2016", "2016"),
        ("[2017-01-01,2017-01-02]", "1 January 2017 or 2 January 2017"),
        ("[2017-01-01..2017-01-05]", "between 1 January 2017 and 5 January 2017"),
        ("2014/..", "since 2014"),
        ("../2015-03", "until March 2015"),
        ("2014-05/2014-07", "May 2014 to July 2014"),
        ("2014~", "about 2014"),
        ("199X", "the 1990s"),
        ("2016-23", "autumn 2016"),
        ("XXXX-01-20", "20 January year unknown"),
        ("2016-99-01", "2016-99-01"),
    ],
)
def test_dates_are_told_in_words(edtf: str, told: str) -> None:
    assert date_label(edtf) == told


@given(st.lists(st.tuples(st.text(min_size=1, max_size=30), st.none() | st.sampled_from(["Wire", "Post 1", " "])), max_size=8))  # fmt: skip # noqa: E501
def test_every_source_has_a_label_of_its_own(papers: list[tuple[str, str | None]]) -> None:
    articles = [
        ArticleReport.model_construct(
            id=f"art-{place:012x}", name=name, text="", metadata=ArticleMetadata.model_construct(publisher=publisher)
        )
        for place, (name, publisher) in enumerate(papers)
    ]
    labels = labels_of(articles)
    assert len(labels) == len(papers) and len(set(labels)) == len(labels)


@given(st.text() | st.from_regex(r"[\[\]./~X,0-9-]*"))
def test_any_text_in_the_place_of_a_date_is_shown(text: str) -> None:
    assert isinstance(date_label(text), str)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)), st.sampled_from(["date", "status", "deadline_duration", "content"]))  # fmt: skip # noqa: E501
def test_any_value_of_a_field_is_shown(value: Any, field: str) -> None:
    assert all(isinstance(line, str) for line in values_of(field, value))


def test_values_are_told_in_words() -> None:
    assert values_of("deadline_duration", "PT72H") == ["72 hours"]
    assert values_of("deadline_duration", "P1W") == ["1 week"]
    assert values_of("deadline_duration", "P1Y2M") == ["P1Y2M"]
    assert values_of("legal_term", "persona_non_grata") == ["persona non grata"]
    assert values_of("places", ["snake_case Street", "Rome"]) == ["snake_case Street", "Rome"]
    assert values_of("count_breakdown", [{"count": 31, "of": "diplomats"}]) == ["31 diplomats"]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Russia expels diplomats", None),
        ("中国外交部宣布驱逐两名外交官", "zh"),
        ("日本は外交官を追放した", "ja"),
        ("한국 정부는 외교관을 추방했다", "ko"),
        ("ישראל זימנה את שגריר צרפת", "he"),
        ("أعلنت وزارة الخارجية اللبنانية", "und-Arab"),
        ("МИД объявил о высылке", "und-Cyrl"),
        ("The ministry (外交部) said in a long English sentence that it would not.", None),
        ("12.05. — ?", None),
    ],
)
def test_the_script_tells_the_language_where_it_can(text: str, tag: str | None) -> None:
    assert language_of(text) == tag
