"""Plain text: the file is the article, to the last line end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from extractor.decoding import decode
from extractor.readers.article import Article, Source


def read(file: IO[bytes], source: Source) -> Iterator[Article]:
    """The one article."""
    text, encoding = decode(file.read(), source.name, source.settings.encoding)
    yield source.article(text, encoding)
