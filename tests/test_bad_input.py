"""Bad input, bad models, bad disks: each ends in a message that helps and the documented exit code, nothing lost."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from extractor.cli import main
from extractor.errors import OutputError, UsageError
from extractor.files import check_writable, write_atomically
from extractor.recordings import Mode
from extractor.runner import Options, choose_model

from .conftest import ROOT, Finished, Service, action, actor, answer, chat_completion, statement

Extract = Callable[..., Finished]
Serve = Callable[[Callable[[dict[str, Any]], Any]], Service]

EVIDENCE = "Britain expelled two Norvanian diplomats on Monday"
GOOD = f"LONDON, January 3, 2017 - {EVIDENCE}, the Foreign Office said.\n"
EXPULSION = action(
    EVIDENCE,
    actors=[actor("Britain", country="United Kingdom")],
    targets=[actor("Norvanian diplomats", kind="person")],
    count=2,
    count_unit="diplomats",
)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x00\x00\x00\x01\x80\x08\x06\x00\x00\x00" + bytes(range(256))


def good(body: dict[str, Any]) -> dict[str, Any]:
    """An answer that holds up for every article written here."""
    return answer(actions=[EXPULSION])


@pytest.fixture
def extract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Extract:
    """Run the `extract` command within this process: the modules it needs take longer to load than most tests."""

    def run(*arguments: str | Path) -> Finished:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["extract", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Finished(int(ended.value.code or 0), told.out, told.err)

    return run


def article(folder: Path, *names: str) -> Path:
    """Write good articles, each with a text of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(f"{GOOD}\nThis is the report {name!a}.\n")
    return folder


def asked_about(body: dict[str, Any], *names: str) -> bool:
    """Whether a request is about one of these articles."""
    return any(f"This is the report {name!a}." in body["messages"][1]["content"] for name in names)


def live(service: Service, *options: str) -> list[str]:
    return ["--model", "compatible/test", "--base-url", service.url, *options]


def read(file: Path) -> dict[str, Any]:
    return json.loads(file.read_bytes())


def outcomes(file: Path) -> dict[str, str]:
    return {entry["name"]: entry["outcome"] for entry in read(file)["articles"]}


def said(text: str) -> str:
    """A message without its line breaks and the frame that usage errors stand in."""
    return re.sub(r"[\s│╭╮╰╯─]+", " ", text)


def assert_told(done: Finished, code: int, *parts: str | Path) -> None:
    """The command ended with this exit code and a message that names all this, and shows no traceback."""
    assert "Traceback" not in done.err, done.err
    assert done.code == code, done.err
    for part in parts:
        assert str(part) in said(done.err)


def acting_characters(text: str) -> set[str]:
    """The characters of a text that would act on a terminal."""
    return {char for char in text if unicodedata.category(char) == "Cc" and char != "\n"}


# --- paths ---


