"""The prompt files: loaded, rendered, fingerprinted.

Article text is put into its place and never read as a template: whatever stands in an article reaches the model
as it is. The fence around it is made from the text itself, so no article can hold its own fence.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from extractor.errors import OutputError, UsageError

_FILES = ("system.md", "article.md", "reask.md")
_PACKAGED = Path(__file__).parent / "prompts"
_IN_CHECKOUT = Path(__file__).parent.parent / "prompts"


@dataclass(frozen=True)
class Example:
    """A worked example: an article and the answer that it should get, as JSON text."""

    name: str
    article: str
    answer: str


@dataclass(frozen=True)
class Prompt:
    """The prompt files' content; make one with `load_prompt`."""

    system: str
    article: str
    reask: str
    examples: tuple[Example, ...]

    @cached_property
    def fingerprint(self) -> str:
        """A short hash over all that the prompt files say."""
        content = [self.system, self.article, self.reask, [[e.name, e.article, e.answer] for e in self.examples]]
        return digest(content)

    def messages(self, text: str, fence: str) -> list[dict[str, str]]:
        """The messages that open a conversation about an article."""
        return [
            {"role": "system", "content": "\n".join([self.system, *map(_shown, self.examples)])},
            {"role": "user", "content": _fill(self.article, {"article": text, "fence": fence})},
        ]

    def reask_text(self, *, failed: int, kept: int, problems: str) -> str:
        """What the model is told when some of its records do not hold up."""
        values = {"failed": str(failed), "kept": str(kept), "total": str(failed + kept), "problems": problems}
        return _fill(self.reask, values).strip()


@dataclass(frozen=True)
class TiePrompt:
    """The prompt files of ties between records; make one with `load_tie_prompt`."""

    system: str
    question: str

    @cached_property
    def fingerprint(self) -> str:
        """A short hash over what these files say."""
        return digest([self.system, self.question])

    def messages(self, text: str, fence: str) -> list[dict[str, str]]:
        """The messages that open a conversation about a tie."""
        return [
            {"role": "system", "content": self.system},
            {"role": "user", "content": _fill(self.question, {"article": text, "fence": fence})},
        ]


def own_prompts() -> Path:
    """The folder of the project's own prompt files: in the package, or in a checkout."""
    return _PACKAGED if _PACKAGED.is_dir() else _IN_CHECKOUT


def copy_prompts(folder: Path) -> None:
    """Copy the project's own prompt files into a new folder, to be changed.

    Raises:
        UsageError: there is something in the folder already.
        OutputError: it cannot be written.
    """
    try:
        if folder.resolve().is_relative_to(own_prompts().resolve()):
            raise UsageError(f"{folder} is among the prompt files themselves.", "Name a folder elsewhere.")
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder} is there already.", "Name a new folder.")
        shutil.copytree(own_prompts(), folder, dirs_exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"Cannot write {folder}: {reason}.", "Name another folder.") from error


def load_prompt(folder: Path | None = None) -> Prompt:
    """Load the prompt files of a folder, or the project's own.

    A folder holds `system.md`, `article.md` (with `{{article}}` and `{{fence}}`), `reask.md` (with
    `{{problems}}`), and pairs `examples/NAME.txt` and `examples/NAME.json`.

    Raises:
        UsageError: a file is missing, cannot be read, or lacks its place for the article or the problems.
    """
    folder = folder or own_prompts()
    system, article, reask = (_read(folder / name) for name in _FILES)
    places = (
        (article, "article.md", "{{article}}"),
        (article, "article.md", "{{fence}}"),
        (reask, "reask.md", "{{problems}}"),
    )
    for text, name, needed in places:
        _check_place(folder, name, text, needed)
    examples = tuple(
        Example(path.stem, _read(path), _read(path.with_suffix(".json")))
        for path in sorted((folder / "examples").glob("*.txt"))
    )
    return Prompt(system, article, reask, examples)


def load_tie_prompt(folder: Path | None = None) -> TiePrompt:
    """Load the prompt files of ties, in the folder's `ties`.

    These are `system.md`, and `question.md` with `{{article}}`, where the reports go, and `{{fence}}`.

    Raises:
        UsageError: a file is missing, cannot be read, or lacks its places.
    """
    folder = (folder or own_prompts()) / "ties"
    system, question = (_read(folder / name) for name in ("system.md", "question.md"))
    for needed in ("{{article}}", "{{fence}}"):
        _check_place(folder, "question.md", question, needed)
    return TiePrompt(system, question)


def fence_for(text: str) -> str:
    """The fence of an article: a hash of its text, so that the text cannot hold it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def digest(content: object) -> str:
    """A short hash of anything that JSON can say."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _check_place(folder: Path, name: str, text: str, needed: str) -> None:
    if needed not in text or (needed != "{{fence}}" and text.count(needed) > 1):
        raise UsageError(f"{folder / name} must hold {needed} once.", "It marks where the text goes.")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UsageError(f"Cannot read the prompt file {path}: {reason}.", "Check --prompts.") from error


def _fill(template: str, values: Mapping[str, str]) -> str:
    """Put values into their places; what is put in is not looked at again."""
    for name in values:
        before, place, after = template.partition("{{" + name + "}}")
        if place:
            rest = {key: value for key, value in values.items() if key != name}
            return _fill(before, rest) + values[name] + _fill(after, values)
    return template


def _shown(example: Example) -> str:
    return f"# Worked example\n\nThe article:\n\n{example.article}\nThe answer:\n\n{example.answer}"
