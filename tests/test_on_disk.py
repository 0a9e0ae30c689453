"""Consolidation out of core: the same, byte for byte, as in memory, and a folder that is gone whatever happens."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import random
import resource
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import extractor
from extractor.consolidation import Consolidated, Decision, Gathering, actors_of, consolidate, open_ties
from extractor.consolidation.mentions import Period
from extractor.consolidation.pairing import RARE, SMALL, in_time
from extractor.consolidation.rules import APART
from extractor.errors import OutputError
from extractor.evaluation.goldfiles import gold_files, read_gold
from extractor.evaluation.goldrecords import record_of_gold
from extractor.grounding import GroundedText
from extractor.schema.output import ArticleReport
from extractor.schema.records import AnyRecord
from extractor.schema.spans import DateAnchor
from extractor.writers import to_json

from .conftest import FIXTURES, SEEDS, actor
from .test_consolidation import CORPUS, RECORDS, report, said, told

ROOT = Path(__file__).parent.parent
Corpus = tuple[Sequence[ArticleReport], Sequence[AnyRecord]]
Article = tuple[ArticleReport, Sequence[AnyRecord]]
Articles = list[tuple[ArticleReport, list[AnyRecord]]]
NAMES = ["Sergei Lavrov", "Lavrov", "S. Lavrov", "Tor Hale", "Hale", "foreign minister", "Kremlin spokesman"]
WORDS = "envoys fishing row border gas grain treaty insult answer delay expel close visit talks deny accusation".split()


def source(corpus: Corpus, shuffler: random.Random | None = None) -> Articles:
    """The corpus as it comes out of a run, article by article."""
    own = defaultdict(list)
    for record in corpus[1]:
        own[record.article].append(record)
    articles = [(article, own[article.id]) for article in corpus[0]]
    if shuffler:
        shuffler.shuffle(articles)
        for _, records in articles:
            shuffler.shuffle(records)
    return articles


@contextlib.contextmanager
def gathered(
    articles: Iterable[Article], decisions: Iterable[Decision] = (), *, folder: Path, held: int = 0
) -> Iterator[Consolidated]:
    with Gathering(held, folder) as gathering:
        for article, records in articles:
            gathering.add(article, records)
        yield gathering.consolidated(decisions)


def documents(models: Iterable[Any]) -> str:
    return json.dumps([model.model_dump(mode="json") for model in models])


def answers(corpus: Corpus) -> list[Decision]:
    """Every second open question answered with its first candidate, every other with none."""
    return [
        decision
        for number, tie in enumerate(open_ties(*corpus))
        for decision in tie.decided([None, 1][number % 2])
    ]  # fmt: skip


def assert_same(corpus: Corpus, shuffler: random.Random | None = None, *, folder: Path, held: int = 0) -> None:
    decided = answers(corpus)
    with Gathering(held, folder) as gathering:
        for article, records in source(corpus, shuffler):
            gathering.add(article, records)
        found = gathering.consolidated()
        assert json.dumps(list(found.documents("events"))) == documents(consolidate(*corpus))
        assert json.dumps(list(found.documents("actors"))) == documents(actors_of(corpus[1]))
        assert found.ties() == open_ties(*corpus)
        assert found.events() == consolidate(*corpus), "it can be asked for again"
        assert found.actors() == actors_of(corpus[1])
        found = gathering.consolidated(decided)
        assert found.events() == consolidate(*corpus, decided), "it can be grouped again"
    assert list(folder.iterdir()) == []


@pytest.fixture(scope="module")
def seeds() -> Corpus:
    result = extractor.extract(SEEDS, mode="replay", model="compatible/claude", fixtures=FIXTURES)
    return result.articles, result.records


def crowd(size: int, articles: int, names: Sequence[str] = NAMES) -> Corpus:
    """Acts and statements of few actors, many without any date: what is hard to tell apart."""
    chance = random.Random(1)
    reports: dict[str, ArticleReport] = {}
    records: list[AnyRecord] = []
    for number in range(size):
        article = f"art-{chance.randrange(articles):04}"
        dated = DateAnchor(value=f"2020-05-{chance.randrange(1, 29):02}", text="x", start=0, end=1, basis="published")
        made = report(article).model_copy(update={"published": dated if chance.random() < 0.3 else None})
        reports.setdefault(article, made)
        date = chance.choice([None, None, f"2020-05-{chance.randrange(1, 29):02}", "2020-05"])
        made_up = _told(chance, article, number, date) if number % 2 else _said(chance, article, number, date, names)
        records.append(made_up)
    return list(reports.values()), records


def _told(chance: random.Random, article: str, number: int, date: str | None) -> AnyRecord:
    one, other = chance.sample(["France", "Norway", "Italy"], 2)
    return told(
        article, number, date=date, words=None if date else chance.choice([None, "on Tuesday"]),
        count=chance.choice([None, None, 3, 4]), status=chance.choice(["announced", "carried_out", "ruled_out"]),
        action=chance.choice(["expulsion", "departure"]), actors=[actor(one, country=one)],
        targets=[actor(f"{other} envoys", country=other), actor("Zed")][: chance.choice([1, 1, 2])],
        places=chance.choice([[], ["Oslo"]]), in_response_to=chance.choice([None, "the expulsion of envoys"]),
    )  # fmt: skip


def _said(chance: random.Random, article: str, number: int, date: str | None, names: Sequence[str]) -> AnyRecord:
    speaker = actor(chance.choice(names), kind="person", country=chance.choice([None, "Russia", "Norway"]))
    words = [" ".join(chance.choices(WORDS, k=chance.randrange(3, 7))) for _ in range(2)]
    act = chance.choice(["deny", "announce", "accuse", "doubt"])
    return said(article, number, words[0], date=date, act=act, speaker=speaker, quotes=words[1:])


# --- the same bytes ---


@pytest.mark.parametrize("held", [0, 10_000], ids=["on disk", "held"])
def test_the_seeds(seeds: Corpus, tmp_path: Path, held: int) -> None:
    assert open_ties(*seeds), "there is something to be decided"
    assert_same(seeds, folder=tmp_path, held=held)


def test_the_invented_articles_of_gold(tmp_path: Path) -> None:
    reports: list[ArticleReport] = []
    records: list[AnyRecord] = []
    for file in gold_files([ROOT / "gold" / "invented"]):
        gold = read_gold(file).gold
        text = GroundedText(file.with_suffix(".txt").read_text(encoding="utf-8"))
        reports.append(report(gold.id))
        records += [record_of_gold(item, gold.id, text) for item in gold.records]
    assert len(reports) == 3
    assert_same((reports, records), folder=tmp_path)


def test_the_corpus_of_the_benchmark(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("benchmark", ROOT / "benchmarks" / "consolidation.py")
    assert spec and spec.loader
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    made = list(benchmark.corpus(600))
    corpus = [article for article, _ in made], [record for _, own in made for record in own]
    assert_same(corpus, random.Random(1), folder=tmp_path)


@pytest.mark.parametrize(
    ("size", "articles", "names"),
    [(120, 12, NAMES), (2 * SMALL + 20, 500, NAMES[:3])],
    ids=["few articles", "a large block"],
)
def test_what_is_hard_to_tell_apart(size: int, articles: int, names: list[str], tmp_path: Path) -> None:
    corpus = crowd(size, articles, names)
    assert answers(corpus)
    assert_same(corpus, random.Random(2), folder=tmp_path)


def test_a_mark_that_very_many_have_binds_no_two_without_a_date(tmp_path: Path) -> None:
    def named(number: int, place: str) -> AnyRecord:
        return told(f"a{number:03}", number, places=[place], count=7)

    rare = [named(number, "Bergen") for number in range(RARE)]
    common = [named(number, "Oslo") for number in range(RARE, SMALL + 1)]
    corpus = [report(record.article) for record in (*rare, *common)], [*rare, *common]
    assert len(consolidate(*corpus)) == 1 + len(common)
    assert_same(corpus, folder=tmp_path)


def test_an_actor_that_is_named_very_often(tmp_path: Path) -> None:
    named = [actor("France", country="France"), actor("Paris", country="France", role="host")] * 600
    records = [told(f"a{number % 4}", number, actors=named, count=number) for number in range(9)]
    most = max(actors_of(records), key=lambda known: len(known.mentions))
    assert len(most.mentions) > 10_000
    assert_same(([report(f"a{number}") for number in range(4)], records), random.Random(3), folder=tmp_path)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.one_of(CORPUS, RECORDS), shuffler=st.randoms(use_true_random=False))
def test_any_records_in_any_order(records: list[AnyRecord], shuffler: random.Random, tmp_path: Path) -> None:
    assert_same(([report(name) for name in "abcdef"], records), shuffler, folder=tmp_path)


def test_nothing_at_all(tmp_path: Path) -> None:
    assert_same(([], []), folder=tmp_path)
    assert_same(([report("a")], []), folder=tmp_path)


@pytest.mark.parametrize("held", [0, 10_000], ids=["on disk", "held"])
def test_an_article_that_comes_twice_counts_once(tmp_path: Path, held: int) -> None:
    reports, records = crowd(60, 8)
    once = source((reports, records))
    # What it told first is told by no other.
    first = [(article, [told(article.id, 1_000 + number, count=99)]) for number, (article, _) in enumerate(once)]
    with gathered([*first, *once], folder=tmp_path, held=held) as found:
        assert found.events() == consolidate(reports, records)
        assert found.actors() == actors_of(records)


PERIODS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), max_size=12)


@given(PERIODS)
def test_the_pairs_of_about_the_same_time(spans: list[tuple[int, int]]) -> None:
    periods = [Period(first, first + length) for first, length in sorted(spans)]
    pairs = set(in_time((period, index) for index, period in enumerate(periods)))
    near = {(a, b) for b in range(len(periods)) for a in range(b) if periods[a].distance(periods[b]) <= APART}
    assert pairs == near


# --- the folder ---


def test_few_records_are_not_written_at_all(seeds: Corpus, tmp_path: Path) -> None:
    with gathered(source(seeds), folder=tmp_path / "absent", held=len(seeds[1])) as found:
        assert found.events() == consolidate(*seeds)


def test_what_makes_very_many_pairs_goes_to_disk_before_it_is_many_records(tmp_path: Path) -> None:
    records = [told(f"a{number:03}", number, date="2020-05-01", count=number) for number in range(210)]
    corpus = [report(record.article) for record in records], records
    with gathered(source(corpus), folder=tmp_path, held=230):
        assert not list(tmp_path.iterdir()), "21,945 pairs are not so many for 230"
    with gathered(source(corpus), folder=tmp_path, held=210) as found:
        assert list(tmp_path.iterdir())
        assert found.events() == consolidate(*corpus)


@contextlib.contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file can grow beyond this size, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def everything(articles: Iterable[Article], folder: Path, *, before: Callable[[Consolidated], object] = id) -> None:
    """Consolidate on disk and take all that there is, after something else was done."""
    with gathered(articles, folder=folder) as found:
        before(found)
        _ = found.events(), found.actors(), found.ties()


@pytest.mark.parametrize("size", [1_000, 15_000, 60_000, 300_000, 800_000])
def test_a_full_disk_is_told_and_nothing_is_left(size: int, tmp_path: Path) -> None:
    articles = source(crowd(400, 100))
    with pytest.raises(OutputError) as caught, files_up_to(size):
        everything(articles, tmp_path)
    assert caught.value.exit_code == 6
    assert "temporary" in caught.value.message and str(tmp_path) in caught.value.where
    assert "TMPDIR" in caught.value.advice
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="absent"):
        everything(source(crowd(4, 2)), tmp_path / "absent")


def test_a_damaged_file_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    def damage(found: Consolidated) -> None:
        (values,) = tmp_path.glob("*/values")
        values.write_bytes(values.read_bytes()[:100])

    with pytest.raises(OutputError, match="shorter"):
        everything(source(crowd(40, 10)), tmp_path, before=damage)
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_articles_is_theirs_and_nothing_is_left(tmp_path: Path) -> None:
    def broken() -> Iterator[Article]:
        yield from source(crowd(40, 10))
        raise OSError("the articles are gone")

    with pytest.raises(OSError, match="the articles are gone"):
        everything(broken(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_who_stops_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    def stop(found: Consolidated) -> None:
        next(found.documents("events"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        everything(source(crowd(40, 10)), tmp_path, before=stop)
    assert list(tmp_path.iterdir()) == []


HOLDING = """
import json, sys
from pathlib import Path
from extractor.consolidation import Gathering
from extractor.schema.output import ExtractionResult
result = ExtractionResult.model_validate_json(Path(sys.argv[1]).read_text())
with Gathering(0, Path(sys.argv[2])) as gathering:
    for article in result.articles:
        gathering.add(article, [record for record in result.records if record.article == article.id])
    print("holding", flush=True)
    sys.stdin.read()
