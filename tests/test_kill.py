"""Runs that are killed with SIGKILL go on where they were; `python -m tests.killing` is the long form."""

from __future__ import annotations

import random
from pathlib import Path

from .killing import (
    Corpus,
    ModelProcess,
    after_lines,
    finish,
    kill_and_resume,
    start,
    undisturbed,
    without_calls,
    write_articles,
)

ARTICLES = 9
KILLS = 5


def test_a_run_that_is_killed_again_and_again_goes_on_where_it_was(tmp_path: Path) -> None:
    with ModelProcess() as model:
        corpus = Corpus(write_articles(tmp_path / "news", ARTICLES), ARTICLES)
        undisturbed(corpus, model, tmp_path / "undisturbed")
        chance = random.Random(17)
        killed = kill_and_resume(
            corpus, model, tmp_path / "killed", *(after_lines(model, chance.randint(6, 13)) for _ in range(KILLS))
        )
    assert killed.killed >= 2 and killed.durable


def test_two_runs_at_once_ask_for_nothing_twice(tmp_path: Path) -> None:
    with ModelProcess() as model:
        corpus = Corpus(write_articles(tmp_path / "news", ARTICLES), ARTICLES)
        folders = [tmp_path / "one", tmp_path / "other"]
        (tmp_path / "store").mkdir()
        for folder in folders:
            folder.mkdir()
            (folder / "store").symlink_to(tmp_path / "store", target_is_directory=True)
        processes = [start(corpus, model, folder) for folder in folders]
        assert [finish(process) for process in processes] == [0, 0]
        asked = list(model.asked)
    assert len(asked) == len(set(asked)) == ARTICLES + ARTICLES // 3
    assert len({without_calls(folder / "events.json") for folder in folders}) == 1
