"""The commands about the store of answers: `extract cache info` and `extract cache clear`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor.cli.delivery import print_lines, say_error
from extractor.cli.parsing import Configured

Cache = Annotated[Path, typer.Option(metavar="DIR", envvar="EXTRACT_CACHE", help="Folder of the store.")]

app = typer.Typer(
    help="Tell what the store of answers holds, or empty it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command(
    "info", cls=Configured, epilog="Exit codes: 0 it is sound, or there is none; 2 it is of another version; 3 damaged."
)
def _info(
    cache: Cache = Path(".extract"),
    check: Annotated[
        bool, typer.Option("--check", help="Read all of it, to find out whether it is damaged anywhere.")
    ] = False,
) -> None:
    """Tell where the store is and what it holds, model by model."""
    from extractor.listing import stock_lines
    from extractor.recordings.store import RecordingStore

    store = RecordingStore.existing(cache)
    if store is None:
        typer.echo(f"There is no store in {cache}.")
        return
    try:
        if check:
            store.check()
        print_lines(stock_lines(store))
    finally:
        store.close()


@app.command("clear", cls=Configured)
def _clear(
    cache: Cache = Path(".extract"),
    # Named apart from the main job's setting: that a model is set does not say that the others' answers are to stay.
    of_model: Annotated[
        str | None, typer.Option("--model", help="Only this model's answers.", show_default=False)
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it, it is only told what would go.")] = False,
) -> None:
    """Delete the answers in the store, which were paid for; only with --yes."""
    from extractor.recordings.store import RecordingStore

    store = RecordingStore.existing(cache)
    if store is None:
        typer.echo(f"There is no store in {cache}.")
        return
    if not yes:
        count = sum(each.recordings for each in store.stock() if of_model in (None, each.model))
        store.close()
        typer.echo(f"would delete {count} recordings from {cache}")
        say_error("Nothing was deleted.", "The same command with --yes deletes these.")
        return
    store.close()
    store = RecordingStore(cache, writes=True)
    try:
        typer.echo(f"deleted {store.clear(of_model)} recordings from {cache}")
    finally:
        store.close()
