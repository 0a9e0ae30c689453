"""What `extract fixtures` and its commands tell of recordings and do to them, and the workflow that uses them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractor import extract as extract_from
from extractor.audit import Held, State, remove
from extractor.cli import main
from extractor.errors import OutputError
from extractor.recordings import RecordingFolder

from .conftest import FIXTURES, ROOT, SEEDS, Finished, Service, action, actor, answer, chat_completion

Extract = Callable[..., Finished]
Serve = Callable[[Callable[[dict[str, Any]], Any]], Service]

EVIDENCE = "Arvania expelled four Belland envoys on Monday."
GOOD = answer(
    actions=[
        action(
            EVIDENCE,
            actors=[actor("Arvania")],
            targets=[actor("Belland envoys", kind="group")],
            count=4,
            date_text="on Monday",
        )
    ]
)
UNGROUNDED = answer(actions=[GOOD["actions"][0] | {"count": 40}])
NO_JSON = '{"actions": ['
WORKFLOW = ROOT / "docs" / "github-actions.yml"


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Finished]:
    """`extract` as the fixture of that name runs it, but in this process, which starts in no time."""

    def run(*arguments: str | Path, cwd: Path = tmp_path, **environment: str) -> Finished:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            patch.chdir(cwd)
            patch.setattr(sys, "argv", ["extract", *map(str, arguments)])
            for name, value in environment.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main()
        return Finished(ended.value.code, *capsys.readouterr())

    return run


@pytest.fixture
def service(serve: Serve) -> Service:
    return serve(lambda _: GOOD)


@pytest.fixture
def news(tmp_path: Path, service: Service) -> Path:
    """A folder of two articles, which are recorded of compatible/test in the folder beside it."""
    folder = tmp_path / "news"
    folder.mkdir()
    for name in ("first", "second"):
        (folder / f"{name}.txt").write_text(f"{EVIDENCE} This is the {name} report.\n")
    record(folder, service)
    return folder


def record(paths: Path, service: Service, **options: Any) -> Any:
    """Record in the folder `fixtures`; what is recorded is replayed, unless told otherwise."""
    given = {"model": "compatible/test", "base_url": service.url, "fixtures": fixtures_of(paths)} | options
    return extract_from(paths, **given)


def fixtures_of(paths: Path) -> Path:
    return (paths if paths.is_dir() else paths.parent).parent / "fixtures"


def recordings(folder: Path, article: str = "") -> list[Path]:
    return sorted(fixtures_of(folder).glob(f"*/*/{article}*.json"))


def rows(done: Finished) -> list[tuple[str, str]]:
    """What a command tells, by state: `used`, `missing` ... and what stands behind it."""
    states = "|".join([*State, "missing", "fails", "unread"])
    pattern = re.compile(rf"^(?:would delete |deleted )?({states})  +(.+)$", re.MULTILINE)
    return [(match[1], match[2]) for match in pattern.finditer(done.out)]


def states(done: Finished) -> list[str]:
    return [state for state, _ in rows(done)]


def own_prompts(folder: Path) -> Path:
    prompts = shutil.copytree(ROOT / "prompts", folder / "prompts")
    (prompts / "system.md").write_text("Another prompt.")
    return prompts


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- check ---


def test_a_check_of_sound_recordings_passes(extract: Extract, news: Path) -> None:
    done = extract("fixtures", "check", "news")
    assert (done.code, done.err) == (0, "")
    assert states(done) == ["used", "used"]
    assert all(str(path.relative_to(news.parent)) in done.out for path in recordings(news))
    assert "compatible/test" in done.out
    assert "articles: 2 replayed" in done.out and "recordings: 2 used" in done.out
    assert extract("fixtures", "check", "news", "--strict").code == 0


def test_a_check_reaches_no_network_and_no_service(news: Path, service: Service) -> None:
    (news / "third.txt").write_text("Nothing is recorded of this.")
    program = """
import sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise SystemExit(f"{event} {arguments}")
sys.addaudithook(watch)
from extractor.cli import main
sys.argv[0] = "extract"
main()
"""
    asked = len(service.requests)
    command = [sys.executable, "-c", program, "fixtures", "check", "news", "--model", "compatible/test"]
    done = subprocess.run(command, cwd=news.parent, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (3, "")
    assert len(service.requests) == asked == 2


def test_an_article_that_is_not_recorded_is_missing(command: Extract, news: Path) -> None:
    (news / "third.txt").write_text("Nothing is recorded of this.")
    done = command("fixtures", "check", "news")
    assert done.code == 3
    assert sorted(states(done)) == ["missing", "used", "used"]
    [(_, missing)] = [row for row in rows(done) if row[0] == "missing"]
    assert missing.startswith("third.txt: no recording is of this article")
    assert "extract news/third.txt --record --model compatible/test" in done.out
    assert "articles: 2 replayed, 1 missing" in done.out


def changed_prompt(folder: Path) -> list[str]:
    return ["--prompts", str(own_prompts(folder))]


def changed_parameters(folder: Path) -> list[str]:
    return ["--temperature", "0.5"]


def changed_parts(folder: Path) -> list[str]:
    return ["--max-chars", "60"]


def changed_article(folder: Path) -> list[str]:
    for path in (folder / "news").iterdir():
        path.write_text(path.read_text() + "It was raining.\n")
    return []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (changed_prompt, "the prompt has changed"),
        (changed_parameters, "the parameters have changed"),
        (changed_parts, "the article, or what is asked for of it at once, has changed"),
        (changed_article, "the article, or what is asked for of it at once, has changed"),
    ],
)
def test_a_stale_recording_is_told_with_what_has_changed(
    command: Extract, news: Path, change: Callable[[Path], list[str]], named: str
) -> None:
    done = command("fixtures", "check", "news", *change(news.parent))
    assert done.code == 3
    assert sorted(states(done)) == ["missing"] * 2 + ["stale"] * 2
    assert all(named in told for state, told in rows(done) if state == "stale")


def test_how_to_record_names_the_parameters(command: Extract, news: Path) -> None:
    done = command("fixtures", "check", "news", "--temperature", "0", "--max-tokens", "900")
    assert "--record --model compatible/test --base-url URL --temperature 0.0 --max-tokens 900 --fixtures" in done.out


def test_a_stale_recording_beside_a_fresh_one_is_told_and_costs_nothing(
    command: Extract, news: Path, service: Service
) -> None:
    old = recordings(news)
    record(news, service, prompts=own_prompts(news.parent))
    check = ("fixtures", "check", "news", "--prompts", "prompts")
    done = command(*check)
    assert done.code == 0
    assert {told.split(":")[0] for state, told in rows(done) if state == "stale"} == {
        str(path.relative_to(news.parent)) for path in old
    }
    assert states(done).count("used") == 2
    assert command(*check, "--strict").code == 3


def test_a_recording_of_no_article_is_unused(command: Extract, news: Path) -> None:
    (news / "second.txt").unlink()
    done = command("fixtures", "check", "news")
    assert done.code == 0
    assert sorted(states(done)) == ["unused", "used"]
    assert "second.txt, which is not among these articles" in done.out
    assert command("fixtures", "check", "news", "--strict").code == 3


def test_a_double_is_unused(command: Extract, news: Path) -> None:
    first = recordings(news, "first")[0]
    shutil.copy(first, first.with_name(f"z{first.name}"))
    done = command("fixtures", "check", "news")
    assert done.code == 0
    assert [(state, told) for state, told in rows(done) if state == "unused"] == [
        ("unused", f"fixtures/compatible/test/z{first.name}: {first.name} holds the same")
    ]


def test_a_renamed_article_s_recording_is_used(command: Extract, news: Path) -> None:
    (news / "second.txt").rename(news / "zweiter.txt")
    done = command("fixtures", "check", "news", "--strict")
    assert (done.code, states(done)) == (0, ["used", "used"])


def test_a_damaged_recording_is_told(command: Extract, news: Path) -> None:
    [damaged] = recordings(news, "first")
    damaged.write_bytes(damaged.read_bytes()[:200])
    done = command("fixtures", "check", "news")
    assert done.code == 3
    assert sorted(states(done)) == ["damaged", "missing", "used"]
    [(_, told)] = [row for row in rows(done) if row[0] == "damaged"]
    assert damaged.name in told and "EOF" in told


def test_a_damaged_recording_that_no_article_needs_fails_the_check(command: Extract, news: Path) -> None:
    (news / "second.txt").unlink()
    recordings(news, "second")[0].write_text("{}")
    done = command("fixtures", "check", "news")
    assert (done.code, sorted(states(done))) == (3, ["damaged", "used"])


def test_a_model_of_which_all_is_damaged_is_checked(command: Extract, news: Path) -> None:
    for path in recordings(news):
        path.write_text("{}")
    done = command("fixtures", "check", "news")
    assert done.code == 3
    assert sorted(states(done)) == ["damaged"] * 2 + ["missing"] * 2
    assert "compatible/test" in done.out


def test_a_recorded_answer_that_is_none_fails_the_article(extract: Extract, news: Path, service: Service) -> None:
    recordings(news, "first")[0].unlink()
    service.answer = lambda _: NO_JSON
    record(news, service)
    done = extract("fixtures", "check", "news")
    assert done.code == 4
    assert sorted(states(done)) == ["fails", "no answer", "used"]
    assert "articles: 1 replayed, 1 failing" in done.out
    (news / "third.txt").write_text("Nothing is recorded of this.")
    assert extract("fixtures", "check", "news").code == 3


def test_an_answer_by_another_function_is_none(command: Extract, news: Path, service: Service) -> None:
    def another(body: dict[str, Any]) -> Any:
        response = chat_completion(body, GOOD)
        response["choices"][0]["message"]["tool_calls"][0]["function"]["name"] = "Another"
        return 200, {}, response

    recordings(news, "first")[0].unlink()
    service.answer = another
    record(news, service)
    done = command("fixtures", "check", "news")
    assert (done.code, sorted(states(done))) == (4, ["fails", "no answer", "used"])


def test_a_recording_without_the_re_ask_is_incomplete(command: Extract, news: Path, service: Service) -> None:
    recordings(news, "first")[0].unlink()
    service.answer = lambda _: UNGROUNDED
    record(news, service, reasks=0)
    done = command("fixtures", "check", "news")
    assert done.code == 3
    assert sorted(states(done)) == ["incomplete", "missing", "used"]
    assert command("fixtures", "check", "news", "--reasks", "0").code == 0


def test_a_recording_that_is_looked_for_elsewhere_is_misplaced(command: Extract, news: Path) -> None:
    [path] = recordings(news, "first")
    path.rename(path.with_name("first.json"))
    done = command("fixtures", "check", "news")
    assert done.code == 3
    assert sorted(states(done)) == ["misplaced", "missing", "used"]
    assert f"first.json: it is looked for as fixtures/compatible/test/{path.name}" in done.out


def test_every_recorded_model_is_checked_unless_one_is_named(command: Extract, news: Path, service: Service) -> None:
    record(news / "first.txt", service, model="compatible/other", fixtures=fixtures_of(news))
    done = command("fixtures", "check", "news")
    assert done.code == 3
    assert states(done) == ["used", "missing", "used", "used"]
    assert done.out.index("compatible/other") < done.out.index("compatible/test")
    for named in (("--model", "compatible/test"), ()):
        environment = {} if named else {"EXTRACT_MODEL": "compatible/test"}
        one = command("fixtures", "check", "news", "--strict", *named, **environment)
        assert (one.code, states(one)) == (0, ["used", "used"])
        assert "compatible/other" not in one.out


def test_an_article_read_in_parts_uses_a_recording_for_each(command: Extract, news: Path, service: Service) -> None:
    long = news / "long.txt"
    long.write_text("\n\n".join(f"{EVIDENCE} This is report {number}." for number in range(40)))
    service.answer = lambda _: answer()
    record(news, service, max_chars=1_000)
    check = ("fixtures", "check", "news", "--max-chars", "1000")
    done = command(*check, "--strict")
    assert done.code == 0
    parts = len(recordings(news, "long"))
    assert parts > 2
    assert states(done) == ["used"] * (parts + 2)
    stale = command(*check, "--prompts", str(own_prompts(news.parent)))
    assert sorted(states(stale)) == ["missing"] * 3 + ["stale"] * (parts + 2)
    whole = command("fixtures", "check", "news")
    assert sorted(states(whole)) == ["missing"] + ["stale"] * parts + ["used"] * 2


def test_an_answer_that_was_cut_off_is_used_where_halves_were_asked_for(
    command: Extract, news: Path, service: Service
) -> None:
    def cut_off_if_long(body: dict[str, Any]) -> Any:
        if len(body["messages"][1]["content"]) > 3_000:
            return 200, {}, chat_completion(body, NO_JSON, finish_reason="length")
        return answer()

    (news / "long.txt").write_text("\n\n".join(f"{EVIDENCE} This is report {number}." for number in range(50)))
    service.answer = cut_off_if_long
    assert not record(news, service).failed
    done = command("fixtures", "check", "news", "--strict")
    assert (done.code, set(states(done))) == (0, {"used"})
    assert len(recordings(news, "long")) > 2


def test_a_part_whose_answer_is_none_is_told_from_the_others(command: Extract, news: Path, service: Service) -> None:
    for path in (*news.iterdir(), *recordings(news)):
        path.unlink()
    (news / "long.txt").write_text("\n\n".join(f"{EVIDENCE} This is report {number}." for number in range(40)))
    service.answer = lambda body: NO_JSON if "report 39." in body["messages"][1]["content"] else answer()
    assert record(news, service, max_chars=1_000).failed
    done = command("fixtures", "check", "news", "--max-chars", "1000")
    assert done.code == 4
    assert states(done).count("no answer") == states(done).count("fails") == 1
    assert states(done).count("used") == len(recordings(news)) - 1 > 1


def test_a_file_that_cannot_be_read_is_told(command: Extract, news: Path) -> None:
    (news / "empty.txt").write_text("")
    done = command("fixtures", "check", "news")
    assert done.code == 4
    assert sorted(states(done)) == ["unread", "used", "used"]
    assert "empty.txt is empty" in done.out


def test_a_folder_without_recordings_fails_the_check(command: Extract, news: Path) -> None:
    shutil.rmtree(news.parent / "fixtures")
    done = command("fixtures", "check", "news")
    assert (done.code, "There is no folder fixtures" in done.err) == (2, True)
    (news.parent / "fixtures").mkdir()
    done = command("fixtures", "check", "news")
    assert (done.code, done.err) == (3, "")
    assert "fixtures holds no recordings" in done.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "nowhere"),
        (["."], "--fixtures"),
        (["news", "--model", "nobody/x"], "nobody"),
        (["news", "--model", "compatible/test", "--temperature", "9"], "--temperature"),
        (["news", "--prompts", "nowhere"], "nowhere"),
        (["news", "--encoding", "klingon"], "klingon"),
    ],
    ids=["path", "no article", "model", "parameter", "prompts", "encoding"],
)
def test_wrong_use_is_told(command: Extract, tmp_path: Path, arguments: list[str], told: str) -> None:
    if arguments != ["."]:
        (tmp_path / "news").mkdir()
        (tmp_path / "news" / "a.txt").write_text(EVIDENCE)
        (tmp_path / "fixtures").mkdir()
    for name in ("check", "prune"):
        done = command("fixtures", name, *arguments)
        assert done.code == 2
        assert told in done.err and "Traceback" not in done.err


def test_the_settings_of_the_folder_apply(extract: Extract, news: Path) -> None:
    (news.parent / "fixtures").rename(news.parent / "kept")
    (news.parent / "extract.toml").write_text('fixtures = "kept"\nmodel = "compatible/test"\nmax_chars = 60\n')
    done = extract("fixtures", "check", "news")
    assert sorted(states(done)) == ["missing"] * 2 + ["stale"] * 2
    assert extract("fixtures", "check", "news", "--max-chars", "30000").code == 0
    assert "first.txt" in extract("fixtures", "show", "first").out


# --- prune ---


@pytest.fixture
def grown(news: Path, service: Service) -> Path:
    """The folder of articles, after a change of the prompt, an article that has gone, and a copy of a recording."""
    (news / "gone.txt").write_text(f"{EVIDENCE} This was withdrawn.\n")
    record(news, service)
    (news / "gone.txt").unlink()
    record(news, service, prompts=own_prompts(news.parent))
    fresh = max(recordings(news, "first"), key=lambda path: len(path.name))
    shutil.copy(fresh, fresh.with_name(f"z{fresh.name}"))
    return news


PRUNE = ("fixtures", "prune", "news", "--prompts", "prompts")


def test_pruning_lists_and_deletes_nothing_until_it_is_told_to(command: Extract, grown: Path) -> None:
    before = contents(grown.parent)
    done = command(*PRUNE)
    assert done.code == 0
    assert sorted(states(done)) == ["stale", "stale", "unused", "unused"]
    assert "--yes" in done.err
    assert contents(grown.parent) == before


def test_pruning_deletes_what_it_lists_and_nothing_else(extract: Extract, grown: Path) -> None:
    listed = {told.split(":")[0] for _, told in rows(extract(*PRUNE))}
    before = contents(grown.parent)
    done = extract(*PRUNE, "--yes")
    assert (done.code, {told.split(":")[0] for _, told in rows(done)}) == (0, listed)
    assert before.keys() - contents(grown.parent).keys() == {str(grown.parent / name) for name in listed}
    assert extract("fixtures", "check", "news", "--prompts", "prompts", "--strict").code == 0
    again = extract(*PRUNE, "--yes")
    assert (again.code, again.out) == (0, "Nothing to prune.\n")


@pytest.fixture
def troubled(news: Path, service: Service) -> Path:
    """A used recording, and one of each kind that is not to be pruned: their states are in the files' names."""
    for name in ("damaged", "incomplete", "misplaced", "none", "stale"):
        (news / f"{name}.txt").write_text(f"{EVIDENCE} This is {name}.\n")
    (news / "second.txt").unlink()
    recordings(news, "second")[0].unlink()
    answers = {"incomplete": UNGROUNDED, "none": NO_JSON}
    service.answer = lambda body: next(
        (given for name, given in answers.items() if f"This is {name}" in body["messages"][1]["content"]), GOOD
    )
    record(news / "stale.txt", service, fixtures=fixtures_of(news), temperature=1)
    for name in ("damaged", "incomplete", "misplaced", "none"):
        record(news / f"{name}.txt", service, fixtures=fixtures_of(news), reasks=0 if name != "none" else 1)
    recordings(news, "damaged")[0].write_text("{")
    [misplaced] = recordings(news, "misplaced")
    misplaced.rename(misplaced.with_name("misplaced.json"))
    return news


