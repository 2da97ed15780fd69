"""XIRR of 100,000 accounts, their flows read from the database, beside pyxirr on flows that lie in memory (PF-08)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

import pyxirr
from sqlalchemy import insert
from sqlalchemy import select

from benchmarks import book
from benchmarks.measure import Row
from core.accounts.models import Account
from core.accounts.models import Movement
from core.api.finance import xirr
from core.db.session import TenantSession
from core.extensions import db
from core.performance.flows import external

ACCOUNTS = 100_000
#: Payments of an account; its value is the last flow.
FLOWS = 5
PAIRS = 5
ON = date(2026, 11, 20)
Dated = tuple[date, Decimal]


def run() -> list[Row]:
    """Ours and pyxirr in turn; both give the same rates."""
    with TemporaryDirectory() as folder, book.application(Path(folder), f"sqlite:///{folder}/banc.sqlite") as app:
        cabinet_id, people = book.cabinet(app, "banc")
        book.contacts(cabinet_id, people, ACCOUNTS, accounts_each=1)
        _payments(cabinet_id)
        with db.session(cabinet_id, write=False) as session:
            known = _read(session)
            lists = [([day for day, _ in flows], [float(amount) for _, amount in flows]) for flows in known.values()]
            walls: list[tuple[float, float]] = []
            cpus: list[tuple[float, float]] = []
            for _ in range(PAIRS):
                ours, our_wall, our_cpu = _timed(lambda: [xirr(flows) for flows in _read(session).values()])
                theirs, their_wall, their_cpu = _timed(lambda: [pyxirr.xirr(*one, silent=True) for one in lists])
                assert len(ours) == ACCOUNTS
                assert all(a == b for a, b in zip(ours, theirs, strict=True))
                walls.append((our_wall, their_wall))
                cpus.append((our_cpu, their_cpu))
    ratio = median(ours / theirs for ours, theirs in walls)
    cpu = median(ours / theirs for ours, theirs in cpus)
    size = f"{ACCOUNTS:,} accounts, {FLOWS} payments each"
    return [Row(f"{size}, read and reckoned, against pyxirr", f"{ratio:.2f} times ({cpu:.2f} CPU)", "≤ 3 times", ratio <= 3)]


def _read(session: TenantSession) -> dict[str, list[Dated]]:
    """Every account's flows, then its value, in two queries."""
    found: dict[str, list[Dated]] = {}
    worth = {}
    for account_id, envelope, on, value in session.execute(
        select(Account.id, Account.envelope, Account.value_on, Account.value)
    ):  # fmt: skip
        worth[account_id] = envelope, on, value
        found[account_id] = []
    for account_id, on, kind, amount in session.execute(
        select(Movement.account_id, Movement.on, Movement.kind, Movement.amount).order_by(Movement.account_id, Movement.on)
    ):  # fmt: skip
        flow = external(kind, amount, worth[account_id][0])
        if flow is not None:
            found[account_id].append((on, -flow))
    for account_id, (_envelope, on, value) in worth.items():
        found[account_id].append((on, value))
    return found


def _payments(cabinet_id: int) -> None:
    draw = Random(8)  # noqa: S311 - the same every time
    with db.session(cabinet_id) as session:
        ids = session.execute(select(Account.id, Account.value)).all()
        for start in range(0, len(ids), book.BATCH):
            rows = [
                {
                    "cabinet_id": cabinet_id, "id": f"m{start + at:020d}{place:05d}", "account_id": key,
                    "on": ON - timedelta(days=draw.randrange(30, 3000)), "kind": "VERSEMENT", "label": "Versement",
                    "amount": (value * draw.randrange(10, 25) / 100).quantize(Decimal("0.01")), "currency": "EUR",
                    "source": "banc",
                }
                for at, (key, value) in enumerate(ids[start : start + book.BATCH]) for place in range(FLOWS)
            ]  # fmt: skip
            session.connection().execute(insert(Movement.__table__), rows)


def _timed(call: Callable[[], list[float | None]]) -> tuple[list[float | None], float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = call()
    return found, time.perf_counter() - wall, time.process_time() - cpu
