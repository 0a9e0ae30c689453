"""Each wire against a service that speaks its format: what it sends, and what it makes of every kind of answer."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from extractor.errors import ErrorInBody, NoChoices, NoCompletion, OversizedAnswer, UsageError
from extractor.providers.base import Completion, Request, Subject, TokenCount, ToolCall
from extractor.providers.connection import Connection
from extractor.providers.opening import address_of
from extractor.providers.table import check_parameters, parse_model_name
from extractor.providers.wire import CallFailed, Reply, Unusable, Wire, call_in_text

from .services import (
    FUNCTION,
    USAGE,
    HangUp,
    LoopbackService,
    Says,
    Sent,
    Silence,
    anthropic_body,
    chat_body,
    gemini_body,
    responses_body,
)

Json = dict[str, Any]

KEY = "the-key"
ANSWER = '{"actions": ["é"]}'
SCHEMA: Json = {
    "type": "object",
    "title": "Extraction",
    "properties": {
        "lead": {"$ref": "#/$defs/Action", "description": "The first."},
        "actions": {"type": "array", "items": {"$ref": "#/$defs/Action"}},
    },
    "required": ["lead", "actions"],
    "additionalProperties": False,
    "$defs": {
        "Action": {
            "type": "object",
            "description": "An act.",
            "properties": {"kind": {"$ref": "#/$defs/Kind"}, "title": {"type": "string"}},
            "required": ["kind", "title"],
            "additionalProperties": False,
        },
        "Kind": {"type": "string", "enum": ["expulsion", "recall"]},
    },
}
KIND: Json = SCHEMA["$defs"]["Kind"]
ACTION: Json = {**SCHEMA["$defs"]["Action"], "properties": {"kind": KIND, "title": {"type": "string"}}}
TOOL: Json = {"type": "function", "function": {"name": FUNCTION, "description": "The acts.", "parameters": SCHEMA}}
CHOICE: Json = {"type": "function", "function": {"name": FUNCTION}}
OPENING: tuple[Json, ...] = (
    {"role": "system", "content": "You read."},
    {"role": "user", "content": "An article."},
)


def call(arguments: str, *, number: int = 1, content: str = "") -> tuple[Json, Json]:
    """A call of the function in an earlier answer, and what was wrong with it."""
    function = {"name": FUNCTION, "arguments": arguments}
    made = {"id": f"call_{number}_0", "type": "function", "function": function}
    return (
        {"role": "assistant", "content": content, "tool_calls": [made]},
        {"role": "tool", "tool_call_id": f"call_{number}_0", "name": FUNCTION, "content": f"Wrong {number}."},
    )


def request(*added: Json, **parameters: Any) -> Request:
    """The first request about an article, or with more messages a re-ask."""
    return Request(
        subject=Subject("art-1", "a.txt", "An article.", "a.txt", "fence", "prompt"),
        attempt=1 + len(added) // 2,
        feedback=(),
        messages=(*OPENING, *added),
        opening=2,
        format={"tool_choice": CHOICE, "tools": [TOOL]},
        parameters=parameters,
    )


def connection(url: str, *, timeout: float = 30, connect_timeout: float = 5, key: str = KEY) -> Connection:
    return Connection(url, key, timeout, connect_timeout)


def chat_wire(link: Connection, model: str = "m", structured: str = "tools", **names: str) -> Wire:
    from extractor.providers.openai_chat import OpenAIChat

    return OpenAIChat(model, link, structured=structured, names=names)


def responses_wire(link: Connection, model: str = "m") -> Wire:
    from extractor.providers.openai_responses import OpenAIResponses

    return OpenAIResponses(model, link)


def anthropic_wire(link: Connection, model: str = "claude-x-4") -> Wire:
    pytest.importorskip("anthropic")
    from extractor.providers.anthropic_messages import AnthropicMessages

    return AnthropicMessages(model, link)


def gemini_wire(link: Connection, model: str = "gemini-x") -> Wire:
    pytest.importorskip("google.genai")
    from extractor.providers.google_genai import GoogleGenAI

    return GoogleGenAI(model, link)


@dataclass(frozen=True)
class Format:
    """A wire with its service: where requests go, how an answer and an error look there."""

    wire: Callable[..., Wire]
    body: Callable[..., Json]
    path: str
    error: Json
    code: str

    def __str__(self) -> str:
        return self.body.__name__.removesuffix("_body")


ERROR_OF_OPENAI = {"error": {"message": "Slow down.", "type": "requests", "param": None, "code": "rate_limit_exceeded"}}
CHAT = Format(chat_wire, chat_body, "/chat/completions", ERROR_OF_OPENAI, "rate_limit_exceeded")
RESPONSES = Format(responses_wire, responses_body, "/responses", ERROR_OF_OPENAI, "rate_limit_exceeded")
ANTHROPIC = Format(
    anthropic_wire,
    anthropic_body,
    "/v1/messages",
    {"type": "error", "error": {"type": "rate_limit_error", "message": "Slow down."}, "request_id": "req_x"},
    "rate_limit_error",
)
GEMINI = Format(
    gemini_wire,
    gemini_body,
    "/v1beta/models/gemini-x:generateContent",
    {"error": {"code": 429, "message": "Slow down.", "status": "RESOURCE_EXHAUSTED"}},
    "RESOURCE_EXHAUSTED",
)
FORMATS = (CHAT, RESPONSES, ANTHROPIC, GEMINI)
each = pytest.mark.parametrize("spoken", FORMATS, ids=str)


def send(wire: Wire, asked: Request) -> Reply:
    async def sent() -> Reply:
        try:
            return await wire.send(asked)
        finally:
            await wire.close()

    return asyncio.run(sent())


def exchange(
    make: Callable[[Connection], Wire], said: Any, asked: Request | None = None, *, timeout: float = 30
) -> tuple[Sent, Reply]:
    """Send one request to a service that says `said`; one request reaches it, and none more, whatever comes of it."""
    with LoopbackService(lambda _: said) as service:
        wire = make(connection(service.url, timeout=timeout))
        try:
            reply = send(wire, asked or request())
        finally:
            assert len(service.sent) == 1
        return service.sent[0], reply


def said_to(spoken: Format, said: Any, asked: Request | None = None, **options: Any) -> Reply:
    return exchange(spoken.wire, said, asked, **options)[1]


def completion(spoken: Format, said: Any) -> Completion:
    return said_to(spoken, said).completion


def unusable(spoken: Format, said: Any) -> Unusable:
    with pytest.raises(Unusable) as caught:
        said_to(spoken, said)
    return caught.value


def failed(spoken: Format, said: Any, **options: Any) -> CallFailed:
    with pytest.raises(CallFailed) as caught:
        said_to(spoken, said, **options)
    return caught.value


# What is sent


@pytest.fixture
def keys_of_the_tester(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings that the SDKs would take from the environment if they were let."""
    for name in (
        "OPENAI_API_KEY",
        "OPENAI_BASE_URL",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
        "ANTHROPIC_BASE_URL",
        "GOOGLE_API_KEY",
        "GEMINI_API_KEY",
        "GOOGLE_GEMINI_BASE_URL",
        "GOOGLE_GENAI_API_VERSION",
    ):
        monkeypatch.setenv(name, "http://another.example/tester")
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "tester")


