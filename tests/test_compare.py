"""Comparing outputs: what was added, lost and changed, who agrees with whom, and how it is told."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import extractor
from extractor.comparison import Comparison, RecordChange, compare_outputs
from extractor.comparison.reliability import agreement, alpha
from extractor.consolidation import consolidate
from extractor.evaluation import GoldArticle
from extractor.schema.output import ExtractionResult
from extractor.schema.records import AnyRecord
from extractor.schema.vocabulary import Action
from extractor.text import markdown_text
from extractor.writers import to_json

from .conftest import FIXTURES, ROOT, SEEDS, Finished
from .gold_cases import NAME, changed, gold, records_of, run

Extract = Callable[..., Finished]


@pytest.fixture(scope="module")
def affair(tmp_path_factory: pytest.TempPathFactory) -> GoldArticle:
    return gold(tmp_path_factory.mktemp("gold"))


@pytest.fixture
def compared(here: Extract, tmp_path: Path) -> Callable[..., Comparison]:
    """Compare outputs by the command."""

    def compare(*outputs: ExtractionResult) -> Comparison:
        return Comparison.model_validate_json(here("compare", *files(tmp_path, *outputs), "--format", "json").out)

    return compare


def files(folder: Path, *outputs: ExtractionResult) -> list[Path]:
    paths = [folder / f"{place}.json" for place in range(len(outputs))]
    for path, output in zip(paths, outputs, strict=True):
        path.write_bytes(to_json(output))
    return paths


def without(affair: GoldArticle, *ids: str) -> list[AnyRecord]:
    return records_of(affair, *(item.id for item in affair.records if item.id not in ids))


def versions(affair: GoldArticle, name: str, **fields: Any) -> tuple[ExtractionResult, ExtractionResult]:
    """The affair, and the affair with one record changed."""
    rest = without(affair, name)
    return run(*records_of(affair)), run(*rest, changed(affair, name, **fields))


def only(found: Comparison) -> RecordChange:
    assert found.difference is not None
    (change,) = found.difference.records
    return change


def fields(change: Any) -> dict[str, tuple[Any, Any]]:
    return {item.field: (item.first, item.second) for item in change.fields}


# The same content


def test_the_same_content_is_no_difference(here: Extract, affair: GoldArticle, tmp_path: Path) -> None:
    same = run(*records_of(affair))
    # Another model, other calls: not content.
    other = same.model_copy(update={"model": same.model.model_copy(update={"name": "compatible/other", "prompt": "1"})})
    paths = files(tmp_path, same, other)
    done = here("compare", *paths, "--exit-code")
    assert done.code == 0
    assert done.out.startswith("1 article compared: no difference.\n")
    assert "prompt 1, another than 1" in done.out
    found = Comparison.model_validate_json(here("compare", *paths, "--format", "json").out)
    assert found.same and found.difference and found.difference.is_empty
    assert {item.lenient.f1 for item in found.agreement[0].records} == {1.0}
    assert all(item.alpha in (1, None) and item.agreement == 1 for item in found.alphas)


def test_outputs_that_differ_have_an_exit_code_where_it_is_asked_for(
    here: Extract, affair: GoldArticle, tmp_path: Path
) -> None:
    paths = files(tmp_path, run(*records_of(affair)), run(*without(affair, "T2")))
    assert here("compare", *paths).code == 0
    done = here("compare", *paths, "--exit-code")
    assert (done.code, done.err) == (10, "extract: The outputs differ.\n")
    assert "1 lost" in done.out
    assert here("compare", paths[0], *paths, "--exit-code").code == 10


def test_json_gives_the_same_bytes_each_time(here: Extract, affair: GoldArticle, tmp_path: Path) -> None:
    command = ["compare", *files(tmp_path, *versions(affair, "D2", status="carried_out")), "--format", "json"]
    assert here(*command).out == here(*command).out


# One change each


def test_a_proposal_that_became_a_fact_comes_first(here: Extract, affair: GoldArticle, tmp_path: Path) -> None:
    paths = files(tmp_path, *versions(affair, "D2", status="carried_out"))
    found = Comparison.model_validate_json(here("compare", *paths, "--format", "json").out)
    change = only(found)
    assert (change.change, change.flip, change.pairing) == ("changed", "became_fact", "lenient")
    assert fields(change)["status"] == ("threatened", "carried_out")
    assert fields(change)["derived.realis"] == ("other", "actual")
    assert change.first and change.second and change.second.evidence == change.first.evidence
    assert found.difference and [item.flip for item in found.difference.events] == ["became_fact"]
    assert fields(found.difference.events[0])["occurred"] == (False, True)
    shown = here("compare", *paths).out
    assert shown.startswith("1 article compared: 2 became a fact, ")
    facts, _, rest = shown.partition("Became a fact: 2\n")[2].partition("\n\n")
    assert "status: threatened → carried_out" in facts and "“said on Tuesday that Norway might recall its" in facts
    assert f"{NAME}: 1 changed" in rest
    back = only(compare_outputs([("b", run(*records_of(affair))), ("a", run(*without(affair, "D2")))]))
    assert back.flip is None


def test_a_fact_that_became_a_proposal_is_told_so(compared: Callable[..., Comparison], affair: GoldArticle) -> None:
    assert only(compared(*versions(affair, "D1", status="proposed"))).flip == "no_longer_fact"


def test_lost_and_added_records_stand_whole(compared: Callable[..., Comparison], affair: GoldArticle) -> None:
    whole, less = run(*records_of(affair)), run(*without(affair, "S1"))
    lost, added = only(compared(whole, less)), only(compared(less, whole))
    assert (lost.change, lost.second, added.change, added.first) == ("lost", None, "added", None)
    assert lost.first == added.second == records_of(affair, "S1")[0]
    found = compared(whole, less)
    assert found.difference is not None
    (counts,) = (item for item in found.difference.counts if item.type == "sanction")
    # The hypothetical one of the affair is in both.
    assert (counts.first, counts.second, counts.same, counts.lost, counts.added) == (2, 1, 1, 1, 0)
    assert [(item.change, item.type) for item in found.difference.events] == [("lost", "sanction")]
    (score,) = (item.lenient for item in found.agreement[0].records if item.type == "sanction")
    assert (score.hits, score.missed, score.f1) == (1, 1, pytest.approx(2 / 3))


def test_a_swapped_direction_is_a_change_and_no_agreement(
    compared: Callable[..., Comparison], affair: GoldArticle
) -> None:
    france, norway = {"name": "France", "country": "France"}, {"name": "Norway", "country": "Norway"}
    found = compared(*versions(affair, "D1", actors=[norway], targets=[france]))
    change = only(found)
    assert change.pairing == "passage"
    assert {"actors", "targets", "derived.source_countries"} <= set(fields(change))
    (score,) = (item.lenient for item in found.agreement[0].records if item.type == "diplomatic_action")
    assert (score.hits, score.spurious, score.missed) == (2, 1, 1)


def test_another_kind_of_act_at_the_same_passage_is_another_record_that_names_it(
    compared: Callable[..., Comparison], affair: GoldArticle
) -> None:
    found = compared(*versions(affair, "D1", action="recall"))
    assert found.difference is not None
    by_change = {item.change: item for item in found.difference.records}
    assert set(by_change) == {"added", "lost"}
    added, lost = by_change["added"].second, by_change["lost"].first
    assert added and lost
    assert (by_change["lost"].near, by_change["added"].near) == (added.id, lost.id)
    # Alpha of the kind of act is taken over these, too; that of the status is not.
    by_measure = {item.measure: item for item in found.alphas}
    assert (by_measure["action"].units, by_measure["action"].agreement) == (3, pytest.approx(2 / 3))
    assert by_measure["action_status"].units == 2


def test_evidence_from_elsewhere_is_a_change_of_evidence(
    compared: Callable[..., Comparison], affair: GoldArticle
) -> None:
    elsewhere = "Paris froze the assets of Fjord Oil in April."
    change = only(compared(*versions(affair, "D1", evidence=[elsewhere])))
    assert [(item.field, item.wording) for item in change.fields] == [("evidence", False)]
    assert fields(change)["evidence"][1] == [{"quote": elsewhere, "start": 284, "end": 329}]


def test_another_wording_is_told_apart_from_a_change(
    compared: Callable[..., Comparison], here: Extract, affair: GoldArticle, tmp_path: Path
) -> None:
    outputs = versions(affair, "T1", speaker={"name": "Hale", "country": "Norway", "kind": "person"})
    found = compared(*outputs)
    assert [(item.field, item.wording) for item in only(found).fields] == [("speaker", True)]
    assert found.difference is not None
    assert [(item.reworded, item.changed) for item in found.difference.counts] == [(0, 0), (0, 0), (1, 0)]
    shown = here("compare", *files(tmp_path, *outputs)).out
    assert "≈  criticise: Tor Hale" in shown
    assert "speaker (wording): Tor Hale → Hale" in shown
    assert not found.same


def test_equal_ids_make_a_pair_at_once(compared: Callable[..., Comparison], affair: GoldArticle) -> None:
    first = run(*records_of(affair))
    swapped = [
        record.model_copy(update={"actors": record.targets, "targets": record.actors, "action": Action.RECALL})
        if record.type == "diplomatic_action" and record.count == 5
        else record
        for record in first.records
    ]
    change = only(compared(first, first.model_copy(update={"records": swapped})))
    assert (change.pairing, list(fields(change))) == ("id", ["action", "actors", "targets"])


def test_a_second_record_of_one_thing_is_added(compared: Callable[..., Comparison], affair: GoldArticle) -> None:
    twice = run(*records_of(affair), changed(affair, "D1", count=4))
    change = only(compared(run(*records_of(affair)), twice))
    assert change.change == "added" and change.second and change.second.type == "diplomatic_action"
    # The pair is the one of the same id.
    assert change.second.count == 4


# Articles


def test_articles_of_one_output_alone_are_named_and_not_compared(
    here: Extract, affair: GoldArticle, tmp_path: Path
) -> None:
    first = run(*records_of(affair))
    extra = first.articles[0].model_copy(update={"id": "art-ffffffffffff", "name": "other.txt"})
    alone = records_of(affair, "D1")[0].model_copy(update={"id": "act-0", "article": extra.id})
    second = first.model_copy(update={"articles": [*first.articles, extra], "records": [*first.records, alone]})
    paths = files(tmp_path, first, second)
    done = here("compare", *paths, "--exit-code")
    assert done.code == 10
    assert "only in 2, and not compared: other.txt" in done.out
    found = Comparison.model_validate_json(here("compare", *paths, "--format", "json").out)
    assert found.difference and found.difference.records == []
    assert [(item.change, item.name, item.other_text) for item in found.difference.articles] == [
        ("added", "other.txt", False)
    ]
    assert [(item.outcomes, item.records) for item in found.articles] == [
        (["done", "done"], [9, 9]),
        ([None, "done"], [None, 1]),
    ]


def test_another_text_of_an_article_is_told(here: Extract, affair: GoldArticle, tmp_path: Path) -> None:
    first, other = run(*records_of(affair)), run(outcome="failed")
    shown = here("compare", *files(tmp_path, first, other)).out
    assert f"{NAME}: another text; that of the first is {affair.id}" in shown


def test_what_became_of_an_article_is_told(here: Extract, affair: GoldArticle, tmp_path: Path) -> None:
    first = run(*records_of(affair))
    failed = first.articles[0].model_copy(update={"outcome": "failed"})
    lost = {
        "article": affair.id,
        "type": None,
        "record": None,
        "field": None,
        "reason": "r",
        "message": "m",
        "value": 1,
    }
    second = ExtractionResult.model_validate(
        first.model_dump() | {"articles": [failed], "records": [], "events": [], "rejected": [lost]}
    )
    paths = files(tmp_path, first, second)
    assert f"{NAME}: outcome done → failed; rejected 0 → 1" in here("compare", *paths).out
    found = Comparison.model_validate_json(here("compare", *paths, "--format", "json").out)
    assert found.difference and {item.change for item in found.difference.records} == {"lost"}
    assert found.outputs[0].alone == 9


# The same both ways

_CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("D1", {"status": "proposed"}),
    ("D1", {"action": "recall"}),
    ("D1", {"actors": [{"name": "Norway", "country": "Norway"}], "targets": [{"name": "France", "country": "France"}]}),
    ("D1", {"evidence": ["Paris froze the assets of Fjord Oil in April."]}),
    ("D1", {"count": 4}),
    ("D2", {"status": "carried_out", "actors": [{"name": "Tor Hale", "country": "Norway"}]}),
    ("D3", {"action": "recall", "status": "carried_out"}),
    ("S1", {"direction": "ease", "status": "eased"}),
    ("S1", {"targets": []}),
    ("T1", {"act": "accuse"}),
    ("T1", {"speaker": None}),
    ("T2", {"speaker": {"name": "Hale", "country": "Norway", "kind": "person"}}),
]
_MIRROR = {"added": "lost", "lost": "added", "changed": "changed"}
_FLIPPED = {"became_fact": "no_longer_fact", "no_longer_fact": "became_fact", None: None}
_picks = st.sets(st.integers(0, 8)), st.sets(st.sampled_from(range(len(_CHANGES))))


def picked(affair: GoldArticle, kept: set[int], altered: set[int]) -> ExtractionResult:
    """Some of the affair's records, and some of them as another run might have them."""
    records = [record for place, record in enumerate(records_of(affair)) if place in kept]
    for place in sorted(altered):
        name, other = _CHANGES[place]
        records.append(changed(affair, name, **other).model_copy(update={"id": f"{name}-{place}"}))
    return run(*records)


