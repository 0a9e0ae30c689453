"""Which engine works through a run's articles: what the command says of those that cannot be had."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Finished

Here = Callable[..., Finished]


@pytest.fixture
def article(tmp_path: Path) -> Path:
    file = tmp_path / "a.txt"
    file.write_text("Arvania expelled four envoys.", encoding="utf-8")
    return file


def test_without_ray_the_command_says_how_to_install_it(
    here: Here, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extractor.cluster.connecting.find_spec", lambda name: None)
    done = here(article, "--engine", "ray")
    assert (done.code, done.out) == (2, "")
    assert "pip install 'event-extractor[ray]'" in done.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--engine", "dask"], "'dask' is no engine"),
        (["--workers", "-1"], "Invalid value for '--workers'"),
        (["--partitions", "s3://bucket"], "Add --engine ray"),
    ],
)
def test_options_that_do_not_go_together_are_refused(here: Here, article: Path, options: list[str], told: str) -> None:
    done = here(article, *options)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