def test_pruning_keeps_what_may_be_of_use(command: Extract, troubled: Path) -> None:
    done = command("fixtures", "check", "news")
    assert set(states(done)) - {"missing", "fails"} == {
        *("used", "damaged", "incomplete", "misplaced", "no answer", "stale")
    }
    before = contents(troubled.parent)
    done = command("fixtures", "prune", "news", "--yes")
    assert (done.code, done.out) == (0, "Nothing to prune.\n")
    assert contents(troubled.parent) == before


def test_pruning_all_takes_stale_recordings_without_a_fresh_one_and_still_nothing_that_can_be_mended(
    command: Extract, troubled: Path
) -> None:
    kept = {path.name for path in recordings(troubled)} - {path.name for path in recordings(troubled, "stale")}
    done = command("fixtures", "prune", "news", "--yes", "--all")
    assert (done.code, states(done)) == (0, ["stale"])
    assert {path.name for path in recordings(troubled)} == kept


def test_pruning_refuses_where_no_recording_is_used(command: Extract, news: Path, tmp_path: Path) -> None:
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "a.txt").write_text("Of this nothing is recorded.")
    before = contents(news.parent)
    done = command("fixtures", "prune", "others", "--yes")
    assert (done.code, done.out) == (2, "")
    assert "use no recording in fixtures" in done.err and "--all" in done.err
    assert command("fixtures", "prune", "others", "--all").code == 0
    assert contents(news.parent) == before
    done = command("fixtures", "prune", "others", "--all", "--yes")
    assert (done.code, states(done)) == (0, ["unused", "unused"])
    assert recordings(news) == []
    assert (tmp_path / "fixtures").is_dir()