@each
@pytest.mark.usefixtures("keys_of_the_tester")
@pytest.mark.parametrize("key", [KEY, ""])
def test_the_key_given_is_sent_and_nothing_of_the_environment(spoken: Format, key: str) -> None:
    with LoopbackService(lambda _: spoken.body(ANSWER)) as service:
        send(spoken.wire(connection(service.url, key=key)), request())
    [sent] = service.sent
    assert sent.path == spoken.path
    assert "tester" not in f"{sent.headers} {sent.body}"
    carriers = {"authorization", "x-api-key", "x-goog-api-key"} & sent.headers.keys()
    assert [sent.headers[name].removeprefix("Bearer ") for name in carriers] == [key or "none"]
    assert KEY not in f"{sent.path} {sent.body}"


def test_chat_asks_for_a_call_of_the_function() -> None:
    sent, _ = exchange(chat_wire, chat_body(ANSWER))
    assert sent.body == {"model": "m", "messages": list(OPENING), "tools": [TOOL], "tool_choice": CHOICE}


def test_chat_can_hold_the_model_to_the_schema_instead() -> None:
    said = chat_body(ANSWER, in_text=True, finish="stop")
    sent, reply = exchange(lambda link: chat_wire(link, structured="json-schema"), said, request(*call(ANSWER)))
    schema = {
        **SCHEMA,
        "properties": {
            "lead": {**SCHEMA["$defs"]["Action"], "description": "The first."},
            "actions": SCHEMA["properties"]["actions"],
        },
    }
    wanted = {"name": FUNCTION, "strict": True, "schema": schema}
    assert sent.body == {
        "model": "m",
        "messages": [
            *OPENING,
            {"role": "assistant", "content": ANSWER},
            {"role": "user", "content": "Wrong 1."},
        ],
        "response_format": {"type": "json_schema", "json_schema": wanted},
    }
    assert reply.completion.tool_calls == (ToolCall(FUNCTION, ANSWER),)


