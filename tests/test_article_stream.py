"""Articles as a stream: one by one, in the same order always, with flat memory, and nothing lost to damage."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.errors import NoArticles, UsageError
from extractor.readers import Article, InputSettings, Unread, read_articles, stream_articles
from extractor.readers.contents import Streamed
from extractor.readers.seen import Seen

from .conftest import FIXTURES, SEEDS, Finished

NEWS = "Britain expelled two Norvanian diplomats on Monday, the Foreign Office said."
FRENCH = "Le ministère a expulsé deux diplomates à la suite de l’enquête, a déclaré l’ambassadeur à l’Élysée."
RUSSIAN = "Министерство иностранных дел объявило двух дипломатов персонами нон грата и закрыло консульство."


def zst(data: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor().compress(data)


PACKINGS = [("", bytes), (".gz", gzip.compress), (".zst", zst)]


def json_lines(rows: Iterable[dict[str, Any]], encoding: str = "utf-8") -> bytes:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode(encoding)


def numbered(count: int, text: str = NEWS) -> list[dict[str, Any]]:
    return [{"id": f"n{number:06}", "text": f"{text} It was the {number}th time."} for number in range(count)]


def names(outcomes: Iterable[Article | Unread]) -> list[str]:
    return [outcome.name for outcome in outcomes]


def parted(outcomes: Iterable[Article | Unread]) -> tuple[list[Article], list[Unread]]:
    listed = list(outcomes)
    return (
        [item for item in listed if isinstance(item, Article)],
        [item for item in listed if isinstance(item, Unread)],
    )


# --- order, duplicates, counts ---


@given(order=st.permutations(["b.txt", "a.jsonl", "deep", "c.csv", "a.txt"]))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_the_paths_changes_nothing(tmp_path: Path, order: Sequence[str]) -> None:
    (tmp_path / "deep").mkdir(exist_ok=True)
    for name, text in {"a.txt": "First.", "b.txt": "Second.", "deep/a.txt": "Third.", "deep/z.txt": "First."}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "a.jsonl").write_bytes(json_lines([{"text": "Ten.", "id": "10"}, {"text": "Two.", "id": "2"}, {}]))
    (tmp_path / "c.csv").write_text("text,id\nSecond.,1\nOther.,2\n")
    stream = stream_articles([tmp_path / name for name in order])
    found = [(item.name, item.source if isinstance(item, Article) else "") for item in stream]
    rows = str(tmp_path / "a.jsonl")
    assert found == [
        ("a.jsonl#10", rows), ("a.jsonl#2", rows), ("a.jsonl#3", ""), ("a.txt", str(tmp_path / "a.txt")),
        ("a.txt", str(tmp_path / "deep" / "a.txt")), ("b.txt", str(tmp_path / "b.txt")),
        ("c.csv#2", str(tmp_path / "c.csv")),
    ]  # fmt: skip
    assert stream.duplicates == [("c.csv#1", "b.txt"), ("z.txt", "a.txt")]


def test_duplicates_and_files_passed_over_are_told_as_they_are_met(tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_text("Not read.")
    (tmp_path / "a.jsonl").write_bytes(json_lines([{"text": "One."}, {"text": "One."}, {"text": "Two."}]))
    stream = stream_articles([tmp_path])
    assert (stream.duplicates, stream.passed_over) == ([], ["x.docx"])
    outcomes = iter(stream)
    assert next(outcomes).name == "a.jsonl#1" and stream.duplicates == []
    assert next(outcomes).name == "a.jsonl#3" and stream.duplicates == [("a.jsonl#2", "a.jsonl#1")]
    assert list(stream) == []


@settings(deadline=None)
@given(words=st.lists(st.sampled_from([f"Text {number}." for number in range(30)]), min_size=1, max_size=200))
def test_what_repeats_is_found_whatever_there_is(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "repeats.jsonl"
    path.write_bytes(json_lines({"text": word} for word in words))
    stream = stream_articles([path])
    articles, _ = parted(stream)
    assert [article.text for article in articles] == list(dict.fromkeys(words))
    first = {word: f"repeats.jsonl#{words.index(word) + 1}" for word in words}
    assert stream.duplicates == [
        (f"repeats.jsonl#{number}", first[word]) for number, word in enumerate(words, 1) if word in words[: number - 1]
    ]


def test_ids_are_kept_through_every_growth_of_their_table() -> None:
    seen, ids = Seen(), [f"{number * 2654435761 % 2**48:012x}" for number in range(5_000)]
    assert [seen.first(each, f"name {number}") for number, each in enumerate(ids)] == [None] * 5_000
    assert [seen.first(each, "again") for each in ids] == [f"name {number}" for number in range(5_000)]


def test_how_many_are_expected_where_that_is_cheap_to_know(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    (tmp_path / "a.txt").write_text(NEWS)
    (tmp_path / "b.md").write_text("")
    (tmp_path / "c.jsonl").write_bytes(json_lines(numbered(7)).rstrip(b"\n"))
    pq.write_table(pa.Table.from_pylist(numbered(30, FRENCH)), tmp_path / "d.parquet")
    assert stream_articles([tmp_path]).expected == len(list(stream_articles([tmp_path]))) == 39
    for name, data in (("e.csv", b"text\nOne.\n"), ("e.jsonl.gz", gzip.compress(b'{"text": "One."}'))):
        (tmp_path / name).write_bytes(data)
        assert stream_articles([tmp_path]).expected is None
        assert stream_articles([tmp_path / "a.txt"]).expected == 1
        (tmp_path / name).unlink()


def test_what_cannot_be_is_told_when_the_stream_is_made(tmp_path: Path) -> None:
    with pytest.raises(NoArticles):
        stream_articles([tmp_path])
    with pytest.raises(UsageError):
        stream_articles([tmp_path / "nowhere"])
    with pytest.raises(UsageError):
        stream_articles([tmp_path], InputSettings(encoding="klingon"))


# --- flat memory, and early ---


@pytest.mark.parametrize(("ending", "pack"), PACKINGS)
@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_no_file_of_rows_is_held(tmp_path: Path, kind: str, ending: str, pack: Callable[[bytes], bytes]) -> None:
    rows = [{"id": str(number), "text": f"{number} {NEWS * 50}"} for number in range(5_000)]
    (tmp_path / f"a.{kind}{ending}").write_bytes(pack(encoded(kind, rows)))
    del rows
    assert sum(1 for _ in stream_articles([tmp_path])) == 5_000
    tracemalloc.start()
    try:
        count = sum(isinstance(outcome, Article) for outcome in stream_articles([tmp_path]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 5_000
    assert peak < 8_000_000  # of 19 MB


def encoded(kind: str, rows: list[dict[str, Any]]) -> bytes:
    if kind == "jsonl":
        return json_lines(rows)
    if kind == "csv":
        return b"id,text\n" + "".join(f'{row["id"]},"{row["text"]}"\n' for row in rows).encode()
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), file, row_group_size=2_000)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_rows_from_a_pipe_are_given_before_it_ends(kind: str) -> None:
    code = (
        "from extractor.readers import InputSettings, stream_articles\n"
        f"for item in stream_articles(['-'], InputSettings(format={kind!r})):\n"
        "    print(item.name, flush=True)\n"
    )
    rows = [f"{FRENCH} {number}".replace(",", "") for number in range(3)]
    lines = [json.dumps({"text": row}, ensure_ascii=False) if kind == "jsonl" else row for row in rows]
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None and child.stdout is not None
        if kind == "csv":
            child.stdin.write(b"text\n")
        for number, line in enumerate(lines, 1 if kind == "jsonl" else 2):
            child.stdin.write(f"{line}\n".encode())
            child.stdin.flush()
            assert child.stdout.readline() == f"stdin#{number}\n".encode()
        child.stdin.close()
        assert child.wait(60) == 0


# --- damage ---


@pytest.mark.parametrize(("ending", "pack"), PACKINGS[1:])
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
@pytest.mark.parametrize("harm", ["cut", "overwritten"])
def test_what_stands_before_damage_is_read(
    tmp_path: Path, kind: str, ending: str, pack: Callable[[bytes], bytes], harm: str
) -> None:
    import random

    noise = random.Random(7)
    rows = [{"id": str(n), "text": "".join(noise.choices("abcdefgh ", k=2_000))} for n in range(500)]
    data = bytearray(pack(encoded(kind, rows)))
    middle = len(data) // 2
    if harm == "cut":
        del data[middle:]
    else:
        data[middle : middle + 64] = bytes(64)
    path = tmp_path / f"a.{kind}{ending}"
    path.write_bytes(data)
    (tmp_path / "b.txt").write_text(NEWS)
    articles, unread = parted(stream_articles([tmp_path]))
    whole = [article.text for article in articles if article.name.startswith("a.") and len(article.text) == 2_000]
    assert 150 < len(whole) < 400
    # gzip has its checksum at its end alone: what follows on the damage may be read before it is noticed.
    sure = len(whole) if ending == ".zst" else 150
    assert whole[:sure] == [row["text"] for row in rows][:sure]
    assert articles[-1].name == "b.txt"
    assert unread[-1].name == path.name
    assert "cannot be unpacked" in unread[-1].error.message and "rows before it were read" in unread[-1].error.message


def test_a_damaged_row_group_costs_no_row_before_it(tmp_path: Path) -> None:
    data = bytearray(encoded("parquet", [{"id": str(n), "text": f"{n} {NEWS}"} for n in range(6_000)]))
    data[len(data) * 3 // 4 : len(data) * 3 // 4 + 5_000] = bytes(5_000)
    path = tmp_path / "a.parquet"
    path.write_bytes(data)
    articles, unread = parted(stream_articles([path]))
    assert len(articles) >= 2_000 and names(articles)[:2] == ["a.parquet#0", "a.parquet#1"]
    (item,) = unread
    assert item.name == "a.parquet" and "no Parquet file" in item.error.message


def test_a_line_without_end_costs_no_other_and_no_memory(tmp_path: Path) -> None:
    row = b'{"text": "%s"}\n'
    (tmp_path / "a.jsonl.zst").write_bytes(zst(row % b"One.") + zst(row % (b"a" * 2**27)) + zst(row % b"Three."))
    (tmp_path / "b.jsonl.zst").write_bytes(zst(row % b"First.") + zst(b"b" * 2**26) * 17 + zst(row % b"Lost."))
    articles, unread = parted(stream_articles([tmp_path]))
    assert [article.text for article in articles] == ["One.", "Three.", "First."]
    assert [item.name for item in unread] == ["a.jsonl.zst#2", "b.jsonl.zst"]
    assert "line 2, is longer than 67,108,864 characters" in unread[0].error.message
    assert "has a line longer than 1,073,741,824 characters. The row before it was read" in unread[1].error.message


def test_a_quotation_mark_without_its_other_half_costs_no_row_before_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv.zst").write_bytes(zst(b'text\nOne.\n"Two.\n' + (b"word " * 2_000 + b"\n") * 2_000))
    articles, unread = parted(stream_articles([tmp_path]))
    assert articles[0].text == "One."
    assert unread[0].name == "a.csv.zst#3" and "is no CSV: field larger than field limit" in unread[0].error.message


# --- encodings ---


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [(FRENCH, "cp1252", "cp1252"), (FRENCH, "utf-8-sig", "utf-8"), (FRENCH, "utf-16", "utf-16"),
     (FRENCH, "utf-16-le", "utf-16-le"), (NEWS, "utf-16-be", "utf-16-be"), (RUSSIAN, "cp1251", "cp1251"),
     (RUSSIAN, "utf-32", "utf-32"), ("Two ਅਊ left ऊ Ċ਀.", "utf-16", "utf-16")],
)  # fmt: skip
def test_rows_are_read_in_the_encoding_of_the_file(
    tmp_path: Path, kind: str, text: str, encoding: str, name: str
) -> None:
    rows = [{"id": str(number), "text": f"{text} {number}"} for number in range(3_000)]
    path = tmp_path / f"a.{kind}"
    path.write_bytes(encoded(kind, rows).decode().encode(encoding))
    articles, unread = parted(stream_articles([path]))
    assert not unread
    assert [article.text for article in articles] == [row["text"] for row in rows]
    assert {article.encoding for article in articles} == {name}


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_a_later_line_that_does_not_decode_costs_no_other(tmp_path: Path, kind: str) -> None:
    rows = [{"id": str(number), "text": f"{FRENCH.replace(',', '')} {number}"} for number in range(9)]
    lines = encoded(kind, rows).split(b"\n")
    bad = len(lines) - 3
    lines[bad] = lines[bad].decode().encode("cp1252", "replace")
    path = tmp_path / f"a.{kind}"
    path.write_bytes(b"\n".join(lines))
    articles, unread = parted(stream_articles([path]))
    assert [article.text for article in articles] == [row["text"] for row in [*rows[:7], rows[8]]]
    (item,) = unread
    assert item.name == f"a.{kind}#{bad + 1}"
    assert f"line {bad + 1}, does not fit UTF-8" in item.error.message and item.error.advice


def test_a_first_bad_line_does_not_outvote_the_rest(tmp_path: Path) -> None:
    rows = [{"text": f"{FRENCH} {number}"} for number in range(9)]
    path = tmp_path / "a.jsonl"
    path.write_bytes(json_lines(rows[:1], "cp1252") + json_lines(rows[1:]))
    articles, unread = parted(stream_articles([path]))
    assert len(articles) == 8 and names(unread) == ["a.jsonl#1"]


class Pieces(io.RawIOBase):
    """Standard input that comes in pieces of given sizes, over and over."""

    def __init__(self, data: bytes, sizes: Sequence[int]) -> None:
        self._stream = Streamed(self._cut(data, sizes))

    @staticmethod
    def _cut(data: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
        while data:
            for size in sizes:
                yield data[:size]
                data = data[size:]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._stream.readinto(buffer)


@given(
    texts=st.lists(st.sampled_from([NEWS, FRENCH, "Łódź", "Öl"]), min_size=1, max_size=8),
    encodings=st.lists(st.sampled_from(["utf-8", "cp1252", "cp1250"]), min_size=8, max_size=8),
    sizes=st.lists(st.integers(1, 90), min_size=1, max_size=5),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pieces_of_a_pipe_make_no_difference(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, texts: list[str], encodings: list[str], sizes: list[int]
) -> None:
    data = b"".join(
        f'{{"text": "{text} {number}"}}\n'.encode(encoding, "replace")
        for number, (text, encoding) in enumerate(zip(texts, encodings, strict=False))
    )
    path = tmp_path / "stdin"
    path.write_bytes(data)
    as_rows = InputSettings(format="jsonl")
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Pieces(data, sizes), 64)))
        piped = [_seen(outcome) for outcome in stream_articles(["-"], as_rows)]
    assert piped == [_seen(outcome) for outcome in stream_articles([path], as_rows)]


def _seen(outcome: Article | Unread) -> tuple[str, str, str]:
    if isinstance(outcome, Article):
        return outcome.name, outcome.text, outcome.encoding
    return outcome.name, outcome.error.message, ""


# --- our own outputs ---

OUTPUTS = ["out.jsonl", "out.csv", "out.parquet", "out.tsv", "out.md"]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an output in every format that articles may have, and nothing else."""
    from extractor import extract
    from extractor.writers import write_result

    folder = tmp_path_factory.mktemp("outputs")
    result = extract(SEEDS, fixtures=FIXTURES, mode="replay")
    for name in OUTPUTS:
        write_result(result, folder / name)
    return folder


