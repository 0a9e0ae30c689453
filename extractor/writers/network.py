"""Who did what to whom as a network: a node for each actor, an edge for each event between two of them.

An event between several is an edge from each who acts or speaks to each whom it is aimed at. Edges say what happened in
attributes: event_type, kind, status, occurred, contested, date, quad_class, articles, evidence.
"""

from __future__ import annotations

import itertools
from typing import Any

import networkx as nx

from extractor.schema.actors import KnownActor
from extractor.schema.events import Event
from extractor.schema.output import ExtractionResult
from extractor.writers.formats import Settings
from extractor.writers.participants import SOURCES, TARGETS, Cast, chosen, evidence_of, for_xml


def network_of(result: ExtractionResult, settings: Settings) -> Any:
    """The network, as a directed graph that may have several edges between two nodes."""
    cast = Cast(result)
    network = nx.MultiDiGraph()
    for actor in result.actors:
        network.add_node(for_xml(actor.id), **_node(actor))
    for event in chosen(result, settings):
        edge = _edge(event, cast)
        for source, target in itertools.product(cast.those(event, SOURCES), cast.those(event, TARGETS)):
            network.add_edge(for_xml(source), for_xml(target), key=for_xml(event.id), **edge)
    return network


def _node(actor: KnownActor) -> dict[str, object]:
    return _told(
        label=actor.name,
        kind=actor.kind,
        country=actor.country,
        names=" | ".join(actor.names),
        roles=" | ".join(actor.roles),
        articles=len(actor.articles),
        mentions=len(actor.mentions),
    )


def _edge(event: Event, cast: Cast) -> dict[str, object]:
    record = cast.settling(event)
    return _told(
        event=event.id,
        event_type=event.type,
        kind=event.kind,
        status=event.status,
        occurred=event.occurred,
        contested=event.contested,
        date=event.date,
        quad_class=record.derived.quad_class if record else None,
        articles=len(event.articles),
        evidence=" [...] ".join(evidence_of(cast.members(event)[:1])),
    )


def _told(**values: object) -> dict[str, object]:
    """Attributes that XML can hold; what is not known has none."""
    kept = {name: value for name, value in values.items() if value is not None and value != ""}
    return {name: for_xml(value) if isinstance(value, str) else value for name, value in kept.items()}
