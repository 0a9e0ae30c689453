"""What people read on a terminal: the closing summary, the records as tables, progress."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from extractor.errors import BudgetReached, NotTried, UsageError
from extractor.pipeline import ArticleResult
from extractor.planning import Plan
from extractor.providers.keys import has_key
from extractor.providers.opening import is_installed
from extractor.providers.table import PROVIDERS
from extractor.recordings import RecordingFolder
from extractor.runner import Options, Run
from extractor.schema.events import Event
from extractor.schema.output import ArticleReport, ExtractionResult
from extractor.schema.records import AnyRecord, DiplomaticAction, Record, Sanction, Statement
from extractor.schema.vocabulary import ActionStatus, Realis, SanctionStatus, SpeechAct
from extractor.text import printable

_KINDS: dict[str, type[Record]] = {"action": DiplomaticAction, "sanction": Sanction, "statement": Statement}
_TYPES = {DiplomaticAction: "diplomatic_action", Sanction: "sanction", Statement: "statement"}
_STATUSES = tuple(dict.fromkeys([*ActionStatus, *SanctionStatus, *SpeechAct]))
_MOST_ROWS = 40
# Rejected are whole records; a record that is kept may have lost a field.
_COLUMNS = ("actions", "sanctions", "statements", "rejected", "fields lost")
_MOST_ERRORS = 10
# Characters of a passage in a table, unless all are asked for: three or four lines.
_PASSAGE = 160
# Characters of a line beyond which it no longer reads well.
_WIDEST = 160


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records to show."""

    kind: type[Record] | None
    status: str | None
    article: str | None

    @classmethod
    def of(cls, kind: str | None, status: str | None, article: str | None) -> Selection:
        """From the command's options.

        Raises:
            UsageError: there is no such kind of record, or no such status or speech act.
        """
        kinds = (
            _KINDS | {f"{name}s": record for name, record in _KINDS.items()} | {"diplomatic_action": DiplomaticAction}
        )
        if kind is not None and _value(kind) not in kinds:
            raise UsageError(f"--type {kind} is no kind of record.", f"Choose one of {', '.join(_KINDS)}.")
        if status is not None and _value(status) not in _STATUSES:
            raise UsageError(f"--status {status} is no status.", f"Choose one of {', '.join(_STATUSES)}.")
        return cls(kinds[_value(kind)] if kind else None, _value(status) if status else None, article)

    def takes(self, record: AnyRecord, name: str) -> bool:
        """Whether a record of the article with this name is among them."""
        return (
            (self.kind is None or isinstance(record, self.kind))
            and (self.status is None or self.status == status_of(record))
            and (self.article is None or self.article in name)
        )

    def takes_event(self, event: Event, names: Sequence[str]) -> bool:
        """Whether an event told by articles with these names is among them; statements only where asked for."""
        kind = _TYPES[self.kind] if self.kind else None
        return (
            (event.type != "statement" if kind is None else event.type == kind)
            and (self.status is None or self.status == event.status)
            and (self.article is None or any(self.article in name for name in names))
        )


def _value(written: str) -> str:
    """A value as the output has it, from how people and tables write it: `ruled out`, `Ruled-out`."""
    return "_".join(written.casefold().replace("-", " ").split())


@contextlib.contextmanager
def progress_bar(*, shown: bool) -> Iterator[Callable[[ArticleResult, int], None] | None]:
    """A bar on standard error that moves with each article; None where it is not shown."""
    if not shown:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading articles", total=None)
        yield lambda _, total: progress.update(task, advance=1, total=total)


def summary(finished: Run, options: Options, out: Path) -> Iterator[RenderableType]:
    """What a run brought, for its user; `out` is where the result went."""
    result = finished.result
    yield Text(_where_from(finished, options))
    yield from (Text(line) for line in _notes(finished, guessed=options.encoding is None))
    yield Text("")
    yield _articles_table(result)
    yield Text("")
    for title, records in (("actions", result.actions), ("sanctions", result.sanctions)):
        if records:
            yield Text(f"{title}: {_tally(record.status.value for record in records)}")
    if result.statements:
        yield Text(f"statements: {_tally(record.act.value for record in result.statements)}")
    if result.events:
        yield Text(_events_line(result))
    if result.ties:
        yield Text(_ties_line(result))
    if result.calls.requests:
        yield Text(_account(result))
    if result.calls.live:
        yield Text(f"The answers are recorded in {options.places.kept_in}.")
    if str(out) != "-":
        yield Text(f"Written to {out}; extract show {out} prints the records.")


