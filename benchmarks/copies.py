"""What finding copies takes, and how well copies and updates are told apart on made pairs.

    python benchmarks/copies.py [--articles 100000] [--library]

First, from each article of `seeds/` and `gold/invented/`, copies are made as syndication makes them, and updates that
differ in one fact; how many of each are taken for copies. Then a corpus of made articles, one in ten a copy, goes
through the stage in a process of its own: articles a second, and the peak of resident memory. `--library` measures
rensa and datasketch alone, side by side (datasketch has to be installed).
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from extractor.copies.similar import jaccard, runs_of
from extractor.copies.telling import tells_nothing_new
from extractor.grounding import normalise
from extractor.grounding.boundaries import sentence_starts

ROOT = Path(__file__).parents[1]
THRESHOLD = 0.8
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
Change = Callable[[str], str | None]


def replaced(pattern: str, put: Callable[[re.Match[str]], str]) -> Change:
    """A change of the match in the middle of a text; None where nothing matches."""

    def change(text: str) -> str | None:
        found = list(re.finditer(pattern, text))
        if not found:
            return None
        at = found[len(found) // 2]
        return text[: at.start()] + put(at) + text[at.end() :]

    return change


def cut(text: str) -> str | None:
    starts = sentence_starts(text)
    return text[: starts[-2]] if len(starts) > 6 else None


def moved(text: str) -> str | None:
    parts = text.split("\n\n")
    return "\n\n".join([*parts[:-2], parts[-1], parts[-2]]) if len(parts) > 3 else None


def wrapped(text: str) -> str | None:
    import textwrap

    parts = text.split("\n\n")
    return "\n\n".join(textwrap.fill(part, 70, break_on_hyphens=False) for part in parts) if len(parts) > 2 else None


COPIES: dict[str, Change] = {
    "typography": lambda text: text.replace("'", "’").replace(" - ", " — ").replace('"', "“"),
    "the last sentences cut": cut,
    "a paragraph moved": moved,
    "lines wrapped, and a credit": lambda text: (new := wrapped(text)) and f"{new}\n\nReporting by Jane Doe",
    "a byline": lambda text: f"By Jane Doe and John Roe\n\n{text}",
    "a place and an agency before it": lambda text: f"LONDON (Reuters) - {text}",
    "furniture": lambda text: f"{text}\n\nRead more: How the crisis began\n\nAll rights reserved.",
    "American spelling": replaced(
        r"\b\w{3,}(?:isation|ised|ising)\b|\b(?:favour|honour|labour|neighbour|behaviour)\w*",
        lambda at: at[0].replace("is", "iz").replace("our", "or"),
    ),
}
UPDATES: dict[str, Change] = {
    "a number": replaced(r"\b\d{1,3}\b", lambda at: str(int(at[0]) + 1)),
    "a number word": replaced(r"\b(?:two|three|five|ten|dos|tres)\b", lambda _: "seven"),
    "a weekday": replaced(rf"\b(?:{_DAYS})\b", lambda at: "Saturday" if at[0] != "Saturday" else "Sunday"),
    "a month": replaced(rf"\b(?:{_MONTHS})\b", lambda at: "March" if at[0] != "March" else "June"),
    "a name": replaced(r"(?<=[a-z,] )[A-Z][a-z]{3,}", lambda _: "Ruritania"),
    "a negation more": replaced(r"\b(?:has|have|was|were|will|would|is)\b", lambda at: f"{at[0]} not"),
    "a negation less": replaced(r" not\b| no\b", lambda _: ""),
    "a modal": replaced(r"\bhas|have|had\b", lambda _: "may have"),
    "another verb": replaced(r"\b(?:expelled|imposed|ordered|closed|recalled|said)\b", lambda _: "withdrew"),
    "a clause more": replaced(r"\.\n", lambda _: ", after talks had failed.\n"),
    "a sentence more": lambda text: f"{text}\n\nThe sanctions were lifted later.",
    "a denial around a sentence": replaced(r"(?<=\. )The ", lambda _: "Officials denied that the "),
    "two numbers exchanged": lambda text: (
        text.replace(found[0], "\0", 1).replace(found[1], found[0], 1).replace("\0", found[1], 1)
        if len(found := list(dict.fromkeys(re.findall(r"\b\d{2,4}\b", text)))) > 1
        else None
    ),
}


def pairs() -> None:
    texts = [
        file.read_text(encoding="utf-8")
        for file in sorted([*(ROOT / "seeds").glob("*.txt"), *(ROOT / "gold" / "invented").glob("*.txt")])
    ]
    for title, changes in (("copies", COPIES), ("updates", UPDATES)):
        taken = made = 0
        for name, change in changes.items():
            changed = [(text, new) for text in texts if (new := change(text)) is not None and new != text]
            similar = [(text, new) for text, new in changed if similarity(text, new) >= THRESHOLD]
            same = [tells_nothing_new(text, new) for text, new in similar]
            print(f"  {name}: {len(changed)} pairs, {len(similar)} similar enough, {sum(same)} taken for copies")
            taken, made = taken + sum(same), made + len(changed)
        print(f"{title}: {made} pairs, {taken} taken for copies")


def similarity(one: str, other: str) -> float:
    return jaccard(*(runs_of(normalise(text).strip()) for text in (one, other)))


STAGE = """
import sys, time
sys.path.insert(0, sys.argv[1])
from benchmarks.copies import corpus
from extractor.copies import distinct
from extractor.readers import Article
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024
class Stream:
    repeats = []
    def __iter__(self):
        return (Article(f"a{number}", text) for number, text in enumerate(corpus(int(sys.argv[2]))))
