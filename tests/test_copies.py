"""Copies: the same text by several outlets is read once, and what tells something new is read by itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor import extract as extracted
from extractor.copies import distinct
from extractor.copies.telling import tells_nothing_new
from extractor.errors import MissingExtra, UsageError
from extractor.readers import Article, stream_articles
from extractor.schema.output import ExtractionResult

from .conftest import FIXTURES, SEEDS, Finished, Service, action, actor, answer

Extract = Callable[..., Finished]
Serve = Callable[..., Service]

STORY = """Britain expelled two Norvanian diplomats on Monday, the Foreign Office said.

The two men had been in London since 2014, it added. They were given 72 hours to leave the country.

"Their work was a threat to our interests," Foreign Secretary Anne Harlow told Parliament. She did not name the men.

Norvania's embassy in London denied the charges and said that Oskar Brandt, its ambassador, would not be recalled.

Relations between the two countries have been poor since a spy was poisoned in Salisbury in March. Three Norvanian
officers are wanted for it. Norvania has always rejected the accusation and called for an inquiry by both governments.

The Foreign Office said it would publish a report on the affair in the coming weeks.
"""
PAIR = {"text": STORY, "id": "a", "source": "AP", "url": "https://ap.example/1", "date": "2017-01-03"}
COPIES: dict[str, Callable[[str], str]] = {
    "white space": lambda text: text.replace("\n\n", "\r\n\r\n\r\n").replace(" two ", "  two\u00a0"),
    "typography": lambda text: text.replace('"', "”").replace("'", "’"),
    "a byline": lambda text: f"By Jane Doe and John Roe\n\n{text}",
    "a place and an agency": lambda text: f"LONDON (Reuters) - {text}",
    "credits": lambda text: (
        f"{text}\n(Reporting by Jane Doe; Editing by John Roe)\n\n© 2017 Example. All rights reserved."
    ),
    "an appeal to read on": lambda text: f"{text}\nRead more: How the Salisbury affair began\n",
    "the end cut off": lambda text: text[: text.index("The Foreign Office said it")],
    "paragraphs moved": lambda text: "\n\n".join([*(parts := text.split("\n\n"))[:2], parts[3], parts[2], *parts[4:]]),
    "a slip of spelling": lambda text: text.replace("accusation", "accusattion"),
}
UPDATES: dict[str, tuple[str, str]] = {
    "a number word": ("two Norvanian", "three Norvanian"),
    "a number": ("72 hours", "48 hours"),
    "a weekday": ("on Monday", "on Tuesday"),
    "a year": ("2014", "2015"),
    "a month": ("in March", "in May"),
    "a name": ("Oskar Brandt", "Olaf Brandt"),
    "a country": ("Norvania has", "Ruritania has"),
    "a negation less": ("did not name", "did name"),
    "a negation more": ("had been in", "had not been in"),
    "a modal": ("would not be recalled", "may not be recalled"),
    "another verb": ("expelled", "admitted"),
    "a word more": ("denied the charges", "denied the new charges"),
    "a name less": ("Foreign Secretary Anne Harlow", "Foreign Secretary"),
    "a clause around a sentence": ("They were given", "Norvania denied that they were given"),
    "a clause less": (" denied the charges and said", " said"),
    "numbers exchanged": ("in the coming weeks", "in the coming weeks. A second expulsion followed"),
    "the day before it": ("Britain expelled", "LONDON, Jan 9 (Reuters) - Britain expelled"),
}


def copy_of(text: str, name: str) -> str:
    made = COPIES[name](text)
    assert made != text
    return made


# --- what is a copy, and what an update ---


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_tells_nothing_new(name: str) -> None:
    assert tells_nothing_new(STORY, copy_of(STORY, name))


@pytest.mark.parametrize(("old", "new"), UPDATES.values(), ids=UPDATES)
def test_a_fact_more_less_or_other_is_an_update(old: str, new: str) -> None:
    changed = STORY.replace(old, new, 1)
    assert changed != STORY
    assert not tells_nothing_new(STORY, changed)


def test_what_the_first_has_more_is_no_matter_and_what_the_later_has_more_is() -> None:
    longer = f"{STORY}\nNorvania closed its consulate in Leeds on Friday.\n"
    assert tells_nothing_new(longer, STORY)
    assert not tells_nothing_new(STORY, longer)


@pytest.mark.parametrize(
    ("title", "same"),
    [
        ("Britain sends Norvanian diplomats home", True),
        ("Two are told to go by Britain", True),
        ("Britain expels Ruritanian diplomats", False),
        ("Britain expels four", False),
        ("Britain never expelled Norvanian diplomats", False),
        ("Britain expels diplomats on Friday", False),
    ],
)
def test_a_headline_may_use_other_words_for_the_same_facts(title: str, same: bool) -> None:
    assert tells_nothing_new(STORY, f"{title}\n\n{STORY}", title) is same
    assert not tells_nothing_new(STORY, f"{title}\n\n{STORY}")


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("英国周一驱逐了两名外交官。外交部证实了这一消息。", "英国周一驱逐了三名外交官。外交部证实了这一消息。"),
        ("Россия выслала двух дипломатов.", "Россия не выслала двух дипломатов."),
        ("Bonn hat am Montag zwei Diplomaten ausgewiesen.", "Bonn hat am Dienstag zwei Diplomaten ausgewiesen."),
        ("طردت بريطانيا دبلوماسيين اثنين يوم الاثنين.", "طردت بريطانيا ثلاثة دبلوماسيين يوم الاثنين."),
    ],
    ids=["Chinese", "Russian", "German", "Arabic"],
)  # fmt: skip
def test_facts_differ_in_other_languages_too(first: str, later: str) -> None:
    assert tells_nothing_new(first, first)
    assert not tells_nothing_new(first, later)


@given(at=st.integers(0, len(STORY.split()) - 1), word=st.sampled_from(["not", "Ruritania", "17", "nine", "Friday"]))
@settings(deadline=None)
def test_a_fact_put_in_anywhere_is_an_update(at: int, word: str) -> None:
    words = STORY.split(" ")
    at = min(at, len(words) - 1)
    changed = " ".join([*words[: at + 1], word, *words[at + 1 :]])
    assert not tells_nothing_new(STORY, changed)


# --- the stage ---


def rows(path: Path, *articles: dict[str, Any]) -> Path:
    path.write_text("".join(f"{json.dumps(article)}\n" for article in articles), encoding="utf-8")
    return path


def test_exact_copies_are_known_by_their_source_whatever_their_typography(tmp_path: Path) -> None:
    told = {"source": "Daily", "url": "https://d.example/9", "date": "2017-01-04"}
    path = rows(
        tmp_path / "news.jsonl", PAIR, {"text": "Something else."}, PAIR | {"id": "b"},
        {"id": "c", "text": copy_of(STORY, "typography")} | told,
        {"id": "d", "text": copy_of(STORY, "typography")}, {"id": "e", "text": copy_of(STORY, "white space")},
    )  # fmt: skip
    found = distinct(stream_articles([path]))
    kept = [outcome for outcome in found if isinstance(outcome, Article)]
    assert [article.name for article in kept] == ["news.jsonl#a", "news.jsonl#2"]
    copies = found.copies[kept[0].id]
    assert [(copy.name, copy.similarity) for copy in copies] == [(f"news.jsonl#{row}", 1.0) for row in "bcde"]
    assert copies[1].metadata.model_dump(exclude_none=True) == {
        "source_id": "c", "publisher": "Daily", "url": "https://d.example/9", "published": "2017-01-04"
    }  # fmt: skip
    assert copies[1].text_sha256 == copies[2].text_sha256 != copies[0].text_sha256 == kept[0].sha256
    assert found.duplicates == [(f"news.jsonl#{row}", "news.jsonl#a") for row in "bcde"]


def test_near_copies_are_looked_for_where_it_is_asked_for(tmp_path: Path) -> None:
    near, update = copy_of(STORY, "the end cut off"), STORY.replace("72 hours", "48 hours")
    path = rows(
        tmp_path / "news.jsonl", PAIR, {"id": "near", "text": near}, {"id": "update", "text": update},
        {"id": "again", "text": copy_of(near, "typography")}, {"id": "of update", "text": copy_of(update, "credits")},
    )  # fmt: skip
    assert len(list(distinct(stream_articles([path])))) == 4
    found = distinct(stream_articles([path]), 0.8)
    kept = {outcome.name: outcome.id for outcome in found if isinstance(outcome, Article)}
    assert list(kept) == ["news.jsonl#a", "news.jsonl#update"]
    of_first, of_update = (found.copies[article] for article in kept.values())
    assert [copy.name for copy in of_first] == ["news.jsonl#again", "news.jsonl#near"]
    assert {copy.similarity for copy in of_first} == {of_first[0].similarity} and 0.8 <= of_first[0].similarity < 1
    assert [copy.name for copy in of_update] == ["news.jsonl#of update"]
    assert len(list(distinct(stream_articles([path]), 0.99))) == 4


@given(order=st.permutations(range(6)), near=st.sampled_from([None, 0.8]))
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_first_of_the_stream_is_read_in_any_order_of_the_paths(
    tmp_path: Path, order: Sequence[int], near: float | None
) -> None:
    texts = [STORY, *(copy_of(STORY, name) for name in list(COPIES)[:4]), STORY.replace("72", "48")]
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(text, newline="")
    found = distinct(stream_articles([tmp_path / f"{number}.txt" for number in order]), near)
    kept = [outcome.name for outcome in found]
    assert kept == (["0.txt", "5.txt"] if near else ["0.txt", "3.txt", "4.txt", "5.txt"])
    assert found.duplicates == [(f"{number}.txt", "0.txt") for number in range(1, 5) if f"{number}.txt" not in kept]


@pytest.mark.parametrize("near", [0.49, 1.01, float("nan"), "0.8"])
def test_a_threshold_that_is_none_is_refused(tmp_path: Path, near: Any) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    with pytest.raises(UsageError, match=r"has to be a number from 0\.5 to 1"):
        extracted(tmp_path, near_duplicates=near)


def test_what_is_missing_is_named_with_what_brings_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rensa", None)
    (tmp_path / "a.txt").write_text(STORY)
    assert len(list(distinct(stream_articles([tmp_path])))) == 1
    with pytest.raises(MissingExtra) as lacking:
        distinct(stream_articles([tmp_path]), 0.8)
    assert "event-extractor[near]" in lacking.value.advice


# --- the output ---


@given(
    names=st.lists(
        st.tuples(st.sampled_from(sorted(file.name for file in SEEDS.iterdir())), st.sampled_from(
            ["white space", "typography", "credits"]
        )),
        min_size=1, max_size=4,
    )
)  # fmt: skip
@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_copies_change_no_event(
    tmp_path_factory: pytest.TempPathFactory, seeds: ExtractionResult, names: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("copies")
    for number, (name, kind) in enumerate(names):
        text = (SEEDS / name).read_bytes().decode()
        (folder / f"z{number}.txt").write_bytes(COPIES[kind](text).encode())
    result = extracted([SEEDS, folder], fixtures=FIXTURES, mode="replay", near_duplicates=0.8)
    assert result.events == seeds.events and result.records == seeds.records and result.actors == seeds.actors
    without = [article.model_copy(update={"copies": []}) for article in result.articles]
    assert without == seeds.articles
    assert sorted(copy.name for article in result.articles for copy in article.copies) == [
        f"z{number}.txt" for number in range(len(names))
    ]


@pytest.fixture(scope="module")
def seeds() -> ExtractionResult:
    return extracted(SEEDS, fixtures=FIXTURES, mode="replay")


EXPULSION = action(
    "Britain expelled two Norvanian diplomats on Monday",
    actors=[actor("Britain", country="United Kingdom")],
    targets=[actor("Norvanian diplomats", kind="person")],
)


def test_a_copy_costs_no_call_and_stands_in_the_output(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for name, text in {"a": STORY, "b": copy_of(STORY, "typography"), "c": copy_of(STORY, "a byline")}.items():
        (news / f"{name}.txt").write_text(text)
    rows(news / "d.jsonl", PAIR)
    service = serve(lambda body: answer(actions=[EXPULSION]))
    live = ("--model", "compatible/test", "--base-url", service.url, "--out", "events.json")
    (tmp_path / "extract.toml").write_text("near-duplicates = 0.8\n")
    done = extract("news", *live)
    assert done.code == 0, done.err
    assert len(service.requests) == 1
    assert "copies of: 3 articles: b.txt (a.txt), c.txt (a.txt), d.jsonl#a (a.txt)" in " ".join(done.err.split())
    result = json.loads((tmp_path / "events.json").read_text())
    (entry,) = result["articles"]
    assert [(copy["name"], copy["metadata"]["publisher"]) for copy in entry["copies"]] == [
        ("b.txt", None), ("c.txt", None), ("d.jsonl#a", "AP")
    ]  # fmt: skip
    (event,) = result["events"]
    assert event["articles"] == [entry["id"]]
    assert "a.txt, and the same in b.txt, c.txt, d.jsonl#a" in extract("show", "events.json").out
    planned = extract("news", *live[:4], "--dry-run", "--near-duplicates", "1")
    assert planned.code == 0 and "2 articles" in planned.out


def test_the_page_names_the_copies(seeds: ExtractionResult, tmp_path: Path) -> None:
    from extractor.report import report_html

    text = (SEEDS / seeds.articles[0].name).read_bytes().decode()
    path = rows(
        tmp_path / "z.jsonl", *({"text": f"{text}{' ' * number}", "id": f"n{number:02}"} for number in range(30))
    )
    page = report_html(extracted([SEEDS, path], fixtures=FIXTURES, mode="replay"))
    assert b"z.jsonl#n00" in page and b'"z.jsonl#n19","10 more"' in page.replace(b'", "', b'","')


@pytest.mark.parametrize("name", ["again.jsonl", "again.csv", "again.parquet"])
def test_copies_come_back_from_every_format(seeds: ExtractionResult, tmp_path: Path, name: str) -> None:
    from extractor.writers import read_result, write_result

    text = (SEEDS / seeds.articles[0].name).read_bytes().decode()
    path = rows(tmp_path / "z.jsonl", {"text": f"\n{text}", "source": "AP | one", "id": "=1"}, {"text": f" {text}"})
    result = extracted([SEEDS, path], fixtures=FIXTURES, mode="replay")
    assert [copy.name for copy in result.articles[0].copies] == ["z.jsonl#2", "z.jsonl#=1"]
    write_result(result, tmp_path / name)
    assert read_result(tmp_path / name) == result