def told(found: Comparison, *, mirrored: bool) -> list[Any]:
    """All changes, of the first to the second or the other way around."""
    assert found.difference is not None
    changes = []
    for item in (*found.difference.records, *found.difference.events):
        sides = [json.loads(side.model_dump_json())["id"] if side else "" for side in (item.first, item.second)]
        values = [(field.field, [str(field.first), str(field.second)], field.wording) for field in item.fields]
        change, flip = item.change, item.flip
        if mirrored:
            sides, change, flip = sides[::-1], _MIRROR[change], _FLIPPED[flip]
            values = [(name, pair[::-1], wording) for name, pair, wording in values]
        changes.append((change, flip, sides, values))
    return sorted(changes, key=str)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(*_picks, *_picks)
def test_the_other_way_around_it_is_the_mirror_image(
    affair: GoldArticle, kept: set[int], altered: set[int], others: set[int], other_altered: set[int]
) -> None:
    one, other = picked(affair, kept, altered), picked(affair, others, other_altered)
    there, back = compare_outputs([("a", one), ("b", other)]), compare_outputs([("b", other), ("a", one)])
    assert told(there, mirrored=False) == told(back, mirrored=True)
    assert there.same == back.same
    assert there.alphas == back.alphas
    for left, right in zip(there.agreement[0].records, back.agreement[0].records, strict=True):
        assert (left.lenient.f1, left.exact.f1) == (right.lenient.f1, right.exact.f1)