def test_chat_sends_parameters_under_the_services_names() -> None:
    asked = request(seed=7, max_tokens=500, temperature=0.5, structured_output="tools")
    names = {"seed": "random_seed", "max_tokens": "max_completion_tokens"}
    sent, _ = exchange(lambda link: chat_wire(link, structured="json-schema", **names), chat_body(ANSWER), asked)
    assert sent.body == {
        "model": "m",
        "messages": list(OPENING),
        "tools": [TOOL],
        "tool_choice": CHOICE,
        "random_seed": 7,
        "max_completion_tokens": 500,
        "temperature": 0.5,
    }


def test_chat_re_asks_with_the_call_and_its_result() -> None:
    sent, _ = exchange(chat_wire, chat_body(ANSWER), request(*call(ANSWER)))
    assert sent.body["messages"] == [*OPENING, *call(ANSWER)]


def test_responses_hold_the_model_to_the_schema_and_store_nothing() -> None:
    asked = request(*call("{broken"), temperature=0.0, max_tokens=500, reasoning_effort="low")
    sent, _ = exchange(responses_wire, responses_body(ANSWER), asked)
    schema = sent.body["text"]["format"].pop("schema")
    assert schema["properties"]["lead"]["description"] == "The first."
    assert sent.body == {
        "model": "m",
        "input": [*OPENING, {"role": "assistant", "content": "{broken"}, {"role": "user", "content": "Wrong 1."}],
        "text": {"format": {"type": "json_schema", "name": FUNCTION, "strict": True}},
        "store": False,
        "temperature": 0.0,
        "max_output_tokens": 500,
        "reasoning": {"effort": "low"},
    }