near = float(sys.argv[3]) or None
before, began = peak(), time.process_time()
for _ in Stream(): pass
making = time.process_time() - began
found = distinct(Stream(), near)
began = time.process_time()
kept = sum(1 for _ in found)
print(kept, peak(), 1000 * (time.process_time() - began - making) / int(sys.argv[2]))
"""
WORDS = [f"{a}{b}{c}" for a in "bcdfglmnprst" for b in "aeiou" for c in ("l", "n", "r", "st", "nder", "ming", "lation")]


def corpus(count: int) -> Iterator[str]:
    chance = random.Random(3)
    text = ""
    for number in range(count):
        if number % 10:
            sentences = (" ".join(chance.choices(WORDS, k=20)).capitalize() + "." for _ in range(20))
            text = "\n\n".join(sentences)
            yield text
        else:
            yield f"{text}\n\nReporting by Jane Doe"


def stage(count: int) -> None:
    for near in (0.0, THRESHOLD):
        told = [sys.executable, "-c", STAGE, str(ROOT), str(count), str(near)]
        done = subprocess.run(told, capture_output=True, text=True, check=True)
        kept, peak, each = map(float, done.stdout.split())
        took = f"{peak:.0f} MB at the peak, {each:.2f} ms of processor time an article"
        print(f"near {near}: {count} articles, {kept:.0f} left, {took}", flush=True)


LIBRARY = """
import random, sys, time
which, count = sys.argv[1], int(sys.argv[2])
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024
words = [f"w{number}" for number in range(20_000)]
if which == "rensa":
    from rensa import RMinHash, RMinHashLSH
    index = RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
else:
    from datasketch import MinHash, MinHashLSH
    index = MinHashLSH(threshold=0.8, num_perm=128, params=(16, 8))
before, took = peak(), 0.0
for number in range(count):
    text = random.Random(number).choices(words, k=400)
    runs = [" ".join(text[at : at + 5]) for at in range(396)]
    began = time.process_time()
    if which == "rensa":
        sketch = RMinHash(128, 42)
        sketch.update(runs)
    else:
        sketch = MinHash(128, seed=42)
        sketch.update_batch([run.encode() for run in runs])
    index.query(sketch)
    index.insert(number, sketch)
    took += time.process_time() - began
print(f"{which}: {1000 * took / count:.2f} ms an article, {peak() - before:.0f} MB for {count}")
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--library", action="store_true")
    told = parser.parse_args()
    if told.library:
        for which in ("rensa", "datasketch"):
            subprocess.run([sys.executable, "-c", LIBRARY, which, str(told.articles)], check=True)
        return
    pairs()
    stage(told.articles)


if __name__ == "__main__":
    main()
