"""The benchmarks' runner: what is measured in which order, what becomes of a fault, and what the page shows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks import __main__ as command
from benchmarks.cases import cases, core
from benchmarks.measuring import interleaved
from benchmarks.peers import tools
from benchmarks.peers.tools import OURS, TookTooLong, ToolFault
from benchmarks.points import quality
from benchmarks.rendering import markdown, number, shown
from benchmarks.results import Aim, Machine, Measured, Point, Report, Samples, Table
from benchmarks.run import Run, run_points
from extractor.grounding import normalise

from .conftest import ROOT


def report(**points: Measured) -> Report:
    machine = Machine(processor="A | B", cores=2, memory_gib=23.5, system="Linux", python="3.11.7")
    return Report(machine=machine, versions={"ours": "0.1.0", "A peer": None}, points=points)


def measured(point: Point | None, failure: str = "") -> Measured:
    return Measured(
        point=point, began="2026-01-02T03:04:05+00:00", seconds=61.4, smoke=False, load=0.5, failure=failure
    )


POINT = Point(
    title="A point",
    method=("How.",),
    options={"A peer": "its defaults"},
    tables=(
        Table(
            caption="Times",
            head=("text", "ours"),
            rows=(
                ("4 KB", Samples(values=(1.0, 3.0, 2.0), unit="ms")),
                ("4 MB", Samples(values=(0.5,), note="one run")),
            ),
        ),
    ),
    aims=(
        Aim(aim="fast", measured="2x", met=True),
        Aim(aim="right", measured="1 of 2", met=False, reason="a | b"),
        Aim(aim="small", measured="", met=None, reason="no peer is installed"),
    ),
    notes=("A note.",),
)


# --- figures ---


def test_a_ratio_is_taken_of_what_was_measured_one_after_the_other() -> None:
    ratio = Samples(values=(2.0, 9.0, 4.0)).over(Samples(values=(1.0, 3.0, 4.0)))
    assert (ratio.values, ratio.median, ratio.spread) == ((2.0, 3.0, 1.0), 2.0, (1.0, 3.0))


def test_a_ratio_to_a_figure_measured_less_often_is_one_to_its_median() -> None:
    once = Samples(values=(10.0,), note="one run")
    assert once.over(Samples(values=(1.0, 2.0))).values == (10.0, 5.0)
    assert Samples(values=(20.0, 30.0)).over(once) == Samples(values=(2.0, 3.0), unit="x", note="one run")


def test_tools_are_measured_in_turn_and_a_slow_one_once() -> None:
    order: list[str] = []

    def taking(name: str, seconds: float) -> float:
        order.append(name)
        return seconds

    figures = interleaved(
        {"a": lambda: taking("a", 1), "slow": lambda: taking("slow", 9), "b": lambda: taking("b", 2)}, 3, "s", most=5
    )
    assert order == ["a", "slow", "b", "b", "a", "a", "b"]
    assert figures["a"] == Samples(values=(1, 1, 1), unit="s")
    assert figures["slow"] == Samples(values=(9,), unit="s", note="one run")


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1234.5, "1,234"), (99.96, "100"), (12.345, "12.3"), (0.01234, "0.0123"), (0.000012, "1.2e-05")],
)
def test_numbers_have_three_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text


def test_a_cell_tells_median_unit_spread_and_note() -> None:
    assert shown(Samples(values=(1.0, 3.0, 2.0), unit="ms")) == "2 ms (1 to 3)"
    assert shown(Samples(values=(5.0,), note="one run")) == "5 (one run)"
    assert shown(Samples(values=(5.0, 5.0))) == "5"


# --- the page ---


def test_the_page_tells_aims_figures_options_and_what_is_missing() -> None:
    page = markdown(report(first=measured(POINT), second=measured(None, "ValueError: no")))
    assert "Machine: A | B, 2 cores, 23.5 GiB; Linux, Python 3.11.7." in page
    assert "Versions: ours 0.1.0, A peer (not installed)." in page
    assert "python -m benchmarks --install" in page
    assert "| first | fast | 2x | yes |  |" in page
    assert "| first | right | 1 of 2 | **no** | a \\| b |" in page
    assert "| first | small |  | not measured | no peer is installed |" in page
    assert "## A point" in page
    assert "- A peer: its defaults" in page
    assert "| 4 KB | 2 ms (1 to 3) |\n| 4 MB | 0.5 (one run) |" in page
    assert "- A note." in page
    assert "**Could not be measured.** ValueError: no" in page


def test_results_are_read_back_as_they_were() -> None:
    made = report(first=measured(POINT), second=measured(None, "no"))
    assert Report.model_validate_json(made.model_dump_json()) == made


def test_a_point_that_fails_is_told_and_the_others_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[Path] = []

    def works(run: Run) -> Point:
        folders.append(run.folder())
        assert folders[0].is_dir()
        return POINT

    def fails(run: Run) -> Point:
        raise ValueError("no such text")

    for name, measure in {"one": fails, "two": works}.items():
        module = ModuleType(name)
        module.measure = measure  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, f"points_of_a_test.{name}", module)
    made = run_points({name: f"points_of_a_test.{name}" for name in ("one", "two")}, smoke=True)
    assert made.points["one"].failure == "ValueError: no such text"
    assert (made.points["two"].point, made.points["two"].smoke) == (POINT, True)
    assert not folders[0].exists()


# --- the command ---


@pytest.fixture
def _no_peers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where no peer is installed; what is measured is one case."""
    monkeypatch.setattr(tools, "_ENVIRONMENTS", tmp_path / "environments")
    monkeypatch.setattr(quality, "cases", lambda smoke: cases(smoke=True)[-3:])