@settings(max_examples=40, deadline=None)
@given(*_picks)
def test_an_output_never_differs_from_itself(affair: GoldArticle, kept: set[int], altered: set[int]) -> None:
    output = picked(affair, kept, altered)
    found = compare_outputs([("a", output), ("b", output), ("c", output)])
    assert found.same
    assert all(item.exact.f1 in (1, None) for pair in found.agreement for item in pair.records)
    assert all(item.alpha in (1, None) and item.agreement in (1, None) for item in found.alphas)


@settings(max_examples=25, deadline=None)
@given(*_picks, *_picks)
def test_every_record_is_accounted_for_once(
    affair: GoldArticle, kept: set[int], altered: set[int], others: set[int], other_altered: set[int]
) -> None:
    one, other = picked(affair, kept, altered), picked(affair, others, other_altered)
    difference = compare_outputs([("a", one), ("b", other)]).difference
    assert difference is not None
    for side, output in (("first", one), ("second", other)):
        assert sum(getattr(item, side) for item in difference.counts) == len(output.records)
        ids = [record.id for item in difference.records if (record := getattr(item, side))]
        assert len(ids) == len(set(ids))
    for item in difference.counts:
        assert item.first == item.same + item.reworded + item.changed + item.lost
        assert item.second == item.same + item.reworded + item.changed + item.added


