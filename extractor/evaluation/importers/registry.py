"""The formats by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from extractor.errors import BadGold, UsageError
from extractor.evaluation.importers.crudeoilnews import read_crudeoilnews
from extractor.evaluation.importers.imported import Imported
from extractor.evaluation.importers.petrarch import read_petrarch
from extractor.evaluation.importers.plover import read_plover, read_zsp
from extractor.evaluation.importers.polnear import read_polnear

FORMATS: dict[str, Callable[[Path], Imported]] = {
    "crudeoilnews": read_crudeoilnews,
    "petrarch": read_petrarch,
    "plover": read_plover,
    "polnear": read_polnear,
    "zsp": read_zsp,
}


def import_gold(name: str, path: Path) -> Imported:
    """Read a set in the format of this name.

    Raises:
        UsageError: there is no such format or no such path.
        BadGold: the file does not have that format, or holds nothing that can be scored.
    """
    if name not in FORMATS:
        raise UsageError(f"{name} is no format that can be imported.", f"Choose one of {', '.join(FORMATS)}.")
    if not path.exists():
        raise UsageError(f"No such file or folder: {path}", "Check the path.")
    imported = FORMATS[name](path)
    if not imported.items:
        raise BadGold(f"{path} holds nothing that can be scored.", " ".join(imported.left_out))
    return imported
