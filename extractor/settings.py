"""Settings of a folder: `extract.toml`, or `[tool.extract]` in `pyproject.toml`.

A command-line flag comes before an environment variable, and that before these.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from extractor.errors import UsageError


def load_settings(folder: Path, known: Collection[str]) -> dict[str, Any]:
    """The settings of a folder by option name, `base_url` or `base-url` alike; empty where there are none.

    Raises:
        UsageError: the file is no TOML, or names an option that there is not.
    """
    own = folder / "extract.toml"
    settings = _load(own)
    if settings is None:
        own = folder / "pyproject.toml"
        settings = ((_load(own) or {}).get("tool") or {}).get("extract")
    named = {name.replace("-", "_"): value for name, value in (settings or {}).items()}
    for name in named:
        if name not in known:
            raise UsageError(f"{own} sets {name!r}, which is no option.", f"Options are: {', '.join(sorted(known))}.")
    return named


def _load(path: Path) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"Cannot read {path}: {error}.", "Mend it, or move it away.") from error
