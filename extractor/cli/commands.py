"""The commands and their options."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from extractor.cli import comparison, evaluation, views
from extractor.cli.batch import app as batch_app
from extractor.cli.delivery import check_writable, deliver, print_out, report, target_of
from extractor.cli.engines import EngineName, PartitionsAt, Workers, engine_of, local_paths
from extractor.cli.fixtures import app as fixtures_app
from extractor.cli.inputs import Columns, InputFormat, NearDuplicates
from extractor.cli.outputs import AllModes, IncludeText, OutputFormat
from extractor.cli.parsing import Commands, MainJob, farness, stands_in_file
from extractor.cli.store import app as cache_app
from extractor.errors import UsageError

if TYPE_CHECKING:
    from extractor.recordings import Mode
    from extractor.runner import Engine, Options, Run

_EXIT_CODES = (
    "Exit codes: 0 all done; 1 a fault of this tool; 2 wrong use; 3 no recording answers; 4 some articles failed; "
    "5 the model cannot be had; 6 the output cannot be written; 7 the budget is reached; 130 interrupted."
)
_SETTINGS = (
    "Settings may also stand in extract.toml, or under [tool.extract] in pyproject.toml, of the current folder: "
    "flags come before environment variables, and these before the file."
)
_PATHS = "A file or folder that is called like a command is named by its path: ./schema."

# Plain help: the boxes of rich cost half of the time that --help takes.
app = typer.Typer(cls=Commands, pretty_exceptions_enable=False, rich_markup_mode=None)


def _show_version(asked: bool) -> None:
    if asked:
        from extractor import __version__

        typer.echo(f"extract {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """News articles to grounded, dated event records."""


@app.command("run", cls=MainJob, hidden=True, epilog=f"{_PATHS}\n\n{_SETTINGS}\n\n{_EXIT_CODES}")
def _run(
    ctx: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATHS", help="Files, folders, globs; - for standard input.", show_default=False),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Where the result goes; - for standard output. Its ending tells how.")
    ] = Path("-"),
    format: OutputFormat = None,  # noqa: A002 - the option's name, and the setting's
    include_text: IncludeText = True,
    all_modes: AllModes = False,
    model: Annotated[
        str | None,
        typer.Option(
            envvar="EXTRACT_MODEL",
            help="provider/model, such as openai/gpt-5-mini, or compatible/NAME with --base-url; "
            "`extract models` lists the providers. Without it the recorded model is replayed.",
            show_default=False,
        ),
    ] = None,
    replay: Annotated[bool, typer.Option("--replay", help="Answer from recordings alone; open no connection.")] = False,
    record: Annotated[
        bool, typer.Option("--record", help="Ask the model for every article and record its answers.")
    ] = False,
    base_url: Annotated[
        str | None,
        typer.Option(envvar="EXTRACT_BASE_URL", help="Address of an OpenAI-compatible service.", show_default=False),
    ] = None,
    key_file: Annotated[
        Path | None,
        typer.Option(envvar="EXTRACT_KEY_FILE", help="File with the key, or with NAME=KEY lines.", show_default=False),
    ] = None,
    fixtures: Annotated[
        Path | None,
        typer.Option(
            envvar="EXTRACT_FIXTURES",
            help="Folder of recordings, files to read and to commit. Answers are kept in it where it is named, or is "
            "there and no store is.",
            show_default="fixtures",
        ),
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            envvar="EXTRACT_CACHE",
            help="Folder of a store that answers are kept in, one database for corpora of any size; recordings are "
            "looked into first.",
            show_default=".extract",
        ),
    ] = None,
    no_cache: Annotated[
        bool,
        typer.Option("--no-cache", envvar="EXTRACT_NO_CACHE", help="No store: answers are kept as recordings."),
    ] = False,
    prompts: Annotated[
        Path | None,
        typer.Option(envvar="EXTRACT_PROMPTS", help="Folder of prompt files, for your own.", show_default=False),
    ] = None,
    temperature: Annotated[
        float | None, typer.Option(min=0, max=2, help="How freely the model chooses its words.", show_default=False)
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Number that makes the answers differ less.", show_default=False)
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="Longest answer, in tokens.", show_default=False)
    ] = None,
    reasoning_effort: Annotated[
        str | None,
        typer.Option(
            metavar="LEVEL", help="How long the model thinks first: none to max, as it takes them.", show_default=False
        ),
    ] = None,
    structured_output: Annotated[
        str | None,
        typer.Option(
            metavar="WAY", help="tools or json-schema, where the provider's own is not to be used.", show_default=False
        ),
    ] = None,
    concurrency: Annotated[
        int, typer.Option(min=1, envvar="EXTRACT_CONCURRENCY", help="Articles, and requests, at once.")
    ] = 8,
    rpm: Annotated[int | None, typer.Option(min=1, help="Most requests a minute.", show_default=False)] = None,
    tpm: Annotated[int | None, typer.Option(min=1, help="Most tokens a minute.", show_default=False)] = None,
    max_calls: Annotated[
        int | None, typer.Option(min=0, help="Stop before sending more requests than this.", show_default=False)
    ] = None,
    max_cost: Annotated[
        float | None, typer.Option(min=0, help="Stop before spending more US dollars than this.", show_default=False)
    ] = None,
    price: Annotated[
        str | None,
        typer.Option(
            metavar="READ/WRITTEN",
            help="US dollars per million tokens, such as 0.25/2, where the published price is not yours.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be asked and cost about; send nothing.")
    ] = False,
    reasks: Annotated[
        int, typer.Option(min=0, max=5, help="How often records that do not hold up are sent back to the model.")
    ] = 1,
    attempts: Annotated[
        int, typer.Option(min=1, max=20, help="How often a request is sent when the service fails.")
    ] = 6,
    backoff: Annotated[float, typer.Option(min=0, help="Bound of the first wait in seconds; it doubles.")] = 1,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for one answer.")] = 600,
    connect_timeout: Annotated[float, typer.Option(min=0.1, help="Seconds to wait for a connection.")] = 10,
    max_chars: Annotated[
        int, typer.Option(min=1, help="Characters of an article put to the model at once; longer ones are split.")
    ] = 30_000,
    resolve_with_model: Annotated[
        bool,
        typer.Option(
            "--resolve-with-model",
            help="Put to the model, too, whether reports are of one event where the rules leave it open.",
        ),
    ] = False,
    encoding: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Encoding of files that are neither UTF-8 nor marked by a byte order mark; without it, it is guessed.",
            show_default=False,
        ),
    ] = None,
    input_format: InputFormat = None,
    columns: Columns = None,
    near_duplicates: NearDuplicates = None,
    engine: EngineName = "local",
    workers: Workers = None,
    partitions: PartitionsAt = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary and no progress, errors only.")] = False,
) -> None:
    """Turn news articles into diplomatic actions, sanctions and statements, each held against the text.

    With --model, recorded answers are replayed where they fit and the model is asked, and recorded, for the rest: the
    same command again goes on where it was.
    """
    from extractor.collecting import seldom_collecting
    from extractor.runner import Options

    cache, no_cache = _store(ctx, cache, no_cache=no_cache)
    options = Options(
        model=model or None,
        base_url=base_url or None,
        key_file=key_file,
        mode=_mode(ctx, replay=replay, record=record),
        fixtures=fixtures,
        cache=cache,
        no_cache=no_cache,
        prompts=prompts,
        temperature=temperature,
        seed=seed,
        max_tokens=max_tokens,
        reasoning_effort=reasoning_effort or None,
        structured_output=structured_output or None,
        concurrency=concurrency,
        rpm=rpm,
        tpm=tpm,
        max_calls=max_calls,
        max_cost=max_cost,
        price=price or None,
        reasks=reasks,
        attempts=attempts,
        backoff=backoff,
        timeout=timeout,
        connect_timeout=connect_timeout,
        max_chars=max_chars,
        resolve_with_model=resolve_with_model,
        encoding=encoding or None,
        input_format=input_format or None,
        columns=columns or None,
        near_duplicates=near_duplicates,
        workers=workers,
    )
    spread = engine_of(engine, workers, partitions)
    if dry_run:
        _show_plan(paths, options)
        return
    target = target_of(out, format, all_modes=all_modes, include_text=include_text)
    check_writable(target, local_paths(paths, engine))
    with seldom_collecting(), _extract(paths, options, spread, quiet=quiet) as finished:
        delivered = deliver(finished, target)
        report(finished, delivered, options, target, quiet=quiet)
    raise typer.Exit(finished.exit_code)


def _mode(ctx: typer.Context, *, replay: bool, record: bool) -> Mode:
    """Where answers come from; of two that exclude each other, what the command line says."""
    from extractor.recordings import Mode

    asked = {Mode.REPLAY: replay, Mode.RECORD: record}
    chosen = [mode for mode, wanted in asked.items() if wanted]
    if len(chosen) > 1:
        chosen = [mode for mode in chosen if not stands_in_file(ctx, mode.value)]
        if len(chosen) != 1:
            raise UsageError(
                "--replay and --record exclude each other.",
                "Choose one; without either, recordings are used where they fit.",
            )
    return chosen[0] if chosen else Mode.AUTO


def _store(ctx: typer.Context, cache: Path | None, *, no_cache: bool) -> tuple[Path | None, bool]:
    """Which store is used; of two options that exclude each other, the one that is nearer to the command line."""
    if cache is None or not no_cache:
        return cache, no_cache
    far = [farness(ctx, name) for name in ("cache", "no_cache")]
    if far[0] == far[1]:
        raise UsageError("--cache and --no-cache exclude each other.", "Choose one.")
    return (cache, False) if far[0] < far[1] else (None, True)


views.register(app)
app.add_typer(batch_app, name="batch")
app.add_typer(fixtures_app, name="fixtures")
app.add_typer(cache_app, name="cache")
evaluation.register(app)
comparison.register(app)


def option_kinds() -> dict[str, type]:
    """What each option of the main job takes, by its name: text, where it is no number and no flag."""
    hints = get_type_hints(_run)
    options = set(hints) - {"ctx", "paths", "return"}
    return {name: _kind(hints[name]) for name in options}


def _kind(hint: Any) -> type:
    return next((kind for kind in (bool, int, float) if hint in (kind, kind | None)), str)


def _show_plan(paths: list[Path], options: Options) -> None:
    import asyncio

    from extractor.planning import plan
    from extractor.show import plan_table

    print_out(plan_table(asyncio.run(plan(paths, options))))


def _extract(paths: list[Path], options: Options, engine: Engine | None, *, quiet: bool) -> Run:
    import asyncio

    from extractor.progress import progress_bar, progress_log
    from extractor.runner import run

    if quiet:
        return asyncio.run(run(paths, options, interruptible=True, engine=engine))
    with progress_bar() if sys.stderr.isatty() else progress_log(sys.stderr) as note:
        return asyncio.run(run(paths, options, note, interruptible=True, engine=engine))
