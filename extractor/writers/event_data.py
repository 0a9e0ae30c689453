"""Event data as tab-separated tables in the columns of POLECAT and of ICEWS, and some of our own behind them.

A row is an event between one source and one target: as many rows as it has pairs, and those with nobody on a side too.
Its codes, names and text are those of the record that settles the event's status. What neither data set's coders could
know from an article (intensities, COW numbers, Wikipedia ids, coordinates) is left empty in the way of that data set.

Columns: POLECAT, https://doi.org/10.7910/DVN/AJGVIT; ICEWS, https://doi.org/10.7910/DVN/28075.
Sectors and non-state codes: PLOVER manual, chapter "Actor and Sector Codes" (https://github.com/openeventdata/PLOVER);
ICEWS, by the names that its data have.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from extractor.codes import CAMEO_NAMES
from extractor.codes.countries import country_code
from extractor.schema.claims import Actor, SanctionTarget
from extractor.schema.events import Event
from extractor.schema.output import ArticleReport, ExtractionResult
from extractor.schema.records import AnyRecord, DiplomaticAction, Sanction
from extractor.writers.csv_tables import guarded
from extractor.writers.formats import Settings
from extractor.writers.participants import DAY, Cast, chosen, evidence_of

POLECAT_COLUMNS: Final = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    "Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title",
    "Actor Name Raw", "Wikipedia Actor ID",
    "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector", "Recipient Sectors",
    "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID",
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename",
    "Feature Type", "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language",
    "Version",
)  # fmt: skip
ICEWS_COLUMNS: Final = (
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code",
    "Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher", "City",
    "District", "Province", "Country", "Latitude", "Longitude",
)  # fmt: skip
OWN_COLUMNS: Final = (
    "Extract Event", "Extract Articles", "Extract Date", "Extract Kind", "Extract Status", "Realis", "Occurred",
    "Contested", "PLOVER Type", "PLOVER Mode", "CAMEO", "Quad Class", "Text",
)  # fmt: skip
_QUADS: Final = {
    1: "VERBAL COOPERATION", 2: "MATERIAL COOPERATION", 3: "VERBAL CONFLICT", 4: "MATERIAL CONFLICT",
}  # fmt: skip
# Kinds of actors by PLOVER's sectors and ICEWS's; what fits none of them alone has none. In PLOVER, MED is health.
_SECTORS: Final = {
    "state": ("GOV", "Government"),
    "country": ("GOV", "Government"),
    "government_body": ("GOV", "Government"),
    "public_body": ("GOV", "Government"),
    "mission": ("GOV", "Government"),
    "legislature": ("LEG", "Legislative / Parliamentary"),
    "court": ("JUD", "Judicial"),
    "party": ("PTY", "Parties"),
    "company": ("BUS", ""),
    "media": ("JRN", ""),
}
# PLOVER's codes for those who belong to no state stand in the place of a state's.
_NON_STATE: Final = {"international_organisation": "IGO"}


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a row; all empty where the article names nobody."""

    name: str = ""
    role: str = ""
    country: str = ""
    code: str = ""
    kind: str = ""

    @classmethod
    def of(cls, actor: Actor | SanctionTarget) -> Party:
        """A party of a record."""
        role = actor.role if isinstance(actor, Actor) else None
        kind = actor.kind.value
        code = country_code(actor.country) or _NON_STATE.get(kind, "")
        return cls(actor.name, role or "", actor.country or "", code, kind)

    def sector(self, scheme: int) -> str:
        """Its sector: PLOVER's (0) or ICEWS's (1)."""
        return _SECTORS.get(self.kind, ("", ""))[scheme]


@dataclass(frozen=True, slots=True)
class Dyad:
    """What a row tells; `number` counts the rows and `pair` those of its event."""

    number: int
    pair: int
    event: Event
    record: AnyRecord
    article: ArticleReport | None
    story: int
    source: Party
    target: Party


def polecat(result: ExtractionResult, settings: Settings) -> bytes:
    """The one file in POLECAT's columns."""
    rows = map(_polecat, _dyads(result, settings, "plover_event"))
    return _table((*POLECAT_COLUMNS, *OWN_COLUMNS), rows, missing="None")


def icews(result: ExtractionResult, settings: Settings) -> bytes:
    """The one file in ICEWS's columns."""
    rows = map(_icews, _dyads(result, settings, "cameo"))
    return _table((*ICEWS_COLUMNS, *OWN_COLUMNS), rows, missing="")