@pytest.mark.usefixtures("_no_peers")
def test_a_smoke_run_prints_its_tables_and_keeps_its_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results.json"
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--smoke", "--only", "quality", "--results", str(results)])
    assert command.main() == 0
    told = capsys.readouterr()
    assert "LangExtract is not installed and is left out: python -m benchmarks --install" in told.err
    assert "| quality | no wrong span | 0 of 3 | yes |  |" in told.out
    kept = Report.model_validate_json(results.read_bytes())
    assert markdown(kept) == told.out
    assert kept.versions["LangExtract"] is None
    assert kept.points["quality"].point is not None


@pytest.mark.usefixtures("_no_peers")
def test_a_point_measured_alone_joins_the_others_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results.json"
    results.write_text(report(quality=measured(None, "old"), cost=measured(POINT)).model_dump_json())
    monkeypatch.setattr(sys, "argv", ["benchmarks", "--smoke", "--only", "quality", "--results", str(results)])
    assert command.main() == 0
    points = json.loads(results.read_bytes())["points"]
    assert points["cost"]["point"]["title"] == "A point"
    assert points["quality"]["failure"] == ""


def test_the_command_tells_its_points() -> None:
    command_line = [sys.executable, "-m", "benchmarks", "--help"]
    told = subprocess.run(command_line, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "quality, speed, overhead" in " ".join(told.split())


# --- the tools ---


def test_a_tool_answers_in_a_process_of_its_own_and_tells_its_faults() -> None:
    with OURS.start() as process:
        text = "The envoys left. Moscow was calm."
        assert process.call("ground", text=text, records=[["Moscow was calm", "Moscow was tense"]]) == [
            [[17, 32], None]
        ]
        with pytest.raises(ToolFault, match="KeyError: 'sing'"):
            process.call("sing")
        assert process.call("ground", text="A word.", records=[["word"]]) == [[[2, 6]]]
        process.kill()
        with pytest.raises(ToolFault, match="ended"):
            process.call("ground", text="A word.", records=[["word"]])


def test_a_tool_that_gives_no_answer_in_its_time_is_ended() -> None:
    with OURS.start() as process:
        with pytest.raises(TookTooLong, match="no answer within 0 s"):
            process.call("ground", timeout=0.0, text="A word.", records=[["word"]])
        with pytest.raises(ToolFault, match="ended"):
            process.call("ground", text="A word.", records=[["word"]])


# --- the cases of grounding ---


def test_the_cases_say_truly_what_stands_where() -> None:
    asked = [(case, quotation) for case in cases() for quotation in case.quotations]
    assert len(asked) > 1400
    for case, quotation in asked:
        if "changed" in case.group or "another article" in case.group:
            assert not quotation.places, case.group
        else:
            assert quotation.places, case.group
        for place in quotation.places:
            low, high = core(case.text, place)
            # Points on one side are what their cases are about.
            if "niqqud" not in case.group:
                assert normalise(case.text[low:high]) in normalise(quotation.words), case.group
