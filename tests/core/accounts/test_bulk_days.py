"""Days of many accounts written at once: what stands there, and what the journal says, is as if written one by one (AGG-01)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.accounts import bulk_days
from core.accounts import bulk_undo
from core.accounts import bulk_update
from core.accounts.models import Account
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.accounts.schemas import NewPosition
from core.cabinets import audit_proof
from core.cabinets.models import AuditEntry
from core.cabinets.models import AuditPayload
from core.db.session import TenantSession
from core.supports import services as supports
from tests.core.accounts.book import Book
from tests.core.accounts.book import account

D = Decimal
DAY = date(2026, 6, 30)


def told(session: TenantSession, key: str) -> dict[str, Any]:
    """All that an account's day leaves behind."""
    lines = select(Position.support_id, Position.on, *(getattr(Position, name) for name in ("quantity", "price", "price_on")),
                   Position.value, Position.cost, Position.currency, Position.pocket)  # fmt: skip
    values = select(Valuation.on, Valuation.value, Valuation.net_payments, Valuation.source)
    head = select(Account.value, Account.value_on, Account.data_as_of, Account.freshness, Account.net_payments)
    journal = (
        select(AuditEntry.actor, AuditEntry.action, AuditPayload.payload)
        .join(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
        .where(AuditEntry.subject == f"account:{key}", AuditEntry.action.in_(("account.positions", "account.valued")))
        .order_by(AuditEntry.seq)
    )  # fmt: skip
    return {
        "lines": [tuple(row) for row in session.execute(lines.where(Position.account_id == key).order_by(Position.support_id))],
        "values": [tuple(row) for row in session.execute(values.where(Valuation.account_id == key).order_by(Valuation.on))],
        "head": tuple(session.execute(head.where(Account.id == key)).one()),
        "journal": [tuple(row) for row in session.execute(journal)],
    }  # fmt: skip


def test_at_once_is_as_one_by_one(book: Book) -> None:
    """AGG-01: lines, values, journal, what can be taken back; on a new day, on a known one, on an older one; cash alone."""
    with book.db.session(1) as session:
        fund, euro = (supports.support_for(session, code=code, label=code, type="OPCVM") for code in ("A", "B"))
        first = (NewPosition(fund, D("600.5"), D("2"), D("300.25"), DAY, D("550.00")), NewPosition(euro, D("100.00")))
        older = (NewPosition(euro, D("90.00"), pocket="PRETAX"),)
        rounds = [
            bulk_update.Day(DAY, D("700.50"), None, first), bulk_update.Day(DAY, D("600.50"), None, first[:1]),
            bulk_update.Day(date(2026, 3, 31), None, None, older), bulk_update.Day(date(2026, 7, 31), D("12.34")),
        ]  # fmt: skip
        at_once = [account(session, book.company, f"B {n}", book.jeanne) for n in range(2)]
        alone = account(session, book.company, "S 1", book.jeanne)
        session.commit()
    for day in rounds:
        with book.db.session(1) as session:
            written = bulk_days.put(session, book.boss, dict.fromkeys(at_once, day), "flux")
            one_by_one = bulk_update.apply(session, book.boss, alone, bulk_update.Change(day=day), source="flux")
        assert [written[key] for key in at_once] == [one_by_one] * 2, day.on
    with book.db.session(1, write=False) as session:
        expected = told(session, alone)
        assert [told(session, key) for key in at_once] == [expected] * 2
        known = bulk_days.known(session, {(at_once[0], DAY), (at_once[0], date(2020, 1, 1))})
        assert known == {(at_once[0], DAY): bulk_days.Known(D("600.50"), ((D("600.50"), D("2")),))}
        assert audit_proof.verify(session).fault is None
    with book.db.session(1) as session:
        before, after = written[at_once[0]]
        assert bulk_undo.put_back(session, book.boss, at_once[0], before, after) is None
        assert told(session, at_once[0])["head"][:2] == (D("600.50"), DAY)


def test_what_is_out_of_the_ordinary_is_left_to_the_services(book: Book) -> None:
    """AGG-01: another's account, two lines of a support, another currency, a product that does not hold: nothing is written."""
    with book.db.session(1) as session:
        fund = supports.support_for(session, code="A", label="A", type="OPCVM")
        keys = [account(session, book.company, f"B {n}", book.jeanne) for n in range(4)]
        line = NewPosition(fund, D("10.00"))
        wrong = [
            (line, NewPosition(fund, D("5.00"), pocket="X")), (NewPosition(fund, D("10.00"), currency="USD"),),
            (NewPosition(fund, D("10.00"), D("2"), D("6")),),
        ]  # fmt: skip
        days = {key: bulk_update.Day(DAY, None, None, lines) for key, lines in zip(keys, [*wrong, (line,)], strict=True)}
        assert list(bulk_days.put(session, book.boss, days, "flux")) == keys[-1:]
        assert bulk_days.put(session, book.claire, {keys[-1]: days[keys[-1]]}, "flux") == {}
        assert [told(session, key)["journal"] for key in keys[:-1]] == [[], [], []]