def test_pruning_refuses_where_there_is_no_article_or_one_cannot_be_read(command: Extract, news: Path) -> None:
    before = contents(news.parent / "fixtures")
    (news / "second.txt").write_text("")
    done = command("fixtures", "prune", "news", "--yes", "--all")
    assert (done.code, done.out) == (2, "")
    assert "second.txt is empty" in done.err
    shutil.rmtree(news)
    news.mkdir()
    assert command("fixtures", "prune", "news", "--yes", "--all").code == 2
    assert contents(news.parent / "fixtures") == before


def test_pruning_spares_a_model_of_which_none_is_used(command: Extract, grown: Path, service: Service) -> None:
    record(grown, service, model="compatible/other")
    done = command(*PRUNE, "--yes")
    assert done.code == 0
    assert sorted(states(done)) == ["stale", "stale", "unused", "unused"]
    assert "compatible/other" in done.err
    assert len(list((grown.parent / "fixtures" / "compatible" / "other").iterdir())) == 2
    done = command(*PRUNE, "--yes", "--all")
    assert states(done) == ["stale", "stale"]
    assert not (grown.parent / "fixtures" / "compatible" / "other").exists()


def test_pruning_one_model_leaves_the_others_alone(command: Extract, grown: Path, service: Service) -> None:
    record(grown, service, model="compatible/other")
    done = command(*PRUNE, "--yes", "--model", "compatible/test")
    assert done.code == 0 and "compatible/other" not in done.out + done.err
    assert len(list((grown.parent / "fixtures" / "compatible" / "other").iterdir())) == 2


