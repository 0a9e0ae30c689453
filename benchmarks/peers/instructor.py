"""instructor: its CitationMixin as its documentation shows it, and our own schema asked for in a loop without more.

The same loop with the openai SDK and pydantic alone is what a careful programmer writes in an afternoon, and the
measure of all others: it asks, honours Retry-After, parses, and does nothing else.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import instructor
from instructor import CitationMixin

from benchmarks.news import news, number_in
from benchmarks.peers.serving import serve
from benchmarks.peers.working import texts_in, worked

Span = tuple[int, int] | None


def ground(text: str, records: Sequence[Sequence[str]]) -> list[list[Span]]:
    """The span of each quotation; one by one, since the mixin leaves out those that it does not find."""
    return [[_span(text, quotation) for quotation in record] for record in records]


def _span(text: str, quotation: str) -> Span:
    return next(iter(CitationMixin(substring_quotes=[quotation]).get_spans(text)), None)


def time_grounding(path: str, quotations: Sequence[str]) -> dict[str, float]:
    """The processor time of finding the quotations in a file's text, and how many were found."""
    text = Path(path).read_text(encoding="utf-8")
    began = time.process_time()
    spans = ground(text, [quotations])[0]
    return {"seconds": time.process_time() - began, "found": sum(span is not None for span in spans)}


Ask = Callable[[list[dict[str, str]]], Awaitable[Any]]


def extract(folder: str, url: str, work: str, concurrency: int) -> dict[str, float | int | str]:  # noqa: ARG001
    """Our prompt and schema through instructor, so many at once; nothing is kept."""
    from openai import AsyncOpenAI

    from extractor.schema.claims import Extraction

    async def read() -> list[int]:
        async with AsyncOpenAI(base_url=f"{url}/v1", api_key="none", max_retries=5) as sdk:
            client = instructor.from_openai(sdk)

            async def ask(messages: list[dict[str, str]]) -> Extraction:
                return await client.create(
                    model="loopback", messages=messages, response_model=Extraction, max_retries=1
                )  # type: ignore[no-any-return, unused-ignore]

            return await _all(folder, ask, concurrency)

    return worked(lambda: asyncio.run(read()))


def extract_bare(folder: str, url: str, work: str, concurrency: int) -> dict[str, float | int | str]:  # noqa: ARG001
    """Our prompt and schema through the openai SDK and pydantic, so many at once; nothing is kept."""
    from openai import AsyncOpenAI, pydantic_function_tool

    from extractor.schema.claims import Extraction

    tool = pydantic_function_tool(Extraction)

    async def read() -> list[int]:
        async with AsyncOpenAI(base_url=f"{url}/v1", api_key="none", max_retries=5) as sdk:

            async def ask(messages: Any) -> Extraction:
                said = await sdk.chat.completions.create(model="loopback", messages=messages, tools=[tool])
                (call,) = said.choices[0].message.tool_calls or ()
                return Extraction.model_validate_json(call.function.arguments)  # type: ignore[union-attr, unused-ignore]

            return await _all(folder, ask, concurrency)

    return worked(lambda: asyncio.run(read()))


def scripted(folder: str) -> dict[str, float | int | str]:
    """One article after the other through instructor, with a model in this process that has its answer ready."""
    from openai.types.chat import ChatCompletion

    from extractor.schema.claims import Extraction

    ready = {number_in(text): json.dumps(news(number_in(text) or 0).answer) for _, text in texts_in(folder)}

    async def complete(**arguments: Any) -> ChatCompletion:
        answer = ready[number_in(arguments["messages"][-1]["content"])]
        call = {"id": "call_1", "type": "function", "function": {"name": "Extraction", "arguments": answer}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        return ChatCompletion.model_validate(
            {
                "id": "x", "object": "chat.completion", "created": 0, "model": "scripted",
                "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls", "logprobs": None}],
                "usage": {"prompt_tokens": 5000, "completion_tokens": 3000, "total_tokens": 8000},
            }
        )  # fmt: skip

    create: Any = instructor.patch(create=complete, mode=instructor.Mode.TOOLS)

    async def ask(messages: list[dict[str, str]]) -> Extraction:
        return await create(model="scripted", messages=messages, response_model=Extraction, max_retries=1)  # type: ignore[no-any-return]

    return worked(lambda: asyncio.run(_all(folder, ask, 1)))


async def _all(folder: str, ask: Ask, concurrency: int) -> list[int]:
    """How many records each article's answer has."""
    from extractor.prompt import fence_for, load_prompt

    prompt, gate = load_prompt(), asyncio.Semaphore(concurrency)

    async def one(text: str) -> int:
        async with gate:
            found = await ask(prompt.messages(text, fence_for(text)))
        return len(found.actions) + len(found.sanctions) + len(found.statements)

    # As a careful loop does: one call's error costs no other's answer.
    counts = await asyncio.gather(*(one(text) for _, text in texts_in(folder)), return_exceptions=True)
    return [count if isinstance(count, int) else 0 for count in counts]


if __name__ == "__main__":
    serve(
        {
            "ground": ground,
            "time_grounding": time_grounding,
            "extract": extract,
            "extract_bare": extract_bare,
            "scripted": scripted,
        }
    )
