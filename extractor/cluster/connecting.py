"""A run's way to Ray: a cluster that is there, or one of this machine alone; Ray's own messages go to its logs."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import socket
import sys
from collections.abc import Iterator
from importlib.util import find_spec

from extractor.errors import MissingExtra, UsageError

_ADDRESS = "RAY_ADDRESS"
# Seconds; Ray itself tries for minutes.
_PATIENCE = 10.0


@contextlib.contextmanager
def connected(workers: int | None) -> Iterator[int]:
    """Be connected to Ray; gives how many workers to use, where none were named those that there is room for.

    Where `RAY_ADDRESS` names a cluster ("auto" for the one that runs on this machine), or the program around has
    connected already, that is used. Else one of this machine alone is started, and ended.

    Raises:
        MissingExtra: Ray is not installed.
        UsageError: there is no cluster at that address.
    """
    check_installed()
    import ray

    # What its nodes have to tell Ray prints on standard output, which is for results.
    with contextlib.redirect_stdout(io.StringIO()):
        joined = ray.is_initialized()
        try:
            if not joined:
                _connect(workers)
                _quiet()
            yield workers or max(1, int(ray.cluster_resources().get("CPU", 1)) - 1)
        finally:
            if not joined:
                ray.shutdown()


def check_installed() -> None:
    """Find out whether Ray is there, without loading it.

    Raises:
        MissingExtra: it is not.
    """
    if find_spec("ray") is None:
        raise MissingExtra(
            "--engine ray needs a package that is not installed.",
            "Install it with pip install 'event-extractor[ray]', on every node of the cluster.",
        )


def _connect(workers: int | None) -> None:
    import ray

    options = {"log_to_driver": False, "configure_logging": False}
    logging.getLogger("ray").setLevel(logging.CRITICAL)
    address = os.environ.get(_ADDRESS)
    with _unheard():
        if not address:
            # One processor for reading, beside those of the workers.
            ray.init("local", num_cpus=(workers or os.cpu_count() or 1) + 1, include_dashboard=False, **options)
            return
        try:
            _check_reachable(address)
            ray.init(address, **options)
        except (OSError, ValueError, RuntimeError) as error:
            raise UsageError(
                f"There is no Ray cluster at {address}, which {_ADDRESS} names: {error}.",
                f"Start one with ray start --head, or unset {_ADDRESS} for one of this machine alone.",
            ) from error


def _check_reachable(address: str) -> None:
    """Raise `OSError` where nobody listens at an address, `ValueError` where it is for a client outside the cluster."""
    if "://" in address:
        raise ValueError("a run has to be started on a node of the cluster, and named as HOST:PORT or auto")
    host, _, port = address.rpartition(":")
    if host:
        socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """Let Ray's native code be still from now on: it says on standard error that it was told so, and then obeys."""
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _quiet() -> None:
    """Let Ray Data write to its log alone."""
    import ray.data

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    for handler in logging.getLogger("ray.data").handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setLevel(logging.CRITICAL)
