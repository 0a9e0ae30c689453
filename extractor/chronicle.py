"""Events as people read them: each with its history, where sources conflict, and all of it in order of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from extractor.consolidation.history import outcome, progress
from extractor.consolidation.mentions import kind_of, period_of
from extractor.consolidation.naming import names as names_act
from extractor.consolidation.parties import between
from extractor.schema.events import Event, EventField, SourcedValue, StatusStep
from extractor.schema.output import ExtractionResult
from extractor.schema.records import AnyRecord, Sanction
from extractor.text import printable

# Characters of a value, of one in a title, and of a passage of evidence.
_VALUE, _TITLE, _PASSAGE = 200, 90, 150
_LINK_WORDS = {
    "implements": "carries out",
    "in_response_to": "answers",
    "announced_with": "announced with",
    "about": "about",
    "denies": "denies",
    "contradicts": "contradicts",
}
_SANCTIONS = {"impose": "sanctions", "ease": "easing of sanctions"}
_VERBS = {"conflict": "conflict", "varied": "vary"}
Names = Mapping[str, str]
Chosen = Callable[[Event, Sequence[str]], bool]


def events_view(result: ExtractionResult, chosen: Chosen) -> Iterator[Text | Padding]:
    """Each event with its history, what its sources differ in, and its links; `chosen` gets it with its articles."""
    events = _chosen(result, chosen)
    titles = {event.id: title_of(event) for event in result.events}
    names = _short_names(result)
    if not events:
        yield Text("No event fits these filters." if result.events else "No events.")
    for event in events:
        heading = Text(printable(titles[event.id]), style="bold")
        heading.append(f"  {event.id}", style="dim")
        yield heading
        yield Padding(_lines(_about(event, names, titles)), (0, 0, 1, 2))


def conflicts_view(result: ExtractionResult, chosen: Chosen) -> Iterator[Text | Padding]:
    """What sources contradict each other in, and what they only tell differently, event by event, side by side."""
    names = _short_names(result)
    records = {record.id: record for record in result.records}
    events = _chosen(result, chosen)
    views = {
        "The sources contradict each other": [(event, list(_contradictions(event, names))) for event in events],
        "The sources tell it differently": [(event, list(_differences(event, names, records))) for event in events],
    }
    for heading, view in views.items():
        told = [(event, rows) for event, rows in view if rows]
        yield Text(f"{heading}: {_counted(len(told))}", style="bold underline")
        for event, rows in told:
            yield Text(printable(title_of(event)), style="bold")
            yield Padding(_lines(rows), (0, 0, 1, 2))


def _contradictions(event: Event, names: Names) -> Iterator[tuple[str, str]]:
    for item in event.fields:
        if item.agreement == "conflict":
            yield _words(item.field), _difference(item, names)
    if event.contested:
        yield "done or not", _steps_by_status(event, names)


def _differences(event: Event, names: Names, records: Mapping[str, AnyRecord]) -> Iterator[tuple[str, str]]:
    """How far it has come by each article's last word, where these differ, in the articles' words; whom it hits."""
    if event.type == "statement":
        return
    last = {step.article: step for step in event.history}
    if len({outcome(step.status) for step in last.values()}) > 1:
        steps = [
            step for step in event.history if last[step.article] is step or step.status != last[step.article].status
        ]
        yield "status", "\n".join(_quoted(step, names, records) for step in steps)
    for item in event.fields:
        if event.type == "sanction" and item.field in ("targets", "measures") and item.agreement == "varied":
            yield item.field, "\n".join(_counted_targets(value, names, records) for value in item.values)


def _quoted(step: StatusStep, names: Names, records: Mapping[str, AnyRecord]) -> str:
    record = records[step.record]
    passages = [evidence.quote for evidence in record.evidence]
    naming = [passage for passage in passages if names_act(passage, kind_of(record))] or passages[:1]
    words = " … ".join(f"“{_plain(passage, _PASSAGE)}”" for passage in naming)
    return f"{_words(step.status)} ({names[step.article]}): {words}"


def _counted_targets(value: SourcedValue, names: Names, records: Mapping[str, AnyRecord]) -> str:
    told = [record for name in value.records if isinstance(record := records[name], Sanction)]
    counts = sorted({record.target_count for record in told if record.target_count is not None})
    return _sourced(value, names) + "".join(f"; {count} in all" for count in counts)


def timeline_view(result: ExtractionResult, chosen: Chosen) -> Iterator[Table | Text]:
    """The statuses of all events in order of time, those without a date last."""
    names = _short_names(result)
    told: dict[tuple[str, str, str, str], list[StatusStep]] = defaultdict(list)
    for event in _chosen(result, chosen):
        for step in event.history:
            told[step.date or "", event.id, step.status, title_of(event)].append(step)
    if not told:
        yield Text("No event fits these filters." if result.events else "No events.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("date", "status", "what", "told by"):
        table.add_column(name, overflow="fold")
    for (day, _, status, title), steps in sorted(told.items(), key=_by_day):
        cells = (day or "no date", _words(status), title, _told_by(steps, names))
        table.add_row(*(Text(printable(cell)) for cell in cells))
    yield table


def actors_view(result: ExtractionResult, article: str | None) -> Iterator[Table | Text]:
    """Who is who: each actor with all its names and roles, those of most articles first."""
    names = {item.id: item.name for item in result.articles}
    actors = [
        actor for actor in result.actors if article is None or any(article in names[told] for told in actor.articles)
    ]
    if not actors:
        yield Text("No actor fits these filters." if result.actors else "No actors.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("actor", "of", "kind", "also called", "as", "articles"):
        table.add_column(name, overflow="fold", justify="right" if name == "articles" else "left")
    for actor in sorted(actors, key=lambda actor: (-len(actor.articles), -len(actor.mentions), actor.name)):
        others = ", ".join(name for name in actor.names if name != actor.name)
        cells = (actor.name, actor.country or "", actor.kind, others, ", ".join(actor.roles), str(len(actor.articles)))
        table.add_row(*(Text(printable(cell)) for cell in cells))
    yield table


def _by_day(item: tuple[tuple[str, str, str, str], list[StatusStep]]) -> tuple[int, str, str, int]:
    (day, event, status, title), _ = item
    period = period_of(day) if day else None
    return (period.first if period else 10**9, title, event, progress(status))


def _chosen(result: ExtractionResult, chosen: Chosen) -> list[Event]:
    names = {article.id: article.name for article in result.articles}
    return [event for event in result.events if chosen(event, [names[article] for article in event.articles])]


def _about(event: Event, names: Names, titles: Names) -> Iterator[tuple[str, str]]:
    settled = next(step.article for step in event.history if step.record == event.settled_by)
    last = f"{_words(event.status)} by {names[settled]}"
    told = f"{len(event.articles)} article" + ("s" if len(event.articles) > 1 else "")
    yield "", "; ".join(part for part in (event.date or "no date", _happened(event), f"last {last}", told) if part)
    if event.type != "statement":
        for day, status, steps in _stages(event):
            yield day or "undated", f"{_words(status)}: {_told_by(steps, names)}"
    for item in event.fields:
        shown = item.agreement == "conflict" or (item.agreement == "varied" and item.field in _TOLD_IF_VARIED)
        if shown:
            yield f"{_words(item.field)} {_VERBS[item.agreement]}", _difference(item, names)
    for link in event.links:
        yield _LINK_WORDS[link.type], f"{titles[link.event]} ({link.event})"
    for tie in event.ties:
        yield "joined", f"by the model's answer to {tie}"
    for record in event.undecided:
        yield "undecided", f"{record} fits this event as well as another"


def _happened(event: Event) -> str:
    if event.type == "statement":
        return ""
    if event.contested:
        return "disputed: done by one source, not by another"
    return "happened" if event.occurred else "did not happen, as far as told"


# Fields whose variants a reader wants to see; how actors and reasons are worded is in the output.
_TOLD_IF_VARIED = frozenset({"targets", "places", "content", "count_breakdown", "measures"})


def _stages(event: Event) -> Iterator[tuple[str, str, list[StatusStep]]]:
    stages: dict[tuple[str, str], list[StatusStep]] = {}
    for step in event.history:
        stages.setdefault((step.date or "", step.status), []).append(step)
    for (day, status), steps in stages.items():
        yield day, status, steps


def _steps_by_status(event: Event, names: Names) -> str:
    return "; ".join(f"{_words(status)}: {_told_by(steps, names)}" for _, status, steps in _stages(event))


def _told_by(steps: Sequence[StatusStep], names: Names) -> str:
    by: dict[str, list[str]] = defaultdict(list)
    for step in steps:
        by[step.by or ""].append(names[step.article])
    return ", ".join(f"{who} ({', '.join(sorted(set(told)))})".strip() for who, told in sorted(by.items()))


def _difference(item: EventField, names: Names) -> str:
    values = "\n".join(_sourced(value, names) for value in item.values)
    return values if item.canonical is None else f"{values}\n→ {_plain(item.canonical)}: {item.rule}"


def _sourced(value: SourcedValue, names: Names) -> str:
    return f"{_plain(value.value)} ({', '.join(sorted(names[article] for article in value.articles))})"


def _counted(number: int) -> str:
    return f"{number} event" if number == 1 else f"{number or 'no'} events"


def _plain(value: object, longest: int = _VALUE) -> str:
    if isinstance(value, list):
        text = ", ".join(_plain(item) for item in value)
    elif isinstance(value, dict):
        text = " ".join(str(part) for part in value.values())
    else:
        text = str(value)
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def title_of(event: Event) -> str:
    """What an event is, in one line: the act, who does it to whom; of a statement the speaker and the words."""
    kind = _SANCTIONS.get(event.kind, _words(event.kind)) if event.type == "sanction" else _words(event.kind)
    if event.type == "statement":
        speaker = next((item for item in event.fields if item.field == "speaker"), None)
        content = next(item for item in event.fields if item.field == "content")
        return (
            f"{_plain(speaker.values[0].value) if speaker else '?'}, {kind}: {_plain(content.values[0].value, _TITLE)}"
        )
    count = next((item.canonical for item in event.fields if item.field in ("count", "target_count")), None)
    joint = "on" if event.type == "sanction" else "of"
    return f"{kind}{f' {joint} {count}' if count is not None else ''}, {between(event)}"


def _short_names(result: ExtractionResult) -> dict[str, str]:
    """The articles' names without what all of them end in, and shortened as far as they stay apart."""
    names = {article.id: article.name.removesuffix(".txt") for article in result.articles}
    for length in (3, 8, 16):
        short = {article: name[:length] for article, name in names.items()}
        if len(set(short.values())) == len(names):
            return short
    return names


def _words(value: str) -> str:
    return value.replace("_", " ")


def _lines(rows: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(Text(printable(label), style="dim"), Text(printable(text)))
    return table
