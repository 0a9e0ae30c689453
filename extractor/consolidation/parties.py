"""Who does it to whom, in a few words: states by their codes, others by their names."""

from __future__ import annotations

from extractor.schema.events import Event

_ACTING = ("actors", "senders", "speaker")
_ACTED_UPON = ("targets", "target")
# Names that are given before "and others", and characters of each.
_MOST_NAMES, _LONGEST = 2, 40


def between(event: Event) -> str:
    """Such as "USA → RUS", or "Valdoria → Tomas Reiner" where no country is known.

    "?" stands for those whom no article names; a statement that is aimed at nobody has its speaker alone.
    """
    source = _named(event, event.sources, _ACTING) or "?"
    target = _named(event, event.targets, _ACTED_UPON)
    return source if event.type == "statement" and not target else f"{source} → {target or '?'}"


def _named(event: Event, codes: list[str], fields: tuple[str, ...]) -> str:
    if codes:
        return "+".join(codes)
    told = next((item.values[0].value for item in event.fields if item.field in fields and item.values), None)
    names = [" ".join(str(name).split()) for name in (told if isinstance(told, list) else [told]) if name]
    shown = [name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…" for name in names[:_MOST_NAMES]]
    return ", ".join(shown) + (" and others" if len(names) > _MOST_NAMES else "")
