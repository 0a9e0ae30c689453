"""Cardinal numbers in figures and words."""

from __future__ import annotations

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


@given(st.integers(0, 10**9))
def test_every_number_in_figures_reads_back(number: int) -> None:
    for written in (str(number), f"{number:,}"):
        assert [item.value for item in numbers_in(f"({written})")] == [number]


@given(st.text())
def test_any_text_is_read_without_fail(text: str) -> None:
    ends = [0]
    for number in numbers_in(text):
        assert ends[-1] <= number.start < number.end <= len(text)
        ends.append(number.end)
