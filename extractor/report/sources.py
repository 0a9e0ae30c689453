"""The articles as a reader knows them: which paper, which headline, where it can be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from extractor.report import wording
from extractor.schema.output import ArticleReport

# Characters of a label beside a value, and of a headline.
_LABEL, _HEADLINE = 24, 140
_FIRST_WORD = re.compile(r"[^\W_]+")
_WEB = re.compile(r"https?://[^\s/]+\S*")
# How the day of an article is known.
_BASIS = {"metadata": "published", "published": "published", "dateline": "dateline", "text": "dated in its text"}


def labels_of(articles: Sequence[ArticleReport]) -> list[str]:
    """What stands beside a value for its article: the publisher, with a number where it has several.

    Articles without a publisher go by their names, without endings and shortened as far as they stay apart.
    """
    publishers = [_clipped(" ".join((article.metadata.publisher or "").split()), _LABEL) for article in articles]
    nameless = [article for article, publisher in zip(articles, publishers, strict=True) if not publisher]
    names = iter(_short_names(nameless))
    several, told = Counter(publishers), Counter[str]()
    labels = []
    for publisher in publishers:
        told[publisher] += 1
        numbered = f"{publisher} {told[publisher]}" if several[publisher] > 1 else publisher
        labels.append(numbered if publisher else next(names))
    return labels if len(set(labels)) == len(labels) else list(_apart(labels))


def headline_of(article: ArticleReport) -> str:
    """Its title, as its source gives it, or the first line of its text."""
    first = next((line for line in article.text.splitlines() if line.strip()), "")
    return _clipped(" ".join((article.metadata.title or first).split()), _HEADLINE)


def dated(article: ArticleReport) -> str:
    """Its day and how it is known: "published 30 December 2016"."""
    day = article.published or article.anchor
    return f"{_BASIS[day.basis]} {wording.date_label(day.value)}" if day else "no date of its own"


def web_address(article: ArticleReport) -> str | None:
    """Where it stands on the web; None for an address of another kind, which a click must not follow."""
    url = article.metadata.url or ""
    return url if _WEB.fullmatch(url) else None


def _short_names(articles: Sequence[ArticleReport]) -> list[str]:
    names = [article.name.removesuffix(".txt") or article.name for article in articles]
    words = [_clipped(found[0] if (found := _FIRST_WORD.match(name)) else name, _LABEL) for name in names]
    if len(set(words)) == len(names):
        return words
    for length in (8, 16, 32):
        short = [name[:length].rstrip(" -_.") or name[:length] for name in names]
        if len(set(short)) == len(names):
            return short
    counts = Counter(names)
    return [
        name if counts[name] == 1 else f"{name} {article.id[-4:]}"
        for name, article in zip(names, articles, strict=True)
    ]


def _apart(labels: Sequence[str]) -> Iterator[str]:
    """The labels, with a number behind each that another has, too."""
    several, told = Counter(labels), Counter[str]()
    for label in labels:
        told[label] += 1
        yield f"{label} ({told[label]})" if several[label] > 1 else label


def _clipped(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
