"""The pytest plugin as its users meet it: suites of their own, run by pytest, over a service on loopback."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from .conftest import ROOT, Service, action, actor, answer

pytest_plugins = "pytester"

Serve = Callable[[Callable[[dict[str, Any]], Any]], Service]

EVIDENCE = "Arvania expelled four Belland envoys on Monday."
GOOD = answer(
    actions=[action(EVIDENCE, actors=[actor("Arvania")], targets=[actor("Belland envoys", kind="group")], count=4)]
)
ORDERED, ANNOUNCED = GOOD, answer(actions=[GOOD["actions"][0] | {"status": "announced"}])
NO_JSON = '{"actions": ['


@pytest.fixture
def service(serve: Serve) -> Service:
    return serve(lambda _: GOOD)


class Suite:
    """A user's folder: two articles in news/, and tests that are written with MODEL, the options of a model."""

    def __init__(self, pytester: pytest.Pytester, service: Service) -> None:
        self._pytester = pytester
        self.path = pytester.path
        self.model = f'model="compatible/test", base_url="{service.url}"'
        (self.path / "news").mkdir()
        for name in ("first", "second"):
            (self.path / "news" / f"{name}.txt").write_text(f"{EVIDENCE} This is the {name} report.\n")

    def write(self, tests: str, *, conftest: str = "", ini: str = "") -> None:
        (self.path / "test_events.py").write_text(textwrap.dedent(tests).replace("MODEL", self.model))
        if conftest:
            (self.path / "conftest.py").write_text(textwrap.dedent(conftest).replace("MODEL", self.model))
        if ini:
            (self.path / "pytest.ini").write_text(f"[pytest]\n{ini}\n")

    def run(self, *arguments: str) -> pytest.RunResult:
        return self._pytester.runpytest_subprocess(*arguments, timeout=120)

    def recordings(self) -> list[Path]:
        return sorted((self.path / "fixtures").glob("*/*/*.json"))


@pytest.fixture
def suite(pytester: pytest.Pytester, service: Service) -> Suite:
    return Suite(pytester, service)


FINDS_THEM = """
    def test_events(llm_replay):
        result = llm_replay("news", MODEL)
        assert [str(record.status) for record in result.actions] == ["ordered", "ordered"]
    """


def told(result: pytest.RunResult) -> str:
    return " ".join(result.stdout.str().split())


# --- recording and replaying ---


def test_the_plugin_is_installed_with_the_package() -> None:
    found = [point.value for point in entry_points(group="pytest11")]
    assert found.count("extractor.pytest_plugin") == 1, "the package was installed before it had the plugin"


def test_what_new_records_is_replayed_without_the_service(suite: Suite, service: Service) -> None:
    suite.write(FINDS_THEM)
    suite.run("--llm-record=new").assert_outcomes(passed=1)
    assert (len(service.requests), len(suite.recordings())) == (2, 2)
    suite.run("--llm-record=new").assert_outcomes(passed=1)
    service.answer = lambda _: (500, {}, "it is not to be asked")
    suite.run().assert_outcomes(passed=1)
    suite.run("--llm-record=none").assert_outcomes(passed=1)
    assert len(service.requests) == 2


def test_a_missing_recording_fails_the_test_and_names_article_and_way(suite: Suite, service: Service) -> None:
    suite.write(FINDS_THEM)
    (suite.path / "news" / "second.txt").rename(suite.path / "second.txt")
    suite.run("--llm-record=new").assert_outcomes(failed=1)
    (suite.path / "second.txt").rename(suite.path / "news" / "second.txt")
    result = suite.run()
    result.assert_outcomes(failed=1)
    assert "ReplayMiss: 1 article cannot be replayed from" in told(result)
    assert "second.txt: no recording is of this article." in told(result)
    assert "pytest --llm-record=new test_events.py::test_events" in told(result)
    assert "first.txt" not in told(result)
    assert "pytest_plugin.py" not in told(result), "the plugin's own frames are of no use to the reader"
    assert len(service.requests) == 1


def test_an_outdated_recording_fails_the_test_and_tells_what_has_changed(suite: Suite, service: Service) -> None:
    suite.write(FINDS_THEM)
    suite.run("--llm-record=new")
    shutil.copytree(ROOT / "prompts", suite.path / "prompts")
    (suite.path / "prompts" / "system.md").write_text("Another prompt.")
    suite.write(FINDS_THEM.replace("MODEL", 'MODEL, prompts="prompts"'))
    result = suite.run()
    result.assert_outcomes(failed=1)
    assert "first.txt: the prompt has changed since the nearest recording was made." in told(result)
    suite.run("--llm-record=new").assert_outcomes(passed=1)
    assert len(suite.recordings()) == 4


