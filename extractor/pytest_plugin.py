"""A pytest plugin: tests that run on recorded answers.

    def test_expulsions_are_found(llm_replay):
        result = llm_replay("articles/", model="openai/gpt-5-mini")
        assert [record.action for record in result.actions] == ["expulsion"]

The fixture `llm_replay` is called like `extractor.extract`. What a test sees is always what the recordings in the
folder `llm_fixtures` give; `--llm-record` says what becomes of these before that. `none` leaves them alone, and takes
the network from the tests that use the fixture; `new` records what is missing; `all` records everything anew, once in
a session. Nothing heavy is imported before the fixture is called.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import shlex
import socket
import sys
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn, Protocol, Unpack, cast

import pytest

from extractor.errors import DamagedRecording, ExtractorError, ReplayMiss, UsageError

if TYPE_CHECKING:
    from extractor import Article, ExtractionResult
    from extractor.api import ExtractOptions
    from extractor.schema.output import ArticleReport

_MISSES = (ReplayMiss.kind, DamagedRecording.kind)
# What says how a model is asked and nothing that could change its answer, and what is told apart without it.
_NO_VARIANT = frozenset(
    "model fixtures no_cache base_url key_file concurrency rpm tpm attempts backoff timeout connect_timeout max_calls "
    "max_cost price encoding input_format columns".split()
)


class LLMReplay(Protocol):
    """What the fixture `llm_replay` is: `extractor.extract` on recordings."""

    def __call__(self, paths: str | Path | Iterable[str | Path], **options: Unpack[ExtractOptions]) -> ExtractionResult:
        """Extract from files and folders, answered by recordings.

        `options` are those of `extractor.extract` but for `mode`, which is the session's. As there, articles that
        cannot be read, or whose recorded answer is none, are in `result.failed`.

        Raises:
            ReplayMiss: an article is not recorded, or not under these options; or its recording is damaged.
            ExtractorError: the run cannot start, as with a wrong option or without a key to record with.
        """
        ...


class NetworkOff(ExtractorError):
    """A test that replays recorded answers tried to reach the network."""

    kind = "network_off"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the plugin's option and its setting."""
    parser.getgroup("extract", "recorded answers of language models").addoption(
        "--llm-record",
        choices=("none", "new", "all"),
        default="none",
        help="What llm_replay does with recordings before it replays them: none leaves them alone and turns the "
        "network off, new asks the model for what is missing, all asks for everything anew.",
    )
    parser.addini("llm_fixtures", "Folder of the recordings of llm_replay, from the rootdir.", default="fixtures")


def pytest_configure(config: pytest.Config) -> None:
    """Make the switch that the tests of this process share."""
    network = config.stash[_NETWORK] = _Network()
    config.add_cleanup(network.release)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Turn the network off for a test that replays, its fixtures included."""
    network = item.config.stash[_NETWORK]
    if item.config.getoption("llm_record") == "none" and "llm_replay" in getattr(item, "fixturenames", ()):
        network.turn_off()
    try:
        return (yield)
    finally:
        network.turn_on()


@pytest.fixture(scope="session")
def llm_replay(request: pytest.FixtureRequest) -> LLMReplay:
    """Extract from articles by recorded answers; called like `extractor.extract`. See --llm-record."""

    def shared() -> Path:
        base: Path = request.getfixturevalue("tmp_path_factory").getbasetemp()
        # Each worker of pytest-xdist has a folder of its own in the session's.
        return base.parent if hasattr(request.config, "workerinput") else base

    return _Replay(request.config, shared)


class _Network:
    """The network as this process's tests have it.

    Once used, its guards stay in their places and let everything pass while it is on: taken out and put in again, they
    would be mixed up with what other fixtures put there.
    """

    def __init__(self) -> None:
        self._on = True
        self._guards: pytest.MonkeyPatch | None = None

    def turn_off(self) -> None:
        """Refuse connections to anything but Unix sockets, and the lookup of names."""
        self._on = False
        if self._guards is None:
            self._guards = pytest.MonkeyPatch()
            for name in ("connect", "connect_ex", "sendto"):
                self._guards.setattr(socket.socket, name, self._guarded(getattr(socket.socket, name)))
            self._guards.setattr(socket, "getaddrinfo", self._guarded_lookup(socket.getaddrinfo))

    def turn_on(self) -> None:
        """Let everything pass."""
        self._on = True

    def release(self) -> None:
        """Take the guards out."""
        if self._guards is not None:
            self._guards.undo()

    def _guarded(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(sock: socket.socket, *arguments: Any) -> Any:
            if not self._on and not _is_local(sock, arguments[-1]):
                raise _refusal(arguments[-1])
            return original(sock, *arguments)

        return guarded

    def _guarded_lookup(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(host: Any, *arguments: Any, **named: Any) -> Any:
            if not self._on and _is_looked_up(host):
                raise _refusal(host)
            return original(host, *arguments, **named)

        return guarded


_NETWORK = pytest.StashKey[_Network]()


def _is_local(sock: socket.socket, address: Any) -> bool:
    if sys.platform == "win32":
        # There, asyncio's event loops are woken over connections of their own.
        return isinstance(address, tuple) and address[0] in ("127.0.0.1", "::1")
    return sock.family == socket.AF_UNIX


def _is_looked_up(host: Any) -> bool:
    """Whether a name server would be asked for it."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if not name or name == "localhost":
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return True
    return False


