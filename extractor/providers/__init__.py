"""Models by name: `open_model("openai/gpt-5-mini")`."""

from __future__ import annotations

from extractor.providers.base import Completion, Model, Request, Subject, TokenCount, ToolCall
from extractor.providers.table import ModelName, Provider, open_model, parse_model_name

__all__ = [
    "Completion",
    "Model",
    "ModelName",
    "Provider",
    "Request",
    "Subject",
    "TokenCount",
    "ToolCall",
    "open_model",
    "parse_model_name",
]