def test_a_damaged_recording_fails_the_test(suite: Suite) -> None:
    suite.write(FINDS_THEM)
    suite.run("--llm-record=new")
    suite.recordings()[0].write_text("{")
    for mode in ("none", "new"):
        result = suite.run(f"--llm-record={mode}")
        result.assert_outcomes(failed=1)
        assert "is damaged" in told(result) and "--llm-record=all" in told(result)
    suite.run("--llm-record=all").assert_outcomes(passed=1)
    suite.run().assert_outcomes(passed=1)


def test_without_a_model_the_recorded_one_is_replayed(suite: Suite) -> None:
    suite.write(FINDS_THEM)
    suite.run("--llm-record=new")
    suite.write(FINDS_THEM.replace(", MODEL", ""))
    suite.run().assert_outcomes(passed=1)
    suite.run("--llm-record=new").assert_outcomes(passed=1)


def test_where_no_model_is_named_the_way_to_record_says_so(suite: Suite) -> None:
    suite.write(FINDS_THEM.replace(", MODEL", ""))
    result = suite.run()
    result.assert_outcomes(failed=1)
    assert "first.txt: no recording is of this article." in told(result)
    assert "name a model in the test" in told(result)
    for mode in ("new", "all"):
        result = suite.run(f"--llm-record={mode}")
        result.assert_outcomes(failed=1)
        assert 'llm_replay(..., model="provider/model")' in told(result)


def test_an_answer_that_is_none_and_a_file_that_is_no_article_are_among_the_failed(
    suite: Suite, service: Service
) -> None:
    suite.write(
        """
        def test_events(llm_replay):
            result = llm_replay("news", MODEL)
            assert [item.failure.kind for item in result.failed] == ["unreadable_article", "broken_json"]
            assert len(result.actions) == 1
        """
    )
    (suite.path / "news" / "empty.txt").write_text("")
    service.answer = lambda body: NO_JSON if "the second report" in body["messages"][1]["content"] else GOOD
    for mode in ("new", "none", "new"):
        suite.run(f"--llm-record={mode}").assert_outcomes(passed=1)
    assert len(service.requests) == 3, "an article, one with its re-ask, and nothing after that"


def test_an_answer_that_cannot_be_had_fails_the_test_with_its_reason(suite: Suite, service: Service) -> None:
    suite.write(FINDS_THEM.replace("MODEL", "MODEL, attempts=1"))
    service.answer = lambda _: (401, {}, {"error": {"message": "no such key"}})
    for mode in ("new", "all"):
        result = suite.run(f"--llm-record={mode}")
        result.assert_outcomes(failed=1)
        assert "could not be recorded:" in told(result) and "no such key" in told(result)
    assert suite.recordings() == []


# --- recording anew ---


def test_all_records_anew_once_in_a_session(suite: Suite, service: Service) -> None:
    suite.write(FINDS_THEM)
    suite.run("--llm-record=new")
    service.requests.clear()
    service.answer = lambda _: ANNOUNCED
    anew = """
        import pytest

        @pytest.mark.parametrize("paths", ["news", "news/first.txt", ["news/second.txt"]])
        def test_events(llm_replay, paths):
            result = llm_replay(paths, MODEL)
            assert {str(record.status) for record in result.actions} == {"announced"}
        """
    suite.write(anew)
    suite.run("--llm-record=all").assert_outcomes(passed=3)
    assert (len(service.requests), len(suite.recordings())) == (2, 2)
    suite.run("--llm-record=all").assert_outcomes(passed=3)
    assert len(service.requests) == 4
    suite.run().assert_outcomes(passed=3)


def test_recordings_under_other_options_do_not_take_each_other_s_place(suite: Suite, service: Service) -> None:
    suite.write(
        """
        import pytest

        @pytest.mark.parametrize("temperature", [0, 1])
        def test_events(llm_replay, temperature):
            result = llm_replay("news/first.txt", MODEL, temperature=temperature)
            assert str(result.actions[0].status) == ["ordered", "announced"][temperature]
        """
    )
    service.answer = lambda body: ANNOUNCED if body["temperature"] else ORDERED
    for requests in (2, 4):
        suite.run("--llm-record=all").assert_outcomes(passed=2)
        suite.run().assert_outcomes(passed=2)
        assert (len(service.requests), len(suite.recordings())) == (requests, 2)


