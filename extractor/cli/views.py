"""The commands that show what there is: outputs, providers, codes, schema, prompts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from extractor.cli.delivery import check_places, check_writable, deliver_page, hand_over, print_out, say_loss, target_of
from extractor.cli.outputs import AllModes, IncludeText, OutputFormat


def register(app: typer.Typer) -> None:
    """Add the commands to the program's."""
    app.command("show")(_show)
    app.command("report")(_report)
    app.command("convert")(_convert)
    app.command("models")(_models)
    app.command("codes")(_codes)
    app.command("schema")(_schema)
    app.command("prompts")(_prompts)


def _show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An output of extract.", show_default=False)],
    kind: Annotated[
        str | None, typer.Option("--type", help="Only action, sanction or statement.", show_default=False)
    ] = None,
    status: Annotated[
        str | None,
        typer.Option(
            help="Only this status, such as ruled_out; of statements the act, such as deny.", show_default=False
        ),
    ] = None,
    article: Annotated[
        str | None, typer.Option(help="Only articles with this in their name.", show_default=False)
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="The evidence at full length, and the records' ids.")] = False,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="What was rejected, and why, instead of the records.")
    ] = False,
    events: Annotated[
        bool, typer.Option("--events", help="The events that the records tell, each with its history.")
    ] = False,
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="Where the articles contradict each other, event by event.")
    ] = False,
    timeline: Annotated[bool, typer.Option("--timeline", help="What happened or was said of it, by date.")] = False,
    actors: Annotated[bool, typer.Option("--actors", help="Who is who, with all names and roles.")] = False,
) -> None:
    """Print the records of an output as readable tables, or the events that they tell."""
    from extractor.show import Selection, records_tables, rejections_table
    from extractor.writers import read_result

    result = read_result(file)
    if rejected:
        print_out(rejections_table(result))
        return
    if events or conflicts or timeline or actors:
        from extractor import chronicle

        for shown in chronicle.actors_view(result, article) if actors else ():
            print_out(shown)
        takes = Selection.of(kind, status, article).takes_event
        views = ((events, chronicle.events_view), (conflicts, chronicle.conflicts_view))
        for view in [view for wanted, view in views if wanted] + [chronicle.timeline_view] * timeline:
            for part in view(result, takes):
                print_out(part)
        return
    for table in records_tables(result, Selection.of(kind, status, article), full=full):
        print_out(table)


def _report(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An output of extract.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the page goes; - for standard output.")] = Path(
        "report.html"
    ),
    title: Annotated[str | None, typer.Option(help="The page's heading.", show_default=False)] = None,
) -> None:
    """Write an output as one HTML page: events, timeline, network, disagreements, articles with their evidence."""
    from extractor.report import report_html
    from extractor.writers import read_result

    result = read_result(file)
    if str(out) != "-":
        check_places([out], [file])
    deliver_page(report_html(result, title), out)


def _convert(
    source: Annotated[
        Path, typer.Argument(metavar="FILE", help="An output of extract that can be read back.", show_default=False)
    ],
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="The file to write; - for standard output.", show_default=False)
    ],
    read_as: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="NAME", help="Format of FILE, where its ending does not tell.", show_default=False
        ),
    ] = None,
    format: OutputFormat = None,  # noqa: A002 - as with the main job
    include_text: IncludeText = True,
    all_modes: AllModes = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Do not tell what the format leaves out.")] = False,
) -> None:
    """Write an output of extract in another format; what that leaves out is told."""
    from extractor.writers import Written, format_of

    target = target_of(out, format, all_modes=all_modes, include_text=include_text)
    check_writable(target, [source])
    written = Written(source, format_of(source, read_as))
    # All of it, before the first file is written.
    written.check()
    hand_over(written, target)
    if not quiet:
        say_loss(target)


def _models() -> None:
    """List the providers: what each needs, and whether its key is set."""
    from extractor.show import providers_table

    print_out(providers_table())


def _codes(as_json: Annotated[bool, typer.Option("--json", help="As JSON, one object for each case.")] = False) -> None:
    """Print how records are coded: PLOVER event and mode, CAMEO code and quad class of every case."""
    from extractor import codebook

    if as_json:
        sys.stdout.buffer.write(f"{codebook.codes_json()}\n".encode())
        return
    for part in codebook.codes_tables():
        print_out(part)


def _schema() -> None:
    """Print the JSON Schema of the output."""
    from extractor.writers import json_schema

    # As bytes: JSON is UTF-8 wherever it goes.
    sys.stdout.buffer.write(f"{json_schema()}\n".encode())


def _prompts(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder.", show_default=False)],
) -> None:
    """Copy the prompt files into a folder, for your own with --prompts."""
    from extractor.prompt import copy_prompts

    copy_prompts(folder)
    typer.echo(f"Copied to {folder}; use them with --prompts {folder}.", err=True)