def test_outputs_in_a_folder_are_passed_over(outputs: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NEWS)
    inputs = read_articles([outputs, tmp_path])
    assert [article.name for article in inputs.articles] == ["a.txt"]
    assert not inputs.unread
    assert list(inputs.passed_over) == sorted(file.name for file in outputs.iterdir())
    assert len(inputs.passed_over) == 17
    assert stream_articles([*outputs.glob("*.jsonl"), *outputs.glob("*.parquet"), tmp_path]).expected == 1


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_output_that_is_named_or_alone_is_refused(outputs: Path, tmp_path: Path, name: str) -> None:
    for file in outputs.iterdir():
        if file.name == name:
            (tmp_path / name).write_bytes(file.read_bytes())
    for path in (tmp_path, tmp_path / name):
        articles, unread = parted(stream_articles([path]))
        assert not articles
        (item,) = unread
        assert item.error.message == f"{name} is an output of extract, not articles."


def test_an_output_in_the_folder_of_the_articles_may_be_written_again(
    extract: Callable[..., Finished], tmp_path: Path
) -> None:
    for file in SEEDS.iterdir():
        (tmp_path / "news" / file.name).parent.mkdir(exist_ok=True)
        (tmp_path / "news" / file.name).write_bytes(file.read_bytes())
    run = ["news", "--out", "news/events.jsonl", "--fixtures", FIXTURES]
    assert extract(*run).code == 0
    first = (tmp_path / "news" / "events.jsonl").read_bytes()
    again = extract(*run)
    assert again.code == 0, again.err
    assert (tmp_path / "news" / "events.jsonl").read_bytes() == first
    refused = extract("news/events.jsonl", "news", "--out", "news/events.jsonl", "--fixtures", FIXTURES)
    assert refused.code == 6 and "one of the inputs" in refused.err