# Several outputs


def test_several_outputs_are_held_against_each_other(here: Extract, affair: GoldArticle, tmp_path: Path) -> None:
    whole = run(*records_of(affair))
    _, other_status = versions(affair, "D3", status="carried_out")
    less = run(*without(affair, "D3", "T2"))
    paths = files(tmp_path, whole, other_status, less)
    found = Comparison.model_validate_json(here("compare", *paths, "--format", "json").out)
    assert found.difference is None and not found.same
    assert [(pair.first, pair.second) for pair in found.agreement] == [(0, 1), (0, 2), (1, 2)]
    # 9, 9 and 7 records.
    assert [pair.records[0].lenient.f1 for pair in found.agreement] == pytest.approx([1, 14 / 16, 14 / 16])
    assert [pair.records[0].exact.f1 for pair in found.agreement] == pytest.approx([16 / 18, 14 / 16, 14 / 16])
    statuses = {item.measure: item for item in found.alphas}["action_status"]
    assert (statuses.units, statuses.agreement) == (3, pytest.approx(2 / 3))
    shown = here("compare", *paths).out
    assert re.search(r"F1, all records\n +1 +2 +3\n1 +1\.00 +0\.88\n2 +1\.00 +0\.88\n3 +0\.88 +0\.88", shown)
    assert "**F1, actions**\n\n|  | 1 | 2 | 3 |" in here("compare", *paths, "--format", "markdown").out


