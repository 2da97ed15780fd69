"""How a thing is timed, and a row of the results."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from core import config as configuration
from core.app import create_app
from core.cli.demo import environment
from core.extensions import db


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what, the median as text, the goal as text, and whether it holds."""

    what: str
    found: str
    goal: str
    held: bool


def median(call: Callable[[], Any], *, times: int, warm: int = 3) -> float:
    """Seconds of one call, median of `times` after `warm` unmeasured ones."""
    for _ in range(warm):
        call()
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def interleaved(first: Callable[[], Any], second: Callable[[], Any], *, pairs: int) -> tuple[float, float]:
    """Medians of two calls timed in turn, so that both meet the same noise."""
    ours, theirs = [], []
    for _ in range(pairs):
        ours.append(median(first, times=1, warm=0))
        theirs.append(median(second, times=1, warm=0))
    return statistics.median(ours), statistics.median(theirs)


@contextmanager
def demonstration(folder: Path, port: int, *, prepare: bool = False) -> Iterator[Flask]:
    """The application over a folder of the demonstration, in this process, while the block lasts."""
    if prepare:
        subprocess.run(
            [sys.executable, "-m", "core.cli", "demo", "--folder", str(folder), "--prepare-only"], check=True,
            capture_output=True,
        )  # fmt: skip
    before = dict(os.environ)
    os.environ.update(environment(folder, port))
    configuration.forget()
    app = create_app(configuration.load())
    try:
        yield app
    finally:
        app.extensions["encours_hub"].close()
        db.close()
        configuration.forget()
        os.environ.clear()
        os.environ.update(before)


def ms(seconds: float) -> str:
    """«12.3 ms»."""
    return f"{seconds * 1000:.1f} ms"
