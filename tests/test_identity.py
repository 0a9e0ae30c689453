"""Who is who: names, romanisations, offices and states, within an article and over all of them."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.consolidation import actors_of
from extractor.consolidation.identity import Cast, identity_of, same
from extractor.schema.actors import KnownActor
from extractor.schema.claims import Actor
from extractor.schema.records import AnyRecord

from .conftest import actor
from .test_consolidation import events, grouped, said, told


def read(name: str, country: str | None = None, kind: str = "person", role: str | None = None) -> Any:
    found = identity_of(Actor.model_validate(actor(name, country=country, kind=kind, role=role)))
    assert found is not None
    return found


RUSSIA, US = "Russia", "United States"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Sergey Lavrov", RUSSIA), ("Sergei Lavrov", RUSSIA)),
        (("Dmitry Peskov", RUSSIA), ("Dmitriy Peskov", RUSSIA)),
        (("Aleksandr Lukashenko", "Belarus"), ("Alexander Lukashenko", "Belarus")),
        (("Yevgeny Prigozhin", RUSSIA), ("Evgeny Prigozhin", RUSSIA)),
        (("Volodymyr Zelensky", "Ukraine"), ("Volodymyr Zelenskyy", "Ukraine")),
        (("Mohammed Javad Zarif", "Iran"), ("Mohammad Javad Zarif", "Iran")),
        (("Lavrov", RUSSIA), ("Sergei Lavrov", RUSSIA)),
        (("S. Lavrov", RUSSIA), ("Sergei Lavrov", RUSSIA)),
        (("Xi", "China"), ("Xi Jinping", "China")),
        (("President Vladimir Putin", RUSSIA), ("Putin", RUSSIA)),
        (("Beata Szydło", "Poland"), ("Beata Szydlo", "Poland")),
        (("Russia's foreign minister", RUSSIA, "person"), ("Sergei Lavrov", RUSSIA, "person", "Foreign Minister")),
        (("the foreign secretary", "Britain", "person"), ("Boris Johnson", "Britain", "person", "foreign minister")),
        (("Kremlin", RUSSIA, "state"), ("Moscow", RUSSIA, "state")),
        (("Washington", US, "state"), ("the United States", US, "state")),
        (("Russia's government", RUSSIA, "government_body"), ("Russia", RUSSIA, "state")),
        (("Russian Foreign Ministry", RUSSIA, "government_body"), ("Foreign Ministry", RUSSIA, "government_body")),
        (("Russian embassy in Washington", RUSSIA, "mission"), ("Russian Embassy in the US", RUSSIA, "mission")),
        (("UK Russian Embassy", RUSSIA, "mission"), ("Russian Embassy in Britain", RUSSIA, "mission")),
        (("US intelligence officials", US, "group"), ("U.S. intelligence", US, "intelligence_or_military")),
    ],
)
def test_these_can_be_the_same(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert same(read(*one), read(*other)) and same(read(*other), read(*one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Bill Clinton", US), ("Hillary Clinton", US)),
        (("Sergei Ivanov", RUSSIA), ("Sergei Lavrov", RUSSIA)),
        (("Ivanov", RUSSIA), ("Ivanov", "Bulgaria")),
        (("Ivanov",), ("Sergei Ivanov", RUSSIA)),
        (("Vladimir Putin", RUSSIA), ("Russia", RUSSIA, "state")),
        (("Foreign Ministry", RUSSIA, "government_body"), ("Russia", RUSSIA, "state")),
        (("Foreign Ministry", RUSSIA, "government_body"), ("Defence Ministry", RUSSIA, "government_body")),
        (("Foreign Ministry", RUSSIA, "government_body"), ("Foreign Ministry", "China", "government_body")),
        (("Russian embassy in London", RUSSIA, "mission"), ("Russian embassy in Washington", RUSSIA, "mission")),
        (("Russian diplomats", RUSSIA, "group"), ("Russian officials", RUSSIA, "group")),
        (("a US official", US, "person"), ("Barack Obama", US, "person", "President")),
        (("Russia's foreign minister", RUSSIA), ("Sergei Ivanov", RUSSIA, "person", "defence minister")),
        (("a former president", US), ("Barack Obama", US, "person", "President")),
        (("Obama administration", US, "government_body"), ("Trump administration", US, "government_body")),
        (("Kremlin spokesman", RUSSIA), ("Maria Zakharova", RUSSIA, "person", "foreign ministry spokeswoman")),
    ],
)
def test_these_are_not_the_same(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert not same(read(*one), read(*other)) and not same(read(*other), read(*one))


def by(article: str, number: int, name: str, *, country: str | None = "Norway", **fields: Any) -> AnyRecord:
    speaker = actor(name, country=country, kind=fields.pop("kind", "person"), role=fields.pop("role", None))
    return said(article, number, fields.pop("content", f"Words {number}."), speaker=speaker, **fields)


def known(*records: AnyRecord) -> dict[str, KnownActor]:
    return {found.name: found for found in actors_of(records)}


def test_a_bare_surname_is_the_one_person_of_that_name_in_its_article() -> None:
    found = known(by("a", 1, "Tor Hale", role="foreign minister"), by("a", 2, "Hale"), by("a", 3, "foreign minister"))
    assert list(found) == ["Tor Hale"]
    assert found["Tor Hale"].names == ["Hale", "Tor Hale", "foreign minister"]
    assert found["Tor Hale"].roles == ["foreign minister"]
    assert [(mention.record, mention.field) for mention in found["Tor Hale"].mentions] == [
        ("sta-a-1", "/speaker"),
        ("sta-a-2", "/speaker"),
        ("sta-a-3", "/speaker"),
    ]


def test_a_surname_that_fits_two_is_nobodys() -> None:
    found = known(by("a", 1, "Tor Hale"), by("a", 2, "Liv Hale"), by("a", 3, "Hale"))
    assert sorted(found) == ["Hale", "Liv Hale", "Tor Hale"]


def test_over_articles_a_bare_surname_joins_where_it_fits_one_alone() -> None:
    assert list(known(by("a", 1, "Tor Hale"), by("b", 1, "Hale"))) == ["Tor Hale"]
    assert sorted(known(by("a", 1, "Tor Hale"), by("c", 1, "Liv Hale"), by("b", 1, "Hale"))) == [
        "Hale",
        "Liv Hale",
        "Tor Hale",
    ]


def test_a_country_alone_makes_nobody_the_same() -> None:
    found = known(
        by("a", 1, "Tor Hale"),
        by("a", 2, "Norway", kind="state"),
        by("a", 3, "Norwegian fishermen", kind="group"),
        by("a", 4, "Norwegian parliament", kind="legislature"),
    )
    assert len(found) == 4 and {item.country for item in found.values()} == {"NOR"}


def test_utterances_join_by_who_speaks_however_named() -> None:
    quote = {"quotes": ["We shall answer this insult in kind"]}
    one = by("a", 1, "Norway's foreign minister", **quote)
    two = by("b", 1, "Tor Hale", role="Foreign Minister", **quote)
    other = by("c", 1, "Tor Berg", role="defence minister", **quote)
    assert grouped(events(one, two, other)) == [["sta-a-1", "sta-b-1"], ["sta-c-1"]]


@pytest.mark.parametrize("content", ["Oslo denied the allegations.", "Norway denies any involvement."])
def test_a_bare_denial_joins_another_of_its_affair_and_of_no_other(content: str) -> None:
    expelled = {"count": 4, "date": "2020-05-01"}
    denial = {"act": "deny", "kind": "state"}
    full = by("b", 2, "Norway", content="Norway denied that it hacked and stole fishing secrets.", **denial)
    bare = by("a", 2, "Norway", content=content, **denial)
    together = grouped(events(told("a", 1, **expelled), told("b", 1, **expelled), bare, full))
    assert ["sta-a-2", "sta-b-2"] in together
    apart = grouped(events(told("a", 1, **expelled), told("b", 1, action="recall", **expelled), bare, full))
    assert ["sta-a-2", "sta-b-2"] not in apart


NAMES = st.sampled_from(
    ["Tor Hale", "Thor Hale", "Liv Hale", "T. Hale", "Hale", "foreign minister", "Norway", "Oslo", "Norwegian navy"]
)
MENTIONS = st.lists(
    st.tuples(
        st.sampled_from("abc"), NAMES, st.sampled_from([None, "Norway", "France"]), st.sampled_from([None, "president"])
    ),
    max_size=9,
)


def _records(rows: list[tuple[str, str, str | None, str | None]]) -> list[AnyRecord]:
    kinds = {"Norway": "state", "Oslo": "state", "Norwegian navy": "intelligence_or_military"}
    return [
        by(article, number, name, country=country, role=role, kind=kinds.get(name, "person"))
        for number, (article, name, country, role) in enumerate(rows)
    ]


@settings(max_examples=200, deadline=None)
@given(MENTIONS, st.randoms(use_true_random=False))
def test_every_mention_is_one_actors_in_any_order(
    rows: list[tuple[str, str, str | None, str | None]], shuffler: random.Random
) -> None:
    records = _records(rows)
    found = actors_of(records)
    mentions = [(mention.record, mention.field) for item in found for mention in item.mentions]
    assert sorted(mentions) == sorted((record.id, "/speaker") for record in records)
    assert len({item.id for item in found}) == len(found)
    shuffled = list(records)
    shuffler.shuffle(shuffled)
    assert actors_of(shuffled) == found


@settings(max_examples=200, deadline=None)
@given(MENTIONS)
def test_being_the_same_is_symmetric_and_reads_its_own_article_alone(
    rows: list[tuple[str, str, str | None, str | None]],
) -> None:
    records = _records(rows)
    for article in "abc":
        own = [record for record in records if record.article == article]
        cast = Cast(own)
        who = [found for record in own if (found := cast.who(record.speaker))]  # type: ignore[union-attr]
        assert all(same(one, other) == same(other, one) for one, other in combinations(who, 2))
