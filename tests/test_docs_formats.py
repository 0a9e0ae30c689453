"""docs/formats.md: every command and example in it works, in its order, and its tables are the registries'."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from extractor.readers import READERS
from extractor.writers import FORMATS

from .conftest import ROOT

PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_every_example_works_in_its_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.chdir(tmp_path)
    for name in ("seeds", "fixtures"):
        (tmp_path / name).symlink_to(ROOT / name)
    told = dict[str, str]()
    for language, code in BLOCKS:
        if language == "sh":
            _run(code, tmp_path)
        elif language == "python":
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(compile(code, "docs/formats.md", "exec"), {})  # noqa: S102 - the page's own examples
            told[code] = out.getvalue()
        elif language == "sql":
            told[code] = "\n".join(map(str, duckdb.sql(code).fetchall()))
        else:
            assert language == "r", f"what runs {language}?"
    assert len(told) == 5
    networks, frames, nested, lines, library = told.values()
    assert "carried_out United States -> Russian diplomats" in networks and "ruled_out Russia -> " in networks
    assert "RUS" in frames and "2016-12-30" in frames
    assert nested.count(", 35)") == 4 and nested.count("2016-12-29") == 2
    assert len(lines.splitlines()) == 3
    assert library == "79 records of 5 articles\n"


def _run(code: str, folder: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True,
        text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{code}\n{done.stderr}"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_in_the_table_with_its_endings(name: str) -> None:
    fmt = FORMATS[name]
    (row,) = [line for line in PAGE.splitlines() if line.startswith("|") and f"`{name}`" in line.split("|")[1]
              and fmt.suffixes[0] in line.split("|")[2]][:1]  # fmt: skip
    assert all(f"`{suffix}`" in row for suffix in fmt.suffixes)
    assert (f"[{fmt.extra}]" in row) == bool(fmt.extra)
    assert row.rstrip("| ").endswith("yes") == fmt.lossless


def test_the_command_s_help_names_every_format() -> None:
    from extractor.cli.commands import OutputFormat
    from extractor.cli.inputs import InputFormat

    for option, registry in ((OutputFormat, FORMATS), (InputFormat, READERS)):
        named = option.__metadata__[0].help.partition(": ")[2].rstrip(".").split(", ")
        assert named == list(registry)


@pytest.mark.parametrize("name", READERS)
def test_every_input_is_in_the_table_with_its_endings(name: str) -> None:
    fmt = READERS[name]
    (row,) = [line for line in PAGE.partition("\n## In\n")[2].splitlines() if line.startswith(f"| `{name}` |")]
    assert all(f"`{suffix}`" in row for suffix in fmt.suffixes)
    assert (f"[{fmt.extra}]" in row) == bool(fmt.extra)
