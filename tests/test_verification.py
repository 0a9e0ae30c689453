"""What a record says is held against the article: names, numbers, dates, quotations."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.review import Review
from extractor.schema.claims import ActionClaim, SanctionClaim, StatementClaim
from extractor.verification import Verdict, Verifier, settle

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
        ({"evidence": ["Ninety-six people were on the plane."]}, ("/evidence", "evidence_names_nobody")),
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
        ({"content": "Symbolic retaliation serves nobody whatsoever."}, ("/content", "content_in_other_words")),
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
    assert verifier.verify(verdict.claim).tenable
    assert all(TEXT[item.start : item.end] == item.quote for item in verdict.evidence)
    assert bool(lost) == (verdict.claim.model_dump(mode="json") != content)


@st.composite
def arbitrary_statements(draw: st.DrawFn) -> dict[str, Any]:
    passages = st.sampled_from(
        [HALE, TERM, "“We are not in the business of gestures,”", "Belland called it 'baseless'."]
    )
    return statement(
        *draw(st.lists(st.one_of(passages, words), max_size=4)),
        speaker=draw(st.one_of(st.none(), people)),
        target=draw(st.one_of(st.none(), people)),
        quotes=draw(st.lists(st.one_of(st.sampled_from(SAID["quotes"]), words), max_size=3)),  # type: ignore[arg-type]
        quotation=draw(st.sampled_from(["direct", "indirect", "mixed"])),
        content=draw(st.one_of(st.just(str(SAID["content"])), st.lists(words, max_size=8).map(" ".join))),
        about=draw(phrases),
    )


@settings(max_examples=200, deadline=None)
@given(arbitrary_statements())
def test_settling_a_statement_ends_and_keeps_only_what_holds_up(content: dict[str, Any]) -> None:
    verifier = Verifier(TEXT)
    verdict, lost = settle(verifier, StatementClaim.model_validate(content))
    assert verdict is not None or lost
    assert verdict is None or verifier.verify(verdict.claim).tenable


def test_an_indirect_statement_in_quotation_marks_is_asked_about_and_kept() -> None:
    passage = "“We are not in the business of gestures,”"
    claim = StatementClaim.model_validate(statement(passage, content="We are not in the business of gestures."))
    assert [finding.reason for finding in Verifier(TEXT).verify(claim).findings] == ["contradicts_marks"]
    verdict, lost = settle(Verifier(TEXT), claim)
    assert verdict is not None
    assert lost == []


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
    assert [lost.finding.reason for lost in review.lost] == ["malformed", "malformed_enum"]


NEWS = """Spain has hit back. The Spanish foreign minister announced that four envoys would leave Madrid's embassy in
Minsk. He said Belarus could not leave this without a response.