def test_anthropic_is_made_to_call_the_tool_and_keeps_what_all_articles_share() -> None:
    sent, _ = exchange(anthropic_wire, anthropic_body(ANSWER))
    assert sent.body == {
        "model": "claude-x-4",
        "max_tokens": 16_000,
        "system": [{"type": "text", "text": "You read.", "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "An article."}]}],
        "tools": [{"name": FUNCTION, "description": "The acts.", "input_schema": SCHEMA}],
        "tool_choice": {"type": "tool", "name": FUNCTION, "disable_parallel_tool_use": True},
    }
    assert sent.headers["anthropic-version"]


@pytest.mark.parametrize(
    ("model", "forced"),
    [
        ("claude-3-5-haiku-20241022", True),
        ("claude-haiku-4-5-20251001", True),
        ("anthropic/claude-opus-4.8", True),
        ("claude-sonnet-5", True),
        ("claude-sonnet-5-20260630", True),
        ("claude-sonnet-5-5", False),
        ("anthropic/claude-opus-5.5", False),
        ("claude-fable-5-1", False),
        ("claude-mythos-preview", False),
        ("claude-sonnet-6", False),
        ("something-else", False),
    ],
)
@pytest.mark.filterwarnings("ignore:The model .* is deprecated:DeprecationWarning")
def test_a_claude_that_refuses_a_forced_call_is_asked_for_it_in_words(model: str, forced: bool) -> None:
    sent, _ = exchange(lambda link: anthropic_wire(link, model), anthropic_body(ANSWER))
    choice = {"type": "tool", "name": FUNCTION} if forced else {"type": "auto"}
    assert sent.body["tool_choice"] == {**choice, "disable_parallel_tool_use": True}
    first, *more = sent.body["system"]
    assert first["text"] == "You read."
    assert [FUNCTION in block["text"] for block in more] == [True] * (not forced)
    assert ["cache_control" in block for block in sent.body["system"]] == [False] * len(more) + [True]


def test_anthropic_takes_parameters_beyond_what_its_sdk_expects() -> None:
    asked = request(temperature=0.5, max_tokens=60_000, reasoning_effort="max")
    sent, _ = exchange(anthropic_wire, anthropic_body(ANSWER), asked, timeout=600)
    assert sent.body["temperature"] == 0.5
    assert sent.body["max_tokens"] == 60_000
    assert sent.body["output_config"] == {"effort": "max"}


def test_anthropic_is_re_asked_in_blocks_or_where_they_cannot_hold_it_in_words() -> None:
    asked = request(
        {"role": "assistant", "content": "In prose."},
        {"role": "user", "content": "Call it."},
        *call("{broken", number=2, content="Well:"),
        *call("[1]", number=3),
        *call('{"n": NaN}', number=4),
        *call("[" * 100_000, number=5),
        *call(ANSWER, number=6, content="Here:"),
        {"role": "user", "content": "Once more."},
        {"role": "assistant", "content": " "},
        {"role": "user", "content": "Nothing came."},
    )
    sent, _ = exchange(anthropic_wire, anthropic_body(ANSWER), asked)

    def said(role: str, *texts: str) -> Json:
        return {"role": role, "content": [{"type": "text", "text": text} for text in texts]}

    result = {"type": "tool_result", "tool_use_id": "call_6_0", "is_error": True, "content": "Wrong 6."}
    called = {"type": "tool_use", "id": "call_6_0", "name": FUNCTION, "input": json.loads(ANSWER)}
    assert sent.body["messages"] == [
        said("user", "An article."),
        said("assistant", "In prose."),
        said("user", "Call it."),
        said("assistant", "{broken"),
        said("user", "Wrong 2."),
        said("assistant", "[1]"),
        said("user", "Wrong 3."),
        said("assistant", '{"n": NaN}'),
        said("user", "Wrong 4."),
        said("assistant", "[" * 100_000),
        said("user", "Wrong 5."),
        {"role": "assistant", "content": [{"type": "text", "text": "Here:"}, called]},
        {
            "role": "user",
            "content": [result, {"type": "text", "text": "Once more."}, {"type": "text", "text": "Nothing came."}],
        },
    ]


def test_gemini_is_held_to_the_schema_with_nothing_left_to_refer_to() -> None:
    sent, _ = exchange(gemini_wire, gemini_body(ANSWER))
    lead = {**ACTION, "description": "The first."}
    assert sent.body == {
        "systemInstruction": {"role": "user", "parts": [{"text": "You read."}]},
        "contents": [{"role": "user", "parts": [{"text": "An article."}]}],
        "generationConfig": {
            "responseMimeType": "application/json",
            "responseJsonSchema": {
                "type": "object",
                "title": "Extraction",
                "properties": {"lead": lead, "actions": {"type": "array", "items": ACTION}},
                "required": ["lead", "actions"],
                "additionalProperties": False,
            },
        },
    }
    assert "x-server-timeout" not in sent.headers


def test_gemini_takes_parameters() -> None:
    asked = request(temperature=0.0, seed=7, max_tokens=500, reasoning_effort="medium")
    sent, _ = exchange(gemini_wire, gemini_body(ANSWER), asked)
    config = sent.body["generationConfig"]
    assert [*config["thinkingConfig"].values()] == ["MEDIUM"]
    given = {"temperature": 0.0, "seed": 7, "maxOutputTokens": 500, "thinkingConfig": config["thinkingConfig"]}
    assert {name: config[name] for name in config if not name.startswith("response")} == given


def test_gemini_is_re_asked_in_turns_of_text() -> None:
    asked = request(*call("{broken"), *call(ANSWER, number=2))
    sent, _ = exchange(gemini_wire, gemini_body(ANSWER), asked)
    said = [(turn["role"], [part["text"] for part in turn["parts"]]) for turn in sent.body["contents"]]
    assert said == [
        ("user", ["An article."]),
        ("model", ["{broken"]),
        ("user", ["Wrong 1."]),
        ("model", [ANSWER]),
        ("user", ["Wrong 2."]),
    ]


def test_the_whole_answers_schema_has_no_references_for_gemini() -> None:
    from extractor.conversation import Extraction

    tool = {"type": "function", "function": {**TOOL["function"], "parameters": Extraction.model_json_schema()}}
    asked = request()
    asked.format["tools"][0] = tool
    sent, _ = exchange(gemini_wire, gemini_body(ANSWER), asked)
    schema = json.dumps(sent.body["generationConfig"]["responseJsonSchema"])
    assert '"$ref"' not in schema and '"$defs"' not in schema
    assert '"persona_non_grata"' in schema


@pytest.mark.parametrize(
    ("name", "effort"),
    [("anthropic/m", "none"), ("anthropic/m", "minimal"), ("google/m", "none"), ("google/m", "max")],
)
def test_an_effort_that_the_service_lacks_is_refused_before_anything_is_sent(name: str, effort: str) -> None:
    with pytest.raises(UsageError, match=f"--reasoning-effort is {effort}; for .* low, medium"):
        check_parameters(name, {"reasoning_effort": effort})
    check_parameters(name, {"reasoning_effort": "high"})


@pytest.mark.parametrize(
    ("name", "given", "address"),
    [
        ("anthropic/m", "https://gateway.example/v1/", "https://gateway.example"),
        ("anthropic/m", "https://gateway.example/anthropic", "https://gateway.example/anthropic"),
        ("google/m", "https://gateway.example/v1beta", "https://gateway.example"),
        ("compatible/m", "https://gateway.example/v1", "https://gateway.example/v1"),
    ],
)
def test_what_the_sdk_adds_to_an_address_may_be_given_with_it(name: str, given: str, address: str) -> None:
    assert address_of(parse_model_name(name), given) == address


# Answers


@each
def test_an_answer_is_a_completion_with_its_tokens_and_headers(spoken: Format) -> None:
    usage = TokenCount(1000, 50, cached=600)
    said = Says(spoken.body(ANSWER, usage=usage), headers={"X-RateLimit-Remaining-Tokens": "12"})
    reply = said_to(spoken, said)
    assert reply.completion.tool_calls == (ToolCall(FUNCTION, ANSWER),)
    assert not reply.completion.text and reply.completion.refusal is None
    assert reply.completion.finish_reason in ("tool_calls", "stop")
    assert reply.completion.usage == usage
    assert reply.headers["x-ratelimit-remaining-tokens"] == "12"


@each
def test_an_answer_can_be_compressed_and_its_type_be_anything(spoken: Format) -> None:
    data = gzip.compress(json.dumps(spoken.body(ANSWER)).encode())
    said = Says(data, headers={"Content-Encoding": "gzip", "Content-Type": "text/plain"})
    assert completion(spoken, said).tool_calls == (ToolCall(FUNCTION, ANSWER),)


@each
def test_tokens_that_are_not_counted_are_unknown(spoken: Format) -> None:
    assert completion(spoken, spoken.body(ANSWER, usage=None)).usage is None


def test_anthropics_tokens_into_and_from_its_cache_are_among_those_read() -> None:
    usage = TokenCount(1000, 50, cached=600, cache_written=300)
    assert completion(ANTHROPIC, anthropic_body(ANSWER, usage=usage)).usage == usage


def test_geminis_thoughts_are_among_the_tokens_written_and_no_part_of_the_answer() -> None:
    answer = completion(GEMINI, gemini_body(ANSWER, usage=TokenCount(100, 50), thoughts=30))
    assert answer.usage == TokenCount(100, 50)
    assert answer.tool_calls == (ToolCall(FUNCTION, ANSWER),)


@each
def test_words_that_are_no_object_are_no_call(spoken: Format) -> None:
    in_text = {} if spoken in (RESPONSES, GEMINI) else {"in_text": True}
    answer = completion(spoken, spoken.body("I would rather not.", **in_text))
    assert answer.tool_calls == ()
    assert answer.text == "I would rather not."


@pytest.mark.parametrize("spoken", [CHAT, ANTHROPIC], ids=str)
def test_the_arguments_said_in_text_are_a_call(spoken: Format) -> None:
    answer = completion(spoken, spoken.body(f"```json\n{ANSWER}\n```", in_text=True))
    assert answer.tool_calls == (ToolCall(FUNCTION, ANSWER),)
    assert answer.text is None


def test_thoughts_before_an_answer_in_text_are_left_out_and_those_in_it_are_not() -> None:
    function = request().function
    quoted = '{"evidence": "<think>he said</think>"}'
    assert call_in_text(f"<think>Well.</think>\n{quoted}", function) == (ToolCall(FUNCTION, quoted),)
    assert call_in_text(quoted, function) == (ToolCall(FUNCTION, quoted),)


def test_every_call_of_an_answer_is_passed_on() -> None:
    body = anthropic_body(ANSWER)
    body["content"] += [{"type": "tool_use", "id": "toolu_y", "name": "other", "input": {}}]
    assert completion(ANTHROPIC, body).tool_calls == (ToolCall(FUNCTION, ANSWER), ToolCall("other", "{}"))


@pytest.mark.parametrize("spoken", [CHAT, ANTHROPIC], ids=str)
def test_arguments_that_come_as_an_object_are_text_that_can_be_written(spoken: Format) -> None:
    body = spoken.body('{"a": "\\ud83d", "b": "é"}')
    if spoken is CHAT:
        function = body["choices"][0]["message"]["tool_calls"][0]["function"]
        function["arguments"] = json.loads(function["arguments"])
    [called] = completion(spoken, body).tool_calls
    assert called.arguments.encode()
    assert json.loads(called.arguments) == {"a": "\ud83d", "b": "é"}


@pytest.mark.parametrize(
    ("spoken", "said", "reason"),
    [
        (CHAT, chat_body('{"a', finish="length"), "length"),
        (CHAT, chat_body('{"a', finish="model_length"), "length"),
        (CHAT, chat_body('{"a', finish="content_filter"), "content_filter"),
        (RESPONSES, responses_body('{"a', incomplete="max_output_tokens"), "length"),
        (RESPONSES, responses_body("", incomplete="max_output_tokens", output=[]), "length"),
        (RESPONSES, responses_body('{"a', status="incomplete"), "length"),
        (RESPONSES, responses_body('{"a', incomplete="content_filter"), "content_filter"),
        (ANTHROPIC, anthropic_body('{"a": 1}', stop="max_tokens"), "length"),
        (ANTHROPIC, anthropic_body("", stop="max_tokens", content=[]), "length"),
        (ANTHROPIC, anthropic_body('{"a": 1}', stop="model_context_window_exceeded"), "length"),
        (ANTHROPIC, anthropic_body('{"a": 1}', stop="end_turn"), "stop"),
        (ANTHROPIC, anthropic_body('{"a": 1}', stop="tool_use"), "tool_calls"),
        (ANTHROPIC, anthropic_body('{"a": 1}', stop="of_tomorrow"), "of_tomorrow"),
        (GEMINI, gemini_body('{"a', finish="MAX_TOKENS"), "length"),
        (GEMINI, gemini_body("", finish="MAX_TOKENS"), "length"),
        (GEMINI, gemini_body('{"a": 1}', finish="OTHER"), "other"),
        (GEMINI, gemini_body('{"a": 1}', finish="OF_TOMORROW"), "of_tomorrow"),
        *(
            (GEMINI, gemini_body("", finish=finish), "content_filter")
            for finish in ("SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII")
        ),
    ],
)
def test_why_an_answer_ended(spoken: Format, said: Json, reason: str) -> None:
    answer = completion(spoken, said)
    assert answer.finish_reason == reason
    assert answer.usage == USAGE


def test_gemini_is_not_asked_to_go_on_where_it_stopped() -> None:
    body = gemini_body('{"a', finish="CONTINUATION")
    body["candidates"][0]["continuationToken"] = "dG9rZW4="
    assert completion(GEMINI, body).finish_reason == "length"


def test_a_prompt_that_gemini_blocks_is_filtered() -> None:
    body = {
        "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
        "usageMetadata": {"promptTokenCount": 90, "totalTokenCount": 90},
    }
    answer = completion(GEMINI, body)
    assert (answer.finish_reason, answer.usage) == ("content_filter", TokenCount(90, 0))


@pytest.mark.parametrize(
    ("spoken", "said", "refusal"),
    [
        (CHAT, chat_body("", in_text=True, finish="stop", refusal="No."), "No."),
        (RESPONSES, responses_body("", refusal="No."), "No."),
        (ANTHROPIC, anthropic_body("No.", stop="refusal", in_text=True), "No."),
        (ANTHROPIC, anthropic_body("", stop="refusal", content=[]), "the model refused"),
        (
            ANTHROPIC,
            anthropic_body("", stop="refusal", content=[], stop_details={"type": "refusal", "explanation": "A rule."}),
            "A rule.",
        ),
    ],
)
def test_a_refusal_is_told_apart(spoken: Format, said: Json, refusal: str) -> None:
    answer = completion(spoken, said)
    assert answer.refusal == refusal
    assert answer.tool_calls == ()
    assert answer.usage == USAGE


# Answers that are none


@pytest.mark.parametrize(
    ("spoken", "said"),
    [
        (CHAT, chat_body("") | {"choices": []}),
        (CHAT, chat_body("") | {"choices": None}),
        (RESPONSES, responses_body("", output=[])),
        (ANTHROPIC, anthropic_body("", content=[])),
        (ANTHROPIC, anthropic_body("", stop="end_turn", in_text=True)),
        (GEMINI, gemini_body("", candidates=[])),
        (GEMINI, {name: value for name, value in gemini_body("").items() if name != "candidates"}),
        (GEMINI, gemini_body("")),
        (GEMINI, gemini_body("", candidates=[{"finishReason": "STOP", "content": {"role": "model"}}])),
    ],
)
def test_an_answer_that_holds_nothing_says_so(spoken: Format, said: Json) -> None:
    nothing = unusable(spoken, Says(said, headers={"X-Left": "3"}))
    assert nothing.kind is NoChoices
    assert nothing.usage == USAGE
    assert nothing.headers["x-left"] == "3"


NONSENSE: dict[str, Any] = {
    "a page": Says("<html><body>Welcome</body></html>", headers={"Content-Type": "text/html"}),
    "a page as JSON": "<html><body>Welcome</body></html>",
    "nothing": "",
    "half an answer": '{"id": "x", "cho',
    "a list": "[]",
    "a number": "3",
    "null": "null",
    "words": '"ok"',
    "an empty object": {},
    "another object": {"detail": "Not Found"},
    "other types": {"choices": "none", "output": "none", "content": 3, "candidates": "none", "usage": "none"},
    "types deeper down": {
        "choices": [{"message": 3}],
        "output": [3],
        "content": [3],
        "candidates": [{"content": {"parts": [{"text": 3}]}}],
    },
    "brackets": "[" * 200_000,
    "no text": b"\xff\xfe\xff",
    "no number": '{"usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": "many"}, "candidates": [1]}',
}


@each
@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE.keys())
def test_what_is_no_completion_says_so(spoken: Format, nonsense: Any) -> None:
    kind = unusable(spoken, nonsense).kind
    assert kind in (NoCompletion, NoChoices)


@each
@pytest.mark.parametrize("status", [200, 500])
def test_what_goes_on_without_end_is_cut_off(spoken: Format, status: int) -> None:
    said = Says(b'{"x": "' + b"x" * 9_000_000 + b'"}', status)
    assert unusable(spoken, said).kind is OversizedAnswer


def in_choice(error: Json, **body: Any) -> Json:
    """A chat completion whose one choice holds an error, as OpenRouter tells of one that it met on the way."""
    said = chat_body("", finish="error", in_text=True, **body)
    said["choices"][0]["error"] = error
    return said


@pytest.mark.parametrize(
    ("spoken", "said", "word"),
    [
        *((CHAT, chat_body('{"a', finish=word), word) for word in ("error", "insufficient_system_resource", "abort")),
        *((RESPONSES, responses_body('{"a', status=word), word) for word in ("failed", "cancelled")),
    ],
)
def test_an_answer_that_the_service_breaks_off_says_so(spoken: Format, said: Json, word: str) -> None:
    error = unusable(spoken, said)
    assert error.kind is ErrorInBody
    assert word in error.because
    assert error.usage == USAGE


@pytest.mark.parametrize("code", ["tool_use_failed", "json_validate_failed"])
@pytest.mark.parametrize(
    ("generated", "calls", "text"),
    [
        ("There are two events.", (), "There are two events."),
        (ANSWER, (ToolCall(FUNCTION, ANSWER),), None),
        (json.dumps({"name": FUNCTION, "arguments": json.loads(ANSWER)}), (ToolCall(FUNCTION, ANSWER),), None),
        (json.dumps({"name": "publish", "arguments": "{}"}), (ToolCall("publish", "{}"),), None),
        ('{"name": "publish"', (ToolCall(FUNCTION, '{"name": "publish"'),), None),
        ("", (), ""),
        (None, (), ""),
    ],
)
def test_an_answer_that_groq_withholds_is_one_all_the_same(
    code: str, generated: str | None, calls: tuple[ToolCall, ...], text: str | None
) -> None:
    error = {"message": "Failed.", "type": "invalid_request_error", "code": code, "failed_generation": generated}
    reply = said_to(CHAT, Says({"error": error}, 400, {"X-Left": "3"}))
    assert reply.completion == Completion("stop", calls, text=text)
    assert reply.headers["x-left"] == "3"


@pytest.mark.parametrize(
    ("spoken", "said"),
    [
        (CHAT, {"error": {"message": "Bad tool.", "code": 400}}),
        (CHAT, {"error": "Bad tool."}),
        (CHAT, {**chat_body(ANSWER), "error": {"message": "Bad tool.", "code": 502}}),
        (CHAT, in_choice({"message": "Bad tool.", "code": 502})),
        (RESPONSES, responses_body("", status="failed", error={"code": "invalid_prompt", "message": "Bad tool."})),
        (ANTHROPIC, {"type": "error", "error": {"type": "invalid_request_error", "message": "Bad tool."}}),
        (ANTHROPIC, {"type": "error", "error": "Bad tool."}),
        (GEMINI, {"error": {"code": 400, "message": "Bad tool.", "status": "INVALID_ARGUMENT"}}),
        (GEMINI, {"error": "Bad tool."}),
        (GEMINI, {**gemini_body(ANSWER), "error": {"code": 503, "message": "Bad tool."}}),
    ],
)
def test_an_error_with_http_200_says_so(spoken: Format, said: Json) -> None:
    error = unusable(spoken, said)
    assert error.kind is ErrorInBody
    assert "Bad tool" in error.because
    assert error.usage == (USAGE if "candidates" in said or "choices" in said or "output" in said else None)


@pytest.mark.parametrize(
    ("spoken", "said", "status", "code"),
    [
        (CHAT, {"error": {"message": "Busy.", "code": 503}}, 503, ""),
        (CHAT, {"error": {"message": "Busy.", "code": 429}}, 429, ""),
        (CHAT, in_choice({"message": "Busy.", "code": 502}, usage=None), 502, ""),
        (
            RESPONSES,
            responses_body("", usage=None, status="failed", error={"code": "server_error", "message": "Busy."}),
            500,
            "",
        ),
        *(
            (ANTHROPIC, {"type": "error", "error": {"type": code, "message": "Busy."}}, status, code)
            for code, status in (
                ("overloaded_error", 529),
                ("rate_limit_error", 429),
                ("api_error", 500),
                ("timeout_error", 504),
            )
        ),
        (GEMINI, {"error": {"code": 503, "message": "Busy.", "status": "UNAVAILABLE"}}, 503, "UNAVAILABLE"),
        (GEMINI, {"error": {"code": 429, "message": "Busy."}}, 429, ""),
    ],
)
def test_a_passing_error_with_http_200_is_worth_another_try(spoken: Format, said: Json, status: int, code: str) -> None:
    failure = failed(spoken, Says(said, headers={"Retry-After": "7"}))
    assert (failure.status, failure.code) == (status, code)
    assert "Busy" in failure.said
    assert failure.headers["retry-after"] == "7"


# Failures


@each
@pytest.mark.parametrize("status", [301, 400, 401, 404, 408, 409, 429, 500, 503, 529])
def test_an_error_status_comes_with_its_code_and_headers(spoken: Format, status: int) -> None:
    error = json.loads(json.dumps(spoken.error).replace("429", str(status)))
    said = Says(error, status, {"Retry-After": "7", "X-Should-Retry": "true", "Location": "http://another.example/"})
    failure = failed(spoken, said)
    assert failure.status == status
    assert failure.code == spoken.code
    assert str(status) in failure.said and "Slow down" in failure.said
    assert failure.headers["retry-after"] == "7"
    assert not failure.timed_out


@each
@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"Bad gateway",
        "Zugriff verweigert für Gäste".encode("latin-1"),
        b"[]",
        b"{",
        b'{"error": 3}',
        b'"no"',
        b"[" * 200_000,
    ],
    ids=lambda said: repr(said[:12]),
)
def test_a_gateways_error_is_one_whatever_it_says(spoken: Format, said: bytes) -> None:
    failure = failed(spoken, Says(said, 502, {"Content-Type": "text/html"}))
    assert failure.status == 502
    assert failure.said.startswith("HTTP 502 Bad Gateway")
    assert failure.code == ""


