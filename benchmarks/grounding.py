"""Measures grounding: what is found rightly, what wrongly, and how the time grows with the article.

    python benchmarks/grounding.py [--langextract]

Every figure is measured in this run, over the articles in `seeds`; with `--langextract` also for LangExtract's aligner
with its defaults, called as its own resolver calls it.
"""

from __future__ import annotations

import argparse
import logging
import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from extractor.grounding import GroundedText, normalise  # noqa: E402 -- a script is run from anywhere

Span = tuple[int, int] | None
Aligner = Callable[[str, Sequence[str]], list[Span]]

SIZES = (4_000, 40_000, 400_000)
QUOTES = 15
TYPOGRAPHY = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "\u00a0": " "})
FLIPS = (
    (r"\b35\b", "53"), (r"\b31\b", "13"), (r"\b72\b", "27"), (r"\b96\b", "69"), (r"\b20(\d\d)\b", r"19\1"),
    (r"[Tt]hirty-five", "forty-five"), (r"\btwo\b", "three"), (r"\bnine\b", "seven"), (r"\bfour\b", "five"),
    (r"\bThursday\b", "Tuesday"), (r"\bFriday\b", "Monday"), (r"\bSaturday\b", "Sunday"), (r"\bDecember\b", "October"),
    (r"\bPutin\b", "Lavrov"), (r"\bObama\b", "Clinton"), (r"\bLavrov\b", "Putin"), (r"\bTrump\b", "Obama"),
    (r"\bwon't\b", "will"), (r"\bwill not\b", "will"), (r"\bwill\b", "won't"), (r"\bhas\b", "has not"),
    (r"\bwas\b", "was not"), (r"\bwere\b", "were not"), (r"\bdenies\b", "confirms"), (r"\bdenied\b", "confirmed"),
)  # fmt: skip


def grounded(text: str, quotes: Sequence[str]) -> list[Span]:
    """The spans that this project's grounding gives."""
    return [(found.start, found.end) if found else None for found in GroundedText(text).locate_all(quotes)]


def langextract_aligner() -> Aligner:
    """LangExtract's aligner as `Resolver.align` calls it, or an error where it is not installed."""
    try:
        import langextract as _  # type: ignore[import-not-found, unused-ignore]  # noqa: F401
    except ModuleNotFoundError:
        raise SystemExit("LangExtract is not installed: pip install langextract==1.7.1") from None
    from langextract.core.data import Extraction  # type: ignore[import-not-found, unused-ignore]
    from langextract.resolver import WordAligner  # type: ignore[import-not-found, unused-ignore]

    logging.disable(logging.WARNING)

    def align(text: str, quotes: Sequence[str]) -> list[Span]:
        extractions = [Extraction(extraction_class="quote", extraction_text=quote) for quote in quotes]
        WordAligner().align_extractions([extractions], text, 0, 0)
        intervals = [extraction.char_interval for extraction in extractions]
        return [(found.start_pos, found.end_pos) if found else None for found in intervals]

    return align


def sentences_of(text: str) -> list[tuple[int, int]]:
    """The spans of the sentences of an article, line by line."""
    article = GroundedText(text)
    spans: list[tuple[int, int]] = []
    for word in re.finditer(r"\w+", text):
        span = article.sentence_around(*word.span())
        if not spans or spans[-1] != span:
            spans.append(span)
    return spans


def read_articles() -> list[tuple[str, list[tuple[int, int]]]]:
    """The seeds' texts, each with its sentences' spans."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    return [(text, sentences_of(text)) for text in texts]


Articles = list[tuple[str, list[tuple[int, int]]]]


def verbatim(align: Aligner, articles: Articles) -> tuple[int, int]:
    """How many sentences, asked in shuffled order, are found whole at one of their places, of how many."""
    right = asked = 0
    for text, spans in articles:
        shuffled = random.Random(0).sample(spans, len(spans))
        found = align(text, [text[start:end] for start, end in shuffled])
        right += sum(bool(got) and text[slice(*got)] == text[slice(*span)]
                     for got, span in zip(found, shuffled, strict=True) if got)  # fmt: skip
        asked += len(spans)
    return right, asked


def straightened(align: Aligner, articles: Articles) -> tuple[int, int]:
    """How many sentences with curly marks or odd spaces are found whole when asked in plain typography, of how many."""
    right = asked = 0
    for text, spans in articles:
        for start, end in spans:
            plain = text[start:end].translate(TYPOGRAPHY)
            if plain != text[start:end]:
                got = align(text, [plain])[0]
                right += got is not None and text[slice(*got)].translate(TYPOGRAPHY) == plain
                asked += 1
    return right, asked


def absent(align: Aligner, articles: Articles) -> tuple[int, int]:
    """How many sentences are given a span in an article that does not hold their words, of how many asked."""
    wrong = asked = 0
    for text, _ in articles:
        for other, spans in articles:
            sentences = [other[start:end] for start, end in spans]
            foreign = [s for s in sentences if normalise(s).strip("\"'. ") not in normalise(text)]
            wrong += sum(align(text, [sentence])[0] is not None for sentence in foreign)
            asked += len(foreign)
    return wrong, asked


def flipped(align: Aligner, articles: Articles) -> tuple[int, int]:
    """How many sentences with one fact changed are given a span in their own article, of how many asked."""
    wrong = asked = 0
    for text, spans in articles:
        flips = {re.sub(fact, other, text[a:b], count=1) for a, b in spans for fact, other in FLIPS}
        untrue = sorted(flip for flip in flips if normalise(flip) not in normalise(text))
        wrong += sum(align(text, [flip])[0] is not None for flip in untrue)
        asked += len(untrue)
    return wrong, asked


def text_of(size: int, articles: Articles) -> str:
    """A text of about a size, the seeds' sentences again and again, every round with its own numbers and names."""
    rounds: list[str] = []
    length = 0
    while length < size:
        for text, _ in articles:
            mark = f"X{len(rounds)}"
            rounds.append(re.sub(r"\b(Russian?|Putin|Obama|US)\b", rf"\g<0>{mark}", text))
            length += len(rounds[-1])
    return "\n".join(rounds)[:size]


