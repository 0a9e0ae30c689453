"""Sentences coded in CAMEO: the validation files of PETRARCH.

Format (github.com/openeventdata/petrarch2, docs/source/inputs.rst, "Validation Input"): XML, in which each `Sentence`
has a `Text` and `EventCoding` elements with sourcecode, targetcode and eventcode. Actor codes begin with a country's
three letters. Event codes are read as CAMEO; the unit tests that PETRARCH took over from TABARI have older ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from extractor.codes import country_code, plover_event
from extractor.errors import BadGold
from extractor.evaluation.gold import GoldParty
from extractor.evaluation.importers.imported import Imported
from extractor.evaluation.importers.plover import Coded, coded_articles

# Letters of an actor code that name the country.
_COUNTRY = 3


def read_petrarch(path: Path) -> Imported:
    """Read a validation file.

    Appeals and comments, which PLOVER has dropped, are left out.

    Raises:
        BadGold: it is no such file.
    """
    try:
        # Entities that grow without bound are stopped by the parser itself (expat 2.4.1 and later).
        root = ElementTree.parse(path).getroot()  # noqa: S314
    except (ElementTree.ParseError, OSError) as error:
        raise BadGold(f"{path} is no XML: {error}.", "Name a validation file of PETRARCH.") from error
    sentences = list(root.iter("Sentence"))
    if not sentences:
        raise BadGold(f"{path} has no <Sentence>.", "Name a validation file of PETRARCH.")
    return coded_articles("petrarch", path, (coded for sentence in sentences for coded in _coded(sentence)))


def _coded(sentence: ElementTree.Element) -> Iterator[Coded]:
    text = " ".join((sentence.findtext("Text") or "").split())
    for coding in sentence.iter("EventCoding"):
        cameo = coding.get("eventcode")
        if cameo:
            source, target = (_parties(coding.get(name)) for name in ("sourcecode", "targetcode"))
            yield Coded(text, source, target, plover_event(cameo) or f"CAMEO {cameo}", cameo=cameo)


def _parties(code: str | None) -> list[GoldParty]:
    country = country_code((code or "")[:_COUNTRY])
    return [GoldParty(country=country)] if country else []
