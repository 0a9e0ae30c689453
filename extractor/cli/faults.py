"""Faults of this tool itself: what a user is told, and what a report of them needs."""

from __future__ import annotations

import os
import tempfile
import traceback

from extractor.cli.delivery import say_error


def say_fault(error: Exception) -> None:
    """Tell that a fault was met; where, is in a file of its own, as it says nothing to a user."""
    from extractor.redaction import redacted

    told = redacted("".join(traceback.format_exception(error)))
    message = f"A fault of this tool: {type(error).__name__}: {redacted(str(error))}"
    try:
        file, path = tempfile.mkstemp(prefix="extract-fault-", suffix=".txt")
        with os.fdopen(file, "w", encoding="utf-8", errors="backslashreplace") as report:
            report.write(told)
    except OSError:
        say_error(message, "Please report it.")
    else:
        say_error(message, f"Please report it, with what is in {path}.")
