"""Bytes to text: a byte order mark, UTF-8, or what the bytes look like."""

from __future__ import annotations

import codecs

from extractor.errors import UnreadableArticle

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


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Bytes to text, with the encoding that was used.

    Raises:
        UnreadableArticle: the bytes are no text.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data, "utf-8-sig" if encoding == "utf-8" else encoding, name), encoding
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(data, name)
    if "\x00" in text:
        return _guess(data, name)
    return text, "utf-8"


def _decode_as(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableArticle(
            f"{name} begins like {encoding.removesuffix('-sig').upper()} but is not: byte {error.start} does not fit.",
            "Save it as UTF-8.",
        ) from error
    return text.removeprefix("\ufeff")


def _guess(data: bytes, name: str) -> tuple[str, str]:
    western = _as_western(data)
    if western is not None:
        return western, "cp1252"
    from charset_normalizer import from_bytes

    best = None if _looks_binary(data) else from_bytes(data).best()
    if best is None or "\x00" in str(best):
        raise UnreadableArticle(f"{name} is not a text file.", "Give the article's text, saved as UTF-8.")
    return str(best), best.encoding.replace("_", "-")


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
