"""What a whole cabinet holds by class of assets, 200,000 positions, beside DuckDB over the same rows (OU-02).

Ours is the sum that the list of supports and its export show (`accounts.holding`): what open accounts hold of each support on
their last day, as far as the adviser may see, here all; then by class. DuckDB's rows lie in its own columns beforehand, and it is
asked the sum alone. Beside them SQLite's own, for what a row store can do at best. By processor time. The goal speaks of
5,000,000 (`python -m benchmarks.sums 5000000`): given up after eleven minutes, here.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from sqlalchemy import select

from benchmarks import book
from benchmarks.measure import Row
from core.accounts import services as accounts
from core.api.types import Adviser
from core.cabinets import services as cabinets
from core.db.session import TenantSession
from core.extensions import db
from core.supports import services as supports
from core.supports.models import Support

POSITIONS, LINES, SUPPORTS, TURNS = 200_000, 50, 400, 3
TYPES = ("OPCVM", "FONDS_EURO", "SCPI", "ACTION", "OBLIGATION", "ETF")
ON = date(2026, 11, 20)
#: Each account's lines: supports that follow one another from a place of its own.
MADE = """
INSERT INTO position (cabinet_id, id, account_id, support_id, "on", pocket, value, currency)
WITH RECURSIVE line(n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM line WHERE n + 1 < :lines),
held(place, id) AS (SELECT row_number() OVER (ORDER BY id) - 1, id FROM support WHERE cabinet_id = :cabinet),
mine(place, id) AS (SELECT row_number() OVER (ORDER BY id), id FROM account WHERE cabinet_id = :cabinet)
SELECT :cabinet, printf('p%015d%010d', mine.place, n), mine.id, held.id, :on, '',
  10000 + (mine.place * 7919 + n * 104729) % 99990000, 'EUR'
FROM mine, line JOIN held ON held.place = (mine.place * 31 + n) % :supports ORDER BY mine.place, n
"""
BARE = """SELECT s.type, sum(p.value) FROM position p JOIN support s ON s.id = p.support_id AND s.cabinet_id = p.cabinet_id
WHERE p.cabinet_id = {} AND p.currency = 'EUR' GROUP BY s.type"""


def run(count: int = POSITIONS) -> list[Row]:
    """All three in turn; to the cent they say the same."""
    with TemporaryDirectory() as folder, book.application(Path(folder), f"sqlite:///{folder}/banc.sqlite") as app:
        cabinet_id, people = book.cabinet(app, "banc")
        book.contacts(cabinet_id, people, count // LINES, accounts_each=1)
        with db.session(cabinet_id) as session:
            for n in range(SUPPORTS):
                supports.support_for(session, code=f"B{n}", label=f"Fonds {n}", type=TYPES[n % len(TYPES)])
            boss: Adviser = cabinets.principals(session, people)[people[0]]
            driver: Any = session.connection().connection.driver_connection
            asked = {"cabinet": cabinet_id, "lines": LINES, "supports": SUPPORTS, "on": ON.isoformat()}
            assert driver.execute(MADE, asked).rowcount == count
        with db.engine.connect() as connection:
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with db.session(cabinet_id, write=False) as session, duckdb.connect() as columns:
            columns.execute("SET threads = 1")
            _load(session, columns)
            driver = session.connection().connection.driver_connection
            calls: tuple[Callable[[], Any], ...] = (
                lambda: _ours(session, boss), lambda: columns.execute(BARE.format(cabinet_id)).fetchall(),
                lambda: driver.execute(BARE.format(cabinet_id)).fetchall(),
            )  # fmt: skip
            whole, theirs, rows = (call() for call in calls)
            assert whole == {kind: Decimal(int(value)).scaleb(-4) for kind, value in theirs}
            assert dict(rows) == {kind: int(value) for kind, value in theirs}
            turns = [tuple(_cpu(call) for call in calls) for _turn in range(TURNS)]
    ours, duck, lite = (median(turn[place] for turn in turns) for place in range(3))
    size = f"{count:,} positions of {count // LINES:,} accounts, by class"
    return [
        Row(f"{size}: the product's sum against DuckDB (CPU)", f"{ours / duck:.0f} times ({ours:.2f} s and {duck:.3f} s)",
            "≤ 3 times", ours <= 3 * duck),
        Row("SQLite's own sum of these rows against DuckDB", f"{lite / duck:.0f} times ({lite:.2f} s)", "told", True),
        Row("the product's sum against SQLite's own", f"{ours / lite:.1f} times", "told", True),
    ]  # fmt: skip


def _ours(session: TenantSession, boss: Adviser) -> dict[str, Decimal]:
    kinds = {row.id: row.type for row in session.execute(select(Support.id, Support.type))}
    found = defaultdict[str, Decimal](Decimal)
    for key, held in accounts.holding(session, boss, list(kinds)).items():
        found[kinds[key]] += held.value or Decimal(0)
    return dict(found)


def _load(session: TenantSession, columns: duckdb.DuckDBPyConnection) -> None:
    """The tables in DuckDB's own columns, by way of a file: nothing is fetched for it."""
    driver: Any = session.connection().connection.driver_connection
    for name, kinds, wanted in (
        ("position", "cabinet_id INTEGER, support_id VARCHAR, value BIGINT, currency VARCHAR",
         "SELECT cabinet_id, support_id, value, currency FROM position"),
        ("support", "cabinet_id INTEGER, id VARCHAR, type VARCHAR", "SELECT cabinet_id, id, type FROM support"),
    ):  # fmt: skip
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{name}.csv"
            with path.open("w", encoding="utf-8") as stream:
                stream.writelines(",".join(map(str, row)) + "\n" for row in driver.execute(wanted))
            columns.execute(f"CREATE TABLE {name} ({kinds})")
            columns.execute(f"COPY {name} FROM '{path}' (HEADER false)")


def _cpu(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before


if __name__ == "__main__":
    for one in run(int(sys.argv[1])):
        print(one)