def _refusal(place: Any) -> NetworkOff:
    return NetworkOff(
        f"The test tried to reach {place!r}. The network is off in tests that replay recorded answers (llm_replay): "
        "record what is missing with pytest --llm-record=new, and test what needs a network in another test."
    )


class _Replay:
    """What the fixture gives; `shared` is a folder that all workers of the session have."""

    def __init__(self, config: pytest.Config, shared: Callable[[], Path]) -> None:
        self._record = config.getoption("llm_record")
        self._folder = config.rootpath / config.getini("llm_fixtures")
        self._network = config.stash[_NETWORK]
        self._shared = shared

    def __call__(self, paths: str | Path | Iterable[str | Path], **options: Unpack[ExtractOptions]) -> ExtractionResult:
        __tracebackhide__ = True
        listed = [paths] if isinstance(paths, str | Path) else list(paths)
        # What is recorded for tests is to be read and committed: no store, whatever folder there is.
        given: dict[str, Any] = {"fixtures": self._folder, "no_cache": True, **options}
        try:
            if "mode" in given:
                raise UsageError("llm_replay takes no mode.", "pytest --llm-record=none|new|all says what it does.")
            return self._result(_Call(listed, given))
        except ExtractorError as error:
            if error.advice:
                error.add_note(error.advice)
            # What lies between the test and the message is of no use to its reader.
            raise error.with_traceback(None)  # noqa: B904 - its own cause is kept

    def _result(self, call: _Call) -> ExtractionResult:
        __tracebackhide__ = True
        if self._record == "none":
            # A test may have come by the fixture in a way that shows only now.
            self._network.turn_off()
            return call.replayed()
        if self._record == "new":
            with contextlib.suppress(ReplayMiss):
                return call.replayed()
        if call.given.get("model") is None:
            raise UsageError("The test names no model to record.", 'Name it: llm_replay(..., model="provider/model").')
        with _alone(self._shared() / "llm_recorded.jsonl") as ledger:
            unrecorded = call.record_missing() if self._record == "new" else call.record_anew(ledger)
            return call.replayed(unrecorded)


