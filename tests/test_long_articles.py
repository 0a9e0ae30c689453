"""Articles that are read in parts: where their records stand, what overlapping parts tell, and what becomes of errors.

The service answers for the part that it is shown and for nothing else, as a model would.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import ExtractionResult
from extractor import extract as extract_articles
from extractor.cli import main
from extractor.grounding import GroundedText
from extractor.merging import merged
from extractor.pipeline import LEAST_SPLIT, Reading, extract_article
from extractor.prompt import load_prompt
from extractor.providers.base import Completion, Request, ToolCall
from extractor.readers import Article
from extractor.recordings import Mode
from extractor.review import Review
from extractor.runner import Options, Run, run
from extractor.schema.claims import ActionClaim
from extractor.splitting import windows
from extractor.verification import Verifier
from extractor.verification.facts import Facts, distance

from .conftest import Finished, Service, action, actor, answer, chat_completion, sanction, statement

Body = dict[str, Any]
Say = Callable[[Body], Any]
Serve = Callable[[Say], Service]

_ACT = re.compile(r"Arvania expelled (\d+) Belland envoys from \w+ on Monday\.")
_FILLER = "Nobody in the capital would say what came next. The embassies stayed open, and so did the border."


def report(paragraphs: int, first: str = "Published: 14 May 2024", filler: str = _FILLER) -> str:
    """An article with an act in each paragraph, no two of them alike."""
    acts = (f"Arvania expelled {100 + at} Belland envoys from Town{at} on Monday. {filler}" for at in range(paragraphs))
    return "\n\n".join([first, *acts]) + "\n"


def shown(body: Body) -> str:
    """The text that the model is shown: the article's, or a part of it."""
    content: str = body["messages"][1]["content"]
    return content.split("===\n", 1)[1].rsplit("\n===", 1)[0]


def acts_of(text: str) -> dict[str, Any]:
    """A whole answer about a text: each of its acts."""
    return answer(actions=[told(found[0], int(found[1])) for found in _ACT.finditer(text)])


def told(evidence: str, count: int, **fields: Any) -> dict[str, Any]:
    parties = {"actors": [actor("Arvania")], "targets": [actor("Belland envoys", kind="group")]}
    return action(evidence, date_text="on Monday", count=count, **(parties | fields))


def reader(body: Body) -> Any:
    return acts_of(shown(body))


def cut_off_beyond(longest: int) -> Say:
    """A model whose answers are cut off where it is shown more than so many characters."""

    def say(body: Body) -> Any:
        if len(shown(body)) > longest:
            return 200, {}, chat_completion(body, '{"actions": [{"evid', finish_reason="length")
        return reader(body)

    return say


def too_long_beyond(longest: int) -> Say:
    """A model whose window holds no more than so many characters."""

    def say(body: Body) -> Any:
        if len(shown(body)) > longest:
            message = "This model's maximum context length is 512 tokens."
            return 400, {}, {"error": {"message": message, "code": "context_length_exceeded", "type": "invalid"}}
        return reader(body)

    return say


def refuses(*marks: str) -> Say:
    """A model that will not speak of some things."""

    def say(body: Body) -> Any:
        if any(mark in shown(body) for mark in marks):
            response = chat_completion(body, answer())
            response["choices"][0]["message"] |= {"tool_calls": None, "refusal": "I would rather not."}
            return 200, {}, response
        return reader(body)

    return say