def _dyads(result: ExtractionResult, settings: Settings, scheme: str) -> Iterator[Dyad]:
    """The rows: of what has a code in the scheme, unless all is wanted."""
    cast = Cast(result)
    stories = {article.id: number for number, article in enumerate(result.articles, 1)}
    number = itertools.count(1)
    for event in chosen(result, settings):
        record = cast.settling(event)
        if record is None or not (getattr(record.derived, scheme) or settings.all_modes):
            continue
        article, story = cast.articles.get(record.article), stories.get(record.article, 0)
        for pair, (source, target) in enumerate(itertools.product(*_sides(record)), 1):
            yield Dyad(next(number), pair, event, record, article, story, source, target)


def _sides(record: AnyRecord) -> tuple[list[Party], list[Party]]:
    if isinstance(record, DiplomaticAction):
        sides: tuple[list[Any], list[Any]] = (record.actors, record.targets)
    elif isinstance(record, Sanction):
        sides = (record.senders, record.targets)
    else:
        sides = ([record.speaker], [record.target])
    sources, targets = ([Party.of(each) for each in side if each is not None] or [Party()] for side in sides)
    return sources, targets


def _polecat(dyad: Dyad) -> Mapping[str, object]:
    derived, article, source, target = dyad.record.derived, dyad.article, dyad.source, dyad.target
    return _own(dyad) | {
        "Event ID": f"{dyad.event.id}-{dyad.pair}",
        "Event Date": _day(dyad.event),
        "Event Type": derived.plover_event,
        "Event Mode": derived.plover_mode,
        "Quad Code": _QUADS.get(derived.quad_class or 0),
        **_polecat_party("Actor", source),
        **_polecat_party("Recipient", target),
        "Raw Placename": "; ".join(getattr(dyad.record, "places", ())),
        "Source": article and article.metadata.publisher,
        "Publication Date": article and article.published and article.published.value,
        "Language": article and article.metadata.language,
        "Version": "extract",
    }


def _polecat_party(side: str, party: Party) -> dict[str, object]:
    return {
        f"{side} Name": party.name,
        f"{side} Country": party.code,
        f"Primary {side} Sector": party.sector(0),
        f"{side} Sectors": party.sector(0),
        f"{side} Title": party.role,
        f"{side} Name Raw": party.name,
    }


def _icews(dyad: Dyad) -> Mapping[str, object]:
    derived, article = dyad.record.derived, dyad.article
    return _own(dyad) | {
        "Event ID": dyad.number,
        "Event Date": _day(dyad.event),
        "Source Name": dyad.source.name,
        "Source Sectors": dyad.source.sector(1),
        "Source Country": dyad.source.country,
        "Event Text": CAMEO_NAMES.get(derived.cameo or ""),
        "CAMEO Code": derived.cameo,
        "Target Name": dyad.target.name,
        "Target Sectors": dyad.target.sector(1),
        "Target Country": dyad.target.country,
        "Story ID": dyad.story,
        "Publisher": article and article.metadata.publisher,
    }


def _own(dyad: Dyad) -> dict[str, object]:
    event, derived = dyad.event, dyad.record.derived
    return {
        "Extract Event": event.id,
        "Extract Articles": "; ".join(event.articles),
        "Extract Date": event.date,
        "Extract Kind": event.kind,
        "Extract Status": event.status,
        "Realis": derived.realis.value,
        "Occurred": event.occurred,
        "Contested": event.contested,
        "PLOVER Type": derived.plover_event,
        "PLOVER Mode": derived.plover_mode,
        "CAMEO": derived.cameo,
        "Quad Class": derived.quad_class,
        "Text": " [...] ".join(evidence_of([dyad.record])),
    }


def _day(event: Event) -> str | None:
    """The event's day; what is known less, or more ways, stands in the column of its own alone."""
    return event.date if event.date and DAY.fullmatch(event.date) else None


def _table(columns: tuple[str, ...], rows: Iterator[Mapping[str, object]], *, missing: str) -> bytes:
    lines = ["\t".join(columns)]
    lines += ["\t".join(_cell(row.get(column), missing) for column in columns) for row in rows]
    return "".join(f"{line}\n" for line in lines).encode()


def _cell(value: object, missing: str) -> str:
    """A cell: these data sets quote nothing, so white space is single spaces."""
    if value is None or value == "":
        return missing
    return str(value).lower() if isinstance(value, bool) else guarded(" ".join(str(value).split()))
