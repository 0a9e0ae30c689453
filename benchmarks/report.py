"""Make the report on a large synthetic output, and measure it in a browser.

Usage: python benchmarks/report.py [--articles 2000] [--browser]

The output is that of the seeds again and again, with ids, dates and countries of its own each time. With --browser,
headless Chromium opens the page: time until it can be used, and from a filter's change until its result is painted.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import shutil
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import extractor
from extractor.report import report_html
from extractor.schema.output import ExtractionResult

_ROOT = Path(__file__).parents[1]
_STATES = (
    ("FRA", "France"), ("NOR", "Norway"), ("ITA", "Italy"), ("ESP", "Spain"), ("POL", "Poland"), ("JPN", "Japan"),
    ("IND", "India"), ("EGY", "Egypt"), ("BRA", "Brazil"), ("CHL", "Chile"), ("KEN", "Kenya"), ("MEX", "Mexico"),
)  # fmt: skip
_ID = re.compile(r"\b(art|act|san|sta|evt|who)-([0-9a-f]{12})\b")
_DAY = re.compile(r"\b(201[67]-\d\d-\d\d)\b")
_FILTERS = {
    "text": ("text", "diplomats poland"),
    "text with a hit in every article": ("text", "diplomats"),
    "type": ("type", "sanction"),
    "actor": ("actor", "putin"),
    "date": ("from", "2020-01-01"),
    "none": ("text", ""),
}


def synthetic(articles: int) -> ExtractionResult:
    """An output of about so many articles."""
    seeds = extractor.extract(
        _ROOT / "seeds", mode="replay", model="compatible/claude", fixtures=_ROOT / "fixtures"
    ).model_dump_json()
    copies = [_copy(seeds, number) for number in range(max(1, articles // 5))]
    whole = copies[0] | {name: [] for name in ("articles", "records", "actors", "events", "rejected")}
    for copy in copies:
        for name in ("articles", "records", "actors", "events", "rejected"):
            whole[name] += copy[name]
    return ExtractionResult.model_validate(whole)


def _copy(text: str, number: int) -> dict[str, Any]:
    (one, first), (other, second) = _STATES[number % 12], _STATES[(number * 5 + 1 + number // 12) % 12]
    text = _ID.sub(lambda found: f"{found[1]}-{number:04x}{found[2][4:]}", text)
    text = _DAY.sub(lambda found: str(date.fromisoformat(found[1]) + timedelta(7 * number)), text)
    if number:
        for old, new in (("RUS", one), ("USA", other), ("Russia", first), ("United States", second)):
            text = text.replace(f'"{old}"', f'"{new}"')
    copy: dict[str, Any] = json.loads(text)
    for article in copy["articles"]:
        article["name"] = f"{number:04d}-{article['name']}"
    return copy


def measure_in_browser(page: Path) -> None:
    """Open the page and print what it takes."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--window-size=1280,900"):
        options.add_argument(flag)
    with tempfile.TemporaryDirectory() as profile:
        options.add_argument(f"--user-data-dir={profile}")
        # Named outright: selenium would look for one on the network.
        driver = shutil.which("chromedriver")
        if driver is None:
            raise SystemExit("There is no chromedriver; apt-get install chromium chromium-driver.")
        browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
        try:
            browser.get(page.as_uri())
            ready = browser.execute_script("return performance.getEntriesByType('navigation')[0].domInteractive")
            print(f"opened, all parts shown and filters ready: {ready / 1000:.2f} s")
            heap = browser.execute_script("return performance.memory.usedJSHeapSize") / 1e6
            nodes = browser.execute_script("return document.querySelectorAll('*').length")
            print(f"script memory {heap:.0f} MB, {nodes:,} elements")
            for name, (field, value) in _FILTERS.items():
                took, count = browser.execute_async_script(_CHANGE, field, value)
                print(f"filter by {name}: {took:.0f} ms ({count})")
        finally:
            browser.quit()


# From the change, without the pause that typing waits for, to the second frame after it, which shows the result.
_CHANGE = """
const [field, value, done] = arguments;
const form = document.getElementById('filters');
form.reset();
form.elements[field].value = value;
const began = performance.now();
form.elements.type.dispatchEvent(new Event('input', { bubbles: true }));
setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => {
  done([performance.now() - began, document.getElementById('count').textContent]);
})));
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--keep", type=Path, help="Where the page stays.")
    given = parser.parse_args()
    result = synthetic(given.articles)
    began = time.perf_counter()
    page = report_html(result)
    took = time.perf_counter() - began
    print(f"{len(result.articles):,} articles, {len(result.records):,} records, {len(result.events):,} events")
    print(f"page of {len(page) / 1e6:.1f} MB, made in {took:.1f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    with tempfile.TemporaryDirectory() as folder:
        path = given.keep or Path(folder, "report.html")
        path.write_bytes(page)
        if given.browser:
            measure_in_browser(path)


if __name__ == "__main__":
    main()