def test_geminis_errors_say_in_their_details_why_and_when_to_come_back() -> None:
    details = [
        {"@type": "type.googleapis.com/google.rpc.Help", "links": []},
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "37.5s"},
    ]
    error = {"error": {"code": 400, "message": "No key.", "status": "INVALID_ARGUMENT", "details": details}}
    failure = failed(GEMINI, Says(error, 400))
    assert (failure.code, failure.headers["retry-after"]) == ("API_KEY_INVALID", "37.5")
    failure = failed(GEMINI, Says([error], 400, {"Retry-After": "7"}))
    assert (failure.code, failure.headers["retry-after"]) == ("API_KEY_INVALID", "7")


def test_openrouters_moderation_is_no_want_of_permission() -> None:
    flagged = {"reasons": ["violence"], "flagged_input": "They attacked", "provider_name": "x", "model_slug": "y"}
    error = {"message": "Your input was flagged.", "code": 403}
    assert failed(CHAT, Says({"error": {**error, "metadata": flagged}}, 403)).code == "content_filter"
    assert failed(CHAT, Says({"error": {**error, "metadata": {"headers": {}}}}, 403)).code == "403"


def test_anthropics_errors_say_in_their_details_why() -> None:
    details = {"error_code": "enforced_spend_limit_reached"}
    error = {"type": "error", "error": {"type": "rate_limit_error", "message": "Spent.", "details": details}}
    assert failed(ANTHROPIC, Says(error, 429)).code == "enforced_spend_limit_reached"


