"""Addresses of fsspec's among paths: `s3://bucket/news/*.jsonl`."""

from __future__ import annotations

import re
from pathlib import Path

# Also one that has gone through `Path`, which makes one slash of two; a letter alone is a drive of Windows.
_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+):/+", re.IGNORECASE)


def address_in(path: str | Path) -> str | None:
    """The address that a path is, or None."""
    found = _ADDRESS.match(str(path))
    if found is None:
        return None
    slashes = "///" if found[1].casefold() == "file" else "//"
    return f"{found[1]}:{slashes}{str(path)[found.end() :]}"
