"""Markdown: the text as a reader sees it, without its marks, and what the front matter says.

The text is that of every heading, paragraph, list item, table cell and code block, with a blank line between them;
pictures and HTML are left out. Front matter is YAML between lines of `---`, or TOML between lines of `+++`, at the top.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import IO, Any, Final

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from extractor.decoding import decode
from extractor.errors import UnreadableArticle
from extractor.readers.article import Article, Source, headed
from extractor.readers.columns import found_in
from extractor.readers.outputs import begins_output, own_output

_FRONT: Final = re.compile(r"\A(---|\+\+\+)[ \t]*\r?\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_SHOWN: Final = {"text": "content", "code_inline": "content", "softbreak": "\n", "hardbreak": "\n"}


def read(file: IO[bytes], source: Source) -> Iterator[Article]:
    """The one article.

    Raises:
        UnreadableArticle: the front matter is none, or it is an output of this tool.
    """
    text, encoding = decode(file.read(), source.name, source.settings.encoding)
    if begins_output(text):
        raise own_output(source.name)
    front = _FRONT.match(text)
    told = found_in(_parsed(front[1], front[2], source.name), source.settings.columns) if front else {}
    told.pop("text", None)
    body = _seen(text[front.end() :] if front else text)
    yield source.article(headed(told.get("title"), body), encoding, **told)


def _parsed(mark: str, front: str, name: str) -> Mapping[str, Any]:
    try:
        # All values stay the words that they are: a date is not to become one by YAML's rules.
        values = tomllib.loads(front) if mark == "+++" else yaml.load(front, yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError) as error:
        kind = "TOML" if mark == "+++" else "YAML"
        problem = " ".join(str(error).split())
        raise UnreadableArticle(f"{name}: its front matter is no {kind}: {problem}", "Mend or remove it.") from error
    return values if isinstance(values, dict) else {}


def _seen(text: str) -> str:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    blocks = (_inline(token.children or []) if token.type == "inline" else _code(token) for token in tokens)
    return "\n\n".join(block for block in blocks if block.strip())


def _inline(tokens: list[Token]) -> str:
    return "".join(
        token.content if _SHOWN.get(token.type) == "content" else _SHOWN.get(token.type, "") for token in tokens
    )


def _code(token: Token) -> str:
    return token.content.rstrip("\n") if token.type in ("fence", "code_block") else ""
