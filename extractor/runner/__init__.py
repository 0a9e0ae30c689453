"""Many articles on one machine: which model, how many at once, and what is left after an interrupt."""

from extractor.runner.engine import Account, Engine, Progress, Work
from extractor.runner.options import Options
from extractor.runner.outcome import Effort, Run, exit_code_of
from extractor.runner.running import choose_model, resolve_ties, run

__all__ = [
    "Account",
    "Effort",
    "Engine",
    "Options",
    "Progress",
    "Run",
    "Work",
    "choose_model",
    "exit_code_of",
    "resolve_ties",
    "run",
]
