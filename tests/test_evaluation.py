"""Scoring a run against gold: worked cases, invariants, and the command."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor.errors import BadGold, MissingExtra
from extractor.evaluation import Evaluation, Facets, GoldArticle, Likeness, evaluate, match
from extractor.evaluation.coreference import b_cubed, ceaf_e, clusters, conll, muc
from extractor.evaluation.matching import likeness, similarity
from extractor.schema.records import AnyRecord, RecordType
from extractor.writers import to_json, write_json

from .conftest import FIXTURES, ROOT, SEEDS, Finished
from .gold_cases import GOLD, NAME, changed, gold, records_of, run

Extract = Callable[..., Finished]


@pytest.fixture
def affair(tmp_path: Path) -> GoldArticle:
    return gold(tmp_path)


def scored(affair: GoldArticle, *records: AnyRecord) -> Evaluation:
    return evaluate(run(*records), [affair])


def counts(evaluation: Evaluation, kind: RecordType, variant: str = "lenient") -> tuple[int, int, int]:
    (item,) = (item for item in evaluation.records if item.type == kind)
    score = getattr(item, variant)
    return score.hits, score.spurious, score.missed


def field(evaluation: Evaluation, kind: RecordType, name: str, variant: str = "exact") -> tuple[int, int, int]:
    (item,) = (item for item in evaluation.fields if (item.type, item.field) == (kind, name))
    score = getattr(item, variant)
    return score.hits, score.spurious, score.missed


def faults(evaluation: Evaluation) -> set[tuple[str, str | None, str | None]]:
    return {(fault.kind, fault.gold, fault.field) for fault in evaluation.faults}


# What gold says, and nothing


def test_a_perfect_run_has_every_figure_at_one_and_no_fault(affair: GoldArticle) -> None:
    found = scored(affair, *records_of(affair))
    for item in found.records:
        assert item.lenient.f1 == item.exact.f1 == 1
    assert all(item.exact.f1 in (1, None) for item in found.fields)
    assert all(item.conll_f1 == 1 for item in found.events)
    assert found.faults == []
    assert (found.invention.invented, found.realis.as_facts) == (0, 0)


def test_an_empty_run_misses_what_is_scored(affair: GoldArticle) -> None:
    found = scored(affair)
    assert counts(found, "diplomatic_action") == (0, 0, 3)
    assert counts(found, "sanction") == (0, 0, 1)
    # T1 and T2; not its part, nor what is optional.
    assert counts(found, "statement") == (0, 0, 2)
    assert [item.lenient.precision for item in found.records] == [None, None, None]
    assert [item.lenient.f1 for item in found.records] == [0, 0, 0]


def test_an_article_that_failed_is_missed_whole(affair: GoldArticle) -> None:
    found = evaluate(run(outcome="failed"), [affair])
    assert counts(found, "diplomatic_action") == (0, 0, 3)
    assert found.articles[0].outcome == "failed"


def test_articles_on_one_side_alone_are_named_and_not_scored(affair: GoldArticle) -> None:
    other = affair.model_copy(update={"article": "other.txt", "id": "art-ffffffffffff"})
    found = evaluate(run(*records_of(affair)), [other])
    assert (found.not_in_run, found.without_gold, found.articles) == (["other.txt"], [NAME], [])
    assert [item.lenient.f1 for item in found.records] == [None, None, None]


def test_a_text_that_has_changed_is_refused(affair: GoldArticle) -> None:
    with pytest.raises(BadGold, match="has changed"):
        evaluate(run(), [affair.model_copy(update={"id": "art-ffffffffffff"})])


def test_two_golds_of_one_article_are_refused(affair: GoldArticle) -> None:
    with pytest.raises(BadGold, match="two golds"):
        evaluate(run(), [affair, affair])


# One error each


def test_a_second_record_of_one_thing_is_spurious(affair: GoldArticle) -> None:
    found = scored(affair, *records_of(affair), changed(affair, "D1"))
    assert counts(found, "diplomatic_action") == counts(found, "diplomatic_action", "exact") == (3, 1, 0)


def test_a_swapped_direction_is_a_miss_and_a_spurious_record(affair: GoldArticle) -> None:
    swapped = changed(
        affair,
        "D1",
        actors=[{"name": "Norway", "country": "Norway"}],
        targets=[{"name": "France", "country": "France"}],
    )
    found = scored(affair, swapped)
    assert counts(found, "diplomatic_action") == (0, 1, 3)
    assert ("spurious", "D1", None) in faults(found)


def test_a_wrong_status_is_found_leniently_alone(affair: GoldArticle) -> None:
    found = scored(affair, changed(affair, "D1", status="ordered"))
    assert counts(found, "diplomatic_action") == (1, 0, 2)
    assert counts(found, "diplomatic_action", "exact") == (0, 1, 3)
    # Ordered and carried out are both told as done: alike, not equal.
    assert field(found, "diplomatic_action", "status") == (0, 1, 1)
    assert field(found, "diplomatic_action", "status", "lenient") == (1, 0, 0)
    by_status = {item.status: item.score for item in found.statuses if item.type == "diplomatic_action"}
    assert (by_status["ordered"].spurious, by_status["carried_out"].missed) == (1, 1)
    assert found.realis.as_facts == 0


def test_a_proposal_told_as_done_is_the_worst_error(affair: GoldArticle) -> None:
    found = scored(affair, changed(affair, "D2", status="carried_out"))
    assert found.realis.as_facts == 1
    assert found.realis.table["other"]["actual"] == 1
    assert ("wrong", "D2", "status") in faults(found)


def test_evidence_from_elsewhere_is_no_exact_hit(affair: GoldArticle) -> None:
    shifted = changed(affair, "D1", evidence=["Paris froze the assets of Fjord Oil in April."])
    found = scored(affair, shifted)
    assert counts(found, "diplomatic_action") == (1, 0, 2)
    assert counts(found, "diplomatic_action", "exact") == (0, 1, 3)


def test_a_statement_is_not_known_by_speaker_and_act_alone(affair: GoldArticle) -> None:
    shifted = changed(affair, "T1", evidence=["Norway will never close the French consulate"], quotes=[])
    assert counts(scored(affair, shifted), "statement") == (0, 1, 2)


def test_the_same_quotation_elsewhere_is_the_same_statement(affair: GoldArticle) -> None:
    shifted = changed(affair, "T1", evidence=["Norway will never close the French consulate"])
    assert counts(scored(affair, shifted), "statement") == (1, 0, 1)


def test_a_value_where_gold_has_null_is_invented(affair: GoldArticle) -> None:
    found = scored(affair, changed(affair, "D1", deadline="on 3 May", places=["Oslo"]))
    assert {("invented", "D1", "deadline"), ("invented", "D1", "places")} <= faults(found)
    assert found.invention.invented == 2
    # "Oslo" is nowhere in the article; "on 3 May" is.
    assert found.invention.ungrounded == 1


def test_a_field_that_gold_leaves_out_is_not_scored(affair: GoldArticle) -> None:
    found = scored(affair, changed(affair, "D1", reason="five Norwegian diplomats"))
    assert "reason" not in {item.field for item in found.fields}
    assert faults(found) == faults(scored(affair, *records_of(affair, "D1")))


def test_any_of_takes_each_alternative(affair: GoldArticle) -> None:
    for status in ("threatened", "proposed"):
        found = scored(affair, changed(affair, "D2", status=status, targets=[]))
        assert counts(found, "diplomatic_action", "exact") == (1, 0, 2)
    found = scored(affair, changed(affair, "D2", status="announced"))
    assert counts(found, "diplomatic_action", "exact") == (0, 1, 3)


@pytest.mark.parametrize(
    ("value", "exact", "lenient"),
    [
        ("2021-05-03", (1, 0, 0), (1, 0, 0)),
        ("2021-05", (0, 1, 1), (1, 0, 0)),
        ("2021-05-04", (0, 1, 1), (0, 1, 1)),
        (None, (0, 0, 1), (0, 0, 1)),
    ],
)
def test_dates(affair: GoldArticle, value: str | None, exact: tuple[int, ...], lenient: tuple[int, ...]) -> None:
    found = scored(affair, changed(affair, "D1", date={"value": value, "text": "on 3 May 2021"}))
    assert field(found, "diplomatic_action", "date") == exact
    assert field(found, "diplomatic_action", "date", "lenient") == lenient


def test_a_wrong_count_is_a_wrong_field(affair: GoldArticle) -> None:
    found = scored(affair, changed(affair, "D1", count=6))
    assert field(found, "diplomatic_action", "count") == (0, 1, 1)
    assert counts(found, "diplomatic_action", "exact") == (0, 1, 3)


def test_list_elements_count_one_by_one(affair: GoldArticle) -> None:
    found = scored(affair, changed(affair, "S1", measures=["asset_freeze", "travel_ban"]))
    assert field(found, "sanction", "measures") == (1, 1, 0)


def test_participants_by_name_or_by_country(affair: GoldArticle) -> None:
    minister = [{"name": "the interior ministry", "country": "France"}]
    found = scored(affair, changed(affair, "D1", actors=minister))
    assert field(found, "diplomatic_action", "actors") == (0, 1, 1)
    assert field(found, "diplomatic_action", "actors", "lenient") == (1, 0, 0)
    renamed = [{"name": "the French Republic", "country": "France", "kind": "state"}]
    assert field(scored(affair, changed(affair, "D1", actors=renamed)), "diplomatic_action", "actors") == (1, 0, 0)


def test_fields_alone_match_only_acts_that_say_who_acts_on_whom(affair: GoldArticle) -> None:
    elsewhere = ["Paris froze the assets of Fjord Oil in April."]
    bare = affair.model_copy(
        update={
            "records": [
                item.model_copy(update={"fields": item.fields | {"targets": []}}) for item in affair.records[:1]
            ]
        }
    )
    assert counts(scored(bare, changed(bare, "D1", evidence=elsewhere)), "diplomatic_action") == (0, 1, 1)
    assert counts(scored(bare, changed(bare, "D1")), "diplomatic_action") == (1, 0, 0)


# Tiers and ties


def test_what_is_optional_is_neither_rewarded_nor_punished(affair: GoldArticle) -> None:
    assert counts(scored(affair, *records_of(affair, "X1")), "statement") == (0, 0, 2)


def test_what_is_hypothetical_may_be_told_but_not_as_done(affair: GoldArticle) -> None:
    assert counts(scored(affair, *records_of(affair, "H1", "S1")), "sanction") == (1, 0, 0)
    found = scored(affair, *records_of(affair, "S1"), changed(affair, "H1", status="imposed"))
    assert counts(found, "sanction") == (1, 1, 0)
    assert found.realis.as_facts == 1


def test_a_part_may_be_told_apart_or_not(affair: GoldArticle) -> None:
    assert counts(scored(affair, *records_of(affair, "T1")), "statement") == (1, 0, 1)
    assert counts(scored(affair, *records_of(affair, "T1", "T1b")), "statement") == (1, 0, 1)
    assert counts(scored(affair, *records_of(affair, "T1b")), "statement") == (0, 0, 2)


def test_a_record_that_tells_whole_and_part_tells_the_whole(affair: GoldArticle) -> None:
    both = changed(affair, "T1", evidence=["Earlier, Hale had been cross.", '"This is a farce," he said.'], quotes=[])
    assert counts(scored(affair, both), "statement") == (1, 0, 1)


def test_what_only_repeats_a_found_act_is_no_miss(affair: GoldArticle) -> None:
    assert counts(scored(affair), "statement") == (0, 0, 2)
    assert counts(scored(affair, *records_of(affair, "D3")), "statement") == (0, 0, 1)
    assert counts(scored(affair, *records_of(affair, "D3", "T2")), "statement") == (1, 0, 1)


# Invariants

# scipy takes its time to load; a whole evaluation takes longer than a matching.
ASSIGNING = settings(deadline=None)
EVALUATING = settings(deadline=None, max_examples=25)
ATOMS = st.sampled_from(["FRA", "NOR", "SWE", ""])
SETS = st.none() | st.frozensets(ATOMS, min_size=1, max_size=2)
SPAN = st.tuples(st.integers(0, 30), st.integers(1, 20)).map(lambda span: (span[0], span[0] + span[1]))
FACETS = st.builds(
    Facets,
    type=st.sampled_from(["diplomatic_action", "sanction", "statement"]),
    kind=st.none() | st.frozensets(st.sampled_from(["expulsion", "closure"]), min_size=1),
    status=st.none() | st.frozensets(st.sampled_from(["ordered", "proposed"]), min_size=1),
    sources=SETS,
    targets=SETS,
    count=st.none() | st.frozensets(st.none() | st.integers(1, 3), min_size=1, max_size=2),
    spans=st.lists(SPAN, min_size=1, max_size=2).map(lambda spans: tuple(sorted(set(spans)))),
    words=st.frozensets(st.sampled_from(["farce", "sad", "war"])),
)
SIDE = st.lists(FACETS, max_size=4)


@ASSIGNING
@given(SIDE, SIDE)
def test_matching_is_one_to_one_and_complete(left: list[Facets], right: list[Facets]) -> None:
    found = match(left, right)
    assert sorted([pair.left for pair in found.pairs] + list(found.left_only)) == list(range(len(left)))
    assert sorted([pair.right for pair in found.pairs] + list(found.right_only)) == list(range(len(right)))


@ASSIGNING
@given(SIDE, SIDE)
def test_matching_is_optimal_and_symmetric(left: list[Facets], right: list[Facets]) -> None:
    total = sum(pair.similarity for pair in match(left, right).pairs)
    assert total == pytest.approx(sum(pair.similarity for pair in match(right, left).pairs))
    short, long = sorted((left, right), key=len)
    best = max(
        sum(similarity(a, b) for a, b in zip(short, order, strict=False) if likeness(a, b))
        for order in permutations(long)
    )
    assert total == pytest.approx(best)


@given(FACETS, FACETS)
def test_likeness_is_symmetric_and_similarity_lies_between_0_and_1(one: Facets, other: Facets) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert similarity(one, other) == pytest.approx(similarity(other, one))
    assert 0 <= similarity(one, other) <= 1


@given(FACETS)
def test_every_record_is_exactly_itself(one: Facets) -> None:
    assert likeness(one, one) is Likeness.EXACT
    assert similarity(one, one) == 1


NAMES = ["D1", "D2", "D3", "S1", "T1", "T1b", "T2", "X1", "H1"]


@EVALUATING
@given(st.sets(st.sampled_from(NAMES)))
def test_figures_lie_between_0_and_1_and_intervals_around_them(
    tmp_path_factory: pytest.TempPathFactory, names: set[str]
) -> None:
    affair = gold(tmp_path_factory.getbasetemp())
    found = scored(affair, *(records_of(affair, *names) if names else []))
    for item in (*found.records, *found.fields):
        for score in (item.exact, item.lenient):
            assert all(part is None or 0 <= part <= 1 for part in (score.precision, score.recall, score.f1))
        assert (item.exact.f1 or 0) <= (item.lenient.f1 or 0)


@EVALUATING
@given(st.sets(st.sampled_from(NAMES), min_size=1), st.sampled_from(["D1", "S1", "T1"]))
def test_another_record_of_nothing_never_raises_precision(
    tmp_path_factory: pytest.TempPathFactory, names: set[str], name: str
) -> None:
    affair = gold(tmp_path_factory.getbasetemp())
    extra = changed(
        affair,
        name,
        evidence=["A minister of neither state"],
        speaker={"name": "Nobody", "country": "Sweden", "kind": "person"},
        actors=[{"name": "Sweden", "country": "Sweden"}],
        senders=[{"name": "Sweden", "country": "Sweden"}],
    )
    before = scored(affair, *records_of(affair, *names))
    after = scored(affair, *records_of(affair, *names), extra)
    for one, other in zip(before.records, after.records, strict=True):
        assert (other.lenient.precision or 0) <= (one.lenient.precision or 0)
        assert other.lenient.recall == one.lenient.recall


def test_intervals_are_the_same_each_time_and_hold_the_figure() -> None:
    from extractor.evaluation.bootstrap import Tally, f1_interval

    tallies = [Tally(3, 1, 0), Tally(2, 0, 2), Tally(5, 0, 0), Tally(0, 1, 1)]
    interval = f1_interval(tallies)
    assert interval is not None
    assert interval == f1_interval(tallies)
    # All resamples of (0, 1, 1) alone have F1 0, those without it and without (2, 0, 2) 11/12 at the least.
    assert interval[0] < 20 / 25 < interval[1] <= 1
    assert f1_interval(tallies[:1]) is None
    assert f1_interval([Tally(), Tally()]) is None


# Coreference, by published examples


def parted(text: str) -> list[frozenset[str]]:
    return [frozenset(cluster) for cluster in text.split()]


@pytest.mark.parametrize(
    ("response", "recall", "precision", "f1"),
    [
        # Cases 1 to 4 of the reference scorer (Pradhan et al. 2014), key {a} {bc} {def}: CEAF-e as published there.
        ("a bc def", 1, 1, 1),
        ("a de", 0.6, 0.9, 0.72),
        ("a bcx defy z", 0.88571, 0.66429, 0.75918),
        ("a bcx dy z", 0.73333, 0.55, 0.62857),
        ("a bcxB dy z", 0.68889, 0.51667, 0.59048),
        ("a bcx dy Bz", 0.73333, 0.55, 0.62857),
    ],
)
def test_ceaf_e_as_the_reference_scorer_has_it(response: str, recall: float, precision: float, f1: float) -> None:
    found = ceaf_e(parted("a bc def"), parted(response))
    assert (found.recall, found.precision, found.f1) == pytest.approx((recall, precision, f1), abs=1e-5)


def test_muc_and_b_cubed_as_the_reference_scorer_has_them() -> None:
    # Its second case: of three links one is made; the mentions' shares are 1, and 2/3 twice, of six.
    key, response = parted("a bc def"), parted("a de")
    assert (muc(key, response).recall, muc(key, response).precision) == pytest.approx((1 / 3, 1))
    assert (b_cubed(key, response).recall, b_cubed(key, response).precision) == pytest.approx((7 / 18, 1))


@pytest.mark.parametrize(
    ("response", "muc_f1", "b_cubed_f1", "ceaf_e_f1"),
    [
        # Luo (2005), table 1, for the key {1-5} {67} {8-C}.
        ("12345 6789ABC", 0.947, 0.865, 0.733),
        ("1234589ABC 67", 0.947, 0.737, 0.667),
        ("123456789ABC", 0.900, 0.545, 0.294),
        ("1 2 3 4 5 6 7 8 9 A B C", 0, 0.400, 0.178),
    ],
)
def test_measures_as_luo_has_them(response: str, muc_f1: float, b_cubed_f1: float, ceaf_e_f1: float) -> None:
    key, found = parted("12345 67 89ABC"), parted(response)
    measured = [measure(key, found).f1 for measure in (muc, b_cubed, ceaf_e)]
    assert measured == pytest.approx([muc_f1, b_cubed_f1, ceaf_e_f1], abs=5e-4)
    assert conll(key, found) == pytest.approx(sum(measured) / 3)


LABELS = st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from("123"), min_size=1)


@ASSIGNING
@given(LABELS, LABELS)
def test_coreference_is_bounded_and_its_f1_symmetric(one: dict[str, str], other: dict[str, str]) -> None:
    key, response = clusters(one), clusters(other)
    for measure in (muc, b_cubed, ceaf_e):
        found, mirrored = measure(key, response), measure(response, key)
        assert 0 <= found.recall <= 1 + 1e-9
        assert (found.recall, found.precision) == pytest.approx((mirrored.precision, mirrored.recall))
    assert conll(key, key) == pytest.approx(1)


# The command


@pytest.fixture
def output(tmp_path: Path) -> Path:
    affair = gold(tmp_path)
    file = tmp_path / "events.json"
    file.write_bytes(to_json(run(*records_of(affair, "D1", "D3", "S1", "T1"), changed(affair, "D2", count=2))))
    return file


def test_the_table_tells_figures_and_definitions(extract: Extract, output: Path) -> None:
    done = extract("eval", output, "--gold", output.parent / "affair.yaml", COLUMNS="80")
    assert done.code == 0
    for words in ("actions     lenient", "By field", "Did it happen?", "CoNLL", "exact: the same passage", "bootstrap"):
        assert words in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_json_is_the_documented_model(here: Extract, output: Path) -> None:
    done = here("eval", output, "--gold", output.parent, "--format", "json")
    found = Evaluation.model_validate_json(done.out)
    assert counts(found, "diplomatic_action") == (3, 0, 0)
    assert counts(found, "diplomatic_action", "exact") == (2, 1, 1)


def test_markdown_is_a_table_for_each_part(here: Extract, output: Path) -> None:
    done = here("eval", output, "--gold", output.parent, "--format", "markdown")
    assert "|  | variant | hits |" in done.out
    assert "| actions | lenient | 3 | 0 | 0 | 1.00 | 1.00 | 1.00 | - |" in done.out


def test_errors_are_listed_with_their_words(here: Extract, output: Path) -> None:
    done = here("eval", output, "--gold", output.parent, "--errors")
    assert "invented count of D2" in done.out
    assert "gold nothing, run 2" in done.out
    assert "said on Tuesday that Norway might recall its ambassador" in done.out


@pytest.mark.parametrize(
    ("floors", "code"), [("actions=1.0", 0), ("actions_exact=0.9", 8), ("sanctions=1,statements=1", 0)]
)
def test_a_figure_below_its_floor_fails(here: Extract, output: Path, floors: str, code: int) -> None:
    done = here("eval", output, "--gold", output.parent, "--fail-under", floors)
    assert done.code == code
    assert "Records" in done.out
    assert ("actions_exact: 0.6667, the floor is 0.9" in done.err) is (code == 8)


def test_a_figure_without_anything_to_score_is_below_any_floor(here: Extract, output: Path) -> None:
    other = output.parent / "other.yaml"
    other.write_text(GOLD.split("records:")[0] + "records: []\n", encoding="utf-8")
    done = here("eval", output, "--gold", other, "--fail-under", "events_acts_on_run=0.5,sanctions=0")
    assert done.code == 8


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--fail-under", "acts=0.9"], "is no figure"),
        (["--fail-under", "actions"], "is no floor"),
        (["--fail-under", "actions=90"], "from 0 to 1"),
        (["--format", "xml"], "is no format"),
        (["--update-floors"], "needs --floors"),
        (["--floors", "missing.toml"], "Cannot read"),
        (["--allow-lower"], "goes with"),
    ],
)
def test_wrong_use_is_told(here: Extract, output: Path, arguments: list[str], told: str) -> None:
    done = here("eval", output, "--gold", output.parent / "affair.yaml", *arguments)
    assert done.code == 2
    assert told in done.err


def test_floors_rise_by_themselves_and_fall_by_a_flag_alone(here: Extract, output: Path, tmp_path: Path) -> None:
    floors, gold_file = tmp_path / "floors.toml", output.parent / "affair.yaml"
    command = ["eval", output, "--gold", gold_file, "--floors", floors]
    assert here(*command, "--update-floors").code == 0
    assert here(*command).code == 0
    first = floors.read_text(encoding="utf-8")
    assert "actions_exact = 0.666" in first
    # A better run raises them, and the first one no longer holds.
    better = tmp_path / "better.json"
    better.write_bytes(to_json(run(*records_of(gold(tmp_path)))))
    assert here("eval", better, "--gold", gold_file, "--floors", floors, "--update-floors").code == 0
    raised = floors.read_text(encoding="utf-8")
    assert "actions_exact = 1.0" in raised
    assert here(*command).code == 8
    assert here(*command, "--update-floors").code == 8
    assert floors.read_text(encoding="utf-8") == raised
    assert here(*command, "--update-floors", "--allow-lower").code == 0
    assert floors.read_text(encoding="utf-8") == first


def test_a_ceiling_on_errors_holds(here: Extract, output: Path, tmp_path: Path) -> None:
    floors = tmp_path / "floors.toml"
    floors.write_text("[at_most]\ninvented = 0\n", encoding="utf-8")
    done = here("eval", output, "--gold", output.parent / "affair.yaml", "--floors", floors)
    assert done.code == 8
    assert "invented: 1, the most allowed is 0" in done.err


@pytest.mark.parametrize(
    "text", ["[floors]\nactions = 1", "[at_least]\nactions = nan", "[at_least]\nactions = 'all'", "actions = ["]
)
def test_a_floors_file_of_another_shape_is_refused(here: Extract, output: Path, tmp_path: Path, text: str) -> None:
    floors = tmp_path / "floors.toml"
    floors.write_text(text, encoding="utf-8")
    assert here("eval", output, "--gold", output.parent / "affair.yaml", "--floors", floors).code == 2


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch, affair: GoldArticle) -> None:
    monkeypatch.setattr("extractor.evaluation.matching.find_spec", lambda name: None if name == "scipy" else name)
    with pytest.raises(MissingExtra) as caught:
        evaluate(run(), [affair])
    assert "event-extractor[eval]" in caught.value.advice


# The seeds


@pytest.fixture(scope="module")
def seeds_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("out") / "events.json"
    write_json(extractor.extract(SEEDS, mode="replay", model="compatible/claude", fixtures=FIXTURES), path)
    return path


def test_the_seeds_recordings_are_scored_whole(here: Extract, seeds_output: Path) -> None:
    done = here("eval", seeds_output, "--gold", ROOT / "gold" / "seeds", "--format", "json")
    found = Evaluation.model_validate_json(done.out)
    assert [item.outcome for item in found.articles] == ["done"] * 5
    assert found.without_gold == found.not_in_run == []
    asked = sum(item.lenient.hits + item.lenient.missed for item in found.records)
    # What only repeats a found act may be left out.
    assert 0 < asked <= sum(item.gold for item in found.articles)


def test_the_readme_shows_the_figures_as_the_command_does(here: Extract, seeds_output: Path) -> None:
    shown = here("eval", seeds_output, "--gold", ROOT / "gold" / "seeds").out
    readme = (
        (ROOT / "docs" / "evaluation.md")
        .read_text(encoding="utf-8")
        .partition("## Measure it")[2]
        .partition("\n## ")[0]
    )
    for block in readme.split("```")[1::2]:
        assert block.removeprefix("\n$ extract eval events.json --gold gold/seeds").strip() in shown
