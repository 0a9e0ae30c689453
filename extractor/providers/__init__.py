"""Models by name: `open_model("openai/gpt-5-mini")`."""

from __future__ import annotations

from extractor.providers.base import Bill, Completion, Model, Request, Subject, TokenCount, ToolCall
from extractor.providers.opening import Terms, open_model
from extractor.providers.table import PROVIDERS, ModelName, Provider, check_parameters, parse_model_name

__all__ = [
    "PROVIDERS",
    "Bill",
    "Completion",
    "Model",
    "ModelName",
    "Provider",
    "Request",
    "Subject",
    "Terms",
    "TokenCount",
    "ToolCall",
    "check_parameters",
    "open_model",
    "parse_model_name",
]
