"""The `extract` command: options in, the library called, results and messages out; no logic of its own.

Nothing heavy is imported before it is needed, so that `--help` answers at once.
"""

from __future__ import annotations

import io
import os
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, NoReturn, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

from extractor.errors import ExtractorError, Interrupted, OutputError, UsageError

if TYPE_CHECKING:
    from extractor.recordings import Mode
    from extractor.runner import Options, Run
    from extractor.settings import Settings

_EXIT_CODES = (
    "Exit codes: 0 all done; 1 a fault of this tool; 2 wrong use; 3 no recording answers; 4 some articles failed; "
    "5 the model cannot be had; 6 the output cannot be written; 130 interrupted."
)
_SETTINGS = (
    "Settings may also stand in extract.toml, or under [tool.extract] in pyproject.toml, of the current folder: "
    "flags come before environment variables, and these before the file."
)
_PATHS = "A file or folder that is called like a command is named by its path: ./schema."


class _Defaults(dict[str, Any]):
    """The folder's settings in the place of defaults, read when the first is asked for: a help needs none."""

    def __init__(self, renamed: dict[str, str]) -> None:
        super().__init__()
        self._renamed = renamed

    @cached_property
    def settings(self) -> Settings:
        from extractor.settings import load_settings

        return load_settings(Path(), _kinds())

    def get(self, name: str, default: Any = None) -> Any:
        return self.settings.values.get(self._renamed.get(name, name), default)


# typer ships its own click, whose contexts and formatters have no public name: hence Any.
class _Configured(TyperCommand):
    """A command whose options may stand in the folder's settings, there `renamed` where it says so."""

    renamed: ClassVar[dict[str, str]] = {}

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        # A shell that asks for completions is to get them even where the settings are broken.
        if extra.get("resilient_parsing"):
            return super().make_context(info_name, args, parent, **extra)
        defaults = _Defaults(self.renamed)
        try:
            return super().make_context(info_name, args, parent, default_map=defaults, **extra)
        except typer.BadParameter as error:
            if not (error.ctx and error.param and _stands_in_file(error.ctx, error.param.name)):
                raise
            name = self.renamed.get(str(error.param.name), error.param.name)
            raise UsageError(f"{defaults.settings.file} sets {name}: {error.message}") from error

    def get_help(self, ctx: Any) -> str:
        # The help tells the command's own defaults; the file may be broken.
        ctx.default_map = None
        return super().get_help(ctx)


def _kinds() -> dict[str, type]:
    """What each option of the main job takes, by its name: text, where it is no number and no flag."""
    hints = get_type_hints(_run)
    options = set(hints) - {"ctx", "paths", "return"}
    return {name: hints[name] if hints[name] in (bool, int, float) else str for name in options}


def _stands_in_file(ctx: Any, name: str | None) -> bool:
    return getattr(ctx.get_parameter_source(name), "name", None) == "DEFAULT_MAP"


class _FixturesJob(_Configured):
    """Its folder is the main job's setting."""

    renamed: ClassVar[dict[str, str]] = {"folder": "fixtures"}


class _MainJob(_Configured):
    """The command that needs no word of its own; its help is the help of the whole."""

    siblings: ClassVar[dict[str, Any]] = {}

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:  # noqa: ARG002
        # Without the parent, and under its name: usage lines and messages must not show the hidden word.
        self.siblings.update(parent.command.commands if parent is not None else {})
        return super().make_context("extract", args, **extra)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        others = [(name, command) for name, command in self.siblings.items() if not command.hidden]
        with formatter.section("Other commands, each with its own --help"):
            formatter.write_dl([(f"extract {name}", command.get_short_help_str(80)) for name, command in others])
        super().format_epilog(ctx, formatter)


