"""Keys taken out of what is stored or shown."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable

REDACTED = "[scrubbed]"
_LOOKS_LIKE_A_KEY = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|hf|pplx|csk|nvapi)[-_][A-Za-z0-9_-]{16,}|\bAIza[0-9A-Za-z_-]{30,}"
    r"|(?<=\bBearer )[A-Za-z0-9._-]{16,}"
)
# A part that most of them have; it is found many times as fast as the whole.
_WITHIN_A_KEY = re.compile("[-_][A-Za-z0-9_-]{16}")
_KEY_VARIABLES = ("_API_KEY", "_TOKEN", "_SECRET")
# A value that is shorter may be a word, or one without any of this: a dummy key "anything" must not take that word out
# of texts. What is given for a key is one sooner than what stands anywhere in the environment.
_SHORTEST_GIVEN, _SHORTEST_FOUND, _LONGEST_WORD = 8, 16, 24
_NO_WORD = re.compile(r"\d|[a-z][A-Z]")
_kept: set[str] = set()


def keep_secret(key: str) -> None:
    """Have a key taken out of whatever is stored or shown from now on, whatever it looks like."""
    if _may_be_a_key(key, _SHORTEST_GIVEN):
        _kept.add(key)


def redacted(text: str) -> str:
    """The text without what looks like a key, without the keys in use and those of this environment."""
    return redactor()(text)


def redactor() -> Callable[[str], str]:
    """What `redacted` does now, for many texts: the environment is looked through once."""
    secrets = sorted({*_kept, *_secrets()}, key=len, reverse=True)

    def redact(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, REDACTED)
        return _LOOKS_LIKE_A_KEY.sub(REDACTED, text) if _may_have_a_key(text) else text

    return redact


class RedactingFilter(logging.Filter):
    """Takes keys out of what a library logs, when its user has it log what is sent and received."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record through, without keys and without a traceback, whose text could hold one."""
        record.msg, record.args, record.exc_info = redacted(record.getMessage()), (), None
        return True


def _may_have_a_key(text: str) -> bool:
    return "AIza" in text or "Bearer " in text or _WITHIN_A_KEY.search(text) is not None


def _secrets() -> list[str]:
    values = [value.strip() for name, value in os.environ.items() if name.upper().endswith(_KEY_VARIABLES)]
    return [value for value in values if _may_be_a_key(value, _SHORTEST_FOUND)]


def _may_be_a_key(value: str, shortest: int) -> bool:
    return len(value) > _LONGEST_WORD or (len(value) >= shortest and _NO_WORD.search(value) is not None)
