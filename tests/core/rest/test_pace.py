"""Two workers count the calls of one token, each a share at a time (PL-09)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from core.auth import limits
from core.auth.limits import MINUTE
from core.auth.limits import Limit
from core.auth.limits import Wait
from core.db import clock
from core.rest import pace
from core.rest.pace import Pace

KEYS = (("api:essai", Limit(300, MINUTE, MINUTE, MINUTE)), ("api-cabinet:essai", Limit(600, MINUTE, MINUTE, MINUTE)))


def test_workers_let_no_more_through_than_the_limit(app: Flask) -> None:
    """PL-09: a worker alone gives all calls to the last; two give no more, and a share fewer at the most."""
    alone = Pace()
    with clock.shifted(timedelta(0)):
        assert sum(alone.take(*KEYS) is None for _ in range(320)) == 300
        assert isinstance(alone.take(*KEYS), Wait)
    with clock.shifted(timedelta(minutes=3)):
        workers = (Pace(), Pace())
        given = [sum(worker.take(*KEYS) is None for _ in range(7)) for _ in range(30) for worker in workers]
        assert 300 - pace.SHARE <= sum(given) <= 300


def test_a_share_ends_with_its_minute_and_costs_one_write(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """PL-09: thirty calls write three times; what is left of a minute is not spent in the next."""
    written: list[int] = []
    share = limits.share
    monkeypatch.setattr(limits, "share", lambda size, *wanted: written.append(size) or share(size, *wanted))
    worker = Pace()
    assert all(worker.take(*KEYS) is None for _ in range(25))
    assert written == [10, 10, 10]
    with clock.shifted(timedelta(minutes=2)):
        worker.take(*KEYS)
        assert len(written) == 4