def test_a_recording_that_has_changed_since_it_was_held_against_the_articles_stays(news: Path) -> None:
    folder = RecordingFolder(fixtures_of(news))
    first, second = (Held(file, State.STALE, recording=recording) for file, recording in folder.recordings())
    first.file.write_text(first.file.read_text().replace('"count": 4', '"count": 5'))
    assert list(remove(folder, [first, second])) == [second]
    assert recordings(news) == [first.file]
    first.file.write_text("{")
    assert list(remove(folder, [first])) == []
    assert recordings(news) == [first.file]


def test_a_recording_that_cannot_be_deleted_is_told(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    folder = RecordingFolder(fixtures_of(news))
    held = [Held(file, State.STALE, recording=recording) for file, recording in folder.recordings()]
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(OutputError, match=r"Cannot delete \S+first\S+: permission denied"):
        list(remove(folder, held))


# --- show ---


def test_a_recording_is_shown_by_whatever_names_it(extract: Extract, news: Path) -> None:
    [path] = recordings(news, "first")
    shown = extract("fixtures", "show", "news/first.txt")
    assert (shown.code, shown.err) == (0, "")
    for line in (str(path.relative_to(news.parent)), "first.txt (art-", "compatible/test", "answer 1 of 1"):
        assert line in shown.out
    assert "100 tokens read, 20 written" in shown.out
    assert "status: ordered" in shown.out and "actors: Arvania (state)" in shown.out and "count: 4" in shown.out
    assert f"“{EVIDENCE}”" in shown.out
    for name in ("first.txt", "fir", path.relative_to(news.parent)):
        assert extract("fixtures", "show", name) == shown


def test_a_shown_recording_tells_what_was_asked_for_again(command: Extract, news: Path, service: Service) -> None:
    answers = iter([UNGROUNDED, GOOD])
    service.answer = lambda _: next(answers)
    record(news / "first.txt", service, mode="record", fixtures=fixtures_of(news))
    shown = command("fixtures", "show", "first").out
    assert shown.index("count: 40") < shown.index("answer 2 of 2") < shown.index("actions/0/count: not_in_evidence")


def test_all_recordings_of_an_article_are_shown(command: Extract, news: Path, service: Service) -> None:
    record(news, service, model="compatible/other")
    shown = command("fixtures", "show", "news/first.txt").out
    assert "fixtures/compatible/other" in shown and "fixtures/compatible/test" in shown
    assert "second" not in shown


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ({"content": None, "refusal": "I will not.\x1b[31m", "tool_calls": None}, "refused: I will not.\ufffd[31m"),
        ({"content": "In words:\nnothing.", "tool_calls": None}, "text: nothing."),
        ({"content": None, "tool_calls": None}, "nothing at all"),
    ],
    ids=["refusal", "text", "nothing"],
)
def test_what_is_no_answer_is_shown_too(
    command: Extract, news: Path, service: Service, message: dict[str, Any], shown: str
) -> None:
    def say(body: dict[str, Any]) -> Any:
        response = chat_completion(body, GOOD)
        response["choices"][0]["message"] |= message
        return 200, {}, response

    recordings(news, "first")[0].unlink()
    service.answer = say
    record(news, service)
    assert shown in command("fixtures", "show", "first").out


