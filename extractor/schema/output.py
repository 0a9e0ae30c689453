"""The output document, events.json: articles, records, and what was rejected."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from extractor.schema.records import AnyRecord, DiplomaticAction, Rejection, Sanction, Statement
from extractor.schema.spans import DateAnchor, Frozen

SCHEMA_VERSION = "1.0"


class Usage(Frozen):
    """Tokens that the provider counted; null where it reported none."""

    input_tokens: int | None
    output_tokens: int | None


class Calls(Frozen):
    """How an article's answers came about."""

    replayed: int = Field(ge=0, description="Answers taken from recordings.")
    live: int = Field(ge=0, description="Answers asked of the model in this run.")
    usage: Usage = Field(description="Tokens of all its answers, failed attempts included.")


class Failure(Frozen):
    """Why an article has no records."""

    kind: str = Field(description="A short, stable name, such as `replay_miss`.")
    message: str = Field(description="What went wrong and where.")


class ArticleReport(Frozen):
    """An article as it was read, and what became of it."""

    id: str = Field(
        description="Stable: made from the article's text, or from its name where the file could not be read."
    )
    name: str = Field(description="File name, without its folder.")
    encoding: str = Field(description="Character encoding the file was read in.")
    text: str = Field(description="The text into which all offsets point.")
    published: DateAnchor | None = Field(description="The article's own publication date, if the text gives it.")
    anchor: DateAnchor | None = Field(description="The date against which its weekdays are read, if there is one.")
    outcome: Literal["done", "failed"]
    failure: Failure | None
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
    sorted by name and id, records by article, place in the text, type and id.
    """

    schema_version: Literal["1.0"] = "1.0"
    model: ModelUsed
    articles: list[ArticleReport]
    records: list[AnyRecord]
    rejected: list[Rejection]

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
    def failed(self) -> list[ArticleReport]:
        """The articles that could not be done."""
        return [article for article in self.articles if article.outcome == "failed"]
