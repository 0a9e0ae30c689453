"""What reading takes: a corpus of rows is written, and read as a stream in a process of its own.

    python benchmarks/streaming.py [--rows 100000] [--kinds jsonl.zst,jsonl,csv.gz,parquet]

prints for each kind the rows, the bytes as they lie and unpacked, the peak of the memory that the process holds
(resident, the interpreter and the modules included, and what of it the reading added), and rows a second.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

WORDS = "the minister said that two diplomats of Norvania had been expelled on Monday after talks there".split()
READ = """
import sys, time
from pathlib import Path
from extractor.readers import Article, stream_articles
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1024
if sys.argv[1].endswith("parquet"):
    import pyarrow.parquet
if sys.argv[1].endswith("zst"):
    import zstandard
before, began = peak(), time.perf_counter()
stream = stream_articles([sys.argv[1]])
count = sum(isinstance(item, Article) for item in stream)
print(count, peak(), peak() - before, count / (time.perf_counter() - began))
"""


def rows(count: int) -> Iterator[dict[str, str]]:
    chance = random.Random(1)
    for number in range(count):
        text = " ".join(chance.choices(WORDS, k=500))
        yield {"id": str(number), "published": "2017-01-03", "source": "AP", "text": f"{number} {text}"}


def write(path: Path, count: int) -> int:
    """Write the corpus; the bytes before packing."""
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(list(rows(count))), path)
        return path.stat().st_size
    with opened(path) as file:
        return sum(file.write(line(path, row, first=not number)) for number, row in enumerate(rows(count)))


def opened(path: Path) -> IO[bytes]:
    if path.suffix == ".zst":
        import zstandard

        packed: Any = zstandard.open(path, "wb")
        return packed
    return gzip.open(path, "wb", 1) if path.suffix == ".gz" else path.open("wb")  # type: ignore[return-value]


def line(path: Path, row: dict[str, str], *, first: bool) -> bytes:
    if "csv" not in path.name:
        return (json.dumps(row) + "\n").encode()
    head = ",".join(row) + "\n" if first else ""
    return (head + ",".join(f'"{value}"' for value in row.values()) + "\n").encode()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kinds", default="jsonl.zst,jsonl,csv.gz,parquet")
    told = parser.parse_args()
    print("kind rows MB-on-disk MB-unpacked peak-MB added-MB rows/s")
    for kind in told.kinds.split(","):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"news.{kind}")
            size = write(path, told.rows)
            done = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, text=True, check=True)
            count, peak, added, rate = map(float, done.stdout.split())
            disk = path.stat().st_size
            print(f"{kind} {count:.0f} {disk / 1e6:.0f} {size / 1e6:.0f} {peak:.0f} {added:.0f} {rate:.0f}", flush=True)


if __name__ == "__main__":
    main()
