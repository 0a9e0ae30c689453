"""Where results and messages go: the output file, standard output, standard error."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from extractor.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extractor.runner import Options, Run


class Delivered(NamedTuple):
    """Whether the result was written, and where the output before it is kept, if it is."""

    written: bool
    previous: Path | None = None


def deliver(finished: Run, out: Path) -> Delivered:
    """Write the result, unless there is none."""
    from extractor.writers import keep_previous, to_json, write_json

    result = finished.result
    if all(article.outcome == "failed" for article in result.articles):
        return Delivered(written=False)
    if str(out) == "-":
        sys.stdout.buffer.write(to_json(result))
        sys.stdout.buffer.flush()
        return Delivered(written=True)
    try:
        previous = keep_previous(out) if result.failed else None
        write_json(result, out)
    except OutputError as error:
        advice = f"{error.advice} The answers are recorded: running again asks no model."
        raise OutputError(error.message, advice, where=error.where) from error
    return Delivered(True, previous)


def deliver_page(page: bytes, out: Path) -> None:
    """Write a page, and tell where it is."""
    from extractor.files import write_atomically

    if str(out) == "-":
        sys.stdout.buffer.write(page)
        sys.stdout.buffer.flush()
        return
    write_atomically(out, page)
    typer.echo(f"Written to {out}; open it in a browser.", err=True)


def check_writable(out: Path, paths: list[Path]) -> None:
    """Refuse a hopeless --out before anything is paid for."""
    if str(out) == "-":
        return
    from extractor import files
    from extractor.readers import is_among

    files.check_writable(out)
    if is_among(out, paths):
        raise OutputError(f"{out} is one of the inputs; it would be overwritten.", "Name another file for --out.")


def report(finished: Run, delivered: Delivered, options: Options, out: Path, *, quiet: bool) -> None:
    """Tell on standard error what the run brought and what went wrong."""
    from extractor.show import error_lines, summary

    if delivered.written and not quiet:
        for part in summary(finished, options, out):
            print_out(part, to_stderr=True)
    for message, advice in error_lines(finished):
        say_error(message, advice)
    if not delivered.written:
        say_error("Nothing was written: no article could be done.", "")
    if delivered.previous is not None:
        say_error(f"The output before this one is kept as {delivered.previous}.", "")


def print_out(part: Any, *, to_stderr: bool = False) -> None:
    """Print a table or a text as wide as the terminal."""
    from rich.console import Console

    Console(stderr=to_stderr, highlight=False, markup=False, emoji=False).print(part)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines at whatever length they have: those of a log are searched, and commands in them copied."""
    from extractor.text import printable_line

    for line in lines:
        typer.echo(printable_line(line))


def say_error(message: str, advice: str) -> None:
    """Tell on standard error what went wrong, and on a second line what to do."""
    from extractor.text import printable_line

    typer.echo(f"extract: {printable_line(message)}", err=True)
    if advice:
        typer.echo(f"         {printable_line(advice)}", err=True)
