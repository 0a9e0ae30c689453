"""Keys: from a provider's environment variable, or from a file that the user names; from nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

from extractor.errors import MissingKey
from extractor.redaction import keep_secret

_LARGEST_FILE = 65_536


def find_key(variable: str, file: Path | None = None) -> str:
    """The key, without the line break that files and shells leave behind it; empty where there is none.

    A `file` holds the key alone, or lines of `NAME=VALUE` of which one sets the `variable`. From here on the key is
    scrubbed from whatever is stored or shown.

    Raises:
        MissingKey: the file cannot be read or holds no key for this provider, or what is found can be no key.
    """
    key = _from_file(file, variable) if file is not None else os.environ.get(variable, "").strip()
    if not (key.isascii() and key.isprintable()) or " " in key:
        place = str(file) if file is not None else variable
        raise MissingKey(f"{place} holds no key: a key is letters, digits and signs, without spaces.", "Set it anew.")
    keep_secret(key)
    return key


def has_key(variable: str) -> bool:
    """Whether the environment sets the variable."""
    return bool(os.environ.get(variable, "").strip())


def _from_file(file: Path, variable: str) -> str:
    try:
        with file.open("rb") as stream:
            text = stream.read(_LARGEST_FILE).decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise MissingKey(f"Cannot read the key file {file}: {reason}.", "Check --key-file.") from error
    lines = [stripped for line in text.splitlines() if (stripped := line.strip()) and not stripped.startswith("#")]
    if len(lines) == 1 and "=" not in lines[0].rstrip("="):
        return lines[0]
    for line in lines:
        name, _, value = line.removeprefix("export ").partition("=")
        if name.strip() == variable and value.strip():
            return value.strip().strip("'\"")
    raise MissingKey(
        f"The key file {file} holds no {variable}.", f"It has to hold the key alone, or a line {variable}=..."
    )
