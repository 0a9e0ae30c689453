"""The commands about batches: `extract batch export`, `submit`, `status` and `import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from extractor.cli.delivery import say_error
from extractor.cli.fixtures import Encoding, Fixtures, MaxChars, Reasks
from extractor.cli.inputs import NearDuplicates
from extractor.cli.parsing import Configured
from extractor.errors import StillRunning

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    from extractor.errors import ExtractorError
    from extractor.providers import Terms
    from extractor.runner import Options

Result = TypeVar("Result")

_LOOP = (
    "A round is a folder: export it, submit it, import it, and export the next one into another folder, until nothing "
    "is left. Then the run itself, with --replay, has every answer."
)
_CODES = "Exit codes: 0 done; 1 a fault of this tool; 2 wrong use; "

Paths = Annotated[
    list[Path], typer.Argument(metavar="PATHS", help="Files, folders and globs, as for the run.", show_default=False)
]
Round = Annotated[Path, typer.Argument(metavar="DIR", help="A folder that export made.", show_default=False)]
Model = Annotated[
    str | None,
    typer.Option(envvar="EXTRACT_MODEL", help="provider/model, such as openai/gpt-5-mini.", show_default=False),
]
BaseUrl = Annotated[
    str | None, typer.Option(envvar="EXTRACT_BASE_URL", help="Address of the service.", show_default=False)
]
Prompts = Annotated[
    Path | None,
    typer.Option(envvar="EXTRACT_PROMPTS", help="Folder of prompt files, for your own.", show_default=False),
]
KeyFile = Annotated[
    Path | None,
    typer.Option(envvar="EXTRACT_KEY_FILE", help="File with the key, or with NAME=KEY lines.", show_default=False),
]
Timeout = Annotated[float, typer.Option(min=1, help="Seconds to wait for the service.")]

app = typer.Typer(
    help="Ask by the providers' batch APIs, at about half the price.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog=_LOOP,
)


@app.command(
    "export",
    cls=Configured,
    epilog=f"The files' names go to standard output, and nothing where nothing is left to ask. {_LOOP}\n\n{_CODES}"
    "3 a recording is damaged; 4 an article cannot be read, or its request is too large; 6 the folder cannot be "
    "written. What can be exported is, but with 2 and 6.",
)
def _export(
    paths: Paths,
    folder: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="A new folder for the round.", show_default=False)
    ],
    model: Model = None,
    base_url: BaseUrl = None,
    fixtures: Fixtures = Path("fixtures"),
    prompts: Prompts = None,
    temperature: Annotated[float | None, typer.Option(min=0, max=2, help="As for the run.", show_default=False)] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="As for the run.", show_default=False)] = None,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="Longest answer, in tokens.", show_default=False)
    ] = None,
    reasoning_effort: Annotated[
        str | None, typer.Option(metavar="LEVEL", help="As for the run.", show_default=False)
    ] = None,
    structured_output: Annotated[
        str | None, typer.Option(metavar="WAY", help="tools or json-schema.", show_default=False)
    ] = None,
    reasks: Reasks = 1,
    max_chars: MaxChars = 30_000,
    resolve_with_model: Annotated[
        bool, typer.Option("--resolve-with-model", help="Ask about ties, too, once all articles have answers.")
    ] = False,
    encoding: Encoding = None,
    near_duplicates: NearDuplicates = None,
    price: Annotated[
        str | None,
        typer.Option(
            metavar="READ/WRITTEN", help="US dollars per million tokens by the batch API.", show_default=False
        ),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--anew/--no-anew", help="Ask again where what is recorded is no answer, such as a refusal.")
    ] = True,
    file_requests: Annotated[
        int | None,
        typer.Option(min=1, help="Most requests in a file; without it, the provider's limit.", show_default=False),
    ] = None,
    file_bytes: Annotated[
        int | None,
        typer.Option(min=1, help="Most bytes in a file; without it, the provider's limit.", show_default=False),
    ] = None,
) -> None:
    """Write what a run would ask into files for the provider's batch API; opens no connection and needs no key."""
    from extractor.batch import Sizes, export
    from extractor.batch.wording import export_lines

    sizes = Sizes(file_requests, file_bytes)
    exported = _done(export(paths, _options(locals()), folder, anew=anew, sizes=sizes))
    for file in exported.manifest.files if exported.manifest else ():
        typer.echo(folder / file.name)
    _print(export_lines(exported, folder), to_stderr=True)
    _tell(exported.errors)
    raise typer.Exit(exported.exit_code)


