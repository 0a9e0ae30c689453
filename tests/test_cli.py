"""The command as its users meet it: help, options, where output goes, the other commands, completion."""

from __future__ import annotations

import errno
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer.main

from extractor import __version__
from extractor.cli import app

from .conftest import ROOT, Finished, Service, action, actor, answer, statement

Extract = Callable[..., Finished]
Serve = Callable[[Callable[[dict[str, Any]], Any]], Service]

SCRIPT = Path(sys.executable).parent / "extract"
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
EVIDENCE = "Britain expelled two Norvanian diplomats on Monday"
REPLY = "Norvania denied the accusations"
TEXT = f"LONDON, January 3, 2017 - {EVIDENCE}, the Foreign Office said. {REPLY}.\n"
WIDE = {"COLUMNS": "300"}


def events(body: dict[str, Any]) -> dict[str, Any]:
    """An expulsion and a statement that hold up, and on the first request an expulsion that does not."""
    norvania = actor("Norvania")
    expulsion = action(
        EVIDENCE,
        actors=[actor("Britain", country="United Kingdom")],
        targets=[actor("Norvanian diplomats", kind="person")],
        count=2,
        count_unit="diplomats",
        date_text="on Monday",
    )
    invented = action("France expelled nine diplomats of Borduria on Tuesday")
    denial = statement(REPLY, speaker=norvania, act="deny", content=f"{REPLY}.")
    if len(body["messages"]) > 2:
        return answer(actions=[invented])
    return answer(actions=[expulsion, invented], statements=[denial])


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder of two articles."""
    folder = tmp_path / "news"
    folder.mkdir()
    for name in ("first", "second"):
        (folder / f"{name}.txt").write_text(f"{TEXT}\nThis is the {name} report.\n")
    return folder


@pytest.fixture
def service(serve: Serve) -> Service:
    return serve(events)


@pytest.fixture
def live(service: Service) -> list[str]:
    """The options that name the model."""
    return ["--model", "compatible/test", "--base-url", service.url]


@pytest.fixture
def output(
    extract: Extract, news: Path, live: list[str], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """An output of a run over both articles, with its recordings; made once and copied."""
    made = tmp_path_factory.getbasetemp() / "made"
    if not made.exists():
        assert extract("news", *live, "--out", "events.json", "--fixtures", "fixtures").code == 0
        shutil.copytree(tmp_path, made)
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "events.json"


def plain(text: str) -> str:
    """Text without colours, frames and line breaks."""
    return re.sub(r"[\s│╭╮╰╯─━┃┏┓┗┛]+", " ", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text))


# --- help ---


def test_help_tells_the_options_and_the_exit_codes(extract: Extract) -> None:
    done = extract("--help", **WIDE)
    assert (done.code, done.err) == (0, "")
    text = plain(done.out)
    for parameter in COMMANDS["run"].params:
        assert all(name in text for name in parameter.opts if name.startswith("-"))
    for code in (0, 1, 2, 3, 4, 5, 6, 130):
        assert re.search(rf"\b{code} [a-z]", text)


def test_help_names_the_other_commands_and_hides_the_main_jobs_word(extract: Extract) -> None:
    text = plain(extract("--help", **WIDE).out)
    assert text.lstrip().startswith("Usage: ")
    assert " run " not in text
    assert all(f"extract {name}" in text for name in ("show", "schema", "fixtures"))


@pytest.mark.parametrize("arguments", [[], ["run"]], ids=["nothing", "the hidden word"])
def test_without_a_path_the_command_tells_what_it_takes(extract: Extract, arguments: list[str]) -> None:
    done = extract(*arguments)
    assert "Traceback" not in done.err
    assert "paths" in plain(done.out + done.err).lower()
    assert done.code == (2 if arguments else 0)


def test_the_command_alone_shows_the_help(extract: Extract) -> None:
    assert extract() == extract("--help")


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "extractor.cli", "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    imported = {line.rsplit("|", 1)[1].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert "extractor.errors" in imported
    assert not imported & {"openai", "instructor", "httpx", "tenacity", "countrynames", "charset_normalizer", "asyncio"}
    assert not imported & {f"extractor.{name}" for name in ("schema", "runner", "pipeline", "recordings", "show")}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_every_option_has_a_help(extract: Extract, name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    for parameter in command.params:
        assert parameter.help, parameter.name
    done = extract(name, "--help", **WIDE)
    assert done.code == 0
    for parameter in command.params:
        assert plain(parameter.help) in plain(done.out)


def test_the_version_is_told(extract: Extract) -> None:
    done = extract("--version")
    assert (done.code, done.out, done.err) == (0, f"extract {__version__}\n", "")


def test_a_wrong_option_points_to_the_help_without_the_hidden_word(tmp_path: Path) -> None:
    done = subprocess.run([SCRIPT, "x", "--nonsense"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert "--nonsense" in done.stderr
    assert "'extract --help'" in plain(done.stderr)


# --- the main job ---


def test_the_main_job_needs_no_word(extract: Extract, news: Path, live: list[str], tmp_path: Path) -> None:
    done = extract("news", *live, "--out", "events.json")
    assert done.code == 0
    assert done.out == ""
    result = json.loads((tmp_path / "events.json").read_bytes())
    assert [entry["name"] for entry in result["articles"]] == ["first.txt", "second.txt"]
    assert [record["type"] for record in result["records"]] == ["diplomatic_action", "statement"] * 2


def test_a_folder_called_like_a_command_is_named_by_its_path(extract: Extract, news: Path, live: list[str]) -> None:
    news.rename(news.parent / "schema")
    assert len(json.loads(extract("./schema", *live).out)["articles"]) == 2
    assert "$schema" in json.loads(extract("schema").out)
    assert "./schema" in extract("--help").out


def test_options_may_come_before_the_paths(extract: Extract, news: Path, live: list[str], tmp_path: Path) -> None:
    assert extract("-o", "events.json", *live, "news/second.txt", "news/first.txt").code == 0
    assert len(json.loads((tmp_path / "events.json").read_bytes())["articles"]) == 2


@pytest.mark.parametrize("out", [[], ["--out", "-"]], ids=["by default", "--out -"])
def test_json_alone_goes_to_standard_output_and_the_summary_to_standard_error(
    extract: Extract, news: Path, live: list[str], out: list[str]
) -> None:
    done = extract("news", *live, *out)
    assert done.code == 0
    assert len(json.loads(done.out)["records"]) == 4
    text = plain(done.err)
    assert "first.txt 1 0 1 1" in text
    assert "2 articles 2 0 2 2" in text
    assert "actions: 2 ordered" in text
    assert "statements: 2 deny" in text


def test_a_file_holds_what_standard_output_would(extract: Extract, output: Path) -> None:
    replays = [extract("news", "--replay", "--model", "compatible/test", *out) for out in ([], ["-o", "again.json"])]
    assert [done.code for done in replays] == [0, 0]
    assert (output.parent / "again.json").read_text(encoding="utf-8") == replays[0].out


def test_quiet_says_nothing_when_all_is_well(extract: Extract, news: Path, live: list[str], tmp_path: Path) -> None:
    for quiet in ("--quiet", "-q"):
        done = extract("news", *live, quiet, "--out", "events.json")
        assert done == Finished(0, "", "")
    assert (tmp_path / "events.json").exists()


def test_quiet_still_says_what_failed(extract: Extract, news: Path, live: list[str]) -> None:
    (news / "empty.txt").write_text("")
    done = extract("news", *live, "--quiet", "--out", "events.json")
    assert done.code == 4
    assert "empty.txt is empty" in done.err
    assert "articles" not in done.err


def test_recorded_answers_are_replayed_without_the_service(extract: Extract, output: Path, service: Service) -> None:
    before = json.loads(output.read_bytes())
    service.requests.clear()
    done = extract("news", "--out", "again.json")
    assert done.code == 0
    assert service.requests == []
    assert "compatible/test" in done.err
    assert json.loads((output.parent / "again.json").read_bytes())["records"] == before["records"]


def test_record_asks_again_what_is_recorded(extract: Extract, output: Path, live: list[str], service: Service) -> None:
    service.requests.clear()
    assert extract("news", *live, "--out", "events.json").code == 0
    assert service.requests == []
    assert extract("news", *live, "--record", "--out", "events.json").code == 0
    assert len(service.requests) == 4, "two articles, each with a re-ask"


def test_the_output_does_not_depend_on_order_or_concurrency(extract: Extract, output: Path) -> None:
    def replayed(*arguments: str) -> str:
        return extract(*arguments, "--replay", "--model", "compatible/test").out

    paths = ("news/first.txt", "news/second.txt")
    assert replayed(*paths) == replayed(*paths[::-1], "--concurrency", "1") == replayed("news")


# --- progress ---


def on_a_terminal(command: list[str], cwd: Path) -> tuple[int, str]:
    """Run a command whose standard error is a terminal; its exit code and what it showed there."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    with subprocess.Popen(
        command, cwd=cwd, env={**environment, "TERM": "xterm"}, stdout=subprocess.DEVNULL, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b"".join(_until_closed(ours))
        process.wait(120)
    os.close(ours)
    return process.returncode, shown.decode()


