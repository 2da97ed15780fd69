"""A night's feed of 1,000,000 positions through the whole pipeline, beside the same file loaded bare (AGG-01).

Ours reads, checks and applies it as the worker does after a partner's answer: what it says of 20,000 accounts is compared with
what is known, written with its journal, and can be taken back. Bare: the csv module and `executemany` into the same table of
the same database, foreign keys and indexes on. The same file again then writes nothing. By processor time.
"""

from __future__ import annotations

import csv
import io
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from unittest import mock

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from stdnum import isin

from benchmarks import book
from benchmarks.measure import Row
from core.accounts.models import Account
from core.accounts.models import Position
from core.api import feeds
from core.api.feeds import AccountSeen
from core.api.feeds import BalanceSeen
from core.api.feeds import FeedFile
from core.api.feeds import FeedFormat
from core.api.feeds import FeedRecord
from core.api.feeds import Place
from core.api.feeds import PositionSeen
from core.api.feeds import SupportSeen
from core.api.types import Adviser
from core.cabinets import services as cabinets
from core.cli import cycles
from core.db.clock import now
from core.db.session import TenantSession
from core.extensions import db
from core.supports import services as supports
from plugins.aggregation.pipeline import files
from plugins.aggregation.pipeline import reading
from plugins.aggregation.pipeline.models import FeedAccount

POSITIONS, SMALL, LINES, SUPPORTS = 1_000_000, 100_000, 50, 400
COMPANY, ORIGIN, ON = "Generali Patrimoine", "generali patrimoine", date(2026, 11, 26)


def run() -> list[Row]:
    """Processes of their own: what one keeps in memory is the feed's alone."""
    told = []
    for count in (SMALL, POSITIONS):
        done = subprocess.run([sys.executable, "-m", "benchmarks.feed", str(count)], capture_output=True, text=True, check=True)
        told.append([float(one) for one in done.stdout.strip().splitlines()[-1].split("|")])
    read, check, write, bare, peak, again = told[1]
    ours, size = read + check + write, f"{POSITIONS:,} positions of {POSITIONS // LINES:,} accounts"
    return [
        Row(f"{size}: read, checked and applied, against bare (CPU)", f"{ours / bare:.1f} times ({ours:.0f} s and {bare:.0f} s)",
            "≤ 4 times", ours <= 4 * bare),
        Row("of it: reading, checking, applying", f"{read:.0f} s, {check:.0f} s, {write:.0f} s", "told", True),
        Row(f"most memory, application included: {SMALL:,} positions and {POSITIONS:,}", f"{told[0][4]:.0f} and {peak:.0f} MB",
            "≤ 1.25 times", peak <= 1.25 * told[0][4]),
        Row("rows that the same file writes again", f"{again:.0f}", "0", not again),
    ]  # fmt: skip


