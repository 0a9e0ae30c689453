"""A worker process and the pipes to it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from typing import Any

from extractor.checking.messages import LENGTH, length_in, packed, unpacked
from extractor.errors import UsageError

_COMMAND = ("-P", "-m", "extractor.checking.worker")
# Seconds that a worker has to end by itself; it has nothing left to do then.
_TO_END = 5.0


class Connection:
    """A worker process that is running; made by `start`."""

    def __init__(self, process: Process, to: asyncio.StreamWriter, out_of: asyncio.StreamReader) -> None:
        self._process = process
        self._to = to
        self._out_of = out_of

    @classmethod
    async def start(cls) -> Connection:
        """Start a process.

        Raises:
            UsageError: the system has none to give, or this event loop cannot have any.
        """
        try:
            # In a session of its own: Ctrl-C is for the run, which ends its workers.
            process = await asyncio.create_subprocess_exec(
                sys.executable or "", *_COMMAND, stdin=PIPE, stdout=PIPE, env=_environment(), start_new_session=True
            )
        except (OSError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            message = f"A worker process cannot be started: {reason.lower()}."
            raise UsageError(message, "Try fewer --workers, or none.") from error
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process was started without pipes")
        return cls(process, process.stdin, process.stdout)

    def send(self, message: object) -> None:
        """Send a message; one that is gone gets none."""
        # asyncio logs what is written to a closed pipe.
        if not self._to.is_closing():
            self._to.write(packed(message))

    async def messages(self) -> AsyncIterator[Any]:
        """What the worker says, until it is gone."""
        try:
            while True:
                length = length_in(await self._out_of.readexactly(LENGTH))
                yield unpacked(await self._out_of.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    async def end(self, *, at_once: bool = False) -> int:
        """Let the worker end, as it does when nobody speaks to it any more; its exit code, or less a signal's number.

        It is made to end where it takes long, or `at_once`.
        """
        self._to.close()
        if at_once:
            self._kill()
        try:
            return await asyncio.wait_for(self._process.wait(), _TO_END)
        except TimeoutError:
            self._kill()
            return await self._process.wait()

    def _kill(self) -> None:
        # It may have ended by itself.
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()


def _environment() -> Mapping[str, str]:
    """The environment, in which the worker finds the modules that this process finds."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
