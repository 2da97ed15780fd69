"""How long plugins' calls take, summed over workers and days (PL-05)."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.cabinets.models import PluginTiming
from core.db.clock import today
from core.extensions import db
from core.hooks import timings
from core.web.formats import duration
from tests.conftest import People


@pytest.mark.parametrize("seconds", [0.0, 0.0004, 0.001, 0.0125, 0.34, 4.1, 29.0])
def test_a_duration_is_told_to_an_eighth(seconds: float) -> None:
    """PL-05: what is read back of one call is within 12.5 % of it, and never below half a millisecond."""
    found = timings.pace(Counter({timings.step_of(seconds): 1}))
    assert found is not None
    assert found.median == pytest.approx(max(seconds, 0.0009), rel=0.125)


def test_the_median_and_the_slow_ones() -> None:
    """PL-05: 90 calls of 20 ms and 10 of 3 s: the median is the first, the 95th of a hundred the second."""
    steps = Counter({timings.step_of(0.02): 90, timings.step_of(3.0): 10})
    found = timings.pace(steps)
    assert found is not None
    assert (found.calls, found.median, found.p95) == (100, pytest.approx(0.02, rel=0.125), pytest.approx(3.0, rel=0.125))
    assert timings.pace(Counter()) is None


def test_two_workers_count_on_one_line(app: Flask, people: People) -> None:
    """PL-05: each process keeps its counts some seconds; the day's row is the sum of all, and old days go."""
    workers = [timings.Timings(db, lambda write: write()) for _ in range(2)]
    for worker in workers:
        for _ in range(3):
            worker.took(people.cabinet_id, "essai", "account_actions", 0.2)
    threads = [threading.Thread(target=worker.flush) for worker in workers]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with db.session(people.cabinet_id) as session:
        found = timings.since(session, today())
        assert found == {("essai", "account_actions"): Counter({timings.step_of(0.2): 6})}
        session.add(PluginTiming(plugin="essai", hook="vieux", on=today() - timedelta(days=31), steps={"3": 1}))
    timings.purge(people.cabinet_id)
    with db.session(people.cabinet_id, write=False) as session:
        assert list(session.scalars(select(PluginTiming.hook))) == ["account_actions"]


def test_a_duration_reads_in_two_figures() -> None:
    """US-02: as the list of modules says it."""
    said = [duration(seconds).replace("\u202f", " ") for seconds in (0.0003, 0.0123, 0.338, 0.999, 4.12)]
    assert said == ["1 ms", "12 ms", "340 ms", "1,0 s", "4,1 s"]
