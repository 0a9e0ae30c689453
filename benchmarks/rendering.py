"""The report as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.results import Aim, Cell, Measured, Point, Report, Samples, Table

_TOP = """# Benchmarks

Made by `python -m benchmarks`, which measures this project beside its peers on the machine it runs on; not written by
hand. A figure is the median of its runs, the least and the greatest behind it; figures of one table were measured in
turn, in one run.
"""


def markdown(report: Report) -> str:
    """The whole report: the machine, the aims, then each point with what was run and what came of it."""
    blocks = [_TOP.strip(), *_about(report), "## Aims", _aims(report)]
    for name, measured in report.points.items():
        blocks += _section(name, measured)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _about(report: Report) -> Iterator[str]:
    machine = report.machine
    yield (
        f"Machine: {machine.processor}, {machine.cores} cores, {machine.memory_gib:g} GiB; {machine.system}, "
        f"Python {machine.python}."
    )
    yield "Versions: " + ", ".join(f"{name} {_version(version)}" for name, version in report.versions.items()) + "."
    if None in report.versions.values():
        yield "`python -m benchmarks --install` installs the peers, each in an environment of its own."


def _version(version: str | None) -> str:
    return version or "(not installed)"


def _aims(report: Report) -> str:
    rows = [
        (name, aim.aim, aim.measured, _met(aim), aim.reason)
        for name, measured in report.points.items()
        if measured.point
        for aim in measured.point.aims
    ]
    return _grid(("point", "aim", "measured", "met", "reason"), rows)


def _met(aim: Aim) -> str:
    return {True: "yes", False: "**no**", None: "not measured"}[aim.met]


def _section(name: str, measured: Measured) -> Iterator[str]:
    point = measured.point
    yield f"## {point.title if point else name}"
    kind = "Smoke run" if measured.smoke else "Measured"
    yield (
        f"{kind} {measured.began[:16].replace('T', ' ')} UTC in {measured.seconds:.0f} s (`--only {name}`); load "
        f"before it {measured.load:.1f}."
    )
    if point is None:
        yield f"**Could not be measured.** {measured.failure}"
        return
    yield from point.method
    yield _options(point)
    for table in point.tables:
        yield from _table(table)
    yield "\n".join(f"- {note}" for note in point.notes)


def _options(point: Point) -> str:
    if not point.options:
        return ""
    return "What was run:\n\n" + "\n".join(f"- {name}: {options}" for name, options in point.options.items())


def _table(table: Table) -> Iterator[str]:
    yield f"**{table.caption}**"
    yield _grid(table.head, [[shown(cell) for cell in row] for row in table.rows])


def _grid(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(_escaped(cell) for cell in line) + " |" for line in lines)


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")


def shown(cell: Cell) -> str:
    """A cell's text: of samples the median with its unit, and the spread where there are several."""
    if isinstance(cell, str):
        return cell
    if not isinstance(cell, Samples):
        return number(cell)
    text = number(cell.median) + (f" {cell.unit}" if cell.unit else "")
    low, high = map(number, cell.spread)
    told = [f"{low} to {high}" if low != high else "", cell.note]
    behind = "; ".join(filter(None, told))
    return f"{text} ({behind})" if behind else text


def number(value: float) -> str:
    """A number with three significant digits, and its thousands set apart."""
    if value != 0 and abs(value) < 100:
        return f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.1e}"
    return f"{value:,.0f}"
