"""Files, folders and standard input to articles: one module for each format, named in `READERS`."""

from extractor.decoding import decode
from extractor.readers.article import LONGEST_ARTICLE, Article, Inputs, InputSettings, Unread
from extractor.readers.finding import name_of
from extractor.readers.formats import READERS
from extractor.readers.reading import gathered, read_article, read_articles
from extractor.readers.stream import ArticleStream, check_settings, is_among, stream_articles

__all__ = [
    "LONGEST_ARTICLE",
    "READERS",
    "Article",
    "ArticleStream",
    "InputSettings",
    "Inputs",
    "Unread",
    "check_settings",
    "decode",
    "gathered",
    "is_among",
    "name_of",
    "read_article",
    "read_articles",
    "stream_articles",
]
