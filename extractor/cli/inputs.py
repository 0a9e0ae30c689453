"""The options about inputs that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

InputFormat = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Format of inputs whose ending does not tell: txt, md, html, pdf, jsonl, csv, parquet.",
        show_default=False,
    ),
]
NearDuplicates = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE",
        min=0.5,
        max=1,
        help="Read once what is nearly alike and tells nothing new: articles that share at least so much of their runs "
        "of five words, such as 0.8. Exact copies are read once in any case.",
        show_default=False,
    ),
]
Columns = Annotated[
    str | None,
    typer.Option(
        metavar="NAME=COLUMN,...",
        help="Which columns of jsonl, csv and parquet hold what, such as text=body,id=doc,published=day; others are "
        "found by their usual names.",
        show_default=False,
    ),
]
