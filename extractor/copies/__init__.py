"""Articles that say what another one says are found before the model is asked: they share one reading.

Exact copies differ in white space and typography at most. Near copies, which are looked for where it is asked for, are
nearly alike in their words and tell nothing that the first of them does not: a text that has been brought up to date
is read by itself.
"""

from extractor.copies.distinct import Distinct, Noted, distinct, normal_form, read_distinct
from extractor.copies.similar import LEAST_SIMILAR, check_threshold

__all__ = ["LEAST_SIMILAR", "Distinct", "Noted", "check_threshold", "distinct", "normal_form", "read_distinct"]