A plane with 96 people left the U.S. on December 31, 2016 at 10:30. Mevlüt Çavuşoğlu, Turkey's foreign minister,
denied that. "Unacceptable," he said of what E.U. officials had called a 1.5 million euro affair between Putin and
Trump. The consulate in Seattle was closed on Friday. Such behaviour is unacceptable, the ministry said, regretting it.
"""


def held(claim: Any) -> Verdict:
    return Verifier(NEWS).verify(claim)


def an_action(*evidence: str, **fields: Any) -> ActionClaim:
    return ActionClaim.model_validate(action(*evidence, **fields))


def a_statement(*evidence: str, content: str, **fields: Any) -> StatementClaim:
    return StatementClaim.model_validate(statement(*evidence, content=content, **fields))


MINISTER = "The Spanish foreign minister announced that four envoys would leave Madrid's embassy in\nMinsk."
RESPONSE = "He said Belarus could not leave this without a response."
PLANE = "A plane with 96 people left the U.S. on December 31, 2016 at 10:30."
AFFAIR = "what E.U. officials had called a 1.5 million euro affair between Putin and\nTrump."


def test_a_state_is_known_by_its_adjective() -> None:
    claim = an_action(MINISTER, actors=[actor("Spain", country="Spain")], count=4)
    assert held(claim).sound


def test_evidence_that_speaks_of_he_may_carry_a_record() -> None:
    assert held(an_action(RESPONSE, actors=[actor("Spain", country="Spain")])).sound


def test_advice_is_asked_about_but_costs_nothing() -> None:
    claim = an_action(PLANE, actors=[actor("Belarus", country="Belarus")])
    verdict = held(claim)
    assert not verdict.sound and verdict.tenable
    assert [finding.reason for finding in verdict.findings] == ["evidence_names_nobody"]
    kept, lost = settle(Verifier(NEWS), claim)
    assert kept is not None and kept.claim == claim
    assert lost == []


def test_a_place_is_enough_where_nobody_is_named_as_acting() -> None:
    claim = an_action(
        "The consulate in Seattle was closed on Friday.", action="closure", places=["consulate in Seattle"]
    )
    assert held(claim).sound


@pytest.mark.parametrize("count", [31, 2016, 10, 30])
def test_dates_and_clock_times_are_no_counts(count: int) -> None:
    claim = an_action(PLANE, actors=[actor("U.S.", country="United States")], count=count)
    assert "not_in_evidence" in [finding.reason for finding in held(claim).findings]


def test_a_state_that_the_article_never_names_is_not_an_actor_s() -> None:
    claim = an_action(MINISTER, actors=[actor("Spanish foreign minister", country="Canada", kind="person")])
    assert [(finding.field, finding.reason) for finding in held(claim).findings] == [
        ("/actors/0/country", "country_not_in_article")
    ]
    kept, _ = settle(Verifier(NEWS), claim)
    assert kept is not None and isinstance(kept.claim, ActionClaim)
    assert kept.claim.actors[0].country is None


@pytest.mark.parametrize("name", ["Spain", "Madrid", "Minsk", "Turkey"])
def test_a_state_known_by_name_or_capital_is_one_s_country(name: str) -> None:
    country = {"Madrid": "Spain", "Minsk": "Belarus"}.get(name, name)
    findings_ = held(an_action(MINISTER, PLANE, actors=[actor(name, country=country)])).findings
    assert "country_not_in_article" not in [finding.reason for finding in findings_]


def test_unacceptable_behaviour_makes_no_one_not_acceptable() -> None:
    evidence = "Such behaviour is unacceptable, the ministry said, regretting it."
    claim = an_action(evidence, actors=[actor("the ministry")], legal_term="not_acceptable")
    assert [finding.field for finding in held(claim).findings] == ["/legal_term"]


@pytest.mark.parametrize(
    ("evidence", "content"),
    [
        (PLANE, "A plane left the US."),
        (AFFAIR, "EU officials called it a Putin-Trump affair."),
        (AFFAIR, "It was a 1.5 million euro affair."),
        (RESPONSE, "Belarus could not leave this without a response."),
        (RESPONSE, "The Belarusians could not leave this without a response."),
        ("Mevlüt Çavuşoğlu, Turkey's foreign minister,\ndenied that.", "Mevlut Cavusoglu denied that."),
        ("the ministry said, regretting it.", "The ministry regrets such behaviour."),
    ],
)
def test_content_in_the_article_s_words_holds_up(evidence: str, content: str) -> None:
    assert [finding.reason for finding in held(a_statement(evidence, content=content)).findings] == []


@pytest.mark.parametrize(
    ("evidence", "content", "reason"),
    [
        (RESPONSE, "Belarus could not leave 96 people without a response.", "content_adds_facts"),
        (RESPONSE, "Belarus and Canada could not leave this without a response.", "content_adds_facts"),
        (RESPONSE, "Canada could not leave this without a response.", "content_adds_facts"),
        (AFFAIR, "It was a 9.7 million euro affair.", "content_adds_facts"),
        (AFFAIR, "It was a 1.5 million euro affair in 2014.", "content_adds_facts"),
        (RESPONSE, "Belarus could leave this.", "content_negates"),
        (MINISTER, "Four envoys would not leave the embassy.", "content_negates"),
    ],
)
def test_content_that_says_something_else_does_not(evidence: str, content: str, reason: str) -> None:
    assert reason in [finding.reason for finding in held(a_statement(evidence, content=content)).findings]


def test_a_word_is_no_evidence() -> None:
    claim = a_statement("The", RESPONSE, content="Belarus could not leave this without a response.")
    assert [(finding.field, finding.reason) for finding in held(claim).findings] == [("/evidence/0", "too_short")]


def test_a_fragment_in_marks_is_no_direct_quotation_of_a_long_sentence() -> None:
    evidence = '"Unacceptable," he said of ' + AFFAIR
    said = {"quotes": ["Unacceptable"], "content": "Unacceptable."}
    assert held(a_statement(evidence, quotation="mixed", **said)).sound
    assert "contradicts_marks" in [
        finding.reason for finding in held(a_statement(evidence, quotation="direct", **said)).findings
    ]


def test_a_count_lost_takes_along_whether_it_is_the_total() -> None:
    claim = SanctionClaim.model_validate(
        sanction(MINISTER, senders=[actor("Spain", country="Spain")], target_count=77, target_count_is_total=True)
    )
    kept, _ = settle(Verifier(NEWS), claim)
    assert kept is not None and isinstance(kept.claim, SanctionClaim)
    assert (kept.claim.target_count, kept.claim.target_count_is_total) == (None, None)


def test_parts_that_make_more_than_the_count_are_lost() -> None:
    parts = [{"count": 31, "of": "Port Ellin"}, {"count": 4, "of": "Quay"}]
    claim = ActionClaim.model_validate(action(EXPEL, **(PROPOSAL | {"count": 31, "count_breakdown": parts})))
    kept, lost = settle(Verifier(TEXT), claim)
    assert kept is not None and isinstance(kept.claim, ActionClaim)
    assert (kept.claim.count, kept.claim.count_breakdown) == (31, [])
    assert [finding.reason for finding in lost] == ["more_than_count"]


def closed(*answers: dict[str, Any]) -> Review:
    review = Review(Verifier(TEXT))
    for item in answers:
        review.examine(item)
    review.close()
    return review


def test_a_missing_list_costs_no_other_and_is_asked_for() -> None:
    review = Review(Verifier(TEXT))
    review.examine({"actions": None, "statements": [statement(HALE, **SAID)]})
    assert review.feedback == ("actions/0: missing_list", "sanctions/0: missing_list")
    review.examine({"actions": [action(EXPEL, **PROPOSAL)], "sanctions": []})
    review.close()
    assert len(review.kept) == 2
    assert review.lost == []


def test_a_list_of_an_unknown_name_is_listed() -> None:
    review = closed(answer(treaties=[{"a": 1}]))
    assert [(lost.type, lost.finding.field, lost.finding.value) for lost in review.lost] == [
        (None, "/treaties", [{"a": 1}])
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"note": "x"}, "/note"),
        ({"actors": [actor("Arvania"), actor("Belland", kind="Country")]}, "/actors/1/kind"),
        ({"targets": [actor("Belland diplomats", kind="group") | {"note": 1}]}, "/targets/0/note"),
        ({"status_by": actor("Lena Orst", kind="minister")}, "/status_by/kind"),
        ({"count": "many"}, "/count"),
    ],
)
def test_a_slip_of_form_costs_the_part_that_has_it(change: dict[str, Any], field: str) -> None:
    review = closed(answer(actions=[action(EXPEL, **(PROPOSAL | change))]))
    assert len(review.kept) == 1
    assert [lost.finding.field for lost in review.lost] == [field]


def test_a_correction_that_is_worse_leaves_what_was_sound_before() -> None:
    review = closed(
        answer(actions=[action(EXPEL, **(PROPOSAL | {"reason": "spite"}))]),
        answer(actions=[action("invented", **PROPOSAL)]),
    )
    assert [verdict.claim.evidence for verdict in review.kept] == [[EXPEL]]
    assert [lost.finding.field for lost in review.lost] == ["/reason"]


def test_a_record_that_becomes_another_when_trimmed_is_listed_as_its_duplicate() -> None:
    good = action(EXPEL, **PROPOSAL)
    review = closed(answer(actions=[good, good | {"reason": "spite"}]))
    assert len(review.kept) == 1
    assert [lost.finding.reason for lost in review.lost] == ["duplicate"]


def test_a_kept_record_sent_again_stands_for_no_other() -> None:
    good, bad = action(EXPEL, **PROPOSAL), action("invented", **PROPOSAL)
    review = closed(answer(actions=[good, bad]), answer(actions=[good]))
    assert len(review.kept) == 1
    assert [lost.finding.reason for lost in review.lost] == ["withdrawn"]


@pytest.mark.parametrize(
    "change",
    [
        {"count_breakdown": [{"count": "x", "of": 3, "zz": 1}, {"count": 31, "of": "Port Ellin"}]},
        {"actors": [actor("Norland", kind="bad") | {"country": 5}, actor("Arvania"), actor("Belland")]},
        {"status_by": {"name": 3, "zz": 1}},
    ],
)
def test_an_item_with_two_faults_goes_alone(change: dict[str, Any]) -> None:
    review = closed(answer(actions=[action(EXPEL, **(PROPOSAL | change))]))
    (verdict,) = review.kept
    assert isinstance(verdict.claim, ActionClaim)
    if "actors" in change:
        assert [item.name for item in verdict.claim.actors] == ["Arvania", "Belland"]
    if "count_breakdown" in change:
        assert [part.count for part in verdict.claim.count_breakdown] == [31]


def test_keys_left_out_for_null_cost_nothing() -> None:
    content = action(EXPEL, **PROPOSAL)
    for name in ("deadline", "places", "legal_term"):
        del content[name]
    del content["actors"][0]["role"]
    review = closed(answer(actions=[content]))
    assert len(review.kept) == 1
    assert review.lost == []


def test_a_record_that_an_answer_leaves_out_is_listed_whatever_else_it_gives() -> None:
    expulsion = action(EXPEL, **PROPOSAL)
    recall = expulsion | {"action": "recall", "evidence": [TERM]}
    review = closed(
        answer(actions=[expulsion, recall | {"reason": "spite"}]),
        answer(actions=[expulsion | {"date_text": None}]),
    )
    assert [verdict.claim.model_dump()["action"] for verdict in review.kept] == ["expulsion"]
    assert [(lost.finding.reason, lost.finding.value["action"]) for lost in review.lost] == [  # type: ignore[index, call-overload]
        ("withdrawn", "recall")
    ]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("France will respond, the ministry said.", "The French ministry said France will respond."),
        ("China and Britain will respond, the ministry said.", "Chinese and British ministry: will respond."),
        ("It will respond on Dec. 12, the ministry said.", "It will respond on December 12."),
        ("The expulsion was wrong, the ministry said.", "This one expulsion was wrong."),
    ],
)
def test_content_may_use_another_form_of_a_word(text: str, content: str) -> None:
    verdict = Verifier(text).verify(a_statement(text, content=content))
    assert "content_adds_facts" not in [finding.reason for finding in verdict.findings]


@pytest.mark.parametrize(
    ("people", "country"), [("Russians", "Russia"), ("Germans", "Germany"), ("Turks", "Turkey"), ("Czechs", "Czechia")]
)
def test_people_name_their_state(people: str, country: str) -> None:
    text = f"The ministry expelled 60 {people}."
    claim = an_action(text, targets=[actor(people, country=country, kind="group")], count=60)
    assert Verifier(text).verify(claim).sound
