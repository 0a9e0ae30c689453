"""What runs in a worker process, until its standard input ends."""

from __future__ import annotations

import os
import sys
from functools import cached_property
from typing import IO

from extractor.checking.checks import ArticleChecks
from extractor.checking.messages import Assemble, Begin, Do, Done, End, Examine, packed, received, written
from extractor.codes import country_code
from extractor.collecting import seldom_collecting
from extractor.errors import Fault
from extractor.readers import Article


def main() -> None:
    """Serve the process that started this one."""
    incoming, outgoing = _own_streams()
    # What takes long to load is loaded while the first answers are on their way.
    country_code("Norway")
    try:
        with seldom_collecting():
            _serve(incoming, outgoing)
    except Exception:  # noqa: BLE001 - whatever it is: a message that there is no memory for, or nobody left to write to
        # The run finds this process gone, and says so.
        os._exit(1)


def _own_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the run; what else would be printed goes to standard error."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
    return incoming, outgoing


def _serve(incoming: IO[bytes], outgoing: IO[bytes]) -> None:
    begun: dict[int, _Task] = {}
    for message in received(incoming):
        match message:
            case Begin(task, article):
                begun[task] = _Task(article)
            case Do(task):
                outgoing.write(packed(begun[task].done(message)))
                outgoing.flush()
            case End(task):
                begun.pop(task, None)


class _Task:
    """An article that was begun."""

    def __init__(self, article: Article) -> None:
        self._article = article

    @cached_property
    def _checks(self) -> ArticleChecks:
        return ArticleChecks(self._article)

    def done(self, asked: Do) -> Done:
        """Do something for it; a fault that is met costs no other article."""
        try:
            match asked.what:
                case Examine(part, answer):
                    return Done(asked.call, examined=self._checks.examine(part, answer))
                case Assemble(parts):
                    return Done(asked.call, assembled=written(self._checks.assemble(parts)))
        except Exception as error:  # noqa: BLE001 - whatever it is
            return Done(asked.call, fault=Fault.met_at(self._article.name, error))


if __name__ == "__main__":
    main()
