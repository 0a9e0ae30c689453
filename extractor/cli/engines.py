"""The options that say who works through the articles: this process, workers beside it, or a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.errors import UsageError

if TYPE_CHECKING:
    from extractor.runner import Engine

EngineName = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        envvar="EXTRACT_ENGINE",
        help="local: this process. ray: a cluster, the one that RAY_ADDRESS names or one of this machine alone.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=0,
        envvar="EXTRACT_WORKERS",
        help="Processes that check answers, on as many processors; this one asks the model. With "
        "--engine ray, the cluster's.",
        show_default="none; on a cluster one less than it has processors",
    ),
]
PartitionsAt = Annotated[
    str | None,
    typer.Option(
        metavar="PLACE",
        help="Where workers leave their results, JSON Lines: a folder, or an address such as s3://bucket/folder, that "
        "all nodes reach.",
        show_default="a temporary folder",
    ),
]


def engine_of(name: str, workers: int | None, partitions: str | None) -> Engine | None:
    """The engine that the options name; None for this process.

    Raises:
        UsageError: there is no such engine, or not with these options.
        MissingExtra: it is not installed.
    """
    if name == "ray":
        from extractor.cluster.connecting import check_installed

        check_installed()
        from extractor.cluster.engine import Cluster

        return Cluster(workers, partitions).engine
    if name != "local":
        raise UsageError(f"{name!r} is no engine.", "Engines are: local, ray.")
    if partitions is not None:
        raise UsageError("--partitions is for a cluster.", "Add --engine ray.")
    return None


def local_paths(paths: list[Path], engine: str) -> list[Path]:
    """The paths that are of this machine: an engine may take addresses, too."""
    if engine == "local":
        return paths
    from extractor.cluster.addresses import address_in

    return [path for path in paths if address_in(path) is None]
