"""The providers: a row each, with where they live and which variable holds their key."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from extractor.errors import MissingKey, UnknownModel, UsageError
from extractor.providers.base import Model


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenAI-compatible service: its base URL (None where the user gives it) and its key variable."""

    base_url: str | None
    key_variable: str
    key_needed: bool = True


PROVIDERS = {
    "openai": Provider("https://api.openai.com/v1", "OPENAI_API_KEY"),
    "compatible": Provider(None, "EXTRACT_API_KEY", key_needed=False),
}


class ModelName(NamedTuple):
    """A model's name taken apart: `openai/gpt-5-mini`."""

    provider: str
    model: str

    def __str__(self) -> str:
        return f"{self.provider}/{self.model}"


def parse_model_name(name: str) -> ModelName:
    """Take `provider/model` apart.

    Raises:
        UnknownModel: there is no such provider, or no model name.
    """
    provider, _, model = name.partition("/")
    known = ", ".join(sorted(PROVIDERS))
    if provider not in PROVIDERS:
        raise UnknownModel(
            f"Unknown model {name!r}: {provider!r} is no provider known here ({known}).",
            "Name a model as provider/model, such as openai/gpt-5-mini; for any other OpenAI-compatible service "
            "use compatible/MODEL with --base-url.",
        )
    if not model:
        raise UnknownModel(f"{name!r} names no model.", f"Write {provider}/MODEL.")
    return ModelName(provider, model)


def open_model(name: str, *, base_url: str | None = None, attempts: int = 6, timeout: float = 600) -> Model:
    """Open a live model; no connection is made before the first request.

    `attempts` bounds how often one request is sent when the service fails or is unreachable; `timeout` is in
    seconds.

    Raises:
        UnknownModel: the provider is unknown.
        UsageError: the provider needs a base URL and none is given, or what is given is none.
        MissingKey: the provider needs a key and its variable is not set.
    """
    parsed = parse_model_name(name)
    provider = PROVIDERS[parsed.provider]
    url = base_url or provider.base_url
    if url is None:
        raise UsageError(f"{parsed} needs the service's address.", "Give --base-url, such as http://127.0.0.1:8000/v1.")
    _refuse_no_address(url)
    key = _key(provider.key_variable)
    if provider.key_needed and not key:
        raise MissingKey(
            f"No key for {parsed}: {provider.key_variable} is not set.",
            f"Set {provider.key_variable}, or replay recordings with --replay.",
        )
    from extractor.providers.openai_chat import OpenAIChat

    return OpenAIChat(parsed, base_url=url, api_key=key or "none", attempts=attempts, timeout=timeout)


def _refuse_no_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise UsageError(f"{url} is no address of a service.", "Give one such as http://127.0.0.1:8000/v1.")


def _key(variable: str) -> str:
    """The key, without the line break that files and shells leave behind it."""
    key = os.environ.get(variable, "").strip()
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise MissingKey(
            f"{variable} holds no key: a key is letters, digits and signs, without spaces.", "Set it anew."
        )
    return key
