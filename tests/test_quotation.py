"""What stands in quotation marks, in the marks that news texts mix."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.quotation import quoted_regions, stands_in_quotation


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("He said “yes” twice.", ["yes"]),
        ('He said "yes" twice.', ["yes"]),
        ('accusing them of “acting in a manner." He left.', ["acting in a manner."]),
        ("“One,” he said. “Two.”", ["One,", "Two."]),
        ("„Ja“ is German", ["Ja“ is German"]),
        ("the 'baseless' claim of the diplomats' union", ["baseless"]),
        ("it’s the Kremlin’s, isn't it", []),
        ("«Да», said he", ["Да"]),
        ("“left open\n\nNext paragraph.", ["left open"]),
        ("no marks at all", []),
    ],
)
def test_regions(text: str, inside: list[str]) -> None:
    assert [text[start:end] for start, end in quoted_regions(text)] == inside


@given(st.text(alphabet=" ab\"“”'’‘\n", max_size=60))
def test_regions_are_ordered_and_inside_the_text(text: str) -> None:
    regions = quoted_regions(text)
    assert regions == sorted(regions)
    for start, end in regions:
        assert 0 <= start <= end <= len(text)
        assert stands_in_quotation(regions, start, end)