def test_a_missing_path_is_named(extract: Extract, tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    done = extract("a.txt", "nowhere.txt", "--model", "compatible/test", "--base-url", "http://127.0.0.1:9/v1")
    assert_told(done, 2, "No such file or folder: nowhere.txt", "Check the spelling")


def test_a_path_too_long_to_exist_is_a_missing_path(extract: Extract) -> None:
    done = extract("x" * 5000, "--model", "compatible/test", "--base-url", "http://127.0.0.1:9/v1")
    assert_told(done, 2)


@pytest.mark.parametrize("files", [[], ["notes.docx", "page.png"], [".hidden.txt"]], ids=["empty", "others", "hidden"])
def test_a_folder_without_articles_is_named(extract: Extract, serve: Serve, tmp_path: Path, files: list[str]) -> None:
    article(tmp_path / "news", *files)
    done = extract("news", *live(serve(good)))
    assert_told(done, 2, "No article in news", ".txt")


BAD_FILES = {
    "empty.txt": (b"", "is empty"),
    "white.txt": (b" \n\t\r\n", "is empty"),
    "png.txt": (PNG, "is not a text file"),
    "random.txt": (bytes(range(256)) * 64, "is not a text file"),
    "broken.txt": (b"\xff\xfehalf a mark", "begins like UTF-16"),
}


def test_bad_files_beside_a_good_one_fail_alone_and_a_pipe_is_not_waited_for(
    extract: Extract, serve: Serve, tmp_path: Path
) -> None:
    news = article(tmp_path / "news", "good.txt")
    for name, (data, _) in BAD_FILES.items():
        (news / name).write_bytes(data)
    (news / "link.txt").symlink_to("nowhere")
    os.mkfifo(news / "pipe.txt")
    reasons = {name: reason for name, (_, reason) in BAD_FILES.items()} | {
        "link.txt": "is a link to a file that does not exist",
        "pipe.txt": "is not a regular file",
    }
    service = serve(good)
    done = extract("news", *live(service, "--out", "events.json"))
    assert_told(done, 4, *(f"{name} {reason}" for name, reason in reasons.items()))
    assert outcomes(tmp_path / "events.json") == {"good.txt": "done"} | dict.fromkeys(reasons, "failed")
    bad = [entry for entry in read(tmp_path / "events.json")["articles"] if entry["outcome"] == "failed"]
    for entry in bad:
        assert entry["failure"]["kind"] == "unreadable_article"
        assert reasons[entry["name"]] in entry["failure"]["message"]
        assert entry["id"] == "unread-" + hashlib.sha256(entry["name"].encode()).hexdigest()[:12]
    assert len(read(tmp_path / "events.json")["records"]) == len(service.requests) == 1


def test_a_folder_with_a_files_name_is_read_as_a_folder(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path / "x.txt", "inner.txt")
    done = extract("x.txt", *live(serve(good), "--out", "events.json"))
    assert_told(done, 0)
    assert outcomes(tmp_path / "events.json") == {"inner.txt": "done"}


def test_a_text_of_50_megabytes_is_refused_and_not_sent(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path / "news", "good.txt")
    (tmp_path / "news" / "huge.txt").write_bytes(GOOD.encode() * (50_000_000 // len(GOOD)))
    service = serve(good)
    done = extract("news", *live(service, "--out", "events.json"))
    assert_told(done, 4, "huge.txt is too long", "the limit is 2,000,000 characters", "Split it into its articles")
    assert len(service.requests) == 1
    assert (tmp_path / "events.json").stat().st_size < 100_000


def test_how_much_is_asked_about_at_once_is_the_users(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{GOOD}\n{'Nothing else was known. ' * 100}\n")

    def what_there_is(body: dict[str, Any]) -> dict[str, Any]:
        return good(body) if EVIDENCE in body["messages"][1]["content"] else answer()

    for limit, asked in (("3000", 1), ("2000", 2)):
        service = serve(what_there_is)
        assert_told(extract("a.txt", *live(service, "--max-chars", limit, "--record", "--out", "events.json")), 0)
        assert len(service.requests) == asked


def test_two_articles_with_one_name_are_both_done(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(f"{GOOD}\nThis is the report of {folder}.\n")
    service = serve(good)
    done = extract("one", "two", *live(service, "--out", "events.json"))
    assert_told(done, 0)
    entries = read(tmp_path / "events.json")["articles"]
    assert [entry["name"] for entry in entries] == ["a.txt", "a.txt"]
    assert len({entry["id"] for entry in entries}) == 2
    assert {record["article"] for record in read(tmp_path / "events.json")["records"]} == {e["id"] for e in entries}
    again = extract("two", "one", *live(service, "--out", "again.json"))
    assert_told(again, 0)
    assert len(service.requests) == 2, "both are recorded"


def test_the_same_file_given_twice_is_read_once(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path / "news", "a.txt")
    service = serve(good)
    done = extract("news", "news/a.txt", "./news/../news/a.txt", *live(service, "--out", "events.json"))
    assert_told(done, 0)
    assert len(service.requests) == len(read(tmp_path / "events.json")["articles"]) == 1


def test_the_same_text_under_two_names_is_read_once_and_said_so(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    shutil.copy(tmp_path / "a.txt", tmp_path / "b.txt")
    service = serve(good)
    done = extract("a.txt", "b.txt", *live(service, "--out", "events.json"))
    assert_told(done, 0, "Read once, with what they are copies of: 1 article: b.txt (a.txt)")
    assert len(service.requests) == 1
    assert outcomes(tmp_path / "events.json") == {"a.txt": "done"}


# --- encodings ---


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]


def test_text_in_any_usual_encoding_reaches_the_model_as_it_is(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    french = (
        "GENÈVE, 3 janvier 2017 - Le ministère des Affaires étrangères a expulsé deux diplomates norvaniens lundi, "
        "à la suite d'une enquête. L'ambassadeur, reçu à Genève, a été prié de s'expliquer.\r\n"
    )
    texts = {f"{encoding}.txt": f"{french}\r\nEn {encoding}.\r\n" for encoding in ENCODINGS}
    texts["cp1252.txt"] += "« C’est une décision regrettable – et inutile », a-t-il déclaré.\r\n"
    (tmp_path / "news").mkdir()
    for name, text in texts.items():
        (tmp_path / "news" / name).write_bytes(text.encode(name.removesuffix(".txt")))
    quote = "Le ministère des Affaires étrangères a expulsé deux diplomates norvaniens"
    ministry = actor("Le ministère des Affaires étrangères", kind="government_body")
    claim = action(quote, actors=[ministry], targets=[actor("diplomates norvaniens", kind="person")])
    service = serve(lambda body: answer(actions=[claim]))
    done = extract("news", *live(service, "--out", "events.json"))
    assert_told(done, 0)
    asked = [body["messages"][1]["content"] for body in service.requests]
    assert all(any(text in content for content in asked) for text in texts.values())
    result = read(tmp_path / "events.json")
    assert {entry["name"]: entry["text"] for entry in result["articles"]} == texts
    named = {entry["id"]: entry["name"] for entry in result["articles"]}
    assert len(result["records"]) == len(texts)
    for record in result["records"]:
        [evidence] = record["evidence"]
        text = texts[named[record["article"]]]
        assert text[evidence["start"] : evidence["end"]] == evidence["quote"] == quote


def test_a_guessed_encoding_is_said(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    text = GOOD + "À la suite de l'enquête, l'ambassadeur a été reçu à Genève, où il a été prié de s'expliquer.\n"
    (tmp_path / "a.txt").write_bytes(text.encode("latin-1"))
    done = extract("a.txt", *live(serve(good), "--out", "events.json"))
    assert_told(done, 0, "a.txt was read as", "by what its bytes tell")


def test_a_named_encoding_is_used_for_what_is_not_utf_8(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    news = article(tmp_path / "news", "plain.txt")
    polish = f"{GOOD}\nMinister spraw zagranicznych Łukasz Żółć złożył wyjaśnienia.\n"
    (news / "polish.txt").write_bytes(polish.encode("iso8859-2"))
    (news / "odd.txt").write_bytes(GOOD.encode() + b"Norv\xa5nia.\n")
    service = serve(good)
    done = extract("news", *live(service, "--encoding", "latin2", "--out", "events.json"))
    assert_told(done, 0)
    found = {entry["name"]: entry for entry in read(tmp_path / "events.json")["articles"]}
    assert found["polish.txt"]["text"] == polish
    assert {name: entry["encoding"] for name, entry in found.items()} == {
        "odd.txt": "iso8859-2",
        "plain.txt": "utf-8",
        "polish.txt": "iso8859-2",
    }
    done = extract("news", *live(service, "--encoding", "shift_jis", "--out", "events.json"))
    assert_told(done, 4, "polish.txt is neither UTF-8 nor shift_jis", "--encoding")


def test_an_encoding_that_is_none_is_refused_before_anything_is_read(extract: Extract) -> None:
    assert_told(extract("nowhere", "--encoding", "klingon", "--model", "compatible/test"), 2, "'klingon'", "encoding")


# --- permissions ---


@pytest.fixture
def bound() -> list[str]:
    """What to put before a command so that file permissions bind it, even where the tests run as root."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("permissions do not bind root, and setpriv is not here to take root's rights away")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    before = path.stat().st_mode
    path.chmod(bits)
    try:
        yield
    finally:
        path.chmod(before)


def run_bound(bound: list[str], cwd: Path, *arguments: str) -> Finished:
    command = [*bound, sys.executable, "-m", "extractor.cli", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    return Finished(done.returncode, done.stdout, done.stderr)


def test_a_file_that_may_not_be_read_fails_alone(serve: Serve, tmp_path: Path, bound: list[str]) -> None:
    article(tmp_path / "news", "closed.txt", "good.txt")
    with mode(tmp_path / "news" / "closed.txt", 0):
        done = run_bound(bound, tmp_path, "news", *live(serve(good), "--out", "events.json"))
    assert_told(done, 4, "closed.txt cannot be read: permission denied", "Check its permissions")
    assert outcomes(tmp_path / "events.json") == {"closed.txt": "failed", "good.txt": "done"}


@pytest.mark.parametrize("bits", [0o000, 0o300, 0o600], ids=["closed", "not listable", "not enterable"])
def test_a_folder_that_may_not_be_read_is_named(serve: Serve, tmp_path: Path, bound: list[str], bits: int) -> None:
    article(tmp_path / "news" / "closed", "a.txt")
    with mode(tmp_path / "news" / "closed", bits):
        done = run_bound(bound, tmp_path, "news", *live(serve(good)))
    assert_told(done, 4, "closed" if bits != 0o600 else "a.txt", "ermission denied")


def test_a_file_in_a_folder_that_may_not_be_entered_is_named(serve: Serve, tmp_path: Path, bound: list[str]) -> None:
    article(tmp_path / "closed", "a.txt")
    with mode(tmp_path / "closed", 0):
        done = run_bound(bound, tmp_path, "closed/a.txt", *live(serve(good)))
    assert done.code in (2, 4)
    assert_told(done, done.code, "a.txt", "ermission denied")


def test_a_folder_that_may_not_be_written_is_refused_before_anything_is_asked(
    serve: Serve, tmp_path: Path, bound: list[str]
) -> None:
    article(tmp_path, "a.txt")
    (tmp_path / "closed").mkdir()
    service = serve(good)
    with mode(tmp_path / "closed", 0o500):
        done = run_bound(bound, tmp_path, "a.txt", *live(service, "--out", "closed/events.json"))
    assert_told(done, 6, "Cannot write closed/events.json: permission denied")
    assert service.requests == []


def test_recordings_that_cannot_be_kept_cost_no_answer(serve: Serve, tmp_path: Path, bound: list[str]) -> None:
    article(tmp_path, "a.txt")
    (tmp_path / "fixtures").mkdir()
    service = serve(good)
    with mode(tmp_path / "fixtures", 0o500):
        done = run_bound(bound, tmp_path, "a.txt", *live(service, "--out", "events.json"))
    assert done.code != 0
    assert_told(done, done.code, "fixtures", "ermission denied")
    assert service.requests == [] or outcomes(tmp_path / "events.json") == {"a.txt": "done"}


# --- the output ---


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("nowhere/events.json", "the folder"),
        ("news", "news is a folder"),
        ("x" * 300 + ".json", "Cannot write"),
    ],
    ids=["missing folder", "a folder", "too long a name"],
)
def test_a_hopeless_output_is_refused_before_anything_is_asked(
    extract: Extract, serve: Serve, tmp_path: Path, out: str, message: str
) -> None:
    article(tmp_path, "a.txt")
    (tmp_path / "news").mkdir()
    service = serve(good)
    done = extract("a.txt", *live(service, "--out", out))
    assert_told(done, 6, message)
    assert service.requests == []


@pytest.mark.parametrize(
    ("out", "message"),
    [
        (".", r"\. is a folder"),
        ("a.txt/events.json", "Cannot write a.txt/events.json: the folder .* does not exist"),
        ("gone/events.json", "Cannot write gone/events.json: the folder .* does not exist"),
    ],
    ids=["this folder", "below a file", "missing folder"],
)
def test_a_file_that_could_not_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, message: str
) -> None:
    monkeypatch.chdir(article(tmp_path, "a.txt"))
    for attempt in (check_writable, lambda path: write_atomically(path, b"{}")):
        with pytest.raises(OutputError, match=message):
            attempt(Path(out))


def through_the_shell(cwd: Path, line: str, *arguments: str) -> Finished:
    """Run a line of bash in which "$@" is the command with these arguments."""
    command = ["bash", "-c", line, "bash", sys.executable, "-m", "extractor.cli", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    return Finished(done.returncode, done.stdout, done.stderr)


def test_a_pipe_and_a_device_can_be_named_as_the_output(extract: Extract, recording: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read_from_it: list[bytes] = []
    reader = threading.Thread(target=lambda: read_from_it.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    assert_told(extract("a.txt", "--replay", "--out", "pipe"), 0)
    reader.join(60)
    assert len(json.loads(read_from_it[0])["records"]) == 1
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert_told(extract("a.txt", "--replay", "--out", "/dev/null"), 0)
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_standard_output_and_a_process_can_be_named_as_the_output(recording: Path, tmp_path: Path) -> None:
    if shutil.which("bash") is None or not Path("/dev/fd").exists():
        pytest.skip("no bash, or no /dev/fd, here")
    (tmp_path / "log").write_text("before\n")
    lines = {
        "a pipe": '"$@" --out /dev/stdout | cat > one.json',
        "a file that is added to": '"$@" --out /dev/stdout >> log',
        "a process": '"$@" --out >(cat > two.json) && while [ ! -s two.json ]; do sleep 0.1; done',
    }
    for name, line in lines.items():
        done = through_the_shell(tmp_path, line, "a.txt", "--replay")
        assert (name, done.code, done.out) == (name, 0, "")
    written = [(tmp_path / f"{name}.json").read_text() for name in ("one", "two")]
    assert len(json.loads(written[0])["records"]) == 1
    assert written[0] == written[1]
    assert (tmp_path / "log").read_text() == "before\n" + written[0]


def test_an_output_that_fails_late_loses_no_answer(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    if not Path("/proc/self").is_dir():
        pytest.skip("no /proc, whose folder looks writable and is not")
    article(tmp_path, "a.txt")
    service = serve(good)
    done = extract("a.txt", *live(service, "--out", "/proc/events.json"))
    assert_told(done, 6, "Cannot write /proc/events.json")
    again = extract("a.txt", *live(service, "--out", "events.json"))
    assert_told(again, 0)
    assert len(read(tmp_path / "events.json")["records"]) == 1
    assert len(service.requests) <= 1, "the answer was recorded"


def test_an_article_is_never_overwritten_by_the_output(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path, "a.txt", "b.txt")
    before = (tmp_path / "b.txt").read_bytes()
    done = extract("a.txt", "b.txt", *live(serve(good), "--out", "b.txt"))
    assert (tmp_path / "b.txt").read_bytes() == before
    assert done.code in (2, 6)
    assert_told(done, done.code, "b.txt")


def test_a_link_is_written_through_and_permissions_stay(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "real.json").chmod(0o640)
    (tmp_path / "events.json").symlink_to("real.json")
    assert_told(extract("a.txt", *live(serve(good), "--out", "events.json")), 0)
    assert (tmp_path / "events.json").is_symlink()
    assert outcomes(tmp_path / "real.json") == {"a.txt": "done"}
    assert (tmp_path / "real.json").stat().st_mode & 0o777 == 0o640


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_the_old_output_whole(
    extract: Extract, serve: Serve, tmp_path: Path, small_disk: Path
) -> None:
    (tmp_path / "long.txt").write_text(GOOD + "Nothing else was known on Monday. " * 4000)
    out = small_disk / "events.json"
    out.write_text('{"old": true}\n')
    service = serve(good)
    done = extract("long.txt", "--max-chars", "200000", *live(service, "--out", str(out)))
    assert_told(done, 6, f"Cannot write {out}: no space left on device", "running again asks no model")
    assert out.read_text() == '{"old": true}\n'
    assert [path.name for path in small_disk.iterdir()] == ["events.json"]
    again = extract("long.txt", "--max-chars", "200000", *live(service, "--out", "events.json"))
    assert_told(again, 0)
    assert len(service.requests) == 1


def test_a_full_disk_leaves_the_old_output_whole_when_articles_failed(
    extract: Extract, serve: Serve, tmp_path: Path, small_disk: Path
) -> None:
    article(tmp_path / "news", "a.txt")
    (tmp_path / "news" / "empty.txt").write_text("")
    out = small_disk / "events.json"
    out.write_text("x" * 40_000)
    done = extract("news", *live(serve(good), "--out", str(out)))
    assert_told(done, 6, "no space left on device", "running again asks no model")
    assert out.read_text() == "x" * 40_000
    assert [path.name for path in small_disk.iterdir()] == ["events.json"]


def test_a_full_disk_for_the_recordings_is_told(
    extract: Extract, serve: Serve, tmp_path: Path, small_disk: Path
) -> None:
    article(tmp_path, "a.txt")
    (small_disk / "filler").write_bytes(bytes(65_536))
    fixtures = small_disk / "fixtures"
    done = extract("a.txt", *live(serve(good), "--out", "events.json", "--fixtures", str(fixtures)))
    assert done.code != 0
    assert_told(done, done.code, fixtures, "o space left on device")


def test_a_device_without_space_is_told(tmp_path: Path, serve: Serve) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    article(tmp_path, "a.txt")
    command = [sys.executable, "-m", "extractor.cli", "a.txt", *live(serve(good))]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, timeout=120, check=False)
    assert_told(Finished(done.returncode, "", done.stderr.decode()), 6, "o space left on device")


@pytest.mark.parametrize("command", [["schema"], ["--help"], ["show", "events.json"], ["fixtures"]])
def test_no_command_breaks_on_a_device_without_space(
    extract: Extract, serve: Serve, tmp_path: Path, command: list[str]
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    article(tmp_path, "a.txt")
    if "events.json" in command:
        extract("a.txt", *live(serve(good), "--out", "events.json"))
    line = [sys.executable, "-m", "extractor.cli", *command]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(line, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, timeout=120, check=False)
    assert b"Traceback" not in done.stderr
    assert b"o space left on device" in done.stderr
    assert done.returncode == 6


def test_an_old_output_stays_when_no_article_can_be_done(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    (tmp_path / "events.json").write_text("old")
    done = extract("a.txt", *live(serve(lambda _: (401, {}, {})), "--out", "events.json"))
    assert_told(done, 5, "Nothing was written")
    assert (tmp_path / "events.json").read_text() == "old"
    assert not (tmp_path / "events.previous.json").exists()


def test_an_old_output_is_kept_aside_when_some_articles_fail(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path / "news", "a.txt")
    service = serve(good)
    assert_told(extract("news", *live(service, "--out", "events.json")), 0)
    before = (tmp_path / "events.json").read_bytes()
    (tmp_path / "news" / "empty.txt").write_text("")
    done = extract("news", *live(service, "--out", "events.json"))
    assert_told(done, 4, "events.previous.json")
    assert (tmp_path / "events.previous.json").read_bytes() == before
    assert outcomes(tmp_path / "events.json") == {"a.txt": "done", "empty.txt": "failed"}


def test_a_second_run_with_failures_does_not_take_the_good_output_away(
    extract: Extract, serve: Serve, tmp_path: Path
) -> None:
    article(tmp_path / "news", "a.txt")
    service = serve(good)
    extract("news", *live(service, "--out", "events.json"))
    before = (tmp_path / "events.json").read_bytes()
    (tmp_path / "news" / "empty.txt").write_text("")
    for _ in range(2):
        assert_told(extract("news", *live(service, "--out", "events.json")), 4)
    assert (tmp_path / "events.previous.json").read_bytes() == before


def test_a_run_without_failures_keeps_nothing_aside(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    (tmp_path / "events.json").write_text("old")
    assert_told(extract("a.txt", *live(serve(good), "--out", "events.json")), 0)
    assert sorted(path.name for path in tmp_path.glob("*.json")) == ["events.json"]


# --- recordings ---


@pytest.fixture
def recording(extract: Extract, serve: Serve, tmp_path: Path) -> Path:
    """The recording of a.txt, by compatible/test."""
    article(tmp_path, "a.txt")
    assert_told(extract("a.txt", *live(serve(good), "--out", "events.json", "--fixtures", "fixtures")), 0)
    [file] = (tmp_path / "fixtures").rglob("*.json")
    return file


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize(
    "damage",
    [truncated, lambda _: b"", lambda _: b"[]", lambda _: b'{"format": 1}', lambda _: b"\xff\xfe\x00"],
    ids=["truncated", "empty", "a list", "wrong shape", "no text"],
)
def test_a_damaged_recording_is_named(
    extract: Extract, tmp_path: Path, recording: Path, damage: Callable[[bytes], bytes]
) -> None:
    damaged = damage(recording.read_bytes())
    recording.write_bytes(damaged)
    done = extract("a.txt", "--replay", "--model", "compatible/test", "--out", "events.json")
    assert_told(done, 3, f"{recording.name} is damaged", recording.relative_to(tmp_path), "--record")
    assert recording.read_bytes() == damaged
    assert outcomes(tmp_path / "events.json") == {"a.txt": "done"}, "the old output stays"


def test_a_damaged_recording_is_named_where_no_model_is(extract: Extract, tmp_path: Path, recording: Path) -> None:
    recording.write_bytes(truncated(recording.read_bytes()))
    done = extract("a.txt", "--out", "events.json")
    assert done.code in (2, 3)
    assert_told(done, done.code, recording.name, "damaged")


def test_a_damaged_recording_is_recorded_anew_on_demand(extract: Extract, serve: Serve, recording: Path) -> None:
    whole = recording.read_bytes()
    recording.write_bytes(truncated(whole))
    assert_told(extract("a.txt", *live(serve(good), "--record")), 0)
    assert recording.read_bytes() == whole


def test_a_damaged_recording_costs_no_other_article(
    extract: Extract, serve: Serve, tmp_path: Path, recording: Path
) -> None:
    article(tmp_path, "b.txt")
    extract("b.txt", *live(serve(good)))
    recording.write_bytes(truncated(recording.read_bytes()))
    done = extract("a.txt", "b.txt", "--replay", "--model", "compatible/test", "--out", "events.json")
    assert_told(done, 3, recording.name, "damaged")
    assert outcomes(tmp_path / "events.json") == {"a.txt": "failed", "b.txt": "done"}


def test_an_article_without_a_recording_is_a_miss_with_a_command_to_paste(
    extract: Extract, tmp_path: Path, recording: Path
) -> None:
    article(tmp_path / "my news", "what's new.txt")
    done = extract("my news", "--replay", "--model", "compatible/test")
    assert_told(done, 3, "what's new.txt", "no recording")
    command = done.err.split("Record it anew: ")[1].splitlines()[0]
    assert shlex.split(command)[:3] == ["extract", "my news/what's new.txt", "--record"]


def test_without_model_and_recordings_both_ways_out_are_named(extract: Extract, tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    assert_told(extract("a.txt"), 2, "fixtures", "--model", "EXTRACT_MODEL")


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_a_folder_of_recordings_that_is_none_is_named(extract: Extract, tmp_path: Path, kind: str) -> None:
    article(tmp_path, "a.txt")
    if kind == "file":
        (tmp_path / "elsewhere").write_text("no folder")
    assert_told(extract("a.txt", "--fixtures", "elsewhere"), 2, "elsewhere")


def test_a_file_where_recordings_should_go_is_named(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    (tmp_path / "elsewhere").write_text("no folder")
    done = extract("a.txt", *live(serve(good), "--fixtures", "elsewhere"))
    assert done.code != 0
    assert_told(done, done.code, "elsewhere")
    assert "damaged" not in done.err
    assert (tmp_path / "elsewhere").read_text() == "no folder"


# --- settings ---


def test_replay_and_record_exclude_each_other(extract: Extract, tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    done = extract("a.txt", "--replay", "--record", "--model", "compatible/test")
    assert_told(done, 2, "--replay and --record exclude each other")


def test_recording_needs_a_model(extract: Extract, tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    assert_told(extract("a.txt", "--record"), 2, "--record needs a model", "--model provider/model")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--concurrency", "0"),
        ("--concurrency", "many"),
        ("--reasks", "-1"),
        ("--attempts", "0"),
        ("--timeout", "0"),
        ("--timeout", "nan"),
        ("--max-chars", "0"),
        ("--nonsense", "1"),
    ],
)
def test_a_setting_out_of_range_is_named(extract: Extract, tmp_path: Path, option: str, value: str) -> None:
    article(tmp_path, "a.txt")
    assert_told(extract("a.txt", "--model", "compatible/test", option, value), 2, option)


@pytest.mark.parametrize(
    ("model", "parts"),
    [
        ("acme/gpt", ["'acme'", "compatible", "openai"]),
        ("gpt-5-mini", ["gpt-5-mini", "provider/model"]),
        ("openai/", ["openai/", "names no model"]),
        ("openai", ["openai", "names no model"]),
        ("/", ["provider/model"]),
    ],
)
@pytest.mark.parametrize("mode", Mode)
def test_an_unknown_model_is_named(tmp_path: Path, model: str, parts: list[str], mode: Mode) -> None:
    with pytest.raises(UsageError) as refusal:
        choose_model(Options(model=model, mode=mode, fixtures=tmp_path / "fixtures"))
    for part in parts:
        assert part in f"{refusal.value.message} {refusal.value.advice}"


@pytest.mark.parametrize("option", ["--replay", "--record"])
def test_an_unknown_model_is_neither_replayed_nor_recorded(extract: Extract, tmp_path: Path, option: str) -> None:
    article(tmp_path, "a.txt")
    assert_told(extract("a.txt", "--model", "acme/gpt", option), 2, "'acme' is no provider")


@pytest.mark.parametrize("record", [[], ["--record"]], ids=["auto", "record"])
def test_a_missing_key_is_named(extract: Extract, tmp_path: Path, record: list[str]) -> None:
    article(tmp_path, "a.txt")
    done = extract("a.txt", "--model", "openai/gpt-5-mini", *record)
    assert_told(done, 5, "OPENAI_API_KEY is not set", "--replay")


@pytest.mark.parametrize("record", [[], ["--record"]], ids=["auto", "record"])
def test_a_missing_address_is_named(extract: Extract, tmp_path: Path, record: list[str]) -> None:
    article(tmp_path, "a.txt")
    assert_told(extract("a.txt", "--model", "compatible/test", *record), 2, "compatible/test", "--base-url")
    broken = extract("a.txt", "--model", "compatible/test", "--base-url", "http://a\nb", *record)
    assert_told(broken, 2, "is no address of a service")


@pytest.mark.parametrize("url", ["nonsense", "127.0.0.1:9", "ftp://127.0.0.1/v1", "http://", "http://[::1"])
def test_an_address_that_is_none_is_named(extract: Extract, tmp_path: Path, url: str) -> None:
    article(tmp_path, "a.txt")
    done = extract("a.txt", "--model", "compatible/test", "--base-url", url, "--attempts", "1")
    assert done.code in (2, 5)
    assert_told(done, done.code, url)


@pytest.mark.parametrize("missing", ["folder", "system.md", "article.md", "reask.md"])
def test_missing_prompt_files_are_named(extract: Extract, serve: Serve, tmp_path: Path, missing: str) -> None:
    article(tmp_path, "a.txt")
    if missing != "folder":
        shutil.copytree(Path(__file__).parents[1] / "prompts", tmp_path / "own")
        (tmp_path / "own" / missing).unlink()
    service = serve(good)
    done = extract("a.txt", *live(service, "--prompts", "own"))
    assert_told(done, 2, "Cannot read the prompt file own/", "--prompts")
    assert service.requests == []


def test_a_prompt_without_a_place_for_the_article_is_named(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    shutil.copytree(Path(__file__).parents[1] / "prompts", tmp_path / "own")
    (tmp_path / "own" / "article.md").write_text("Read the article.")
    assert_told(extract("a.txt", *live(serve(good), "--prompts", "own")), 2, "own/article.md", "{{article}}")


# --- the service ---


def test_a_service_that_is_not_there_is_named(extract: Extract, tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        done = extract("a.txt", "--model", "compatible/test", "--base-url", url, "--attempts", "1")
    assert_told(done, 5, url, "cannot be reached")


@pytest.mark.parametrize(
    ("status", "advice"),
    [(401, "Check the key"), (403, "Check the key"), (404, "--base-url"), (500, "Try again"), (429, "Try again")],
)
def test_a_service_that_says_no_is_quoted(
    extract: Extract, serve: Serve, tmp_path: Path, status: int, advice: str
) -> None:
    article(tmp_path, "a.txt")
    no = (status, {"Retry-After": "0"}, {"error": {"message": "No, thanks.", "type": "no", "code": None}})
    service = serve(lambda _: no)
    done = extract("a.txt", *live(service, "--attempts", "2", "--out", "events.json"))
    assert_told(done, 5, "compatible/test", service.url, str(status), "No, thanks.", advice)
    assert len(service.requests) == (2 if status in (429, 500) else 1)
    assert not (tmp_path / "events.json").exists()


def test_a_service_that_recovers_costs_nothing(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    replies = iter([(503, {"Retry-After": "0"}, {}), (429, {"Retry-After": "0"}, {})])
    service = serve(lambda body: next(replies, None) or good(body))
    assert_told(extract("a.txt", *live(service, "--out", "events.json")), 0)
    assert len(service.requests) == 3
    assert outcomes(tmp_path / "events.json") == {"a.txt": "done"}


def test_a_service_that_says_no_is_not_asked_for_every_article(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path / "news", "a.txt", "b.txt", "c.txt")
    service = serve(lambda _: (401, {}, {}))
    done = extract("news", *live(service, "--concurrency", "1"))
    assert_told(done, 5, "2 more articles were not tried")
    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_request_that_the_service_does_not_take_costs_no_other_article(
    extract: Extract, serve: Serve, tmp_path: Path, status: int
) -> None:
    article(tmp_path / "news", "a.txt", "b.txt", "c.txt")
    no = (status, {}, {"error": {"message": "maximum context length exceeded", "code": "context_length_exceeded"}})
    service = serve(lambda body: no if asked_about(body, "b.txt") else good(body))
    done = extract("news", *live(service, "--concurrency", "1", "--out", "events.json"))
    assert done.code in (4, 5)
    assert_told(done, done.code, "b.txt", "maximum context length exceeded")
    assert outcomes(tmp_path / "events.json") == {"a.txt": "done", "b.txt": "failed", "c.txt": "done"}


def changed(body: dict[str, Any], **message: Any) -> tuple[int, dict[str, str], Any]:
    """A response whose message says this instead of calling the tool."""
    response = chat_completion(body, {}, finish_reason="stop")
    response["choices"][0]["message"] |= {"tool_calls": None, **message}
    return 200, {}, response


NO_ANSWERS: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "garbage": (lambda _: (200, {}, "{garbage"), "service"),
    "nothing": (lambda _: (200, {}, ""), "service"),
    "web page": (lambda _: (200, {"Content-Type": "text/html"}, "<html>Log in</html>"), "service"),
    "null": (lambda _: (200, {}, "null"), "service"),
    "list": (lambda _: (200, {}, "[]"), "service"),
    "no choices": (lambda _: (200, {}, {"choices": []}), "without any choice"),
    "null choices": (lambda _: (200, {}, {"choices": None, "error": {"message": "overloaded"}}), "overloaded"),
    "empty choice": (lambda _: (200, {}, {"choices": [{}]}), "service"),
    "no message": (lambda _: (200, {}, {"choices": [{"index": 0, "message": None}]}), "service"),
    "refusal": (lambda body: changed(body, refusal="I can't help with that."), "refused: I can't help with that."),
    "text": (lambda body: changed(body, content="Here are the events: none."), ""),
    "silence": (lambda body: changed(body, content=None), ""),
    "cut off": (lambda body: (200, {}, chat_completion(body, '{"act', finish_reason="length")), "cut off"),
    "filtered": (lambda body: (200, {}, chat_completion(body, "", finish_reason="content_filter")), "content filter"),
    "no JSON": (lambda _: "I cannot do that.", ""),
    "null arguments": (lambda _: "null", ""),
    "list arguments": (lambda _: "[]", ""),
    "wrong shape": (lambda _: {"events": []}, ""),
    "deep nesting": (lambda _: "[" * 100_000, ""),
    "huge number": (lambda _: '{"actions": [], "sanctions": [], "statements": ' + "9" * 5000 + "}", ""),
}


def test_an_answer_that_is_none_fails_its_article_alone(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path / "news", "a good one", *NO_ANSWERS, "z good one")
    for file in list((tmp_path / "news").iterdir()):
        file.rename(file.with_name(f"{file.name}.txt"))

    def says(body: dict[str, Any]) -> Any:
        name = next((name for name in NO_ANSWERS if asked_about(body, name)), None)
        return NO_ANSWERS[name][0](body) if name else good(body)

    options = ("--concurrency", "1", "--attempts", "1", "--out", "events.json")
    done = extract("news", *live(serve(says), *options))
    assert_told(done, 4, "cut off.txt", "... and")
    result = read(tmp_path / "events.json")
    failures = {entry["name"]: entry["failure"]["message"] for entry in result["articles"] if entry["failure"]}
    assert failures.keys() == {f"{name}.txt" for name in NO_ANSWERS}
    for name, (_, reason) in NO_ANSWERS.items():
        message = failures[f"{name}.txt"]
        assert f"{name}.txt" in message
        assert reason in message
        assert "object has no attribute" not in message
    assert len(result["records"]) == 2


@pytest.mark.parametrize("reasks", [0, 1, 3])
def test_an_answer_of_the_wrong_shape_is_asked_again_as_often_as_told(
    extract: Extract, serve: Serve, tmp_path: Path, reasks: int
) -> None:
    article(tmp_path, "a.txt")
    service = serve(lambda _: {"events": []})
    done = extract("a.txt", *live(service, "--reasks", str(reasks)))
    assert_told(done, 4, "a.txt", f"in {reasks + 1} attempt")
    assert len(service.requests) == reasks + 1


BAD_RECORDS = {
    "unknown status": {**EXPULSION, "status": "vanished"},
    "missing field": {name: value for name, value in EXPULSION.items() if name != "status"},
    "unknown field": {**EXPULSION, "mood": "bad"},
    "evidence not in the text": {**EXPULSION, "evidence": ["France expelled nine diplomats of Borduria"]},
    "no evidence": {**EXPULSION, "evidence": []},
    "wrong type": {**EXPULSION, "evidence": 7},
    "text": "an expulsion",
    "null": None,
    "infinite count": {**EXPULSION, "count": float("inf")},
    "enormous count": {**EXPULSION, "evidence": ["nowhere"], "count": 10**30},
    "terminal codes": {**EXPULSION, "status": "\x1b[31mred\x1b[0m"},
    "NUL": {**EXPULSION, "status": "\x00"},
    "half a character": {**EXPULSION, "status": "\ud83d"},
}


def test_a_bad_record_beside_a_good_one_is_rejected_alone(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path / "news", *(f"{name}.txt" for name in BAD_RECORDS))

    def says(body: dict[str, Any]) -> str:
        bad = next(record for name, record in BAD_RECORDS.items() if asked_about(body, f"{name}.txt"))
        first = len(body["messages"]) == 2
        return json.dumps(answer(actions=[EXPULSION, bad] if first else [bad]))

    done = extract("news", *live(serve(says), "--out", "events.json"))
    assert_told(done, 0)
    result = read(tmp_path / "events.json")
    for entry in result["articles"]:
        kept = [record["status"] for record in result["records"] if record["article"] == entry["id"]]
        rejected = [item for item in result["rejected"] if item["article"] == entry["id"]]
        assert (entry["name"], len(rejected)) == (entry["name"], 1)
        assert rejected[0]["message"]
        # Where a field can be done without, the record stays without it.
        assert (entry["name"], kept) == (entry["name"], ["ordered"] * (2 if rejected[0]["field"] else 1))


def test_what_a_model_says_does_not_act_on_the_terminal(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    codes = "\x1b[31mred\x1b[0m \x9b31m \x07"
    (tmp_path / "a.txt").write_text(f"{GOOD}\nNorvania {codes} denied it.\n")
    denial = statement(f"Norvania {codes} denied it", speaker=actor("Norvania"), act="deny", content=f"No {codes}.")
    claims = [EXPULSION, {**EXPULSION, "status": codes}, {**EXPULSION, "evidence": [f"never {codes} said"]}]
    service = serve(lambda _: answer(actions=claims, statements=[denial]))
    runs = [
        extract("a.txt", *live(service, "--out", "events.json")),
        extract("show", "events.json"),
        extract("show", "events.json", "--rejected"),
    ]
    for done in runs:
        assert_told(done, 0)
        assert not acting_characters(done.out + done.err)
    assert "red" in runs[2].out


def test_what_a_service_says_does_not_act_on_the_terminal(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    article(tmp_path, "a.txt")
    service = serve(lambda _: (401, {}, {"error": {"message": "\x1b]0;title\x07\x1b[2J\x9b31m no"}}))
    done = extract("a.txt", *live(service))
    assert_told(done, 5, "no")
    assert not acting_characters(done.err)


# --- names ---

NASTY = ["\x1b[31mred\x1b[0m.txt", "bell\x07.txt", "csi\x9b31m.txt", "return\rover.txt", "tab\tbed.txt", "a\nb.txt"]


def test_nasty_names_do_not_act_on_the_terminal(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    news = article(tmp_path / "news", *NASTY)
    for name in NASTY:
        shutil.copy(news / name, news / f"z{name}")
        (news / f"{name}.docx").write_text("passed over")
        (news / f"empty{name}").write_text("")
    runs = [
        extract("news", *live(serve(good), "--out", "events.json")),
        extract("show", "events.json"),
        extract("show", NASTY[0]),
        extract("fixtures"),
        extract(f"missing{NASTY[0]}"),
        extract("news", "--replay", "--model", "compatible/other"),
    ]
    assert [done.code for done in runs] == [4, 0, 2, 0, 2, 3]
    for done in runs:
        assert "Traceback" not in done.err
        assert not acting_characters(done.out + done.err) - {"\t"}
    expected = dict.fromkeys(NASTY, "done") | {f"empty{name}": "failed" for name in NASTY}
    assert outcomes(tmp_path / "events.json") == expected


def test_a_name_cannot_forge_a_message(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "a\nextract: all done.txt").write_text("")
    done = extract("a\nextract: all done.txt", *live(serve(good)))
    assert_told(done, 4, "is empty")
    assert "\nextract: all done" not in done.err


def test_a_name_that_is_not_utf_8_is_done_like_any_other(tmp_path: Path, serve: Serve) -> None:
    news = article(tmp_path / "news", "a.txt")
    try:
        shutil.copy(news / "a.txt", os.fsencode(news) + b"/caf\xe9.txt")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (news / "a.txt").unlink()
    command = [sys.executable, "-m", "extractor.cli", "news", *live(serve(good), "--out", "events.json")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert_told(Finished(done.returncode, "", done.stderr.decode()), 0)
    [entry] = read(tmp_path / "events.json")["articles"]
    assert entry["outcome"] == "done"
    assert entry["name"].startswith("caf")
    replay = [sys.executable, "-m", "extractor.cli", "news", "--replay", "--out", "again.json"]
    assert subprocess.run(replay, cwd=tmp_path, capture_output=True, timeout=120, check=False).returncode == 0


def test_an_unreadable_file_whose_name_is_not_utf_8_is_named(tmp_path: Path, serve: Serve) -> None:
    news = article(tmp_path / "news", "a.txt")
    try:
        with open(os.fsencode(news) + b"/caf\xe9.txt", "wb"):
            pass
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    command = [sys.executable, "-m", "extractor.cli", "news", *live(serve(good), "--out", "events.json")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert_told(Finished(done.returncode, "", done.stderr.decode()), 4, "caf", "is empty")
    assert "a.txt" in outcomes(tmp_path / "events.json")


# --- one failing article among others ---


def test_a_failing_article_never_costs_the_others(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    news = article(tmp_path / "news", *(f"{number:02}.txt" for number in range(12)))
    (news / "empty.txt").write_text("")

    def says(body: dict[str, Any]) -> Any:
        if asked_about(body, "03.txt"):
            return changed(body, refusal="No.")
        if asked_about(body, "07.txt"):
            return 200, {}, {"choices": []}
        return good(body)

    done = extract("news", *live(serve(says), "--concurrency", "4", "--out", "events.json"))
    assert_told(done, 4, "03.txt", "07.txt", "empty.txt")
    found = outcomes(tmp_path / "events.json")
    assert {name for name, outcome in found.items() if outcome == "failed"} == {"03.txt", "07.txt", "empty.txt"}
    assert len(found) == 13
    assert len(read(tmp_path / "events.json")["records"]) == 10


def test_many_failures_are_counted_and_not_all_listed(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    news = article(tmp_path / "news", "good.txt")
    for number in range(30):
        (news / f"empty{number}.txt").write_text("")
    done = extract("news", *live(serve(good), "--out", "events.json"))
    assert_told(done, 4, "... and 20 more")
    assert done.err.count("is empty") == 10
    assert len(read(tmp_path / "events.json")["articles"]) == 31


# --- interrupts ---


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_an_interrupt_leaves_what_was_done(serve: Serve, tmp_path: Path, sent: signal.Signals) -> None:
    article(tmp_path / "news", "a.txt", "b.txt", "c.txt")
    asked, released = threading.Event(), threading.Event()

    def says(body: dict[str, Any]) -> dict[str, Any]:
        if not asked_about(body, "a.txt"):
            asked.set()
            released.wait(100)
        return good(body)

    service = serve(says)
    options = live(service, "--concurrency", "1", "--out", "events.json")
    command = [sys.executable, "-m", "extractor.cli", "news", *options]
    try:
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert asked.wait(100)
            process.send_signal(sent)
            _, err = process.communicate(timeout=100)
    finally:
        released.set()
    assert_told(Finished(process.returncode, "", err.decode()), 130, "b.txt was not done", "interrupted")
    assert outcomes(tmp_path / "events.json") == {"a.txt": "done", "b.txt": "failed", "c.txt": "failed"}
    result = read(tmp_path / "events.json")
    assert len(result["records"]) == 1
    assert {entry["failure"]["kind"] for entry in result["articles"][1:]} == {"interrupted"}


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_an_interrupt_before_anything_is_done_keeps_the_old_output(
    serve: Serve, tmp_path: Path, sent: signal.Signals
) -> None:
    article(tmp_path / "news", "a.txt")
    (tmp_path / "events.json").write_text("old")
    asked, released = threading.Event(), threading.Event()

    def says(body: dict[str, Any]) -> dict[str, Any]:
        asked.set()
        released.wait(100)
        return good(body)

    options = live(serve(says), "--out", "events.json")
    command = [sys.executable, "-m", "extractor.cli", "news", *options]
    try:
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert asked.wait(100)
            process.send_signal(sent)
            _, err = process.communicate(timeout=100)
    finally:
        released.set()
    assert_told(Finished(process.returncode, "", err.decode()), 130, "a.txt was not done", "Nothing was written")
    assert (tmp_path / "events.json").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != ".extract") == ["events.json", "news"]


def test_what_was_done_before_an_interrupt_is_not_paid_again(serve: Serve, tmp_path: Path) -> None:
    article(tmp_path / "news", "a.txt", "b.txt")
    asked, released = threading.Event(), threading.Event()

    def says(body: dict[str, Any]) -> dict[str, Any]:
        if asked_about(body, "b.txt"):
            asked.set()
            released.wait(100)
        return good(body)

    service = serve(says)
    options = live(service, "--concurrency", "1", "--out", "events.json")
    command = [sys.executable, "-m", "extractor.cli", "news", *options]
    try:
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert asked.wait(100)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=100)
    finally:
        released.set()
    service.requests.clear()
    assert_told(run_bound([], tmp_path, "news", *options), 0)
    assert outcomes(tmp_path / "events.json") == {"a.txt": "done", "b.txt": "done"}
    assert len(service.requests) == 1


# --- faults of the tool itself ---


def test_a_fault_ends_in_a_message_and_a_file_for_its_report(tmp_path: Path) -> None:
    article(tmp_path / "news", "a.txt")
    key = "a-key-of-20-letters-1"
    broken = (
        "import extractor.runner\n"
        "def run(*_, **__): raise ZeroDivisionError(f'met with {os.environ[\"TEST_API_KEY\"]}')\n"
        "extractor.runner.run = run\n"
        "from extractor.cli import main\n"
        "main()\n"
    )
    environment = os.environ | {"TMPDIR": str(tmp_path), "TEST_API_KEY": key, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", f"import os\n{broken}", "news"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert "A fault of this tool: ZeroDivisionError: met with [scrubbed]" in done.stderr
    (report,) = tmp_path.glob("extract-fault-*.txt")
    assert str(report) in done.stderr
    told = report.read_text()
    assert "Traceback" in told and "ZeroDivisionError" in told and key not in told
