"""What a large corpus will take: calls, tokens, dollars, hours and bytes, from what is measured and what you assume.

    python benchmarks/plan.py --articles 50000000 --model openai/gpt-5-mini [--article-chars 3000] ...

What is measured comes from the recorded articles (the seeds): characters of a request and of its answer, re-asks,
bytes kept of each, processor time. All else is an option, with a default that is an assumption and no measurement.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

from extractor.pipeline import extract_article
from extractor.prompt import load_prompt
from extractor.providers.base import Completion, Request, TokenCount
from extractor.providers.opening import Terms, price_of
from extractor.providers.table import parse_model_name
from extractor.readers import read_articles
from extractor.recordings import Mode, RecordedModel, RecordingFolder
from extractor.runner import Options, run
from extractor.spool import line_of
from extractor.writers import FORMATS, files_of

ROOT = Path(__file__).parents[1]
RECORDED = "compatible/claude"


@dataclass(frozen=True)
class Measured:
    """Means over the recorded articles; characters are of one call, bytes and processor time of one article."""

    articles: int
    calls: float
    overhead_chars: float
    article_chars: float
    answer_chars: float
    answer_bytes: float
    result_bytes: float
    output_bytes: float
    cpu_ms: float


class Counting:
    """A model that counts the characters of what passes."""

    def __init__(self, model: RecordedModel) -> None:
        self._model = model
        self.name = model.name
        self.calls = self.read = self.written = 0

    async def complete(self, request: Request) -> Completion:
        completion = await self._model.complete(request)
        self.calls += 1
        self.read += request.characters
        self.written += sum(len(call.arguments) for call in completion.tool_calls) + len(completion.text or "")
        return completion

    async def close(self) -> None: ...


async def measure(news: list[Path], fixtures: Path) -> Measured:
    model = Counting(RecordedModel(RECORDED, RecordingFolder(fixtures), Mode.REPLAY))
    prompt, texts = load_prompt(None), read_articles(news).articles
    for article in texts:  # what is loaded once is not an article's
        await extract_article(article, model, prompt)
    model.calls = model.read = model.written = 0
    began = time.process_time()
    results = [await extract_article(article, model, prompt) for article in texts]
    cpu = time.process_time() - began
    with await run(news, Options(model=RECORDED, mode=Mode.REPLAY, fixtures=fixtures, no_cache=True)) as done:
        output = len(files_of(done.findings, FORMATS["jsonl"])[""])
    names = {article.name for article in texts}
    kept = [one for _, one in RecordingFolder(fixtures).recordings() if one.article in names and one.model == RECORDED]
    chars = sum(len(article.text) for article in texts)
    count = len(texts)
    return Measured(
        articles=count,
        calls=model.calls / count,
        overhead_chars=(model.read - chars) / model.calls,
        article_chars=chars / count,
        answer_chars=model.written / model.calls,
        answer_bytes=sum(len(one.model_dump_json(by_alias=True).encode()) for one in kept) / count,
        result_bytes=sum(len(line_of(result)) for result in results) / count,
        output_bytes=output / count,
        cpu_ms=1000 * cpu / count,
    )


def plan(measured: Measured, chosen: argparse.Namespace) -> list[tuple[str, str, str]]:
    """Rows of quantity, value and formula."""
    length = chosen.article_chars or measured.article_chars
    size = length / measured.article_chars
    count, per_token = chosen.articles, chosen.chars_per_token
    calls = count * measured.calls
    read = (measured.overhead_chars + length) / per_token
    written = size * measured.answer_chars / per_token
    cached = chosen.cached * measured.overhead_chars / per_token
    one = TokenCount(round(read), round(written), round(cached))
    price = price_of(parse_model_name(chosen.model), Terms(base_url=chosen.base_url, price=chosen.price))
    full, batch = (cost and calls * float(cost) for cost in (price.of(one), price.of_batch(one)))
    tokens = calls * (read + written)
    gpu = calls * (read / chosen.gpu_read + written / chosen.gpu_written) / 3600
    cpu = count * size * measured.cpu_ms / 3.6e6
    return [
        ("calls", f"{calls:,.0f}", "articles x calls per article"),
        ("tokens read", f"{calls * read:,.0f}", "calls x (overhead + article) / characters per token"),
        ("tokens written", f"{calls * written:,.0f}", "calls x answer / characters per token"),
        (f"{chosen.model}, live", dollars(full), "calls x price of a call"),
        (f"{chosen.model}, by batch", dollars(batch), "calls x price of a call at the batch rate"),
        ("hours, by requests in flight", f"{calls * chosen.latency / chosen.concurrency / 3600:,.0f}",
         "calls x seconds / concurrency"),
        ("hours, by tokens a minute", f"{tokens / chosen.tpm / 60:,.0f}", "tokens / tpm"),
        ("GPU hours, own servers", f"{gpu:,.0f}", "calls x (read / read per s + written / written per s)"),
        ("own servers", dollars(gpu * chosen.gpu_price), "GPU hours x price"),
        ("hours, own servers", f"{gpu / chosen.gpus:,.0f}", "GPU hours / GPUs"),
        ("processor hours", f"{cpu:,.0f}", "articles x ms"),
        ("answers kept", terabytes(count * size * measured.answer_bytes), "articles x bytes of an answer"),
        ("results on their way, each of twice", terabytes(count * size * measured.result_bytes), "articles x bytes"),
        ("output, JSON Lines", terabytes(count * size * measured.output_bytes), "articles x bytes"),
    ]  # fmt: skip


def dollars(amount: float | Decimal | None) -> str:
    return "unknown" if amount is None else f"${amount:,.0f}"


def terabytes(amount: float) -> str:
    return f"{amount / 1e12:.2f} TB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=50_000_000)
    parser.add_argument("--model", default="openai/gpt-5-mini")
    parser.add_argument("--base-url")
    parser.add_argument("--price", help="READ/WRITTEN, where the published price is not yours")
    parser.add_argument("--article-chars", type=float, help="characters of your articles; answers go with them")
    parser.add_argument("--chars-per-token", type=float, default=4.0)
    parser.add_argument("--cached", type=float, default=0.0, help="share of prompt and schema that a cache gives")
    parser.add_argument("--latency", type=float, default=20.0, help="seconds that an answer takes")
    parser.add_argument("--concurrency", type=int, default=1000)
    parser.add_argument("--tpm", type=float, default=10e6, help="tokens a minute that the account is allowed")
    parser.add_argument("--gpu-read", type=float, default=20_000, help="tokens that a GPU reads a second")
    parser.add_argument("--gpu-written", type=float, default=2_000, help="tokens that a GPU writes a second")
    parser.add_argument("--gpu-price", type=float, default=2.5, help="dollars for an hour of a GPU")
    parser.add_argument("--gpus", type=int, default=64)
    parser.add_argument("--news", type=Path, nargs="+", default=[ROOT / "seeds"])
    parser.add_argument("--fixtures", type=Path, default=ROOT / "fixtures")
    chosen = parser.parse_args()
    measured = asyncio.run(measure(chosen.news, chosen.fixtures))
    print(f"measured over {measured.articles} recorded articles:")
    for name, value in vars(measured).items():
        print(f"  {name.replace('_', ' '):16}{value:,.2f}")
    print(f"prices of genai-prices {version('genai-prices')}; for {chosen.articles:,} articles:")
    for name, value, formula in plan(measured, chosen):
        print(f"  {name:38}{value:>20}   {formula}")


if __name__ == "__main__":
    sys.exit(main())