@pytest.fixture
def long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An article of some 8,000 characters, below the current folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "long.txt"
    path.write_text(report(50), encoding="utf-8")
    return path


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Finished]:
    """Run the `extract` command within this process, in the current folder."""

    def run_it(*arguments: str) -> Finished:
        monkeypatch.setattr(sys, "argv", ["extract", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Finished(int(ended.value.code or 0), printed.out, printed.err)

    return run_it


def options(service: Service, **given_: Any) -> dict[str, Any]:
    shared = {"model": "compatible/test", "base_url": service.url, "max_chars": 2_000, "fixtures": Path("fixtures")}
    return {**shared, **given_}


def ask(path: Path, service: Service, **given_: Any) -> ExtractionResult:
    return extract_articles(path, **options(service, **given_))


def replay(path: Path, **given_: Any) -> ExtractionResult:
    return extract_articles(path, **({"mode": "replay", "model": "compatible/test", "max_chars": 2_000} | given_))


def run_of(path: Path, service: Service, **given_: Any) -> Run:
    return asyncio.run(run([path], Options(**options(service, **given_))))


def content(result: ExtractionResult) -> str:
    """All that a result says but how its answers came about."""
    return result.model_dump_json(exclude={"articles": {"__all__": {"calls"}}})


def recordings(path: Path) -> dict[str, Any]:
    """The recordings beside an article, by name of what they are of."""
    files = sorted((path.parent / "fixtures").glob("*/*/*.json"))
    assert {file.name.split(".")[0] for file in files} <= {path.stem}
    listed = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return {recording["article"]: recording["attempts"] for recording in listed}


def assert_whole(result: ExtractionResult, text: str) -> None:
    """Every act of the article is told once, in order, where it stands; nothing else is."""
    places = [(found.start(), found.end(), int(found[1])) for found in _ACT.finditer(text)]
    assert [(r.evidence[0].start, r.evidence[0].end, r.count) for r in result.actions] == places
    for record in result.actions:
        (passage,) = record.evidence
        assert text[passage.start : passage.end] == passage.quote
        assert record.date is not None and (record.date.value, record.date.anchor) == ("2024-05-13", "2024-05-14")
        assert text[record.date.start : record.date.end] == "on Monday"
        assert passage.start < record.date.start < passage.end
        assert all(passage.start <= span.start < span.end <= passage.end for span in record.spans)
    assert len({record.id for record in result.records}) == len(result.records) == len(places)
    assert result.rejected == []


# --- reading in parts ---


def test_an_article_of_200_000_characters_is_read_whole(tmp_path: Path, serve: Serve) -> None:
    path = tmp_path / "long.txt"
    text = report(400, filler=" ".join([_FILLER] * 5))
    path.write_text(text, encoding="utf-8")
    assert len(text) > 200_000
    service = serve(reader)
    fixtures = tmp_path / "fixtures"
    result = ask(path, service, max_chars=30_000, fixtures=fixtures)
    assert len(service.requests) == len(windows(text, 30_000)) == result.articles[0].calls.live > 6
    assert all(len(shown(body)) <= 30_000 for body in service.requests)
    assert_whole(result, text)
    assert result.articles[0].outcome == "done" and result.failed == []
    assert content(replay(path, max_chars=30_000, fixtures=fixtures)) == content(result)


def test_a_short_article_is_asked_about_as_a_whole(long: Path, serve: Serve) -> None:
    service = serve(reader)
    text = long.read_text(encoding="utf-8")
    assert_whole(ask(long, service, max_chars=len(text)), text)
    assert [shown(body) for body in service.requests] == [text]
    assert list(recordings(long)) == ["long.txt"]


def test_parts_have_recordings_of_their_own_that_name_their_place(long: Path, serve: Serve) -> None:
    text = long.read_text(encoding="utf-8")
    service = serve(reader)
    ask(long, service)
    spans = windows(text, 2_000)
    assert len(spans) > 3
    assert set(recordings(long)) == {f"long.txt, characters {start}-{end}" for start, end in spans}
    assert {shown(body) for body in service.requests} == {text[start:end] for start, end in spans}


def test_the_calls_of_all_parts_are_counted(long: Path, serve: Serve) -> None:
    service = serve(reader)
    calls = ask(long, service).articles[0].calls
    assert calls.live == calls.requests == len(service.requests)
    assert (calls.usage.input_tokens, calls.usage.output_tokens) == (100 * calls.live, 20 * calls.live)
    again = replay(long).articles[0].calls
    assert (again.replayed, again.live, again.requests, again.usage) == (calls.live, 0, 0, calls.usage)


def test_what_the_whole_article_names_may_be_said_of_a_part(long: Path, serve: Serve) -> None:
    """A part's act may be by someone named in another part; its evidence has to stand where the model read it."""
    text = report(50, first="Published: 14 May 2024\n\nTor Hale, foreign minister of Norway, was in charge.")
    long.write_text(text, encoding="utf-8")
    hale = actor("Tor Hale", role="foreign minister", country="Norway", kind="person")
    elsewhere = "Tor Hale, foreign minister of Norway, was in charge."

    def say(body: Body) -> Any:
        if "Town49" not in shown(body):
            return answer()
        passage = "Arvania expelled 149 Belland envoys from Town49 on Monday."
        return answer(actions=[told(passage, 149, status_by=hale), told(elsewhere, 1)])

    result = ask(long, serve(say))
    (record,) = result.actions
    assert record.status_by is not None and record.status_by.name == "Tor Hale"
    assert [span.start for span in record.spans if span.field == "/status_by/name"] == [text.index("Tor Hale")]
    assert [item.reason for item in result.rejected] == ["no_evidence"]


def test_a_repeated_sentence_is_found_where_it_was_read(long: Path, serve: Serve) -> None:
    again = "Arvania expelled 7 Belland envoys from Borg on Monday."
    text = report(20) + f"\n{again}\n\n" + report(20) + f"\n{again}\n"
    long.write_text(text, encoding="utf-8")

    def say(body: Body) -> Any:
        last = shown(body).endswith(f"{again}\n")
        return answer(actions=[told(again, 7)] if last else [])

    (record,) = ask(long, serve(say)).actions
    assert record.evidence[0].start == text.rindex(again)


def test_what_repeats_is_asked_about_once_and_what_is_blank_not_at_all(long: Path, serve: Serve) -> None:
    text = f"Arvania expelled 7 Belland envoys from Borg on Monday.{' ' * 10_000}"
    long.write_text(text + "a" * 20_000, encoding="utf-8")
    service = serve(reader)
    result = ask(long, service)
    asked = [shown(body) for body in service.requests]
    assert len(asked) == len(set(asked)) < len(windows(text + "a" * 20_000, 2_000)) / 2
    assert not any(part.isspace() for part in asked)
    assert len(result.actions) == 1 and result.articles[0].outcome == "done"


def test_parts_are_asked_about_at_once(tmp_path: Path) -> None:
    class Together:
        """A model that answers no one before all are there."""

        name = "compatible/test"

        def __init__(self, parties: int) -> None:
            self.barrier = asyncio.Barrier(parties)

        async def complete(self, request: Request) -> Completion:
            async with asyncio.timeout(20):
                await self.barrier.wait()
            return completion(acts_of(request.subject.article_text))

        async def close(self) -> None: ...

    text = report(50)

    async def read() -> Any:
        model = Together(len(windows(text, 2_000)))
        return await extract_article(Article("long.txt", text), model, load_prompt(), Reading(max_chars=2_000))

    assert len(asyncio.run(read()).records) == 50


def test_the_text_is_prepared_once(long: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = []
    prepare = GroundedText.__init__

    def noted(self: GroundedText, text: str) -> None:
        prepared.append(len(text))
        prepare(self, text)

    monkeypatch.setattr(GroundedText, "__init__", noted)
    service = serve(reader)
    ask(long, service, max_chars=300)
    assert len(service.requests) > 30
    assert prepared == [len(long.read_text(encoding="utf-8"))]


# --- what is too much at once ---


@pytest.mark.parametrize("beyond", [cut_off_beyond, too_long_beyond])
def test_what_is_too_much_is_halved_until_it_is_not(long: Path, serve: Serve, beyond: Callable[[int], Say]) -> None:
    text = long.read_text(encoding="utf-8")
    service = serve(beyond(2_500))
    result = ask(long, service, max_chars=30_000)
    assert_whole(result, text)
    report_ = result.articles[0]
    assert (report_.outcome, report_.failure) == ("done", None)
    assert report_.calls.live == report_.calls.requests == len(service.requests) == 7
    # Once more, from the recordings alone and with the service at hand.
    assert content(replay(long, max_chars=30_000)) == content(result)
    again = ask(long, service, max_chars=30_000)
    assert content(again) == content(result)
    assert (again.articles[0].calls.live, again.articles[0].calls.replayed) == (0, 7)
    assert len(service.requests) == 7


def test_an_answer_that_was_cut_off_is_kept_as_it_came(long: Path, serve: Serve) -> None:
    ask(long, serve(cut_off_beyond(5_000)), max_chars=30_000)
    kept = recordings(long)
    assert [attempt["finish_reason"] for attempt in kept.pop("long.txt")] == ["length"]
    assert [attempts[0]["finish_reason"] for attempts in kept.values()] == ["tool_calls", "tool_calls"]


def test_a_cut_off_answer_to_a_re_ask_splits_nothing(long: Path, serve: Serve) -> None:
    def say(body: Body) -> Any:
        if len(body["messages"]) > 2:
            return 200, {}, chat_completion(body, '{"actions": [', finish_reason="length")
        acts = acts_of(shown(body))
        return acts | {"actions": [*acts["actions"], told("an invention of the model", 3)]}

    service = serve(say)
    result = ask(long, service, max_chars=30_000)
    assert len(service.requests) == 2
    assert len(result.actions) == 50 and len(result.rejected) == 1


def test_below_the_least_length_the_error_stands(long: Path, serve: Serve) -> None:
    long.write_text(report(30), encoding="utf-8")
    service = serve(cut_off_beyond(10))
    done = run_of(long, service, max_chars=30_000)
    (entry,) = done.result.articles
    assert (entry.outcome, done.exit_code) == ("failed", 4)
    assert entry.failure is not None and entry.failure.kind == "truncated"
    lengths = sorted(len(shown(body)) for body in service.requests)
    assert lengths[0] <= LEAST_SPLIT < 4 * lengths[0]
    asked_again = sum(length <= LEAST_SPLIT for length in lengths)
    before = len(service.requests)
    # What could not be split may do better another time; what was split is not paid for again.
    run_of(long, service, max_chars=30_000)
    assert len(service.requests) == before + asked_again


@pytest.mark.parametrize(
    ("beyond", "message"),
    [
        (cut_off_beyond, "long.txt: the answer was cut off at the model's output limit."),
        (too_long_beyond, "long.txt: the request is longer than the model's window"),
    ],
)
def test_a_short_article_that_is_too_much_is_asked_about_again(
    long: Path, serve: Serve, beyond: Callable[[int], Say], message: str
) -> None:
    long.write_text(report(3), encoding="utf-8")
    (entry,) = ask(long, serve(beyond(10))).failed
    assert entry.failure is not None and entry.failure.message.startswith(message)
    assert_whole(ask(long, serve(reader)), report(3))


def test_of_a_split_part_and_its_neighbour_the_first_in_the_text_goes_before(long: Path, serve: Serve) -> None:
    text = long.read_text(encoding="utf-8")
    (start, end), (second, _), *_ = windows(text, 4_000)
    shared = next(found for found in _ACT.finditer(text) if found.start() >= second)
    assert shared.end() < end

    def say(body: Body) -> Any:
        if shown(body) == text[start:end]:
            return 200, {}, chat_completion(body, "{", finish_reason="length")
        # As much is said of it on either side, but not the same.
        by_first = shown(body)[: end - second] != text[second:end]
        kept = told(shared[0], int(shared[1])) | ({"date_text": None} if by_first else {"count": None})
        return answer(actions=[kept] if shared[0] in shown(body) else [])

    (record,) = ask(long, serve(say), max_chars=4_000).actions
    assert (record.count, record.date) == (int(shared[1]), None)


# --- when parts fail ---


def test_one_bad_part_costs_no_other_and_is_named(long: Path, serve: Serve) -> None:
    text = long.read_text(encoding="utf-8")
    (bad,) = [span for span in windows(text, 2_000) if "Town25" in text[slice(*span)]]
    done = run_of(long, serve(refuses("Town25")))
    (entry,) = done.result.articles
    assert entry.outcome == "partial" and done.result.failed == [entry]
    assert entry.failure is not None and entry.failure.kind == "model_refusal"
    place = f"{bad[0]}-{bad[1]}"
    for words in (
        f"long.txt, characters {place}: the model refused",
        "1 of 5 parts of long.txt",
        f"{place} (model_refusal)",
    ):
        assert words in entry.failure.message
    [(name, error)] = done.errors
    assert (name, error.message, done.exit_code) == ("long.txt", entry.failure.message, 4)
    counts = {record.count for record in done.result.actions}
    assert len(counts) == len(done.result.actions)
    missing = {100 + at for at in range(50)} - counts
    assert 125 in missing and len(missing) < 12
    assert all(bad[0] <= found.start() < bad[1] for found in _ACT.finditer(text) if int(found[1]) in missing)


def test_the_next_run_pays_for_what_failed_alone(long: Path, serve: Serve) -> None:
    text = long.read_text(encoding="utf-8")
    ask(long, serve(refuses("Town25")))
    service = serve(reader)
    result = ask(long, service)
    assert len(service.requests) == 1 and "Town25" in shown(service.requests[0])
    assert_whole(result, text)
    assert result.articles[0].outcome == "done"
    assert content(replay(long)) == content(result)


def test_an_article_fails_where_all_its_parts_do(long: Path, serve: Serve) -> None:
    done = run_of(long, serve(refuses("Town")))
    (entry,) = done.result.articles
    assert (entry.outcome, done.result.records, done.exit_code) == ("failed", [], 4)
    assert entry.failure is not None and "5 of 5 parts of long.txt could not be done" in entry.failure.message


def test_the_gravest_error_speaks_for_the_article(long: Path, serve: Serve) -> None:
    refusing = refuses("Town0 ")

    def say(body: Body) -> Any:
        if "Town49" in shown(body):
            return 401, {}, {"error": {"message": "no such key", "code": None, "type": "error"}}
        return refusing(body)

    done = run_of(long, serve(say), concurrency=1)
    (entry,) = done.result.articles
    assert (entry.outcome, done.exit_code) == ("partial", 5)
    assert entry.failure is not None and entry.failure.kind == "provider_refused"
    assert "2 of 5 parts" in entry.failure.message
    assert "(model_refusal)" in entry.failure.message and "(provider_refused)" in entry.failure.message


def test_what_the_budget_leaves_out_is_done_another_time(long: Path, serve: Serve) -> None:
    service = serve(reader)
    done = run_of(long, service, max_calls=2)
    assert (done.result.articles[0].outcome, done.exit_code, len(service.requests)) == ("partial", 7, 2)
    result = ask(long, service, max_calls=4)
    assert len(service.requests) == 5
    assert_whole(result, long.read_text(encoding="utf-8"))


def test_a_part_without_a_recording_is_named_and_the_others_are_there(long: Path, serve: Serve) -> None:
    whole = ask(long, serve(reader))
    gone, *_ = sorted((long.parent / "fixtures").glob("*/*/*.json"))
    name = json.loads(gone.read_text(encoding="utf-8"))["article"]
    gone.unlink()
    done = asyncio.run(run([long], Options(model="compatible/test", mode=Mode.REPLAY, max_chars=2_000)))
    (entry,) = done.result.articles
    assert (entry.outcome, done.exit_code) == ("partial", 3)
    assert entry.failure is not None and f"{name}: no recording" in entry.failure.message
    assert 0 < len(done.result.actions) < len(whole.actions)


def test_the_command_tells_of_a_part_that_failed(
    command: Callable[..., Finished], long: Path, serve: Serve, tmp_path: Path
) -> None:
    flags = ("--max-chars", "2000", "--model", "compatible/test")
    live = (*flags, "--base-url", serve(refuses("Town25")).url)
    done = command("long.txt", *live, "--out", "events.json")
    assert done.code == 4, done.err
    assert re.search(r"long\.txt, in part +\d\d ", done.err)
    assert "1 of 5 parts of long.txt could not be done" in " ".join(done.err.split())
    assert "Traceback" not in done.err
    partial = (tmp_path / "events.json").read_bytes()
    assert [entry["outcome"] for entry in json.loads(partial)["articles"]] == ["partial"]

    mended = (*flags, "--base-url", serve(reader).url)
    assert command("long.txt", *mended, "--out", "events.json").code == 0
    assert not (tmp_path / "events.previous.json").exists()
    outputs = [command("long.txt", *flags, "--replay", "--out", "-").out for _ in range(2)]
    assert outputs[0] == outputs[1]
    assert json.loads(outputs[0])["records"] == json.loads((tmp_path / "events.json").read_bytes())["records"]

    # A run in which a part fails keeps the whole output that it replaces.
    assert command("long.txt", *live, "--record", "--out", "events.json").code == 4
    assert len(json.loads((tmp_path / "events.previous.json").read_bytes())["records"]) == 50


def test_a_cancelled_article_leaves_nothing_running() -> None:
    class Silent:
        name = "compatible/test"

        def __init__(self, parties: int) -> None:
            self.left = 0
            self.asked = asyncio.Barrier(parties)

        async def complete(self, request: Request) -> Completion:
            try:
                await self.asked.wait()
                await asyncio.get_running_loop().create_future()
            finally:
                self.left += 1
            raise AssertionError

        async def close(self) -> None: ...

    async def program() -> int:
        text = report(50)
        parts = len(windows(text, 2_000))
        model = Silent(parts + 1)
        work = asyncio.create_task(
            extract_article(Article("long.txt", text), model, load_prompt(), Reading(max_chars=2_000))
        )
        async with asyncio.timeout(20):
            await model.asked.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert model.left == parts
        return len(asyncio.all_tasks())

    assert asyncio.run(program()) == 1


def test_a_fault_at_one_part_is_the_articles_and_leaves_nothing_running() -> None:
    class Faulty:
        name = "compatible/test"

        async def complete(self, request: Request) -> Completion:
            if "Town25" in request.subject.article_text:
                raise ZeroDivisionError("division by zero")
            await asyncio.get_running_loop().create_future()
            raise AssertionError

        async def close(self) -> None: ...

    async def program() -> int:
        work = extract_article(Article("long.txt", report(50)), Faulty(), load_prompt(), Reading(max_chars=2_000))
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(work, 20)
        return len(asyncio.all_tasks())

    assert asyncio.run(program()) == 1


# --- what two parts tell ---

_TEXT = (
    "Arvania, Norland and Belland had met before. " * 5
    + "\n\nArvania and Norland expelled 4 and 5 Belland envoys on Monday, and Tor Hale deplored it and denied spying."
    + "\n\nBelland froze the assets of Arvania's banks. "
    + "They had met before, and would meet again in Arvania. " * 5
)
_EXPELLED = "Arvania and Norland expelled 4 and 5 Belland envoys on Monday"
_FIRST, _SECOND = (0, 450), (100, len(_TEXT))


@cache
def verifier() -> Verifier:
    return Verifier(_TEXT)


def reviewed(span: tuple[int, int], *given_: dict[str, Any]) -> Review:
    """The closed review of an answer about a part."""
    review = Review(verifier().within(*span))
    lists: dict[str, list[Any]] = {"actions": [], "sanctions": [], "statements": []}
    for claim in given_:
        lists["actions" if "action" in claim else "sanctions" if "senders" in claim else "statements"].append(claim)
    review.examine(lists)
    review.close()
    return review


def both(first: Iterable[dict[str, Any]], second: Iterable[dict[str, Any]]) -> Review:
    return merged(verifier(), [reviewed(_FIRST, *first), reviewed(_SECOND, *second)])


def claims(review: Review) -> list[dict[str, Any]]:
    return [verdict.claim.model_dump(mode="json") for verdict in review.kept]


def expelled(by: str, **fields: Any) -> dict[str, Any]:
    targets = [actor("Belland envoys", kind="group")]
    return action(_EXPELLED, **({"actors": [actor(by)], "targets": targets} | fields))


def test_a_record_that_both_parts_tell_alike_is_one_and_nothing_is_listed() -> None:
    review = both([expelled("Arvania", count=4)], [expelled("Arvania", count=4)])
    assert len(review.kept) == 1 and review.lost == []


def test_of_two_tellings_the_fuller_stays_and_the_other_is_listed() -> None:
    bare, full = expelled("Arvania"), expelled("Arvania", count=4, date_text="on Monday")
    for first, second in ((bare, full), (full, bare)):
        review = both([first], [second])
        assert claims(review) == [full]
        ((kind, reason, value),) = [(lost.type, lost.finding.reason, lost.finding.value) for lost in review.lost]
        assert (kind, reason, value) == ("diplomatic_action", "duplicate", bare)


def test_of_two_equally_full_tellings_the_one_with_more_evidence_stays_else_the_first() -> None:
    shorter = expelled("Arvania") | {"evidence": ["Arvania and Norland expelled 4 and 5 Belland envoys"]}
    for first, second in ((shorter, expelled("Arvania")), (expelled("Arvania"), shorter)):
        assert [verdict.claim.evidence for verdict in both([first], [second]).kept] == [[_EXPELLED]]
    one, other = expelled("Arvania", count=4), expelled("Arvania", date_text="on Monday")
    assert claims(both([one], [other])) == [one]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (expelled("Arvania"), expelled("Norland")),
        (expelled("Arvania"), expelled("Arvania", status="announced")),
        (expelled("Arvania"), expelled("Arvania", action="recall")),
        (expelled("Arvania", count=4), expelled("Arvania", count=5)),
        (
            statement(
                "Tor Hale deplored it and denied spying", speaker=actor("Tor Hale"), act="deny", content="spying"
            ),
            statement("Tor Hale deplored it and denied spying", speaker=actor("Tor Hale"), act="regret", content="it"),
        ),
        (
            statement(_EXPELLED, speaker=actor("Arvania"), content="Arvania expelled envoys."),
            statement(_EXPELLED, speaker=actor("Arvania"), content="Norland and Belland had met before."),
        ),
        (
            sanction("Belland froze the assets", senders=[actor("Belland")]),
            sanction("Belland froze the assets", senders=[actor("Belland")], status="announced"),
        ),
        (expelled("Arvania"), sanction(_EXPELLED, senders=[actor("Arvania")])),
    ],
    ids=["actor", "status", "act", "count", "speech act", "content", "sanction's status", "type"],
)
def test_two_records_of_the_same_words_that_differ_in_substance_both_stay(one: Any, other: Any) -> None:
    review = both([one], [other])
    assert len(review.kept) == 2 and review.lost == []


def test_records_are_paired_one_to_one() -> None:
    two = [expelled("Arvania", count=4), expelled("Norland", count=5)]
    swapped = [expelled("Norland", count_unit="envoys"), expelled("Arvania", count_unit="envoys")]
    review = both(two, swapped)
    assert claims(review) == two
    assert len(review.lost) == 2


def test_the_most_alike_are_one_and_what_is_left_over_stays() -> None:
    one = expelled("Arvania", count=4, date_text="on Monday")
    alike, vague = one | {"count_unit": "envoys"}, expelled("Arvania") | {"actors": [], "count_unit": "envoys"}
    assert claims(both([one], [vague, alike])) == [alike, vague]
    assert claims(both([vague, one], [alike])) == [vague, alike]


def test_statements_in_nearly_the_same_words_are_one() -> None:
    one = statement("Tor Hale deplored it", speaker=actor("Tor Hale"), act="regret", content="Tor Hale deplored it.")
    other = one | {"evidence": ["Tor Hale deplored it and denied spying"], "content": "Hale deplored it and spying."}
    assert len(both([one], [other]).kept) == 1


def test_two_persons_of_one_state_are_two() -> None:
    persons = [actor(name, country="Russia", kind="person") for name in ("Hale", "Orr")]
    states = [actor(name, country="Russia") for name in ("Russia", "Moscow")]
    text = "Hale of Russia, Orr of Moscow: they deplored the spying of envoys."
    whole = Verifier(text)
    for speakers, number in ((persons, 2), (states, 1)):
        said = [statement(text, speaker=by, act="regret", content="They deplored the spying.") for by in speakers]
        parts = [Review(whole.within(0, len(text))) for _ in said]
        for part, claim in zip(parts, said, strict=True):
            part.examine(answer(statements=[claim]))
            part.close()
        assert len(merged(whole, parts).kept) == number


def test_a_record_that_is_told_to_the_letter_takes_no_other_along() -> None:
    one, vague = expelled("Arvania", count=4), expelled("Arvania", count_unit="envoys")
    assert claims(both([one], [one, vague])) == [one, vague]


def test_two_records_of_different_words_both_stay() -> None:
    one, other = (
        expelled("Arvania"),
        expelled("Arvania") | {"evidence": ["Belland froze the assets of Arvania's banks"]},
    )
    for first, second in ((one, other), (other, one)):
        assert claims(both([first], [second])) == [first, second]


def test_a_record_told_again_elsewhere_stays_unless_it_is_the_same_to_the_letter() -> None:
    told_again = action("Arvania, Norland and Belland had met before", actors=[actor("Arvania")])
    later = told_again | {"evidence": ["They had met before, and would meet again in Arvania"]}
    assert len(both([told_again], [later]).kept) == 2
    text = "Arvania expelled envoys. " + "And so on. " * 20 + "Arvania expelled envoys."
    again = action("Arvania expelled envoys.", actors=[actor("Arvania")])
    whole = Verifier(text)
    parts = [Review(whole.within(0, 100)), Review(whole.within(150, len(text)))]
    for part in parts:
        part.examine(answer(actions=[again]))
        part.close()
    review = merged(whole, parts)
    assert [verdict.evidence[0].start for verdict in review.kept] == [0]
    assert [lost.finding.reason for lost in review.lost] == ["duplicate"]


def test_what_both_parts_reject_alike_is_listed_once() -> None:
    invented = expelled("Arvania") | {"evidence": ["an invention of the model"]}
    assert len(both([invented], [invented]).lost) == 1
    assert len(both([invented, invented], [invented]).lost) == 2
    assert len(both([invented], [invented | {"count": 4}]).lost) == 2


def test_what_a_record_lost_is_listed_with_the_one_that_stays() -> None:
    one, other = expelled("Arvania", count=4, deadline="at once"), expelled("Arvania", count=4, deadline="by noon")
    review = both([one], [other])
    (kept,) = review.kept
    assert [(lost.finding.value, lost.verdict) for lost in review.lost] == [("at once", kept), ("by noon", kept)]
    review = both([expelled("Arvania", deadline="at once")], [expelled("Arvania", count=4)])
    (lost,) = review.lost
    assert lost.verdict is None and "'at once' is not in the article" in lost.finding.message


def test_one_part_alone_is_left_as_it_is() -> None:
    review = reviewed((0, len(_TEXT)), expelled("Arvania"))
    assert merged(verifier(), [review]) is review


# --- a part's window on the text ---

_WORDS = st.sampled_from(
    ["the", "envoys", "of", "Belland", "expelled", "-", "“", "’", "…", "35", "\n", "e\u0301", "ﬁ", "\xad", "''"]
)
_NOISY = st.lists(_WORDS, min_size=1, max_size=60).map(" ".join)


@given(text=_NOISY, data=st.data())
def test_what_is_found_in_a_window_is_what_stands_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    low = data.draw(st.integers(0, len(text)))
    quote = text[low : low + data.draw(st.integers(1, 60))]
    grounded = GroundedText(text)
    within = grounded.locate(quote, window=(start, end))
    if within is not None:
        assert start <= within.start < within.end <= end
        assert text[within.start : within.end] == within.quote
        assert grounded.locate(quote) is not None
    assert grounded.locate(quote, window=(0, len(text))) == grounded.locate(quote)
    assert grounded.locate_all([quote], (0, len(text))) == grounded.locate_all([quote])
    found = grounded.locate(quote)
    if found is not None:
        assert grounded.locate(quote, window=(found.start, found.end)) == found


def test_of_a_repeated_passage_only_the_places_in_the_window_count() -> None:
    text = "Four envoys left. " * 9
    for quote in ("Four envoys left", "Four envoys left."):
        near = [(len(text) - 18, len(text))]
        found = GroundedText(text).locate(quote, near, (18, 3 * 18 + 9))
        assert found is not None and found.start == 36


def test_a_passage_with_a_slip_is_found_in_its_window_alone() -> None:
    text = f"{_FILLER} {_FILLER.replace('embassies', 'consulates')}"
    slip = "The embasies stayed open, and so did the border"
    found = GroundedText(text).locate(slip, window=(0, len(_FILLER)))
    assert found is not None and found.score < 1
    assert GroundedText(text).locate(slip, window=(len(_FILLER), len(text))) is None
    assert GroundedText(text).locate(slip, window=(0, found.end - 1)) is None


@given(text=_NOISY, data=st.data())
def test_the_nearest_place_of_words_is_the_nearest_of_all(text: str, data: st.DataObject) -> None:
    grounded = GroundedText(text)
    quotes = data.draw(st.lists(_WORDS, max_size=3))
    evidence = [found for quote in quotes if (found := grounded.locate(quote))]
    words = data.draw(_WORDS)
    places = grounded.occurrences(words)
    wanted = min(places, key=lambda place: (distance(place, evidence), place), default=None)
    assert Facts(text).nearest(words, evidence) == wanted


def test_a_window_shares_the_preparation_of_the_text() -> None:
    whole = Verifier("Arvania expelled envoys.")
    assert whole.within(0, 7).facts is whole.facts
    claim = ActionClaim.model_validate(action("Arvania expelled envoys.", actors=[actor("Arvania")]))
    assert whole.verify(claim).evidence and not whole.within(0, 7).verify(claim).evidence


def completion(answered: Any) -> Completion:
    return Completion("tool_calls", (ToolCall("Extraction", json.dumps(answered)),))
