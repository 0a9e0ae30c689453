"""What a run tells when it ends: where its answers came from, its numbers, and what went wrong."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from extractor.errors import BudgetReached, NotTried
from extractor.runner import Effort, Options, Run
from extractor.schema.output import Calls
from extractor.tally import COLUMNS, MOST_LINES, MOST_NAMES, EventTally, Line, Tally, TieTally
from extractor.text import printable

_MOST_ERRORS = 10
_MOST_PAIRS = 3
# Seconds from which it is worth saying that more processors would do it faster, and the share of them that is busy.
_LONG, _BUSY = 20.0, 0.85
# On two processors a worker gains next to nothing; beyond three, the process that asks for them all holds them up.
_FEWEST, _MOST_WORKERS = 3, 3
# Articles a second from which tenths say nothing.
_TENTHS_BELOW = 10


def summary(finished: Run, options: Options, out: Path) -> Iterator[RenderableType]:
    """What a run brought, for its user; `out` is where the result went."""
    tally = finished.tally
    yield Text(_where_from(finished, options))
    yield from (Text(printable(line)) for line in _notes(finished, guessed=options.encoding is None))
    yield Text("")
    yield _articles_table(tally)
    yield Text("")
    kinds = (("actions", tally.actions), ("sanctions", tally.sanctions), ("statements", tally.statements))
    yield from (Text(f"{title}: {_counts(statuses)}") for title, statuses in kinds if statuses)
    if finished.events.acts or finished.events.utterances:
        yield Text(_events_line(finished.events))
    if finished.ties.asked:
        yield Text(_ties_line(finished.ties))
    calls = finished.calls
    if calls.requests:
        yield Text(_account(calls))
    if calls.live:
        yield Text(f"The answers are recorded in {options.places.kept_in}.")
    if options.workers is None and _is_bound_by_processor(finished.effort):
        yield Text(_more_processors(finished.effort, tally))
    if str(out) != "-":
        yield Text(f"Written to {out}; extract show {out} prints the records.")


def _events_line(events: EventTally) -> str:
    """How many events the records tell, and how many of these happened."""
    apart = f", {events.in_conflict} with sources in conflict" if events.in_conflict else ""
    acts = f"{events.acts} acts ({events.happened} happened{apart})"
    return f"events: {acts} and {_counted(events.utterances, 'utterance')}"


def _ties_line(ties: TieTally) -> str:
    told = f"ties that rules leave open: {ties.asked} put to the model, {ties.joined} joined"
    return f"{told}, {ties.failed} without an answer" if ties.failed else told


def _account(total: Calls) -> str:
    """What the run's requests took."""
    tokens = total.usage
    counted = tokens.input_tokens is not None and tokens.output_tokens is not None
    amount = f"{tokens.input_tokens:,} tokens read, {tokens.output_tokens:,} written" if counted else "tokens unknown"
    cost = "unknown" if total.cost_usd is None else f"${total.cost_usd:.4f}"
    return f"{_counted(total.requests, 'request')}; {amount}; cost {cost}."


def _is_bound_by_processor(effort: Effort) -> bool:
    """Whether a run was long, this process was busy nearly all the time, and a worker would have a processor."""
    return effort.seconds >= _LONG and effort.processor >= _BUSY * effort.seconds and _processors() >= _FEWEST


def _more_processors(effort: Effort, tally: Tally) -> str:
    pace = tally.articles / effort.seconds
    told = f"{pace:,.0f}" if pace >= _TENTHS_BELOW else f"{pace:.1f}"
    workers = min(_processors() - 1, _MOST_WORKERS)
    return f"One processor did {told} articles a second; --workers {workers} would have others check the answers."


def _processors() -> int:
    """How many this process may use, where the system tells; a container or `taskset` may leave it few of them."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _where_from(finished: Run, options: Options) -> str:
    replayed, live = finished.calls.replayed, finished.calls.live
    if finished.model_by_default:
        kept_in = options.places.kept_in
        return f"No model is named: replayed {_counted(replayed, 'answer')} of {finished.model} from {kept_in}."
    parts = [f"{_counted(replayed, 'answer')} replayed"] if replayed else []
    parts += [f"{live:,} asked of the model"] if live else []
    return f"{finished.model}: {', '.join(parts) or 'no answers'}."


def _notes(finished: Run, *, guessed: bool) -> Iterator[str]:
    copies = finished.duplicates
    if copies:
        shown = ", ".join(f"{name} ({first})" for name, first in copies[:_MOST_PAIRS])
        more = ", ..." if len(copies) > _MOST_PAIRS else ""
        yield f"Read once, with what they are copies of: {_counted(len(copies), 'article')}: {shown}{more}"
    passed_over = finished.passed_over
    if passed_over:
        shown = ", ".join(passed_over[:MOST_NAMES]) + (", ..." if len(passed_over) > MOST_NAMES else "")
        yield f"Passed over {_counted(len(passed_over), 'file')} without articles: {shown}"
    if guessed:
        yield from _guesses(finished.tally)


def _guesses(tally: Tally) -> Iterator[str]:
    for name, encoding in tally.guessed:
        yield f"{name} was read as {encoding}, by what its bytes tell; --encoding says otherwise."
    if tally.guesses > len(tally.guessed):
        yield f"... and the encoding of {tally.guesses - len(tally.guessed):,} more was guessed."


def _articles_table(tally: Tally) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("article", overflow="fold")
    for name in COLUMNS:
        table.add_column(name, justify="right")
    names = Counter(line.name for line in tally.first)
    for line in tally.first[:MOST_LINES]:
        apart = f" ({line.id})" if names[line.name] > 1 else ""
        partly = ", in part" if line.outcome == "partial" else ""
        table.add_row(printable(line.name + apart + partly), *_cells(line))
    if tally.articles > MOST_LINES:
        table.add_row(f"... and {tally.articles - MOST_LINES:,} more", *[""] * len(COLUMNS))
    totals = (f"{number:,}" for number in tally.totals)
    table.add_row(_counted(tally.articles, "article"), *totals, style="bold")
    return table


def _cells(line: Line) -> Sequence[str]:
    if line.outcome != "failed":
        return [str(number) for number in line.counts]
    undone = "not done" if line.failure in ("interrupted", "not_tried") else "failed"
    return [undone, *[""] * (len(COLUMNS) - 1)]


def _counts(statuses: Mapping[str, int]) -> str:
    """The most frequent first; of equals in alphabetical order, as articles are done in any order."""
    ordered = sorted(statuses.items(), key=lambda item: (-item[1], item[0]))
    return " · ".join(f"{count:,} {value.replace('_', ' ')}" for value, count in ordered)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def error_lines(finished: Run) -> Iterator[tuple[str, str]]:
    """Each error with its advice; beyond ten, how many more; articles that were not tried, counted."""
    errors = [error for _, error in finished.errors]
    out_of_budget = [error for error in errors if isinstance(error, BudgetReached)]
    left_out = NotTried, BudgetReached
    # Requests under way together may all be refused for one reason.
    told = list({str(error): error for error in errors if not isinstance(error, left_out)}.values())
    told += out_of_budget[:1]
    for error in told[:_MOST_ERRORS]:
        yield str(error), error.advice
    if len(told) > _MOST_ERRORS:
        yield f"... and {len(told) - _MOST_ERRORS:,} more; `articles` in the output lists every failed one.", ""
    untried = sum(isinstance(error, NotTried) for error in errors) + len(out_of_budget[1:])
    if untried:
        yield f"{_counted(untried, 'more article')} {'was' if untried == 1 else 'were'} not tried after that.", ""