def test_an_answer_that_is_none_is_told_where_it_was_to_take_another_s_place(suite: Suite, service: Service) -> None:
    suite.write(FINDS_THEM)
    suite.run("--llm-record=new")
    before = [path.read_bytes() for path in suite.recordings()]
    service.answer = lambda _: NO_JSON
    result = suite.run("--llm-record=all")
    result.assert_outcomes(failed=1)
    assert "2 articles could not be recorded:" in told(result) and "no JSON" in told(result)
    assert [path.read_bytes() for path in suite.recordings()] == before
    suite.run().assert_outcomes(passed=1)


@pytest.mark.parametrize("mode", ["new", "all"])
def test_workers_record_each_article_once(suite: Suite, service: Service, mode: str) -> None:
    suite.write(
        """
        import pytest

        @pytest.mark.parametrize("number", range(6))
        def test_events(llm_replay, number):
            assert len(llm_replay("news", MODEL).actions) == 2
        """
    )
    # An answer and one to a re-ask: those of two workers could be mixed up.
    answers = {2: answer(actions=[GOOD["actions"][0] | {"count": 40}]), 4: GOOD}
    service.answer = lambda body: answers[len(body["messages"])]
    suite.run(f"--llm-record={mode}", "-n", "2").assert_outcomes(passed=6)
    assert len(service.requests) == 4
    suite.run("-n", "2").assert_outcomes(passed=6)
    assert len(service.requests) == 4


# --- the network ---


NETWORK = """
    import asyncio
    import socket

    import pytest

    REFUSED = "The test tried to reach .*--llm-record=new"

    def reach(port):
        with socket.create_connection(("127.0.0.1", port), 10):
            return True

    def test_off(llm_replay):
        with pytest.raises(Exception, match=REFUSED):
            reach(PORT)
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            with pytest.raises(Exception, match=REFUSED):
                tcp.connect_ex(("127.0.0.1", PORT))
            with pytest.raises(Exception, match=REFUSED):
                udp.sendto(b"x", ("127.0.0.1", PORT))
        with pytest.raises(Exception, match=REFUSED):
            socket.getaddrinfo("example.org", 80)

    def test_off_in_a_loop(llm_replay):
        async def reach_out():
            with pytest.raises(Exception, match=REFUSED):
                await asyncio.open_connection("127.0.0.1", PORT)

        asyncio.run(reach_out())

    def test_unix_sockets_are_let_through(llm_replay, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
            server.bind("here")
            server.listen()
            client.connect("here")

    @pytest.fixture(scope="module")
    def result(llm_replay):
        with pytest.raises(Exception, match=REFUSED):
            reach(PORT)
        return llm_replay("news")

    def test_off_for_those_that_use_it_through_a_fixture(result):
        assert len(result.actions) == 2
        with pytest.raises(Exception, match=REFUSED):
            reach(PORT)

    def test_off_for_those_that_fetch_it(request):
        assert reach(PORT)
        request.getfixturevalue("llm_replay")("news")
        with pytest.raises(Exception, match=REFUSED):
            reach(PORT)

    def test_on_for_others():
        assert reach(PORT)
        socket.getaddrinfo("localhost", PORT)
    """


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["alone", "under xdist"])
def test_the_network_is_off_in_tests_that_replay_and_on_in_others(
    suite: Suite, service: Service, workers: list[str]
) -> None:
    suite.write(FINDS_THEM)
    suite.run("--llm-record=new")
    port = service.url.split(":")[2].split("/")[0]
    suite.write(NETWORK.replace("PORT", port))
    suite.run(*workers).assert_outcomes(passed=6)


def test_guards_that_another_fixture_puts_in_do_not_outlive_it(suite: Suite, service: Service) -> None:
    """A fixture that outlives a test may put back what it found there: the guard of that test."""
    port = service.url.split(":")[2].split("/")[0]
    suite.write(
        f"""
        import socket

        import pytest

        @pytest.fixture(scope="class")
        def counted():
            with pytest.MonkeyPatch.context() as patch:
                connect, calls = socket.socket.connect, []
                patch.setattr(socket.socket, "connect", lambda *given: (calls.append(given), connect(*given))[1])
                yield calls

        class TestCounting:
            def test_a(self, llm_replay, counted):
                pass

            def test_b(self, counted):
                socket.create_connection(("127.0.0.1", {port}), 10).close()
                assert len(counted) == 1

        def test_c():
            socket.create_connection(("127.0.0.1", {port}), 10).close()
        """
    )
    suite.run().assert_outcomes(passed=3)