@pytest.mark.parametrize("arguments", ["[]", '{"actions": [', '{"actions": {"a": [1, null]}, "x": "y"}', '{"a": [[]]}'])
def test_an_answer_of_any_shape_is_shown(command: Extract, news: Path, service: Service, arguments: str) -> None:
    recordings(news, "first")[0].unlink()
    service.answer = lambda _: arguments
    record(news, service)
    done = command("fixtures", "show", "first")
    assert (done.code, done.err) == (0, "")
    assert "Extraction" in done.out


def test_what_cannot_be_shown_is_told(command: Extract, news: Path) -> None:
    for wanted, told in (("third", "No recording in fixtures is of third"), (".txt", "first.txt, second.txt")):
        done = command("fixtures", "show", wanted)
        assert (done.code, done.out) == (2, "")
        assert told in done.err
    [path] = recordings(news, "first")
    path.write_text("{")
    done = command("fixtures", "show", path.relative_to(news.parent))
    assert (done.code, path.name in done.err) == (3, True)


# --- the group ---


def test_a_folder_called_like_a_command_is_listed_by_its_path(command: Extract, news: Path) -> None:
    (news.parent / "fixtures").rename(news.parent / "check")
    listed = command("fixtures", "./check")
    assert listed.code == 0 and "first.txt" in listed.out
    assert command("fixtures", "list", "check") == listed
    assert command("fixtures", "check").code == 2
    assert "./check" in command("fixtures", "--help").out


