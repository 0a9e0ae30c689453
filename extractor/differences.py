"""A comparison as people read it: on a terminal, and as Markdown for a pull request.

The gravest comes first: what became a fact, or no longer is one. Then figures, articles, records, events.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from extractor.chronicle import title_of
from extractor.comparison.report import (
    ArticleChange,
    ComparedArticle,
    Comparison,
    Difference,
    EventChange,
    FieldChange,
    RecordChange,
)
from extractor.scorecard import Grid, interval, markdown_table, number, rich_table
from extractor.show import one_line, shortened, status_of, what_of
from extractor.text import markdown_text, printable

# Characters of a title and of a value; all of it is in the JSON.
_TITLE, _VALUE = 140, 200
# GitHub takes comments of 65,536 characters.
_LONGEST = 60_000
# Facts that a summary tells; all of them stand in the articles' own tables.
_MOST = 20
_LEGEND = "≈ reworded, ~ changed, - lost, + added"
_FLIPS = {"became_fact": "Became a fact", "no_longer_fact": "No longer a fact"}
_TYPES = {None: "all records", "diplomatic_action": "actions", "sanction": "sanctions", "statement": "statements"}
_MARKS = {"added": "+", "lost": "-", "changed": "~"}
_MEASURES = {
    "action": "action",
    "action_status": "status of actions",
    "sanction_status": "status of sanctions",
    "speech_act": "speech act",
    "realis": "told as done or not",
}
# Of words with a place the place is shown only where nothing else differs.
_PLACES = frozenset({"start", "end", "basis", "anchor"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One difference: a mark, what it is about, the fields that differ as (name, before, after), and the evidence."""

    mark: str
    title: str
    rows: tuple[tuple[str, str, str], ...] = ()
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Differences under a heading; `folded` where a summary leaves them out at first."""

    heading: str
    entries: Sequence[Entry]
    folded: bool = True


def tables(found: Comparison) -> Iterator[RenderableType]:
    """The comparison for a terminal."""
    yield from (Text(printable(line)) for line in _opening(found))
    yield Text("")
    for section in _sections(found):
        yield Text(printable(section.heading), style="bold")
        yield from map(_block, section.entries)
        yield Text("")
    for grid in _grids(found):
        yield Text(grid.title, style="bold")
        yield rich_table(grid)
        yield Text("")
    yield Text("--format json holds everything at full length, and what each figure means.", style="dim")


def markdown(found: Comparison) -> str:
    """The comparison as Markdown (GitHub's): a summary, then each article folded; short enough for a comment."""
    headline, *others = _opening(found)
    sections = list(_sections(found))
    parts = [f"**{markdown_text(headline)}**", "\n".join(f"- {markdown_text(line)}" for line in others)]
    parts += [_facts(part) for part in sections if not part.folded]
    grids = [_headed(grid.title, markdown_table(grid)) for grid in _grids(found)]
    parts += grids if found.difference is None else [grids[0], _folded("Agreement", grids[1:])]
    parts += [_folded(part.heading, [_entry_table(part.entries)]) for part in sections if part.folded]
    return "\n\n".join(_within(parts)) + "\n"


def _facts(section: Section) -> str:
    shown = section.entries[:_MOST]
    more = f", the first {len(shown)} of them here" if len(shown) < len(section.entries) else ""
    return _headed(section.heading + more, _entry_table(shown))


def _within(parts: Sequence[str]) -> Iterator[str]:
    """The parts that fit into a comment, and how many do not."""
    length, left_out = 0, 0
    for part in parts:
        if length + len(part) > _LONGEST:
            left_out += 1
            continue
        length += len(part) + 2
        yield part
    if left_out:
        yield f"{_counted(left_out, 'part')} more would not fit into a comment; `--format json` has everything."


def _opening(found: Comparison) -> Iterator[str]:
    """What it comes to, what is compared, and the articles that are not."""
    yield _headline(found)
    for place, output in enumerate(found.outputs, 1):
        prompt = "" if output.prompt == found.outputs[0].prompt else ", another than 1"
        schema = "" if output.answer_schema == found.outputs[0].answer_schema else ", another schema than 1"
        counted = f"{output.records} records, {output.events} events"
        yield f"{place}: {output.name}: {output.model}, prompt {output.prompt[:8]}{prompt}{schema}; {counted}"
    for place in range(len(found.outputs)):
        alone = [item.name for item in found.articles if _only(item, place)]
        if alone:
            yield f"only in {place + 1}, and not compared: {_listed(alone)}"
    partly = [item.name for item in found.articles if None in item.outcomes and not _is_single(item)]
    if partly:
        yield f"not in all of them, and not compared: {_listed(partly)}"
    if found.difference is not None:
        yield from map(_article_line, _told_of(found.difference.articles))


def _headline(found: Comparison) -> str:
    compared = _counted(len(found.compared), "article")
    if found.same:
        return f"{compared} compared: no difference."
    if found.difference is None:
        return f"{compared} compared in {len(found.outputs)} outputs, which differ."
    difference = found.difference
    flips = [item.flip for item in difference.records] + [item.flip for item in difference.events]
    told = [
        f"{flips.count(name)} {words}"
        for name, words in (("became_fact", "became a fact"), ("no_longer_fact", "no longer told as fact"))
        if name in flips
    ]
    for name in ("added", "lost", "changed", "reworded"):
        count = sum(getattr(item, name) for item in difference.counts)
        told += [f"{_counted(count, 'record')} {name}"] if count else []
    told += [f"differences in {_counted(len(difference.events), 'event')}"] if difference.events else []
    told += ["other articles"] if any(item.change != "changed" for item in difference.articles) else []
    return f"{compared} compared: {', '.join(told) or 'what became of them differs'}."


def _only(item: ComparedArticle, place: int) -> bool:
    return _is_single(item) and item.outcomes[place] is not None


def _is_single(item: ComparedArticle) -> bool:
    return sum(outcome is not None for outcome in item.outcomes) == 1


def _told_of(articles: Iterable[ArticleChange]) -> Iterator[ArticleChange]:
    return (item for item in articles if item.change == "changed" or item.other_text)


def _article_line(item: ArticleChange) -> str:
    if item.other_text:
        side = "first" if item.change == "lost" else "second"
        return f"{item.name}: another text; that of the {side} is {item.article}"
    told = [
        f"rejected {_length(field.first)} → {_length(field.second)}"
        if field.field == "rejected"
        else f"{field.field} {' → '.join(_sides(field))}"
        for field in item.fields
    ]
    return f"{item.name}: {'; '.join(told)}"


def _length(value: object) -> int:
    return len(value) if isinstance(value, list) else 0


def _sections(found: Comparison) -> Iterator[Section]:
    """Facts, then article by article, then events."""
    difference = found.difference
    if difference is None:
        return
    for flip, heading in _FLIPS.items():
        entries = [_of_record(item) for item in difference.records if item.flip == flip]
        entries += [_of_event(found, item) for item in difference.events if item.flip == flip]
        if entries:
            yield Section(f"{heading}: {len(entries)}", [_gist(entry) for entry in entries], folded=False)
    for name, changes in groupby(difference.records, key=lambda item: item.name):
        entries = [_of_record(item) for item in changes]
        yield Section(f"{name}: {_tally(entries)}", entries)
    if difference.events:
        entries = [_of_event(found, item) for item in difference.events]
        yield Section(f"Events: {_tally(entries)}", entries)


def _gist(entry: Entry) -> Entry:
    """An entry with its status alone."""
    return replace(entry, mark="!", rows=tuple(row for row in entry.rows if row[0] in ("status", "occurred")))


def _tally(entries: Sequence[Entry]) -> str:
    marks = [entry.mark for entry in entries]
    named = (("+", "added"), ("-", "lost"), ("~", "changed"), ("≈", "reworded"))
    return ", ".join(f"{marks.count(mark)} {words}" for mark, words in named if mark in marks)


def _of_record(change: RecordChange) -> Entry:
    record = change.records[0]
    rows = [_row(field) for field in change.fields if not field.field.startswith("derived.")]
    codes = [field for field in change.fields if field.field.startswith("derived.")]
    if codes:
        rows.append(_codes(codes))
    if change.near is not None:
        rows.append(_beside("same passage as", change.near, lost=change.second is None))
    if change.pairing == "passage":
        rows.append(("paired by", "passage", ""))
    told = any(field.field == "evidence" for field in change.fields)
    reworded = change.change == "changed" and all(field.wording for field in change.fields)
    title = f"{status_of(record)}: {', '.join(what_of(record).splitlines()[:2])}"
    quotes = () if told else tuple(shortened(one_line(item.quote), _VALUE) for item in change.records[-1].evidence)
    return Entry("≈" if reworded else _MARKS[change.change], shortened(one_line(title), _TITLE), tuple(rows), quotes)


def _codes(fields: Sequence[FieldChange]) -> tuple[str, str, str]:
    """What code derives, on one line."""
    named = [(field.field.removeprefix("derived."), *_sides(field)) for field in fields]
    before, after = (", ".join(f"{item[0]} {item[side]}" for item in named) for side in (1, 2))
    return "codes", before, after


def _of_event(found: Comparison, change: EventChange) -> Entry:
    event = change.events[0]
    names = {article.id: article.name for article in found.articles}
    # A member is named by what it says and where.
    names |= {
        step.record: f"{step.status} ({names.get(step.article, step.article)})"
        for item in change.events
        for step in item.history
    }
    rows = [_row(field, names) for field in change.fields]
    if change.shares_with:
        rows.append(_beside("shares records with", ", ".join(change.shares_with), lost=change.second is None))
    status = "" if event.type == "statement" else f"{event.status}: "
    return Entry(_MARKS[change.change], shortened(one_line(f"{status}{title_of(event)}"), _TITLE), tuple(rows))


def _beside(name: str, ids: str, *, lost: bool) -> tuple[str, str, str]:
    """What the other output has in the place of something that was lost or added."""
    return (name, "", ids) if lost else (name, ids, "")


def _row(field: FieldChange, names: dict[str, str] | None = None) -> tuple[str, str, str]:
    name = field.field.replace("_", " ") + (" (wording)" if field.wording else "")
    return name, *_sides(field, names or {})


def _sides(field: FieldChange, names: dict[str, str] | None = None) -> tuple[str, str]:
    """What differs of two values: of lists the elements that one lacks, of parts the attributes."""
    first, second = field.first, field.second
    if isinstance(first, list) and isinstance(second, list):
        first, second = (
            [item for item in first if item not in second],
            [item for item in second if item not in first],
        )
        if len(first) == len(second) == 1:
            first, second = first[0], second[0]
    if isinstance(first, dict) and isinstance(second, dict):
        differing = {key for key in first | second if first.get(key) != second.get(key)}
        shown = (differing - _PLACES) or differing
        first, second = ({key: part for key, part in side.items() if key in shown} for side in (first, second))
    return _plain(first, names), _plain(second, names)


def _plain(value: object, names: dict[str, str] | None = None) -> str:
    if isinstance(value, list):
        text = ", ".join(_plain(item, names) for item in value) or "nothing"
    elif isinstance(value, dict):
        told = {key: part for key, part in value.items() if part is not None and key not in _PLACES} or value
        text = " · ".join(_plain(part, names) for part in told.values())
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    else:
        text = "nothing" if value is None else (names or {}).get(str(value), str(value))
    return shortened(one_line(text), _VALUE)


def _block(entry: Entry) -> RenderableType:
    """An entry for a terminal."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(Text(f"{entry.mark}"), Text(printable(entry.title), style="bold" if entry.mark == "!" else ""))
    for name, before, after in entry.rows:
        told = Text(f"{name}: ", style="dim")
        told.append(printable(" → ".join(part for part in (before, after) if part)), style="default")
        table.add_row("", told)
    for quote in entry.quotes:
        table.add_row("", Text(printable(f"“{quote}”"), style="dim"))
    return Padding(table, (0, 0, 0, 2))


def _entry_table(entries: Sequence[Entry]) -> str:
    rows = []
    for entry in entries:
        rows.append((entry.mark, entry.title, "", ""))
        rows += [("", name, before, after) for name, before, after in entry.rows]
        if entry.quotes:
            quotes = " ".join(f"“{quote}”" for quote in entry.quotes)
            sides = {"+": ("", quotes), "-": (quotes, "")}.get(entry.mark, (quotes, "the same"))
            rows.append(("", "evidence", *sides))
    return markdown_table(Grid("", ("", "what", "1", "2"), tuple(rows), names=4))


def _headed(heading: str, part: str) -> str:
    return f"**{markdown_text(heading)}**\n\n{part}"


def _folded(heading: str, parts: Sequence[str]) -> str:
    return "\n\n".join([f"<details><summary>{markdown_text(heading)}</summary>", *parts, "</details>"])


def _grids(found: Comparison) -> Iterator[Grid]:
    if found.difference is not None:
        yield _counts(found, found.difference)
    else:
        yield from _matrices(found)
    yield Grid(
        "Agreement over the records that several outputs have (Krippendorff's alpha)",
        ("", "records", "the same", "alpha", "95%"),
        tuple(
            (_MEASURES[item.measure], str(item.units), number(item.agreement), number(item.alpha), interval(item))
            for item in found.alphas
        ),
    )


def _counts(found: Comparison, difference: Difference) -> Grid:
    scores = {item.type: item for item in found.agreement[0].records}
    return Grid(
        f"Records ({_LEGEND})",
        ("", "1", "2", "same", "≈", "~", "-", "+", "F1", "95%", "exact"),
        tuple(
            (
                _TYPES[item.type],
                *map(str, (item.first, item.second, item.same, item.reworded, item.changed, item.lost, item.added)),
                number(scores[item.type].lenient.f1),
                interval(scores[item.type].lenient),
                number(scores[item.type].exact.f1),
            )
            for item in difference.counts
        ),
    )


def _matrices(found: Comparison) -> Iterator[Grid]:
    pairs = {(item.first, item.second): item for item in found.agreement}
    for place, name in enumerate(_TYPES.values()):
        cells = {pair: number(item.records[place].lenient.f1) for pair, item in pairs.items()}
        yield _matrix(f"F1, {name}", len(found.outputs), cells)
    for place, alpha in enumerate(found.alphas):
        cells = {pair: number(item.alphas[place].alpha) for pair, item in pairs.items()}
        yield _matrix(f"Alpha, {_MEASURES[alpha.measure]}", len(found.outputs), cells)
    yield Grid(
        "Records that no other output has",
        ("", "records"),
        tuple((str(place), str(output.alone)) for place, output in enumerate(found.outputs, 1)),
    )


def _matrix(title: str, size: int, cells: dict[tuple[int, int], str]) -> Grid:
    return Grid(
        title,
        ("", *(str(place + 1) for place in range(size))),
        tuple(
            (str(row + 1), *(cells.get((min(row, column), max(row, column)), "") for column in range(size)))
            for row in range(size)
        ),
    )


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:5])}{f' and {len(names) - 5} more' if len(names) > 5 else ''}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