def _until_closed(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            data = os.read(terminal, 65_536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return
        yield data


def test_a_terminal_shows_progress(news: Path, live: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "extractor.cli", "news", *live, "--out", "events.json"]
    code, shown = on_a_terminal(command, tmp_path)
    assert code == 0
    assert "reading articles" in shown
    assert "2 of 2 articles" in plain(shown)
    assert "2 articles" in plain(shown)


def test_a_terminal_shows_no_progress_when_quiet(news: Path, live: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "extractor.cli", "news", *live, "--quiet", "--out", "events.json"]
    assert on_a_terminal(command, tmp_path) == (0, "")


def test_no_terminal_shows_no_progress(extract: Extract, news: Path, live: list[str]) -> None:
    done = extract("news", *live, "--out", "events.json")
    assert "reading articles" not in done.err
    assert "\x1b" not in done.err


# --- environment ---


def test_the_environment_names_model_address_and_recordings(
    extract: Extract, news: Path, service: Service, tmp_path: Path
) -> None:
    named = {"EXTRACT_MODEL": "compatible/env", "EXTRACT_BASE_URL": service.url, "EXTRACT_FIXTURES": "kept"}
    done = extract("news", "--out", "events.json", **named)
    assert done.code == 0
    assert {body["model"] for body in service.requests} == {"env"}
    assert (tmp_path / "kept").is_dir()
    assert not (tmp_path / "fixtures").exists()
    assert "compatible/env" in extract("fixtures", EXTRACT_FIXTURES="kept", **WIDE).out


def test_flags_go_over_the_environment(extract: Extract, news: Path, service: Service, tmp_path: Path) -> None:
    done = extract(
        "news",
        *("--model", "compatible/flag", "--base-url", service.url, "--fixtures", "flag", "--out", "events.json"),
        EXTRACT_MODEL="compatible/env",
        EXTRACT_BASE_URL="http://127.0.0.1:9/v1",
        EXTRACT_FIXTURES="env",
        EXTRACT_CONCURRENCY="1",
    )
    assert done.code == 0
    assert {body["model"] for body in service.requests} == {"flag"}
    assert (tmp_path / "flag").is_dir()
    assert not (tmp_path / "env").exists()


def test_own_prompts_can_be_named_either_way(extract: Extract, news: Path, live: list[str], service: Service) -> None:
    for name in ("flag", "env"):
        own = shutil.copytree(ROOT / "prompts", news.parent / name)
        (own / "system.md").write_text(f"These are the prompts of the {name}.")
    assert extract("news", *live, "--prompts", "flag", EXTRACT_PROMPTS="env").code == 0
    assert extract("news", *live, EXTRACT_PROMPTS="env").code == 0
    said = [body["messages"][0]["content"] for body in service.requests]
    assert [sum(f"prompts of the {name}." in text for text in said) for name in ("flag", "env")] == [4, 4]


def test_an_empty_variable_counts_as_not_set(extract: Extract, news: Path) -> None:
    done = extract("news", EXTRACT_MODEL="", EXTRACT_BASE_URL="")
    assert done.code == 2
    assert "No model is named" in done.err


def test_the_key_reaches_the_service_and_nothing_else(
    extract: Extract, news: Path, live: list[str], service: Service, tmp_path: Path
) -> None:
    key = "k-3141592653589793"
    done = extract("news", *live, "--out", "events.json", EXTRACT_API_KEY=key)
    assert done.code == 0
    sent = [{name.lower(): value for name, value in headers.items()} for headers in service.headers]
    assert {headers["authorization"] for headers in sent} == {f"Bearer {key}"}
    assert key not in done.out + done.err
    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert key.encode() not in file.read_bytes()


# --- schema ---


def test_the_schema_is_sound_and_outputs_fit_it(extract: Extract, output: Path) -> None:
    done = extract("schema")
    assert (done.code, done.err) == (0, "")
    schema = json.loads(done.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(output.read_bytes()), schema, jsonschema.Draft202012Validator)


def test_an_output_with_failures_fits_the_schema(extract: Extract, news: Path, live: list[str]) -> None:
    (news / "empty.txt").write_text("")
    done = extract("news", *live)
    assert done.code == 4
    schema = json.loads(extract("schema").out)
    jsonschema.validate(json.loads(done.out), schema, jsonschema.Draft202012Validator)


def test_the_schema_refuses_what_is_no_output(extract: Extract, output: Path) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(extract("schema").out))
    result = json.loads(output.read_bytes())
    result["records"][0]["status"] = "vanished"
    assert not validator.is_valid(result)
    assert not validator.is_valid({})


# --- show ---


def test_show_prints_all_records(extract: Extract, output: Path) -> None:
    done = extract("show", "events.json", **WIDE)
    assert (done.code, done.err) == (0, "")
    text = plain(done.out)
    for part in ("Diplomatic actions (2)", "Statements (2)", EVIDENCE, "first.txt", "second.txt", "2017-01-02"):
        assert part in text
    assert "\x1b" not in done.out


@pytest.mark.parametrize(
    ("filters", "shown", "hidden"),
    [
        (["--type", "action"], "Diplomatic actions (2)", "Statements"),
        (["--type", "statement"], "Statements (2)", "Diplomatic actions"),
        (["--status", "ordered"], "Diplomatic actions (2)", "Statements"),
        (["--article", "second"], "Diplomatic actions (1)", "first.txt"),
        (["--type", "statement", "--article", "first.txt"], "Statements (1)", "second.txt"),
        (["--type", "sanction"], "No record fits these filters.", "Diplomatic actions"),
        (["--article", "third"], "No article has 'third' in its name.", "first.txt"),
    ],
)
def test_show_takes_filters(extract: Extract, output: Path, filters: list[str], shown: str, hidden: str) -> None:
    done = extract("show", "events.json", *filters, **WIDE)
    assert done.code == 0
    assert shown in plain(done.out)
    assert hidden not in plain(done.out)


@pytest.mark.parametrize(("option", "value", "choice"), [("--type", "war", "sanction"), ("--status", "x", "ordered")])
def test_show_refuses_a_filter_that_nothing_could_pass(
    extract: Extract, output: Path, option: str, value: str, choice: str
) -> None:
    done = extract("show", "events.json", option, value)
    assert done.code == 2
    assert option in done.err
    assert choice in plain(done.err)


def test_show_prints_what_was_rejected_and_why(extract: Extract, output: Path) -> None:
    text = plain(extract("show", "events.json", "--rejected", **WIDE).out)
    assert "Rejected (2)" in text
    assert "first.txt" in text
    assert "France expelled nine diplomats of Borduria" in text


def test_show_says_when_there_is_nothing(extract: Extract, news: Path, serve: Serve) -> None:
    service = serve(lambda _: answer())
    extract("news", "--model", "compatible/test", "--base-url", service.url, "--out", "events.json")
    assert extract("show", "events.json").out == "No records.\n"
    assert extract("show", "events.json", "--rejected").out == "Nothing was rejected.\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "no such file"),
        (b"", "is no output of extract"),
        (b"{}", "is no output of extract"),
        (b"[1, 2]", "is no output of extract"),
        (b"not JSON", "is no output of extract"),
        (b"\x89PNG\x00", "is no output of extract"),
    ],
    ids=["missing", "empty", "empty object", "list", "text", "binary"],
)
def test_show_refuses_what_is_no_output(extract: Extract, tmp_path: Path, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / "events.json").write_bytes(content)
    done = extract("show", "events.json")
    assert done.code == 2
    assert "Traceback" not in done.err
    assert "events.json" in done.err
    assert reason in done.err


