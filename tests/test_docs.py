"""The pages of docs/ say what the code says: fields, rules, commands and the files they point to."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pydantic import BaseModel

from extractor.consolidation.rules import ACT_RULES, STATEMENT_RULES, Rule
from extractor.schema.claims import ActionFields, Actor, SanctionFields, StatementFields
from extractor.schema.records import Record

from .conftest import ROOT, Finished

PAGES = sorted(
    [*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "gold" / "README.md", *ROOT.glob("*/README.md")]
)


def fields_table(model: type[BaseModel]) -> str:
    """The fields of a model as a table in Markdown, in the words of the JSON Schema."""
    rows = [f"| `{name}` | {_cell(field.description or '')} |" for name, field in model.model_fields.items()]
    return "\n".join(["| field | |", "|---|---|", *rows])


def rules_table(rules: Sequence[Rule]) -> str:
    """Rules and their points as a table in Markdown."""
    rows = [f"| {rule.name} | {'-' if rule.points is None else rule.points} |" for rule in rules]
    return "\n".join(["| rule | points |", "|---|---|", *rows]) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


@pytest.mark.parametrize("model", [Record, ActionFields, SanctionFields, StatementFields, Actor])
def test_the_page_on_records_has_every_field_in_the_schemas_words(model: type[BaseModel]) -> None:
    assert fields_table(model) in (ROOT / "docs" / "records.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rules", [ACT_RULES, STATEMENT_RULES], ids=["acts", "statements"])
def test_the_page_on_events_has_every_rule_with_its_points(rules: Sequence[Rule]) -> None:
    assert rules_table(rules) in (ROOT / "docs" / "events.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_points_to_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []
    named = re.findall(r"`((?:extractor|gold|docs|prompts|tests|benchmarks|examples)/[\w/.-]+\.\w+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_option_that_the_pages_name_is_an_option(extract: Callable[..., Finished]) -> None:
    commands = ["", *"show convert report eval compare gold fixtures codes models schema prompts".split()]
    deeper = [
        *(f"batch {name}" for name in ("export", "submit", "status", "import")),
        *(f"cache {name}" for name in ("info", "clear")),
        *(f"fixtures {name}" for name in ("check", "prune", "show", "export", "import")),
        *(f"gold {name}" for name in ("check", "draft", "import")),
    ]
    helps = " ".join(extract(*command.split(), "--help").out for command in [*commands, *deeper])
    own = set(re.findall(r"--[a-z][\w-]+", helps))
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    # Of git, pytest and this project's own scripts.
    of_others = set("--exit-code --llm-record --lf --ff --quiet --browser --rounds --articles".split())
    of_others |= {"--install", "--only", "--long", "--smoke", "--cached", "--chars-per-token"}
    assert set(re.findall(r"(?<![\w-])--[a-z][\w-]+", text)) - own - of_others == set()