def test_the_order_of_several_outputs_has_no_say_in_the_figures(affair: GoldArticle) -> None:
    outputs = [
        run(*records_of(affair)),
        run(*without(affair, "T2"), changed(affair, "D1", status="proposed")),
        picked(affair, {0, 2, 4}, {4, 9}),
    ]
    alphas = [
        compare_outputs([(str(place), outputs[place]) for place in order]).alphas for order in permutations(range(3))
    ]
    assert all(found == alphas[0] for found in alphas)


def test_a_record_that_no_other_output_has_is_counted(affair: GoldArticle) -> None:
    outputs = [run(*records_of(affair, "D1", "D2")), run(*records_of(affair, "D1")), run(*records_of(affair, "S1"))]
    found = compare_outputs([(str(place), output) for place, output in enumerate(outputs)])
    assert [item.alone for item in found.outputs] == [1, 0, 1]


# Alpha, as published


def units(*observers: str) -> list[list[str]]:
    return [[value for value in unit if value != "."] for unit in zip(*observers, strict=True)]


@pytest.mark.parametrize(
    ("observers", "expected"),
    [
        # Krippendorff 2011, sections A (binary, two observers), B (nominal, two observers) and C (four, missing data).
        (("0100000000", "1110010100"), 0.095),
        (("aabbdcccedda", "babbbccceddd"), 0.692),
        (("123321412...", "1233224125.3", ".3332342251.", "12332441251."), 0.743),
    ],
)
def test_alpha_is_as_krippendorff_works_it_out(observers: tuple[str, ...], expected: float) -> None:
    found, _ = alpha([units(*observers)])
    assert found == pytest.approx(expected, abs=0.0005)


def test_alpha_of_one_value_alone_is_not_told() -> None:
    assert alpha([[["a", "a"]] * 3, [["a", "a"]]]) == (None, None)
    assert agreement([[["a", "a"]]]) == 1
    assert agreement([[["a"]]]) is None


def test_alpha_s_interval_holds_it_and_is_the_same_each_time() -> None:
    articles = [[["a", "a"], ["b", "b"]], [["a", "b"]], [["b", "b"], ["a", "a"]], [["a", "a"]]]
    found, interval = alpha(articles)
    assert found is not None and interval is not None
    assert interval[0] < found <= interval[1] == 1
    assert alpha(articles) == (found, interval)
    assert alpha([articles[0]])[1] is None


# Markdown

_HOSTILE = "</details><script>x</script> | a **b** [c](http://d) ![e](f) @everyone #12 `g` $h$ ~~i~~ www.j.k <!-- &amp;"


def rendered(text: str) -> list[Any]:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [part for token in tokens for part in (token, *(token.children or []))]


