"""GraphML of the actors; see `extractor.writers.network`."""

from __future__ import annotations

import networkx as nx

from extractor.schema.output import ExtractionResult
from extractor.writers.formats import Settings
from extractor.writers.network import network_of


def dump(result: ExtractionResult, settings: Settings) -> bytes:
    """The file."""
    return ("\n".join(nx.generate_graphml(network_of(result, settings))) + "\n").encode()
