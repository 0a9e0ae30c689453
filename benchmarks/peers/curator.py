"""Bespoke Labs' Curator: one `LLM` with our schema as its response format, over the articles."""

from __future__ import annotations

import os
from typing import Any

from benchmarks.peers.serving import serve
from benchmarks.peers.working import encodings, texts_in, worked

os.environ |= {"TELEMETRY_ENABLED": "false", "CURATOR_DISABLE_RICH_DISPLAY": "1", "OPENAI_API_KEY": "none"}
# Its defaults without rate limits in the service's headers are 200 requests and 100,000 tokens a minute.
_UNLIMITED = {"max_requests_per_minute": 1_000_000, "max_tokens_per_minute": 10_000_000_000}


def extract(folder: str, url: str, work: str, concurrency: int) -> dict[str, float | int | str]:
    """All articles, so many at once, with its cache in the folder `work`."""
    os.environ["CURATOR_CACHE_DIR"] = work
    os.environ["TIKTOKEN_CACHE_DIR"] = encodings()
    from bespokelabs import curator

    from extractor.prompt import fence_for, load_prompt
    from extractor.schema.claims import Extraction

    prompt = load_prompt()

    class Reader(curator.LLM):  # type: ignore[misc, unused-ignore]
        response_format = Extraction

        def prompt(self, row: dict[str, str]) -> list[dict[str, str]]:
            return prompt.messages(row["text"], fence_for(row["text"]))

        def parse(self, row: dict[str, str], response: Any) -> dict[str, Any]:
            records = len(response.actions) + len(response.sanctions) + len(response.statements)
            return {"name": row["name"], "records": records, "answer": response.model_dump_json()}

    def read() -> list[int]:
        reader = Reader(
            model_name="loopback",
            backend="openai",
            backend_params={**_UNLIMITED, "base_url": f"{url}/v1", "max_concurrent_requests": concurrency},
        )
        found = reader([{"name": name, "text": text} for name, text in texts_in(folder)], working_dir=work)
        return [row["records"] for row in found.dataset]

    return worked(read)


if __name__ == "__main__":
    serve({"extract": extract})