def _events_line(result: ExtractionResult) -> str:
    """How many events the records tell, and how many of these happened."""
    acts = [event for event in result.events if event.type != "statement"]
    done = sum(event.occurred for event in acts)
    conflicts = sum(any(item.agreement == "conflict" for item in event.fields) or event.contested for event in acts)
    apart = f", {conflicts} with sources in conflict" if conflicts else ""
    utterances = len(result.events) - len(acts)
    return f"events: {len(acts)} acts ({done} happened{apart}) and {_counted(utterances, 'utterance')}"


def _ties_line(result: ExtractionResult) -> str:
    joined = sum(tie.choice is not None for tie in result.ties)
    failed = sum(tie.failure is not None for tie in result.ties)
    told = f"ties that rules leave open: {len(result.ties)} put to the model, {joined} joined"
    return f"{told}, {failed} without an answer" if failed else told


def _account(result: ExtractionResult) -> str:
    """What the run's requests took."""
    total = result.calls
    tokens = total.usage
    counted = tokens.input_tokens is not None and tokens.output_tokens is not None
    amount = f"{tokens.input_tokens:,} tokens read, {tokens.output_tokens:,} written" if counted else "tokens unknown"
    cost = "unknown" if total.cost_usd is None else f"${total.cost_usd:.4f}"
    return f"{_counted(total.requests, 'request')}; {amount}; cost {cost}."


def _where_from(finished: Run, options: Options) -> str:
    replayed, live = finished.result.calls.replayed, finished.result.calls.live
    name = finished.result.model.name
    if finished.model_by_default:
        return f"No model is named: replayed {_counted(replayed, 'answer')} of {name} from {options.places.kept_in}."
    parts = [f"{_counted(replayed, 'answer')} replayed"] if replayed else []
    parts += [f"{live} asked of the model"] if live else []
    return f"{name}: {', '.join(parts) or 'no answers'}."


def _notes(finished: Run, *, guessed: bool) -> Iterator[str]:
    duplicates = finished.inputs.duplicates
    if duplicates:
        shown = ", ".join(f"{name} ({first})" for name, first in duplicates[:3]) + (
            ", ..." if len(duplicates) > 3 else ""
        )
        yield printable(f"Read once, with what they are copies of: {_counted(len(duplicates), 'article')}: {shown}")
    passed_over = finished.inputs.passed_over
    if passed_over:
        shown = ", ".join(passed_over[:5]) + (", ..." if len(passed_over) > 5 else "")
        yield printable(f"Passed over {_counted(len(passed_over), 'file')} without articles: {shown}")
    for article in finished.result.articles:
        if guessed and article.outcome != "failed" and article.encoding not in ("utf-8", "utf-16", "utf-32"):
            yield printable(
                f"{article.name} was read as {article.encoding}, by what its bytes tell; --encoding says otherwise."
            )


def _articles_table(result: ExtractionResult) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("article", overflow="fold")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    counts = _counts(result)
    names = Counter(article.name for article in result.articles)
    for article in result.articles[:_MOST_ROWS]:
        values = counts[article.id] if article.outcome != "failed" else [_undone(article), *[""] * (len(_COLUMNS) - 1)]
        apart = f" ({article.id})" if names[article.name] > 1 else ""
        partly = ", in part" if article.outcome == "partial" else ""
        table.add_row(printable(article.name + apart + partly), *values)
    if len(result.articles) > _MOST_ROWS:
        table.add_row(f"... and {len(result.articles) - _MOST_ROWS} more", *[""] * len(_COLUMNS))
    totals = (sum(int(values[column]) for values in counts.values()) for column in range(len(_COLUMNS)))
    table.add_row(f"{_counted(len(result.articles), 'article')}", *map(str, totals), style="bold")
    return table


def _counts(result: ExtractionResult) -> dict[str, list[str]]:
    by_kind = [Counter(record.article for record in records) for records in (result.actions, result.sanctions)]
    by_kind.append(Counter(record.article for record in result.statements))
    by_kind.append(Counter(item.article for item in result.rejected if item.record is None))
    by_kind.append(Counter(item.article for item in result.rejected if item.record is not None))
    return {article.id: [str(counter[article.id]) for counter in by_kind] for article in result.articles}