def paraphrased(quote: str) -> str:
    """The quotation with every sixth word changed for another."""
    return " ".join("whereupon" if at % 6 == 3 else word for at, word in enumerate(quote.split()))


def quotes_for(text: str, task: str, articles: Articles) -> list[str]:
    """Fifteen quotations of a text's sentences, shuffled; for `absent` none of their words stands in the text so."""
    rng = random.Random(1)
    spans = [span for span in sentences_of(text) if span[1] - span[0] > 60]
    quotes = [text[start:end] for start, end in rng.sample(spans, QUOTES)]
    if task == "absent":
        words = [word for article, _ in articles for word in article.split()]
        return [" ".join(rng.sample(words, len(quote.split()))) for quote in quotes]
    return [paraphrased(quote) for quote in quotes] if task == "paraphrased" else quotes


def seconds(align: Aligner, text: str, quotes: Sequence[str], repeats: int) -> float:
    """The least processor time of preparing a text and asking for all quotations: what other programs do stays out."""
    times = []
    for _ in range(repeats):
        began = time.process_time()
        align(text, quotes)
        times.append(time.process_time() - began)
    return min(times)


def print_accuracy(aligners: dict[str, Aligner], articles: Articles) -> None:
    """Prints the accuracy table."""
    rows = {
        "verbatim, shuffled: found whole": verbatim,
        "typography straightened: found whole": straightened,
        "absent sentence: wrongly given a span": absent,
        "one fact flipped: wrongly given a span": flipped,
    }
    print(f"{'':40}" + "".join(f"{name:>20}" for name in aligners))
    for label, measure in rows.items():
        cells = ("{} of {}".format(*measure(align, articles)) for align in aligners.values())
        print(f"{label:40}" + "".join(f"{cell:>20}" for cell in cells))


def print_times(aligners: dict[str, Aligner], articles: Articles, repeats: int) -> None:
    """Prints the time of fifteen quotations by size, and each time's ratio to the smallest text's."""
    print(
        f"\n{f'{QUOTES} quotes, CPU ms (ratio to {SIZES[0] // 1000} KB)':40}"
        + "".join(f"{name:>20}" for name in aligners)
    )
    texts = [text_of(size, articles) for size in SIZES]
    for task in ("verbatim", "paraphrased", "absent"):
        first: dict[str, float] = {}
        for text in texts:
            quotes = quotes_for(text, task, articles)
            row = f"{task + f', {len(text) // 1000} KB':40}"
            for name, align in aligners.items():
                taken = seconds(align, text, quotes, repeats if name == "grounding" else 1)
                first.setdefault(name, taken)
                row += f"{f'{taken * 1000:.1f} (x{taken / first[name]:.0f})':>20}"
            print(row, flush=True)


def main() -> None:
    """Runs the benchmark."""
    parser = argparse.ArgumentParser(description="Measures grounding's accuracy and its time.")
    parser.add_argument("--langextract", action="store_true", help="measure LangExtract's aligner side by side")
    parser.add_argument(
        "--repeats", type=int, default=5, help="runs of which the least time is given (LangExtract: one run)"
    )
    options = parser.parse_args()
    aligners: dict[str, Aligner] = {"grounding": grounded}
    if options.langextract:
        aligners["LangExtract"] = langextract_aligner()
    articles = read_articles()
    print_accuracy(aligners, articles)
    print_times(aligners, articles, options.repeats)


if __name__ == "__main__":
    main()
