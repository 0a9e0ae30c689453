"""Worker processes of one machine: they check answers, this process asks for them.

What an article costs in processor time is mostly the checking of what the model says of it, and one process does that
on one core. Workers do it on as many as there are. They have no model, no store and no budget: these are here, so that
limits, claims and recordings are what they are without workers, and a worker that dies takes nothing with it.
"""

from extractor.runner.workers.crew import Crew

__all__ = ["Crew"]
