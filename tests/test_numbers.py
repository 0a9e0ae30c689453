"""Cardinal numbers in figures and words."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.numbers import numbers_in

UNITS = ["", *"one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()]
UNITS += "sixteen seventeen eighteen nineteen".split()
TENS = ["", "", *"twenty thirty forty fifty sixty seventy eighty ninety".split()]


def in_words(number: int) -> str:
    """English number words below a million."""
    if number >= 1000:
        return f"{in_words(number // 1000)} thousand {in_words(number % 1000)}".strip()
    if number >= 100:
        rest = in_words(number % 100)
        return f"{UNITS[number // 100]} hundred{' and ' + rest if rest else ''}"
    if number < 20:
        return UNITS[number]
    return f"{TENS[number // 10]}{'-' + UNITS[number % 10] if number % 10 else ''}"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Thirty-five Russian diplomats", [35]),
        ("35 diplomats, 31 of them from Moscow and four from St Petersburg", [35, 31, 4]),
        ("thirty five, or thirty–five", [35, 35]),
        ("1,200 people and 1 200 more", [1200, 1200]),
        ("two dozen envoys, a dozen clerks, both consulates", [24, 12, 2]),
        ("two hundred and three", [203]),
        ("one hundred thousand", [100_000]),
        ("35 million", [35_000_000]),
        ("five, six", [5, 6]),
        ("twenty one hundred", [2100]),
        ("between four and five", [4, 5]),
        ("3.5 per cent", []),
        ("the 35th, the G20, F-16s and section B2", []),
        ("the first and the second", []),
        ("someone is often alone", []),
        ("", []),
    ],
)
def test_numbers_are_read(text: str, values: list[int]) -> None:
    assert [number.value for number in numbers_in(text)] == values


@given(st.integers(1, 999_999))
def test_every_number_in_words_reads_back(number: int) -> None:
    text = f"Some {in_words(number)} people left."
    found = list(numbers_in(text))
    assert [item.value for item in found] == [number]
    assert text[found[0].start : found[0].end] == in_words(number)


@pytest.mark.parametrize(
    "text",
    [
        "December 31, 2016",
        "31 December 2016",
        "31 DECEMBER 2016",
        "December 31",
        "the 31st of December",
        "31-Dec-2016",
        "31-Dec-16",
        "Dec-31-2016",
        "31/Dec/2016",
        "2016-12-31",
        "2016-12-31T10:30:00Z",
        "2016/12/31",
        "12.30.16",
        "12. 30. 2016",
        "12/30/2016",
        "12/30",
        "9/11",
        "December 29-31, 2016",
        "29 and 30 December",
        "29, 30 and 31 December",
        "between 3 and 5 March",
        "on December 30 and 31, 2016",
        "from December 29 to January 3",
        "Jan. 20",
        "by Jan 20.",
        "December 2016",
        "since December 1867",
        "at 10:30",
        "10:30:15 GMT",
        "at 10.30 am",
        "at 10 a.m., or 11 pm",
        "at ten o’clock",
        "1030 GMT",
        "in 2016",
        "since 2014",
        "by 2020",
        "(2016)",
        "the 2016 election",
        "2008 – 2012",
        "2008–2012",
        "2016-17",
        "2016/17",
        "2014, 2015 and 2016",
        "In 2016 people left",
        "the 2016 Women’s March",
        "from 2014 to 2016",
    ],
)
def test_dates_and_times_hold_no_numbers(text: str) -> None:
    assert list(numbers_in(text)) == []
    assert [item.value for item in numbers_in(f"35 diplomats, {text}, and 31 envoys")] == [35, 31]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("35 diplomats on December 31, 2016", [35]),
        ("by January 20 and 35 diplomats", [35]),
        ("1,200 people", [1200]),
        ("2,016 people", [2016]),
        ("2000 troops", [2000]),
        ("more than 2000 Russian troops", [2000]),
        ("2000 million", [2_000_000_000]),
        ("$2000", [2000]),
        ("In December 31 diplomats left", [31]),
        ("In March 20,000 people left", [20_000]),
        ("On December 31 million people", [31_000_000]),
        ("we may 20 times, and march 31 miles", [20, 31]),
        ("in 2016 – 17 diplomats left", [17]),
        ("35-year-old", [35]),
        ("35-40 envoys", [35, 40]),
        ("31 Mayors", [31]),
    ],
)
def test_numbers_beside_dates_and_like_them(text: str, values: list[int]) -> None:
    assert [number.value for number in numbers_in(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("half a dozen", [6]),
        ("half-dozen", [6]),
        ("half a million", [500_000]),
        ("1.5 million", [1_500_000]),
        ("2.25 thousand", [2250]),
        ("1.2345678 million", []),
        ("two and a half thousand", [2500]),
        ("a million and a half", [1_500_000]),
        ("two and a half years", []),
        ("an hour and a half", []),
        ("a hundred", [100]),
        ("hundreds of thousands", []),
        ("a few", []),
        ("a few hundred, several dozen, a couple of thousand", []),
        ("two thousand million", [2_000_000_000]),
        ("between one hundred and two hundred", [100, 200]),
        ("five thousand two thousand", [5000, 2000]),
        ("hundred hundred", [100, 100]),
        ("the twenty-first", []),
        ("two-thirds, two thirds", []),
        ("1,200 300", [1200, 300]),
        ("202-555-0123", []),
        ("٣٥", [35]),
    ],
)
def test_scales_and_fractions(text: str, values: list[int]) -> None:
    assert [number.value for number in numbers_in(text)] == values


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(1, 999))
def test_a_date_in_any_writing_leaves_the_count_alone(day: date, count: int) -> None:
    month = calendar.month_name[day.month]
    written = (
        f"{month} {day.day}, {day.year}",
        f"{month} {day.day}",
        f"{day.day} {month} {day.year}",
        f"{day.day}-{month[:3]}-{day.year}",
        f"{month} {day.year}",
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day.month}/{day.day}/{day.year % 100:02}",
        f"the year {day.year}",
    )
    for words in written:
        assert [item.value for item in numbers_in(f"{count} diplomats left on {words}.")] == [count]
        assert [item.value for item in numbers_in(f"On {words}, {count} diplomats left.")] == [count]


@given(st.integers(0, 10**9))
def test_every_number_in_figures_reads_back(number: int) -> None:
    for written in (str(number), f"{number:,}"):
        expected = [] if written.isdigit() and 1900 <= number <= 2099 else [number]
        assert [item.value for item in numbers_in(f"({written})")] == expected


@pytest.mark.parametrize("digits", [16, 4301, 200_000])
def test_overlong_figures_are_no_count(digits: int) -> None:
    assert [item.value for item in numbers_in("9" * (digits - 1) + "8 and 35")] == [35]
    assert [item.value for item in numbers_in("1" + ",000" * digits + " and 35")] == [35]
    assert [item.value for item in numbers_in("9" * 15)] == [10**15 - 1]


@pytest.mark.parametrize(
    "piece",
    "one |hundred |thousand |two million |twenty |and a half |half a |few hundred |1|1 |1-|1.|1,|1:|1/|1,000|000 "
    "| |and |Dec |31 Dec |31 to |31, |2016 |1.5 million ".split("|"),
)
def test_a_long_text_is_read_at_once(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    assert all(0 <= number.value < 10**34 for number in numbers_in(text))


@given(st.text())
def test_any_text_is_read_without_fail(text: str) -> None:
    assert_in_order(text)


@given(st.lists(st.sampled_from("one twenty hundred thousand dozen and half a 1.5 35 2016 Dec 31, - both".split())))
def test_any_run_of_number_words_is_read_without_fail(words: list[str]) -> None:
    assert_in_order(" ".join(words))


def assert_in_order(text: str) -> None:
    ends = [0]
    for number in numbers_in(text):
        assert ends[-1] <= number.start < number.end <= len(text)
        ends.append(number.end)
