"""Event data in the columns of POLECAT; see `extractor.writers.event_data`."""

from extractor.writers.event_data import polecat as dump

__all__ = ["dump"]