def test_show_refuses_a_folder_and_a_truncated_output(extract: Extract, output: Path) -> None:
    output.write_bytes(output.read_bytes()[:-500])
    for name in ("events.json", "news"):
        done = extract("show", name)
        assert done.code == 2
        assert "Traceback" not in done.err
        assert name in done.err


def test_show_refuses_an_output_that_points_to_an_article_it_does_not_hold(extract: Extract, output: Path) -> None:
    result = json.loads(output.read_bytes())
    result["articles"] = []
    output.write_text(json.dumps(result))
    for options in ([], ["--rejected"]):
        done = extract("show", "events.json", *options)
        assert done.code == 2
        assert "Traceback" not in done.err
        assert "events.json" in done.err


def test_show_prints_what_it_can_where_not_every_character_can_be_shown(
    extract: Extract, serve: Serve, tmp_path: Path
) -> None:
    words = "“Łódź’s envoy” was expelled – at once"
    (tmp_path / "a.txt").write_text(f"LONDON, January 3, 2017 - {words}.\n", encoding="utf-8")
    claim = action(words, targets=[actor("Łódź’s envoy", kind="person")])
    service = serve(lambda _: answer(actions=[claim]))
    limited = {"PYTHONIOENCODING": "ascii", **WIDE}
    done = extract("a.txt", "--model", "compatible/test", "--base-url", service.url, "--out", "e.json", **limited)
    assert done.code == 0
    shown = extract("show", "e.json", **limited)
    assert (shown.code, shown.err) == (0, "")
    assert "was expelled" in plain(shown.out)
    assert "?" in shown.out
    listed = extract("schema", PYTHONIOENCODING="ascii")
    assert listed == extract("schema")


