"""Markdown for people: what happened, what did not, what was said, and where the sources differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from extractor.schema.events import Event, EventField
from extractor.schema.output import ExtractionResult
from extractor.schema.records import AnyRecord, Statement
from extractor.text import printable
from extractor.writers.formats import Settings
from extractor.writers.participants import Cast, title_of

# No text stands at the beginning of a line, where more signs would act.
_SIGNS: Final = re.compile(r"([\\`*_\[\]<>|~@]|&(?=#?\w)|:(?=//))")
_PARTS: Final[tuple[tuple[str, Callable[[Event], bool]], ...]] = (
    ("What happened", lambda event: event.type != "statement" and event.occurred),
    ("What did not happen, or not yet", lambda event: event.type != "statement" and not event.occurred),
    ("What was said", lambda event: event.type == "statement"),
)


def dump(result: ExtractionResult, _settings: Settings) -> bytes:
    """The file, UTF-8."""
    return "".join(f"{line}\n" for line in _lines(result)).encode("utf-8", "replace")


def _lines(result: ExtractionResult) -> Iterator[str]:
    cast = Cast(result)
    yield f"# Events told by {len(result.articles)} articles"
    yield f"\nRead by {_plain(result.model.name)}; {len(result.records)} records, {len(result.rejected)} rejections."
    for heading, belongs in _PARTS:
        events = [event for event in result.events if belongs(event)]
        yield f"\n## {heading} ({len(events)})"
        for event in events:
            yield from _event(event, cast)
    yield "\n## Articles\n\n| article | published | outcome |\n|---|---|---|"
    for article in result.articles:
        day = article.published.value if article.published else ""
        title = f"{article.name}: {article.metadata.title}" if article.metadata.title else article.name
        yield f"| {_plain(title)} | {_plain(day)} | {_plain(article.failure.message if article.failure else 'done')} |"


def _event(event: Event, cast: Cast) -> Iterator[str]:
    yield f"\n### {_plain(event.date or 'undated')} {_plain(title_of(event))}\n"
    members = cast.members(event)
    statement = next((record for record in members if isinstance(record, Statement)), None)
    if statement is not None:
        speaker = _plain(statement.speaker.name) if statement.speaker else "Somebody"
        yield f"**{speaker}**: {_plain(statement.content)}\n"
    for record in members:
        yield _member(record, cast)
    for field in event.fields:
        if field.agreement == "conflict":
            yield _conflict(field, cast)
    if event.contested:
        yield "- **Contested**: one source tells it as done, another as denied or ruled out."


def _member(record: AnyRecord, cast: Cast) -> str:
    status = "" if isinstance(record, Statement) else f", {record.status.value.replace('_', ' ')}"
    quotes = " [...] ".join(_plain(item.quote) for item in record.evidence)
    return f"- **{_plain(_name(record.article, cast))}**{status}: “{quotes}”"


def _conflict(field: EventField, cast: Cast) -> str:
    values = [f"{_plain(str(each.value))} ({_plain(_names(each.articles, cast))})" for each in field.values]
    return f"- **The sources differ** on {_plain(field.field)}: {'; '.join(values)}"


def _names(articles: Sequence[str], cast: Cast) -> str:
    return ", ".join(_name(article, cast) for article in articles)


def _name(article: str, cast: Cast) -> str:
    return cast.articles[article].name if article in cast.articles else article


def _plain(text: str) -> str:
    """Words that are no more than words: one line, and no sign that Markdown or HTML would act on."""
    return _SIGNS.sub(r"\\\1", " ".join(printable(text).split()))
