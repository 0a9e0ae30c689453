"""Bytes to text: a byte order mark, UTF-8, the encoding that was named, or what the bytes look like."""

from __future__ import annotations

import codecs

from extractor.errors import UnreadableArticle, UsageError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Letters and marks of Western European prose in Windows-1252; its fractions and superscripts speak against it.
_WESTERN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœŠšŽžŸ‘’‚“”„«»‹›–—…•€£§°·¡¿©®™ªº\xa0\xad"
)
_MOST_ACCENTED = 0.2


def check_encoding(encoding: str) -> None:
    """Find out before the work whether there is such an encoding.

    Raises:
        UsageError: there is none, or it is none of text.
    """
    try:
        # Of no bytes at all, Python makes a text without looking for the encoding.
        b" ".decode(encoding)
    except UnicodeDecodeError:
        return
    except (LookupError, ValueError) as error:
        raise UsageError(
            f"{encoding!r} is no encoding of text.", "Name one such as cp1250, iso8859-2 or shift_jis."
        ) from error


def decode(data: bytes, name: str, encoding: str | None = None) -> tuple[str, str]:
    """Bytes to text, with the encoding that was used.

    `encoding` is that of bytes that are neither UTF-8 nor begin with a byte order mark; without it, it is guessed.

    Raises:
        UnreadableArticle: the bytes are no text, or none in the encoding that was named.
    """
    found = _certain(data, name)
    if found is not None:
        return found
    return _guess(data, name) if encoding is None else _named(data, name, encoding)


def marked_encoding(data: bytes) -> str | None:
    """The encoding that a byte order mark at the beginning tells, "utf-8" also where the mark is to be skipped."""
    return next((encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)), None)


def _certain(data: bytes, name: str) -> tuple[str, str] | None:
    encoding = marked_encoding(data)
    if encoding is not None:
        return _marked(data, "utf-8-sig" if encoding == "utf-8" else encoding, name), encoding
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else (text, "utf-8")


def _marked(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableArticle(
            f"{name} begins like {encoding.removesuffix('-sig').upper()} but is not: byte {error.start} does not fit.",
            "Save it as UTF-8.",
        ) from error
    return text.removeprefix("\ufeff")


def _named(data: bytes, name: str, encoding: str) -> tuple[str, str]:
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        at = f": byte {error.start} does not fit" if isinstance(error, UnicodeDecodeError) else ""
        raise UnreadableArticle(
            f"{name} is neither UTF-8 nor {encoding}{at}.", "Name its encoding with --encoding, or save it as UTF-8."
        ) from error
    if "\x00" in text:
        raise _no_text(name)
    return text, codecs.lookup(encoding).name


def _guess(data: bytes, name: str) -> tuple[str, str]:
    western = _as_western(data)
    if western is not None:
        return western, "cp1252"
    from charset_normalizer import from_bytes

    best = None if _looks_binary(data) else from_bytes(data).best()
    if best is None or "\x00" in str(best):
        raise _no_text(name)
    return str(best), best.encoding.replace("_", "-")


def _no_text(name: str) -> UnreadableArticle:
    return UnreadableArticle(f"{name} is not a text file.", "Give the article's text, saved as UTF-8.")


def _as_western(data: bytes) -> str | None:
    """The text where it reads as Western European: a few accents and typographic marks within plain letters.

    Asked first, as statistics have nothing to go on in a text with one curly apostrophe.
    """
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    foreign = [char for char in text if ord(char) > 127]
    accented = sum(char.isalpha() for char in foreign)
    plausible = all(char in _WESTERN for char in foreign) and "\x00" not in text
    return text if plausible and accented <= _MOST_ACCENTED * sum(map(str.isalpha, text)) else None


def _looks_binary(data: bytes) -> bool:
    """Whether NUL bytes stand in the data otherwise than as every other byte of UTF-16."""
    nuls = data.count(0)
    if not nuls:
        return False
    return max(data[0::2].count(0), data[1::2].count(0)) < 0.95 * nuls or nuls < 0.2 * len(data)
