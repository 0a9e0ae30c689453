"""Corpora that do not fit into memory: what goes to disk on its way, and comes out the same."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

import extractor
from extractor.errors import OutputError, UnreadableArticle
from extractor.pipeline import ArticleResult, failed
from extractor.progress import Meter, progress_log
from extractor.readers import Article
from extractor.runner import Options, Run, run
from extractor.spool import Spool, line_of, result_of
from extractor.writers import FORMATS, files_of
from tests.conftest import FIXTURES, SEEDS

LOSSLESS = [name for name, each in FORMATS.items() if each.lossless]


def replayed(spill_after: int | None, *paths: Path) -> Run:
    options = Options(model="compatible/claude", fixtures=FIXTURES, no_cache=True)
    return asyncio.run(run(paths or [SEEDS], options, spill_after=spill_after))


@pytest.mark.parametrize("spill_after", [0, 500_000])
@pytest.mark.parametrize("name", FORMATS)
def test_what_goes_to_disk_comes_out_as_from_memory(name: str, spill_after: int) -> None:
    with replayed(None) as whole, replayed(spill_after) as spilled:
        assert files_of(spilled.findings, FORMATS[name]) == files_of(whole.findings, FORMATS[name])


def test_numbers_and_errors_are_the_same_from_disk(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    (tmp_path / "unknown.txt").write_text("An article that is not recorded.", encoding="utf-8")
    with replayed(None, SEEDS, tmp_path) as whole, replayed(0, SEEDS, tmp_path) as spilled:
        assert whole.tally.failed == 2
        assert spilled.tally == replace(whole.tally, calls=spilled.tally.calls)
        assert (spilled.calls, spilled.events, spilled.ties) == (whole.calls, whole.events, whole.ties)
        assert [(name, str(error)) for name, error in spilled.errors] == [
            (name, str(error)) for name, error in whole.errors
        ]
        assert spilled.exit_code == whole.exit_code
        assert spilled.result == whole.result


@pytest.mark.parametrize("name", LOSSLESS)
def test_a_table_can_be_gone_through_again(name: str) -> None:
    with replayed(0) as spilled:
        assert files_of(spilled.findings, FORMATS[name]) == files_of(spilled.findings, FORMATS[name])


def test_a_full_disk_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.TemporaryFile", lambda: open("/dev/full", "w+b", buffering=0))  # noqa: SIM115
    with pytest.raises(OutputError, match="no space left") as told:
        replayed(0)
    assert "TMPDIR" in told.value.advice


def test_a_line_holds_all_of_a_result() -> None:
    seeds = extractor.extract(SEEDS, mode="replay", model="compatible/claude", fixtures=FIXTURES)
    for report in seeds.articles:
        result = ArticleResult(
            report,
            tuple(record for record in seeds.records if record.article == report.id),
            tuple(item for item in seeds.rejected if item.article == report.id),
        )
        assert result_of(line_of(result)) == result
    broken = failed(Article("broken.txt", "text\n“text”"), UnreadableArticle("Why.", "What to do.", where="somewhere"))
    again = result_of(line_of(broken))
    assert (type(again.error), str(again.error), again.error.advice if again.error else "") == (
        UnreadableArticle,
        "Why. (somewhere)",
        "What to do.",
    )
    assert again.report == broken.report


def reports(spool: Spool) -> list[dict[str, object]]:
    return [result.report.model_dump(mode="json") for result in spool.results()]


def test_articles_come_out_sorted_however_they_were_done() -> None:
    names = ("c", "a", "b", "a", "a\0", "a\0a", "a\0\0", "a\x01", "ab", "é", "\U0001f600", "\uffff", "")
    articles = [Article(name, str(number)) for number, name in enumerate(names)]
    ordered = sorted((article.name, article.id) for article in articles)
    for spill_after in (None, 0, 3_000):
        spool = Spool(spill_after)
        for article in articles:
            spool.add(failed(article, UnreadableArticle("Why.")))
        assert spool.is_on_disk == (spill_after is not None)
        told = [item["report"] for item in spool.documents()] if spill_after is not None else reports(spool)
        assert [(report["name"], report["id"]) for report in told] == ordered
        assert len(spool) == len(names)
        spool.close()


# --- progress ---


class Clock:
    """Time as a test sets it, in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def done(name: str = "a.txt", *, cost: float = 0.0, fails: bool = False) -> ArticleResult:
    result = failed(Article(name, "text"), UnreadableArticle("Why."))
    outcome = "failed" if fails else "done"
    calls = result.report.calls.model_copy(update={"cost_usd": cost, "live": 1})
    return replace(result, report=result.report.model_copy(update={"outcome": outcome, "calls": calls}))


def test_progress_tells_rate_cost_errors_and_time_left() -> None:
    clock = Clock()
    meter = Meter(clock)
    for number in range(30):
        clock.now = 2.0 * (number + 1)
        meter.note(done(cost=0.01, fails=number == 3), 120)
    assert meter.text() == "30 of 120 articles, 1 failed, 30 a minute, $0.30, about 3 min left"


def test_the_rate_is_that_of_the_last_minute() -> None:
    clock = Clock()
    meter = Meter(clock)
    for number in range(1_000):
        clock.now = 0.01 * number
        meter.note(done(), 2_000)
    for number in range(100):
        clock.now = 10 + 6.0 * (number + 1)
        meter.note(done(), 2_000)
    assert "10 a minute" in meter.text()
    assert "about 1 h 30 min left" in meter.text()


def test_how_long_it_takes_is_not_told_where_nobody_knows_how_many_there_are() -> None:
    clock = Clock()
    meter = Meter(clock)
    for number in range(10):
        clock.now = number * 60.0
        meter.note(done(), None)
    assert meter.text() == "10 articles, 1 a minute"


def test_more_articles_than_expected_are_no_negative_time() -> None:
    meter = Meter(Clock())
    for _ in range(3):
        meter.note(done(), 2)
    assert meter.text() == "3 of 3 articles"


def test_without_a_terminal_there_is_a_line_a_minute() -> None:
    clock, told = Clock(), io.StringIO()
    with progress_log(told, clock) as note:
        for number in range(250):
            clock.now = float(number)
            note(done(), 250)
    lines = told.getvalue().splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "extract: 61 of 250 articles",
        "extract: 121 of 250 articles",
        "extract: 181 of 250 articles",
        "extract: 241 of 250 articles",
    ]


def test_a_short_run_tells_nothing_on_its_way() -> None:
    clock, told = Clock(), io.StringIO()
    with progress_log(told, clock) as note:
        clock.now = 59.0
        note(done(), 1)
    assert told.getvalue() == ""


def test_json_is_what_it_says(tmp_path: Path) -> None:
    with replayed(0) as spilled:
        document = json.loads(files_of(spilled.findings, FORMATS["json"])[""])
        assert document == spilled.result.model_dump(mode="json")
