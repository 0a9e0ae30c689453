"""The checks of who acts, is acted upon or speaks: names, roles and states, and whether the evidence mentions them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from extractor.codes import country_code
from extractor.schema.claims import Actor, SanctionTarget
from extractor.text import unseen
from extractor.verification import wording
from extractor.verification.grounds import Grounds, shown
from extractor.verification.verdicts import Finding

_LONGEST_COUNTRY = 60
# How far before its evidence the name of a speaker may stand whom the evidence calls "he".
_BEFORE_EVIDENCE = 400


def check_actors(grounds: Grounds, group: str, members: Sequence[Actor | SanctionTarget]) -> Iterator[Finding]:
    """Whether the article names each of a group as the claim does."""
    for index, member in enumerate(members):
        yield from check_actor(grounds, f"/{group}/{index}", member)


def check_actor(grounds: Grounds, field: str, actor: Actor | SanctionTarget) -> Iterator[Finding]:
    """Whether the article has a name and a role, and tells the state."""
    yield from grounds.word(f"{field}/name", actor.name)
    if isinstance(actor, Actor) and actor.role is not None:
        yield from grounds.word(f"{field}/role", actor.role)
    if actor.country is not None and not _names_country(grounds, actor.country, actor.name):
        plain = len(actor.country) <= _LONGEST_COUNTRY and wording.is_plain_name(actor.country)
        named = actor.country if plain else shown(actor.country)
        message = f"nothing in the article names {named}"
        yield Finding(
            f"{field}/country",
            "country_not_in_article",
            message,
            actor.country,
            advice="null, unless the article tells the state",
        )


def _names_country(grounds: Grounds, country: str, name: str) -> bool:
    """Whether the article names a state; one that has no code by all words of its name but one, or by initials."""
    if not country:
        return True
    if not _may_be_a_state(country):
        return False
    code = country_code(country)
    if code:
        return code in grounds.facts.countries or code == country_code(name)
    words = wording.telling(country)
    known = [word for word in words if grounds.facts.has_likeness(word)]
    if len(words) > 1 and grounds.facts.has_initials(words):
        return True
    unknown = len(words) - len(known)
    return bool(known) and (not unknown or (unknown == 1 and len(max(known, key=len)) > 3))


def check_participants(
    grounds: Grounds, members: Sequence[Actor | SanctionTarget], places: Sequence[str]
) -> Iterator[Finding]:
    """Whether the article names anybody who takes part, and the evidence mentions one of them."""
    named = [member.name for member in members] + list(places)
    if not any(map(grounds.facts.names, named)):
        yield Finding(None, "no_participants", "nobody whom it names as acting or acted upon is in the article")
    elif grounds.evidence and not _mentions(grounds, named, [member.country for member in members]):
        message = "none of its actors or targets is mentioned in its evidence"
        yield Finding("/evidence", "evidence_names_nobody", message, advisory=True, advice="add the passage that does")


def check_speaker(grounds: Grounds, speaker: Actor) -> Iterator[Finding]:
    """Whether the evidence, or what stands just before it, names the speaker."""
    names = [speaker.name, speaker.role or ""]
    if grounds.evidence and not _mentions(grounds, names, [speaker.country], before=_BEFORE_EVIDENCE):
        message = f"neither its evidence nor what stands before names {shown(speaker.name)}"
        yield Finding("/speaker", "evidence_names_nobody", message, advisory=True, advice="add where it does")


def _mentions(grounds: Grounds, names: Sequence[str], countries: Sequence[str | None], *, before: int = 0) -> bool:
    """Whether the evidence, or what stands so many characters before it, names one of them.

    It does by a word of the name, its state's adjective, or a pronoun.
    """
    stems = frozenset[str]().union(*[wording.words_in(name).stems for name in names])
    if not stems:
        return True
    text, sentences = grounds.facts.text, grounds.sentences
    leads = [text[max(0, start - before) : start] for start, _ in sentences] if before else []
    # Sentence by sentence, as several records have them in their evidence.
    told = chain((text[start:end] for start, end in sentences), leads)
    if any(words.has_pronoun or not stems.isdisjoint(words.stems) for words in map(wording.words_in, told)):
        return True
    codes = {country_code(country) for country in countries} - {None}
    return any(not codes.isdisjoint(wording.countries_in(text)) for text in (grounds.told, *leads))


@lru_cache(maxsize=1 << 12)
def _may_be_a_state(country: str) -> bool:
    return len(country) <= _LONGEST_COUNTRY and wording.is_plain_name(country) and not unseen(country)