# --- fixtures ---


def test_fixtures_lists_the_recordings(extract: Extract, output: Path) -> None:
    for arguments in (["fixtures"], ["fixtures", str(output.parent / "fixtures")]):
        done = extract(*arguments, **WIDE)
        assert (done.code, done.err) == (0, "")
        lines = [plain(line).split() for line in done.out.splitlines()[1:]]
        assert [line[:3] for line in lines] == [[name, "compatible/test", "2"] for name in ("first.txt", "second.txt")]


def test_fixtures_says_when_there_are_none(extract: Extract) -> None:
    done = extract("fixtures", "nowhere")
    assert done.code in (0, 2)
    assert "nowhere holds no recordings" in done.out + done.err


def test_fixtures_does_not_pass_over_a_damaged_recording_in_silence(extract: Extract, output: Path) -> None:
    damaged = min((output.parent / "fixtures").rglob("*.json"))
    damaged.write_text("{")
    done = extract("fixtures", **WIDE)
    assert "Traceback" not in done.err
    assert damaged.name in done.out + done.err
    assert "second.txt" in done.out


# --- closed pipes ---


@pytest.mark.parametrize("command", ["main", "schema", "show events.json", "fixtures", "--help"])
def test_a_reader_that_has_gone_is_no_error(output: Path, command: str) -> None:
    arguments = ["news", "--replay"] if command == "main" else command.split()
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "extractor.cli", *arguments],
            cwd=output.parent,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        os.close(writing)
    assert "Traceback" not in done.stderr
    assert "Broken" not in done.stderr
    assert done.returncode == 0