class _Commands(TyperGroup):
    """Takes whatever does not begin with a command's word for the main job."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        own = ("--version", "--install-completion", "--show-completion")
        if not args:
            # A shell that asks for completions of nothing yet is to see the commands.
            args = [] if ctx.resilient_parsing else ["run", "--help"]
        elif args[0] not in self.commands and not args[0].startswith(own):
            args = ["run", *args]
        return super().parse_args(ctx, args)


# Plain help: the boxes of rich cost half of the time that --help takes.
app = typer.Typer(cls=_Commands, pretty_exceptions_enable=False, rich_markup_mode=None)


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


@app.command("run", cls=_MainJob, hidden=True, epilog=f"{_PATHS}\n\n{_SETTINGS}\n\n{_EXIT_CODES}")
def _run(
    ctx: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATHS", help="Files, and folders with .txt files.", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the JSON goes; - for standard output.")] = Path("-"),
    model: Annotated[
        str | None,
        typer.Option(
            envvar="EXTRACT_MODEL",
            help="provider/model, such as openai/gpt-5-mini, or compatible/NAME with --base-url. "
            "Without it the recorded model is replayed.",
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
    fixtures: Annotated[Path, typer.Option(envvar="EXTRACT_FIXTURES", help="Folder of recordings.")] = Path("fixtures"),
    prompts: Annotated[
        Path | None,
        typer.Option(envvar="EXTRACT_PROMPTS", help="Folder of prompt files, for your own.", show_default=False),
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, envvar="EXTRACT_CONCURRENCY", help="Articles at once.")] = 8,
    reasks: Annotated[
        int, typer.Option(min=0, max=5, help="How often records that do not hold up are sent back to the model.")
    ] = 1,
    attempts: Annotated[
        int, typer.Option(min=1, max=20, help="How often a request is sent when the service fails.")
    ] = 4,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait for one answer.")] = 600,
    max_chars: Annotated[int, typer.Option(min=1, help="Longest article, in characters.")] = 200_000,
    encoding: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Encoding of files that are neither UTF-8 nor marked by a byte order mark; without it, it is guessed.",
            show_default=False,
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary and no progress, errors only.")] = False,
) -> None:
    """Turn news articles into diplomatic actions, sanctions and statements, each held against the text.

    With --model, recorded answers are replayed where they fit and the model is asked, and recorded, for the rest.
    """
    from extractor.runner import Options

    options = Options(
        model=model or None,
        base_url=base_url or None,
        mode=_mode(ctx, replay=replay, record=record),
        fixtures=fixtures,
        prompts=prompts,
        concurrency=concurrency,
        reasks=reasks,
        attempts=attempts,
        timeout=timeout,
        max_chars=max_chars,
        encoding=encoding or None,
    )
    # Opened by that name, it would be written from its beginning, over what others have written to it.
    out = Path("-") if str(out) == "/dev/stdout" else out
    _check_writable(out, paths)
    finished = _extract(paths, options, quiet=quiet)
    delivered = _deliver(finished, out)
    _report(finished, delivered, options, out, quiet=quiet)
    raise typer.Exit(finished.exit_code)


def _mode(ctx: typer.Context, *, replay: bool, record: bool) -> Mode:
    """Where answers come from; of two that exclude each other, what the command line says."""
    from extractor.recordings import Mode

    asked = {Mode.REPLAY: replay, Mode.RECORD: record}
    chosen = [mode for mode, wanted in asked.items() if wanted]
    if len(chosen) > 1:
        chosen = [mode for mode in chosen if not _stands_in_file(ctx, mode.value)]
        if len(chosen) != 1:
            raise UsageError(
                "--replay and --record exclude each other.",
                "Choose one; without either, recordings are used where they fit.",
            )
    return chosen[0] if chosen else Mode.AUTO


@app.command("show")
def _show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An output of extract.", show_default=False)],
    kind: Annotated[
        str | None, typer.Option("--type", help="Only action, sanction or statement.", show_default=False)
    ] = None,
    status: Annotated[str | None, typer.Option(help="Only this status, such as ruled_out.", show_default=False)] = None,
    article: Annotated[
        str | None, typer.Option(help="Only articles with this in their name.", show_default=False)
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="The evidence at full length.")] = False,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="What was rejected, and why, instead of the records.")
    ] = False,
) -> None:
    """Print the records of an output as readable tables."""
    from extractor.show import Selection, records_tables, rejections_table
    from extractor.writers import read_json

    result = read_json(file)
    if rejected:
        _print(rejections_table(result))
        return
    for table in records_tables(result, Selection.of(kind, status, article), full=full):
        _print(table)


@app.command("schema")
def _schema() -> None:
    """Print the JSON Schema of the output."""
    from extractor.writers import json_schema

    # As bytes: JSON is UTF-8 wherever it goes.
    sys.stdout.buffer.write(f"{json_schema()}\n".encode())


@app.command("fixtures", cls=_FixturesJob)
def _fixtures(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", envvar="EXTRACT_FIXTURES", help="Folder of recordings.")
    ] = Path("fixtures"),
) -> None:
    """List the recordings: of which article, by which model."""
    from extractor.recordings import RecordingFolder
    from extractor.show import recordings_table

    _print(recordings_table(RecordingFolder(folder)))


def main() -> NoReturn:
    """Run the command; every error a user can meet ends in a message and an exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Where a character of a table cannot be shown, the rest still can. Standard error does so by itself.
        sys.stdout.reconfigure(errors="replace")
    try:
        code = _exit_code_of_command()
        sys.stdout.flush()
    except ExtractorError as error:
        _say_error(str(error), error.advice)
        code = error.exit_code
    except KeyboardInterrupt:
        _say_error("Interrupted.", "")
        code = Interrupted.exit_code
    except BrokenPipeError:
        # Whoever read the output has gone, and has seen enough.
        code = 0
        _abandon_stdout()
    except OSError as error:
        _say_error(f"Cannot write to standard output: {(error.strerror or str(error)).lower()}.", "")
        code = OutputError.exit_code
        _abandon_stdout()
    raise SystemExit(code)