def test_markdown_of_hostile_text_holds_that_text_alone() -> None:
    shown = rendered(f"| {markdown_text(_HOSTILE)} | x |\n| --- | --- |\n| {markdown_text('# h')} | y |")
    assert {token.type for token in shown if "html" in token.type or token.type in ("link_open", "image")} == set()
    assert not {"strong_open", "s_open", "code_inline", "heading_open"} & {token.type for token in shown}
    assert sum(token.type == "th_open" for token in shown) == 2
    text = "".join(token.content for token in shown if token.type in ("text", "text_special"))
    assert _HOSTILE in text.replace("\u200b", "")
    # What is looked for in the finished page, and not in Markdown: mentions and references.
    assert not re.search(r"[@#]\w", text)


def test_hostile_records_stay_within_their_cells(here: Extract, affair: GoldArticle, tmp_path: Path) -> None:
    first = run(*records_of(affair))
    renamed = first.articles[0].model_copy(update={"name": f"{_HOSTILE}.txt"})
    hostile = [
        record.model_copy(update={"content": _HOSTILE, "reported_by": _HOSTILE})
        if record.type == "statement"
        else record
        for record in without(affair, "D1")
    ]
    second = first.model_copy(update={"articles": [renamed], "records": hostile, "events": [], "actors": []})
    shown = here("compare", *files(tmp_path, second, first), "--format", "markdown").out
    blocks = [token for token in rendered(shown) if "html" in token.type]
    # Only our own folds are HTML, each whole, and every row has its table's cells and no more.
    assert all(re.fullmatch(r"</?details>(<summary>[^<]*</summary>)?\n", token.content) for token in blocks)
    assert shown.count("<details>") == shown.count("</details>") > 1
    rows = [row for row in re.findall(r"^\|  \| content \|.*$", shown, re.MULTILINE) if "everyone" in row]
    assert rows
    for row in rows:
        assert row.count("|") == 5
        assert markdown_text(_HOSTILE) in row


def test_markdown_tells_the_summary_first_and_folds_the_rest(
    here: Extract, affair: GoldArticle, tmp_path: Path
) -> None:
    shown = here("compare", *files(tmp_path, *versions(affair, "D2", status="carried_out")), "--format", "markdown").out
    assert shown.startswith("**1 article compared: 2 became a fact, ")
    assert shown.index("**Became a fact: 2**") < shown.index("| actions | 3 |") < shown.index("<details>")
    assert f"<details><summary>{NAME}: 1 changed</summary>\n\n|" in shown


def test_markdown_fits_into_a_comment(here: Extract, affair: GoldArticle, tmp_path: Path) -> None:
    first, second = versions(affair, "D2", status="carried_out")
    (report,) = first.articles
    articles = [report.model_copy(update={"id": f"art-{place:012}", "name": f"{place}.txt"}) for place in range(160)]
    grown = [
        output.model_copy(
            update={
                "articles": articles,
                "records": [
                    record.model_copy(update={"id": f"{record.id}{article.id}", "article": article.id})
                    for article in articles
                    for record in output.records
                ],
                "events": [],
            }
        )
        for output in (first, second)
    ]
    shown = here("compare", *files(tmp_path, *grown), "--format", "markdown").out
    assert 50_000 < len(shown) < 65_536
    # The summary is whole, with the first of what became a fact, and the figures.
    assert "**Became a fact: 160, the first 20 of them here**" in shown and shown.count("| ! |") == 20
    assert "| actions | 480 |" in shown
    assert re.search(r"\d+ parts more would not fit", shown.splitlines()[-1])
    assert shown.count("<details>") == shown.count("</details>")


# Wrong use


def test_a_missing_a_damaged_and_an_older_output_are_told_as_by_show(
    here: Extract, affair: GoldArticle, tmp_path: Path
) -> None:
    (good,) = files(tmp_path, run(*records_of(affair)))
    damaged, older = tmp_path / "damaged.json", tmp_path / "older.json"
    damaged.write_bytes(good.read_bytes()[:900])
    older.write_text(good.read_text().replace('"schema_version": "1', '"schema_version": "0', 1))
    for bad in (tmp_path / "missing.json", damaged, older):
        for command in (["compare", good, bad], ["compare", bad, good]):
            done = here(*command)
            assert (done.code, done.out) == (2, "")
            assert done.err == here("show", bad).err


