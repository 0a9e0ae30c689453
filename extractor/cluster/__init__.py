"""Many articles on many machines: Ray Data reads and extracts, one governor and one keeper of answers for all.

The only package that imports Ray, and imported only where that engine is asked for.
"""