def _undone(article: ArticleReport) -> str:
    return "not done" if article.failure and article.failure.kind in ("interrupted", "not_tried") else "failed"


def _tally(values: Iterator[str]) -> str:
    return " · ".join(f"{count} {value.replace('_', ' ')}" for value, count in Counter(values).most_common())


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


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
        yield f"... and {len(told) - _MOST_ERRORS} more; `articles` in the output lists every failed one.", ""
    untried = sum(isinstance(error, NotTried) for error in errors) + len(out_of_budget[1:])
    if untried:
        yield f"{_counted(untried, 'more article')} {'was' if untried == 1 else 'were'} not tried after that.", ""


def records_tables(result: ExtractionResult, selection: Selection, *, full: bool) -> Iterator[RenderableType]:
    """The selected records, a table for each kind; `full` with all their evidence."""
    articles = {article.id: article for article in result.articles}
    found = False
    for title, records in (
        ("Diplomatic actions", result.actions), ("Sanctions", result.sanctions), ("Statements", result.statements)
    ):  # fmt: skip
        chosen = [record for record in records if selection.takes(record, articles[record.article].name)]
        if chosen:
            found = True
            yield _Records(f"{title} ({len(chosen)})", chosen, articles, full)
            yield Text("")
    if not found:
        yield Text("No records." if not result.records else "No record fits these filters.")


@dataclass(frozen=True, slots=True)
class _Records:
    """Records of one kind as a table, under the name of each article; its columns stand in line throughout."""

    title: str
    records: Sequence[AnyRecord]
    articles: dict[str, ArticleReport]
    full: bool

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Rendered for the width that there is, as rich asks for it."""
        widths = _widths(options.max_width)
        first = "act" if isinstance(self.records[0], Statement) else "status"
        yield Text(self.title, style="bold")
        yield Text("")
        yield _rows(widths, [[Text(name, style="bold") for name in (first, "what", "when", "evidence")]])
        yield Text("─" * (sum(widths) + 2 * (len(widths) - 1)))
        for article, records in groupby(self.records, key=lambda record: record.article):
            yield Text(printable(named_with_copies(self.articles[article])), style="dim")
            yield _rows(widths, [self._cells(record) for record in records])

    def _cells(self, record: AnyRecord) -> list[Text]:
        what = f"{what_of(record)}\n{record.id}" if self.full else what_of(record)
        cells = (what, _when(record), _evidence(record, full=self.full))
        return [_status(record), *(Text(printable(cell)) for cell in cells)]


def named_with_copies(article: ArticleReport) -> str:
    """An article's name, and those of its copies: the first few, and how many more."""
    copies = [copy.name for copy in article.copies]
    more = f" and {len(copies) - 3} more" if len(copies) > 3 else ""
    return f"{article.name}, and the same in {', '.join(copies[:3])}{more}" if copies else article.name


def _widths(total: int) -> tuple[int, int, int, int]:
    """Column widths: the longest status and a date in brackets fit, the rest is shared by what and evidence."""
    status, when = 15, 14
    rest = max(40, min(total, _WIDEST) - status - when - 6)
    what = rest * 2 // 5
    return status, what, when, rest - what


