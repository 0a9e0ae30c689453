"""Hostile text in every string of an output, shown on the page in headless Chromium: nothing of it runs or loads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import extractor
from extractor.report import report_html
from extractor.schema.output import ExtractionResult

from .browser import Browser, chromium
from .conftest import FIXTURES, SEEDS

__all__ = ["chromium"]

PAYLOADS = {
    "image": '<img src=x onerror="window.hit=1">',
    "script": "</script><script>window.hit=1</script>",
    "style": "</style><svg onload=window.hit=1><style>*{background:url(http://127.0.0.1:9/)}</style>",
    "attribute": "\"' autofocus onfocus='window.hit=1' style=position:fixed x=\"",
    "comment": "<!--<script>--><iframe srcdoc='<script>parent.hit=1</script>'>",
    "address": "javascript:window.hit=1",
    "template": "{{ 7 * 7 }}{% raw %}${window.hit=1}`;window.hit=1;//",
    "json": '","x":1}</script>\\u003cimg src=x onerror=window.hit=1\\u003e\\',
    "unseen": "\x00\x1b[2J\u202e\u2028<b>\u2066\ufeff",
    "prototype": "__proto__",
    "selector": '"],*{}:has(x)\\',
}
ID = re.compile(r"(art|act|san|sta|evt|who)-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def seeds() -> dict[str, Any]:
    result = extractor.extract(SEEDS, mode="replay", model="compatible/claude", fixtures=FIXTURES)
    data = result.model_dump(mode="json")
    article, record = data["articles"][0]["id"], data["records"][0]
    # The seeds have no failure, and nothing of them was rejected.
    data["articles"][-1] |= {"outcome": "partial", "failure": {"kind": "x", "message": "x"}}
    rejected = {"article": article, "type": record["type"], "field": "/x", "reason": "x", "message": "x"}
    data["rejected"] = [
        rejected | {"record": record["id"], "value": "x"},
        rejected | {"record": None, "value": {"x": ["x"]}},
    ]
    data["events"][0]["undecided"] = [record["id"]]
    return data


def hostile(data: dict[str, Any], payload: str) -> tuple[ExtractionResult, int]:
    """The output with the payload in every string that the schema leaves open, and how many these are.

    Ids stay different from one another and refer to what they did.
    """
    ids: dict[str, str] = {}

    def changed(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: changed(part, name) for name, part in value.items()}
        if isinstance(value, list):
            return [changed(part, key) for part in value]
        if not isinstance(value, str) or key in ("type", "schema_version"):
            return value
        return ids.setdefault(value, f"{payload}{len(ids)}") if ID.fullmatch(value) else payload

    document = changed(data)
    while True:
        try:
            return ExtractionResult.model_validate(document), sum(payload in text for text in strings(document))
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                _restore(document, data, problem["loc"])


def _restore(document: Any, data: Any, place: tuple[int | str, ...]) -> None:
    """Put back what stood at a place of a closed vocabulary; the place names the members of unions, too."""
    steps = [step for step in place if step not in ("diplomatic_action", "sanction", "statement")]
    for step in steps[:-1]:
        document, data = document[step], data[step]
    assert isinstance(data[steps[-1]], str)
    document[steps[-1]] = data[steps[-1]]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_text_is_shown_and_never_runs(
    chromium: Browser, seeds: dict[str, Any], tmp_path: Path, payload: str
) -> None:
    result, replaced = hostile(seeds, payload)
    # All but the words of closed vocabularies: status, kind, realis and their like.
    assert replaced > 0.6 * sum(1 for _ in strings(seeds))
    page = tmp_path / "report.html"
    page.write_bytes(report_html(result, title=payload))
    chromium.open(page)
    chromium.js(
        """
        document.getElementById('varied').click();
        document.querySelectorAll('.more:not([hidden]), summary, .open-article, .source').forEach((e) => e.click());
        document.querySelectorAll('#reader .words').forEach((e) => e.click());
        document.querySelectorAll('#reader-notes button, .number').forEach((e) => e.click());
        document.getElementById('clear').click();
        """
    )
    chromium.go_to(result.events[0].id)
    chromium.js("dispatchEvent(new Event('beforeprint'))")
    chromium.settle()
    assert chromium.js("return window.hit") is None
    made = "img, iframe, object, embed, link, base, b, script[src], [onerror], [onfocus], [onload], [srcdoc], [style]"
    assert chromium.all(made) == []
    assert len(chromium.all("script")) == 1 and len(chromium.all("style")) == 1
    # A violation of the page's policy would mean that a text had become markup.
    assert chromium.complaints() == [] and chromium.requests(page) == []
    assert len(chromium.all(".event")) == len(result.events)
    shown = re.sub("[\x00-\x08\x0b-\x1f\u2028-\u202e\u2066-\u2069]", "\ufffd", payload)
    assert str(chromium.js("return document.body.textContent")).count(shown) > 200
    assert chromium.js("return document.title") == shown.strip() or "\ufffd" in shown


def test_empty_strings_and_empty_lists_make_a_page(chromium: Browser, seeds: dict[str, Any], tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    result, _ = hostile(seeds, "")
    page.write_bytes(report_html(result))
    chromium.open(page)
    chromium.js(
        "document.querySelectorAll('.more:not([hidden]), summary, .open-article, .source').forEach((e) => e.click())"
    )
    assert len(chromium.all(".event")) == len(result.events)
    assert chromium.complaints() == []
    empty = result.model_copy(update={name: [] for name in ("articles", "records", "actors", "events", "rejected")})
    page.write_bytes(report_html(empty))
    chromium.open(page)
    assert "The articles tell of no events." in chromium.texts("#events .note")
    assert chromium.complaints() == []