@pytest.mark.parametrize(("more", "told"), [([], "nothing to compare it with"), (["--format", "xml"], "is no format")])
def test_wrong_use_is_told(here: Extract, affair: GoldArticle, tmp_path: Path, more: list[str], told: str) -> None:
    (path,) = files(tmp_path, run(*records_of(affair)))
    done = here("compare", path, *more)
    assert done.code == 2
    assert told in done.err


# The seeds


@pytest.fixture(scope="module")
def seeds() -> ExtractionResult:
    return extractor.extract(SEEDS, mode="replay", model="compatible/claude", fixtures=FIXTURES)


def edited(result: ExtractionResult, edit: Callable[[AnyRecord], AnyRecord | None]) -> ExtractionResult:
    """The result with other records, and the events that these tell."""
    records = [new for record in result.records if (new := edit(record)) is not None]
    events = consolidate(result.articles, records)
    return result.model_copy(update={"records": records, "events": events})


def test_a_conflict_that_goes_is_told_of_its_event(
    compared: Callable[..., Comparison], seeds: ExtractionResult
) -> None:
    # Two articles disagree on the day of the departure; with one day for both, there is one date left.
    def edit(record: AnyRecord) -> AnyRecord:
        dated = record.type == "diplomatic_action" and record.action == "departure" and record.date
        if not dated or record.date.value != "2017-01-02":
            return record
        return record.model_copy(update={"date": record.date.model_copy(update={"value": "2017-01-01"})})

    found = compared(seeds, edited(seeds, edit))
    assert found.difference is not None
    (event,) = (item for item in found.difference.events if "conflicts" in fields(item))
    assert fields(event)["conflicts"] == (["date"], [])
    assert fields(event)["date"] == ("[2017-01-01,2017-01-02]", "2017-01-01")


def test_an_article_that_leaves_an_event_is_told(here: Extract, seeds: ExtractionResult, tmp_path: Path) -> None:
    less = edited(seeds, lambda record: None if _proposal(record) else record)
    assert len(less.records) == len(seeds.records) - 1
    paths = files(tmp_path, seeds, less)
    found = Comparison.model_validate_json(here("compare", *paths, "--format", "json").out)
    assert found.difference is not None
    (event,) = (item for item in found.difference.events if item.type == "diplomatic_action")
    assert len(fields(event)["members"][0]) == 1 and fields(event)["members"][1] == []
    assert "articles: 002_93de6c2fdeb73d90.txt → nothing" in here("compare", *paths).out


def _proposal(record: AnyRecord) -> bool:
    """Whether it is the third article's: Russia's expulsion, of which the headline makes a fact."""
    quoted = any("Russia is expelling" in item.quote for item in record.evidence)
    return record.type == "diplomatic_action" and record.status == "proposed" and quoted


def test_the_readme_shows_what_the_command_does(
    here: Extract, seeds: ExtractionResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other output is made of answers in which a proposal is told as carried out, and a statement is missing."""
    recordings = shutil.copytree(FIXTURES, tmp_path / "recordings")
    (path,) = recordings.glob("compatible/claude/002*.json")
    recording = json.loads(path.read_text(encoding="utf-8"))
    said = recording["attempts"][0]["tool_calls"][0]["arguments"]
    said["actions"][0]["status"] = "carried_out"
    said["statements"] = [item for item in said["statements"] if item["act"] != "praise"]
    path.write_text(json.dumps(recording), encoding="utf-8")
    other = extractor.extract(SEEDS, mode="replay", model="compatible/claude", fixtures=recordings)
    paths = [tmp_path / "events.json", tmp_path / "changed.json"]
    for path, output in zip(paths, (seeds, other), strict=True):
        path.write_bytes(to_json(output))
    monkeypatch.chdir(tmp_path)
    shown = re.sub(" +$", "", here("compare", "events.json", "changed.json").out, flags=re.MULTILINE)
    readme = (
        (ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8").partition("## Compare")[2].partition("\n## ")[0]
    )
    blocks = [block.partition("compare events.json changed.json\n")[2] or block for block in readme.split("```")[1::2]]
    assert len(blocks) == 2
    for block in blocks:
        assert block.strip() in shown