def _rows(widths: Sequence[int], rows: Sequence[Sequence[Text]]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for width in widths:
        table.add_column(width=width, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def _evidence(record: AnyRecord, *, full: bool) -> str:
    passages = (one_line(item.quote) for item in record.evidence)
    return "\n".join(passage if full else shortened(passage, _PASSAGE) for passage in passages)


def status_of(record: AnyRecord) -> str:
    """A record's status; of a statement its speech act."""
    return record.act.value if isinstance(record, Statement) else record.status.value


def _status(record: AnyRecord) -> Text:
    done = not isinstance(record, Statement) and record.derived.realis is Realis.ACTUAL
    return Text(status_of(record).replace("_", " "), style="bold" if done else "")


def what_of(record: AnyRecord) -> str:
    """What a record tells, on one to three lines: the act, who does it to whom, by whose word."""
    match record:
        case DiplomaticAction():
            count = f" · {record.count} {record.count_unit or ''}".rstrip() if record.count is not None else ""
            who = _named(record.actors) or "?"
            by = f"\nby word of {record.status_by.name}" if record.status_by else ""
            return f"{record.action.value.replace('_', ' ')}{count}\n{who} → {_named(record.targets) or '?'}{by}"
        case Sanction():
            measures = ", ".join(measure.value.replace("_", " ") for measure in record.measures)
            return f"{measures or 'unspecified'}\n{_named(record.senders) or '?'} → {_named(record.targets) or '?'}"
        case Statement():
            return f"{record.speaker.name if record.speaker else '(speaker not named)'}: {record.content}"


def _named(participants: Sequence[object]) -> str:
    return ", ".join(getattr(participant, "name", "") for participant in participants)


def _when(record: AnyRecord) -> str:
    background = ["background"] if record.is_background else []
    if record.date is None:
        return "\n".join(background)
    words = one_line(record.date.text)
    value = record.date.value or "no date"
    return "\n".join([value, *([f"({words})"] if words != value else []), *background])


def one_line(text: str) -> str:
    """The text without line breaks and repeated spaces."""
    return " ".join(text.split())


def rejections_table(result: ExtractionResult) -> RenderableType:
    """What was rejected, with what the model had said and why it did not hold up."""
    if not result.rejected:
        return Text("Nothing was rejected.")
    names = {article.id: article.name for article in result.articles}
    table = Table(title=f"Rejected ({len(result.rejected)})", title_justify="left", title_style="bold", show_lines=True)
    for name in ("article", "what", "why", "the model said"):
        table.add_column(name, overflow="fold")
    for item in result.rejected:
        what = f"{(item.type or 'answer').replace('_', ' ')}{' ' + item.field if item.field else ''}"
        cells = (names[item.article], what, item.message, _short(item.value))
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def _short(value: object) -> str:
    return shortened(one_line(str(value)), 300)


def shortened(text: str, length: int) -> str:
    """The text, cut to so many characters."""
    return text if len(text) <= length else text[: length - 1] + "…"


def recordings_table(folder: RecordingFolder) -> RenderableType:
    """The recordings of a folder."""
    recordings, damaged = list(folder.recordings()), list(folder.damaged())
    if not recordings and not damaged:
        return Text(f"{folder.path} holds no recordings.")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("article", "model", "answers", "prompt", "schema"):
        table.add_column(name, overflow="fold")
    for _, recording in recordings:
        parts = recording.parts
        cells = (recording.article, recording.model, str(len(recording.attempts)), parts.prompt[:8], parts.schema_[:8])
        table.add_row(*map(printable, cells))
    return Group(table, *(Text(printable(str(error))) for error in damaged))


def providers_table() -> RenderableType:
    """The providers: what each needs, and whether it is there."""
    # Two lines each, which fit 80 columns: addresses and names are to be copied, and broken ones cannot be.
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("provider\nasked by", "key\nis it set?", "address\na model, as --model takes it"):
        table.add_column(name, overflow="fold")
    for name, row in PROVIDERS.items():
        given = "yes" if has_key(row.key_variable) else "no" if row.key_needed else "no, and not needed"
        where = f"{row.base_url or 'given with --base-url'}\n{name}/{row.example}"
        if not is_installed(row.extra):
            where += f"\nneeds pip install 'event-extractor[{row.extra}]'"
        table.add_row(f"{name}\n{row.structured}", f"{row.key_variable}\n{given}", where)
    return table


def plan_table(plan: Plan) -> RenderableType:
    """What a run would take."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("article", overflow="fold")
    for name in ("replayed", "requests", "tokens in", "tokens out", "cost"):
        table.add_column(name, justify="right")
    for item in (*plan.articles[:_MOST_ROWS], plan.total):
        cost = "unknown" if item.cost is None else f"${item.cost:.4f}"
        numbers = (f"{number:,}" for number in (item.replayed, item.requests, item.input_tokens, item.output_tokens))
        table.add_row(printable(item.name), *numbers, cost, style="bold" if item is plan.total else "")
    note = "Nothing was sent. Tokens are estimated from characters; re-asks and retries would come on top."
    return Group(Text(f"{plan.model}:"), Text(""), table, Text(""), Text(note))
