"""Sentences coded in PLOVER: the tables of ZSP's PLV set, and PLOVER's own records.

- ZSP (Hu et al. 2024; github.com/snowood1/Zero-Shot-PLOVER): a table with tabs, a row for each pair of actors, with
  columns sentence, source, target and gold_root.
- PLOVER records (PLOVER manual 0.8, chapter 5; the gold standard records of github.com/openeventdata/PLOVER): JSON
  objects, one after the other, with text, source, recipient (formerly target), event and mode.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from extractor.codes import country_code
from extractor.errors import BadGold
from extractor.evaluation.gold import GoldCode, GoldParty
from extractor.evaluation.importers.coding import event_of
from extractor.evaluation.importers.imported import Imported, Item, file_stem, tally, with_codes
from extractor.readers import Article

_COLUMNS = ("sentence", "source", "target", "gold_root")
# A comma before a closing bracket, outside of text: PLOVER's published records have them.
_TRAILING = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
_ACTOR_NAMES = ("actorText", "actor_text", "raw_text", "entity_name")
_ACTOR_CODES = ("code", "country_code")


class Coded(NamedTuple):
    """A sentence with one coded event of it."""

    text: str
    sources: list[GoldParty]
    targets: list[GoldParty]
    event: str
    mode: str | None = None
    cameo: str | None = None


def read_zsp(path: Path) -> Imported:
    """Read a table of ZSP's PLV set.

    Raises:
        BadGold: it is no such table.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    except (csv.Error, OSError, UnicodeDecodeError) as error:
        raise BadGold(f"{path} is no table with tabs: {error}.", "Name a file such as PLV_test.tsv.") from error
    missing = [name for name in _COLUMNS if not rows or name not in rows[0]]
    if missing:
        raise BadGold(
            f"{path} has no column {', '.join(missing)}.",
            f"The columns {', '.join(_COLUMNS)} are needed; ZSP's AW files have no root codes.",
        )
    return coded_articles("zsp", path, (_row(row) for row in rows))


def _row(row: dict[str, Any]) -> Coded:
    words = {name: (row[name] or "").strip() for name in _COLUMNS}
    source, target = ([GoldParty(name=words[name])] if words[name] else [] for name in ("source", "target"))
    return Coded(words["sentence"], source, target, words["gold_root"])


def read_plover(path: Path) -> Imported:
    """Read a file of PLOVER records: JSON lines, a list, or objects divided by commas.

    Raises:
        BadGold: it is no such file.
    """
    try:
        text = _TRAILING.sub(lambda found: found[1] or "", path.read_text(encoding="utf-8-sig")).strip()
        records = list(_objects(text))
    except (OSError, ValueError, TypeError) as error:
        raise BadGold(f"{path} holds no PLOVER records: {error}.", "They are JSON objects.") from error
    return coded_articles("plover", path, (found for record in records for found in _coded(path, record)))


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder, place = json.JSONDecoder(), 0
    while place < len(text):
        value, place = decoder.raw_decode(text, place)
        place += len(text[place:]) - len(text[place:].lstrip(", \t\r\n"))
        for item in value if isinstance(value, list) else [value]:
            if not isinstance(item, dict):
                raise TypeError(f"{str(item)[:40]!r} is no object")
            yield item


def _coded(path: Path, record: dict[str, Any]) -> Iterator[Coded]:
    text, events, modes = record.get("text"), record.get("event"), record.get("mode")
    if not isinstance(text, str) or not events:
        raise BadGold(f"{path}: record {record.get('id')} has no text or no event.", "Take it out, or give it both.")
    mode = modes[0] if isinstance(modes, list) and modes else modes
    targets = record.get("recipient") or record.get("target")
    for event in events if isinstance(events, list) else [events]:
        # Some of the published sentences stand in braces.
        yield Coded(text.strip("{} \n"), _parties(record.get("source")), _parties(targets), str(event), mode or None)


def _parties(actors: Any) -> list[GoldParty]:
    found = []
    for actor in actors if isinstance(actors, list) else []:
        name = next((str(actor[key]) for key in _ACTOR_NAMES if actor.get(key)), None)
        code = next((str(actor[key]) for key in _ACTOR_CODES if actor.get(key)), None)
        # Codes of organisations, and slips such as JAP, are no country's.
        country = country_code(code)
        if name or country:
            found.append(GoldParty(name=name, country=country))
    return found


def coded_articles(origin: str, path: Path, coded: Iterable[Coded]) -> Imported:
    """One article for each sentence, with all that is coded of it."""
    told: dict[str, list[GoldCode]] = {}
    unknown = empty = 0
    for found in coded:
        named = event_of(found.event, found.mode)
        if not found.text:
            empty += 1
        elif named is None:
            unknown += 1
        else:
            told.setdefault(found.text, []).append(_code(len(told.get(found.text, ())) + 1, found, *named))
    width = len(str(len(told)))
    items: list[Item] = []
    for number, (text, codes) in enumerate(told.items(), 1):
        article = Article(f"{file_stem(path.stem)}-{number:0{width}}.txt", f"{text}\n")
        items.append(with_codes(article, origin, codes))
    left_out = (("events that PLOVER 0.8 does not have", unknown), ("rows without a sentence", empty))
    return Imported(tuple(items), tally(left_out))


def _code(number: int, found: Coded, event: str, mode: str | None) -> GoldCode:
    return GoldCode(
        id=str(number),
        evidence=[found.text],
        sources=found.sources,
        targets=found.targets,
        plover_event=event,
        plover_mode=mode,
        cameo=found.cameo,
    )
