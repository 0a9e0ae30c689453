"""Dates: words become the value that the article supports, and no other."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.dates import duration, find_anchor, find_published, resolve
from extractor.schema.spans import DateAnchor, ResolvedDate
from extractor.schema.vocabulary import DateBasis

SEEDS = Path(__file__).parents[1] / "seeds"
EXPLICIT, RELATIVE, INFERRED = DateBasis.EXPLICIT, DateBasis.RELATIVE, DateBasis.INFERRED
FRIDAY = "2016-12-30"


def published(value: str = FRIDAY) -> DateAnchor:
    return DateAnchor(value=value, text=value, start=0, end=len(value), basis="published")


def dateline(value: str = FRIDAY) -> DateAnchor:
    return published(value).model_copy(update={"basis": "dateline"})


def in_report(value: str) -> DateAnchor:
    return published(value).model_copy(update={"basis": "text"})


def read(words: str, anchor: DateAnchor | None = None, *, past: bool | None = None) -> ResolvedDate:
    return resolve(words, (0, len(words)), anchor, past=past)


def read_in(text: str, words: str, anchor: DateAnchor | None = None, *, past: bool | None = None) -> ResolvedDate:
    start = text.index(words)
    return resolve(words, (start, start + len(words)), anchor, text=text, past=past)


def seed(number: int) -> str:
    (path,) = SEEDS.glob(f"{number:03}_*.txt")
    return path.read_text(encoding="utf-8")


# --- dates that the words hold -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "December 31, 2016",
        "december 31 2016",
        "DECEMBER 31, 2016",
        "Dec. 31, 2016",
        "Dec 31st, 2016",
        "December the 31st, 2016",
        "31 December 2016",
        "31st of December 2016",
        "the 31st of December, 2016",
        "on 31 December 2016",
        "31-Dec-2016",
        "31-Dec-16",
        "31. December 2016",
        "2016-12-31",
        "2016/12/31",
        "2016.12.31",
        "2016-Dec-31",
        "2016-12-31T10:30:00Z",
        "2016-12-31 10:30",
        "10:30, 31-Dec-2016",
        "31 December 2016 at 5 p.m. EST",
        "12.31.16",
        "31.12.16",
        "31. 12. 2016",
        "12/31/2016",
        "31/12/2016",
        "٣١/١٢/٢٠١٦",
        "2016年12月31日",
        "2016년 12월 31일",
        "December\u00a031,\u00a02016",
        "31\u202fDecember\u20092016",
        "31\u2011Dec\u20112016",
        "December\n31, 2016",
        "“December 31, 2016”,",
        "(Dec. 31, 2016)",
        "Saturday, December 31, 2016",
        "Sat 31 Dec 2016",
        "December 31, 2016 (Saturday)",
        "New Year’s Eve 2016",
        "the night of December 31, 2016",
        "late on December 31, 2016",
    ],
)
def test_a_whole_date_is_read_as_it_stands(words: str) -> None:
    assert read(words) == ResolvedDate(
        text=words, start=0, end=len(words), value="2016-12-31", basis=EXPLICIT, anchor=None
    )
    assert read(words, published("2001-01-01")) == read(words)


@pytest.mark.parametrize(
    ("words", "value", "basis"),
    [
        ("December 2016", "2016-12", EXPLICIT),
        ("Dec. 2016", "2016-12", EXPLICIT),
        ("December of 2016", "2016-12", EXPLICIT),
        ("2016-12", "2016-12", EXPLICIT),
        ("12/2016", "2016-12", EXPLICIT),
        ("2016", "2016", EXPLICIT),
        ("in 2016", "2016", EXPLICIT),
        ("1961", "1961", EXPLICIT),
        ("the 1990s", "199X", EXPLICIT),
        ("1990's", "199X", EXPLICIT),
        ("summer 2016", "2016-22", EXPLICIT),
        ("the autumn of 2014", "2014-23", EXPLICIT),
        ("fall 2014", "2014-23", EXPLICIT),
        ("about 2014", "2014~", EXPLICIT),
        ("early 2017", "2017", INFERRED),
        ("late December 2016", "2016-12", INFERRED),
        ("mid-2015", "2015", INFERRED),
        ("the end of 2016", "2016", INFERRED),
        ("the early 1990s", "199X", INFERRED),
        ("12.30.69", "1969-12-30", EXPLICIT),
        ("12.30.68", "2068-12-30", EXPLICIT),
        ("05.05.2017", "2017-05-05", EXPLICIT),
        # Either 2 January or 1 February.
        ("01.02.17", "[2017-01-02,2017-02-01]", EXPLICIT),
        ("Monday, 01.02.17", "2017-01-02", EXPLICIT),
        ("29 February 2016", "2016-02-29", EXPLICIT),
    ],
)
def test_parts_of_dates_keep_their_precision(words: str, value: str, basis: DateBasis) -> None:
    assert (read(words).value, read(words).basis) == (value, basis)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("2008 – 2012", "2008/2012"),
        ("2008-2012", "2008/2012"),
        ("from 2008 to 2012", "2008/2012"),
        ("between 2014 and 2016", "2014/2016"),
        ("2014-16", "2014/2016"),
        ("from 3 to 5 March 2017", "2017-03-03/2017-03-05"),
        ("3-5 March 2017", "2017-03-03/2017-03-05"),
        ("March 3-5, 2017", "2017-03-03/2017-03-05"),
        ("March 3 to March 5, 2017", "2017-03-03/2017-03-05"),
        ("between 3 March and 5 April 2017", "2017-03-03/2017-04-05"),
        ("December 2016 to January 2017", "2016-12/2017-01"),
        ("from December to January 2017", "2016-12/2017-01"),
        ("30 December 2016 – 2 January 2017", "2016-12-30/2017-01-02"),
        ("December 30 – January 2, 2017", "2016-12-30/2017-01-02"),
        ("December 30–31", "XXXX-12-30/XXXX-12-31"),
        ("since 2014", "2014/.."),
        ("Since 2014", "2014/.."),
        ("since December 29, 2016", "2016-12-29/.."),
        ("from 2014 onwards", "2014/.."),
        ("until 2015", "../2015"),
        ("by January 2017", "../2017-01"),
        ("through December 31, 2016", "../2016-12-31"),
    ],
)
def test_intervals_hold_both_ends_or_an_open_one(words: str, value: str) -> None:
    assert (read(words).value, read(words).basis) == (value, EXPLICIT)


@pytest.mark.parametrize(
    ("words", "anchor", "past", "value"),
    [
        ("January 20", FRIDAY, None, "2017-01-20"),
        ("January 20", FRIDAY, False, "2017-01-20"),
        ("January 20", FRIDAY, True, "2016-01-20"),
        ("29 December", FRIDAY, None, "2016-12-29"),
        ("29 December", FRIDAY, True, "2016-12-29"),
        ("29 December", FRIDAY, False, "2017-12-29"),
        ("Dec. 30", FRIDAY, True, "2016-12-30"),
        ("the 29th of December", "2017-01-03", None, "2016-12-29"),
        ("Thursday, 29 December", FRIDAY, None, "2016-12-29"),
        # A weekday is better evidence for the year than how the act is told.
        ("Friday, January 20", FRIDAY, True, "2017-01-20"),
        ("New Year's Eve", "2017-01-02", None, "2016-12-31"),
        ("Saturday, New Year’s Eve", "2017-01-02", None, "2016-12-31"),
        ("New Year's Eve on Saturday", "2017-01-02", True, "2016-12-31"),
        ("Christmas Day", FRIDAY, None, "2016-12-25"),
        ("the Fourth of July", "2017-06-30", None, "2017-07-04"),
        ("February 29", "2016-03-03", None, "2016-02-29"),
        ("February 29", "2017-03-03", True, "2016-02-29"),
        ("December", "2017-01-03", None, "2016-12"),
        ("March", FRIDAY, True, "2016-03"),
        ("March", FRIDAY, False, "2017-03"),
        ("mid-January", FRIDAY, None, "2017-01"),
        ("December 30 – January 2", FRIDAY, None, "2016-12-30/2017-01-02"),
        ("from November to January", FRIDAY, None, "2016-11/2017-01"),
    ],
)
def test_a_missing_year_comes_from_the_anchor(words: str, anchor: str, past: bool | None, value: str) -> None:
    for found in (published(anchor), dateline(anchor)):
        assert read(words, found, past=past).model_dump(include={"value", "basis", "anchor"}) == {
            "value": value,
            "basis": INFERRED,
            "anchor": anchor,
        }


def test_a_missing_year_may_lie_just_beyond_a_date_of_the_report() -> None:
    assert read("January 2", in_report("2016-12-31"), past=True).value == "2017-01-02"
    assert read("March 5", in_report("2016-12-31"), past=True).value == "2016-03-05"


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("January 20", "XXXX-01-20"),
        ("20 January", "XXXX-01-20"),
        ("Friday, January 20", "XXXX-01-20"),
        ("New Year's Eve", "XXXX-12-31"),
        ("February 29", "XXXX-02-29"),
        ("in March", "XXXX-03"),
    ],
)
def test_without_an_anchor_a_missing_year_stays_open(words: str, value: str) -> None:
    assert read(words).model_dump(include={"value", "basis", "anchor"}) == {
        "value": value,
        "basis": EXPLICIT,
        "anchor": None,
    }


# --- dates reckoned from an anchor ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "past", "value"),
    [
        ("Thursday", None, "2016-12-29"),
        ("Thursday", True, "2016-12-29"),
        ("Thursday", False, "2017-01-05"),
        ("on Thursday", None, "2016-12-29"),
        ("late Thursday", None, "2016-12-29"),
        ("late on Thursday", None, "2016-12-29"),
        ("early on Monday", None, "2016-12-26"),
        ("Saturday night", None, "2016-12-24"),
        ("Saturday night", False, "2016-12-31"),
        ("Thursday’s", None, "2016-12-29"),
        ("Thurs.", None, "2016-12-29"),
        ("at 10:30 a.m. on Thursday", None, "2016-12-29"),
        ("Friday", True, "2016-12-30"),
        ("Friday", False, "2016-12-30"),
        ("Friday", None, "2016-12-30"),
        ("next Monday", None, "2017-01-02"),
        ("next Friday", None, "2017-01-06"),
        ("last Monday", None, "2016-12-26"),
        ("last Friday", None, "2016-12-23"),
        ("this coming Monday", None, "2017-01-02"),
        ("this Thursday", None, "2016-12-29"),
        ("this Sunday", None, "2017-01-01"),
        ("Monday next week", None, "2017-01-02"),
        ("Wednesday of last week", None, "2016-12-21"),
        ("today", None, "2016-12-30"),
        ("earlier today", None, "2016-12-30"),
        ("tonight", None, "2016-12-30"),
        ("yesterday", None, "2016-12-29"),
        ("yesterday evening", None, "2016-12-29"),
        ("last night", None, "2016-12-29"),
        ("tomorrow", None, "2016-12-31"),
        ("tomorrow morning", None, "2016-12-31"),
        ("the day before yesterday", None, "2016-12-28"),
        ("two days ago", None, "2016-12-28"),
        ("10 days ago", None, "2016-12-20"),
        ("three days from now", None, "2017-01-02"),
        ("last week", None, "2016-12-19/2016-12-25"),
        ("this week", None, "2016-12-26/2017-01-01"),
        ("earlier this week", None, "2016-12-26/2017-01-01"),
        ("next week", None, "2017-01-02/2017-01-08"),
        ("early next week", None, "2017-01-02/2017-01-08"),
        ("last weekend", None, "2016-12-24/2016-12-25"),
        ("over the weekend", None, None),
        ("over the weekend", True, "2016-12-24/2016-12-25"),
        ("at the weekend", False, "2016-12-31/2017-01-01"),
        ("this weekend", None, "2016-12-31/2017-01-01"),
        ("this Thursday", False, "2017-01-05"),
        ("this December", None, "2016-12"),
        ("in three weeks' time", None, "2017-01-20~"),
        ("this month", None, "2016-12"),
        ("later this month", None, "2016-12"),
        ("next month", None, "2017-01"),
        ("last month", None, "2016-11"),
        ("last December", None, "2015-12"),
        ("next January", None, "2017-01"),
        ("this year", None, "2016"),
        ("late last year", None, "2015"),
        ("next year", None, "2017"),
        ("three weeks ago", None, "2016-12-09~"),
        ("two months ago", None, "2016-10~"),
        ("two years ago", None, "2014~"),
        ("since Thursday", None, "2016-12-29/.."),
        ("since last week", None, "2016-12-19/.."),
        ("until Sunday", None, "../2017-01-01"),
        ("by Monday", None, "../2017-01-02"),
    ],
)
def test_relative_days_are_reckoned_from_the_day_of_writing(words: str, past: bool | None, value: str | None) -> None:
    for anchor in (published(), dateline()):
        found = read(words, anchor, past=past)
        assert (found.value, found.basis) == (value, RELATIVE if value else None)
        assert found.anchor == (FRIDAY if value else None)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("Monday", "2017-01-02"),
        ("Tuesday", "2017-01-03"),
        ("Wednesday", "2016-12-28"),
        ("Thursday", "2016-12-29"),
        ("Friday", "2016-12-30"),
        ("Saturday", "2016-12-31"),
        ("Sunday", "2017-01-01"),
        ("late Thursday", "2016-12-29"),
    ],
)
def test_a_date_of_the_report_carries_the_nearest_weekday(words: str, value: str) -> None:
    for past in (True, False, None):
        assert read(words, in_report("2016-12-31"), past=past).value == value


@pytest.mark.parametrize(
    "words",
    ["today", "yesterday", "two days ago", "next Monday", "last week", "this month", "later this month", "last year"],
)
def test_a_date_of_the_report_carries_no_day_of_writing(words: str) -> None:
    assert read(words, in_report("2016-12-31")).value is None


@pytest.mark.parametrize("words", ["Thursday", "on Thursday", "next Monday", "today", "two days ago", "last week"])
def test_without_an_anchor_nothing_is_reckoned(words: str) -> None:
    assert read(words) == ResolvedDate(text=words, start=0, end=len(words), value=None, basis=None, anchor=None)


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "...",
        "the compound was closed",
        "in recent weeks",
        "several days ago",
        "weeks ago",
        "Thursday and Friday",
        "Thursday or Friday",
        "December 29, 2016 and January 2, 2017",
        "a week after December 31, 2016",
        "before 2015",
        "Mondays",
        "every Monday",
        "on the 29th",
        "the last week",
        "the past two years",
        "Q1 2017",
        "the 1900s",
        "the 20th century",
        "last summer",
        "72 hours",
        "35",
        # Years or a month?
        "2008-12",
        "2012 – 2008",
        "31 February 2016",
        "February 30",
        "29 February 2017",
        "31.02.17",
        "2016-13-01",
        "2016-00-01",
        "2016年0月",
        "13/13/2016",
        # 30 December 2016 was a Friday.
        "Monday, December 30, 2016",
        "Monday, December 30",
        "yesterday, Monday",
        "3 to 5",
        "5 to 3 March 2017",
    ],
)
def test_words_that_hold_no_single_date_have_no_value(words: str) -> None:
    found = read(words, published())
    assert (found.text, found.value, found.basis, found.anchor) == (words, None, None, None)


@pytest.mark.parametrize(
    ("text", "words", "value", "basis"),
    [
        ("He will speak next Monday.", "Monday", "2017-01-02", RELATIVE),
        ("He spoke last Friday.", "Friday", "2016-12-23", RELATIVE),
        ("He spoke on Tuesday last week.", "Tuesday", "2016-12-20", RELATIVE),
        ("They meet every Monday.", "Monday", None, None),
        ("They meet on the last Monday of May.", "Monday", None, None),
        ("In the last week he spoke.", "last week", None, None),
        ("He takes office on January 20, 2018.", "January 20", "2018-01-20", INFERRED),
        ("He takes office in January 2018.", "January", "2018-01", INFERRED),
        ("On Thursday he spoke.", "Thursday", "2016-12-29", RELATIVE),
    ],
)
def test_the_words_beside_them_count_too(text: str, words: str, value: str | None, basis: DateBasis | None) -> None:
    found = read_in(text, words, published())
    assert (found.text, found.value, found.basis) == (words, value, basis)


def test_a_text_that_holds_other_words_there_is_ignored() -> None:
    assert resolve("Monday", (0, 6), published(), text="next Monday").value == "2016-12-26"


def test_an_anchor_that_is_no_day_carries_nothing() -> None:
    assert read("Monday", published("2016-12")).value is None
    assert read("January 20", published("XXXX-12-30")).value == "XXXX-01-20"
    assert read("yesterday", published("0001-01-01")).value is None


# --- the date of publication ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Title\nPublished: 30 December 2016\nA report.", "30 December 2016"),
        ("Title\nPublished 30 December 2016\nA report.", "30 December 2016"),
        (
            "Title\nPUBLISHED: 13:08 EST, 30 December 2016 | UPDATED: 15:00 EST, 2 January 2017\nText",
            "30 December 2016",
        ),
        ("Updated Jan 2, 2017 | Published Dec 30, 2016\nText", "Dec 30, 2016"),
        ("First published on Fri 30 Dec 2016 13.08 GMT\nText", "30 Dec 2016"),
        ("First published: 30 Dec 2016\nPublished: 28 Jun 2018\nText", "30 Dec 2016"),
        ("Published: 30 Dec 2016\nText\nPublished on 2016-12-30", "30 Dec 2016"),
        ("Published 4:12 PM ET Fri, 30 Dec 2016 Updated 8:02 AM ET Sat, 31 Dec 2016\nText", "30 Dec 2016"),
        ("Published time: 30 Dec, 2016 13:08\nEdited time: 31 Dec, 2016 09:00\nText", "30 Dec, 2016"),
        ("Posted on December 30, 2016 by admin\nText", "December 30, 2016"),
        ("Published\n\nDec 30, 2016\nText", "Dec 30, 2016"),
        ("By A. Writer\nDate: 2016-12-30\nText", "2016-12-30"),
        ("Publié le 30/12/2016 à 10h30\nTexte", "30/12/2016"),
        ("Veröffentlicht am 30.12.2016\nText", "30.12.2016"),
        ("Опубликовано: 30.12.2016 13:08\nТекст", "30.12.2016"),
        ("Publicado el 30/12/2016\nTexto", "30/12/2016"),
        ("Text\nפרסום ראשון: 12.30.16, 13:08", "12.30.16"),
        ("تاريخ النشر: ٣٠/١٢/٢٠١٦\n", "٣٠/١٢/٢٠١٦"),
        ("发布时间：2016年12月30日\n", "2016年12月30日"),
    ],
)
def test_a_label_gives_the_date_of_publication(text: str, words: str) -> None:
    start = text.index(words)
    expected = DateAnchor(value=FRIDAY, text=words, start=start, end=start + len(words), basis="published")
    assert find_published(text) == expected
    assert find_anchor(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("MOSCOW, Dec 30, 2016 (AP) — Russia said", "Dec 30, 2016"),
        ("WASHINGTON — December 30, 2016\nThe US said", "December 30, 2016"),
        ("Title\n\nMOSCOW, December 30, 2016. /TASS/. Russia said", "December 30, 2016"),
        ("Title\nMoscow, 30 December 2016 – The ministry said", "30 December 2016"),
        ("Title\nFriday 30 December 2016 13.08 GMT\nText", "30 December 2016"),
        ("Title\nFriday 30 December 2016 13.08 GMT Last modified on Monday 2 January 2017\nText", "30 December 2016"),
        ("Title\nMOSCOW | Fri Dec 30, 2016 7:45am EST\nText", "Dec 30, 2016"),
        ("Title\nBy PETER B. WRITER DEC. 30, 2016\nText", "DEC. 30, 2016"),
        ("Title\nDec 30, 2016\nText", "Dec 30, 2016"),
        ("Title\n" + "A line of the report.\n" * 20 + "30.12.2016", "30.12.2016"),
    ],
)
def test_a_dateline_gives_the_date_of_publication(text: str, words: str) -> None:
    start = text.index(words)
    assert find_published(text) == DateAnchor(
        value=FRIDAY, text=words, start=start, end=start + len(words), basis="dateline"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Title\nUpdated 10:30, 28-Jun-2018\nText",
        "Title\nUpdated\n28 June 2018\nText",
        "Title\nLast modified on 2018-06-28\nText",
        "Title\nLast edited by A. Writer on June 28, 2018\nText",
        "Title\n28 June 2018 (updated)\nText",
        "Text\nОбновлено: 28.06.2018",
        "Text\nעדכון אחרון: 28.06.18",
        "Text\nCopyright December 30, 2016 Agency",
        "Text\n© 30 December 2016",
        "Published: 01.02.17\nText",
        "Published: 31.02.2017\nText",
        "Published: Monday, 30 December 2016\nText",
        "Published: 30 Dec 2016\nPosted: 28 Jun 2018\nText",
        "First published: 30 Dec 2016\nText\nFirst published: 28 Jun 2018",
        "https://example.org/2016/12/30/story",
        "MOSCOW, Dec 30 (AP) — Russia said",
    ],
)
def test_stamps_doubtful_orders_and_contradictions_give_neither(text: str) -> None:
    assert find_published(text) is None
    assert find_anchor(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "A report published December 30, 2016 says so.",
        "Published December 30, 2016, the report names the FSB.",
        "Title\nVladimir Putin arrives in Moscow, December 30, 2016. (AP Photo)",
    ],
)
def test_a_date_within_a_sentence_is_no_publication(text: str) -> None:
    assert find_published(text) is None
    anchor = find_anchor(text)
    assert anchor is not None
    assert (anchor.value, anchor.basis) == (FRIDAY, "text")


# --- the anchor in a report ----------------------------------------------------------------------------------------

FILLING = "The ministry gave no reason and named none of those who have to go.\n" * 12


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # its weekday is named
        ("He met Obama on September 5, 2016. The order of December 29, 2016 came on Thursday.", "2016-12-29"),
        ("The order of December 29, 2016 came on Thursday. It was read on January 2, 2017.", "2016-12-29"),
        # it stands twice
        ("On December 28, 2016 and again on December 28, 2016; on December 29, 2016 too.", "2016-12-28"),
        # the later of equals
        ("On December 28, 2016 and on December 29, 2016.", "2016-12-29"),
        # plans, history and file pictures are out
        ("Ordered on December 29, 2016. Trump will be sworn in on January 20, 2017, a Friday.", "2016-12-29"),
        ("Ordered on December 29, 2016. On January 20, 2017, Trump will take office.", "2016-12-29"),
        ("Ordered by Obama on December 29, 2016, they must leave by January 1, 2017.", "2016-12-29"),
        ("Ordered on December 29, 2016. They must leave by Sunday, January 1, 2017. On Sunday!", "2016-12-29"),
        ("Born on December 31, 2016.", None),
        ("In this file photo taken on December 31, 2016, Putin speaks.", None),
        ("The convention of April 18, 1961 was named on Tuesday. Ordered on December 29, 2016.", "2016-12-29"),
        # a lone date deep in the text which no weekday supports is no day of this report
        (FILLING + "It was read on Monday. The law of May 3, 2014 forbids it.", None),
        (FILLING + "It was read. The law of May 3, 2014 forbids it.", "2014-05-03"),
        ("Updated 28-Jun-2018\nThe order of December 29, 2016 came on Thursday.", "2016-12-29"),
        ("On 12.29.16 it was ordered.", None),
    ],
)
def test_the_report_itself_gives_an_anchor(text: str, value: str | None) -> None:
    anchor = find_anchor(text)
    assert (anchor and anchor.value, anchor and anchor.basis) == (value, value and "text")
    assert anchor is None or text[anchor.start : anchor.end] == anchor.text


# --- the five seeds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "value", "words", "basis"),
    [
        (0, "2016-12-31", "December 31, 2016", "text"),
        (1, None, None, None),
        (2, "2016-12-29", "December 29, 2016", "text"),
        (3, None, None, None),
        (4, "2016-12-30", "12.30.16", "published"),
    ],
)
def test_the_anchor_of_each_seed(number: int, value: str | None, words: str | None, basis: str | None) -> None:
    text = seed(number)
    anchor = find_anchor(text)
    if value is None:
        assert anchor is None
        return
    assert anchor is not None
    assert (anchor.value, anchor.text, anchor.basis) == (value, words, basis)
    assert text[anchor.start : anchor.end] == words
    assert find_published(text) == (anchor if basis == "published" else None)


@pytest.mark.parametrize(
    ("number", "words", "past", "value"),
    [
        (0, "Monday", True, "2017-01-02"),
        (0, "Thursday", True, "2016-12-29"),
        (0, "Friday", True, "2016-12-30"),
        (0, "Saturday", True, "2016-12-31"),
        (0, "New Year’s Eve", True, "2016-12-31"),
        (0, "December 31, 2016", None, "2016-12-31"),
        (0, "Since 2014", None, "2014/.."),
        (0, "later this month", False, None),
        (1, "Sunday", True, None),
        (1, "Saturday night", True, None),
        (2, "Friday", True, "2016-12-30"),
        (2, "Thursday", True, "2016-12-29"),
        (2, "January 20", False, "2017-01-20"),
        (2, "September 5, 2016", None, "2016-09-05"),
        (3, "Thursday", True, None),
        (4, "Thursday", True, "2016-12-29"),
        (4, "late Thursday", True, "2016-12-29"),
        (4, "late on Thursday", True, "2016-12-29"),
        (4, "Friday", True, "2016-12-30"),
        (4, "next week", False, "2017-01-02/2017-01-08"),
        (4, "2008\u00a0– 2012", True, "2008/2012"),
        (4, "2010", True, "2010"),
        (4, "A month after an election", True, None),
    ],
)
def test_the_date_words_of_each_seed(number: int, words: str, past: bool | None, value: str | None) -> None:
    text = seed(number)
    found = read_in(text, words, find_anchor(text), past=past)
    assert (found.value, found.text) == (value, words)


# --- durations -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("72 hours", "PT72H"),
        ("72\u00a0hours", "PT72H"),
        ("72 hours to leave the country", "PT72H"),
        ("72-hour", "PT72H"),
        ("a 72-hour deadline", "PT72H"),
        ("72h", "PT72H"),
        ("seventy-two hours", "PT72H"),
        ("Seventy two hours", "PT72H"),
        ("within 48 hours", "PT48H"),
        ("within 72 hours after notice", "PT72H"),
        ("up to a month", "P1M"),
        ("two weeks", "P2W"),
        ("the next two weeks", "P2W"),
        ("a fortnight", "P2W"),
        ("a month", "P1M"),
        ("30 days", "P30D"),
        ("30 calendar days", "P30D"),
        ("two days'", "P2D"),
        ("a hundred days", "P100D"),
        ("one year", "P1Y"),
        ("two decades", "P20Y"),
        ("an hour", "PT1H"),
        ("half an hour", "PT30M"),
        ("30 minutes", "PT30M"),
        ("45 seconds", "PT45S"),
        ("two days and 12 hours", "P2DT12H"),
        ("a year and six months", "P1Y6M"),
    ],
)
def test_durations(words: str, value: str) -> None:
    assert duration(words) == value


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Thursday",
        "hours",
        "the month",
        "several days",
        "a few hours",
        "48 to 72 hours",
        "48-72 hours",
        "two or three days",
        "more than 72 hours",
        "at least two weeks",
        "about a month",
        "two days ago",
        "two days after",
        "a day and a half",
        "two and a half days",
        "1.5 hours",
        "30 business days",
        "35-year-old",
        "a second embassy",
        "24 hours a day",
        "12 hours and two days",
    ],
)
def test_what_is_no_certain_duration(words: str) -> None:
    assert duration(words) is None


# --- what holds for every date and every text ----------------------------------------------------------------------

DAYS = st.dates(min_value=date(1000, 1, 1), max_value=date(2099, 12, 31))
ANCHORS = st.dates(min_value=date(1900, 1, 1), max_value=date(2090, 12, 31))
FORMS = [
    "{month} {day}, {year}",
    "{abbreviated} {day}, {year}",
    "{abbreviated}. {day}, {year}",
    "{month} {day}{suffix}, {year}",
    "{month} the {day}{suffix}, {year}",
    "{day} {month} {year}",
    "{day}{suffix} of {month} {year}",
    "the {day}{suffix} of {month}, {year}",
    "{day}-{abbreviated}-{year}",
    "{day:02}-{abbreviated}-{year}",
    "{year}-{number:02}-{day:02}",
    "{year}/{number:02}/{day:02}",
    "{year}年{number}月{day}日",
    "{weekday}, {month} {day}, {year}",
    "{weekday} {day} {month} {year}",
    "{month} {day}, {year} ({weekday})",
    "on {month} {day}, {year}",
]
PIECES = (
    "the on late since until from to and between by about next last this early mid- Monday Thursday December May 3 5 "
    "31 29 2016 2017 99 - – , . ’s night week month year ago two days today New Year's Eve summer 12.30.16 2014-16"
).split(" ")
WORDS = st.text(max_size=24) | st.lists(st.sampled_from(PIECES) | st.text("0123456789 .,-/–'\u00a0", max_size=3)).map(
    " ".join
)


def written(day: date, form: str) -> str:
    suffix = "th" if 11 <= day.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    name = calendar.month_name[day.month]
    return form.format(
        year=day.year,
        number=day.month,
        day=day.day,
        month=name,
        abbreviated=name[:3],
        suffix=suffix,
        weekday=calendar.day_name[day.weekday()],
    )


@given(day=DAYS, form=st.sampled_from(FORMS), case=st.sampled_from([str, str.upper, str.lower]))
def test_every_date_in_every_form_is_read_back(day: date, form: str, case: type[str]) -> None:
    assert read(case(written(day, form)), published()).value == day.isoformat()


@given(
    day=DAYS, form=st.sampled_from(["{number}/{day}/{year}", "{day}.{number}.{year}", "{day:02}-{number:02}-{year}"])
)
def test_a_numeric_date_is_one_of_its_readings(day: date, form: str) -> None:
    value = read(written(day, form)).value
    assert value is not None
    assert day.isoformat() in value
    assert value.startswith("[") == (day.day <= 12 and day.day != day.month)


@given(day=ANCHORS, weekday=st.integers(0, 6), past=st.sampled_from([True, False, None]))
def test_a_weekday_lies_within_a_week_in_the_right_direction(day: date, weekday: int, past: bool | None) -> None:
    value = read(calendar.day_name[weekday], published(day.isoformat()), past=past).value
    assert value is not None
    found = date.fromisoformat(value)
    assert found.weekday() == weekday
    assert 0 <= ((found - day).days if past is False else (day - found).days) <= 6


@given(day=ANCHORS, weekday=st.integers(0, 6), past=st.sampled_from([True, False, None]))
def test_a_weekday_of_a_report_lies_within_three_days(day: date, weekday: int, past: bool | None) -> None:
    value = read(calendar.day_name[weekday], in_report(day.isoformat()), past=past).value
    assert value is not None
    found = date.fromisoformat(value)
    assert found.weekday() == weekday
    assert abs(found - day) <= timedelta(days=3)


@given(day=ANCHORS, other=DAYS, past=st.sampled_from([True, False, None]))
def test_a_missing_year_is_the_nearest_in_its_direction(day: date, other: date, past: bool | None) -> None:
    words = written(other, "{month} {day}")
    value = read(words, published(day.isoformat()), past=past).value
    assert value is not None
    if (other.month, other.day) == (2, 29):
        return
    found = date.fromisoformat(value)
    assert (found.month, found.day) == (other.month, other.day)
    limit = 183 if past is None else 365
    assert abs((found - day).days) <= limit
    assert past is None or found == day or (found < day) is past


DATE = r"(?:\d{4}|XXXX)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
MONTH = r"(?:\d{4}|XXXX)-(?:0[1-9]|1[0-2])"
SIMPLE = rf"(?:{DATE}|{MONTH}|\d{{4}}-2[1-4]|\d{{4}}|\d{{3}}X)~?"
EDTF = re.compile(rf"{SIMPLE}|{SIMPLE}/(?:{SIMPLE}|\.\.)|\.\./{SIMPLE}|\[{DATE},{DATE}\]", re.ASCII)


def is_edtf(value: str) -> bool:
    """Whether a value is of the forms of EDTF that this project writes and all its days are in the calendar."""
    days = [day.replace("XXXX", "2000") for day in re.findall(DATE, value)]
    try:
        parsed = [date.fromisoformat(day) for day in days]
    except ValueError:
        return False
    ordered = "XXXX" in value or parsed == sorted(parsed)
    return EDTF.fullmatch(value) is not None and ordered


@given(
    words=WORDS,
    anchor=st.none() | st.builds(published, ANCHORS.map(str)) | st.builds(in_report, ANCHORS.map(str)),
    past=st.sampled_from([True, False, None]),
    before=st.sampled_from(["", "next ", "the last ", "every "]),
    after=st.sampled_from(["", ", 2016", " last week", " of May"]),
)
def test_any_words_give_valid_edtf_or_nothing(
    words: str, anchor: DateAnchor | None, past: bool | None, before: str, after: str
) -> None:
    text, span = before + words + after, (len(before), len(before) + len(words))
    found = resolve(words, span, anchor, text=text, past=past)
    assert found == resolve(words, span, anchor, text=text, past=past)
    assert (found.text, found.start, found.end) == (words, *span)
    assert found.value is None or is_edtf(found.value)
    assert (found.value is None) == (found.basis is None)
    assert found.anchor is None or (anchor is not None and found.anchor == anchor.value)
    assert found.anchor is not None or found.basis is not RELATIVE


@given(
    text=st.lists(WORDS | st.sampled_from(["\n", "Published: ", "Updated ", "MOSCOW, ", "© ", "12.30.16"])).map("".join)
)
def test_any_text_gives_an_anchor_that_stands_in_it_or_none(text: str) -> None:
    anchor, own = find_anchor(text), find_published(text)
    assert anchor == find_anchor(text)
    assert own is None or own == anchor
    if anchor is not None:
        assert text[anchor.start : anchor.end] == anchor.text
        assert date.fromisoformat(anchor.value).isoformat() == anchor.value


@given(words=WORDS | st.builds("{} {}".format, st.integers(0, 10**6), st.sampled_from(["hours", "days", "weeks"])))
def test_any_words_give_an_iso_duration_or_none(words: str) -> None:
    value = duration(words)
    assert value is None or re.fullmatch(
        r"P(?:\d+W|(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)", value
    )


@pytest.mark.parametrize(
    "piece", " |\t|\n| \n|\u3000|0|1.|,|Monday |12:30 |Dec 30, |Updated: |2016-12-31 |a. ".split("|")
)
@pytest.mark.parametrize(("before", "after"), [("", ""), ("a\n", "\nb"), ("Published: ", "December 30, 2016")])
def test_a_long_text_is_read_at_once(before: str, piece: str, after: str) -> None:
    text = before + piece * (200_000 // len(piece)) + after
    anchor = find_anchor(text)
    assert anchor is None or text[anchor.start : anchor.end] == anchor.text


def test_blank_lines_are_no_lines() -> None:
    text = "a\n" + " \n" * 20 + " MOSCOW, Dec 30, 2016 (AP) - x"
    anchor = find_anchor(text)
    assert anchor is not None
    assert (anchor.value, anchor.basis) == (FRIDAY, "dateline")
