"""Options of the commands that write outputs."""

from __future__ import annotations

from typing import Annotated

import typer

OutputFormat = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Format of the output, where the file's ending does not tell: json, jsonl, csv, parquet, ftm, polecat, "
        "icews, graphml, gexf, markdown.",
        show_default=False,
    ),
]
IncludeText = Annotated[
    bool, typer.Option("--include-text/--no-include-text", help="Whether the articles' texts stand in the output.")
]
AllModes = Annotated[
    bool,
    typer.Option("--all-modes", help="In event data, entities and networks also what did not happen, with its status."),
]
