"""The providers: a row each, with where they live, how they are asked, and which variable holds their key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from extractor.errors import UnknownModel, UsageError
from extractor.providers.base import Json

Api = Literal["chat", "responses", "anthropic", "google"]
Structured = Literal["tools", "json-schema"]

PARAMETERS = ("temperature", "seed", "max_tokens", "reasoning_effort", "structured_output")
_CHAT = frozenset(PARAMETERS)
_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


@dataclass(frozen=True, slots=True)
class Provider:
    """A service that models are had from.

    `base_url` is None where the user gives it. `api` is the wire protocol; `structured` says whether an answer is asked
    for as a call of a function or held to a JSON schema, and `parameters` which of the settings of an answer the
    service takes, under other names where `names` says so, `efforts` which of the levels of reasoning effort.
    `body` goes along with every request. `address` shows what an address looks like that the user gives; `version` is
    the end of one that its SDK adds by itself. `prices` is its name in genai-prices; what is
    `local` is free on the user's own machine. `extra` is what has to be installed for it, `example` a model of it.
    """

    base_url: str | None
    key_variable: str
    example: str
    key_needed: bool = True
    api: Api = "chat"
    structured: Structured = "tools"
    parameters: frozenset[str] = _CHAT
    names: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    efforts: tuple[str, ...] = _EFFORTS
    address: str = "http://127.0.0.1:8000/v1"
    version: str = ""
    prices: str = ""
    local: bool = False
    extra: str = ""


PROVIDERS = {
    "openai": Provider(
        "https://api.openai.com/v1", "OPENAI_API_KEY", "gpt-5-mini",
        api="responses", structured="json-schema",
        parameters=frozenset({"temperature", "max_tokens", "reasoning_effort"}), prices="openai",
    ),
    "openai-chat": Provider(
        "https://api.openai.com/v1", "OPENAI_API_KEY", "gpt-5-mini",
        structured="json-schema", names={"max_tokens": "max_completion_tokens"}, prices="openai",
    ),
    "azure": Provider(
        None, "AZURE_OPENAI_API_KEY", "DEPLOYMENT",
        structured="json-schema", names={"max_tokens": "max_completion_tokens"},
        address="https://NAME.openai.azure.com/openai/v1", prices="azure",
    ),
    "anthropic": Provider(
        "https://api.anthropic.com", "ANTHROPIC_API_KEY", "claude-haiku-4-5",
        api="anthropic", parameters=frozenset({"temperature", "max_tokens", "reasoning_effort"}),
        efforts=("low", "medium", "high", "xhigh", "max"), version="/v1", prices="anthropic", extra="anthropic",
    ),
    "google": Provider(
        "https://generativelanguage.googleapis.com", "GEMINI_API_KEY", "gemini-3.5-flash-lite",
        api="google", structured="json-schema",
        parameters=frozenset({"temperature", "seed", "max_tokens", "reasoning_effort"}),
        efforts=("minimal", "low", "medium", "high", "xhigh"), version="/v1beta", prices="google", extra="google",
    ),
    "mistral": Provider(
        "https://api.mistral.ai/v1", "MISTRAL_API_KEY", "mistral-medium-latest",
        structured="json-schema", names={"seed": "random_seed"}, prices="mistral",
    ),
    "groq": Provider(
        "https://api.groq.com/openai/v1", "GROQ_API_KEY", "openai/gpt-oss-120b",
        names={"max_tokens": "max_completion_tokens"}, prices="groq",
    ),
    # It refuses a call that is forced on a model which thinks first, as its models do unless told otherwise, and holds
    # none to a schema. Source: https://api-docs.deepseek.com/guides/thinking_mode.
    "deepseek": Provider(
        "https://api.deepseek.com", "DEEPSEEK_API_KEY", "deepseek-flash",
        parameters=frozenset({"temperature", "max_tokens"}), body={"thinking": {"type": "disabled"}}, prices="deepseek",
    ),
    "together": Provider(
        "https://api.together.xyz/v1", "TOGETHER_API_KEY", "openai/gpt-oss-120b",
        structured="json-schema", prices="together",
    ),
    "openrouter": Provider(
        "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", "qwen/qwen3-235b-a22b", prices="openrouter",
    ),
    "ollama": Provider(
        "http://localhost:11434/v1", "OLLAMA_API_KEY", "qwen3:14b",
        key_needed=False, structured="json-schema", local=True,
    ),
    "vllm": Provider(
        "http://localhost:8000/v1", "VLLM_API_KEY", "Qwen/Qwen3-14B",
        key_needed=False, structured="json-schema", local=True,
    ),
    # Its server ignores a tool choice that names the function.
    "llamacpp": Provider(
        "http://localhost:8080/v1", "LLAMA_API_KEY", "qwen3-14b",
        key_needed=False, structured="json-schema", local=True,
    ),
    "lmstudio": Provider(
        "http://localhost:1234/v1", "LMSTUDIO_API_KEY", "qwen3-14b",
        key_needed=False, structured="json-schema", local=True,
    ),
    "compatible": Provider(None, "EXTRACT_API_KEY", "MODEL", key_needed=False),
}  # fmt: skip


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
    if provider not in PROVIDERS:
        raise UnknownModel(
            f"Unknown model {name!r}: {provider!r} is no provider known here ({', '.join(sorted(PROVIDERS))}).",
            "Name a model as provider/model, such as openai/gpt-5-mini; for any other OpenAI-compatible service "
            "use compatible/MODEL with --base-url. `extract models` lists what each provider needs.",
        )
    if not model:
        raise UnknownModel(f"{name!r} names no model.", f"Write {provider}/MODEL.")
    return ModelName(provider, model)


def check_parameters(name: str, parameters: Json) -> None:
    """Refuse settings of an answer that a model's provider does not take, or that no provider could.

    Raises:
        UnknownModel: there is no such provider.
        UsageError: it does not take one of them, or its value is out of range.
    """
    provider = parse_model_name(name).provider
    row = PROVIDERS[provider]
    for parameter, value in parameters.items():
        flag = f"--{parameter.replace('_', '-')}"
        if parameter not in row.parameters:
            takes = ", ".join(f"--{known.replace('_', '-')}" for known in PARAMETERS if known in row.parameters)
            raise UsageError(f"{provider} takes no {flag}.", f"It takes {takes}.")
        sound, wanted = _in_range(parameter, value, row.efforts)
        if not sound:
            raise UsageError(f"{flag} is {value}; for {provider} it has to be {wanted}.")


def _in_range(parameter: str, value: object, efforts: tuple[str, ...]) -> tuple[bool, str]:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match parameter:
        case "temperature":
            return number and 0 <= value <= 2, "from 0 to 2"  # type: ignore[operator]
        case "seed":
            return isinstance(value, int) and number and value >= 0, "a whole number, 0 or more"
        case "max_tokens":
            return isinstance(value, int) and number and value >= 1, "a whole number, 1 or more"
        case "reasoning_effort":
            return value in efforts, f"one of {', '.join(efforts)}"
        case _:
            return value in ("tools", "json-schema"), "tools or json-schema"
