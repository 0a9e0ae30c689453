"""What is asked of a model, and how often: about an article, and about ties between records."""

from extractor.conversation.article import Extraction, converse, schema_fingerprint, subject_of
from extractor.conversation.exchange import Exchange

__all__ = ["Exchange", "Extraction", "converse", "schema_fingerprint", "subject_of"]
