"""A live model by its name: its key found, its wire and its limits put together."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from extractor.errors import MissingExtra, MissingKey, UsageError
from extractor.providers.base import Model
from extractor.providers.budget import Budget
from extractor.providers.governor import Governor, LocalGovernor
from extractor.providers.keys import find_key
from extractor.providers.limits import Limits
from extractor.providers.prices import Price, find_price
from extractor.providers.table import PROVIDERS, ModelName, parse_model_name
from extractor.providers.wire import Wire

if TYPE_CHECKING:
    from extractor.providers.connection import Connection


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a live model is asked.

    `attempts` bounds how often one request is sent when the service fails, `backoff` is the bound of the first wait
    before it is sent again; times are in seconds, `rpm` and `tpm` requests and tokens a minute, `max_cost` US dollars,
    `price` dollars per million tokens read and written (`0.25/2`). None is without bound.
    """

    base_url: str | None = None
    key_file: Path | None = None
    attempts: int = 6
    backoff: float = 1.0
    timeout: float = 600.0
    connect_timeout: float = 10.0
    concurrency: int = 8
    rpm: int | None = None
    tpm: int | None = None
    max_calls: int | None = None
    max_cost: float | None = None
    price: str | None = None


def open_model(name: str, terms: Terms | None = None, governor: Governor | None = None) -> Model:
    """Open a live model; no connection is made before the first request.

    A `governor` that others ask, too, takes the place of the model's own.

    Raises:
        UnknownModel: the provider is unknown.
        UsageError: the provider needs a base URL and none is given, or what is given is none; or a cost is to be
            bounded that nobody knows.
        MissingKey: the provider needs a key and its variable is not set.
        MissingExtra: the provider's package is not installed.
    """
    terms = terms or Terms()
    model = parse_model_name(name)
    price = price_of(model, terms)
    connection = connection_to(model, terms)
    from extractor.providers.live import LiveModel, Patience

    return LiveModel(
        str(model),
        open_wire(model, connection),
        where=connection.base_url,
        patience=Patience(terms.attempts, terms.backoff, terms.timeout),
        governor=governor or governor_of(terms),
        price=price,
    )


def governor_of(terms: Terms) -> LocalGovernor:
    """A governor that holds the limits and the budget of these terms."""
    max_cost = None if terms.max_cost is None else Decimal(str(terms.max_cost))
    limits = Limits(concurrency=terms.concurrency, rpm=terms.rpm, tpm=terms.tpm)
    return LocalGovernor(limits, Budget(max_calls=terms.max_calls, max_cost=max_cost))


def address_of(model: ModelName, given: str | None) -> str:
    """The address of a model's service: the one given, or its provider's; without what the SDK adds by itself.

    Raises:
        UsageError: there is none, or what is given is none.
    """
    provider = PROVIDERS[model.provider]
    url = given or provider.base_url
    if url is None:
        raise UsageError(f"{model} needs the service's address.", f"Give --base-url, such as {provider.address}.")
    try:
        parts = urlsplit(url)
        # urlsplit drops line breaks and tabs; the service's client does not.
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:
        sound = False
    if not sound:
        raise UsageError(f"{url!r} is no address of a service.", f"Give one such as {provider.address}.")
    if "@" in parts.netloc or parts.query:
        # Not repeated in the message: it holds a secret.
        raise UsageError(
            "The service's address holds credentials or a query, which would show in messages and process lists.",
            f"Give one such as {provider.address}, and set {provider.key_variable} to the key.",
        )
    return url.rstrip("/").removesuffix(provider.version) if provider.version else url


def price_of(model: ModelName, terms: Terms) -> Price:
    """The price of a model's tokens on these terms.

    Raises:
        UsageError: the price given is none, or a cost is to be bounded and there is no known price.
    """
    url = address_of(model, terms.base_url)
    elsewhere = url.rstrip("/") != (PROVIDERS[model.provider].base_url or url).rstrip("/")
    price = find_price(model, elsewhere=elsewhere, on_this_machine=_is_loopback(url), given=terms.price)
    if terms.max_cost is not None and not price.is_known:
        raise UsageError(
            f"--max-cost cannot be held: the price of {model} is unknown.",
            "Give it with --price READ/WRITTEN, in dollars per million tokens, or bound the run with --max-calls.",
        )
    return price


def is_installed(extra: str) -> bool:
    """Whether what a provider's extra brings is there."""
    package = {"google": "google.genai"}.get(extra, extra)
    try:
        return not extra or find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def connection_to(model: ModelName, terms: Terms) -> Connection:
    """How a model's service is reached, with its key.

    Raises:
        UsageError: the provider needs a base URL and none is given, or what is given is none.
        MissingKey: the provider needs a key and its variable is not set.
    """
    from extractor.providers.connection import Connection

    provider = PROVIDERS[model.provider]
    url = address_of(model, terms.base_url)
    key = find_key(provider.key_variable, terms.key_file)
    if provider.key_needed and not key:
        raise MissingKey(
            f"No key for {model}: {provider.key_variable} is not set.",
            f"Set {provider.key_variable}, or name a file with --key-file, or replay recordings with --replay.",
        )
    return Connection(url, key, terms.timeout, terms.connect_timeout)


def open_wire(model: ModelName, connection: Connection) -> Wire:
    """A model's wire; no connection is made before the first request.

    Raises:
        MissingExtra: the provider's package is not installed.
    """
    provider = PROVIDERS[model.provider]
    if not is_installed(provider.extra):
        raise MissingExtra(
            f"{model} needs a package that is not installed.",
            f"Install it with pip install 'event-extractor[{provider.extra}]'.",
        )
    match provider.api:
        case "responses":
            from extractor.providers.openai_responses import OpenAIResponses

            return OpenAIResponses(model.model, connection)
        case "anthropic":
            from extractor.providers.anthropic_messages import AnthropicMessages

            return AnthropicMessages(model.model, connection)
        case "google":
            from extractor.providers.google_genai import GoogleGenAI

            return GoogleGenAI(model.model, connection)
        case _:
            from extractor.providers.openai_chat import OpenAIChat

            return OpenAIChat(
                model.model, connection, structured=provider.structured, names=provider.names, body=provider.body
            )


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
