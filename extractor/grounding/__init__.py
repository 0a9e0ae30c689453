"""Finds a model's quotation in an article and gives the article's own passage with its offsets.

A passage is found verbatim, after normalisation (typography only), or with a few slips that cannot change a fact; any
other quotation is not in the article. Pure and deterministic.
"""

from extractor.grounding.article import GroundedText
from extractor.grounding.normalisation import normalise

__all__ = ["GroundedText", "normalise"]
