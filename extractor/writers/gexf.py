"""GEXF of the actors, Gephi's own format; see `extractor.writers.network`."""

from __future__ import annotations

import re
from typing import Final

import networkx as nx

from extractor.schema.output import ExtractionResult
from extractor.writers.formats import Settings
from extractor.writers.network import network_of

# networkx writes the day of writing, and the same result is to give the same bytes.
_DAY: Final = re.compile(r' lastmodifieddate="[^"]*"')


def dump(result: ExtractionResult, settings: Settings) -> bytes:
    """The file."""
    text = "\n".join(nx.generate_gexf(network_of(result, settings)))
    return (_DAY.sub("", text, count=1) + "\n").encode()
