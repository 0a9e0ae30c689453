"""The output document, events.json: articles, records, and what was rejected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeVar

from pydantic import Field

from extractor.schema.actors import KnownActor
from extractor.schema.articles import ArticleMetadata
from extractor.schema.events import Event
from extractor.schema.records import AnyRecord, DiplomaticAction, Rejection, Sanction, Statement
from extractor.schema.spans import DateAnchor, Frozen

SCHEMA_VERSION = "1.5"


class Usage(Frozen):
    """Tokens that the provider counted; null where it reported none."""

    input_tokens: int | None
    output_tokens: int | None


class Calls(Frozen):
    """How an article's answers came about, and what they took."""

    replayed: int = Field(ge=0, description="Answers taken from recordings.")
    live: int = Field(ge=0, description="Answers asked of the model in this run.")
    requests: int = Field(ge=0, description="Requests sent to the service in this run, those that failed included.")
    usage: Usage = Field(description="Tokens of all its answers, of those that were no use and of replayed ones too.")
    cost_usd: float | None = Field(
        description="What this run's answers cost in US dollars by published prices; null where that is unknown."
    )

    @classmethod
    def none(cls) -> Calls:
        """No call at all."""
        return cls(replayed=0, live=0, requests=0, usage=Usage(input_tokens=None, output_tokens=None), cost_usd=0.0)

    @classmethod
    def total(cls, parts: Iterable[Calls]) -> Calls:
        """The sums over several; a number that is unknown for one with answers is unknown for all of them."""
        account = CallsAccount()
        for part in parts:
            account.add(part)
        return account.total()


class CallsAccount:
    """The sums over calls as they are added, one after the other; see `Calls.total`."""

    def __init__(self) -> None:
        self._replayed = self._live = self._requests = 0
        self._cost: float | None = 0.0
        self._counted = False
        self._input: int | None = 0
        self._output: int | None = 0

    def add(self, calls: Calls) -> None:
        """Add the calls about one more article."""
        self._replayed += calls.replayed
        self._live += calls.live
        self._requests += calls.requests
        self._cost = _plus(self._cost, calls.cost_usd)
        if calls.replayed or calls.live or calls.usage.input_tokens is not None:
            self._counted = True
            self._input = _plus(self._input, calls.usage.input_tokens)
            self._output = _plus(self._output, calls.usage.output_tokens)

    def total(self) -> Calls:
        """The sums so far."""
        tokens = (self._input, self._output) if self._counted else (None, None)
        return Calls(
            replayed=self._replayed,
            live=self._live,
            requests=self._requests,
            usage=Usage(input_tokens=tokens[0], output_tokens=tokens[1]),
            cost_usd=None if self._cost is None else round(self._cost, 6),
        )


Number = TypeVar("Number", int, float)


def _plus(sofar: Number | None, more: Number | None) -> Number | None:
    return None if sofar is None or more is None else sofar + more


class Failure(Frozen):
    """Why an article has no records, or not those of all its parts."""

    kind: str = Field(description="A short, stable name, such as `replay_miss`.")
    message: str = Field(description="What went wrong and where.")


class Copy(Frozen):
    """Another article that says what one says that is read, and is not read itself."""

    name: str = Field(description="File name, without its folder; of a row, with its id or number.")
    text_sha256: str = Field(description="SHA-256 of its text in UTF-8, hexadecimal.")
    similarity: float = Field(
        ge=0,
        le=1,
        description="1 where the texts differ in white space and typography at most; else how many of the runs of five "
        "words that stand in either stand in both.",
    )
    metadata: ArticleMetadata


class ArticleReport(Frozen):
    """An article as it was read, and what became of it."""

    id: str = Field(
        description="Stable: made from the article's text, or from its name where the file could not be read."
    )
    name: str = Field(description="File name, without its folder; of a row, with its id or number: `news.jsonl#17`.")
    encoding: str = Field(description="Character encoding the file was read in.")
    text: str = Field(description="The text into which all offsets point; empty where it was to be left out.")
    text_sha256: str = Field(description="SHA-256 of the text in UTF-8, hexadecimal; there where the text is not.")
    metadata: ArticleMetadata
    published: DateAnchor | None = Field(
        description="The article's own publication date, if its metadata or its text give it."
    )
    anchor: DateAnchor | None = Field(description="The date against which its weekdays are read, if there is one.")
    outcome: Literal["done", "partial", "failed"] = Field(
        description="`partial`: read in parts, of which some failed; the records are those of the others."
    )
    failure: Failure | None = Field(description="Why it failed, and which of its parts did; null where it is done.")
    calls: Calls
    copies: list[Copy] = Field(
        default=[],
        description="Other articles with the same text, or nearly; they share its records, by name and hash.",
    )


class ResolvedTie(Frozen):
    """A question that the rules of consolidation leave open, as it was put to the model, and the answer."""

    id: str = Field(description="Stable: made from the ids of its records.")
    records: list[str] = Field(description="Ids of the records that the question is about.")
    candidates: list[list[str]] = Field(description="Ids of the records of each event that could be the same.")
    choice: int | None = Field(
        description="Number of the candidate, from 1, that tells of the same; null where none does, or without answer."
    )
    words: list[str] = Field(description="The passages that decide it, as the model copied them from the evidence.")
    failure: Failure | None = Field(description="Why there is no answer; the tie then stays open.")
    calls: Calls


class ModelUsed(Frozen):
    """Which model answered, and under which prompt and schema."""

    name: str = Field(description="provider/model")
    prompt: str = Field(description="Fingerprint of the prompt files.")
    answer_schema: str = Field(description="Fingerprint of the schema that the model fills.")


class ExtractionResult(Frozen):
    """What `extract` makes of a set of articles; the content of events.json.

    A pure function of the articles, the prompt, the schema and the model's answers, but for `calls`, which say where
    these came from: the same inputs give the same bytes in any order of input and at any concurrency. Articles are
    sorted by name and id, records by article, place in the text, type and id, events by type, date and id, actors by
    kind, name and id, ties by id.
    """

    schema_version: Literal["1.5"] = "1.5"
    model: ModelUsed
    articles: list[ArticleReport]
    records: list[AnyRecord]
    actors: list[KnownActor]
    events: list[Event]
    ties: list[ResolvedTie] = Field(
        description="What rules leave open, as a model decided it; empty unless it was asked (`--resolve-with-model`)."
    )
    rejected: list[Rejection]

    def __repr_args__(self) -> Iterator[tuple[str, object]]:
        """How much there is of each, not all of it.

        asyncio has a finished task's result written out as it gives signals back, and a whole corpus takes long.
        """
        yield "model", self.model.name
        for name in ("articles", "records", "actors", "events", "ties", "rejected"):
            yield name, len(getattr(self, name))

    @property
    def actions(self) -> list[DiplomaticAction]:
        """The diplomatic actions among the records."""
        return [record for record in self.records if isinstance(record, DiplomaticAction)]

    @property
    def sanctions(self) -> list[Sanction]:
        """The sanctions among the records."""
        return [record for record in self.records if isinstance(record, Sanction)]

    @property
    def statements(self) -> list[Statement]:
        """The statements among the records."""
        return [record for record in self.records if isinstance(record, Statement)]

    @property
    def calls(self) -> Calls:
        """All calls together, about articles and about ties."""
        return Calls.total([*(article.calls for article in self.articles), *(tie.calls for tie in self.ties)])

    @property
    def failed(self) -> list[ArticleReport]:
        """The articles that could not be done, or not all of them: `outcome` tells."""
        return [article for article in self.articles if article.outcome != "done"]
