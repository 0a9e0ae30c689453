"""Our own tool, spoken to as the peers are."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.news import news, number_in
from benchmarks.peers.serving import serve
from benchmarks.peers.working import texts_in, worked

Span = tuple[int, int] | None


def ground(text: str, records: Sequence[Sequence[str]]) -> list[list[Span]]:
    """The span of each quotation; those of a record are asked together, as the pipeline does."""
    from extractor.grounding import GroundedText

    grounded = GroundedText(text)
    return [
        [(found.start, found.end) if found else None for found in grounded.locate_all(record)] for record in records
    ]


def time_grounding(path: str, quotations: Sequence[str]) -> dict[str, float]:
    """The processor time of preparing a file's text and finding all the quotations, and how many were found."""
    text = Path(path).read_text(encoding="utf-8")
    began = time.process_time()
    spans = ground(text, [quotations])[0]
    return {"seconds": time.process_time() - began, "found": sum(span is not None for span in spans)}


def extract(folder: str, url: str, work: str, concurrency: int, **options: Any) -> dict[str, float | int | str]:
    """What the command does: read the articles, ask, check, keep every answer in the store, write the output.

    `read` is the seconds until the last article was read and checked; what follows brings records together.
    """
    from extractor.runner import Options, run
    from extractor.writers import to_json

    began, done = time.perf_counter(), [time.perf_counter()]

    def read() -> list[int]:
        settings = Options(
            model="compatible/loopback",
            base_url=f"{url}/v1",
            cache=Path(work, "store"),
            concurrency=concurrency,
            **options,
        )
        working = run([folder], settings, lambda *_: done.append(time.perf_counter()), spill_after=None)
        with asyncio.run(working) as finished:
            result = finished.result
        Path(work, "events.json").write_bytes(to_json(result))
        counts = Counter(record.article for record in result.records)
        return [counts[article.id] for article in result.articles if article.outcome == "done"]

    return worked(read) | {"read": done[-1] - began}


def replay(folder: str, work: str) -> dict[str, float | int | str]:
    """The same from the store that `extract` has left in its folder, asking nobody."""
    import extractor
    from extractor.writers import to_json

    def read() -> list[int]:
        result = extractor.extract(
            folder, model="compatible/loopback", mode="replay", cache=Path(work, "store"), fixtures=Path(work, "none")
        )
        Path(work, "replayed.json").write_bytes(to_json(result))
        return [1 for article in result.articles if article.outcome == "done"]

    return worked(read)


def scripted(folder: str) -> dict[str, float | int | str]:
    """One article after the other with a model in this process that has its answer ready: no network and no store."""
    from extractor.pipeline import extract_article
    from extractor.prompt import load_prompt
    from extractor.providers.base import Completion, Request, TokenCount, ToolCall
    from extractor.readers import read_articles

    ready = {number_in(text): _answer(text) for _, text in texts_in(folder)}

    class Scripted:
        name = "compatible/scripted"

        async def complete(self, request: Request) -> Completion:
            answer = ready[number_in(request.subject.article_text)]
            return Completion("tool_calls", (ToolCall("Extraction", answer),), usage=TokenCount(5000, 3000))

        async def close(self) -> None: ...

    async def all_of_them() -> list[int]:
        articles = read_articles([folder]).articles
        return [len((await extract_article(article, Scripted(), load_prompt())).records) for article in articles]

    return worked(lambda: asyncio.run(all_of_them()))


def _answer(text: str) -> str:
    return json.dumps(news(number_in(text) or 0).answer, ensure_ascii=False)


if __name__ == "__main__":
    serve(
        {
            "ground": ground,
            "time_grounding": time_grounding,
            "extract": extract,
            "replay": replay,
            "scripted": scripted,
        }
    )
