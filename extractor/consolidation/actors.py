"""The actors of all articles: mentions that go by the same, and those that fit exactly one such actor.

A bare surname, an initial, an office or a name without its country joins the one actor that it fits; where it fits
several, or none, it is an actor of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from extractor.consolidation.identity import Cast, Identity, Key, label_of, named_in, same
from extractor.schema.actors import ActorMention, KnownActor
from extractor.schema.claims import Actor, SanctionTarget
from extractor.schema.records import AnyRecord


class _Mention(NamedTuple):
    record: str
    pointer: str
    article: str
    actor: Actor | SanctionTarget


@dataclass
class _Group:
    """Mentions that go by the same."""

    identity: Identity
    mentions: list[_Mention] = field(default_factory=list)


def actors_of(records: Iterable[AnyRecord]) -> list[KnownActor]:
    """The actors that the records name, sorted by kind, name and id; a pure function of the records."""
    groups = _groups(records)
    whole = {label: group for label, group in groups.items() if _is_whole(group.identity)}
    holders: dict[Key, list[_Group]] = defaultdict(list)
    for group in whole.values():
        for key in group.identity.marks():
            holders[key].append(group)
    for label, group in groups.items():
        if label in whole:
            continue
        fitting = {
            id(other): other
            for key in group.identity.marks()
            for other in holders[key]
            if same(group.identity, other.identity)
        }
        if len(fitting) == 1:
            next(iter(fitting.values())).mentions.extend(group.mentions)
        else:
            whole[label] = group
    found = [_known(label, group) for label, group in whole.items()]
    return sorted(found, key=lambda actor: (actor.kind, actor.name, actor.id))


def _groups(records: Iterable[AnyRecord]) -> dict[Key, _Group]:
    by_article: dict[str, list[AnyRecord]] = defaultdict(list)
    for record in sorted(records, key=lambda record: record.id):
        by_article[record.article].append(record)
    groups: dict[Key, _Group] = {}
    for article in sorted(by_article):
        cast = Cast(by_article[article])
        for record in by_article[article]:
            for pointer, actor in named_in(record):
                identity = cast.who(actor)
                if identity is None:
                    continue
                group = groups.setdefault(label_of(identity), _Group(identity))
                group.identity = replace(group.identity, offices=group.identity.offices | identity.offices)
                group.mentions.append(_Mention(record.id, pointer, article, actor))
    return groups


def _is_whole(identity: Identity) -> bool:
    """Whether it is known by itself which actor is meant."""
    if identity.kind == "person":
        return identity.country is not None and len(identity.name) > 1 and len(identity.name[0]) > 1
    return identity.kind != "office"


def _known(label: Key, group: _Group) -> KnownActor:
    return KnownActor(
        id=f"who-{hashlib.sha256(json.dumps(label).encode()).hexdigest()[:12]}",
        name=_name(group),
        kind=group.identity.kind,
        country=group.identity.country,
        names=sorted({mention.actor.name for mention in group.mentions}),
        roles=sorted({role for mention in group.mentions if (role := getattr(mention.actor, "role", None))}),
        articles=sorted({mention.article for mention in group.mentions}),
        mentions=[
            ActorMention(record=mention.record, field=mention.pointer)
            for mention in sorted(group.mentions, key=lambda mention: mention[:2])
        ],
    )


def _name(group: _Group) -> str:
    """The fullest name of a person, the English name of a state, the name that most articles have of others."""
    if group.identity.kind == "state":
        named = {(mention.actor.country or mention.actor.name, mention.article) for mention in group.mentions}
    else:
        named = {(mention.actor.name, mention.article) for mention in group.mentions}
    widely = Counter(name for name, _ in named)
    fullest = group.identity.kind == "person"
    return min(widely, key=lambda name: (-len(name.split()) if fullest else 0, -widely[name], name))
