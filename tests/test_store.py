"""The store of answers: what a run keeps, where, and what becomes of it when the store cannot be used."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import extractor
from extractor.errors import DamagedRecording, NotTried, OutputError, UsageError
from extractor.recordings.format import Attempt, Parts, RecordedCall, Recording
from extractor.recordings.keeping import StoreKeeper
from extractor.recordings.store import RecordingStore, key_of

from .conftest import Finished, Service, action, actor, answer

Serve = Callable[[Callable[[dict[str, Any]], Any]], Service]
Extract = Callable[..., Finished]
MODEL = "compatible/test"
TEXT = "Arvania expelled four Belland envoys on Monday."
GOOD = answer(
    actions=[action(TEXT, actors=[actor("Arvania")], targets=[actor("Belland envoys", kind="group")], count=4)]
)
BROKEN = (500, {}, {"error": {"message": "broken"}})


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(f"{TEXT} So says {name}.", encoding="utf-8")
    return folder


def run(news: Path, service: Service, **options: Any) -> Any:
    given_: dict[str, Any] = {"model": MODEL, "base_url": service.url, "attempts": 1, "concurrency": 1} | options
    return extractor.extract(news, **given_)


def a_recording(number: int = 1, *, answers: int = 1, text: str = "x") -> Recording:
    """A recording of an article of this number, with so many answers."""
    parts = Parts(prompt="p", schema="s", article=f"art-{number}", parameters="q", model=MODEL)
    calls = [RecordedCall(name="Extraction", arguments={"text": text})]
    attempt = Attempt(feedback=None, finish_reason="stop", tool_calls=calls, text=None, refusal=None, usage=None)
    return Recording(format=1, article=f"{number}.txt", model=MODEL, parts=parts, attempts=[attempt] * answers)


def test_without_a_folder_of_recordings_answers_are_kept_in_the_store(news: Path, serve: Serve, tmp_path: Path) -> None:
    service = serve(lambda _: GOOD)
    first, again = run(news, service), run(news, service)
    assert len(service.requests) == 2
    assert first.records == again.records != []
    assert again.calls.replayed == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == [".extract", "news"]
    assert (tmp_path / ".extract" / ".gitignore").read_text().endswith("*\n")


def test_the_stored_model_is_replayed_without_a_service(news: Path, serve: Serve) -> None:
    made = run(news, serve(lambda _: GOOD))
    assert extractor.extract(news).records == made.records
    assert extractor.extract(news, mode="replay", model=MODEL).records == made.records


@pytest.mark.parametrize("options", [{"no_cache": True}, {"fixtures": "fixtures"}, {"mode": "record"}])
def test_answers_are_kept_as_files_where_that_is_wanted(
    news: Path, serve: Serve, tmp_path: Path, options: dict[str, Any]
) -> None:
    run(news, serve(lambda _: GOOD), **options)
    assert len(list((tmp_path / "fixtures").rglob("*.json"))) == 2
    assert not (tmp_path / ".extract").exists()
    run(news, serve(lambda _: BROKEN))
    assert not (tmp_path / ".extract").exists(), "where there is a folder of recordings, it is used"


def test_a_store_that_is_named_goes_on_from_the_recordings(news: Path, serve: Serve, tmp_path: Path) -> None:
    service = serve(lambda _: GOOD)
    run(news / "a.txt", service, mode="record")
    both = run(news, service, cache="kept")
    assert len(service.requests) == 2
    assert both.calls.replayed == 1
    assert len(list((tmp_path / "fixtures").rglob("*.json"))) == 1
    assert extractor.extract(news, mode="replay", model=MODEL, cache="kept").records == both.records


def test_a_folder_of_recordings_that_comes_later_hides_no_paid_answer(
    news: Path, serve: Serve, here: Extract, tmp_path: Path
) -> None:
    service = serve(lambda _: GOOD)
    made = run(news, service)
    assert here("fixtures", "export", "--article", "a.txt").code == 0
    assert run(news, service).records == made.records
    assert len(service.requests) == 2
    replayed = extractor.extract(news, mode="replay", model=MODEL)
    assert [item.name for item in replayed.failed] == ["b.txt"], "recordings alone, as others have them"


def test_what_failed_is_tried_again_and_what_changed_is_redone(news: Path, serve: Serve) -> None:
    service = serve(lambda body: BROKEN if "says b" in body["messages"][1]["content"] else GOOD)
    assert [item.name for item in run(news, service).failed] == ["b.txt"]
    service.answer = lambda _: GOOD
    assert not run(news, service).failed
    (news / "a.txt").write_text(f"{TEXT} So says another.", encoding="utf-8")
    run(news, service)
    asked = [body["messages"][1]["content"].split("So says ")[1].split(".")[0] for body in service.requests]
    assert asked == ["a", "b", "b", "another"]


def test_options_that_exclude_each_other_are_refused(news: Path, serve: Serve, here: Extract) -> None:
    done = here(news, "--model", MODEL, "--cache", "x", "--no-cache")
    assert done.code == 2 and "--no-cache exclude each other" in done.err
    with pytest.raises(UsageError, match="exclude each other"):
        run(news, serve(lambda _: GOOD), cache="x", no_cache=True)


def test_a_flag_goes_before_the_environment_and_that_before_the_file(
    news: Path, serve: Serve, here: Extract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "extract.toml").write_text("no_cache = true\n")
    live = ("--model", MODEL, "--base-url", serve(lambda _: GOOD).url, "--out", "events.json", "--quiet")
    monkeypatch.setenv("EXTRACT_CACHE", "environment")
    assert here(news, *live).code == 0 and (tmp_path / "environment").exists()
    assert here(news, *live, "--cache", "flag").code == 0 and (tmp_path / "flag").exists()
    assert here(news, *live, "--no-cache").code == 0 and (tmp_path / "fixtures").exists()


def test_a_dry_run_leaves_no_store_behind(news: Path, here: Extract, tmp_path: Path) -> None:
    assert here(news, "--model", MODEL, "--base-url", "http://127.0.0.1:1", "--dry-run").code == 0
    assert not (tmp_path / ".extract").exists()


# --- stores that cannot be used ---


def damage(file: Path) -> None:
    file.write_bytes(b"no database, but something long enough to be taken for one" * 100)


def of_a_newer_version(file: Path) -> None:
    execute(file, "PRAGMA user_version = 99")


def of_an_older_version(file: Path) -> None:
    execute(file, "PRAGMA user_version = 0")


def of_another_program(file: Path) -> None:
    execute(file, "PRAGMA application_id = 7")


def execute(file: Path, statement: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "code", "told"),
    [
        (damage, 3, "The store of answers is damaged"),
        (of_a_newer_version, 2, "a newer version of extract"),
        (of_an_older_version, 2, "an older version of extract"),
        (of_another_program, 2, "another program's database"),
    ],
)
def test_a_store_that_cannot_be_used_stops_the_run_and_is_left_as_it_is(
    news: Path, serve: Serve, here: Extract, *, spoil: Callable[[Path], None], code: int, told: str
) -> None:
    service = serve(lambda _: GOOD)
    run(news, service)
    file = Path(".extract", "answers.sqlite")
    spoil(file)
    before = file.read_bytes()
    (news / "c.txt").write_text("Something new.", encoding="utf-8")
    for command in ((news, "--model", MODEL, "--base-url", service.url), ("cache", "info"), ("fixtures", "export")):
        done = here(*command)
        assert (done.code, told in done.err) == (code, True), done.err
    assert len(service.requests) == 2
    assert file.read_bytes() == before


def test_a_damaged_answer_is_told_and_not_asked_for_again(news: Path, serve: Serve, here: Extract) -> None:
    service = serve(lambda _: GOOD)
    run(news, service)
    execute(Path(".extract", "answers.sqlite"), "UPDATE recordings SET content = '{}' WHERE article = 'a.txt'")
    again = run(news, service)
    assert [(item.name, item.failure.kind) for item in again.failed] == [("a.txt", "damaged_recording")]
    assert len(service.requests) == 2
    assert here("cache", "info").code == 0
    assert here("cache", "info", "--check").code == 3


def test_a_file_where_the_store_should_be_is_named(news: Path, serve: Serve) -> None:
    Path("kept").write_text("")
    with pytest.raises(UsageError, match="kept is no folder"):
        run(news, serve(lambda _: GOOD), cache="kept")


def test_a_store_that_another_program_has_locked_is_told_before_anything_is_paid(news: Path, serve: Serve) -> None:
    service = serve(lambda _: GOOD)
    run(news / "a.txt", service)
    other = sqlite3.connect(Path(".extract", "answers.sqlite"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OutputError, match="another program has it locked"):
        run(news, service, timeout=0.01)
    other.close()
    assert not run(news, service).failed
    assert len(service.requests) == 2


def test_what_could_not_be_saved_is_saved_when_it_can_be(tmp_path: Path) -> None:
    async def kept() -> StoreKeeper:
        keeper = StoreKeeper(RecordingStore(tmp_path / "s", writes=True, patience=0.01), 1)
        other = sqlite3.connect(tmp_path / "s" / "answers.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        for number in (1, 2):
            with pytest.raises(OutputError, match="locked"):
                await keeper.keep(a_recording(number), instead=False)
        assert keeper.trouble is not None
        assert (await keeper.find("1.txt", a_recording(1).parts))[1] == a_recording(1)
        other.close()
        await keeper.close()
        return keeper

    assert asyncio.run(kept()).trouble is None
    assert [one.article for one in reopened(tmp_path / "s")] == ["1.txt", "2.txt"]


def reopened(folder: Path) -> list[Recording]:
    store = RecordingStore.existing(folder)
    assert store is not None
    recordings = list(store.recordings())
    store.close()
    return recordings


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path) -> None:
    """Leave no space on a disk."""
    with contextlib.suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


def test_a_full_disk_ends_what_is_asked_and_loses_nothing(news: Path, serve: Serve, small_disk: Path) -> None:
    service = serve(lambda _: GOOD)
    run(news / "a.txt", service, cache=small_disk / "kept")
    for name in ("c", "d"):
        (news / f"{name}.txt").write_text(f"{TEXT} {name} says so. " + "It was raining. " * 3000, encoding="utf-8")
    long = GOOD["actions"][0] | {"reason": "rain " * 3000}
    service.answer = lambda _: fill(small_disk) or answer(actions=[long])
    done = run(news, service, cache=small_disk / "kept", max_chars=100_000, reasks=0)
    assert {item.failure.kind for item in done.failed} == {"output"}
    paid = len(service.requests)
    assert paid < 4, "nothing more is asked for once answers cannot be kept"
    assert len(done.records) == paid
    (small_disk / "filler").unlink()
    service.answer = lambda _: GOOD
    assert not run(news, service, cache=small_disk / "kept", max_chars=100_000).failed


def test_a_full_disk_at_the_start_costs_nothing(news: Path, serve: Serve, here: Extract, small_disk: Path) -> None:
    fill(small_disk)
    service = serve(lambda _: GOOD)
    done = here(news, "--model", MODEL, "--base-url", service.url, "--cache", small_disk / "kept")
    assert done.code == 6 and "no space left on device" in done.err.lower()
    assert service.requests == []


def test_a_store_that_can_only_be_read_is_replayed_and_not_asked_beyond(
    news: Path, serve: Serve, here: Extract, small_disk: Path
) -> None:
    service = serve(lambda _: GOOD)
    made = run(news, service, cache=small_disk / "kept")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    done = here(news, "--model", MODEL, "--base-url", service.url, "--cache", small_disk / "kept")
    assert done.code == 6 and "read-only" in done.err.lower()
    replayed = extractor.extract(news, mode="replay", model=MODEL, cache=small_disk / "kept")
    assert replayed.records == made.records


def test_a_store_can_be_made_by_many_at_once(tmp_path: Path) -> None:
    def made(folder: Path, number: int) -> None:
        store = RecordingStore(folder, writes=True)
        store.save([a_recording(number)])
        store.close()

    with ThreadPoolExecutor(6) as pool:
        for round_ in range(15):
            folder = tmp_path / f"store-{round_}"
            list(pool.map(made, [folder] * 6, range(6)))
            assert [one.article for one in reopened(folder)] == [f"{number}.txt" for number in range(6)]


# --- claims ---


def test_a_call_that_another_run_has_claimed_is_waited_for_and_then_left_to_it(tmp_path: Path) -> None:
    async def claimed() -> None:
        one, other = (StoreKeeper(RecordingStore(tmp_path / "s", writes=True), 0) for _ in range(2))
        parts = a_recording().parts
        async with one.claimed(parts, "1.txt"):
            with pytest.raises(NotTried, match="another run has been asking about it"):
                async with other.claimed(parts, "1.txt"):
                    raise AssertionError
            async with other.claimed(a_recording(2).parts, "2.txt"):
                pass
        await one.close()
        patient = StoreKeeper(RecordingStore(tmp_path / "s", writes=True), 60)
        async with patient.claimed(parts, "1.txt"):
            pass
        await other.close()
        await patient.close()

    asyncio.run(claimed())


def test_a_claim_ends_with_its_process(tmp_path: Path) -> None:
    key = key_of(a_recording().parts)
    program = f"""
