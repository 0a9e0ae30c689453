"""An evaluation as people read it: on a terminal, and as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from extractor.comparison.report import Alpha
from extractor.evaluation.report import SIDES, CodeFault, Evaluation, Fault, LevelScore, SchemeEvaluation, Score
from extractor.text import markdown_text, printable

_TYPES = {"diplomatic_action": "actions", "sanction": "sanctions", "statement": "statements"}
_COUNTS = ("hits", "spurious", "missed", "precision", "recall", "F1")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table without its looks: a title, column names, rows; `names` columns of words stand first, then figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    names: int = 1


def tables(evaluation: Evaluation | SchemeEvaluation) -> Iterator[RenderableType]:
    """The evaluation for a terminal."""
    for grid in _grids(evaluation):
        yield Text(grid.title, style="bold")
        yield rich_table(grid)
        yield Text("")
    for line in _lines(evaluation):
        yield Text(printable(line))
    yield Text("")
    for name, definition in evaluation.definitions.items():
        yield Text(printable(f"{name}: {definition}"), style="dim")


def markdown(evaluation: Evaluation | SchemeEvaluation) -> str:
    """The evaluation as Markdown (GitHub's tables)."""
    parts = [f"**{grid.title}**\n\n{markdown_table(grid)}" for grid in _grids(evaluation)]
    parts.append("\n".join(f"- {markdown_text(line)}" for line in _lines(evaluation)))
    return "\n\n".join(parts) + "\n"


def fault_lines(evaluation: Evaluation | SchemeEvaluation) -> Iterator[str]:
    """Each error: the record or field, what gold has and what the run has, and the words."""
    if not evaluation.faults:
        yield "No errors."
    faults: list[Fault | CodeFault] = [*evaluation.faults]
    for article, own in groupby(faults, key=lambda fault: fault.article):
        yield article
        for fault in own:
            yield f"  {_headline(fault)}"
            yield from (f"    “{' '.join(quote.split())}”" for quote in fault.evidence)


def _headline(fault: Fault | CodeFault) -> str:
    if isinstance(fault, CodeFault):
        given = f"{fault.found} ({fault.record})" if fault.found else "not found"
        return f"{fault.gold}: gold {fault.expected}, run {given}"
    ids = " ".join(part for part in (fault.gold, fault.record) if part)
    what = fault.type.replace("_", " ")
    if fault.kind == "missed":
        return f"missed {what} {ids}"
    if fault.kind == "spurious":
        meant = f" (is it meant for {fault.gold}?)" if fault.gold else ""
        return f"spurious {what} {fault.record}{meant}"
    return f"{fault.kind} {fault.field} of {ids}: gold {_plain(fault.expected)}, run {_plain(fault.found)}"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return " · ".join(str(part) for part in value.values() if part is not None)
    return "nothing" if value is None else str(value)


def _grids(evaluation: Evaluation | SchemeEvaluation) -> Iterator[Grid]:
    yield from _code_grids(evaluation) if isinstance(evaluation, SchemeEvaluation) else _record_grids(evaluation)


def _code_grids(evaluation: SchemeEvaluation) -> Iterator[Grid]:
    levels = {
        f"root codes ({evaluation.scheme})": evaluation.roots,
        "quad classes": evaluation.quad_classes,
        "cooperation or conflict": evaluation.sides,
    }
    yield Grid(
        "Codes",
        ("", "events", "accuracy", "95%", "macro F1"),
        tuple((name, str(evaluation.events), *_level_figures(level)) for name, level in levels.items()),
    )
    for name, level in levels.items():
        rows = tuple((item.name, *_figures(item.score)) for item in level.classes)
        yield Grid(name[:1].upper() + name[1:], ("", *_COUNTS), rows)


def _level_figures(level: LevelScore) -> tuple[str, ...]:
    return number(level.accuracy), _range(level.interval), number(level.macro_f1)


def _record_grids(evaluation: Evaluation) -> Iterator[Grid]:
    yield Grid(
        "Records",
        ("", "variant", *_COUNTS, "95%"),
        tuple(
            (_TYPES[item.type] if variant == "lenient" else "", variant, *_figures(score), interval(score))
            for item in evaluation.records
            for variant, score in (("lenient", item.lenient), ("exact", item.exact))
        ),
        names=2,
    )
    yield Grid(
        "By status and speech act",
        ("", "status", *_COUNTS),
        tuple(_led((item.type, item.status, *_figures(item.score)) for item in evaluation.statuses)),
        names=2,
    )
    yield Grid(
        "By field, in the records found",
        ("", "field", "values", "exact F1", "lenient F1"),
        tuple(
            _led(
                (
                    item.type,
                    item.field,
                    str(item.exact.hits + item.exact.missed),
                    number(item.exact.f1),
                    number(item.lenient.f1),
                )
                for item in evaluation.fields
                if item.exact.f1 is not None
            )
        ),
        names=2,
    )
    yield Grid(
        "Events, by F1",
        ("", "records", "gold", "made", "MUC", "B-cubed", "CEAF-e", "CoNLL"),
        tuple(
            (
                item.events,
                "gold's" if item.mentions == "gold" else "the run's",
                *map(str, (item.gold, item.found)),
                *map(number, (item.muc.f1, item.b_cubed.f1, item.ceaf_e.f1, item.conll_f1)),
            )
            for item in evaluation.events
        ),
        names=2,
    )
    yield Grid(
        "Did it happen? Gold's actions and sanctions by row, the run's by column",
        ("", *SIDES),
        tuple((row, *(str(evaluation.realis.table[row][column]) for column in SIDES)) for row in SIDES),
    )


def _led(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Rows with the record type's name at the first of each type alone."""
    for kind, of_kind in groupby(rows, key=lambda row: row[0]):
        for place, row in enumerate(of_kind):
            yield ("" if place else _TYPES[kind], *row[1:])


def _figures(score: Score) -> tuple[str, ...]:
    counts = (score.hits, score.spurious, score.missed)
    return (*map(str, counts), *map(number, (score.precision, score.recall, score.f1)))


def number(value: float | None) -> str:
    """A figure, or a dash where there is none."""
    return "-" if value is None else f"{value:.2f}"


def interval(figure: Score | Alpha) -> str:
    """A figure's confidence interval, or a dash where there is none."""
    return _range(figure.interval)


def _range(interval: tuple[float, float] | None) -> str:
    return "-" if interval is None else f"{interval[0]:.2f}–{interval[1]:.2f}"


def _lines(evaluation: Evaluation | SchemeEvaluation) -> Iterator[str]:
    yield from _code_lines(evaluation) if isinstance(evaluation, SchemeEvaluation) else _record_lines(evaluation)
    for names, what in (
        (evaluation.without_gold, "have no gold"),
        (evaluation.not_in_run, "of gold are not in the run"),
    ):
        if names:
            yield f"not scored: {len(names)} articles {what}: {', '.join(names[:5])}{', ...' if len(names) > 5 else ''}"


def _code_lines(evaluation: SchemeEvaluation) -> Iterator[str]:
    yield f"articles: {evaluation.articles} scored; events of gold: {evaluation.events}, found: {evaluation.found}"
    yield f"further events of the run, not scored: {evaluation.further}"


def _record_lines(evaluation: Evaluation) -> Iterator[str]:
    articles, invention, grounding = evaluation.articles, evaluation.invention, evaluation.grounding
    yield f"told as done though it is not: {evaluation.realis.as_facts}"
    yield f"invented values: {invention.invented} of {invention.closed} that gold has as not given"
    yield f"ungrounded values: {invention.ungrounded} of {invention.words} that have to be the article's words"
    yield (
        f"evidence: {grounding.exact} exact, {grounding.normalised} through typography, {grounding.fuzzy} with slips; "
        f"rejected: {grounding.rejected_records} records, {grounding.rejected_fields} fields"
    )
    yield f"articles: {len(articles)} scored, with {sum(item.gold for item in articles)} records of gold"
    for item in articles:
        if item.outcome != "done":
            yield f"{item.name} {'failed' if item.outcome == 'failed' else 'was read in part'}: what it lacks is missed"


def rich_table(grid: Grid) -> Table:
    """The grid for a terminal."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(grid.columns):
        table.add_column(name, justify="left" if place < grid.names else "right", overflow="fold")
    for row in grid.rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    return table


def markdown_table(grid: Grid) -> str:
    """The grid as one of GitHub's tables, its cells as plain text."""
    align = ["---"] * grid.names + ["---:"] * (len(grid.columns) - grid.names)
    rows = [map(markdown_text, grid.columns), align, *(map(markdown_text, row) for row in grid.rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
