"""Cost: requests and prompt tokens per article, and how much of the prompt is the same for every article."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from benchmarks.answers import answer_to
from benchmarks.news import news, number_in, write_news
from benchmarks.peers.tools import BY_NAME, OURS
from benchmarks.results import Aim, Point, Table
from benchmarks.run import Run
from tests.services import LoopbackService, Says, Sent

_ARTICLES = 5
_CACHED = 0.1
# The fence is made from the article and stands around it.
_FENCES = 100
_METHOD = (
    (
        "The seeds are read by each tool from a model on loopback that gives the same answers to all, in the form that "
        "each asks for; every request is kept. What is counted is what a provider counts: the schema and all messages, "
        "in the order in which a provider reads them (schema first). A prompt of which the beginning is the same for "
        "every request is cached by providers, and that part costs a tenth of the price at most of them (where it has "
        "1,024 tokens or more); the last column counts a cached token as a tenth."
    ),
    (
        "What is asked differs: our instructions and example are long, since the records have many fields and rules. "
        "So the peers are asked twice: with two sentences and a short example, as their documentation shows, and with "
        "our instructions and our example, as somebody would who wants the same records."
    ),
)


@dataclass(frozen=True)
class _Way:
    """A tool with options of its own."""

    title: str
    tool: str
    options: dict[str, Any]
    words: str
    instructed: bool = False


_WHOLE = {"max_char_buffer": 10_000}
_EXTRACT = "`langextract.extract` with its OpenAI provider"
_MAP = "a pipeline of one map, a list of records each"
_WAYS = (
    _Way(OURS.title, "ours", {"concurrency": 1}, "`extract(folder, model=..., base_url=...)`"),
    _Way("LangExtract", "langextract", {}, f"{_EXTRACT}, chunks of 1,000 characters (its default)"),
    _Way("LangExtract, whole", "langextract", _WHOLE, f"{_EXTRACT}, `max_char_buffer=10_000`: an article is one chunk"),
    _Way("DocETL", "docetl", {"concurrency": 1}, _MAP),
    _Way("LangExtract, our prompt", "langextract", {}, "chunks of 1,000 characters, our instructions", instructed=True),
    _Way(
        "LangExtract, whole, our prompt", "langextract", _WHOLE, "an article is one chunk, our instructions",
        instructed=True,
    ),
    _Way("DocETL, our prompt", "docetl", {"concurrency": 1}, f"{_MAP}, our instructions", instructed=True),
)  # fmt: skip
Counter = Callable[[list[str]], list[int]]


@dataclass(frozen=True)
class Prompts:
    """What the requests of a run said, one text each."""

    texts: list[str]
    count: Counter = field(repr=False)

    @property
    def requests(self) -> float:
        """Requests per article."""
        return len(self.texts) / _ARTICLES

    @property
    def prefix(self) -> str:
        """What all of them begin with."""
        alike = takewhile(lambda characters: len(set(characters)) == 1, zip(*self.texts, strict=False))
        return "".join(characters[0] for characters in alike)

    @property
    def tokens(self) -> float:
        """Tokens per article."""
        return sum(self.count(self.texts)) / _ARTICLES

    @property
    def cached(self) -> float:
        """Tokens per article that are the same at the beginning of every request."""
        return self.count([self.prefix])[0] * self.requests

    @property
    def fixed_outside_prefix(self) -> int:
        """Characters of a request that are neither in what all begin with nor the article's, at most."""
        articles = [news(number_in(text) or 0).text.rstrip() for text in self.texts]
        behind = len(self.prefix)
        return max(len(text) - behind - len(article) for text, article in zip(self.texts, articles, strict=True))


def measure(run: Run) -> Point:
    """The requests of every tool that is installed."""
    count, words = _counter(run)
    prompts = dict[str, Prompts]()
    ways = [way for way in _WAYS if BY_NAME[way.tool].installed and not (run.smoke and way.instructed)]
    for way in ways:
        prompts[way.title] = Prompts(_asked(run, way), count)
        run.tell(f"{way.title}: {len(prompts[way.title].texts)} requests")
    return Point(
        title="Cost",
        method=(*_METHOD, words),
        options={way.title: way.words for way in ways},
        tables=(_table(prompts),),
        aims=tuple(_aims(prompts)),
        notes=tuple(_notes(prompts)),
    )


