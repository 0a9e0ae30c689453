"""An article's answers held against its text: in the process that asks for them, or in a worker process.

What is checked is the text of an answer, as the model wrote it; what comes of it are records. A worker's process, which
`extractor.checking.worker` is, imports what that takes and nothing else: nobody is asked from there.
"""

from extractor.checking.checks import ArticleChecks, Assembled, Checks, Examined, FaultMet, LocalChecks, Part

__all__ = ["ArticleChecks", "Assembled", "Checks", "Examined", "FaultMet", "LocalChecks", "Part"]
