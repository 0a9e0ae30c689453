"""Dates of what is yet to come: which way a weekday is read by the verb beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

import extractor
from extractor.dates import points_ahead

from .conftest import action, actor, answer


def told(text: str, words: str) -> bool:
    start = text.index(words)
    return points_ahead(text, (start, start + len(words)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Talks on fishing licences are to resume on Monday in Victoria.", "on Monday"),
        ("He left at once. Talks will resume on Monday.", "on Monday"),
        ("On Monday, talks will resume.", "On Monday"),
        ("The closure is due on Sunday.", "on Sunday"),
        ("The envoy was to leave on Sunday.", "on Sunday"),
        ("The ministers are expected to meet next door on Friday.", "on Friday"),
        ("“We said no.” The embassy won't open on Friday.", "on Friday"),
    ],
)
def test_what_is_yet_to_come_points_ahead(text: str, words: str) -> None:
    assert told(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The president announced on Thursday that he would expel them.", "on Thursday"),
        ("The minister said in televised remarks on Friday that they will go.", "on Friday"),
        ("The embassy will be closed, he said on Monday.", "on Monday"),
        ("On Monday, the president said he would.", "On Monday"),
        ("The embassy will close. He told reporters on Monday.", "on Monday"),
        ("France is expelling envoys, according to a statement on Friday.", "on Friday"),
        ("on Friday", "on Friday"),
    ],
)
def test_what_was_said_or_done_does_not(text: str, words: str) -> None:
    assert not told(text, words)


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("France and Norway announced that talks are to resume on Monday.", "2022-10-17"),
        ("France and Norway announced on Monday that talks are to resume.", "2022-10-10"),
    ],
)
def test_a_weekday_is_read_the_way_its_sentence_points(tmp_path: Path, serve, sentence: str, day: str) -> None:  # type: ignore[no-untyped-def]
    article = tmp_path / "news.txt"
    article.write_text(f"PARIS, 13 October 2022 (AN) - {sentence}", encoding="utf-8")
    meeting = action(
        sentence, action="meeting_visit", status="announced", date_text="on Monday", actors=[actor("France")]
    )
    service = serve(lambda _: answer(actions=[meeting]))
    result = extractor.extract(
        article, model="compatible/test", base_url=service.url, fixtures=tmp_path / "fixtures", reasks=0
    )
    assert [record.date and record.date.value for record in result.actions] == [day]
