"""What a file says of its article besides the text."""

from __future__ import annotations

from pydantic import Field

from extractor.schema.spans import Frozen


class ArticleMetadata(Frozen):
    """What the file, its front matter or its columns say of an article, as they say it; null where they do not."""

    source_id: str | None = Field(default=None, description="Its id in the source, from a column.")
    title: str | None = Field(default=None, description="The headline.")
    author: str | None = None
    publisher: str | None = Field(default=None, description="Who published it: outlet, site.")
    url: str | None = None
    language: str | None = Field(default=None, description="The language, as the source names it.")
    published: str | None = Field(default=None, description="When it was published, in the source's own form.")