def test_a_long_output_can_be_cut_by_its_reader(news: Path, live: list[str], tmp_path: Path) -> None:
    (news / "long.txt").write_text(TEXT + "Nothing else was known on Monday. " * 5000)
    command = [sys.executable, "-m", "extractor.cli", "news", *live]
    with (
        subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
        subprocess.Popen(["head", "-c", "10"], stdin=process.stdout, stdout=subprocess.PIPE) as head,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert head.communicate(timeout=120)[0] == b'{\n  "schem'
        err = process.stderr.read()
        process.wait(120)
    assert b"Traceback" not in err
    assert process.returncode == 0


def closed(streams: str, output: Path, *arguments: str) -> Finished:
    """The command, started by a shell without these streams."""
    command = shlex.join([sys.executable, "-m", "extractor.cli", *arguments])
    done = subprocess.run(
        ["sh", "-c", f"{command} {streams}"],
        cwd=output.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def test_a_command_without_streams_still_writes_its_file(extract: Extract, output: Path) -> None:
    assert extract("news", "--replay", "--out", "with.json").code == 0
    done = closed("<&- >&- 2>&-", output, "news", "--replay", "--out", "without.json")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert (output.parent / "without.json").read_bytes() == (output.parent / "with.json").read_bytes()


def test_a_result_for_a_closed_standard_output_is_not_lost_in_silence(output: Path) -> None:
    done = closed(">&-", output, "news", "--replay", "--quiet")
    assert done.code == 6
    assert "Cannot write to standard output" in done.err and "Traceback" not in done.err


# --- completion ---


def completed(*words: str) -> list[str]:
    """What the shell would offer after these words, the last of which is being typed."""
    done = subprocess.run(
        [SCRIPT],
        env={
            **os.environ,
            "_EXTRACT_COMPLETE": "complete_bash",
            "COMP_WORDS": " ".join(("extract", *words)),
            "COMP_CWORD": str(len(words)),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [(("",), {"show", "schema", "fixtures"}), (("s",), {"show", "schema"}), (("fix",), {"fixtures"})],
)
def test_the_shell_completes_commands(words: tuple[str, ...], offered: set[str]) -> None:
    assert offered <= set(completed(*words))


def test_the_shell_does_not_offer_the_hidden_word() -> None:
    assert "run" not in completed("r")


def test_the_shell_completes_options() -> None:
    assert {"--out", "--model", "--replay", "--record"} <= set(completed("news", "--"))
    assert {"--type", "--status", "--article", "--rejected"} <= set(completed("show", "--"))
    assert completed("news", "--conc") == ["--concurrency"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_is_printed(shell: str) -> None:
    done = subprocess.run(
        [SCRIPT, "--show-completion", shell],
        env={**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert f"_EXTRACT_COMPLETE=complete_{shell}" in done.stdout


# --- own prompts ---


def test_prompts_are_copied_for_changing_and_taken_from_there(extract: Extract, tmp_path: Path) -> None:
    done = extract("prompts", "mine")
    assert (done.code, done.out) == (0, "")
    assert "--prompts mine" in done.err
    for path in (ROOT / "prompts").rglob("*.*"):
        assert (tmp_path / "mine" / path.relative_to(ROOT / "prompts")).read_bytes() == path.read_bytes()
    again = extract(
        ROOT / "seeds", "--replay", "--fixtures", ROOT / "fixtures", "--prompts", "mine", "--out", "events.json"
    )
    assert again.code == 0, again.err


def test_prompts_are_never_copied_over_others(extract: Extract, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "system.md").write_text("my own")
    done = extract("prompts", "mine")
    assert done.code == 2
    assert "mine is there already" in done.err
    assert (tmp_path / "mine" / "system.md").read_text() == "my own"
    assert extract("prompts", "mine/system.md/below").code == 6
    assert extract("prompts", ROOT / "prompts" / "examples" / "mine").code == 2
    assert not (ROOT / "prompts" / "examples" / "mine").exists()
