"""The command `extract compare`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.delivery import print_out
from extractor.errors import OutputsDiffer, UsageError

if TYPE_CHECKING:
    from extractor.comparison import Comparison

_FORMATS = ("table", "json", "markdown")


def register(app: typer.Typer) -> None:
    """Add the command to the program's."""
    app.command(
        "compare",
        epilog="Exit codes: 0 done; 1 a fault of this tool; 2 wrong use: a file that is missing, damaged or of another "
        "version; 10 with --exit-code: the outputs do not have the same content.",
    )(_compare)


def _compare(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILES", help="Two outputs of extract, or more.", show_default=False)
    ],
    form: Annotated[str, typer.Option("--format", help="table, json or markdown.")] = "table",
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="End with code 10 where the outputs differ, as git diff does with 1.")
    ] = False,
) -> None:
    """Compare outputs: what was added, lost or changed from the first to the second; of more, who agrees with whom."""
    from extractor.comparison import compare_outputs
    from extractor.writers import read_result

    if form not in _FORMATS:
        raise UsageError(f"--format {form} is no format.", f"Choose one of {', '.join(_FORMATS)}.")
    found = compare_outputs([(str(file), read_result(file)) for file in files])
    _show(found, form)
    if exit_code and not found.same:
        raise OutputsDiffer("The outputs differ.")


def _show(found: Comparison, form: str) -> None:
    from extractor import differences

    if form == "json":
        # As bytes: JSON is UTF-8 wherever it goes.
        sys.stdout.buffer.write(f"{found.model_dump_json(indent=2)}\n".encode())
    elif form == "markdown":
        typer.echo(differences.markdown(found), nl=False)
    else:
        for part in differences.tables(found):
            print_out(part)
