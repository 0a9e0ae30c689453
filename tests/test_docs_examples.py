"""Every command and example of README and of the pages in docs/ works, and prints what the page shows.

`docs/formats.md` has a module of its own. README's commands in `sh` install the project, and CI runs them. What stands
in `console` needs a key or the network.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import ROOT

PAGES = [ROOT / "README.md", *sorted(page for page in (ROOT / "docs").glob("*.md") if page.name != "formats.md")]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# A second output is made of recordings that were changed; `tests/test_compare.py` shows the like.
NOT_MADE = "$ extract compare events.json changed.json"


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader has it who has run the main job."""
    folder = tmp_path_factory.mktemp("reader")
    for name in ("seeds", "fixtures", "gold"):
        (folder / name).symlink_to(ROOT / name)
    bash("extract seeds/ --out events.json", folder)
    return folder / "events.json"


@pytest.fixture
def folder(events: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path in events.parent.iterdir():
        if path.is_dir():
            (tmp_path / path.name).symlink_to(path.resolve())
    shutil.copy(events, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def bash(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code], cwd=folder, env={**environment, "PATH": path, "COLUMNS": "80"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done


def squeezed(text: str) -> str:
    return " ".join(text.split())


def blocks(page: Path, *languages: str) -> list[tuple[str, str]]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [(language, code) for language, code in found if language in languages]


def with_examples() -> Iterator[Any]:
    for page in PAGES:
        languages = ("python", "r") if page.name == "README.md" else ("sh", "python", "r")
        if found := blocks(page, *languages):
            yield pytest.param(found, id=page.name)


@pytest.mark.parametrize("examples", [*with_examples()])
def test_every_example_works_in_its_order(examples: list[tuple[str, str]], folder: Path) -> None:
    for language, code in examples:
        if language == "sh":
            done = bash(code, folder)
            assert done.returncode == 0, f"{code}\n{done.stderr}"
        elif language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile(code, "docs", "exec"), {})  # noqa: S102 - the page's own examples
            assert out.getvalue().strip()
        elif has_r():
            (folder / "example.R").write_text(code, encoding="utf-8")
            told = bash("Rscript example.R", folder)
            assert told.returncode == 0 and told.stdout.strip(), told.stderr


def has_r() -> bool:
    """Whether R can be run here, with the package that the examples use."""
    if shutil.which("Rscript") is None:
        return False
    command = ["Rscript", "-e", "if (!requireNamespace('readr', quietly = TRUE)) quit(status = 1)"]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0


def with_output() -> Iterator[Any]:
    for page in PAGES:
        for _, code in blocks(page, ""):
            if code.startswith("$ ") and not code.startswith(NOT_MADE):
                command, _, shown = code.partition("\n")
                yield pytest.param(command.removeprefix("$ "), shown, id=f"{page.name}: {command[2:]}")


@pytest.mark.parametrize(("command", "shown"), [*with_output()])
def test_a_command_prints_what_the_page_shows(command: str, shown: str, folder: Path) -> None:
    shutil.copytree(ROOT / "prompts", folder / "my-prompts")
    with (folder / "my-prompts" / "system.md").open("a", encoding="utf-8") as prompt:
        prompt.write("\nBe brief.\n")
    done = bash(command, folder)
    assert done.returncode in (0, 3)
    # Paths that a terminal would break stand unbroken on the page.
    assert re.sub(r"\s", "", shown) in re.sub(r"\s", "", done.stdout + done.stderr)


def test_every_page_is_in_the_readme_s_list() -> None:
    listed = set(re.findall(r"\]\(docs/([\w-]+\.md)\)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {page.name for page in (ROOT / "docs").glob("*.md")} == listed


def test_the_summary_is_the_one_that_the_readme_shows(folder: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = next(code for _, code in BLOCK.findall(readme) if code.startswith("No model is named:"))
    done = bash("extract seeds/ --out events-again.json", folder)
    assert squeezed(shown).replace("events.json", "events-again.json") == squeezed(done.stderr)