class _Call:
    """A call of `llm_replay`: its paths and its options, the folder of recordings among these."""

    def __init__(self, paths: list[str | Path], given: dict[str, Any]) -> None:
        self.given = given
        self._paths = paths

    def replayed(self, unrecorded: dict[str, str] | None = None) -> ExtractionResult:
        """What the recordings give; `unrecorded` says, by article id, why an answer could not be recorded just now.

        Raises:
            ReplayMiss: they do not answer for all articles, or not with what was to be recorded.
        """
        __tracebackhide__ = True
        result = self._replay()
        lacking = {article.id: _told(article) for article in result.failed if _is_miss(article)}
        # An answer that could not be recorded anew has left the old one in its place.
        kept = {article.id for article in result.articles if article.outcome == "done"}
        lacking |= {key: told for key, told in (unrecorded or {}).items() if key in kept or key in lacking}
        if lacking:
            self._refuse(lacking.values(), recording=unrecorded is not None)
        return result

    def record_missing(self) -> dict[str, str]:
        """Ask the model for what the recordings do not answer; returns what could not be had, by article id."""
        missing = {article.id for article in self._replay().failed if _is_miss(article)}
        return self._recorded([article for article in self._articles() if article.id in missing], "auto")

    def record_anew(self, ledger: IO[str]) -> dict[str, str]:
        """Ask the model for all that the session's `ledger` does not list yet; returns what could not be had.

        The first of an article's recordings takes the place of what was there; those under other options, which other
        tests give, take their own places or new ones.
        """
        done = {tuple(json.loads(line)) for line in ledger}
        variant = json.dumps({key: str(self.given[key]) for key in sorted(self.given.keys() - _NO_VARIANT)})
        entries = {article.id: (*self._place(article), variant) for article in self._articles()}
        todo = [article for article in self._articles() if entries[article.id] not in done]
        taken = {entry[:-1] for entry in done}
        beside = [article for article in todo if self._place(article) in taken]
        missing = {article.id for article in self._extract_listed(beside, "replay") if _is_miss(article)}
        failed = self._recorded([article for article in todo if article.id not in missing], "record")
        failed |= self._recorded([article for article in todo if article.id in missing], "auto")
        ledger.writelines(f"{json.dumps(entries[article.id])}\n" for article in todo if article.id not in failed)
        return failed

    def _place(self, article: Article) -> tuple[str, str, str]:
        """What two recordings have in common of which one could take the other's place."""
        return str(Path(self.given["fixtures"]).resolve()), self.given["model"], article.id

    def _articles(self) -> tuple[Article, ...]:
        from extractor.copies import read_distinct
        from extractor.readers import InputSettings

        names = {"encoding": "encoding", "format": "input_format", "columns": "columns"}
        settings = InputSettings(**{name: self.given.get(option) for name, option in names.items()})
        return read_distinct(self._paths, settings, self.given.get("near_duplicates")).articles

    def _recorded(self, articles: Collection[Article], mode: str) -> dict[str, str]:
        return {article.id: _told(article) for article in self._extract_listed(articles, mode)}

    def _replay(self) -> ExtractionResult:
        from extractor.recordings import RecordingFolder

        folder = RecordingFolder(Path(self.given["fixtures"]))
        if self.given.get("model") is None and not folder.models() and not any(folder.damaged()):
            # Of nothing that is recorded, any model's recordings are missed article by article.
            return self._extract(self._paths, "replay", model="compatible/any")
        return self._extract(self._paths, "replay")

    def _extract_listed(self, articles: Collection[Article], mode: str) -> list[ArticleReport]:
        """Those of the articles that fail."""
        return self._extract([article.source for article in articles], mode).failed if articles else []

    def _extract(self, paths: Iterable[str | Path], mode: str, **others: str) -> ExtractionResult:
        from extractor import extract

        return extract(paths, **cast("ExtractOptions", {**self.given, "mode": mode, **others}))

    def _refuse(self, lacking: Collection[str], *, recording: bool) -> NoReturn:
        __tracebackhide__ = True
        count = "1 article" if len(lacking) == 1 else f"{len(lacking)} articles"
        if recording:
            head, advice = f"{count} could not be recorded:", "Nothing that was recorded before is lost."
        else:
            head = f"{count} cannot be replayed from {self.given['fixtures']}:"
            test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")[0]
            model = "" if self.given.get("model") else ', and name a model in the test: llm_replay(..., model="...")'
            advice = f"Record what is missing: pytest --llm-record=new {shlex.quote(test)}{model}"
        raise ReplayMiss("\n".join([head, *(f"  {told}" for told in lacking), advice]))


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[IO[str]]:
    """A file that one worker at a time has open: two that record one article would mix up each other's answers."""
    with path.open("a+", encoding="utf-8") as file:
        with contextlib.suppress(ImportError):  # Windows has no such locks; there, record without pytest-xdist.
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield file


def _is_miss(article: ArticleReport) -> bool:
    return article.failure is not None and article.failure.kind in _MISSES


def _told(article: ArticleReport) -> str:
    failure = article.failure
    told = failure.message if failure is not None else ""
    if failure is not None and failure.kind == DamagedRecording.kind:
        told += " Restore it from version control, or record it anew with --llm-record=all."
    return told if told.startswith(article.name) else f"{article.name}: {told}"
