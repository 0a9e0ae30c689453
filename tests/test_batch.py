"""Batches end to end: rounds of files against a service on loopback, until nothing is left to ask."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from extractor.writers import read_result

from .batch_services import AnthropicHouse, BatchHouse, GoogleHouse, Json, OpenAIHouse
from .conftest import Finished, action, actor, answer
from .services import anthropic_body, chat_body, gemini_body, responses_body
from .test_ties import NEWS, RECORDS, SAME

Here = Callable[..., Finished]

SOUND = "Arvania expelled four Belland envoys on Monday."
TEXTS = {
    "one.txt": f"{SOUND} Belland said nothing.",
    "two.txt": f"{SOUND} Norland was silent, too.",
    "three.txt": f"{SOUND} Nobody else spoke.",
    "never.txt": f"{SOUND} The envoys sang.",
    "shape.txt": f"{SOUND} The envoys wept.",
    "words.txt": f"{SOUND} The envoys slept.",
    "long.txt": f"{SOUND} The envoys ate.",
    "none.txt": f"{SOUND} The envoys left.",
}
EXPULSION = action(
    SOUND, actors=[actor("Arvania")], targets=[actor("Belland envoys", kind="group")], count=4, date_text="on Monday"
)
INVENTED = EXPULSION | {"evidence": ["Arvania expelled everybody."]}
KEY = "sk-the-key-of-the-tester-0123456789"


@dataclass(frozen=True)
class Vendor:
    """A provider's batch API: its service on loopback, its model's name, its key's variable, and an answer's body."""

    house: type[BatchHouse]
    model: str
    variable: str
    body: Callable[..., Json]
    filtered: Json = field(default_factory=dict)


VENDORS = {
    "openai": Vendor(OpenAIHouse, "openai/gpt-5-mini", "OPENAI_API_KEY", responses_body),
    "openai-chat": Vendor(OpenAIHouse, "openai-chat/gpt-5-mini", "OPENAI_API_KEY", chat_body),
    "anthropic": Vendor(AnthropicHouse, "anthropic/claude-haiku-4-5", "ANTHROPIC_API_KEY", anthropic_body),
    "google": Vendor(GoogleHouse, "google/gemini-3.5-flash-lite", "GEMINI_API_KEY", gemini_body),
}


@dataclass
class Asked:
    """How the model answers, by article: each article's answers, the first to the first request and so on."""

    vendor: Vendor
    answers: dict[str, list[Any]]

    def __call__(self, body: Json) -> tuple[int, Any]:
        said = json.dumps(body, ensure_ascii=False)
        name = next(name for name, text in TEXTS.items() if text.split(". ")[1] in said)
        # A re-ask repeats the answers that did not hold up.
        turns = body.get("input") or body.get("messages") or body["contents"]
        given = self.answers[name][sum(turn["role"] in ("assistant", "model") for turn in turns)]
        return given if isinstance(given, tuple) else (200, self.vendor.body(json.dumps(given)))


