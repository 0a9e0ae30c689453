"""The articles that the pipelines read, and what a model says of each: the seeds and their recorded answers, varied.

Every article is told of another state and another year, in the text and in the answer alike, so that what is quoted
stands in the text; the first 1,700 differ in more than their mark. Only the standard library is imported: every tool
reads this.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[1]
_MODEL = _ROOT / "fixtures" / "compatible" / "claude"
# What stands for Russia, Russian, Russians and Moscow.
_STATES = tuple(
    tuple(words.split())
    for words in (
        "Russia Russian Russians Moscow", "France French Frenchmen Paris", "Norway Norwegian Norwegians Oslo",
        "Italy Italian Italians Rome", "Spain Spanish Spaniards Madrid", "Poland Polish Poles Warsaw",
        "Japan Japanese Japanese Tokyo", "India Indian Indians Delhi", "Egypt Egyptian Egyptians Cairo",
        "Brazil Brazilian Brazilians Brasilia", "Kenya Kenyan Kenyans Nairobi", "Austria Austrian Austrians Vienna",
        "Turkey Turkish Turks Ankara", "Greece Greek Greeks Athens", "Peru Peruvian Peruvians Lima",
        "Ghana Ghanaian Ghanaians Accra", "Cuba Cuban Cubans Havana", "Iraq Iraqi Iraqis Baghdad",
        "Jordan Jordanian Jordanians Amman", "Chile Chilean Chileans Santiago",
    )
)  # fmt: skip
# Who stands for its president, by year.
_PRESIDENTS = (
    "Putin Dorin Halvar Okello Marchetti Tanaka Lindqvist Baransky Oliveira Kapoor Demir Nikolaou Quispe Mensah Farouk "
    "Jimenez Weiss"
).split()
_YEARS, _APART = len(_PRESIDENTS), 7
_VARIED = re.compile(r"\b(?:Russians?|Russia|Moscow|Putin|20[01]\d)\b")
LISTS = {"actions": "diplomatic_action", "sanctions": "sanction", "statements": "statement"}
_MARK = re.compile(r"\(Wire (\d{5,})\)")


@dataclass(frozen=True)
class News:
    """An article by its number, and the records that a model gives for it, in lists by their kind."""

    number: int
    text: str
    answer: dict[str, list[dict[str, Any]]]

    @property
    def name(self) -> str:
        return f"{self.number:05}.txt"

    @property
    def records(self) -> list[tuple[str, dict[str, Any]]]:
        """All records, each with its kind."""
        return [(kind, record) for name, kind in LISTS.items() for record in self.answer[name]]


@cache
def _seeds() -> tuple[tuple[str, str], ...]:
    """Each seed's text and answer, the latter as JSON text."""
    pairs = []
    for path in sorted((_ROOT / "seeds").glob("*.txt")):
        (recording,) = _MODEL.glob(f"{path.stem}.*.json")
        first = json.loads(recording.read_text(encoding="utf-8"))["attempts"][0]
        answer = json.dumps(first["tool_calls"][0]["arguments"], ensure_ascii=False)
        pairs.append((path.read_text(encoding="utf-8"), answer))
    return tuple(pairs)


def news(number: int) -> News:
    """The article of a number; the first ones are the seeds themselves, but for their mark."""
    seeds = _seeds()
    text, answer = seeds[number % len(seeds)]
    variant = number // len(seeds)
    states, years = _STATES[variant % len(_STATES)], variant * _APART % _YEARS

    def varied(found: re.Match[str]) -> str:
        word = found[0]
        if word == _PRESIDENTS[0]:
            return _PRESIDENTS[years]
        return str(int(word) - years) if word.isdigit() else states[_STATES[0].index(word)]

    marked = f"{_VARIED.sub(varied, text).rstrip()}\n(Wire {number:05})\n"
    return News(number, marked, json.loads(_VARIED.sub(varied, answer)))


def number_in(text: str) -> int | None:
    """The number of the last article whose mark stands in a text; None where there is none."""
    found = _MARK.findall(text)
    return int(found[-1]) if found else None


def write_news(folder: Path, count: int, first: int = 0) -> Path:
    """Write so many articles into a folder, one file each, beginning with the one of a number."""
    folder.mkdir(parents=True, exist_ok=True)
    for article in map(news, range(first, first + count)):
        (folder / article.name).write_text(article.text, encoding="utf-8")
    return folder
