"""The actors of all articles: mentions that go by the same, and those that fit exactly one such actor.

A bare surname, an initial, an office or a name without its country joins the one actor that it fits; where it fits
several, or none, it is an actor of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, NamedTuple

from extractor.consolidation.identity import Cast, Identity, Key, label_of, named_in, same
from extractor.schema.actors import KnownActor
from extractor.schema.claims import Actor
from extractor.schema.records import AnyRecord


class Named(NamedTuple):
    """Where an actor is named, and as what."""

    record: str
    pointer: str
    article: str
    name: str
    role: str | None
    country: str | None


class Naming(NamedTuple):
    """Who is named somewhere, by what it goes by."""

    identity: Identity
    named: Named


@dataclass
class _Group:
    """Mentions that go by the same."""

    identity: Identity
    mentions: list[Named] = field(default_factory=list)


def known_actors(articles: Iterable[Iterable[Naming]]) -> list[KnownActor]:
    """The actors that are named in articles, which come in the order of their ids; sorted by kind, name and id."""
    groups = _groups(articles)
    whole = {label: group for label, group in groups.items() if is_whole(group.identity)}
    holders: dict[Key, dict[Key, Identity]] = defaultdict(dict)
    for label, group in whole.items():
        for key in group.identity.marks():
            holders[key][label] = group.identity
    for label, group in groups.items():
        if label in whole:
            continue
        near = {other: who for key in group.identity.marks() for other, who in holders[key].items()}
        meant = only_one(group.identity, near.items())
        if meant is None:
            whole[label] = group
        else:
            whole[meant].mentions.extend(group.mentions)
    found = [known_actor(label, group.mentions) for label, group in whole.items()]
    return sorted(found, key=actor_order)


def _groups(articles: Iterable[Iterable[Naming]]) -> dict[Key, _Group]:
    groups: dict[Key, _Group] = {}
    for namings in articles:
        for identity, named in namings:
            label = label_of(identity)
            group = groups[label] = groups.get(label) or _Group(identity)
            group.identity = known_by(group.identity, identity)
            group.mentions.append(named)
    return groups


def named_by(records: Iterable[AnyRecord], cast: Cast) -> Iterator[Naming]:
    """Who is named in the records of one article, and where."""
    for record in records:
        for pointer, actor in named_in(record):
            identity = cast.who(actor)
            if identity is not None:
                role = actor.role if isinstance(actor, Actor) else None
                yield Naming(identity, Named(record.id, pointer, record.article, actor.name, role, actor.country))


def known_by(first: Identity, other: Identity) -> Identity:
    """What an actor goes by, with the offices of another mention of it."""
    return first if other.offices <= first.offices else replace(first, offices=first.offices | other.offices)


def is_whole(identity: Identity) -> bool:
    """Whether it is known by itself which actor is meant."""
    if identity.kind == "person":
        return identity.country is not None and len(identity.name) > 1 and len(identity.name[0]) > 1
    return identity.kind != "office"


def only_one(bare: Identity, others: Iterable[tuple[Key, Identity]]) -> Key | None:
    """The label of the one whole actor that a bare mention fits; None where it fits none, or several."""
    fitting = [label for label, identity in others if same(bare, identity)]
    return fitting[0] if len(fitting) == 1 else None


def known_actor(label: Key, mentions: Sequence[Named]) -> KnownActor:
    """The actor of a label, with all mentions of it."""
    document = known_as(label, sorted(mentions, key=lambda mention: mention.article))
    document["mentions"] = places_of(sorted(mention[:2] for mention in mentions))
    return KnownActor.model_validate(document)


def known_as(label: Key, mentions: Iterable[Named]) -> dict[str, Any]:
    """The document of the actor of a label, but for its mentions; these come article by article, and are not held."""
    kind, country = label[:2]
    names, roles, articles, widely = set[str](), set[str](), list[str](), Counter[str]()
    for article, named in groupby(mentions, key=lambda mention: mention.article):
        articles.append(article)
        called = set[str]()
        for mention in named:
            names.add(mention.name)
            if mention.role:
                roles.add(mention.role)
            called.add((mention.country if kind == "state" else None) or mention.name)
        widely.update(called)
    return {
        "id": f"who-{hashlib.sha256(json.dumps(label).encode()).hexdigest()[:12]}",
        "name": _name(kind, widely),
        "kind": kind,
        "country": country or None,
        "names": sorted(names),
        "roles": sorted(roles),
        "articles": sorted(articles),
    }


def places_of(mentions: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """The mentions of an actor's document, of their records and pointers in order."""
    return [{"record": record, "field": pointer} for record, pointer in mentions]


def actor_order(actor: KnownActor) -> tuple[str, str, str]:
    """By which actors are sorted."""
    return actor.kind, actor.name, actor.id


def _name(kind: str, widely: Mapping[str, int]) -> str:
    """The fullest name of a person, the English name of a state, the name that most articles have of others."""
    fullest = kind == "person"
    return min(widely, key=lambda name: (-len(name.split()) if fullest else 0, -widely[name], name))
