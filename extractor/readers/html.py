"""Web pages: the article without what stands around it, and what the page says of it, by trafilatura.

The text begins with the headline. What is taken for the article is trafilatura's judgement, so another version of it
may give another text, and with it another article.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import IO, Final

import trafilatura

from extractor.decoding import check_encoding, decode
from extractor.errors import UnreadableArticle, UsageError
from extractor.readers.article import Article, Source, headed, well_formed

_DECLARED: Final = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
_HEAD: Final = 4096
# Dates that the page states; none that are guessed from its words, which the article's own dates are better for.
_DATES: Final = {"original_date": True, "extensive_search": False}

for _name in ("trafilatura", "htmldate", "justext"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


def read(file: IO[bytes], source: Source) -> Iterator[Article]:
    """The one article.

    Raises:
        UnreadableArticle: no article is found in the page.
    """
    data = file.read()
    page, encoding = decode(data, source.name, source.settings.encoding or _declared(data))
    try:
        tree = trafilatura.load_html(page)
        language = tree.get("lang") if tree is not None else None
        found = None if tree is None else _extracted(page)
    except Exception as error:  # no page may cost the others, whatever trafilatura meets in it
        raise UnreadableArticle(
            f"{source.name} cannot be read as a page: {type(error).__name__}.",
            "Save the article's text as a .txt file.",
        ) from error
    if found is None or not (found.text or "").strip():
        raise UnreadableArticle(
            f"{source.name} holds no article that could be told from what stands around it.",
            "Save the article's text as a .txt file.",
        )
    yield source.article(
        headed(found.title, well_formed(found.text or "")),
        encoding,
        title=found.title,
        author=found.author,
        publisher=found.sitename or found.hostname,
        url=found.url,
        language=language,
        published=found.date,
    )


def _extracted(page: str) -> trafilatura.settings.Document | None:
    found = trafilatura.bare_extraction(
        page, with_metadata=True, include_comments=False, date_extraction_params=dict(_DATES)
    )
    return None if isinstance(found, dict) else found


def _declared(data: bytes) -> str | None:
    """The encoding that the page names, where there is such a one."""
    match = _DECLARED.search(data[:_HEAD])
    if match is None:
        return None
    name = match[1].decode("ascii", "replace")
    try:
        check_encoding(name)
    except UsageError:
        return None
    return name