def _counter(run: Run) -> tuple[Counter, str]:
    """What counts tokens, and what is told of it."""
    docetl = BY_NAME["docetl"]
    if not docetl.installed:
        words = "Tokens are taken to have four characters: tiktoken comes with DocETL, which is not installed."
        return lambda texts: [len(text) // 4 for text in texts], words
    process = run.start(docetl)
    words = "Tokens are those of tiktoken's o200k_base, which DocETL's environment holds."
    return lambda texts: process.call("count_tokens", texts=texts), words


def _asked(run: Run, way: _Way) -> list[str]:
    """The text of each request that a tool makes for the articles."""
    folder, work = run.folder(), run.folder()
    write_news(folder, _ARTICLES)
    with LoopbackService(_answer) as service, BY_NAME[way.tool].start() as process:
        if way.instructed:
            process.call("instruct")
        told = process.call("extract", folder=str(folder), url=service.url, work=str(work), **way.options)
        if told["error"] or told["documents"] != _ARTICLES:
            raise RuntimeError(f"{way.title} returned {told['documents']} of {_ARTICLES} articles: {told['error']}")
        return [_text_of(sent.body) for sent in service.sent]


def _answer(sent: Sent) -> Says:
    return Says(answer_to(sent.body).body())


def _text_of(request: dict[str, Any]) -> str:
    """All that a request says, the schema before the messages, as providers put them before the model."""
    schema = [json.dumps(request[name], ensure_ascii=False) for name in ("tools", "response_format") if name in request]
    messages = [f"{message['role']}\n{_content(message)}" for message in request["messages"]]
    return "\n".join([*schema, *messages])


def _content(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    called = message.get("tool_calls")
    return (content if isinstance(content, str) else json.dumps(content)) + (json.dumps(called) if called else "")


def _table(prompts: dict[str, Prompts]) -> Table:
    head = ("tool", "requests", "prompt characters", "prompt tokens", "the same for all", "tokens, cached as a tenth")
    rows = [
        (
            title,
            each.requests,
            sum(map(len, each.texts)) / _ARTICLES,
            each.tokens,
            f"{each.cached / each.tokens:.0%}",
            each.tokens - (1 - _CACHED) * each.cached,
        )
        for title, each in prompts.items()
    ]
    return Table(caption="Per article", head=head, rows=tuple(rows))


def _aims(prompts: dict[str, Prompts]) -> Iterator[Aim]:
    ours = prompts[OURS.title]
    outside = ours.fixed_outside_prefix
    yield Aim(
        aim="all of our prompt that is the same for every article comes before the article, but for its fence",
        measured=f"{outside} characters behind it",
        met=outside <= _FENCES,
    )
    default, instructed = prompts.get("LangExtract"), prompts.get("LangExtract, our prompt")
    yield _fewer("requests per article than LangExtract", ours.requests, default.requests if default else None)
    yield _fewer(
        "prompt tokens per article than LangExtract with our prompt",
        ours.tokens,
        instructed.tokens if instructed else None,
    )


def _fewer(aim: str, ours: float, theirs: float | None) -> Aim:
    if theirs is None:
        return Aim(aim=f"fewer {aim}", measured="", met=None, reason="LangExtract was not asked so")
    return Aim(aim=f"fewer {aim}", measured=f"{ours:,.1f} and {theirs:,.1f}", met=ours < theirs)


def _notes(prompts: dict[str, Prompts]) -> Iterator[str]:
    ours, theirs = prompts[OURS.title], prompts.get("LangExtract")
    if theirs is not None:
        yield (
            f"With a short prompt, LangExtract reads {theirs.tokens / ours.tokens:.0%} of the tokens that we do: what "
            "is told of fields and rules, and the schema that the answer is held to, is most of a prompt about an "
            "article."
        )
