"""What keeping an answer costs: time and processor per call, in the store and in files, and what the event loop feels.

`python benchmarks/store.py` keeps as many recordings of seeds' size in both places and finds them again.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

from extractor.recordings import RecordingFolder
from extractor.recordings.format import Recording
from extractor.recordings.keeping import StoreKeeper
from extractor.recordings.places import Files, Place
from extractor.recordings.store import RecordingStore

ROOT = Path(__file__).parents[1]


def recordings(count: int) -> list[Recording]:
    """As many recordings, with the answers of the project's own."""
    own = [one for _, one in RecordingFolder(ROOT / "fixtures").recordings()]
    return [
        one.model_copy(
            update={
                "article": f"{number:07}.txt",
                "parts": one.parts.model_copy(update={"article": f"art-{number:08x}"}),
            }
        )
        for number in range(count)
        for one in [own[number % len(own)]]
    ]


async def measure(place: Place, made: list[Recording], at_once: int, name: str) -> None:
    async def keep(one: Recording) -> float:
        async with gate:
            began = time.perf_counter()
            if isinstance(place, StoreKeeper):
                async with place.claimed(one.parts, one.article):
                    await place.find(one.article, one.parts)
                    await place.keep(one, instead=False)
            else:
                await place.find(one.article, one.parts)
                await place.keep(one, instead=False)
            return time.perf_counter() - began

    gate = asyncio.Semaphore(at_once)
    stalls = list[float]()
    watching = asyncio.create_task(watch(stalls))
    await asyncio.sleep(0)
    began, processor = time.perf_counter(), time.process_time()
    took = await asyncio.gather(*map(keep, made))
    wall, used = time.perf_counter() - began, time.process_time() - processor
    # So that it notes what it has missed.
    await asyncio.sleep(0.01)
    watching.cancel()
    count = len(made)
    print(
        f"{name}, {at_once:3} at once: {1000 * wall / count:6.2f} ms a call ({count / wall:6.0f} a second), processor "
        f"{1000 * used / count:.2f} ms; a call waits {1000 * statistics.median(took):.2f} ms (median); the loop stood "
        f"still for {1000 * max(stalls):.1f} ms at most, {1000 * statistics.median(stalls):.2f} ms (median)"
    )


async def watch(stalls: list[float]) -> None:
    """Note how late the event loop comes back, in seconds."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        stalls.append(time.perf_counter() - began - 0.001)


async def found_again(place: Place, made: list[Recording], name: str) -> None:
    began = time.perf_counter()
    for one in made:
        assert (await place.find(one.article, one.parts))[1] is not None
    print(f"{name}: found again in {1000 * (time.perf_counter() - began) / len(made):.2f} ms each")


async def all_of_it(folder: Path, count: int) -> None:
    made = recordings(count)
    size = statistics.mean(len(one.model_dump_json()) for one in made)
    print(f"{count} recordings of {size / 1000:.1f} KB on average; load {os.getloadavg()[0]:.1f}")
    for at_once in (1, 8, 64):
        keeper = StoreKeeper(RecordingStore(folder / f"store-{at_once}", writes=True), 60)
        await measure(keeper, made, at_once, "store")
        if at_once == 64:
            await found_again(keeper, made, "store")
        await keeper.close()
        (folder / f"files-{at_once}").mkdir()
        files = Files(RecordingFolder(folder / f"files-{at_once}"), made[0].model)
        await measure(files, made, at_once, "files")
        if at_once == 64:
            await found_again(files, made, "files")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=int, default=2000)
    parser.add_argument("--folder", type=Path, help="where to write: the disk that is measured")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        asyncio.run(all_of_it(Path(name), chosen.recordings))


if __name__ == "__main__":
    main()