def main(count: int) -> None:
    """Measure, and print one line."""
    with TemporaryDirectory() as folder, book.application(Path(folder), f"sqlite:///{folder}/banc.sqlite") as app:
        cabinet_id, people = book.cabinet(app, "banc")
        book.contacts(cabinet_id, people, count // LINES, accounts_each=1)
        codes = [_isin(n) for n in range(SUPPORTS)]
        with db.session(cabinet_id) as session:
            for code in codes:
                supports.support_for(session, isin=code, label=f"Fonds {code}", type="OPCVM")
            by = cabinets.principals(session, people)[people[0]]
            numbers = _attached(session)
        cycles.rarely()  # as the worker does
        path = Path(folder) / "nuit.csv"
        _written(path, numbers, codes)
        sha256, size = feeds.store(cabinet_id).put(path.read_bytes()), path.stat().st_size
        bare = _bare(Path(folder), path, cabinet_id)
        with mock.patch("core.api.feeds.known", return_value=[("banc.csv", FORMAT)]):
            begun = time.process_time()
            found = reading.read(mock.Mock(), cabinet_id, path.name, size, sha256)
            read = time.process_time() - begun
        check, write = _worked(cabinet_id, by, found, sha256, size)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        with db.session(cabinet_id, write=False) as session:
            assert session.scalar(select(func.count(Position.id))) == count
            newest = session.scalar(select(func.max(Position.id)))
        _worked(cabinet_id, by, found, sha256, size)
        with db.session(cabinet_id, write=False) as session:
            again = session.scalar(select(func.count(Position.id)).where(Position.id > newest))
    print(f"{read}|{check}|{write}|{bare}|{peak}|{again}")


def _worked(cabinet_id: int, by: Adviser, found: reading.Read, sha256: str, size: int) -> tuple[float, float]:
    """Checked, then applied, in one transaction: seconds of each."""
    with db.session(cabinet_id) as session:
        row = files.arrive(session, by, found.name, sha256, size, source="banc")
        begun = time.process_time()
        files.work(mock.Mock(), session, by, row, found)
        checked, again = time.process_time(), row.state == "APPLIQUE"
        assert again or row.state == "LU", row.trouble
        files.begin(session, by, row, "ECRITURE")
        files.work(mock.Mock(), session, by, row, found)
        assert row.state == "APPLIQUE", row.trouble
        assert row.tally["done"]["days"] == (0 if again else row.tally["days"])
    return checked - begun, time.process_time() - checked


def _attached(session: TenantSession) -> list[str]:
    """Every account is known to the source, as after its first night; their numbers."""
    rows = session.execute(select(Account.id, Account.number)).all()
    names = ("origin", "key", "number", "company", "currency", "state", "account_id", "seen_at", "holders", "label",
             "filled_before")  # fmt: skip
    session.put(
        FeedAccount, names,
        ((ORIGIN, number, number, COMPANY, "EUR", "RATTACHE", key, now(), [], "Himalia", "MANUEL") for key, number in rows),
    )  # fmt: skip
    session.execute(update(Account).values(origin="AGREGE"))
    return [row.number for row in rows]


def _written(path: Path, numbers: list[str], codes: list[str]) -> None:
    """«number;ISIN;quantity;price;value», the lines of an account together."""
    draw = Random(20261126)  # noqa: S311 - the same every time
    with path.open("w", encoding="utf-8", newline="") as stream:
        for number in numbers:
            for code in draw.sample(codes, LINES):
                price, quantity = Decimal(draw.randrange(1_000, 50_000)) / 100, draw.randrange(1, 400)
                stream.write(f"{number};{code};{quantity};{price};{quantity * price}\n")


def _isin(number: int) -> str:
    body = f"FR{number:09d}"
    return body + isin.calc_check_digit(body)


def _read(file: FeedFile) -> Iterator[FeedRecord]:
    account, total = "", Decimal(0)
    with file.open() as binary, io.TextIOWrapper(binary, "utf-8", newline="") as stream:
        for line, (number, code, quantity, price, value) in enumerate(csv.reader(stream, delimiter=";"), 1):
            place = Place(line)
            if number != account:
                if account:
                    yield BalanceSeen(account, "value", ON, total, "EUR", place)
                account, total = number, Decimal(0)
                yield AccountSeen(number, number, place, label="Himalia", company=COMPANY, currency="EUR")
            worth = Decimal(value)
            total += worth
            support = SupportSeen(code)
            yield PositionSeen(number, support, ON, place, worth, Decimal(quantity), Decimal(price), ON, currency="EUR")
        yield BalanceSeen(account, "value", ON, total, "EUR", place)


FORMAT = FeedFormat("csv", "Banc", (".csv",), lambda _head, _name: 95, _read, 512 * 1024 * 1024)


def _bare(folder: Path, path: Path, cabinet_id: int) -> float:
    """Into the same database, then taken back: nothing but the csv module and the driver."""
    connection = sqlite3.connect(folder / "banc.sqlite", isolation_level=None)
    for pragma in ("cache_size=-8192", "foreign_keys=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    accounts = dict(connection.execute("SELECT number, id FROM account"))
    held = dict(connection.execute("SELECT isin, id FROM support"))
    begun, day = time.process_time(), ON.isoformat()
    connection.execute("BEGIN IMMEDIATE")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = (
            (cabinet_id, f"b{at:025d}", accounts[number], held[code], day, "", int(quantity) * 10**8, _scaled(price), day,
             _scaled(value), None, "EUR")
            for at, (number, code, quantity, price, value) in enumerate(csv.reader(stream, delimiter=";"))
        )  # fmt: skip
        connection.executemany(
            'INSERT INTO position (cabinet_id, id, account_id, support_id, "on", pocket, quantity, price, price_on, value, cost, '
            "currency) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows,
        )  # fmt: skip
    spent = time.process_time() - begun
    connection.execute("ROLLBACK")
    connection.close()
    return spent


def _scaled(text: str) -> int:
    return round(float(text) * 10**4)


if __name__ == "__main__":
    main(int(sys.argv[1]))