def _exit_code_of_command() -> int:
    try:
        app()
    except SystemExit as ended:
        if isinstance(ended.__context__, BrokenPipeError):
            raise ended.__context__ from None
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def _abandon_stdout() -> None:
    """Keep Python from complaining once more at its end that standard output cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _extract(paths: list[Path], options: Options, *, quiet: bool) -> Run:
    import asyncio

    from extractor.runner import run
    from extractor.show import progress_bar

    with progress_bar(shown=not quiet and sys.stderr.isatty()) as advance:
        return asyncio.run(run(paths, options, advance, interruptible=True))


class _Delivered(NamedTuple):
    """Whether the result was written, and where the output before it is kept, if it is."""

    written: bool
    previous: Path | None = None


def _deliver(finished: Run, out: Path) -> _Delivered:
    """Write the result, unless there is none."""
    from extractor.writers import keep_previous, to_json, write_json

    result = finished.result
    if len(result.failed) == len(result.articles):
        return _Delivered(written=False)
    if str(out) == "-":
        sys.stdout.buffer.write(to_json(result))
        sys.stdout.buffer.flush()
        return _Delivered(written=True)
    try:
        previous = keep_previous(out) if result.failed else None
        write_json(result, out)
    except OutputError as error:
        advice = f"{error.advice} The answers are recorded: running again asks no model."
        raise OutputError(error.message, advice, where=error.where) from error
    return _Delivered(True, previous)


def _check_writable(out: Path, paths: list[Path]) -> None:
    """Refuse a hopeless --out before anything is paid for."""
    if str(out) == "-":
        return
    from extractor.files import check_writable
    from extractor.readers import is_among

    check_writable(out)
    if is_among(out, paths):
        raise OutputError(f"{out} is one of the articles; it would be overwritten.", "Name another file for --out.")


def _report(finished: Run, delivered: _Delivered, options: Options, out: Path, *, quiet: bool) -> None:
    from extractor.show import error_lines, summary

    if delivered.written and not quiet:
        for part in summary(finished, options, out):
            _print(part, to_stderr=True)
    for message, advice in error_lines(finished):
        _say_error(message, advice)
    if not delivered.written:
        _say_error("Nothing was written: no article could be done.", "")
    if delivered.previous is not None:
        _say_error(f"The output before this one is kept as {delivered.previous}.", "")


def _print(part: Any, *, to_stderr: bool = False) -> None:
    from rich.console import Console

    Console(stderr=to_stderr, highlight=False, markup=False, emoji=False).print(part)


def _say_error(message: str, advice: str) -> None:
    from extractor.text import printable_line

    typer.echo(f"extract: {printable_line(message)}", err=True)
    if advice:
        typer.echo(f"         {printable_line(advice)}", err=True)


if __name__ == "__main__":
    main()
