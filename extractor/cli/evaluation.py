"""The commands about accuracy: `extract eval`, and `extract gold` check, draft and import."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.cli.delivery import print_out, say_error
from extractor.errors import BadGold, BelowFloor, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from extractor.evaluation.floors import Figures, Floors
    from extractor.evaluation.gold import GoldArticle
    from extractor.evaluation.goldfiles import GoldFile
    from extractor.evaluation.report import Evaluation, SchemeEvaluation

GoldPaths = Annotated[
    list[Path], typer.Argument(metavar="PATHS", help="Gold files, and folders of them.", show_default=False)
]

gold = typer.Typer(
    help="Check gold files, draft them from a run, or import public test sets.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program's."""
    app.command(
        "eval",
        epilog="Exit codes: 0 done, no figure below its floor; 1 a fault of this tool; 2 wrong use; 8 a figure is "
        "below its floor; 9 a gold file does not hold up, or an article's text is not the one its gold was made for.",
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
    scheme: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Score the derived codes instead of the records, by this scheme: plover.",
            show_default=False,
        ),
    ] = None,
    fail_under: Annotated[
        str | None,
        typer.Option(
            metavar="NAME=FLOOR,...",
            help="Fail where a figure is below its floor, such as actions=0.9,statements=0.8.",
            show_default=False,
        ),
    ] = None,
    floors: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Floors in a TOML file, to the same end.", show_default=False)
    ] = None,
    update_floors: Annotated[
        bool, typer.Option("--update-floors", help="Raise the floors in that file to today's figures.")
    ] = False,
    allow_lower: Annotated[
        bool, typer.Option("--allow-lower", help="With --update-floors: lower them, too, where a figure has fallen.")
    ] = False,
) -> None:
    """Score an output against gold: precision, recall and F1."""
    from extractor.evaluation.floors import figures_of, parse_floors, read_floors

    if form not in ("table", "json", "markdown"):
        raise UsageError(f"--format {form} is no format.", "Choose one of table, json, markdown.")
    if update_floors and floors is None:
        raise UsageError("--update-floors needs --floors FILE.", "Name the file that holds them.")
    if allow_lower and not update_floors:
        raise UsageError("--allow-lower goes with --update-floors.", "Give both to lower a floor.")
    wanted = [parse_floors(fail_under)] if fail_under else []
    if floors is not None and not update_floors:
        wanted.append(read_floors(floors))
    evaluation = _evaluation(file, gold, scheme)
    _show(evaluation, "errors" if errors and form == "table" else form)
    figures = figures_of(evaluation)
    if floors is not None and update_floors:
        _update(floors, figures, lower=allow_lower)
    _hold(figures, wanted)


def _evaluation(file: Path, gold: list[Path], scheme: str | None) -> Evaluation | SchemeEvaluation:
    from extractor.evaluation.coded import evaluate_codes
    from extractor.evaluation.scoring import evaluate
    from extractor.writers import read_result

    if scheme not in (None, "plover"):
        raise UsageError(f"--scheme {scheme} is no scheme that is scored.", "plover is.")
    result, wanted = read_result(file), _gold(gold)
    if scheme:
        return evaluate_codes(result, wanted)
    if not any(article.covers for article in wanted):
        raise UsageError("This gold has coded events and no records.", "Score the codes: --scheme plover.")
    return evaluate(result, wanted)


def _show(evaluation: Evaluation | SchemeEvaluation, form: str) -> None:
    from extractor import scorecard

    if form == "json":
        sys.stdout.buffer.write(f"{evaluation.model_dump_json(indent=2)}\n".encode())
    elif form == "errors":
        _print(scorecard.fault_lines(evaluation))
    elif form == "markdown":
        typer.echo(scorecard.markdown(evaluation), nl=False)
    else:
        for part in scorecard.tables(evaluation):
            print_out(part)


def _hold(figures: Figures, wanted: Sequence[Floors]) -> None:
    """Fail where a figure is below its floor.

    Raises:
        BelowFloor: each such figure is named.
    """
    from extractor.evaluation.floors import shortfalls

    short = [line for floors in wanted for line in shortfalls(figures, floors)]
    for line in short:
        say_error(line, "")
    if short:
        raise BelowFloor(f"{len(short)} figures do not hold.", "--errors lists what is wrong, record by record.")


def _update(path: Path, figures: Figures, *, lower: bool) -> None:
    from extractor.evaluation.floors import Floors, read_floors, shortfalls, updated, write_floors

    before = read_floors(path) if path.exists() else Floors()
    list(shortfalls(figures, before))  # refuses names of no figure before anything is written
    after = updated(figures, before, lower=lower)
    write_floors(after, path)
    say_error(f"The floors in {path} are {'as before' if after == before else 'changed'}.", "")
    _hold(figures, [after])


@gold.command(
    "check",
    epilog="Exit codes: 0 all of it holds; 1 a fault of this tool; 2 wrong use: no such path, no gold in it; 9 "
    "something does not hold, and each such thing is named with its file, line, record and field.",
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

    files = _files(paths)
    problems = check(files, read_articles(articles).articles)
    _print(map(str, problems))
    count = sum(len(file.gold.records) + len(file.gold.codes or ()) for file in files)
    if problems:
        raise BadGold(f"{len(problems)} problems in {len(files)} gold files.", "Each is listed with where it is.")
    typer.echo(f"{len(files)} gold files with {count} records hold up.")


@gold.command(
    "import",
    epilog="FORMAT is one of crudeoilnews, petrarch, plover, polnear, zsp. Exit codes: 0 done; 1 a fault of this tool; "
    "2 wrong use; 6 the folder cannot be written; 9 what PATH holds does not have that format.",
)
def _import(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="The set's format.", show_default=False)],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file or folder of the set.", show_default=False)],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FOLDER", help="Where the texts and their gold go.", show_default=False),
    ],
) -> None:
    """Turn a public test set into gold files, with the texts for extract beside them."""
    from extractor.evaluation.importers import import_gold, write_imported

    imported = import_gold(form, path)
    write_imported(imported, out)
    codes = sum(len(item.gold.codes or ()) for item in imported.items)
    records = sum(len(item.gold.records) for item in imported.items)
    held = f"{codes} coded events" if codes else f"{records} records"
    say_error(f"{len(imported.items)} texts with {held} written to {out}.", " ".join(imported.left_out))


@gold.command("draft")
def _draft(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An output of extract.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where the gold files go.")],
) -> None:
    """Turn an output's records into gold files for a person to correct, one for each article."""
    from extractor.evaluation.drafting import draft
    from extractor.evaluation.goldfiles import write_gold
    from extractor.writers import read_result

    drafts = draft(read_result(file))
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
    from extractor.evaluation.goldfiles import told

    files = _files(paths)
    problems = [problem for file in files for problem in check_shape(file)]
    if problems:
        raise BadGold(told(problems), "extract gold check lists everything.")
    return [file.gold for file in files]


def _files(paths: Sequence[Path]) -> list[GoldFile]:
    from extractor.evaluation.goldfiles import gold_files, read_gold

    return [read_gold(path) for path in gold_files(paths)]


def _print(lines: Iterable[str]) -> None:
    from extractor.text import printable_line

    for line in lines:
        typer.echo(printable_line(line))