import signal
from pathlib import Path
from extractor.recordings.store import RecordingStore
store = RecordingStore(Path({str(tmp_path / "s")!r}), writes=True)
print(store.locks.claim({key!r}), flush=True)
signal.pause()
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "True\n"
        store = RecordingStore(tmp_path / "s", writes=True)
        assert store.locks is not None
        assert not store.locks.claim(key)
        with pytest.raises(OutputError, match="a run is using it"):
            store.clear()
        process.send_signal(signal.SIGKILL)
    assert store.locks.claim(key)
    store.close()


# --- commands ---


def test_the_store_is_told_of_and_cleared_on_demand(news: Path, serve: Serve, here: Extract) -> None:
    assert "There is no store in .extract" in here("cache", "info").out
    service = serve(lambda _: GOOD)
    run(news, service)
    assert MODEL in here("cache", "info").out
    assert "would delete 2 recordings" in here("cache", "clear").out
    assert "deleted 0 recordings" in here("cache", "clear", "--yes", "--model", "compatible/other").out
    assert "deleted 2 recordings" in here("cache", "clear", "--yes").out
    run(news, service)
    assert len(service.requests) == 4


def test_recordings_are_moved_from_store_to_files_and_back(
    news: Path, serve: Serve, here: Extract, tmp_path: Path
) -> None:
    made = run(news, serve(lambda _: GOOD))
    assert "copied 1 recordings from .extract to fixtures" in here("fixtures", "export", "--article", "a.txt").out
    assert "copied 1 recordings from .extract to fixtures; 1 were there" in here("fixtures", "export").out
    assert extractor.extract(news, mode="replay", fixtures="fixtures").records == made.records
    recorded = {path.name: json.loads(path.read_bytes()) for path in (tmp_path / "fixtures").rglob("*.json")}
    assert {content["article"] for content in recorded.values()} == {"a.txt", "b.txt"}
    assert "copied 2 recordings from fixtures to other" in here("fixtures", "import", "--cache", "other").out
    assert reopened(tmp_path / "other") == reopened(tmp_path / ".extract")


