"""The page as one file: template, style, script and data, under a Content-Security-Policy that takes no other."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from extractor.report import network, wording
from extractor.report.document import document
from extractor.report.parties import parties_of
from extractor.report.references import References
from extractor.schema.events import Event
from extractor.schema.output import ExtractionResult
from extractor.text import printable_in_place

# In the order in which they stand on the page: each uses what those before it define.
_SCRIPTS = (
    "dom.js", "model.js", "filters.js", "events.js", "timeline.js", "network.js", "disagreements.js", "articles.js",
    "reader.js", "main.js",
)  # fmt: skip
# A control character as JSON writes it, behind any number of backslashes that stand for themselves.
_ESCAPED_CONTROL = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:[bf]|u00(?:0[0-8bcef]|1[0-9a-f]|7f))")
_TITLE = "What happened, and what was said"
_STYLES = ("page.css", "parts.css", "print.css")


def report_html(result: ExtractionResult, title: str | None = None) -> bytes:
    """The report on a result: one HTML file in UTF-8 that needs nothing else; the same result gives the same bytes.

    `title` is its heading, in the place of "What happened, and what was said".

    Raises:
        UsageError: the result refers to an article, record or event that it does not have.
    """
    references = References.of(result)
    parties = parties_of(result, references)
    parties.names[:] = map(printable_in_place, parties.names)
    data = document(result, references, parties)
    style, script = _joined(_STYLES), _script()
    page = (
        _environment()
        .get_template("page.html")
        .render(
            title=printable_in_place(title or _TITLE),
            policy=_policy(style, script),
            style=style,
            script=script,
            data=data,
            drawing=network.drawing_of(result.events, parties),
            network=network,
            options=_options(result.events),
            standings=wording.STANDINGS,
            types=wording.TYPES,
            overview=_overview(result),
            model=printable_in_place(result.model.name),
        )
    )
    return page.encode("utf-8", "replace")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("extractor.report", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # Jinja escapes `<`, `>`, `&` and `'` in what this gives, so that no text can end the data block.
    environment.policies["json.dumps_function"] = _dumps
    environment.policies["json.dumps_kwargs"] = {}
    return environment


def _policy(style: str, script: str) -> str:
    """Nothing is loaded, sent or run but the page's own style and script, and no text can become markup.

    Source: Content Security Policy Level 3; Trusted Types.
    """
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _joined(names: tuple[str, ...]) -> str:
    assets = files("extractor.report") / "assets"
    # Line ends as a browser hashes them, whatever they became on a disk.
    return "\n" + "\n".join((assets / name).read_text(encoding="utf-8").replace("\r\n", "\n") for name in names)


def _script() -> str:
    return f"\n(() => {{\n'use strict';\n{_joined(_SCRIPTS)}\n}})();\n"


def _dumps(data: Any, **options: Any) -> str:
    """JSON in which no text acts on a screen: JSON escapes some controls, and leaves the others as they are."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"), **options)
    return printable_in_place(_ESCAPED_CONTROL.sub("\\1\ufffd", written))


def _options(events: list[Event]) -> dict[str, list[tuple[str, str, int]]]:
    """The statuses that occur, under their standing, each with its name and the number of events that have it."""
    counts: Counter[tuple[str, str]] = Counter()
    for event in events:
        counts[wording.standing_of(event.status, said=event.type == "statement"), event.status] += 1
    found: dict[str, list[tuple[str, str, int]]] = {standing: [] for standing in wording.STANDINGS}
    for (standing, status), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        found[standing].append((status, wording.status_label(status), count))
    return {standing: options for standing, options in found.items() if options}


def _overview(result: ExtractionResult) -> dict[str, int]:
    acts = [event for event in result.events if event.type != "statement"]
    conflicts = sum(
        event.contested or any(item.agreement == "conflict" for item in event.fields) for event in result.events
    )
    return {
        "articles": len(result.articles),
        "failed": len(result.failed),
        "records": len(result.records),
        "acts": len(acts),
        "done": sum(event.occurred and not event.contested for event in acts),
        "disputed": sum(event.contested for event in acts),
        "not_done": sum(not event.occurred and not event.contested for event in acts),
        "said": len(result.events) - len(acts),
        "conflicts": conflicts,
        "rejected": len(result.rejected),
    }
