"""The commands about accuracy: `extract eval`, and `extract gold` check and draft."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.delivery import print_out, say_error
from extractor.errors import BadGold, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extractor.evaluation.gold import GoldArticle

GoldPaths = Annotated[
    list[Path], typer.Argument(metavar="PATHS", help="Gold files, and folders of them.", show_default=False)
]

gold = typer.Typer(
    help="Check gold files, or draft them from a run.", pretty_exceptions_enable=False, rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program's."""
    app.command(
        "eval",
        epilog="Exit codes: 0 done, no figure below its floor; 1 a fault of this tool; 2 wrong use; 8 a figure is below "
        "its floor; 9 a gold file does not hold up, or the text of an article is not the one its gold was made for.",
    )(_eval)
    app.add_typer(gold, name="gold")


def _eval(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An output of extract.", show_default=False)],
    gold: Annotated[
        list[Path],
        typer.Option("--gold", metavar="PATH", help="Gold file or folder; may be repeated.", show_default=False),
    ],
    form: Annotated[str, typer.Option("--format", help="table, json or markdown.")] = "table",
    errors: Annotated[
        bool, typer.Option("--errors", help="Each miss, spurious record and wrong value, instead of the figures.")
    ] = False,
    fail_under: Annotated[
        str | None,
        typer.Option(
            metavar="NAME=FLOOR,...",
            help="Fail where a figure is below its floor, such as actions=0.9,statements=0.8.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Score an output against gold: precision, recall and F1, field by field, and whether it happened."""
    from extractor import scorecard
    from extractor.evaluation.evaluate import evaluate
    from extractor.writers import read_json

    if form not in ("table", "json", "markdown"):
        raise UsageError(f"--format {form} is no format.", "Choose one of table, json, markdown.")
    evaluation = evaluate(read_json(file), _gold(gold))
    if form == "json":
        sys.stdout.buffer.write(f"{evaluation.model_dump_json(indent=2)}\n".encode())
    elif errors:
        _print(scorecard.fault_lines(evaluation))
    elif form == "markdown":
        typer.echo(scorecard.markdown(evaluation), nl=False)
    else:
        for part in scorecard.tables(evaluation):
            print_out(part)


@gold.command(
    "check",
    epilog="Exit codes: 0 all of it holds; 1 a fault of this tool; 2 wrong use: no such path, no gold in it; 9 something "
    "does not hold, and each such thing is named with its file, line, record and field.",
)
def _check(
    paths: GoldPaths,
    articles: Annotated[
        list[Path],
        typer.Option("--articles", metavar="PATH", help="The articles, or folders of them.", show_default=False),
    ],
) -> None:
    """Hold gold files against their articles: evidence verbatim, terms, dates, ids."""
    from extractor.evaluation.checking import check
    from extractor.readers import read_articles

    files = [*_files(paths)]
    problems = check(files, read_articles(articles).articles)
    _print(map(str, problems))
    count = sum(len(file.gold.records) for file in files)
    if problems:
        raise BadGold(f"{len(problems)} problems in {len(files)} gold files.", "Each is listed with where it is.")
    typer.echo(f"{len(files)} gold files with {count} records hold up.")


@gold.command("draft")
def _draft(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An output of extract.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where the gold files go.")],
) -> None:
    """Turn an output's records into gold files for a person to correct, one for each article."""
    from extractor.evaluation.drafting import draft
    from extractor.evaluation.goldfiles import write_gold
    from extractor.writers import read_json

    drafts = draft(read_json(file))
    there = [path for name in drafts if (path := out / name).exists()]
    if there:
        raise UsageError(
            f"{there[0]} is there already.", "Nothing was written, so that no work is lost: name another folder."
        )
    out.mkdir(parents=True, exist_ok=True)
    for name, article in drafts.items():
        write_gold(article, out / name)
    say_error(f"{len(drafts)} drafts written to {out}.", "They are what the model said: correct each against its text.")


def _gold(paths: Sequence[Path]) -> list[GoldArticle]:
    """The gold in these paths, sound in itself; evidence is held against the run's own texts by the matching.

    Raises:
        BadGold: a file does not hold up, with all that is wrong.
    """
    from extractor.evaluation.checking import check_shape

    files = _files(paths)
    problems = [problem for file in files for problem in check_shape(file)]
    if problems:
        raise BadGold("\n".join(map(str, problems)), "extract gold check lists everything.")
    return [file.gold for file in files]


def _files(paths: Sequence[Path]):
    from extractor.evaluation.goldfiles import gold_files, read_gold

    return [read_gold(path) for path in gold_files(paths)]


def _print(lines: Iterable[str]) -> None:
    from extractor.text import printable_line

    for line in lines:
        typer.echo(printable_line(line))
