"""Keys taken out of what is stored or shown."""

from __future__ import annotations

import os
import re

REDACTED = "[scrubbed]"
_LOOKS_LIKE_A_KEY = re.compile(
    r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}|\bAIza[0-9A-Za-z_-]{30,}|(?<=\bBearer )[A-Za-z0-9._-]{16,}"
)
_KEY_VARIABLES = ("_API_KEY", "_TOKEN", "_SECRET")
# A shorter value, or one without digits, may be a word: a dummy key "anything" must not take that word out of texts.
_SHORTEST_KEY = 16


def redacted(text: str) -> str:
    """The text without what looks like a key, and without the keys of this environment."""
    for secret in _secrets():
        text = text.replace(secret, REDACTED)
    return _LOOKS_LIKE_A_KEY.sub(REDACTED, text)


def _secrets() -> list[str]:
    values = [value.strip() for name, value in os.environ.items() if name.upper().endswith(_KEY_VARIABLES)]
    return [value for value in values if len(value) >= _SHORTEST_KEY and re.search(r"\d", value)]
