"""The result as a file."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from extractor.errors import UsageError
from extractor.files import write_atomically
from extractor.schema.output import ExtractionResult


def to_json(result: ExtractionResult) -> bytes:
    """The result as UTF-8 JSON, indented; the same result always gives the same bytes."""
    return (result.model_dump_json(indent=2) + "\n").encode()


def write_json(result: ExtractionResult, path: Path) -> None:
    """Write the result to a file, whole or not at all; see `write_atomically`."""
    write_atomically(path, to_json(result))


def keep_previous(path: Path) -> Path | None:
    """Copy a file to `NAME.previous.SUFFIX` beside it, before a run with failures takes its place.

    An output that has failures itself does not take the place of a copy that there is: that may be a better one.
    Returns the copy's path, or None where none was made.
    """
    copy = path.with_name(f"{path.stem}.previous{path.suffix}")
    if not path.is_file() or (copy.exists() and _has_failures(path)):
        return None
    write_atomically(copy, path.read_bytes())
    return copy


def _has_failures(path: Path) -> bool:
    try:
        return bool(read_json(path).failed)
    except UsageError:
        return False


def read_json(path: Path) -> ExtractionResult:
    """Read a result back.

    Raises:
        UsageError: the file is missing or no output of this tool.
    """
    try:
        result = ExtractionResult.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {(error.strerror or str(error)).lower()}.", "Check the path.") from error
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = "/".join(map(str, problem["loc"])) or "the file"
        raise UsageError(
            f"{path} is no output of extract: {where}: {problem['msg']}.", "Make one with extract PATHS --out FILE."
        ) from error
    known = {article.id for article in result.articles}
    for item in (*result.records, *result.rejected):
        if item.article not in known:
            raise UsageError(
                f"{path} is no output of extract: it has a record of {item.article}, and no such article.",
                "Make one with extract PATHS --out FILE.",
            )
    return result


def json_schema() -> str:
    """The JSON Schema (draft 2020-12) of the output."""
    schema = ExtractionResult.model_json_schema(mode="serialization")
    return json.dumps(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, indent=2, ensure_ascii=False
    )
