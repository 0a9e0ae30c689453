"""Where results and messages go: the output file, standard output, standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from extractor.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extractor.findings import Findings
    from extractor.runner import Options, Run
    from extractor.writers import Format, Settings


class Target(NamedTuple):
    """Where a result goes, in which format, and what of it; `-` is standard output."""

    path: Path
    format: Format
    settings: Settings

    @property
    def is_stdout(self) -> bool:
        """Whether it is no file."""
        return str(self.path) == "-"

    @property
    def loss(self) -> str:
        """What is left out of it; empty where nothing is."""
        if self.is_stdout and len(self.format.parts) > 1:
            return "all tables but the records, which alone go to standard output"
        return self.format.drops


def target_of(out: Path, name: str | None, *, all_modes: bool = False, include_text: bool = True) -> Target:
    """The target that the options tell, its format by name or by the file's ending.

    Raises:
        UsageError: there is no such format; see `extractor.writers.format_of`.
        MissingExtra: what the format is written with is not installed.
    """
    from extractor.writers import Settings, format_of

    # Opened by that name, it would be written from its beginning, over what others have written to it.
    out = Path("-") if str(out) == "/dev/stdout" else out
    fmt = format_of(out, name)
    fmt.writer()
    return Target(out, fmt, Settings(all_modes=all_modes, include_text=include_text))


class Delivered(NamedTuple):
    """Whether the result was written, and where the output before it is kept, if it is."""

    written: bool
    previous: Path | None = None


def deliver(finished: Run, target: Target) -> Delivered:
    """Write the result, unless there is none."""
    from extractor.writers import keep_previous

    if finished.tally.failed == finished.tally.articles:
        return Delivered(written=False)
    if target.is_stdout:
        hand_over(finished.findings, target)
        return Delivered(written=True)
    try:
        previous = keep_previous(target.path, target.format) if finished.tally.faulty else None
        hand_over(finished.findings, target)
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


def hand_over(findings: Findings, target: Target) -> None:
    """Write findings to their target."""
    from extractor.writers import write_result, write_stream

    if target.is_stdout:
        write_stream(findings, sys.stdout.buffer, target.format, target.settings)
    else:
        write_result(findings, target.path, target.format, target.settings)


def check_writable(target: Target, inputs: list[Path]) -> None:
    """Refuse a hopeless target before anything is paid for."""
    if target.is_stdout:
        return
    from extractor.writers import places

    check_places(places(target.path, target.format).values(), inputs)


def check_places(written: Iterable[Path], inputs: Sequence[Path]) -> None:
    """Refuse files that cannot be written, or that are among the inputs."""
    from extractor import files
    from extractor.readers import is_among

    for place in written:
        files.check_writable(place)
        if is_among(place, inputs):
            raise OutputError(f"{place} is one of the inputs; it would be overwritten.", "Name another output file.")


def report(finished: Run, delivered: Delivered, options: Options, target: Target, *, quiet: bool) -> None:
    """Tell on standard error what the run brought and what went wrong."""
    from extractor.summary import error_lines, summary

    if delivered.written and not quiet:
        for part in summary(finished, options, target.path):
            print_out(part, to_stderr=True)
        say_loss(target)
    for message, advice in error_lines(finished):
        say_error(message, advice)
    if not delivered.written:
        say_error("Nothing was written: no article could be done.", "")
    if delivered.previous is not None:
        say_error(f"The output before this one is kept as {delivered.previous}.", "")


def say_loss(target: Target) -> None:
    """Tell on standard error what the output leaves out, if it does."""
    if target.loss:
        say_error(f"{target.format.name} leaves out {target.loss}.", "")


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
