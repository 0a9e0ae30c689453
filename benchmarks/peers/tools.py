"""The tools: where each is installed, and a process of it to talk to."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

ROOT = Path(__file__).parents[2]
_HERE = Path(__file__).parent
_ENVIRONMENTS = ROOT / ".benchmarks"
_ENDS = 5.0


class ToolFault(Exception):
    """A tool raised, ended or took longer than it may."""


class TookTooLong(ToolFault):
    """A tool gave no answer in the time that it has; its process is ended."""


@dataclass(frozen=True)
class Tool:
    """A tool that is measured. `package` is its name in the registry; a tool that is `ours` runs where we do."""

    name: str
    title: str
    package: str
    ours: bool = False

    @property
    def folder(self) -> Path:
        return _ENVIRONMENTS / self.name

    @property
    def requirements(self) -> Path:
        return _HERE / f"{self.name}.txt"

    @property
    def python(self) -> Path:
        """The interpreter that has the tool."""
        return Path(sys.executable) if self.ours else self.folder / "bin" / "python"

    @property
    def installed(self) -> bool:
        """Whether it is installed as its requirements say now."""
        return self.ours or (self._stamp.is_file() and self._stamp.read_text() == self.requirements.read_text())

    @property
    def version(self) -> str | None:
        """The version, from its requirements or our own environment; None where it is not installed."""
        if self.ours:
            return version(self.package)
        pinned = dict(line.split("==") for line in self.requirements.read_text().split() if "==" in line)
        return pinned[self.package] if self.installed else None

    def install(self) -> None:
        """Make its environment anew.

        Raises:
            subprocess.CalledProcessError: pip could not install it.
        """
        venv.create(self.folder, clear=True, with_pip=True)
        arguments = [str(self.python), "-m", "pip", "install", "--quiet", "--requirement", str(self.requirements)]
        subprocess.run(arguments, check=True)
        self._stamp.write_text(self.requirements.read_text())

    @property
    def _stamp(self) -> Path:
        return self.folder / "installed.txt"

    def start(self, **environment: str) -> Process:
        """A process of its script, with further environment variables. Use it in a `with` statement."""
        return Process(self, environment)


OURS = Tool("ours", "event-extractor", "event-extractor", ours=True)
TOOLS = (
    OURS,
    Tool("instructor", "instructor", "instructor", ours=True),
    Tool("langextract", "LangExtract", "langextract"),
    Tool("docetl", "DocETL", "docetl"),
    Tool("curator", "Curator", "bespokelabs-curator"),
)
BY_NAME = {tool.name: tool for tool in TOOLS}


class Process:
    """A tool's script at work; what it writes to standard error is kept for the error that it may end with."""

    def __init__(self, tool: Tool, environment: dict[str, str]) -> None:
        self.tool = tool
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 -- closed by `end`
        self._process = subprocess.Popen(
            [str(tool.python), "-m", f"benchmarks.peers.{tool.name}"],
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        self._unread = b""

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def call(self, what: str, *, timeout: float = 120.0, **arguments: Any) -> Any:
        """What a function of the script gives.

        Raises:
            TookTooLong: there was no answer within `timeout` seconds.
            ToolFault: the function raised, or the process ended.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"do": what, **arguments}).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise ToolFault(f"{self.tool.title} ended: {self._last_words()}") from None
        answer = json.loads(self._line(timeout))
        if "error" in answer:
            raise ToolFault(f"{self.tool.title}, {what}: {answer['error']}")
        return answer["result"]

    def kill(self) -> None:
        """End the process as `kill -9` does."""
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """Let the process end, and end it where it does not."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None and not stream.closed:
                _close(stream)
        try:
            self._process.wait(_ENDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._log.close()

    def _line(self, timeout: float) -> bytes:
        assert self._process.stdout is not None
        until = time.monotonic() + timeout
        while b"\n" not in self._unread:
            if not select.select([self._process.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
                self.kill()
                raise TookTooLong(f"{self.tool.title} gave no answer within {timeout:.0f} s")
            piece = os.read(self._process.stdout.fileno(), 1 << 20)
            if not piece:
                self._process.wait()
                raise ToolFault(f"{self.tool.title} ended: {self._last_words()}")
            self._unread += piece
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _last_words(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace").strip()[-500:]


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        return
