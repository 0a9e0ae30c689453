"""What a record says is held against the article: names, numbers, dates, quotations."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.review import Review
from extractor.schema.claims import ActionClaim, SanctionClaim, StatementClaim
from extractor.verification import Verifier, settle

from .conftest import ROOT, SEEDS, action, actor, answer, sanction, statement

TEXT = """Arvania's foreign minister, Lena Orst, proposed on Friday to expel thirty-five Belland diplomats, 31 in Port
Ellin and four in Quay. They would be “persona non grata" within 72 hours.

President Tor Hale ruled that out late on Saturday. “We are not in the business of gestures,” he told The Ledger. “We
are in the business of answers.” Ninety-six people were on the plane. Belland called it 'baseless'.

Arvania froze the assets of two Belland banks in 1998.
"""
EXPEL = (
    "Arvania's foreign minister, Lena Orst, proposed on Friday to expel thirty-five Belland diplomats, 31 in Port\n"
    "Ellin and four in Quay."
)
TERM = 'They would be “persona non grata" within 72 hours.'
HALE = "“We are not in the business of gestures,” he told The Ledger. “We\nare in the business of answers.”"
PROPOSAL: dict[str, Any] = {
    "status": "proposed",
    "actors": [actor("Arvania")],
    "targets": [actor("Belland diplomats", kind="group")],
    "status_by": actor("Lena Orst", role="foreign minister", kind="person"),
    "count": 35,
    "count_unit": "diplomats",
    "date_text": "on Friday",
}


def findings(claim: ActionClaim | SanctionClaim | StatementClaim) -> list[tuple[str | None, str]]:
    return [(finding.field, finding.reason) for finding in Verifier(TEXT).verify(claim).findings]


def test_a_sound_record_has_no_findings_and_its_words_have_places() -> None:
    claim = ActionClaim.model_validate(
        action(EXPEL, TERM, **PROPOSAL, legal_term="persona_non_grata", deadline="within 72 hours")
    )
    verdict = Verifier(TEXT).verify(claim)
    assert verdict.sound
    places = {span.field: TEXT[span.start : span.end] for span in verdict.spans}
    assert places["/count"] == "thirty-five"
    assert places["/status_by/role"] == "foreign minister"
    assert places["/deadline"] == "within 72 hours"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"count": 36}, ("/count", "not_in_evidence")),
        ({"count": 96}, ("/count", "not_in_evidence")),
        ({"places": ["Old Quay"]}, ("/places/0", "not_in_article")),
        ({"date_text": "on Monday"}, ("/date_text", "not_in_article")),
        ({"reason": "espionage"}, ("/reason", "not_in_article")),
        ({"reported_by": "Reuters"}, ("/reported_by", "not_in_article")),
        ({"legal_term": "persona_non_grata"}, ("/legal_term", "not_in_evidence")),
        ({"actors": [actor("Norland"), actor("Arvania")]}, ("/actors/0/name", "not_in_article")),
        ({"actors": [actor("Arvania", role="republic")]}, ("/actors/0/role", "not_in_article")),
        ({"status_by": actor("Tor Hail")}, ("/status_by/name", "not_in_article")),
        ({"count_breakdown": [{"count": 32, "of": "Port\nEllin"}]}, ("/count_breakdown/0", "not_in_evidence")),
        ({"count_breakdown": [{"count": 31, "of": "Port Allin"}]}, ("/count_breakdown/0/of", "not_in_article")),
        ({"evidence": [EXPEL, "Arvania will expel them."]}, ("/evidence/1", "not_in_article")),
        ({"evidence": ["Arvania will expel them."]}, (None, "no_evidence")),
        ({"evidence": []}, (None, "no_evidence")),
        ({"evidence": [EXPEL, TERM, HALE, "Belland called it 'baseless'."]}, ("/evidence/3", "too_much_evidence")),
        ({"actors": [], "targets": [], "status_by": None}, (None, "no_participants")),
        ({"evidence": ["Ninety-six people were on the plane."]}, (None, "evidence_names_nobody")),
    ],
)
def test_what_an_action_adds_is_found(change: dict[str, Any], expected: tuple[str | None, str]) -> None:
    claim = ActionClaim.model_validate(action(**(PROPOSAL | {"evidence": [EXPEL]} | change)))
    assert expected in findings(claim)


def test_a_count_may_be_the_sum_of_its_parts() -> None:
    evidence = "31 in Port\nEllin and four in Quay."
    parts = [{"count": 31, "of": "Port Ellin"}, {"count": 4, "of": "Quay"}]
    claim = ActionClaim.model_validate(action(evidence, **(PROPOSAL | {"count_breakdown": parts})))
    assert findings(claim) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"targets": [{"name": "Belland mines", "kind": "company", "country": None}]},
            ("/targets/0/name", "not_in_article"),
        ),
        ({"target_count": 3, "target_count_is_total": True}, ("/target_count", "not_in_evidence")),
        ({"program": "Belland Act"}, ("/program", "not_in_article")),
        ({"start_text": "since 2001"}, ("/start_text", "not_in_article")),
    ],
)
def test_what_a_sanction_adds_is_found(change: dict[str, Any], expected: tuple[str, str]) -> None:
    sound = {"senders": [actor("Arvania")], "targets": [{"name": "Belland banks", "kind": "company", "country": None}]}
    evidence = "Arvania froze the assets of two Belland banks in 1998."
    assert findings(SanctionClaim.model_validate(sanction(evidence, **sound, target_count=2))) == []
    assert expected in findings(SanctionClaim.model_validate(sanction(evidence, **(sound | change))))


SAID = {
    "speaker": actor("Tor Hale", role="President", kind="person"),
    "content": "We are not in the business of gestures, we are in the business of answers.",
    "quotes": ["We are not in the business of gestures", "We are in the business of answers"],
    "quotation": "direct",
}


def test_a_split_quotation_is_one_sound_statement() -> None:
    assert findings(StatementClaim.model_validate(statement(HALE, **SAID))) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"quotes": ["We are in the business of questions"]}, ("/quotes/0", "not_in_article")),
        ({"quotes": ["ruled that out"]}, ("/quotes/0", "not_quoted")),
        ({"quotes": ["baseless"]}, ("/quotes/0", "not_in_evidence")),
        ({"quotation": "indirect"}, ("/quotation", "contradicts_quotes")),
        ({"quotes": []}, ("/quotation", "contradicts_quotes")),
        ({"content": "We are in the business of answers to Norland."}, (None, "content_adds_facts")),
        ({"content": "We are not in the business of 400 gestures."}, (None, "content_adds_facts")),
        ({"content": "Symbolic retaliation serves nobody whatsoever."}, (None, "content_in_other_words")),
        ({"content": " "}, (None, "no_content")),
        ({"speaker": actor("Tor Hall")}, ("/speaker/name", "not_in_article")),
        ({"medium": "Twitter"}, ("/medium", "not_in_article")),
    ],
)
def test_what_a_statement_adds_is_found(change: dict[str, Any], expected: tuple[str | None, str]) -> None:
    assert expected in findings(StatementClaim.model_validate(statement(HALE, **(SAID | change))))


def test_settling_keeps_what_holds_up() -> None:
    claim = ActionClaim.model_validate(
        action(
            EXPEL,
            "invented",
            **(PROPOSAL | {"count": 96, "places": ["Old Quay", "Quay", "Nowhere"], "reason": "spite"}),
        )
    )
    verdict, lost = settle(Verifier(TEXT), claim)
    assert verdict is not None and isinstance(verdict.claim, ActionClaim)
    assert (verdict.claim.count, verdict.claim.reason, verdict.claim.places) == (None, None, ["Quay"])
    assert [item.quote for item in verdict.evidence] == [EXPEL]
    assert {item.field for item in lost} == {"/evidence/1", "/count", "/places/0", "/places/2", "/reason"}


def test_an_actor_goes_with_its_name_but_not_with_its_role() -> None:
    actors = [actor("Norland"), actor("Arvania", role="kingdom")]
    verdict, _ = settle(Verifier(TEXT), ActionClaim.model_validate(action(EXPEL, **(PROPOSAL | {"actors": actors}))))
    assert verdict is not None and isinstance(verdict.claim, ActionClaim)
    assert [(item.name, item.role) for item in verdict.claim.actors] == [("Arvania", None)]


def test_a_record_without_evidence_is_lost_whole() -> None:
    verdict, lost = settle(Verifier(TEXT), ActionClaim.model_validate(action("invented", **PROPOSAL)))
    assert verdict is None
    assert (None, "no_evidence") in [(item.field, item.reason) for item in lost]


words = st.one_of(st.sampled_from([*TEXT.split(), "Norland", "36", "Tuesday"]), st.text(max_size=8))
phrases = st.one_of(st.none(), st.lists(words, max_size=4).map(" ".join))
people = st.builds(lambda name, role: actor(name, role=role, kind="person"), words, phrases)


@st.composite
def arbitrary_actions(draw: st.DrawFn) -> dict[str, Any]:
    return action(
        *draw(st.lists(st.one_of(st.sampled_from([EXPEL, TERM, HALE]), words), max_size=4)),
        actors=draw(st.lists(people, max_size=3)),
        targets=draw(st.lists(people, max_size=2)),
        status_by=draw(st.one_of(st.none(), people)),
        count=draw(st.one_of(st.none(), st.integers(0, 99))),
        count_breakdown=draw(st.lists(st.fixed_dictionaries({"count": st.integers(0, 40), "of": words}), max_size=3)),
        places=draw(st.lists(words, max_size=3)),
        reason=draw(phrases),
        date_text=draw(phrases),
    )


@settings(max_examples=200, deadline=None)
@given(arbitrary_actions())
def test_whatever_a_model_says_what_is_kept_is_sound_and_what_is_lost_is_listed(content: dict[str, Any]) -> None:
    verifier = Verifier(TEXT)
    verdict, lost = settle(verifier, ActionClaim.model_validate(content))
    if verdict is None:
        assert lost
        return
    assert verifier.verify(verdict.claim).sound
    assert all(TEXT[item.start : item.end] == item.quote for item in verdict.evidence)
    assert bool(lost) == (verdict.claim.model_dump(mode="json") != content)


def test_the_worked_examples_of_the_prompt_hold_up_against_their_articles() -> None:
    for path in sorted((ROOT / "prompts" / "examples").glob("*.txt")):
        review = Review(Verifier(path.read_text(encoding="utf-8")))
        review.examine(json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
        assert review.doubtful == []
        assert review.kept


def test_no_sentence_of_the_seeds_stands_in_the_prompt() -> None:
    prompt = " ".join(" ".join(path.read_text().split()) for path in sorted((ROOT / "prompts").rglob("*.*")))
    told = prompt.casefold().split()
    runs = {" ".join(told[i : i + 6]) for i in range(len(told))}
    for seed in SEEDS.glob("*.txt"):
        words_ = seed.read_text(encoding="utf-8").casefold().split()
        assert not runs & {" ".join(words_[i : i + 6]) for i in range(len(words_) - 5)}


def test_an_answer_to_a_re_ask_takes_the_place_of_what_was_asked() -> None:
    review = Review(Verifier(TEXT))
    wrong = action(EXPEL, **(PROPOSAL | {"count": 36}))
    withdrawn = action("invented", **PROPOSAL)
    good = statement(HALE, **SAID)
    review.examine(answer(actions=[wrong, withdrawn], statements=[good]))
    assert review.feedback == (
        "actions/0/count: not_in_evidence",
        "actions/1/evidence/0: not_in_article",
        "actions/1: no_evidence",
    )
    review.examine(answer(actions=[action(EXPEL, **PROPOSAL)]))
    review.close()
    assert [type(verdict.claim) for verdict in review.kept] == [StatementClaim, ActionClaim]
    assert [(lost.finding.reason, lost.verdict) for lost in review.lost] == [("withdrawn", None)]
    assert review.lost[0].finding.value == withdrawn


def test_a_record_told_twice_is_kept_once() -> None:
    review = Review(Verifier(TEXT))
    review.examine(answer(statements=[statement(HALE, **SAID), statement(HALE, **SAID)]))
    assert len(review.kept) == 1
    assert [lost.finding.reason for lost in review.lost] == ["duplicate"]


def test_a_malformed_record_costs_no_other() -> None:
    review = Review(Verifier(TEXT))
    bad = statement(HALE, **SAID) | {"act": "shout"}
    review.examine(answer(statements=[bad, statement(HALE, **SAID)], actions=["nonsense"]))  # type: ignore[list-item]
    assert len(review.kept) == 1
    assert [item.type for item in review.doubtful] == ["diplomatic_action", "statement"]
    review.close()
    assert [lost.finding.reason for lost in review.lost] == ["malformed_model_type", "malformed_enum"]
