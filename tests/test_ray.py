"""Runs on a cluster: a real Ray of this machine with two workers; `python -m tests.cluster` is the long form."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="needs the extra ray")

from .cluster import ON_RAY, killed_worker, write_corpus
from .killing import ModelProcess, start, undisturbed

ARTICLES = 24
CALLS = 6


def test_a_cluster_keeps_to_its_budget_and_goes_on_when_a_worker_dies(tmp_path: Path) -> None:
    with ModelProcess(0.05) as model:
        corpus = write_corpus(tmp_path / "news", ARTICLES)
        undisturbed(corpus, model, tmp_path / "local")
        folder = tmp_path / "cluster"
        folder.mkdir()
        before = len(model.asked)
        process = start(corpus, model, folder, *ON_RAY, "--max-calls", str(CALLS))
        out, told = process.communicate(timeout=300)
        assert process.returncode == 7, told.decode()
        assert (len(model.asked) - before, out) == (CALLS, None)
        # What was asked then is in the store, and not asked for again.
        corpus.asked -= Counter(model.asked[before:])
        killed_worker(corpus, model, folder, 12)
