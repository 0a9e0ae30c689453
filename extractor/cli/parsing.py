"""How the command line is read: the main job without a word, and settings in the place of defaults."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup

from extractor.errors import UsageError

if TYPE_CHECKING:
    from extractor.settings import Settings


# Characters of a command's summary in the list of commands: whole ones, which are broken into lines.
_SUMMARY = 200
_CALLS = [
    ("extract seeds/ --out events.json", "replay recorded answers: no key, no cost"),
    ("extract news/ --model openai/gpt-5-mini --dry-run", "tell what it would cost, and send nothing"),
    ("extract news/ --model openai/gpt-5-mini --out events.json", "ask a model"),
    ("extract report events.json", "the result as a page to look through"),
    ("extract --version", "the version"),
]
_GROUPS = {
    "Arguments": "paths",
    "Output": "out format include_text all_modes quiet",
    "Articles": "input_format columns encoding max_chars",
    "Model": "model base_url key_file prompts temperature seed max_tokens reasoning_effort structured_output reasks "
    "resolve_with_model",
    "Recorded answers": "replay record fixtures cache no_cache",
    "Pace, costs and failures": "dry_run max_calls max_cost price concurrency rpm tpm attempts backoff timeout "
    "connect_timeout",
}


class _Defaults(dict[str, Any]):
    """The folder's settings in the place of defaults, read when the first is asked for: a help needs none."""

    def __init__(self, renamed: dict[str, str]) -> None:
        super().__init__()
        self._renamed = renamed

    @cached_property
    def settings(self) -> Settings:
        from extractor.cli.commands import option_kinds
        from extractor.settings import load_settings

        return load_settings(Path(), option_kinds())

    def get(self, name: str, default: Any = None) -> Any:
        return self.settings.values.get(self._renamed.get(name, name), default)


# typer ships its own click, whose contexts and formatters have no public name: hence Any.
class Configured(TyperCommand):
    """A command whose options may stand in the folder's settings, there `renamed` where it says so."""

    renamed: ClassVar[dict[str, str]] = {}

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        # A shell that asks for completions is to get them even where the settings are broken.
        if extra.get("resilient_parsing"):
            return super().make_context(info_name, args, parent, **extra)
        defaults = _Defaults(self.renamed)
        try:
            return super().make_context(info_name, args, parent, default_map=defaults, **extra)
        except typer.BadParameter as error:
            if not (error.ctx and error.param and stands_in_file(error.ctx, error.param.name)):
                raise
            name = self.renamed.get(str(error.param.name), error.param.name)
            raise UsageError(f"{defaults.settings.file} sets {name}: {error.message}") from error

    def get_help(self, ctx: Any) -> str:
        # The help tells the command's own defaults; the file may be broken.
        ctx.default_map = None
        return super().get_help(ctx)


def stands_in_file(ctx: Any, name: str | None) -> bool:
    """Whether an option's value comes from the folder's settings."""
    return getattr(ctx.get_parameter_source(name), "name", None) == "DEFAULT_MAP"


def farness(ctx: Any, name: str) -> int:
    """How far from the command line an option's value comes: 0 from there, 1 from the environment, 2 from the file."""
    sources = ("COMMANDLINE", "ENVIRONMENT", "DEFAULT_MAP")
    return sources.index(getattr(ctx.get_parameter_source(name), "name", "DEFAULT_MAP"))


class _Wordless(Configured):
    """The command of a group that needs no word of its own; its help is the help of the group."""

    called: ClassVar[str]

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._siblings: dict[str, Any] = {}

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:  # noqa: ARG002
        # Without the parent, and under its name: usage lines and messages must not show the hidden word.
        self._siblings.update(parent.command.commands if parent is not None else {})
        return super().make_context(self.called, args, **extra)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        others = [(name, command) for name, command in self._siblings.items() if not command.hidden]
        with formatter.section("Other commands, each with its own --help"):
            formatter.write_dl(
                [(f"{self.called} {name}", command.get_short_help_str(_SUMMARY)) for name, command in others]
            )
        super().format_epilog(ctx, formatter)


class MainJob(_Wordless):
    """What `extract` does without a word; its many options stand in groups, behind the calls that people make."""

    called = "extract"

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        super().format_help_text(ctx, formatter)
        with formatter.section("Such as"):
            formatter.write_dl(_CALLS)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        records = {param.name: param.get_help_record(ctx) for param in self.get_params(ctx)}
        placed = {name for names in _GROUPS.values() for name in names.split()}
        groups = {title: names.split() for title, names in _GROUPS.items()}
        groups["Other options"] = [name for name in records if name not in placed]
        for title, names in groups.items():
            if told := [records[name] for name in names if records.get(name)]:
                with formatter.section(title):
                    formatter.write_dl(told)


class FixturesJob(_Wordless):
    """What `extract fixtures` does without a further word; its folder is the main job's setting."""

    called = "extract fixtures"
    renamed: ClassVar[dict[str, str]] = {"folder": "fixtures"}


class Commands(TyperGroup):
    """Takes whatever does not begin with a command's word for the main job."""

    wordless: ClassVar[str] = "run"
    alone: ClassVar[list[str]] = ["run", "--help"]
    own: ClassVar[tuple[str, ...]] = ("--version", "--install-completion", "--show-completion")

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args:
            # A shell that asks for completions of nothing yet is to see the commands.
            args = [] if ctx.resilient_parsing else [*self.alone]
        elif args[0] not in self.commands and not args[0].startswith(self.own):
            args = [self.wordless, *args]
        return super().parse_args(ctx, args)


class FixturesCommands(Commands):
    """Takes whatever does not begin with a command's word for the folder to list."""

    wordless = "list"
    alone: ClassVar[list[str]] = ["list"]
    own: ClassVar[tuple[str, ...]] = ()