def test_the_help_names_the_commands_and_hides_the_word_of_the_listing(command: Extract) -> None:
    text = command("fixtures", "--help", COLUMNS="200").out
    assert text.startswith("Usage: extract fixtures [OPTIONS] [FOLDER]")
    assert all(f"extract fixtures {name}" in text for name in ("check", "prune", "show"))
    assert "fixtures list" not in text


@pytest.mark.parametrize("name", ["check", "prune", "show"])
def test_each_command_has_a_help_that_imports_nothing_heavy(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "extractor.cli", "fixtures", name, "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    imported = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert not imported & {"openai", "instructor", "asyncio", "rich", "yaml"}
    assert not imported & {f"extractor.{name}" for name in ("audit", "listing", "runner", "recordings", "show")}
    assert f" fixtures {name} [OPTIONS]" in done.stdout


def test_the_help_tells_what_pruning_keeps_and_when_it_refuses(command: Extract) -> None:
    text = " ".join(command("fixtures", "prune", "--help", COLUMNS="200").out.split())
    for told in ("--yes", "--all", "What stays", "exit code 2"):
        assert told in text


def test_the_shell_completes_the_commands() -> None:
    words = {"_EXTRACT_COMPLETE": "complete_bash", "COMP_WORDS": "extract fixtures ", "COMP_CWORD": "2"}
    script = Path(sys.executable).parent / "extract"
    done = subprocess.run(
        [script], env={**os.environ, **words}, capture_output=True, text=True, timeout=120, check=True
    )
    assert {"check", "prune", "show"} <= set(done.stdout.split())
    assert "list" not in done.stdout.split()


# --- the workflow ---


@pytest.fixture
def repository(tmp_path: Path, command: Extract) -> Path:
    """A repository of articles, recordings and events, as one that uses the workflow is."""
    folder = tmp_path / "repository"
    shutil.copytree(SEEDS, folder / "seeds")
    shutil.copytree(FIXTURES, folder / "fixtures")
    assert command("seeds", "--replay", "--out", "events.json", cwd=folder).code == 0
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


def git(folder: Path, *arguments: str) -> None:
    # Whatever is set for git on the tester's machine must not reach the repository.
    names = {"HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=folder, env={**os.environ, **names}, timeout=120, check=True)


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "--message", "x")


def steps() -> dict[str, dict[str, Any]]:
    workflow = yaml.safe_load(WORKFLOW.read_text())
    [job] = workflow["jobs"].values()
    return {step["name"]: step for step in job["steps"] if "name" in step}


def run_workflow(folder: Path) -> tuple[str | None, str]:
    """Run the workflow's steps as its runner would, but for the installation: the step that failed, and its output."""
    workflow = yaml.safe_load(WORKFLOW.read_text())
    assert workflow["defaults"]["run"]["shell"] == "bash"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **workflow["env"], "PATH": path, "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    environment["GITHUB_STEP_SUMMARY"] = str(folder / "summary.md")
    for name, step in steps().items():
        if "run" not in step or "pip install" in step["run"]:
            continue
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode:
            return name, done.stdout + done.stderr
    return None, ""


def test_the_workflow_is_whole() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text())
    # YAML takes the key `on` for true.
    assert set(workflow) == {"name", True, "permissions", "env", "defaults", "jobs"}
    assert "pull_request" in workflow[True]
    assert workflow["permissions"] == {"contents": "read"}
    [job] = workflow["jobs"].values()
    assert all(("run" in step) != ("uses" in step) for step in job["steps"])
    assert [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step] == [
        *("actions/checkout", "actions/setup-python", "actions/upload-artifact")
    ]
    assert steps()["Install extract"]["run"] == 'python -m pip install "$EXTRACT_PACKAGE"'
    upload = job["steps"][-1]
    assert upload["if"] == "failure()"
    assert upload["with"]["path"].split("\n")[:2] == ["events.diff", "${{ env.EVENTS }}"]


