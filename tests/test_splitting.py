"""Long texts to parts: what holds for any text, and where the cuts fall in ordinary ones."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractor.splitting import halves, overlap_of, windows

SENTENCE = "The ministry of Arvania said on Monday that it had expelled four envoys of Belland."
PARAGRAPHS = "\n\n".join(f"{number}. {SENTENCE} Nobody knew why. It may have been a slip." for number in range(100))
# News-like: words, sentences, lines and empty lines of both kinds; runs of one character; what belongs together.
PIECES = st.sampled_from(
    [
        *("Arvania", "expelled four envoys.", "Why? ", "Mr. ", "...", "“", "外交部谴责制裁", "。"),
        *(" ", "  ", "\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\t", "\u2028", "\xa0"),
        *("e\u0301", "👩\u200d🚀", "🇳🇴", "각", "\ud83d\ude00"),
        *("a" * 50, " " * 50, "\u0301" * 20),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=80).map("".join), st.text(max_size=300))
LENGTHS = st.integers(1, 120)


@given(text=TEXTS, longest=LENGTHS)
@example(text="", longest=1)
@example(text=" " * 500, longest=40)
@example(text="a" * 500, longest=7)
@example(text="\u0301" * 500, longest=40)
@example(text=PARAGRAPHS, longest=1_000)
def test_windows_cover_the_text_in_order_and_none_is_too_long(text: str, longest: int) -> None:
    spans = windows(text, longest)
    assert spans == windows(text, longest)
    assert spans[0][0] == 0 and spans[-1][1] == len(text)
    assert all(0 < end - start <= longest for start, end in spans) or not text
    for (start, end), (next_start, next_end) in pairwise(spans):
        assert start < next_start <= end < next_end
        assert end - next_start <= 2 * overlap_of(longest)
    for (_, end), (start, _) in zip(spans, spans[2:], strict=False):
        assert end <= start


@given(text=TEXTS.filter(lambda text: len(text) > 1), data=st.data())
def test_halves_cover_their_span_and_each_is_shorter(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    (first, cut), (second, last) = halves(text, start, end)
    assert (first, last) == (start, end)
    assert start < second <= cut < end
    assert cut - start <= 1 + 2 * (end - start) / 3 and end - second <= 1 + 2 * (end - start) / 3 + overlap_of(
        end - start
    )


@pytest.mark.parametrize(
    "character",
    [
        "e\u0301",
        "a\u0308\u0323",
        "👩\u200d🚀",
        "👍\U0001f3fd",
        "\u1112\u1161\u11ab",
        "\ud83d\ude00",
        "क्\u200dष",
        "\r\n",
    ],
)
@given(longest=st.integers(20, 200), before=st.integers(0, 3))
def test_no_character_is_taken_apart(character: str, longest: int, before: int) -> None:
    text = "." * before + character * 200
    for start, end in windows(text, longest):
        assert start == 0 or (start - before) % len(character) == 0
        assert end == len(text) or (end - before) % len(character) == 0


@given(text=TEXTS, longest=LENGTHS)
def test_a_text_that_fits_is_one_part(text: str, longest: int) -> None:
    assert (windows(text, longest) == [(0, len(text))]) == (len(text) <= longest)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028"])
def test_windows_begin_and_end_with_paragraphs(line_end: str) -> None:
    text = PARAGRAPHS.replace("Nobody", "\nNobody").replace("\n", line_end)
    beginnings = {0, *(found.start() for found in re.finditer(r"(?<=\s)\d", text))}
    spans = windows(text, 2_000)
    assert len(spans) > 5
    assert all(start in beginnings and (end in beginnings or end == len(text)) for start, end in spans)
    for (_, end), (start, _) in pairwise(spans):
        assert 100 <= end - start <= 400, "about a tenth: here, one paragraph or two"


def test_the_parts_are_of_about_one_length() -> None:
    for longest in (1_000, 3_000, len(PARAGRAPHS) - 1):
        lengths = [end - start for start, end in windows(PARAGRAPHS, longest)]
        assert min(lengths) > 0.7 * max(lengths)
        assert len(lengths) <= 1.3 * len(PARAGRAPHS) / (longest - overlap_of(longest)) + 1


@pytest.mark.parametrize(
    ("text", "joint"),
    [
        ("\n".join([SENTENCE + " " + SENTENCE] * 50), "\n"),
        (" ".join([SENTENCE] * 100), "envoys of Belland. "),
        ("外交部谴责制裁，总统宣布驱逐四名外交官。" * 400, "。"),
        ("the ministry of " * 500, " "),
        ("a" * 10_000, "a"),
    ],
    ids=["lines", "sentences", "Chinese", "words", "one word"],
)
def test_without_paragraphs_the_next_best_place_is_taken(text: str, joint: str) -> None:
    spans = windows(text, 1_000)
    assert len(spans) > 5
    for start, end in spans:
        assert end == len(text) or text[:end].endswith(joint)
        assert start == 0 or text[:start].endswith(joint)


def test_an_abbreviation_ends_no_part() -> None:
    text = ("They had asked Mr. Hale and Dr. Orr about the four envoys in Belland" + " too" * 20 + ". ") * 30
    for start, _ in windows(text, 1_500)[1:]:
        assert text[start:].startswith("They")


def test_the_overlap_of_long_windows_is_bounded() -> None:
    assert overlap_of(1_000) == 100
    assert overlap_of(1_000_000) == overlap_of(30_000) == 2_000
    assert overlap_of(9) == 0


def test_a_span_is_halved_at_the_paragraph_nearest_its_middle() -> None:
    text = f"{'a' * 45}\n\n{'b' * 20}\n\n{'c' * 30}\n\n{'d' * 40}"
    assert halves(text, 0, len(text))[0] == (0, text.index("c"))
    assert halves(text, 10, text.index("d"))[0] == (10, text.index("b"))


@pytest.mark.parametrize("longest", [0, -1])
def test_a_window_holds_something(longest: int) -> None:
    with pytest.raises(ValueError, match="holds nothing"):
        windows("abc", longest)


def test_one_character_cannot_be_halved() -> None:
    with pytest.raises(ValueError, match="cannot be halved"):
        halves("abc", 1, 2)


@pytest.mark.parametrize("piece", [" ", "\n", "a", "外", ".", "\u0301", "Ab. ", '"', "\r\n"])
def test_two_million_characters_are_split_in_reasonable_time(piece: str) -> None:
    text = (piece * 2_000_000)[:2_000_000]
    assert 60 < len(windows(text, 30_000)) < 90