@each
@pytest.mark.parametrize("abruptly", [False, True])
def test_a_service_that_hangs_up_is_not_reached(spoken: Format, abruptly: bool) -> None:
    failure = failed(spoken, HangUp(abruptly))
    assert failure.status is None and not failure.timed_out
    assert failure.said


@each
def test_a_service_that_stays_silent_is_given_up_in_time(spoken: Format) -> None:
    failure = failed(spoken, Silence(), timeout=0.05)
    assert failure.status is None and failure.timed_out


@each
def test_a_service_that_is_not_there_is_not_reached(spoken: Format) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(CallFailed) as caught:
            send(spoken.wire(connection(url)), request())
    assert caught.value.status is None and not caught.value.timed_out
    assert caught.value.said


@each
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full queue refuses connections")
def test_a_service_that_takes_no_connection_is_given_up_in_time_and_cannot_have_worked(spoken: Format) -> None:
    with socket.socket() as busy, contextlib.ExitStack() as waiting:
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        for _ in range(4):
            queued = waiting.enter_context(socket.socket())
            queued.setblocking(False)
            queued.connect_ex(busy.getsockname())
        url = f"http://127.0.0.1:{busy.getsockname()[1]}"
        with pytest.raises(CallFailed, match="no connection in time") as caught:
            send(spoken.wire(connection(url, connect_timeout=0.1)), request())
    assert caught.value.status is None and not caught.value.timed_out


def test_nothing_is_printed_about_keys_in_the_environment() -> None:
    pytest.importorskip("google.genai")
    program = (
        "import asyncio\n"
        "from extractor.providers.connection import Connection\n"
        "from extractor.providers.google_genai import GoogleGenAI\n"
        "asyncio.run(GoogleGenAI('m', Connection('http://127.0.0.1:1', 'k', 1, 1)).close())\n"
    )
    environment = {**os.environ, "GOOGLE_API_KEY": "a", "GEMINI_API_KEY": "b"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
