"""PDF: the text layer, page by page, by pypdf; a scan has none."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import IO

import pypdf

from extractor.errors import UnreadableArticle
from extractor.readers.article import Article, Source, well_formed

logging.getLogger("pypdf").addHandler(logging.NullHandler())


def read(file: IO[bytes], source: Source) -> Iterator[Article]:
    """The one article.

    Raises:
        UnreadableArticle: it is no PDF, is locked or has no text layer.
    """
    try:
        document = pypdf.PdfReader(file)
        locked = document.is_encrypted and not document.decrypt("")
        text = "" if locked else "\n\n".join(page.extract_text().strip() for page in document.pages)
        told = None if locked else document.metadata
        title, author = (told.title, told.author) if told else (None, None)
    except Exception as error:  # a broken file can raise anything in it
        problem = " ".join(str(error).split())[:200] or type(error).__name__
        raise UnreadableArticle(f"{source.name} cannot be read as PDF: {problem}.", "Save its text as .txt.") from error
    if locked:
        raise UnreadableArticle(f"{source.name} is locked with a password.", "Save it without one.")
    if not text.strip():
        raise UnreadableArticle(f"{source.name} has no text layer; it may be a scan.", "Run OCR over it first.")
    yield source.article(well_formed(text), title=_text(title), author=_text(author))


def _text(value: object) -> str | None:
    return well_formed(value) if isinstance(value, str) else None
