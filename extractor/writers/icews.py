"""Event data in the columns of ICEWS; see `extractor.writers.event_data`."""

from extractor.writers.event_data import icews as dump

__all__ = ["dump"]
