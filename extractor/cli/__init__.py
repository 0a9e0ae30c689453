"""The `extract` command: options in, the library called, results and messages out; no logic of its own.

Nothing heavy is imported before it is needed, so that `--help` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
from typing import NoReturn

from extractor.cli.commands import app
from extractor.cli.delivery import say_error
from extractor.cli.faults import say_fault
from extractor.errors import ExtractorError, Fault, Interrupted, OutputError

__all__ = ["app", "main"]


def main() -> NoReturn:
    """Run the command; every error a user can meet ends in a message and an exit code."""
    _open_closed_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Where a character of a table cannot be shown, the rest still can. Standard error does so by itself.
        sys.stdout.reconfigure(errors="replace")
    try:
        code = _exit_code_of_command()
        sys.stdout.flush()
    except ExtractorError as error:
        say_error(str(error), error.advice)
        code = error.exit_code
    except KeyboardInterrupt:
        say_error("Interrupted.", "")
        code = Interrupted.exit_code
    except BrokenPipeError:
        # Whoever read the output has gone, and has seen enough.
        code = 0
        _abandon_stdout()
    except OSError as error:
        say_error(f"Cannot write to standard output: {(error.strerror or str(error)).lower()}.", "")
        code = OutputError.exit_code
        _abandon_stdout()
    except Exception as error:  # noqa: BLE001 - whatever it is
        say_fault(error)
        code = Fault.exit_code
    raise SystemExit(code)


def _exit_code_of_command() -> int:
    try:
        app()
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):
            raise ended.__context__ from None
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def _open_closed_streams() -> None:
    """Have the streams that the program was started without (`>&-`): no other file is to take their numbers.

    There is nothing to be read, what is said on standard error is lost, and writing to standard output fails.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # It gets the lowest number that is free, which is this one.
            os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
            setattr(sys, name, open(number, "r" if name == "stdin" else "w", encoding="utf-8", closefd=False))  # noqa: SIM115


def _abandon_stdout() -> None:
    """Keep Python from complaining once more at its end that standard output cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
