"""What stands in quotation marks, in the marks that news texts mix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.quotation import quoted_regions, stands_in_quotation, stretches_in_quotation

MARKS = "\"“”„‟＂«»‹›「」『』'‘’‚"
LONG = 200_000


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in quoted_regions(text)]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("He said “yes” twice.", ["yes"]),
        ('He said "yes" twice.', ["yes"]),
        ('accusing them of “acting in a manner." He left.', ["acting in a manner."]),
        ("“One,” he said. “Two.”", ["One,", "Two."]),
        ("the 'baseless' claim of the diplomats' union", ["baseless"]),
        ("it’s the Kremlin’s, isn't it", []),
        ("no marks at all", []),
        ('He said "" and left', []),
        ('(“yes”) ["no"] —"we"—', ["yes", "no", "we"]),
        ('he said,"yes"and left', ["yes"]),
        ('he said:" yes " and left', [" yes "]),
        ('"...we are," he said', ["...we are,"]),
        ('"The answer:" he said "no"', ["The answer:", "no"]),
    ],
)
def test_regions(text: str, inside: list[str]) -> None:
    assert quoted(text) == inside


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("„Ja“ is German and „Nein“, he said", ["Ja", "Nein"]),
        ("»Ja« is German, »Nein«, he said", ["Ja", "Nein"]),
        ("›Ja‹ is Swiss, ‹oui› too", ["Ja", "oui"]),
        ("„Tak” is Polish, „nie”.", ["Tak", "nie"]),
        ("Han sa ”ja” och ”nej”, sade han.", ["ja", "nej"]),
        ("Han sa »ja» och »nej», sade han.", ["ja", "nej"]),
        ("«Да», said he", ["Да"]),
        ("Il dit « oui » hier, puis «\u00a0non\u00a0».", [" oui ", "\u00a0non\u00a0"]),
        ("他说「我们『你』他」。", ["我们『你』他", "你"]),
        ("他说:“我们”。", ["我们"]),
        ("‚Ja‘ is German", ["Ja"]),
        ('ארה"ב אמרה "לא" ש"כן"', ["לא", "כן"]),
        ("Home » News » Politics", []),
        ("Read more »Sanctions", []),
    ],
)
def test_the_marks_of_other_languages(text: str, inside: list[str]) -> None:
    assert quoted(text) == inside


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“left open\n\nNext paragraph.", ["left open"]),
        ("“left open\nto the end", ["left open\nto the end"]),
        ('"We will respond.\n"We are not weak," he said and left', ["We will respond.", "We are not weak,"]),
        ("“We will respond.\n“We are not weak,” he said", ["We will respond.", "We are not weak,"]),
        ("”We will respond.\n”We are not weak,” he said", ["We will respond.", "We are not weak,"]),
        ("‘We will respond.\n\n‘We are not weak,’ he said", ["We will respond.", "We are not weak,"]),
        ('"We will respond.\nHe left.\n"We are not weak," he said', ["We will respond.", "We are not weak,"]),
        ('"We will respond. "We are not weak," he said', ["We will respond. ", "We are not weak,"]),
        ("“We will, he said. “We are,” he said. “No.”", ["We will, he said. ", "We are,", "No."]),
        ('"We will\nrespond," he said', ["We will\nrespond,"]),
        ('"We will respond\n" he said', ["We will respond\n"]),
        ("“A, “b\n“C,” he said", ["A, ", "b", "C,"]),
        ("the ‘quick fox\nand the ‘slow’ one", ["slow"]),
    ],
)
def test_quotations_left_open(text: str, inside: list[str]) -> None:
    assert quoted(text) == inside


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('a 6" gun and "yes," he said', ["yes,"]),
        ('"He had a 6" gun," she said. "Bad."', ['He had a 6" gun,', "Bad."]),
        ('“He had a 6" gun,” she said', ['He had a 6" gun,']),
        ('5\' 10" tall, 6"x9" in "size"', ["size"]),
        ('"In 2016" he had a 6" gun', ["In 2016"]),
        ('"They are 35" he said. He went "home"', ["They are 35", "home"]),
        ("‘We reject the ministers’ decision,’ he said", ["We reject the ministers’ decision,"]),
        ("'We reject the ministers' decision,' he said", ["We reject the ministers' decision,"]),
        ("‘Yes’ and ‘the diplomats’ claims’, he said", ["Yes", "the diplomats’ claims"]),
        ("the 'spies' left and the 'wrong' ones came", ["spies", "wrong"]),
        ("in the '90s the 'wrong' ones", ["wrong"]),
        ("'He is 5' 10\" tall,' she said", ["He is 5' 10\" tall,"]),
    ],
)
def test_marks_that_are_no_quotation_marks(text: str, inside: list[str]) -> None:
    assert quoted(text) == inside


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“He said ‘no’ to us,” she said.", ["He said ‘no’ to us,", "no"]),
        ("\"He said 'no' to us,\" she said.", ["He said 'no' to us,", "no"]),
        ('“He said "no" to us,” she said.', ['He said "no" to us,', "no"]),
        ("“He said “no” to us,” she said.", ["He said “no” to us,", "no"]),
        ("‘He said “no” to us,’ she said.", ["He said “no” to us,", "no"]),
        ("« Il dit “non” hier »", [" Il dit “non” hier ", "non"]),
        ("„Er sagt ‚Nein‘ dazu“, sagte er", ["Er sagt ‚Nein‘ dazu", "Nein"]),
        ("\"He said: 'No.'\" She left.", ["He said: 'No.'", "No."]),
    ],
)
def test_quotations_in_quotations(text: str, inside: list[str]) -> None:
    assert quoted(text) == inside


@pytest.mark.parametrize(
    ("left", "right"), ["“”", '""', "„“", "„”", "””", "«»", "»«", "「」", "『』", "‘’", "''", "‚‘"]
)
@given(words=st.lists(st.text(alphabet="abrd", min_size=1, max_size=5), min_size=1, max_size=6), data=st.data())
def test_any_words_are_quoted_as_marked(left: str, right: str, words: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    inside = " ".join(words[first : last + 1])
    marked = [*words[:first], f"{left}{inside}{right}", *words[last + 1 :]]
    assert quoted(" ".join(marked)) == [inside]


@given(st.text(alphabet=MARKS + "ab 6s.\n", max_size=60))
def test_regions_are_ordered_and_inside_the_text(text: str) -> None:
    regions = quoted_regions(text)
    assert regions == sorted(regions)
    for start, end in regions:
        assert 0 <= start < end <= len(text)
        assert stands_in_quotation(regions, start, end)


@given(st.text(alphabet=MARKS + "ab 6s.\n", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_what_stands_in_quotation_lies_in_a_region(text: str, start: int, end: int) -> None:
    regions = quoted_regions(text)
    expected = any(left <= start and end <= right for left, right in regions)
    assert stands_in_quotation(regions, start, end) is expected
    assert stands_in_quotation(list(regions), start, end) is expected


@given(st.text(alphabet=MARKS + "ab 6s.\n", max_size=40))
def test_a_paragraph_is_read_by_itself(text: str) -> None:
    paragraph = text.strip() + "."
    inside = quoted(paragraph)
    assert quoted(f"{paragraph}\n\nNothing.\n\n{paragraph}") == inside + inside


@pytest.mark.parametrize(
    "piece",
    [
        "'a ",
        "The ‘quick fox was here. ",
        "s' a",
        "' ",
        '"',
        '"a ',
        '6" ',
        "“",
        "“a ",
        '“"',
        '\n"a',
        "»a ",
        "「",
        "\n",
        "\n ",
        " ",
    ],
)
def test_a_long_text_is_read_at_once(piece: str) -> None:
    text = "“" + piece * (LONG // len(piece))
    regions = quoted_regions(text)
    assert all(stands_in_quotation(regions, *region) for region in regions)


def test_many_quotations_are_asked_at_once() -> None:
    regions = quoted_regions("“" + "'a' " * (LONG // 4) + "”")
    assert len(regions) == LONG // 4 + 1
    assert all(stands_in_quotation(regions, at, at + 2) for at in range(1, LONG - 2))
    assert not stands_in_quotation(regions, 0, 2)


@given(st.text(alphabet="ab ., \n“”\"'«»„", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_the_stretches_of_a_span_are_what_stands_in_quotation_character_by_character(
    text: str, start: int, length: int
) -> None:
    regions, end = quoted_regions(text), min(len(text), start + length)
    stretches = list(stretches_in_quotation(regions, start, end))
    inside = [at for low, high in stretches for at in range(low, high)]
    assert inside == [at for at in range(start, end) if stands_in_quotation(regions, at, at + 1)]
