"""What people read on a terminal: records, rejections, recordings, providers and plans as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pydantic import JsonValue
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from extractor.errors import UsageError
from extractor.planning import Plan
from extractor.providers.keys import has_key
from extractor.providers.opening import is_installed
from extractor.providers.table import PROVIDERS
from extractor.recordings import RecordingFolder
from extractor.schema.events import Event
from extractor.schema.output import ArticleReport, ExtractionResult
from extractor.schema.records import AnyRecord, DiplomaticAction, Record, Sanction, Statement
from extractor.schema.vocabulary import ActionStatus, Realis, SanctionStatus, SpeechAct
from extractor.text import printable

_KINDS: dict[str, type[Record]] = {"action": DiplomaticAction, "sanction": Sanction, "statement": Statement}
_TYPES = {DiplomaticAction: "diplomatic_action", Sanction: "sanction", Statement: "statement"}
_STATUSES: dict[type[Record] | None, tuple[str, ...]] = {
    DiplomaticAction: tuple(ActionStatus),
    Sanction: tuple(SanctionStatus),
    Statement: tuple(SpeechAct),
    None: tuple(dict.fromkeys([*ActionStatus, *SanctionStatus, *SpeechAct])),
}
_MOST_ROWS = 40
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
            UsageError: there is no such kind of record, or no such status or speech act of this kind.
        """
        kinds = (
            _KINDS | {f"{name}s": record for name, record in _KINDS.items()} | {"diplomatic_action": DiplomaticAction}
        )
        if kind is not None and _value(kind) not in kinds:
            raise UsageError(f"--type {kind} is no kind of record.", f"Choose one of {', '.join(_KINDS)}.")
        wanted = kinds[_value(kind)] if kind else None
        if status is not None and _value(status) not in _STATUSES[wanted]:
            of_kind = next((f" of {name}s" for name, record in _KINDS.items() if record is wanted), "")
            raise UsageError(
                f"--status {status} is no status{of_kind}.", f"Choose one of {', '.join(_STATUSES[wanted])}."
            )
        return cls(wanted, _value(status) if status else None, article)

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
        yield Text(_nothing(result, selection))


def _nothing(result: ExtractionResult, selection: Selection) -> str:
    """Why no record is shown."""
    if not result.records:
        return "No records."
    if selection.article is not None and not any(selection.article in item.name for item in result.articles):
        return printable(f"No article has {selection.article!r} in its name.")
    return "No record fits these filters."


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


def _short(value: JsonValue) -> str:
    return shortened(one_line(_told(value)), 300)


def _told(value: JsonValue) -> str:
    """A value as people read it: what is null or empty in an object is left out."""
    if isinstance(value, dict):
        given = {name: part for name, part in value.items() if part not in (None, [], {}, "")}
        return " · ".join(f"{name.replace('_', ' ')}: {_told(part)}" for name, part in given.items())
    if isinstance(value, list):
        return " | ".join(map(_told, value))
    return str(value)


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