@dataclass
class Desk:
    """A tester's folder with articles, and the command as it is used there."""

    folder: Path
    vendor: Vendor
    house: BatchHouse
    extract: Here

    def export(self, name: str, *options: str) -> Finished:
        given = ("--model", self.vendor.model, "--base-url", self.house.url, "--fixtures", str(self.fixtures))
        return self.extract("batch", "export", self.articles, "--out", self.folder / name, *given, *options)

    def on(self, command: str, name: str, *more: str | Path) -> Finished:
        return self.extract("batch", command, self.folder / name, *more)

    def run(self, out: str, *options: str, fixtures: Path | None = None) -> Finished:
        given = ("--model", self.vendor.model, "--fixtures", str(fixtures or self.fixtures), "--quiet")
        return self.extract(self.articles, "--out", self.folder / out, *given, *options)

    def round(self, name: str, *options: str) -> Finished:
        """Export, submit, have all answered, import."""
        assert self.export(name, *options).code == 0
        assert self.on("submit", name).code == 0
        self.house.end()
        return self.on("import", name)

    def manifest(self, name: str) -> Json:
        return dict(json.loads((self.folder / name / "manifest.json").read_bytes()))

    def lines(self, name: str) -> list[Json]:
        files = sorted((self.folder / name).glob("requests-*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]

    def recordings(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in sorted(self.fixtures.glob("*/*/*.json"))}

    @property
    def articles(self) -> Path:
        return self.folder / "articles"

    @property
    def fixtures(self) -> Path:
        return self.folder / "recorded"


Open = Callable[..., Desk]


@pytest.fixture
def desk(tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    houses: list[BatchHouse] = []
    monkeypatch.chdir(tmp_path)

    def opened(vendor: str = "openai", **answers: list[Any]) -> Desk:
        row = VENDORS[vendor]
        given = {f"{name}.txt": said for name, said in answers.items()} or ALL_SOUND
        house = row.house(Asked(row, given))
        house.__enter__()
        houses.append(house)
        monkeypatch.setenv(row.variable, KEY)
        (tmp_path / "articles").mkdir()
        for name in given:
            (tmp_path / "articles" / name).write_text(TEXTS[name], encoding="utf-8")
        return Desk(tmp_path, row, house, here)

    yield opened
    for house in houses:
        house.__exit__()


ONE = answer(actions=[EXPULSION])
ALL_SOUND: dict[str, list[Any]] = {name: [ONE] for name in ("one.txt", "two.txt", "three.txt")}
REASKED = {"one": [ONE], "two": [answer(actions=[INVENTED]), ONE]}


def without_calls(path: Path) -> str:
    """An output but for `calls`, which say where the answers came from."""
    assert read_result(path).actions
    result = json.loads(path.read_bytes())
    for article in result["articles"]:
        del article["calls"]
    return json.dumps(result)


@pytest.mark.parametrize("vendor", VENDORS)
def test_rounds_converge_on_what_a_live_run_makes_of_the_same_answers(desk: Open, vendor: str) -> None:
    at = desk(vendor, **REASKED)
    first = at.round("r1")
    assert first.code == 0
    assert "1 call left for the next round" in first.out
    second = at.export("r2")
    assert "1 request (1 re-ask)" in second.err
    assert len(at.lines("r2")) == 1
    assert at.on("submit", "r2").code == 0
    at.house.end()
    assert "Nothing is left to ask" in at.on("import", "r2").out
    third = at.export("r3")
    assert (third.code, third.out) == (0, "")
    assert "Nothing is left to ask" in third.err
    assert not (at.folder / "r3").exists()

    assert at.house.live == []
    assert at.run("batch.json", "--replay").code == 0
    live = at.folder / "live"
    assert at.run("live.json", "--record", "--base-url", at.house.url, fixtures=live).code == 0
    assert len(at.house.live) == 3
    assert without_calls(at.folder / "batch.json") == without_calls(at.folder / "live.json")
    # The recordings are the same bytes, too.
    assert at.recordings() == {file.name: file.read_bytes() for file in live.glob("*/*/*.json")}


# Every way in which an article's answers may end.
TOO_LONG = (400, {"type": "error", "error": {"type": "invalid_request_error", "message": "The prompt is too long."}})
ENDINGS = REASKED | {
    "never": [answer(actions=[INVENTED]), answer(actions=[INVENTED])],
    "shape": [{"actions": 5}, ONE],
    "words": ["I would rather not.", "No."],
    "long": [TOO_LONG],
    "none": [answer()],
}


@pytest.mark.parametrize("vendor", VENDORS)
def test_however_the_answers_end_the_output_is_that_of_a_live_run(desk: Open, vendor: str) -> None:
    at = desk(vendor, **ENDINGS)
    for name in ("r1", "r2"):
        assert at.export(name, "--no-anew").out
        assert at.on("submit", name).code == 0
        at.house.end()
        assert at.on("import", name).code in (0, 4)
    assert at.export("r3", "--no-anew").out == ""
    batched = at.run("batch.json", "--replay")
    live = at.run("live.json", "--record", "--base-url", at.house.url, fixtures=at.folder / "live")
    assert batched.code == live.code == 4
    assert without_calls(at.folder / "batch.json") == without_calls(at.folder / "live.json")
    assert at.recordings() == {file.name: file.read_bytes() for file in (at.folder / "live").glob("*/*/*.json")}


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_is_exported_is_what_a_run_sends(desk: Open, vendor: str) -> None:
    at = desk(vendor, **REASKED)
    at.round("r1", "--max-tokens", "4000")
    at.export("r2", "--max-tokens", "4000")
    exported = [next(line[key] for key in ("body", "params", "request") if key in line)
                for name in ("r1", "r2") for line in at.lines(name)]  # fmt: skip
    at.run("x.json", "--record", "--max-tokens", "4000", "--base-url", at.house.url, fixtures=at.folder / "live")
    assert sorted(map(json.dumps, exported)) == sorted(map(json.dumps, at.house.live))


EVERY = pytest.mark.parametrize("vendor", VENDORS)
# Where a batch is made, by model.
CREATED = {
    "openai": "/v1/batches",
    "openai-chat": "/v1/batches",
    "anthropic": "/v1/messages/batches",
    "google": "/v1beta/models/gemini-3.5-flash-lite:batchGenerateContent",
}
FILTERED = (400, {"error": {"code": "content_filter", "message": "The filter stopped it.", "type": "x", "param": None}})


@EVERY
def test_an_expired_batch_gives_what_was_done_and_the_next_round_asks_for_the_rest(desk: Open, vendor: str) -> None:
    at = desk(vendor)
    at.export("r1")
    at.on("submit", "r1")
    at.house.end(at.house.expired, answered=2)
    done = at.on("import", "r1")
    assert done.code == 4
    assert "Results: 2 recorded, 1 failed." in done.out
    assert "expired" in done.out
    assert "1 call left for the next round" in done.out
    assert at.round("r2").code == 0
    assert len(at.lines("r2")) == 1
    assert at.run("x.json", "--replay").code == 0


def test_a_cancelled_batch_leaves_no_line_for_what_was_not_done(desk: Open) -> None:
    at = desk()
    at.export("r1")
    at.on("submit", "r1")
    at.house.end("cancelled", answered=1)
    done = at.on("import", "r1")
    assert done.code == 4
    assert "Results: 1 recorded." in done.out
    assert "2 calls without a result." in done.out


def test_a_failed_batch_tells_why(desk: Open) -> None:
    at = desk()
    at.export("r1")
    at.on("submit", "r1")
    at.house.end("failed", answered=0)
    told = at.on("status", "r1")
    assert (told.code, "failed" in told.out, "A line is bad." in told.out) == (0, True, True)
    done = at.on("import", "r1")
    assert done.code == 4
    assert at.recordings() == {}
    assert len(at.lines("r1")) == len(at.lines("r2")) if at.export("r2").code == 0 else False


@EVERY
def test_a_batch_at_work_is_waited_for(desk: Open, vendor: str) -> None:
    at = desk(vendor)
    at.export("r1")
    assert "Next: extract batch submit" in at.on("status", "r1").out
    assert at.on("submit", "r1").code == 0
    told = at.on("status", "r1")
    assert (told.code, "Still at work" in told.out) == (11, True)
    assert at.on("import", "r1").code == 11
    assert at.recordings() == {}
    at.house.end()
    told = at.on("status", "r1")
    assert (told.code, "Next: extract batch import" in told.out) == (0, True)
    assert at.on("import", "r1").code == 0
    # What has ended is remembered: no one is asked any more.
    at.house.fail = (500, {})
    assert at.on("status", "r1").code == 0
    assert at.on("import", "r1").code == 0


def test_a_part_of_the_batches_can_be_imported_before_the_rest_has_ended(desk: Open) -> None:
    at = desk()
    at.export("r1", "--file-requests", "1")
    at.on("submit", "r1")
    list(at.house.batches.values())[1].ended = True
    list(at.house.batches.values())[1].state, list(at.house.batches.values())[1].answered = "completed", 1
    done = at.on("import", "r1")
    assert (done.code, len(at.recordings())) == (11, 1)
    assert "2 calls without a result." in done.out
    at.house.end()
    assert at.on("import", "r1").code == 0
    assert len(at.recordings()) == 3


@EVERY
def test_the_same_results_imported_twice_change_nothing(desk: Open, vendor: str) -> None:
    at = desk(vendor)
    at.round("r1")
    before = at.recordings()
    again = at.on("import", "r1")
    assert again.code == 0
    assert "Results: 3 recorded before." in again.out
    assert at.recordings() == before


def test_results_are_recorded_anew_where_the_recordings_are_gone(desk: Open) -> None:
    at = desk()
    at.round("r1")
    before = at.recordings()
    for file in at.fixtures.glob("*/*/*.json"):
        file.unlink()
    assert "Results: 3 recorded." in at.on("import", "r1").out
    assert at.recordings() == before


def test_a_service_that_fails_one_request_costs_no_other(desk: Open) -> None:
    at = desk(one=[ONE], two=[(500, {"error": {"message": "We broke."}})])
    done = at.round("r1")
    assert done.code == 4
    assert "failed  two.txt: HTTP 500 Internal Server Error, We broke" in done.out
    assert len(at.recordings()) == 1


def test_an_answer_that_is_none_is_recorded_and_asked_for_anew_unless_told_otherwise(desk: Open) -> None:
    at = desk(one=[ONE], two=[FILTERED])
    done = at.round("r1")
    assert done.code == 4
    assert "two.txt: the provider's content filter stopped the answer." in done.err
    assert len(at.recordings()) == 2
    left = at.export("r2", "--no-anew")
    assert (left.code, left.out) == (0, "")
    assert "1 article left as recorded" in left.err
    anew = at.export("r3")
    assert "1 request (1 asked anew" in anew.err
    # The round before, imported once more, brings nothing new; the new one's answer takes the old one's place.
    assert "Results: 2 recorded before." in at.on("import", "r1").out
    assert isinstance(at.house.answer, Asked)
    at.house.answer.answers["two.txt"] = [ONE]
    at.on("submit", "r3")
    at.house.end()
    assert at.on("import", "r3").code == 0
    assert at.run("x.json", "--replay").code == 0


def test_an_answer_that_is_cut_off_is_asked_for_in_halves_by_the_next_round(desk: Open) -> None:
    long = " ".join([SOUND, *(f"On day {n} nobody said anything at all." for n in range(60))])
    at = desk(one=[ONE])
    (at.articles / "long.txt").write_text(long, encoding="utf-8")
    plain = at.house.answer

    def say(body: Json) -> tuple[int, Any]:
        said = json.dumps(body)
        if "On day" not in said:
            return plain(body)
        whole = "On day 0 " in said and "On day 59 " in said
        mine = ONE if SOUND in said else answer()
        return 200, responses_body(json.dumps(mine), incomplete="max_output_tokens" if whole else None)

    at.house.answer = say
    assert "2 calls left for the next round" in at.round("r1").out
    assert at.round("r2").code == 0
    assert at.run("batch.json", "--replay").code == 0
    at.run("live.json", "--record", "--base-url", at.house.url, fixtures=at.folder / "live")
    assert without_calls(at.folder / "batch.json") == without_calls(at.folder / "live.json")


def results_of(at: Desk, name: str) -> Path:
    """The results of a round as somebody elsewhere would have them."""
    file = at.folder / "elsewhere.jsonl"
    file.write_bytes(b"".join(json.dumps(at.house.done(line)).encode() + b"\n" for line in at.lines(name)))
    return file


@EVERY
def test_files_can_be_answered_elsewhere_without_a_key_or_a_route(
    desk: Open, vendor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = desk(vendor, **REASKED)
    monkeypatch.delenv(at.vendor.variable)
    at.export("r1")
    assert at.on("import", "r1", results_of(at, "r1")).code == 0
    at.export("r2")
    assert at.on("import", "r2", results_of(at, "r2")).code == 0
    assert at.export("r3").out == ""
    assert at.house.seen == []
    assert at.run("x.json", "--replay").code == 0


def test_a_file_that_is_cut_off_gives_its_whole_lines(desk: Open) -> None:
    at = desk()
    at.export("r1")
    whole = results_of(at, "r1")
    cut = at.folder / "cut.jsonl"
    cut.write_bytes(whole.read_bytes()[:-40])
    done = at.on("import", "r1", cut)
    assert done.code == 4
    assert "damaged  line 3 of cut.jsonl is cut off" in done.out
    assert "1 call without a result." in done.out
    assert len(at.recordings()) == 2
    assert at.on("import", "r1", whole).code == 0
    assert len(at.recordings()) == 3


def test_lines_that_are_no_results_and_results_of_no_call_are_named(desk: Open) -> None:
    at = desk()
    at.export("r1")
    file = results_of(at, "r1")
    stranger = json.loads(file.read_bytes().splitlines()[0]) | {"custom_id": "art-000000000000-0000000000000000-1"}
    odd: list[Any] = [stranger, [], {"custom_id": "x"}, {"response": 1}, "words"]
    with file.open("ab") as stream:
        stream.write(b"".join(json.dumps(line).encode() + b"\n" for line in odd) + b"\n\xff\n")
    done = at.on("import", "r1", file)
    assert done.code == 4
    assert "3 recorded" in done.out
    assert "unknown  art-000000000000-0000000000000000-1" in done.out
    assert "damaged  line 5 of elsewhere.jsonl is no result" in done.out
    assert len(at.recordings()) == 3


def test_of_two_results_of_one_call_the_answer_counts(desk: Open) -> None:
    at = desk(one=[ONE])
    at.export("r1")
    file = results_of(at, "r1")
    (line,) = at.lines("r1")
    failed = json.dumps(at.house.undone(line, at.house.made([line]))).encode() + b"\n"
    for lines in (failed + file.read_bytes(), file.read_bytes() + failed):
        other = at.folder / "both.jsonl"
        other.write_bytes(lines)
        assert at.on("import", "r1", other).code == 0


def test_results_of_a_changed_prompt_are_not_recorded_and_not_lost(desk: Open) -> None:
    at = desk()
    at.extract("prompts", at.folder / "mine")
    at.export("r1", "--prompts", str(at.folder / "mine"))
    at.on("submit", "r1")
    at.house.end()
    system = at.folder / "mine" / "system.md"
    words = system.read_text(encoding="utf-8")
    system.write_text(f"{words}\nBe kind.\n", encoding="utf-8")
    done = at.on("import", "r1")
    assert done.code == 3
    assert "the prompt has changed since the export" in done.out
    assert done.out.count("outdated  art-") == 3
    assert at.recordings() == {}
    system.write_text(words, encoding="utf-8")
    at.house.fail = (500, {})
    assert "Results: 3 recorded." in at.on("import", "r1").out


def test_an_article_that_is_gone_costs_no_other(desk: Open) -> None:
    at = desk()
    at.export("r1")
    file = results_of(at, "r1")
    (at.articles / "two.txt").unlink()
    done = at.on("import", "r1", file)
    assert (done.code, len(at.recordings())) == (3, 2)
    assert "2 recorded, 1 of calls that no run makes any more" in done.out


def test_articles_may_have_moved(desk: Open) -> None:
    at = desk()
    at.export("r1")
    file = results_of(at, "r1")
    at.articles.rename(at.folder / "moved")
    assert at.on("import", "r1", file).code == 2
    assert at.on("import", "r1", file, "--articles", at.folder / "moved").code == 0


def test_nothing_is_paid_for_that_could_not_be_imported(desk: Open) -> None:
    at = desk()
    at.extract("prompts", at.folder / "mine")
    at.export("r1", "--prompts", str(at.folder / "mine"))
    with (at.folder / "mine" / "system.md").open("a") as prompt:
        prompt.write("Be kind.\n")
    at.export("r2")
    with (at.folder / "r2" / "requests-001.jsonl").open("ab") as requests:
        requests.write(b"{}\n")
    changed, edited = at.on("submit", "r1"), at.on("submit", "r2")
    assert (changed.code, edited.code) == (2, 2)
    assert "prompt or the schema has changed" in changed.err
    assert "is not as it was exported" in edited.err
    assert at.house.seen == []


@EVERY
def test_a_submission_that_was_cut_short_goes_on_and_pays_once(desk: Open, vendor: str) -> None:
    at = desk(vendor)
    at.export("r1", "--file-requests", "2")
    at.house.lost = {("POST", CREATED[vendor])}
    broken = at.on("submit", "r1")
    assert broken.code == 5
    assert len(at.house.batches) == 1
    assert "cut short" in at.on("status", "r1").out
    at.house.lost = set()
    assert at.on("submit", "r1").code == 0
    assert at.on("submit", "r1").code == 0
    assert [len(batch.lines) for batch in at.house.batches.values()] == [2, 1]
    at.house.end()
    assert at.on("import", "r1").code == 0
    assert len(at.recordings()) == 3


@EVERY
def test_a_service_that_says_no_is_told_and_no_key_is_in_any_file(desk: Open, vendor: str) -> None:
    at = desk(vendor, **REASKED)
    at.export("r1")
    at.house.fail = (401, {"error": {"message": f"The key {KEY} is wrong.", "type": "authentication_error"}})
    refused = at.on("submit", "r1")
    assert refused.code == 5
    assert "HTTP 401" in refused.err
    assert KEY not in refused.err + refused.out
    at.house.fail = None
    at.on("submit", "r1")
    at.house.end()
    plain = at.house.answer
    at.house.answer = lambda body: (200, plain(body)[1] | {"echo": KEY})
    at.on("import", "r1")
    files = [file for file in at.folder.rglob("*") if file.is_file()]
    assert any(file.name.startswith("results-") for file in files)
    assert [file for file in files if KEY.encode() in file.read_bytes()] == []
    # The address that Anthropic gives for results is another host's: the key stays here.
    assert {headers["host"] for _, _, headers in at.house.seen} == {at.house.address.removeprefix("http://")}


def test_no_key_is_said_so(desk: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    at = desk()
    monkeypatch.delenv("OPENAI_API_KEY")
    assert at.export("r1").code == 0
    refused = at.on("submit", "r1")
    assert (refused.code, "OPENAI_API_KEY is not set" in refused.err) == (5, True)
    assert at.on("status", "r1").code == 0


def test_results_may_be_larger_than_any_answer(desk: Open) -> None:
    at = desk()
    plain = at.house.answer
    at.house.answer = lambda body: (200, plain(body)[1] | {"padding": "x" * 3_500_000})
    assert at.round("r1").code == 0
    assert len(at.recordings()) == 3


@pytest.mark.parametrize(
    ("limit", "files"), [(("--file-requests", "2"), [2, 1]), (("--file-requests", "1"), [1, 1, 1])]
)
def test_files_are_split_at_so_many_requests(desk: Open, limit: tuple[str, str], files: list[int]) -> None:
    at = desk()
    told = at.export("r1", *limit)
    assert [file["requests"] for file in at.manifest("r1")["files"]] == files
    assert told.out.splitlines() == [str(at.folder / "r1" / file["name"]) for file in at.manifest("r1")["files"]]
    assert [line["custom_id"] for line in at.lines("r1")] == [call["custom_id"] for call in calls(at, "r1")]


def test_files_are_split_at_so_many_bytes_and_no_request_is_split(desk: Open) -> None:
    at = desk()
    at.export("r1")
    sizes = [len(line) for line in (at.folder / "r1" / "requests-001.jsonl").read_bytes().splitlines(keepends=True)]
    at.export("r2", "--file-bytes", str(sizes[0] + sizes[1]))
    assert [file["requests"] for file in at.manifest("r2")["files"]] == [2, 1]
    assert at.lines("r2") == at.lines("r1")
    with (at.articles / "one.txt").open("a") as article:
        article.write("And so on. " * 100)
    told = at.export("r3", "--file-bytes", str(max(sizes)))
    assert told.code == 4
    assert "one.txt: its request has" in told.err
    assert [file["requests"] for file in at.manifest("r3")["files"]] == [1, 1]


def calls(at: Desk, name: str) -> list[Json]:
    return [json.loads(line) for line in (at.folder / name / "calls.jsonl").read_bytes().splitlines()]


@EVERY
def test_every_call_has_an_id_that_providers_take_and_its_article(desk: Open, vendor: str) -> None:
    at = desk(vendor, **REASKED)
    at.round("r1")
    at.export("r2")
    made = [*calls(at, "r1"), *calls(at, "r2")]
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", call["custom_id"]) for call in made)
    assert len({call["custom_id"] for call in made}) == 3
    assert [(call["article"], call["attempt"]) for call in made] == [("one.txt", 1), ("two.txt", 1), ("two.txt", 2)]


def test_a_folder_that_is_used_stays_as_it_is(desk: Open) -> None:
    at = desk()
    at.export("r1")
    before = {file.name: file.read_bytes() for file in (at.folder / "r1").iterdir()}
    again = at.export("r1")
    assert (again.code, "is there already" in again.err) == (2, True)
    assert {file.name: file.read_bytes() for file in (at.folder / "r1").iterdir()} == before


@pytest.mark.parametrize("command", ["submit", "status", "import"])
def test_a_folder_that_is_no_round_is_refused(desk: Open, command: str) -> None:
    at = desk()
    for name, content in (("absent", None), ("empty", ""), ("broken", "{}")):
        if content is not None:
            (at.folder / name).mkdir()
        if content:
            (at.folder / name / "manifest.json").write_text(content)
        told = at.on(command, name)
        assert told.code == 2
        assert "Traceback" not in told.err


def test_an_export_needs_a_model(desk: Open) -> None:
    at = desk()
    told = at.extract("batch", "export", at.articles, "--out", at.folder / "r1")
    assert (told.code, "Add --model" in told.err) == (2, True)


def test_what_cannot_be_read_costs_no_other_article(desk: Open) -> None:
    at = desk()
    (at.articles / "empty.txt").write_bytes(b"")
    told = at.export("r1")
    assert (told.code, len(at.lines("r1"))) == (4, 3)
    assert "empty.txt" in told.err


def test_the_cost_is_told_at_the_batch_price_where_that_is_known(desk: Open) -> None:
    at = desk(one=[ONE])
    official = ("batch", "export", at.articles, "--fixtures", at.fixtures, "--model")
    known = at.extract(*official, "openai/gpt-5-mini", "--out", at.folder / "known")
    assert "at the batch price, 50% below the full price (genai-prices)" in known.err
    elsewhere = at.export("elsewhere")
    assert "the batch price is unknown" in elsewhere.err
    own = at.export("own", "--price", "1000/1000")
    estimate = at.manifest("own")["estimate"]
    tokens = estimate["input_tokens"] + estimate["output_tokens"]
    assert float(estimate["cost"]) == pytest.approx(tokens / 1000)
    assert "at the batch price." in own.err


def test_ties_are_asked_about_once_every_article_has_its_answer(desk: Open) -> None:
    at = desk()
    for file in at.articles.iterdir():
        file.unlink()
    for name, text in NEWS.items():
        (at.articles / f"{name}.txt").write_text(text, encoding="utf-8")

    def say(body: Json) -> tuple[int, Any]:
        said = json.dumps(body["input"], ensure_ascii=False)
        if body["text"]["format"]["name"] == "SameAct":
            return 200, responses_body(json.dumps(SAME))
        name = next(name for name, text in NEWS.items() if text in said)
        return 200, responses_body(json.dumps(answer(actions=[RECORDS[name]])))

    at.house.answer = say
    assert "1 call left for the next round" in at.round("r1", "--resolve-with-model").out
    assert at.round("r2", "--resolve-with-model").code == 0
    (tie,) = calls(at, "r2")
    assert tie["article"].startswith("tie-")
    assert at.export("r3", "--resolve-with-model").out == ""
    assert at.run("batch.json", "--replay", "--resolve-with-model").code == 0
    assert read_result(at.folder / "batch.json").ties[0].choice == 1


def test_what_only_reads_is_asked_for_again_where_a_service_stumbles(desk: Open) -> None:
    at = desk(one=[ONE])
    at.export("r1")
    at.on("submit", "r1")
    at.house.end()
    at.house.stumbles = 2
    assert at.on("import", "r1").code == 0
    assert at.house.stumbles == 0


def test_two_commands_do_not_pay_for_one_round_twice(desk: Open) -> None:
    fcntl = pytest.importorskip("fcntl")
    at = desk(one=[ONE])
    at.export("r1")
    with (at.folder / "r1" / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in ("submit", "import"):
            second = at.on(command, "r1")
            assert (second.code, "Another command is at work" in second.err) == (2, True)
    assert at.house.seen == []
    assert at.on("submit", "r1").code == 0


def test_results_that_were_deleted_are_fetched_again(desk: Open) -> None:
    at = desk()
    at.round("r1")
    for file in (at.folder / "r1").glob("results-*.jsonl"):
        file.unlink()
    assert "Results: 3 recorded before." in at.on("import", "r1").out
    assert list((at.folder / "r1").glob("results-*.jsonl"))


def test_a_folder_that_cannot_be_made_is_told(desk: Open) -> None:
    at = desk()
    told = at.export("articles/one.txt/r1")
    assert (told.code, "Cannot write into" in told.err) == (6, True)


ODD: list[Any] = [None, [], "words", 5, {}, {"output": 5}, {"choices": [{}]}, {"content": [{}]}, {"candidates": [{}]}]
ODD += [{"error": "words"}, {"error": {"message": "It broke.", "code": 500}}, {"usage": "much"}]


@EVERY
def test_a_result_of_whatever_shape_costs_its_own_call_alone(desk: Open, vendor: str) -> None:
    at = desk(vendor, one=[ONE], two=[ONE])
    at.export("r1")
    first, second = at.lines("r1")
    plain, file = at.house.answer, at.folder / "odd.jsonl"
    refused = [(status, {"error": {"message": "No."}}) for status in (0, 100, 204, 302, 400, 418, 599, 1000)]
    for status, said in [*((200, said) for said in ODD), *refused]:
        at.house.answer = lambda body, status=status, said=said: (status, said)
        odd = with_type(at.house, status, said, first)
        at.house.answer = plain
        lines = [odd, at.house.done(second)]
        file.write_bytes(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
        done = at.on("import", "r1", file)
        assert done.code == 4, (status, said, done)
        assert "fault of this tool" not in done.err, (status, said)
        assert "1 call" in done.out, (status, said, done.out)
    assert len(at.recordings()) == 1


def with_type(house: BatchHouse, status: int, said: Any, line: Json) -> Json:
    """A line of results with a status and a body; Anthropic tells the one by a type, Google by a code."""
    if isinstance(house, OpenAIHouse):
        return house.done(line)
    if isinstance(house, GoogleHouse):
        return {"key": line["key"], **({"response": said} if status == 200 else {"error": {"code": status}})}
    result = {"type": "succeeded", "message": said}
    odd = {"type": "errored", "error": {"error": {"type": f"error_{status}", "message": "No."}}}
    return {"custom_id": line["custom_id"], "result": result if status == 200 else odd}
