"""Attributions (source, cue, content) in the form of PolNeAR to statements.

PolNeAR (Newell, Margolin and Ruths 2018; github.com/networkdynamics/PolNeAR) has brat standoff in which each
`Attribution` event has arguments Source, Cue and Content. It says who is the source and where, not what is done by
saying it: the speech act stays absent. Attributions are wider than statements (what someone believes or intends counts,
too), so that recall is that of a stricter notion.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import JsonValue

from extractor.evaluation.gold import ANY_OF, GoldRecord
from extractor.evaluation.importers.brat import BratEvent, Span, passages, read_events
from extractor.evaluation.importers.imported import Imported, Item, tally, with_records
from extractor.evaluation.importers.standoff import annotated

_ATTRIBUTION = "Attribution"


def read_polnear(path: Path) -> Imported:
    """Read an .ann file, or a folder of them, with texts beside it or in the corpus's own folders.

    Of an article that several people annotated, the first file counts.

    Raises:
        BadGold: an annotation does not fit its text, or has none.
    """
    items: dict[str, Item] = {}
    again = bare = 0
    for file, article in annotated(path):
        if article.id in items:
            again += 1
            continue
        events = [event for event in read_events(file, article.text) if event.type == _ATTRIBUTION]
        told = [event for event in events if event.all("Content")]
        bare += len(events) - len(told)
        records = [_record(number, event, article.text) for number, event in enumerate(told, 1)]
        items[article.id] = with_records(article, "polnear", ["statement"], records)
    left_out = (("files of a second annotator of the same text", again), ("attributions without content", bare))
    return Imported(tuple(items.values()), tally(left_out))


def _record(number: int, event: BratEvent, text: str) -> GoldRecord:
    return GoldRecord(
        id=str(number),
        type="statement",
        evidence=passages(event, text),
        note=f"cue: {event.trigger.text}",
        fields={"speaker": _speaker(event.all("Source"))},
    )


def _speaker(sources: list[Span]) -> JsonValue:
    """Null without a source; of several, each is as right."""
    named: list[JsonValue] = [{"name": source.text} for source in sources]
    if not named:
        return None
    return named[0] if len(named) == 1 else {ANY_OF: named}
