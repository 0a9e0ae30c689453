"""What ties a record to its article: passages with offsets, and dates with their words.

Offsets count Unicode code points of the article's text, so that `text[start:end]` is the passage.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from extractor.schema.vocabulary import DateBasis, Match


class Frozen(BaseModel):
    """A value that never changes once made and takes no unknown field."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class Evidence(Frozen):
    """A passage of the article; `text[start:end] == quote` always holds."""

    quote: str = Field(description="The passage, in the article's own characters.")
    start: int = Field(ge=0, description="Offset of its first code point in the article's text.")
    end: int = Field(ge=0, description="Offset behind its last code point.")
    match: Match = Field(description="How the model's quotation was found in the text.")
    score: float = Field(ge=0, le=1, description="1 for exact and normalised; the similarity of a fuzzy match.")


class DateAnchor(Frozen):
    """The date against which an article's weekdays and relative days are read.

    Where its words do not stand in the text but with it, there is no place.
    """

    value: str = Field(description="The date, as EDTF (ISO 8601-2).")
    text: str = Field(description="The words that give it, in the article's own characters.")
    start: int | None = Field(ge=0, description="Offset in code points; null for `metadata`.")
    end: int | None = Field(ge=0)
    basis: Literal["metadata", "published", "dateline", "text"] = Field(
        description="`metadata`: told beside the text, by a column, a front matter or a page's head; `published`: a "
        "label says so; `dateline`: a line or dateline of its own; `text`: a date in the report."
    )


class ResolvedDate(Frozen):
    """Date words with the value that the article supports, or null."""

    text: str = Field(description="The date words, in the article's own characters.")
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    value: str | None = Field(description="EDTF (ISO 8601-2), or null where the article does not support a value.")
    basis: DateBasis | None = Field(
        description="`explicit`: the words hold the whole date; `relative`: reckoned from the anchor; "
        "`inferred`: a part (such as the year) was completed from the anchor."
    )
    anchor: str | None = Field(description="The anchor's EDTF value where one was used.")
