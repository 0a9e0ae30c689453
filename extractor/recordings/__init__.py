"""Recorded answers: one readable file, or one row of a store, for each logical call; replayed without a network.

A logical call is an article read by a model under a prompt, a schema and parameters. Its file holds the parts of
the first request, each with a hash of its own, and the answers in order: the first, then each answer to a re-ask
with what it was asked for. Only what is listed here is stored, what looks like a key is scrubbed, and it is written
whole after every answer and before that is used, so that a finished answer is never paid twice.
"""

from extractor.recordings.folder import RecordingFolder
from extractor.recordings.model import Mode, RecordedModel

__all__ = ["Mode", "RecordedModel", "RecordingFolder"]
