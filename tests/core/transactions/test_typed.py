"""Acts typed on an account without a partner: prepared, executed once with what they write, taken back whole (PF-04)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from core.accounts import by_hand
from core.accounts import days
from core.accounts import holdings
from core.accounts import values_by_hand
from core.accounts.checks import Unconfirmed
from core.accounts.models import Account
from core.accounts.models import Movement
from core.accounts.schemas import NewAccount
from core.accounts.schemas import NewPosition
from core.accounts.schemas import Role
from core.cabinets.models import AuditEntry
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.supports import services as supports
from core.transactions import services
from core.transactions import typed
from core.transactions.models import Transaction
from core.transactions.models import TransactionEvent
from core.transactions.typed import Given
from core.transactions.typed_acts import IN
from core.transactions.typed_acts import OUT
from core.transactions.typed_shapes import Leg
from tests.core.accounts.book import Book

D = Decimal
BEFORE, DAY = today() - timedelta(days=30), today() - timedelta(days=2)


def kept_by_lines(session: TenantSession, book: Book, **more: Any) -> tuple[str, str, str]:
    """A contract of two lines, a fund in euros and another by quantity; the account and the two supports."""
    role = [Role(book.jeanne, "SOUSCRIPTEUR")]
    data = NewAccount("ASSURANCE_VIE", "AV 1", "Horizon", book.company, role, opened_on=date(2015, 1, 1), **more)
    account = by_hand.add(session, book.marc, data)
    euro = supports.support_for(session, code="EURO-1", label="Fonds euro", type="FONDS_EURO")
    fund = supports.support_for(session, isin="FR0010315770", label="Fonds actions", type="OPCVM")
    lines = [NewPosition(euro, D(6000)), NewPosition(fund, D(4000), D(40), D(100), BEFORE, D(3000))]
    values_by_hand.put_lines(session, book.marc, account, BEFORE, lines)
    values_by_hand.put_value(session, book.marc, account, BEFORE, D(10000), D(9000))
    return account, euro, fund


def moved(session: TenantSession, account: str) -> list[tuple[str, Decimal]]:
    rows = session.scalars(select(Movement).where(Movement.account_id == account).order_by(Movement.amount))
    return [(one.kind, one.amount) for one in rows]


def state(session: TenantSession, account: str) -> Mapping[str, Any]:
    """All that an act may touch."""
    row = session.get_one(Account, (1, account))
    return {
        "days": [days.kept(session, account, on) for on in (BEFORE, DAY)], "moves": moved(session, account),
        "own": (row.value, row.value_on, row.net_payments, row.freshness),
    }  # fmt: skip


def test_prepared_executed_and_taken_back(book: Book) -> None:
    """PF-04: nothing is written before it is executed; then movements, lines, value and payments together; taken back, all is
    as it was.
    """
    with book.db.session(1) as session:
        account, euro, fund = kept_by_lines(session, book)
        before = state(session, account)
        legs = (Leg(OUT, euro, "amount", D(600)), Leg(OUT, fund, "units", D(4), D(110)))
        act = typed.add(session, book.marc, account, Given("rachat_partiel", DAY, D(1040), legs, note="Travaux"))
        assert state(session, account) == before
        found = typed.get(session, book.marc, act)
        assert (found.ref.status, found.ref.status_label, found.ref.amount, found.given.note) == (
            "initiated", "Préparée", D(1040), "Travaux",
        )  # fmt: skip
        assert typed.execute(session, book.marc, act, seen=found.version)
        assert moved(session, account) == [("RACHAT", D(-600)), ("RACHAT", D(-440))]
        held = holdings.positions(session, account)
        assert (held.on, held.total) == (DAY, D(5400) + D(36) * D(110))
        row = session.get_one(Account, (1, account))
        assert (row.value, row.value_on, row.net_payments) == (D(9360), DAY, D(9000) - D(1040))
        assert typed.get(session, book.marc, act).ref.status == "executed_here"
        assert typed.take_back(session, book.marc, act)
        assert state(session, account) == before
        again = typed.get(session, book.marc, act)
        assert (again.ref.status, again.given, again.execution) == ("initiated", found.given, None)
        assert session.get_one(Transaction, (1, act)).next_poll_at is None


def test_twice_writes_once(book: Book) -> None:
    """PF-04: the form sent twice makes one act; executed twice, it has written once."""
    with book.db.session(1) as session:
        account, euro, _fund = kept_by_lines(session, book)
        given = Given("versement_complementaire", DAY, D(100), (Leg(IN, euro, "all"),))
        key = "01jd5q7v3h8k9m2n4p6r8s0t1w"
        assert typed.add(session, book.marc, account, given, transaction_id=key) == key
        assert typed.add(session, book.marc, account, given, transaction_id=key) == key
        assert typed.execute(session, book.marc, key)
        assert not typed.execute(session, book.marc, key)
        assert moved(session, account) == [("VERSEMENT", D(100))]
        assert typed.take_back(session, book.marc, key)
        assert not typed.take_back(session, book.marc, key)
        assert moved(session, account) == []


def test_two_tabs(book: Book) -> None:
    """PF-04: what was changed meanwhile is neither overwritten nor executed unseen."""
    with book.db.session(1) as session:
        account, euro, fund = kept_by_lines(session, book)
        given = Given("arbitrage", DAY, None, (Leg(OUT, euro, "amount", D(100)), Leg(IN, fund, "all")))
        act = typed.add(session, book.marc, account, given)
        first = typed.get(session, book.marc, act).version
        other = Given("arbitrage", DAY, None, (Leg(OUT, euro, "amount", D(250)), Leg(IN, fund, "all")))
        typed.change(session, book.marc, act, other, seen=first)
        assert typed.get(session, book.marc, act).ref.amount == D(250)
        with pytest.raises(Conflict, match="a changé"):
            typed.change(session, book.marc, act, given, seen=first)
        with pytest.raises(Conflict, match="a changé"):
            typed.execute(session, book.marc, act, seen=first)
        assert moved(session, account) == []
        typed.execute(session, book.marc, act)
        with pytest.raises(Conflict, match="ne se modifie plus"):
            typed.change(session, book.marc, act, given)


def test_cancelled_and_taken_up_again(book: Book) -> None:
    """PF-04: given up, its history stays; an executed one is taken back first."""
    with book.db.session(1) as session:
        account, euro, _fund = kept_by_lines(session, book)
        act = typed.add(session, book.marc, account, Given("frais", DAY, D(12), (Leg(OUT, euro, "amount", D(12)),)))
        assert typed.cancel(session, book.marc, act)
        assert not typed.cancel(session, book.marc, act)
        with pytest.raises(Conflict):
            typed.execute(session, book.marc, act)
        typed.take_back(session, book.marc, act)
        typed.execute(session, book.marc, act)
        with pytest.raises(Conflict):
            typed.cancel(session, book.marc, act)
        said = [one.status for one in services.history(session, book.marc, act)]
        assert said == ["initiated", "cancelled", "initiated", "executed_here"]
        events = session.scalars(select(TransactionEvent.source).where(TransactionEvent.transaction_id == act))
        assert set(events) == {typed.TYPED}
        actions = set(session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"transaction:{act}")))
        assert actions == {"transaction.created", "transaction.status"}


def test_what_came_after_stands(book: Book) -> None:
    """PF-04: an act of before the last lines writes its movements alone; one whose lines were changed since is not taken back."""
    with book.db.session(1) as session:
        account, euro, _fund = kept_by_lines(session, book)
        past = Given("frais", BEFORE, D(5), (Leg(OUT, euro, "amount", D(5)),))
        values_by_hand.put_value(session, book.marc, account, DAY, D(10500), D(9000))
        act = typed.add(session, book.marc, account, past)
        assert typed.preview(session, book.marc, account, past).later == DAY
        typed.execute(session, book.marc, act)
        assert holdings.positions(session, account, BEFORE).total == D(10000)
        assert session.get_one(Account, (1, account)).value == D(10500)
        typed.take_back(session, book.marc, act)
        assert moved(session, account) == []
        now = typed.add(session, book.marc, account, Given("frais", today(), D(5), (Leg(OUT, euro, "amount", D(5)),)))
        typed.execute(session, book.marc, now)
        values_by_hand.put_value(session, book.marc, account, today(), D(1))
        with pytest.raises(Conflict, match="ont changé depuis"):
            typed.take_back(session, book.marc, now)
        assert moved(session, account) == [("FRAIS", D(-5))]


def test_ceilings_plans_and_acceptance_wait_for_a_word(book: Book) -> None:
    """PF-04: beyond a ceiling, from a young plan or with a beneficiary who accepted, nothing is written until it is confirmed."""
    with book.db.session(1) as session:
        role = [Role(book.jeanne, "TITULAIRE")]
        data = NewAccount("LIVRET_A", "L1", "Livret", book.company, role, value=D(22900), value_on=BEFORE, net_payments=D(22900))
        book_account = by_hand.add(session, book.marc, data)
        act = typed.add(session, book.marc, book_account, Given("versement_complementaire", DAY, D(100)))
        with pytest.raises(Unconfirmed) as asked:
            typed.execute(session, book.marc, act)
        assert [one.code for one in asked.value.findings] == ["ceiling_22950"]
        assert moved(session, book_account) == []
        assert typed.execute(session, book.marc, act, acknowledged=["ceiling_22950"])
        plan = NewAccount(
            "PEA", "P1", "PEA", book.company, role, opened_on=today() - timedelta(days=400), value=D(1000), value_on=BEFORE
        )
        young = by_hand.add(session, book.marc, plan)
        out = typed.add(session, book.marc, young, Given("rachat_partiel", DAY, D(100)))
        with pytest.raises(Unconfirmed, match="cinq ans"):
            typed.execute(session, book.marc, out)
        account, euro, _fund = kept_by_lines(session, book)
        session.get_one(Account, (1, account)).accepted_beneficiary = True
        taken = typed.add(session, book.marc, account, Given("rachat_partiel", DAY, D(9), (Leg(OUT, euro, "amount", D(9)),)))
        with pytest.raises(Unconfirmed, match="L132-9"):
            typed.execute(session, book.marc, taken)


def test_where_nothing_is_typed(book: Book) -> None:
    """PF-04, PL-05: a day to come waits; a fed or closed account, another's and another cabinet's take none."""
    with book.db.session(1) as session:
        account, euro, _fund = kept_by_lines(session, book)
        given = Given("versement_complementaire", today() + timedelta(days=3), D(10), (Leg(IN, euro, "all"),))
        act = typed.add(session, book.marc, account, given)
        with pytest.raises(DomainError, match="dans le futur"):
            typed.execute(session, book.marc, act)
        with pytest.raises(NotFound):
            typed.get(session, book.claire, act)
        with pytest.raises(DomainError, match="ne se saisit pas"):
            typed.add(session, book.marc, account, Given("achat", DAY, None, (Leg(IN, euro, "amount", D(1)),)))
        with pytest.raises(DomainError, match="n'existe pas") as unknown:
            typed.add(session, book.marc, account, Given("arbitrage", DAY, None, (Leg(OUT, "0" * 26, "all"),)))
        assert unknown.value.field == "support_1"
        row = session.get_one(Account, (1, account))
        row.origin = "AGREGE"
        with pytest.raises(Conflict, match="partenaire"):
            typed.add(session, book.marc, account, given)
        assert typed.offered(session, account) == ()
        row.origin, row.state = "MANUEL", "CLOTURE"
        with pytest.raises(Conflict, match="clos"):
            typed.preview(session, book.marc, account, given)
    with book.db.session(2) as session, pytest.raises(NotFound):
        typed.get(session, book.stranger, act)
