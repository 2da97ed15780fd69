"""Counts of this process's requests and streams, for Prometheus; several web processes share a folder of files.

What the database knows (jobs, outbox, breakers, plugins' failures) is counted there when it is asked for:
`core.shell.metrics`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client import Counter
    from prometheus_client import Gauge
    from prometheus_client import Histogram

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class _Counts:
    """The process's instruments. prometheus_client is imported here: at its import it decides where values lie."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry
        from prometheus_client import Counter
        from prometheus_client import Gauge
        from prometheus_client import Histogram
        from prometheus_client import disable_created_metrics

        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry: CollectorRegistry = CollectorRegistry()
        self.requests: Counter = Counter(
            "encours_requests", "Requests answered, by route, method and status.", ("route", "method", "status"),
            registry=self.registry,
        )  # fmt: skip
        self.seconds: Histogram = Histogram(
            "encours_request_seconds", "Time until the last byte, by route; live streams left out.", ("route",),
            buckets=BUCKETS, registry=self.registry,
        )  # fmt: skip
        self.streams: Gauge = Gauge(
            "encours_live_streams", "Live streams held now.", registry=self.registry, multiprocess_mode="livesum"
        )


_made: list[_Counts] = []
_making = threading.Lock()


def _counts() -> _Counts:
    """Made once: two sets of instruments would overwrite each other's figures in the shared files."""
    if not _made:
        with _making:
            if not _made:
                _made.append(_Counts())
    return _made[0]


def share() -> Path:
    """Have the processes that are started from here on count in files that each of them can sum; their folder."""
    folder = tempfile.mkdtemp(prefix="encours-metrics-")
    os.environ[FOLDER] = folder
    return Path(folder)


def ended(pid: int) -> None:
    """A web process ended: its streams are gone, what it counted stays."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


def forget(folder: Path) -> None:
    """The server stops: its files go."""
    shutil.rmtree(folder, ignore_errors=True)


def request(route: str, method: str, status: int, seconds: float | None) -> None:
    """A request was answered; `seconds` is None for a stream, whose length says nothing."""
    counts = _counts()
    counts.requests.labels(route, method, str(status)).inc()
    if seconds is not None:
        counts.seconds.labels(route).observe(seconds)


def stream(change: int) -> None:
    """A live stream began (+1) or ended (-1)."""
    _counts().streams.inc(change)


def written() -> bytes:
    """The text of all web processes' counts."""
    from prometheus_client import CollectorRegistry
    from prometheus_client import generate_latest
    from prometheus_client import multiprocess

    registry = _counts().registry
    if FOLDER in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
