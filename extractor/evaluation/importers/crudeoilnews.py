"""Embargoes and prohibitions in the form of CrudeOilNews to sanctions.

CrudeOilNews (Lee et al. 2022; github.com/meisin/Commodity-News-Corpus) has brat standoff in which the events `Embargo`
and `Prohibiting` have arguments Imposer and Imposee, and every event the attributes Modality (Asserted, Other),
Polarity (Positive, Negative) and Intensity (Neutral, Intensified, Eased). These say less than a status: what is
asserted has been imposed, expanded or extended, what is not has one of the other statuses. Measures and dates stay
absent.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import JsonValue

from extractor.evaluation.gold import ANY_OF, GoldRecord
from extractor.evaluation.importers.brat import BratEvent, Span, passages, read_events
from extractor.evaluation.importers.imported import Imported, Item, tally, with_records
from extractor.evaluation.importers.standoff import annotated
from extractor.schema.vocabulary import SanctionStatus

_SANCTIONS = frozenset({"Embargo", "Prohibiting"})
_DONE = {
    "Neutral": (SanctionStatus.IMPOSED, SanctionStatus.EXPANDED, SanctionStatus.EXTENDED),
    "Intensified": (SanctionStatus.EXPANDED, SanctionStatus.IMPOSED, SanctionStatus.EXTENDED),
    "Eased": (SanctionStatus.EASED, SanctionStatus.LIFTED),
}
_NOT_DONE = (
    SanctionStatus.PROPOSED,
    SanctionStatus.THREATENED,
    SanctionStatus.ANNOUNCED,
    SanctionStatus.HYPOTHETICAL,
)
_NEGATIVE = (SanctionStatus.DENIED, SanctionStatus.RULED_OUT)


def read_crudeoilnews(path: Path) -> Imported:
    """Read an .ann file, or a folder of them, with each text beside its annotations.

    Raises:
        BadGold: an annotation does not fit its text, or has none.
    """
    items: list[Item] = []
    others = 0
    for file, article in annotated(path):
        events = read_events(file, article.text)
        sanctions = [event for event in events if event.type in _SANCTIONS]
        others += len(events) - len(sanctions)
        items.append(with_records(article, "crudeoilnews", ["sanction"], list(_records(sanctions, article.text))))
    return Imported(tuple(items), tally((("events that are no sanctions", others),)))


def _records(events: list[BratEvent], text: str) -> Iterator[GoldRecord]:
    """A record for each event; one with what an earlier one has repeats it, and one that names nobody is optional."""
    first: dict[tuple[object, ...], str] = {}
    for number, event in enumerate(events, 1):
        fields = _fields(event)
        named = bool(event.all("Imposer") or event.all("Imposee"))
        key = tuple(str(value).casefold() for value in fields.values())
        earlier = first.setdefault(key, str(number)) if named else str(number)
        yield GoldRecord(
            id=str(number),
            type="sanction",
            tier="core" if named else "optional",
            evidence=passages(event, text),
            repeats=[earlier] if earlier != str(number) else [],
            fields=fields,
        )


def _fields(event: BratEvent) -> dict[str, JsonValue]:
    intensity = event.attributes.get("Intensity", "Neutral")
    negative = event.attributes.get("Polarity") == "Negative"
    asserted = event.attributes.get("Modality", "Asserted") == "Asserted"
    statuses = _NEGATIVE if negative else _DONE.get(intensity, _DONE["Neutral"]) if asserted else _NOT_DONE
    fields: dict[str, JsonValue] = {
        "status": {ANY_OF: [status.value for status in statuses]},
        "direction": "ease" if intensity == "Eased" else "impose",
    }
    for field, role in (("senders", "Imposer"), ("targets", "Imposee")):
        if event.all(role):
            fields[field] = [_party(span) for span in event.all(role)]
    return fields


def _party(span: Span) -> JsonValue:
    return {"name": span.text}