def test_another_answer_to_the_same_request_stays_where_it_is(
    news: Path, serve: Serve, here: Extract, tmp_path: Path
) -> None:
    service = serve(lambda _: GOOD)
    run(news / "a.txt", service)
    service.answer = lambda _: answer()
    run(news / "a.txt", service, mode="record")
    before = [path.read_bytes() for path in (tmp_path / "fixtures").rglob("*.json")]
    done = here("fixtures", "export")
    assert "copied 0 recordings" in done.out and "a.txt: another recording" in done.err
    assert [path.read_bytes() for path in (tmp_path / "fixtures").rglob("*.json")] == before


def test_a_damaged_file_is_passed_over_and_told(news: Path, serve: Serve, here: Extract, tmp_path: Path) -> None:
    run(news, serve(lambda _: GOOD), mode="record")
    min((tmp_path / "fixtures").rglob("*.json")).write_text("{")
    done = here("fixtures", "import")
    assert done.code == DamagedRecording.exit_code
    assert "copied 1 recordings" in done.out and "is damaged" in done.err


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_a_store_gives_back_what_was_saved_last(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    store = RecordingStore(tmp_path_factory.mktemp("store"), writes=True)
    for text in texts:
        store.save([a_recording(1, text=text), a_recording(2, answers=2, text=text)])
    assert store.find(a_recording(1).parts) == a_recording(1, text=texts[-1])
    assert list(store.recordings()) == [a_recording(1, text=texts[-1]), a_recording(2, answers=2, text=texts[-1])]
    assert store.find(a_recording(3).parts) is None
    store.close()