@app.command(
    "submit",
    cls=Configured,
    epilog=f"Files that have a batch are passed over, and a submission that was cut short goes on.\n\n{_CODES}"
    "5 the service cannot be had; 6 the manifest cannot be written.",
)
def _submit(folder: Round, key_file: KeyFile = None, timeout: Timeout = 600) -> None:
    """Upload the files of a round and have a batch made of each."""
    from extractor.batch import submit
    from extractor.batch.wording import status_lines

    _print(status_lines(_done(submit(folder, _terms(key_file, timeout))), folder))


@app.command(
    "status",
    cls=Configured,
    epilog="The states of batches that have ended are remembered, and not asked for again.\n\n"
    f"{_CODES}5 the service cannot be had; 6 the manifest cannot be written; 11 a batch is still at work.",
)
def _status(folder: Round, key_file: KeyFile = None, timeout: Timeout = 600) -> None:
    """Tell where the batches of a round stand, and what to do next."""
    from extractor.batch import refresh
    from extractor.batch.wording import status_lines

    manifest = _done(refresh(folder, _terms(key_file, timeout)))
    _print(status_lines(manifest, folder))
    raise typer.Exit(StillRunning.exit_code if manifest.running else 0)


@app.command(
    "import",
    cls=Configured,
    epilog="Nothing that came is lost: results stay where they are, and may be imported again.\n\n"
    "Exit codes: 0 every result is a recorded answer; 1 a fault of this tool; 2 wrong use; 3 results of calls that no "
    "run makes any more, as the prompt, the schema or an article has changed; 4 calls without an answer (failed, "
    "expired, missing), articles whose answer is none, results of no call of this round, or lines that are none; 5 "
    "the service cannot be had; 6 an answer cannot be recorded; 11 all is well, and a batch is still at work.",
)
def _import(
    folder: Round,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILES", help="Files of results; without any, those of the batches are fetched.", show_default=False
        ),
    ] = None,
    articles: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH",
            help="Where the articles are now, if not where they were; may be repeated.",
            show_default=False,
        ),
    ] = None,
    key_file: KeyFile = None,
    timeout: Timeout = 600,
) -> None:
    """Record the results of a round, and tell what is left to ask."""
    from extractor.batch import import_results
    from extractor.batch.wording import import_lines

    imported = _done(import_results(folder, files or (), _terms(key_file, timeout), articles or ()))
    _print(import_lines(imported, folder))
    _tell(imported.errors)
    raise typer.Exit(imported.exit_code)


def _options(given: dict[str, Any]) -> Options:
    """The run's options among a command's parameters."""
    from dataclasses import fields

    from extractor.runner import Options

    named = {field.name for field in fields(Options)} & given.keys()
    # What is set to an empty text counts as not set.
    settings: dict[str, Any] = {name: None if given[name] == "" else given[name] for name in named}
    return Options(**settings)


def _done(work: Coroutine[Any, Any, Result]) -> Result:
    import asyncio

    return asyncio.run(work)


def _terms(key_file: Path | None, timeout: float) -> Terms:
    from extractor.providers import Terms

    return Terms(key_file=key_file, timeout=timeout)


def _print(lines: Iterable[str], *, to_stderr: bool = False) -> None:
    from extractor.text import printable_line

    for line in lines:
        typer.echo(printable_line(line), err=to_stderr)


def _tell(errors: Iterable[tuple[str, ExtractorError]]) -> None:
    for _, error in errors:
        say_error(str(error), error.advice)
