"""Actors: who is named in the records, under whatever name, brought together over all articles."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from extractor.schema.spans import Frozen


class ActorMention(Frozen):
    """Where an actor is named."""

    record: str = Field(description="Id of the record.")
    field: str = Field(description="JSON Pointer (RFC 6901) into the record.")


class KnownActor(Frozen):
    """An actor with all names that the records have for it."""

    id: str = Field(description="Stable: made from what the actor goes by.")
    name: str = Field(description="The fullest name of a person; else the most widely given one.")
    kind: Literal["person", "office", "state", "body"] = Field(
        description="`office`: somebody told by office alone; `state`: a state or its government, by whatever name; "
        "`body`: any organ, mission, organisation or group."
    )
    country: str | None = Field(description="ISO 3166-1 alpha-3 code.")
    names: list[str] = Field(description="All names, as the articles have them.")
    roles: list[str] = Field(description="All offices and titles, as the articles have them.")
    articles: list[str] = Field(description="Ids of the articles that name it.")
    mentions: list[ActorMention]