def test_recording_leaves_the_network_on(suite: Suite) -> None:
    suite.write(
        """
        import socket

        def test_events(llm_replay):
            llm_replay("news", MODEL)
            with socket.create_server(("127.0.0.1", 0)) as server:
                socket.create_connection(server.getsockname(), 10).close()
        """
    )
    suite.run("--llm-record=new").assert_outcomes(passed=1)


# --- the company that it keeps ---


def test_tests_that_run_in_a_loop_can_replay(suite: Suite) -> None:
    suite.write(FINDS_THEM)
    suite.run("--llm-record=new")
    conftest = """
        import asyncio
        import inspect

        import pytest

        @pytest.fixture(autouse=True, scope="session")
        def loop():
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            yield loop
            loop.close()

        @pytest.hookimpl(tryfirst=True)
        def pytest_pyfunc_call(pyfuncitem):
            if inspect.iscoroutinefunction(pyfuncitem.obj):
                arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
                pyfuncitem.funcargs["loop"].run_until_complete(pyfuncitem.obj(**arguments))
                return True
        """
    suite.write(
        """
        import asyncio

        async def test_in_the_loop(llm_replay):
            assert len(llm_replay("news", MODEL).actions) == 2

        async def test_beside_the_loop(llm_replay):
            assert len((await asyncio.to_thread(llm_replay, "news", MODEL)).actions) == 2

        def test_outside_the_loop(llm_replay):
            assert len(llm_replay("news", MODEL).actions) == 2
        """,
        conftest=conftest,
    )
    suite.run("-W", "error").assert_outcomes(passed=3)


def test_the_folder_of_recordings_is_a_setting_from_the_rootdir(suite: Suite) -> None:
    suite.write(FINDS_THEM, ini="llm_fixtures = tests/kept")
    suite.run("--llm-record=new").assert_outcomes(passed=1)
    assert len(list((suite.path / "tests" / "kept").glob("*/*/*.json"))) == 2
    assert suite.recordings() == []
    suite.run().assert_outcomes(passed=1)


def test_a_test_may_name_its_own_folder(suite: Suite) -> None:
    suite.write(FINDS_THEM.replace("MODEL", 'MODEL, fixtures="own"'))
    suite.run("--llm-record=new").assert_outcomes(passed=1)
    suite.run().assert_outcomes(passed=1)
    assert len(list((suite.path / "own").glob("*/*/*.json"))) == 2


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ('mode="auto"', "pytest --llm-record=none|new|all"),
        ('modle="x"', "Options are: model"),
        ('model="nobody/x"', "'nobody' is no provider known here"),
    ],
)
def test_a_wrong_option_fails_the_test_with_advice(suite: Suite, options: str, reason: str) -> None:
    (suite.path / "fixtures").mkdir()
    suite.write(FINDS_THEM.replace("MODEL", options))
    result = suite.run()
    result.assert_outcomes(failed=1)
    assert reason in told(result)
    assert "runner.py" not in told(result), "the package's own frames are of no use to the reader"


def test_a_wrong_mode_of_the_session_is_refused(suite: Suite) -> None:
    suite.write(FINDS_THEM)
    result = suite.run("--llm-record=sometimes")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "--llm-record" in result.stderr.str()


def test_the_option_and_the_setting_are_in_pytest_s_help(suite: Suite) -> None:
    text = told(suite.run("--help"))
    assert "--llm-record={none,new,all}" in text
    assert "llm_fixtures (string)" in text


def test_a_suite_that_does_not_use_it_pays_nothing(suite: Suite) -> None:
    suite.write(
        """
        import sys

        def test_nothing():
            ours = {name for name in sys.modules if name.startswith("extractor")}
            assert ours == {"extractor", "extractor.errors", "extractor.pytest_plugin"}
            assert not sys.modules.keys() & {"openai", "instructor", "pydantic", "typer", "rich"}
        """
    )
    suite.run("-p", "no:xdist", "-p", "no:anyio", "-p", "no:hypothesispytest").assert_outcomes(passed=1)
