"""The commands about recordings: `extract fixtures`, and its check, prune, show, export and import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extractor.cli.delivery import print_lines, print_out, say_error
from extractor.cli.inputs import Columns, InputFormat, NearDuplicates
from extractor.cli.parsing import Configured, FixturesCommands, FixturesJob

if TYPE_CHECKING:
    from extractor.recordings.moving import Copied
    from extractor.runner import Options

_KEY = (
    "A recording answers only the request it was made for: give the options that it was recorded with, or have them "
    "in extract.toml."
)

Paths = Annotated[list[Path], typer.Argument(metavar="PATHS", help="The articles: files, folders, globs.")]
Fixtures = Annotated[Path, typer.Option(envvar="EXTRACT_FIXTURES", help="Folder of recordings.")]
Model = Annotated[
    str | None,
    typer.Option(
        envvar="EXTRACT_MODEL", help="Only this model's recordings; without it, each model's.", show_default=False
    ),
]
Prompts = Annotated[
    Path | None,
    typer.Option(envvar="EXTRACT_PROMPTS", help="Folder of prompt files, for your own.", show_default=False),
]
Temperature = Annotated[float | None, typer.Option(help="As the recordings were made with.", show_default=False)]
Seed = Annotated[int | None, typer.Option(help="As the recordings were made with.", show_default=False)]
MaxTokens = Annotated[int | None, typer.Option(help="As the recordings were made with.", show_default=False)]
ReasoningEffort = Annotated[str | None, typer.Option(help="As the recordings were made with.", show_default=False)]
StructuredOutput = Annotated[str | None, typer.Option(help="As the recordings were made with.", show_default=False)]
Reasks = Annotated[int, typer.Option(min=0, max=5, help="How often records are sent back to the model.")]
MaxChars = Annotated[int, typer.Option(min=1, help="How much of an article is put to the model at once.")]
Encoding = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Encoding of files that are neither UTF-8 nor marked by a byte order mark; without it, it is guessed.",
        show_default=False,
    ),
]

app = typer.Typer(
    cls=FixturesCommands,
    help="List, check, prune, show or move recordings.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.command(
    "list", cls=FixturesJob, hidden=True, epilog="A folder that is called like a command is named by its path: ./check."
)
def _list(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", envvar="EXTRACT_FIXTURES", help="Folder of recordings.")
    ] = Path("fixtures"),
) -> None:
    """List the recordings: of which article, by which model."""
    from extractor.recordings import RecordingFolder
    from extractor.show import recordings_table

    print_out(recordings_table(RecordingFolder(folder)))


@app.command(
    "check",
    cls=Configured,
    epilog=f"{_KEY}\n\nExit codes: 0 every article is answered by a sound recording; 1 a fault of this tool; 2 wrong "
    "use; 3 a recording is missing, outdated without a fresh one, or damaged (with --strict also: nothing needs it); "
    "4 all is recorded, and some article fails nevertheless: it cannot be read, or its recorded answer is none.",
)
def _check(
    paths: Paths,
    fixtures: Fixtures = Path("fixtures"),
    model: Model = None,
    prompts: Prompts = None,
    temperature: Temperature = None,
    seed: Seed = None,
    max_tokens: MaxTokens = None,
    reasoning_effort: ReasoningEffort = None,
    structured_output: StructuredOutput = None,
    reasks: Reasks = 1,
    max_chars: MaxChars = 30_000,
    encoding: Encoding = None,
    input_format: InputFormat = None,
    columns: Columns = None,
    near_duplicates: NearDuplicates = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail where there are recordings that nothing needs, too.")
    ] = False,
) -> None:
    """Replay articles offline, and tell of each whether it is recorded, and of each recording whether it is used."""
    from extractor.audit import audit
    from extractor.listing import audit_lines

    found = audit(paths, _options(locals()))
    print_lines(audit_lines(found))
    raise typer.Exit(found.exit_code(strict=strict))


@app.command(
    "prune",
    cls=Configured,
    epilog="Name all your articles: what is of none of them goes. So do recordings of an article of which another is "
    "used: stale ones, made under another prompt, schema or options than those given here, and doubles. What stays: "
    "whatever is used, damaged, or would be used if it were mended; a stale recording whose article has no fresh one; "
    "all recordings of a model of which none is used. Nothing goes at all where an article cannot be read (exit code "
    f"2), or where no recording is used, as the folder may be the wrong one (exit code 2, unless --all).\n\n{_KEY}",
)
def _prune(
    paths: Paths,
    fixtures: Fixtures = Path("fixtures"),
    model: Model = None,
    prompts: Prompts = None,
    temperature: Temperature = None,
    seed: Seed = None,
    max_tokens: MaxTokens = None,
    reasoning_effort: ReasoningEffort = None,
    structured_output: StructuredOutput = None,
    reasks: Reasks = 1,
    max_chars: MaxChars = 30_000,
    encoding: Encoding = None,
    input_format: InputFormat = None,
    columns: Columns = None,
    near_duplicates: NearDuplicates = None,
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it they are only listed.")] = False,
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help="Stale recordings without a fresh one, too, and those of a model of which none is used."
        ),
    ] = False,
) -> None:
    """List the recordings that nothing needs, and delete them with --yes."""
    from extractor.audit import audit, prunable, remove
    from extractor.listing import held_line

    found = audit(paths, _options(locals()))
    pruning = prunable(found, everything=everything)
    if yes:
        print_lines(f"deleted {held_line(held)}" for held in remove(found.folder, pruning.going))
    else:
        print_lines(f"would delete {held_line(held)}" for held in pruning.going)
    for name in pruning.spared:
        say_error(f"None of the recordings of {name} is used: they stay.", "--all takes what is stale and unused.")
    if not pruning.going:
        typer.echo("Nothing to prune.")
    elif not yes:
        say_error("Nothing was deleted.", "The same command with --yes deletes these.")


@app.command("show", cls=Configured)
def _show(
    wanted: Annotated[
        Path,
        typer.Argument(
            metavar="ARTICLE",
            help="An article's file, its name or a part of it, or a recording's file.",
            show_default=False,
        ),
    ],
    fixtures: Fixtures = Path("fixtures"),
) -> None:
    """Print what is recorded of an article: each answer, and what the checks had found before it."""
    from extractor.audit import recordings_of
    from extractor.listing import recording_lines
    from extractor.recordings import RecordingFolder

    for file, recording in recordings_of(wanted, RecordingFolder(fixtures)):
        print_lines(recording_lines(file, recording))


Cache = Annotated[Path, typer.Option(metavar="DIR", envvar="EXTRACT_CACHE", help="Folder of the store.")]
Named = Annotated[
    str | None, typer.Option("--article", help="Only articles with this in their name.", show_default=False)
]
# Named apart from the main job's setting: that a model is set does not say that the others' are not meant.
OfModel = Annotated[str | None, typer.Option("--model", help="Only this model's recordings.", show_default=False)]
_STAYS = "What is there stays, unless what is copied has all of its answers and more."


@app.command("export", cls=Configured, epilog=_STAYS)
def _export(
    cache: Cache = Path(".extract"),
    fixtures: Fixtures = Path("fixtures"),
    article: Named = None,
    of_model: OfModel = None,
) -> None:
    """Copy answers from the store into files, to be read and committed."""
    from extractor.errors import UsageError
    from extractor.recordings import RecordingFolder
    from extractor.recordings.moving import export
    from extractor.recordings.store import RecordingStore

    store = RecordingStore.existing(cache)
    if store is None:
        raise UsageError(f"There is no store in {cache}.", "Name its folder with --cache.")
    try:
        _tell(export(store, RecordingFolder(fixtures), model=of_model, article=article), cache, fixtures)
    finally:
        store.close()


@app.command("import", cls=Configured, epilog=_STAYS)
def _import(
    fixtures: Fixtures = Path("fixtures"),
    cache: Cache = Path(".extract"),
    article: Named = None,
    of_model: OfModel = None,
) -> None:
    """Copy recordings from files into the store."""
    from extractor.errors import DamagedRecording, UsageError
    from extractor.recordings import RecordingFolder
    from extractor.recordings.moving import import_
    from extractor.recordings.store import RecordingStore

    folder = RecordingFolder(fixtures)
    if not fixtures.is_dir():
        raise UsageError(f"There is no folder {fixtures}.", "Name the folder of recordings with --fixtures.")
    store = RecordingStore(cache, writes=True)
    try:
        _tell(import_(folder, store, model=of_model, article=article), fixtures, cache)
    finally:
        store.close()
    damaged = list(folder.damaged())
    for error in damaged:
        say_error(str(error), error.advice)
    raise typer.Exit(DamagedRecording.exit_code if damaged else 0)


def _tell(copied: Copied, source: Path, target: Path) -> None:
    """Say what was copied, and what was not."""
    typer.echo(f"copied {copied.copied} recordings from {source} to {target}; {copied.present} were there")
    for name in copied.differing:
        say_error(f"{name}: another recording of the same request is in {target}, and stays.", "")


def _options(given: dict[str, Any]) -> Options:
    """The run's options among a command's parameters, for a replay."""
    from dataclasses import fields

    from extractor.recordings import Mode
    from extractor.runner import Options

    named = {field.name for field in fields(Options)} & given.keys()
    # What is set to an empty text counts as not set.
    settings: dict[str, Any] = {name: None if given[name] == "" else given[name] for name in named}
    return Options(mode=Mode.REPLAY, **settings)