def test_the_workflow_s_commands_and_options_exist(command: Extract) -> None:
    written = [
        line.split() for step in steps().values() for line in step.get("run", "").splitlines() if line[:8] == "extract "
    ]
    assert len(written) == 2
    for line in written:
        words = [word for word in line[1:] if word in ("fixtures", "check")]
        text = command(*words, "--help").out
        assert f"{' '.join(words)} [OPTIONS] {{PATHS}}" in text or not words
        assert all(word in text for word in line if word.startswith("--"))


def test_the_workflow_passes_where_nothing_has_changed(repository: Path) -> None:
    assert run_workflow(repository) == (None, "")


def test_the_workflow_fails_where_events_have_changed_and_keeps_the_difference(repository: Path) -> None:
    [path] = repository.glob("fixtures/*/*/002*.json")
    path.write_text(path.read_text(encoding="utf-8").replace('"status": "proposed"', '"status": "ordered"', 1))
    failed, _ = run_workflow(repository)
    assert failed == "Compare with the events that are committed"
    difference = (repository / "events.diff").read_text(encoding="utf-8")
    assert '-      "status": "proposed"' in difference and '+      "status": "ordered"' in difference


def test_the_workflow_tells_what_became_of_the_records(repository: Path, extract: Extract) -> None:
    [path] = repository.glob("fixtures/*/*/002*.json")
    path.write_text(path.read_text(encoding="utf-8").replace('"status": "proposed"', '"status": "ordered"', 1))
    assert extract("seeds", "--replay", "--out", "events.json", cwd=repository).code == 0
    commit(repository)
    assert run_workflow(repository) == (None, "")
    summary = (repository / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("**5 articles compared: 1 became a fact, ")
    assert "| status | proposed | ordered |" in summary


def test_the_workflow_fails_where_events_were_never_committed(repository: Path) -> None:
    git(repository, "rm", "--quiet", "--cached", "events.json")
    (repository / "events.json").unlink()
    commit(repository)
    assert run_workflow(repository)[0] == "Compare with the events that are committed"


def test_the_workflow_fails_where_a_new_article_is_not_recorded(repository: Path) -> None:
    (repository / "seeds" / "new.txt").write_text(EVIDENCE)
    failed, told = run_workflow(repository)
    assert failed == "Check that every article has a sound recording"
    assert "new.txt: no recording is of this article" in told
