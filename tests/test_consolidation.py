"""Records of several articles as events: what joins, what stays apart, and what became of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor.assembly import derive
from extractor.consolidation import actors_of, consolidate
from extractor.consolidation.intake import Intake
from extractor.consolidation.mentions import Mention, period_of
from extractor.consolidation.pairing import Blocks
from extractor.consolidation.rules import APART, FLOOR, STRONG, blocks_of, score
from extractor.schema.articles import ArticleMetadata
from extractor.schema.claims import ActionClaim, StatementClaim
from extractor.schema.events import Event
from extractor.schema.output import ArticleReport, Calls, ExtractionResult
from extractor.schema.records import AnyRecord, DiplomaticAction, Statement

from .conftest import FIXTURES, SEEDS, action, actor, statement

ARVANIA, BELLAND = actor("Arvania", country="France"), actor("Belland", country="Norway")


@pytest.fixture(scope="module")
def seeds() -> ExtractionResult:
    return extractor.extract(SEEDS, mode="replay", model="compatible/claude", fixtures=FIXTURES)


def report(name: str) -> ArticleReport:
    return ArticleReport(
        id=name, name=f"{name}.txt", encoding="utf-8", text="", text_sha256="", metadata=ArticleMetadata(),
        published=None, anchor=None, outcome="done", failure=None, calls=Calls.none(),
    )  # fmt: skip


def told(article: str, number: int, *, date: str | None = None, words: str | None = None, **fields: Any) -> AnyRecord:
    """An act as the article tells it: an expulsion by France of Norwegians, unless told otherwise."""
    claim = ActionClaim.model_validate(action("x", **({"actors": [ARVANIA], "targets": [BELLAND]} | fields)))
    shared = {name: getattr(claim, name) for name in ActionClaim.model_fields if name not in ("evidence", "date_text")}
    return DiplomaticAction(**shared, **_rest(f"act-{article}-{number}", article, date, words, claim))


def said(article: str, number: int, content: str, *, date: str | None = None, **fields: Any) -> AnyRecord:
    speaker = {"speaker": actor("Tor Hale", kind="person", country="Norway")}
    claim = StatementClaim.model_validate(statement("x", **(speaker | {"content": content} | fields)))
    shared = {n: getattr(claim, n) for n in StatementClaim.model_fields if n not in ("evidence", "date_text")}
    rest = _rest(f"sta-{article}-{number}", article, date, None, claim)
    del rest["deadline_duration"]
    return Statement(**shared, **rest)


def _rest(name: str, article: str, date: str | None, words: str | None, claim: Any) -> dict[str, Any]:
    dated = {"text": words or date, "start": 0, "end": 1, "value": date, "basis": "explicit" if date else None}
    return {
        "id": name,
        "article": article,
        "evidence": [{"quote": "x", "start": 0, "end": 1, "match": "exact", "score": 1.0}],
        "date": dated | {"anchor": None} if date or words else None,
        "deadline_duration": None,
        "derived": derive(claim),
        "spans": [],
    }


def mentions_of(records: Sequence[AnyRecord]) -> list[Mention]:
    articles = {record.article: [own for own in records if own.article == record.article] for record in records}
    return [mention for name, own in articles.items() for mention in Intake.of(name, None, own).mentions]


def events(*records: AnyRecord) -> list[Event]:
    return consolidate([report(name) for name in {record.article for record in records}], records)


def grouped(found: list[Event]) -> list[list[str]]:
    return sorted(event.members for event in found)


def field(event: Event, name: str) -> Any:
    (found,) = (item for item in event.fields if item.field == name)
    return found


# --- the seeds ---

EXPELLED, CLOSED, LEFT = "expulsion", "closure", "departure"
# Kind, who and whom, the last status, and the articles that tell it.
CANONICAL = {
    ("expulsion", "USA", "RUS", "carried_out", "0 1 2 3 4"),
    ("closure", "USA", "RUS", "carried_out", "0 1 3 4"),
    ("impose", "USA", "RUS", "imposed", "0 1 2 3 4"),
    ("expulsion", "RUS", "USA", "ruled_out", "0 1 2 3 4"),
    ("facility_restriction", "RUS", "USA", "proposed", "3 4"),
    ("departure", "RUS", "USA", "carried_out", "0 1"),
    ("impose", "USA", "RUS", "imposed", "0"),
}


def test_the_seven_events_of_the_affair_are_found_and_none_is_made_of_two(seeds: ExtractionResult) -> None:
    number = {article.id: article.name[2] for article in seeds.articles}
    acts = [event for event in consolidate(seeds.articles, seeds.records) if event.type != "statement"]
    found = [
        (event.kind, *event.sources, *event.targets, event.status, " ".join(sorted(number[a] for a in event.articles)))
        for event in acts
    ]
    assert set(found) >= CANONICAL
    # What is not of the affair: a visit of 2010, and a reversal that is only imagined.
    assert sorted(set(found) - CANONICAL) == [
        ("ease", "USA", "RUS", "hypothetical", "2"),
        ("meeting_visit", "RUS", "USA", "carried_out", "4"),
    ]
    assert len(found) == 9


def of_kind(result: ExtractionResult, kind: str, source: str) -> Event:
    found = consolidate(result.articles, result.records)
    return next(event for event in found if (event.kind, event.sources) == (kind, [source]))


def test_an_expulsion_that_was_ruled_out_did_not_happen(seeds: ExtractionResult) -> None:
    event = of_kind(seeds, "expulsion", "RUS")
    assert (event.status, event.occurred, event.contested) == ("ruled_out", False, False)
    assert [step.status for step in event.history] == ["proposed"] * 3 + ["ruled_out"] * 4
    assert {step.by for step in event.history if step.status == "ruled_out"} == {"Putin", "Vladimir Putin"}
    assert field(event, "count").canonical == 35
    assert field(event, "status").agreement == "varied"
    parts = field(event, "count_breakdown").values[0].value
    assert sum(part["count"] for part in parts) == 35


def test_sources_that_differ_on_the_day_are_both_kept(seeds: ExtractionResult) -> None:
    event = of_kind(seeds, "departure", "RUS")
    assert event.date == "[2017-01-01,2017-01-02]"
    dates = field(event, "date")
    assert (dates.agreement, dates.rule) == ("conflict", "one of the dates that the sources give")
    assert [(value.value, len(value.articles)) for value in dates.values] == [("2017-01-01", 1), ("2017-01-02", 1)]


def test_events_are_linked(seeds: ExtractionResult) -> None:
    found = {event.id: event for event in consolidate(seeds.articles, seeds.records)}
    links = {
        (event.kind, *event.sources, link.type, found[link.event].kind, *found[link.event].sources)
        for event in found.values()
        for link in event.links
        if event.type != "statement"
    }
    assert links == {
        ("departure", "RUS", "implements", "expulsion", "USA"),
        ("expulsion", "RUS", "in_response_to", "expulsion", "USA"),
        ("expulsion", "RUS", "in_response_to", "impose", "USA"),
        ("facility_restriction", "RUS", "in_response_to", "impose", "USA"),
        *(
            (one, country, "announced_with", other, country)
            for country, kinds in (
                ("USA", ("expulsion", "closure", "impose")),
                ("RUS", ("expulsion", "facility_restriction")),
            )
            for one in kinds
            for other in kinds
            if one != other
        ),
    }


def test_an_utterance_told_in_several_wordings_is_one(seeds: ExtractionResult) -> None:
    number = {article.id: article.name[2] for article in seeds.articles}
    shared = {
        (str(field(event, "speaker").values[0].value), event.kind, " ".join(sorted(number[a] for a in event.articles)))
        for event in consolidate(seeds.articles, seeds.records)
        if event.type == "statement" and len(event.articles) > 1
    }
    assert {
        ("Donald Trump", "doubt", "0 1"),
        ("Dmitry Medvedev", "criticise", "2 4"),
        ("Vladimir Putin", "rule_out", "0 1 3 4"),
        ("Vladimir Putin", "announce", "0 4"),
        ("Sergei Lavrov", "propose", "2 3 4"),
        ("Moscow", "deny", "1 4"),
    } == shared


# --- what joins, and what does not ---


def test_the_same_count_of_the_same_day_is_one_event() -> None:
    (event,) = events(told("a", 1, count=4, date="2020-05-01"), told("b", 1, count=4, date="2020-05-01"))
    assert event.articles == ["a", "b"] and event.occurred
    assert field(event, "count").agreement == "agreed"


@pytest.mark.parametrize(
    "other",
    [
        {"count": 4, "date": "2020-05-20"},
        {"count": 4, "date": "2020-05-01", "action": "recall"},
        {"count": 4, "date": "2020-05-01", "actors": [BELLAND], "targets": [ARVANIA]},
        {"count": 4, "date": "2020-05-01", "targets": [actor("Coria", country="Italy")]},
        {"count": 9, "date": "2020-05-03"},
        {"count": 4, "date": "2019", "is_background": True},
    ],
    ids=["weeks later", "another act", "the other way", "another target", "another count", "history"],
)
def test_what_differs_in_this_is_another_event(other: dict[str, Any]) -> None:
    assert len(events(told("a", 1, count=4, date="2020-05-01"), told("b", 1, **other))) == 2


def test_countries_alone_never_make_one_event() -> None:
    assert len(events(told("a", 1, targets=[BELLAND]), told("b", 1, targets=[actor("them", country="Norway")]))) == 2


def test_acts_that_one_article_tells_apart_stay_apart() -> None:
    same = {"count": 4, "date": "2020-05-01"}
    assert len(events(told("a", 1, places=["Bergen"], **same), told("a", 2, places=["Oslo"], **same))) == 2
    assert len(events(told("a", 1, status="proposed", **same), told("a", 2, status="ruled_out", **same))) == 1


def test_no_chain_of_likenesses_fuses_two_events() -> None:
    chain = [told(f"a{day:02}", 1, date=f"2020-05-{day:02}") for day in range(1, 29, 2)]
    for event in events(*chain):
        days = [int(step.date[-2:]) for step in event.history if step.date]
        assert max(days) - min(days) <= 3


def test_a_record_that_fits_two_events_joins_neither_and_is_named() -> None:
    may = told("a", 1, count=4, date="2020-05-01")
    june = told("b", 1, count=4, date="2020-06-20")
    undated = told("c", 1, count=4)
    found = events(may, june, undated)
    assert grouped(found) == [["act-a-1"], ["act-b-1"], ["act-c-1"]]
    assert {event.members[0]: event.undecided for event in found} == {
        "act-a-1": ["act-c-1"],
        "act-b-1": ["act-c-1"],
        "act-c-1": [],
    }


def test_the_last_word_settles_the_status() -> None:
    dated = {"count": 4, "date": "2020-05-01"}
    (event,) = events(
        told("a", 1, status="carried_out", count=4, date="2020-05-03"),
        told("b", 1, status="announced", **dated),
        told("c", 1, status="ordered", **dated),
    )
    assert [step.status for step in event.history] == ["announced", "ordered", "carried_out"]
    assert (event.status, event.settled_by, event.occurred) == ("carried_out", "act-a-1", True)


def test_done_in_one_source_and_ruled_out_in_another_is_contested() -> None:
    (event,) = events(
        told("a", 1, status="carried_out", count=4, date="2020-05-01"),
        told("b", 1, status="ruled_out", count=4, date="2020-05-01"),
    )
    assert event.contested
    (event,) = events(
        told("a", 1, status="proposed", count=4, date="2020-05-01"),
        told("b", 1, status="ruled_out", count=4, date="2020-05-01"),
    )
    assert not event.contested and not event.occurred


@pytest.mark.parametrize(
    ("first", "second", "canonical", "agreement"),
    [
        ("2020-05-01", "2020-05-01", "2020-05-01", "agreed"),
        ("2020-05-01", "2020-05-02", "[2020-05-01,2020-05-02]", "conflict"),
        ("2020-05-01", "2020-05-01/2020-05-03", "2020-05-01", "varied"),
        ("2020-05-01", None, "2020-05-01", "single_source"),
    ],
)
def test_the_date_of_an_event_follows_its_rule(first: str, second: str | None, canonical: str, agreement: str) -> None:
    (event,) = events(told("a", 1, count=4, date=first), told("b", 1, count=4, date=second))
    dates = field(event, "date")
    assert (event.date, dates.canonical, dates.agreement) == (canonical, canonical, agreement)


def test_a_weekday_that_its_article_cannot_date_is_read_by_the_other_sources() -> None:
    (event,) = events(told("a", 1, count=4, date="2020-05-01"), told("b", 1, count=4, words="on Saturday"))
    assert event.date == "[2020-05-01,2020-05-02]"
    (event,) = events(told("a", 1, count=4, date="2020-05-01"), told("b", 1, count=4, words="on Tuesday"))
    assert event.date == "2020-05-01", "a day that is not near is no reading of the weekday"


def test_quotations_bind_statements_and_speakers_part_them() -> None:
    words = "We shall answer this insult in kind and without delay"
    one = said("a", 1, "He promised an answer.", quotes=[words])
    other = said("b", 1, "Hale spoke of insults.", quotes=[f"{words}."])
    rival = said("c", 1, "He promised an answer.", quotes=[words], speaker=actor("Ulf Berg", kind="person"))
    assert grouped(events(one, other, rival)) == [["sta-a-1", "sta-b-1"], ["sta-c-1"]]


# --- invariants ---

RECORDS = st.lists(
    st.builds(
        lambda article, day, count, status, act, back: (article, day, count, status, act, back),
        st.sampled_from("abcdef"),
        st.one_of(st.none(), st.integers(1, 28)),
        st.sampled_from([None, 3, 4]),
        st.sampled_from(["proposed", "announced", "carried_out", "ruled_out"]),
        st.sampled_from(["expulsion", "expulsion", "closure"]),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=14,
).map(
    lambda rows: [
        told(
            row[0], number, date=row[1] and f"2020-05-{row[1]:02}", count=row[2], status=row[3], action=row[4],
            is_background=row[5],
        )
        for number, row in enumerate(rows)
    ]
)  # fmt: skip


PAIRS = [("France", "Norway"), ("Norway", "France"), ("Italy", "Spain"), ("Chad", "Peru")]
# Acts between several countries, and what is said of them.
CORPUS = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.sampled_from(PAIRS),
        st.one_of(st.none(), st.integers(1, 28)),
        st.sampled_from([None, 3]),
        st.sampled_from(["proposed", "carried_out", "ruled_out"]),
        st.sampled_from(["act", "act", "We shall expel them all", "Nobody was expelled by us", "They deny it"]),
    ),
    max_size=9,
).map(lambda rows: [_made(number, row) for number, row in enumerate(rows)])


def _made(number: int, row: tuple[str, tuple[str, str], int | None, int | None, str, str]) -> AnyRecord:
    article, (source, target), day, count, status, what = row
    date = day and f"2020-05-{day:02}"
    if what != "act":
        return said(article, number, what, date=date, act="deny", speaker=actor(source, country=source))
    parties = {"actors": [actor(source, country=source)], "targets": [actor(target, country=target)]}
    return told(article, number, date=date, count=count, status=status, **parties)


@settings(max_examples=150, deadline=None)
@given(RECORDS, st.randoms(use_true_random=False))
def test_any_order_gives_the_same_events(records: list[AnyRecord], shuffler: random.Random) -> None:
    shuffled = list(records)
    shuffler.shuffle(shuffled)
    assert events(*shuffled) == events(*records)


@settings(max_examples=150, deadline=None)
@given(RECORDS)
def test_every_record_is_in_one_event_and_no_two_that_exclude_each_other_share_one(records: list[AnyRecord]) -> None:
    found = events(*records)
    assert sorted(record for event in found for record in event.members) == sorted(record.id for record in records)
    by_id = {mention.id: mention for mention in mentions_of(records)}
    for event in found:
        for one, other in combinations(event.members, 2):
            points = score(by_id[one], by_id[other])
            assert points is not None and points + 1 >= FLOOR
            a, b = by_id[one].when, by_id[other].when
            assert a is None or b is None or a.distance(b) <= APART
    assert len({event.id for event in found}) == len(found)


@settings(max_examples=150, deadline=None)
@given(CORPUS)
def test_telling_it_twice_changes_nothing(records: list[AnyRecord]) -> None:
    found = events(*records)
    assert events(*records, *records) == found
    by_id = {record.id: record for record in records}
    assert events(*(by_id[member] for event in found for member in event.members)) == found


@settings(max_examples=150, deadline=None)
@given(CORPUS, CORPUS)
def test_more_articles_change_only_the_events_that_they_touch(records: list[AnyRecord], more: list[AnyRecord]) -> None:
    more = [record.model_copy(update={"id": f"{record.id}-m", "article": f"m{record.article}"}) for record in more]
    touched = _touched(records, more)
    before = {event.id: event for event in events(*records) if not touched & set(event.members)}
    after = {event.id: event for event in events(*records, *more) if set(event.members) & {r.id for r in records}}
    assert before.items() <= after.items()


def _touched(records: list[AnyRecord], more: list[AnyRecord]) -> set[str]:
    """The records that share an article or a block with what is added, or with what shares one with it, and so on."""
    mentions = mentions_of([*records, *more])
    marks = {m.id: {("article", m.article), *blocks_of(m)} for m in mentions}
    reached = {mark for record in more for mark in marks[record.id]}
    size = -1
    while size != len(reached):
        size = len(reached)
        reached |= {mark for own in marks.values() if own & reached for mark in own}
    return {name for name, own in marks.items() if own & reached}


def test_what_is_read_back_consolidates_to_the_same(seeds: ExtractionResult) -> None:
    again = ExtractionResult.model_validate_json(seeds.model_dump_json())
    assert consolidate(again.articles, again.records) == seeds.events
    assert actors_of(again.records) == seeds.actors


@settings(max_examples=100, deadline=None)
@given(RECORDS)
def test_a_later_report_keeps_the_ids(records: list[AnyRecord]) -> None:
    records = [record for record in records if record.date]
    later = [told("zz", 1, date="2020-12-24", count=3)]
    ids = {event.id for event in events(*records)}
    assert ids <= {event.id for event in events(*records, *later)}


@settings(max_examples=150, deadline=None)
@given(CORPUS, st.randoms(use_true_random=False))
def test_records_are_compared_with_all_that_they_can_be_one_with(
    records: list[AnyRecord], shuffler: random.Random
) -> None:
    mentions = mentions_of(records)
    shuffler.shuffle(mentions)
    blocks = Blocks()
    for mention in mentions:
        blocks.add(mention)
    pairs = combinations(sorted(mentions, key=lambda mention: mention.id), 2)
    expected = {
        (a.id, b.id): points
        for a, b in pairs
        if not {*blocks_of(a)}.isdisjoint(blocks_of(b)) and (points := score(a, b)) is not None
    }
    assert blocks.points() == expected


def test_the_table_of_rules_is_symmetric(seeds: ExtractionResult) -> None:
    mentions = mentions_of(seeds.records)
    compared = [(a, b) for a, b in combinations(mentions, 2) if a.kind == b.kind]
    assert any((score(a, b) or 0) >= STRONG for a, b in compared)
    assert all(score(a, b) == score(b, a) for a, b in compared)


@pytest.mark.parametrize(
    ("edtf", "days"),
    [
        ("2020-02", 29),
        ("2020", 366),
        ("2020-05-01", 1),
        ("2020-05-01/2020-05-03", 3),
        ("[2017-01-01,2017-01-02]", 2),
        ("2014/..", 365),
        ("XXXX-01-20", None),
        ("2020-13-01", None),
    ],
)
def test_a_date_stands_for_its_days(edtf: str, days: int | None) -> None:
    period = period_of(edtf)
    assert (period and period.last - period.first + 1) == days
