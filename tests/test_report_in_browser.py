"""The report page as its readers use it, in headless Chromium: filters, words and back, keyboard, phone, paper, axe."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import extractor
from extractor.report import report_html
from extractor.schema.events import Event
from extractor.schema.output import ExtractionResult

from .browser import Browser, Keys, axe, chromium
from .conftest import FIXTURES, SEEDS, Service, action, actor, answer, statement

__all__ = ["axe", "chromium"]

ARABIC = 'بيروت، 14 مايو 2024 - أعلن لبنان طرد ثلاثة دبلوماسيين.\n\nوقال الوزير بو حبيب إن "القرار نهائي".\n'
CHINESE = "🙂🙂 北京，2024年5月14日电——中国外交部宣布驱逐两名加拿大外交官。\r\n发言人汪文斌表示：“加方必须停止干涉。”\n"


@pytest.fixture(scope="module")
def result() -> ExtractionResult:
    return extractor.extract(SEEDS, mode="replay", model="compatible/claude", fixtures=FIXTURES)


@pytest.fixture(scope="module")
def seeds(result: ExtractionResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(result, tmp_path_factory.mktemp("seeds"))


@pytest.fixture
def foreign(serve: Callable[[Callable[[dict[str, Any]], Any]], Service], tmp_path: Path) -> ExtractionResult:
    """Articles in Arabic and Chinese, with records of each and an invented one."""
    (tmp_path / "ar.txt").write_bytes(ARABIC.encode())
    (tmp_path / "zh.txt").write_bytes(CHINESE.encode())
    service = serve(foreign_answer)
    return extractor.extract(tmp_path, model="compatible/test", base_url=service.url, fixtures=tmp_path / "fixtures")


def foreign_answer(body: dict[str, Any]) -> Any:
    if "بيروت" in str(body["messages"]):
        said = statement("وقال الوزير بو حبيب", speaker=actor("بو حبيب", kind="person"), content="القرار نهائي")
        return answer(actions=[action("أعلن لبنان طرد ثلاثة دبلوماسيين", actors=[actor("لبنان")])], statements=[said])
    told = action(
        "中国外交部宣布驱逐两名加拿大外交官", status="announced", actors=[actor("中国外交部")], places=["北京"]
    )
    return answer(actions=[told, action("法国驱逐九名外交官")])


def written(result: ExtractionResult, folder: Path) -> Path:
    page = folder / "report.html"
    page.write_bytes(report_html(result))
    return page


def an_act(result: ExtractionResult, kind: str, status: str) -> Event:
    return next(event for event in result.events if (event.kind, event.status) == (kind, status))


def number_of(result: ExtractionResult, event: Event) -> int:
    return result.events.index(event)


# --- what it shows ---


def test_what_happened_stands_apart_from_what_did_not_and_what_was_said(
    chromium: Browser, seeds: Path, result: ExtractionResult
) -> None:
    chromium.open(seeds)
    acts = [event for event in result.events if event.type != "statement"]
    assert len(chromium.all(".group.done .event")) == sum(event.occurred for event in acts)
    assert len(chromium.all(".group.open .event")) == sum(not event.occurred for event in acts)
    assert [text.split(":")[0] for text in chromium.texts(".group.open h4")] == [
        "Ruled out",
        "Proposed",
        "Hypothetical",
    ]
    assert not any("uled out" in text for text in chromium.texts(".group.done h4"))
    assert chromium.complaints() == [] and chromium.requests(seeds) == []


def test_conflicts_come_first_and_stand_side_by_side(chromium: Browser, seeds: Path) -> None:
    chromium.open(seeds)
    first = chromium.one(".group.done .event")
    assert "Departure of 35 diplomats" in first.text and "Sources in conflict: date" in first.text
    assert first.find_element("class name", "who").text == "Russia leaving United States"
    table = chromium.one(".difference.conflict table")
    readings = [cell.text for cell in table.find_elements("tag name", "td")]
    assert [text.split("\n")[0] for text in readings] == ["1 January 2017", "2 January 2017"]
    assert chromium.texts(".difference.conflict mark") == ["on Sunday", "on Monday"]
    before = len(chromium.all(".difference"))
    # How far an act had come is no matter of wording: it stands here without being asked for.
    stages = next(row.text for row in chromium.all(".difference.stages") if "ruled out expelling anyone" in row.text)
    assert "Proposed" in stages and "Lavrov" in stages
    chromium.click("#varied")
    assert len(chromium.all(".difference.varied")) > 0 and len(chromium.all(".difference")) > before


def test_done_by_one_source_and_not_by_another_is_a_conflict(
    chromium: Browser, result: ExtractionResult, tmp_path: Path
) -> None:
    data = result.model_dump(mode="json")
    event = next(event for event in data["events"] if event["status"] == "ruled_out")
    event["contested"] = True
    event["history"][0]["status"] = "carried_out"
    chromium.open(written(ExtractionResult.model_validate(data), tmp_path))
    card = chromium.one(".group.disputed .event")
    assert "Done by one source, not by another" in card.text and "Disputed: expulsion of 35" in card.text
    # The words of either side, and a count of its own: it neither happened nor did it not.
    assert len(card.find_elements("tag name", "blockquote")) == 2
    assert chromium.texts(".figures .conflict a")[0] == "1"
    assert len(chromium.all(".group.open .event")) == 2
    row = next(row for row in chromium.all(".difference.conflict") if "Whether it happened" in row.text)
    values = [cell.text.split("\n")[0] for cell in row.find_elements("tag name", "td")]
    assert values == ["Carried out", "Proposed", "Ruled out"]
    chromium.js("document.querySelector('[name=conflict]').click()")
    chromium.settle()
    assert len(chromium.all(".event")) == 2


def test_an_article_has_its_paper_its_day_and_the_way_to_it(
    chromium: Browser, result: ExtractionResult, tmp_path: Path
) -> None:
    data = result.model_dump(mode="json")
    told = {"publisher": "The Harbour Post", "author": "Ines Falk", "title": "Envoys leave"}
    urls = ("https://harbour.example/1", "javascript:alert(1)")
    for article, url in zip(data["articles"], urls, strict=False):
        article["metadata"] |= told | {"url": url}
        article["published"] = {"value": "2017-01-02", "text": "2 January", "basis": "metadata"}
        article["published"] |= {"start": None, "end": None}
    chromium.open(written(ExtractionResult.model_validate(data), tmp_path))
    assert chromium.texts("#papers button")[:3] == ["The Harbour Post 1", "The Harbour Post 2", "002"]
    assert "published 2 January 2017" in chromium.one("#papers li").text
    links = []
    for button in chromium.all("#papers button")[:2]:
        chromium.click(button)
        assert "The Harbour Post, Ines Falk · published 2 January 2017" in chromium.one("#reader-meta").text
        links.append([link.get_attribute("href") for link in chromium.all("#reader-original a")])
    assert links == [["https://harbour.example/1"], []]


def test_a_step_without_a_day_has_the_words_of_its_article(chromium: Browser, seeds: Path) -> None:
    chromium.open(seeds)
    days = [
        row.text.split("\n")[1]
        for row in chromium.one(".group.done .event").find_elements("css selector", ".history li")
    ]
    assert days == ["“on Sunday”", "2 January 2017"]


def test_the_words_that_are_shown_carry_the_status(chromium: Browser, seeds: Path) -> None:
    chromium.open(seeds)
    easing = next(card for card in chromium.all(".group.open .event") if "easing of sanctions" in card.text)
    assert "could theoretically reverse" in easing.find_element("tag name", "blockquote").text


def test_an_article_that_failed_is_named_with_its_reason(
    chromium: Browser, result: ExtractionResult, tmp_path: Path
) -> None:
    data = result.model_dump(mode="json")
    lost = {"outcome": "failed", "text": "", "failure": {"kind": "refusal", "message": "The model refused."}}
    data["articles"].append(data["articles"][0] | lost | {"id": "art-0", "name": "lost.txt", "anchor": None})
    chromium.open(written(ExtractionResult.model_validate(data), tmp_path))
    assert "1 could not be read" in chromium.one(".deck").text
    assert chromium.texts(".failure") == [" could not be read: The model refused."]


def test_the_timeline_is_in_order_and_its_bars_narrow_the_dates(chromium: Browser, seeds: Path) -> None:
    chromium.open(seeds)
    days = chromium.texts(".day h3")
    assert days[:3] == ["2010", "Since 2014", "29 December 2016"] and days[-1] == "Without a date"
    bar = next(bar for bar in chromium.all("#bars button") if "2017" in (bar.get_attribute("title") or ""))
    chromium.click(bar)
    chromium.settle()
    assert set(chromium.texts(".event h4")) == {"Departure of 35 diplomats"}
    assert chromium.one("[name=from]").get_attribute("value") == "2017-01-01"


def test_what_was_rejected_is_shown_with_its_reason(
    chromium: Browser, foreign: ExtractionResult, tmp_path: Path
) -> None:
    chromium.open(written(foreign, tmp_path))
    (row,) = chromium.all("#rejections tbody tr")
    (item,) = foreign.rejected
    assert item.message in row.text and "法国驱逐九名外交官" in row.text and "zh" in row.text


# --- filters ---


@pytest.mark.parametrize(
    ("filters", "takes"),
    [
        ({"type": "sanction"}, lambda event: event.type == "sanction"),
        ({"status": "off:ruled_out"}, lambda event: event.status == "ruled_out"),
        ({"status": "standing:done"}, lambda event: event.type != "statement" and event.occurred),
        ({"from": "2017-01-01"}, lambda event: event.date == "[2017-01-01,2017-01-02]"),
        ({"to": "2010-06-01"}, lambda event: event.date == "2010"),
        ({"text": "no such words at all"}, lambda event: False),
    ],
    ids=["type", "status", "standing", "from", "to", "none"],
)
def test_a_filter_leaves_the_events_that_fit(
    chromium: Browser, seeds: Path, result: ExtractionResult, filters: dict[str, str], takes: Callable[[Event], bool]
) -> None:
    chromium.open(seeds)
    chromium.filter(**filters)
    shown = {int(card.get_attribute("id").removeprefix("event-")) for card in chromium.all(".event")}
    assert shown == {number for number, event in enumerate(result.events) if takes(event)}
    assert chromium.one("#count").text.startswith(f"{len(shown)} of {len(result.events)} events")


def test_text_is_found_in_any_order_and_without_accents_and_actors_by_any_name(chromium: Browser, seeds: Path) -> None:
    chromium.open(seeds)
    chromium.filter(text="AGONY  déath", type="statement")
    found = chromium.texts(".event .who")
    assert found and all("Medvedev" in text for text in found)
    chromium.filter(actor="lavrov")
    assert any("acility restriction" in text for text in chromium.texts(".event h4"))
    assert 0 < len(chromium.all(".event")) < 10


def test_an_arrow_and_a_number_narrow_the_page_to_what_they_count(chromium: Browser, seeds: Path) -> None:
    chromium.open(seeds)
    row = next(row for row in chromium.all(".dyads tbody tr") if row.text.startswith("Russia United States"))
    button = row.find_element("css selector", "button.done")
    count = button.text.split(":")[0].strip()
    chromium.click(button)
    chromium.settle()
    assert len(chromium.all(".event")) == int(count)
    assert chromium.focused.text.startswith("From Russia to United States, what happened")
    chromium.focused.click()
    chromium.settle()
    drawn = [text for text in chromium.texts(".edge:not(.none) text") if text != "0"]
    assert len(drawn) == len(chromium.all(".edge"))


# --- from a field to its words and back ---


def test_a_field_leads_to_its_words_and_back(chromium: Browser, seeds: Path, result: ExtractionResult) -> None:
    chromium.open(seeds)
    event = an_act(result, "expulsion", "carried_out")
    card = chromium.one(f"#event-{number_of(result, event)}")
    chromium.click(card.find_element("tag name", "summary"))
    chip = card.find_element("css selector", "tr[data-field=count] .source")
    record = result.records[int(chip.get_attribute("data-record") or "")]
    chromium.click(chip)
    article = next(article for article in result.articles if article.id == record.article)
    span = next(span for span in record.spans if span.field == "/count")
    assert "".join(chromium.texts(".hit")) == article.text[span.start : span.end]
    assert chromium.one("#reader-title").text == article.name
    assert "hit" in (chromium.focused.get_attribute("class") or "")
    chromium.press(Keys.ESCAPE)
    assert chromium.focused == chip
    assert chromium.all(".hit") == []


def test_words_lead_to_the_field_that_they_give(chromium: Browser, seeds: Path, result: ExtractionResult) -> None:
    chromium.open(seeds)
    chromium.filter(type="sanction")
    number = number_of(result, an_act(result, "departure", "carried_out"))
    target = "[...document.querySelectorAll('#reader .words.field')].find((e) => e.textContent === 'on Monday')"
    chromium.js(f"{target}.click()")
    choices = chromium.all("#reader-notes button")
    choice = next(choice for choice in choices if choice.text.startswith("Date of Departure"))
    chromium.click(choice)
    # What the filters hid is shown again, and the field is where the keyboard stands.
    place = chromium.js("return document.activeElement.closest('tr').dataset.field")
    assert place == "date"
    assert chromium.js("return document.activeElement.closest('.event').id") == f"event-{number}"
    assert chromium.one("#count").text == f"{len(result.events)} events"


def test_overlapping_passages_leave_the_text_whole(chromium: Browser, result: ExtractionResult, tmp_path: Path) -> None:
    chance = random.Random(7)
    data = result.model_dump(mode="json")
    for article in data["articles"]:
        letters = "ab c𝒳é\n中 ا.🙂"
        article["text"] = "".join(chance.choice(letters) for _ in range(300))
    texts = {article["id"]: article["text"] for article in data["articles"]}
    for record in data["records"]:
        for span in (*record["evidence"], *record["spans"]):
            span["start"] = chance.randrange(290)
            span["end"] = span["start"] + chance.randrange(1, 80)
        for item in record["evidence"]:
            item["quote"] = texts[record["article"]][item["start"] : item["end"]]
    chromium.open(written(ExtractionResult.model_validate(data), tmp_path))
    for article in data["articles"]:
        chromium.js(
            "[...document.querySelectorAll('.open-article')].find((e) => e.textContent === arguments[0]).click()",
            article["name"],
        )
        shown = chromium.js("return document.getElementById('reader-text').textContent")
        assert shown == article["text"].replace("\n", "")
        chip = "document.querySelectorAll('.group .event .by .source, .group .event blockquote .source')"
        for place in chromium.js(f"return [...{chip}].map((e) => Number(e.dataset.record))"):
            record = data["records"][place]
            if record["article"] != article["id"]:
                continue
            chromium.js(f"[...{chip}].find((e) => Number(e.dataset.record) === arguments[0]).click()", place)
            inside = set().union(*(range(item["start"], item["end"]) for item in record["evidence"]))
            hit = "".join(char for at, char in enumerate(article["text"]) if at in inside)
            assert "".join(chromium.texts(".hit")) == hit.replace("\n", "")


# --- whoever reads it, and on whatever ---


def test_every_script_has_its_direction_and_its_offsets(
    chromium: Browser, foreign: ExtractionResult, tmp_path: Path
) -> None:
    chromium.open(written(foreign, tmp_path))
    directions = {}
    for button in chromium.all(".open-article"):
        chromium.click(button)
        text = chromium.one("#reader-text .text")
        paragraph = text.find_element("tag name", "p")
        directions[button.text] = (
            text.get_attribute("lang"),
            chromium.js("return getComputedStyle(arguments[0]).direction", paragraph),
        )
    assert directions == {"ar.txt": ("und-Arab", "rtl"), "zh.txt": ("zh", "ltr")}
    chromium.click(chromium.one("#group-open").find_element("xpath", "..").find_element("css selector", ".source"))
    assert "".join(chromium.texts(".hit")) == "中国外交部宣布驱逐两名加拿大外交官"


def test_the_keyboard_reaches_everything(chromium: Browser, seeds: Path) -> None:
    chromium.open(seeds)
    chromium.press(Keys.TAB)
    assert chromium.focused.text == "Skip to the events"
    assert chromium.js("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    chromium.press(Keys.ENTER)
    reached = set()
    for _ in range(25):
        chromium.press(Keys.TAB)
        reached.add(chromium.focused.tag_name)
        visible = chromium.js("return document.activeElement.matches(':focus-visible')")
        assert visible
    assert {"button", "summary", "select", "a"} <= reached
    assert (
        chromium.js("return [...document.querySelectorAll('[onclick], div[tabindex=\"0\"]:not([role])')].length") == 0
    )


def test_on_a_phone_nothing_is_wider_than_it_and_the_reader_covers_it(chromium: Browser, seeds: Path) -> None:
    chromium.open(seeds, width=360)
    assert chromium.js("return document.documentElement.scrollWidth") == 360
    assert not chromium.one("#reader").is_displayed() and not chromium.one("#filters").is_displayed()
    chip = chromium.one(".event .source")
    chromium.click(chip)
    reader = chromium.one("#reader")
    assert reader.is_displayed() and reader.get_attribute("role") == "dialog"
    assert chromium.js("return document.getElementById('main').inert")
    chromium.click("#back")
    assert chromium.focused == chip and not reader.is_displayed()
    assert not chromium.js("return document.getElementById('main').inert")


def test_on_a_phone_every_way_and_every_party_is_in_sight(
    chromium: Browser, foreign: ExtractionResult, seeds: Path, tmp_path: Path
) -> None:
    chromium.open(written(foreign, tmp_path), width=390)
    assert foreign.rejected and chromium.js("return document.documentElement.scrollWidth") == 390
    chromium.open(seeds, width=390)
    places = "[...document.querySelectorAll(arguments[0])].map((e) => e.getBoundingClientRect())"
    outside = f"return {places}.filter((box) => box.width && (box.left < 0 || box.right > 390)).length"
    assert chromium.js(outside, "nav a") == 0
    assert chromium.js(outside, ".node .phone") == 0 and chromium.all(".node .phone")[0].is_displayed()
    chromium.click("#filter-toggle")
    assert chromium.js("return getComputedStyle(document.getElementById('toolbar')).position") == "static"


def test_on_paper_fields_and_articles_are_printed(chromium: Browser, seeds: Path, result: ExtractionResult) -> None:
    chromium.open(seeds)
    assert chromium.all("#article-texts .text") == []
    chromium.js("dispatchEvent(new Event('beforeprint'))")
    assert len(chromium.all("#article-texts .text")) == len(result.articles)
    assert len(chromium.all(".group.done .fields")) == len(chromium.all(".group.done .event"))
    chromium.js("dispatchEvent(new Event('afterprint'))")
    assert chromium.all("#article-texts .text") == []


def test_an_address_leads_to_its_event(chromium: Browser, seeds: Path, result: ExtractionResult) -> None:
    event = an_act(result, "expulsion", "ruled_out")
    chromium.open(seeds)
    chromium.go_to(event.id)
    assert chromium.focused.get_attribute("id") == f"event-{number_of(result, event)}"


def test_an_address_leads_to_its_part(chromium: Browser, seeds: Path, tmp_path: Path) -> None:
    chromium.open(seeds, width=390)
    # A page of its own: the parts before it are not yet filled when the browser looks for it.
    redirect = tmp_path / "to.html"
    redirect.write_text(f'<meta http-equiv="refresh" content="0; url={seeds.as_uri()}#disagreements">')
    chromium.driver.get(redirect.as_uri())
    chromium.settle()
    top = "return document.getElementById('disagreements').getBoundingClientRect().top"
    assert 0 <= chromium.js(top) < 200


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (360, False)], ids=["wide", "dark", "phone"])
def test_axe_finds_nothing(chromium: Browser, axe: str, seeds: Path, width: int, dark: bool) -> None:
    chromium.open(seeds, width=width, dark=dark)
    chromium.js(axe)
    chromium.js("[...document.querySelectorAll('summary')].slice(0, 3).forEach((summary) => summary.click())")
    if width > 1000:
        chromium.js("document.querySelector('tr[data-field=count] .source').click()")
    run = "axe.run({ resultTypes: ['violations'] }).then((found) => done(found.violations.map(told)))"
    assert chromium.later(f"const told = (item) => [item.id, item.nodes[0].html]; {run}") == []


def test_axe_finds_nothing_in_the_reader_on_a_phone(chromium: Browser, axe: str, seeds: Path) -> None:
    chromium.open(seeds, width=360)
    chromium.js(axe)
    chromium.js("document.querySelector('.event .source').click()")
    run = "axe.run('#reader').then((found) => done(found.violations.map((item) => [item.id, item.nodes[0].html])))"
    assert chromium.later(run) == []