"""


def holding(corpus: Path, folder: Path) -> subprocess.Popen[str]:
    """A process that brings records together in a folder, and holds them until its input ends."""
    command = [sys.executable, "-c", HOLDING, str(corpus), str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "holding\n"
    return process


def test_what_a_killed_run_leaves_is_removed_by_the_next_and_what_others_use_is_not(
    seeds: Corpus, tmp_path: Path
) -> None:
    corpus, folder = tmp_path / "events.json", tmp_path / "temporary"
    folder.mkdir()
    result = extractor.extract(SEEDS, mode="replay", model="compatible/claude", fixtures=FIXTURES)
    corpus.write_bytes(to_json(result))
    (folder / "extract-records-of-nobody").mkdir()
    with holding(corpus, folder) as killed, holding(corpus, folder) as at_work:
        assert len(list(folder.iterdir())) == 3
        killed.kill()
        killed.wait()
        assert len(list(folder.iterdir())) == 3
        with gathered(source(seeds), folder=folder) as found:
            assert len(list(folder.iterdir())) == 3
            assert found.events()
        # That of the process at work, and what has no mark of this tool's.
        assert len(list(folder.iterdir())) == 2
        at_work.communicate()
    assert [path.name for path in folder.iterdir()] == ["extract-records-of-nobody"]
