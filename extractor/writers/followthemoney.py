"""FollowTheMoney entities, one on each line: what OpenSanctions' and Aleph's tools read.

| ours | FollowTheMoney |
|---|---|
| article | Article |
| actor: person | Person |
| actor: state; body that is a government's, a legislature, a court, a mission, an intelligence service or a military | PublicBody |
| actor: company; any other body | Company; Organization |
| actor told by office alone; group of people | LegalEntity |
| sanction that was imposed, on each target that is an actor | Sanction, with the article as proof |
| any other act | Event, with the article as proof |

Schema: https://followthemoney.tech/explorer/, version 4. Dates that are no year, month or day have no place in it.
"""  # noqa: E501 - a table

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from extractor.codes.countries import alpha2
from extractor.schema.actors import KnownActor
from extractor.schema.events import Event
from extractor.schema.output import ArticleReport, ExtractionResult
from extractor.schema.records import AnyRecord, DiplomaticAction, Sanction
from extractor.schema.spans import ResolvedDate
from extractor.writers.formats import Settings
from extractor.writers.participants import SOURCES, TARGETS, Cast, chosen, evidence_of, title_of

Entity = dict[str, Any]

_DATE: Final = re.compile(r"\d{4}(?:-\d\d){0,2}")
_URL: Final = re.compile(r"https?://[^\s/]+\.\S+")
_PUBLIC: Final = frozenset(
    {
        "state",
        "country",
        "government_body",
        "intelligence_or_military",
        "legislature",
        "court",
        "mission",
        "public_body",
    }
)


def dump(result: ExtractionResult, settings: Settings) -> bytes:
    """The file, UTF-8."""
    lines = (json.dumps(entity, ensure_ascii=False) for entity in _entities(result, settings))
    return "".join(f"{line}\n" for line in lines).encode()


def _entities(result: ExtractionResult, settings: Settings) -> Iterator[Entity]:
    cast = Cast(result)
    yield from (_article(article) for article in result.articles if article.outcome != "failed")
    yield from (_actor(actor, cast) for actor in result.actors)
    for event in chosen(result, settings):
        if event.type == "statement":
            continue
        sanctions = list(_sanctions(event, cast))
        yield from sanctions or [_event(event, cast)]


def _entity(entity_id: str, schema: str, **properties: Iterable[str | None] | str | None) -> Entity:
    """An entity without what is empty; every property is a list."""
    listed = {name: [value] if isinstance(value, str) else list(value or ()) for name, value in properties.items()}
    told = {name: list(dict.fromkeys(text for text in values if text)) for name, values in listed.items()}
    return {"id": entity_id, "schema": schema, "properties": {name: values for name, values in told.items() if values}}


def _article(article: ArticleReport) -> Entity:
    told = article.metadata
    return _entity(
        article.id,
        "Article",
        fileName=article.name,
        title=told.title or article.name,
        author=told.author,
        publisher=told.publisher,
        sourceUrl=_urls([told.url]),
        publishedAt=_dates([article.published.value if article.published else None]),
        bodyText=article.text,
    )


def _actor(actor: KnownActor, cast: Cast) -> Entity:
    schema = _schema(actor, cast)
    offices = {"position": actor.roles} if schema == "Person" else {"description": actor.roles}
    return _entity(
        actor.id,
        schema,
        name=actor.name,
        alias=[name for name in actor.names if name != actor.name],
        country=_countries([actor.country] if actor.country else []),
        proof=[article for article in actor.articles if article in cast.articles],
        **offices,
    )


def _schema(actor: KnownActor, cast: Cast) -> str:
    if actor.kind in ("person", "office"):
        return "Person" if actor.kind == "person" else "LegalEntity"
    kinds = {_kind_at(cast.records[each.record], each.field) for each in actor.mentions if each.record in cast.records}
    if actor.kind == "state" or kinds & _PUBLIC:
        return "PublicBody"
    if kinds <= {"group", "person"}:
        return "LegalEntity"
    return "Company" if kinds == {"company"} else "Organization"


def _kind_at(record: AnyRecord, pointer: str) -> str | None:
    """The kind that a record gives what it names at this JSON Pointer."""
    value: Any = record
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) and step.isdecimal() else getattr(value, step, None)
    return getattr(value, "kind", None)


def _sanctions(event: Event, cast: Cast) -> Iterator[Entity]:
    if event.type != "sanction" or event.kind != "impose" or not event.occurred:
        return
    records = [record for record in cast.members(event) if isinstance(record, Sanction)]
    for target in cast.those(event, TARGETS):
        yield _entity(
            f"{event.id}-{target}",
            "Sanction",
            entity=target,
            country=_countries(event.sources),
            authority=[*(cast.actors[each].name for each in cast.those(event, SOURCES)), *_each(records, "authority")],
            program=_each(records, "program"),
            provisions=(measure.value for record in records for measure in record.measures),
            reason=_each(records, "reason"),
            status=event.status,
            date=_dates([event.date]),
            startDate=_dates(_value(record.start) for record in records),
            endDate=_dates(_value(record.end) for record in records),
            listingDate=_dates(_value(record.listing) for record in records),
            **_sources(event, cast),
        )


def _event(event: Event, cast: Cast) -> Entity:
    acts = [record for record in cast.members(event) if isinstance(record, DiplomaticAction)]
    return _entity(
        event.id,
        "Event",
        name=title_of(event),
        date=_dates([event.date]),
        country=_countries([*event.sources, *event.targets]),
        involved=[*cast.those(event, SOURCES), *cast.those(event, TARGETS)],
        location=(place for record in acts for place in record.places),
        keywords=[event.kind, event.status],
        **_sources(event, cast),
    )


def _sources(event: Event, cast: Cast) -> dict[str, Iterable[str | None]]:
    articles = cast.told_in(event)
    return {
        "recordId": [event.id],
        "summary": evidence_of(cast.members(event)),
        "proof": [article.id for article in articles],
        "sourceUrl": _urls(article.metadata.url for article in articles),
        "publisher": [article.metadata.publisher for article in articles],
    }


def _each(records: Iterable[Sanction], name: str) -> list[str | None]:
    return [getattr(record, name) for record in records]


def _value(date: ResolvedDate | None) -> str | None:
    return date.value if date else None


def _dates(values: Iterable[str | None]) -> list[str]:
    return [value for value in values if value and _DATE.fullmatch(value)]


def _urls(values: Iterable[str | None]) -> list[str]:
    return [value for value in values if value and _URL.fullmatch(value)]


def _countries(codes: Iterable[str]) -> list[str]:
    return [two.lower() for two in map(alpha2, codes) if two]
