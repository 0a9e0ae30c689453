"""What is read in a thread of its own, a little ahead of those who work on it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class _End:
    """What comes behind the last item: the error, where there was one."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class Feed(Generic[Item]):
    """The items of an iterable for tasks of one event loop, `ahead` of them read before they are asked for.

    They are read in a thread, as files and pipes can let one wait: what is under way goes on meanwhile.
    """

    def __init__(self, items: Iterable[Item], ahead: int) -> None:
        self._items = items
        self._room = threading.Semaphore(ahead)
        self._read: asyncio.Queue[Item | _End] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._closed = False
        # A daemon, as a pipe may never end and must not keep the program from ending.
        self._thread = threading.Thread(target=self._work, name="reader", daemon=True)
        self._thread.start()

    def __aiter__(self) -> Feed[Item]:
        return self

    async def __anext__(self) -> Item:
        """The next item, for whoever asks first.

        Raises:
            Exception: what reading raised.
        """
        item = await self._read.get()
        if isinstance(item, _End):
            self._read.put_nowait(item)
            if item.error is not None:
                raise item.error
            raise StopAsyncIteration
        self._room.release()
        return item

    def close(self) -> None:
        """Read no more."""
        self._closed = True
        self._room.release()

    def _work(self) -> None:
        error = None
        try:
            for item in self._items:
                self._room.acquire()
                if self._closed:
                    return
                self._hand(item)
        except BaseException as raised:  # noqa: BLE001 - it is raised again where the items are wanted
            error = raised
        self._hand(_End(error))

    def _hand(self, item: Item | _End) -> None:
        try:
            self._loop.call_soon_threadsafe(self._read.put_nowait, item)
        except RuntimeError:
            # The loop is closed, and nobody waits.
            self._closed = True
