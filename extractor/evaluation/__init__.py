"""Evaluation against gold: the gold format, the matching of records, and the figures.

The parts that others build on are the matching of two lists of records (`match`), the comparison of values (`compare`),
and gold as data (`GoldArticle`, `read_gold`, `write_gold`).
"""
