"""Who is told how a transaction ended (BL-13)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.db import current
from core.db.clock import now
from core.extensions import db
from core.hooks.happenings import PluginEnabled
from core.hooks.happenings import TransactionStatusChanged
from core.shell.models import Notification
from core.transactions import services as transactions
from core.transactions.models import Transaction
from core.transactions.services import Change
from plugins.portefeuille import notices
from tests.conftest import People
from tests.plugins.portefeuille.conftest import Portfolio


@pytest.mark.parametrize(("status", "label", "told"), [("validated", "Validé", 1), ("pending", "En attente", 0)])
def test_the_one_who_began_is_told_once(
    people: People, portfolio: Portfolio, status: str, label: str, told: int
) -> None:
    """BL-13: validated, rejected, cancelled; told at least once by the job, shown once; nobody else is told."""
    with db.session(people.cabinet_id) as session:
        ref = transactions.create(
            session, account_id=portfolio.himalia, plugin="essai", origin="PARTENAIRE", act="arbitrage",
            act_label="Arbitrage", nature="arbitrage", initiated_by=people.adviser,
        )  # fmt: skip
        row = session.get(Transaction, (people.cabinet_id, ref.id))
        assert row is not None
        row.partner_ref = "N-88213"
        transactions.set_status(session, row, Change(status, label, "hook", now(), seq=1))
        changed = TransactionStatusChanged(ref.id, ref.reference, ref.account_id, "initiated", status, label)
        with current.bound(session):
            for event in (changed, changed, PluginEnabled("essai")):
                notices.tell(event)
        found = session.scalars(select(Notification).where(Notification.key.startswith("transaction:"))).all()
        assert [row.user_id for row in found] == [people.adviser] * told
        if told:
            assert found[0].title == "Arbitrage\u202f: Validé"
            assert "Himalia HIM0012345" in found[0].text
            assert "N-88213" in found[0].text
            assert found[0].url == f"/p/portefeuille/comptes/{portfolio.himalia}/transactions"


def test_a_transaction_that_nobody_began_here_tells_nobody(people: People, portfolio: Portfolio) -> None:
    """BL-13: imported ones have no one to tell."""
    with db.session(people.cabinet_id) as session:
        ref = transactions.create(
            session, account_id=portfolio.himalia, plugin=None, origin="IMPORT", act="arbitrage",
            act_label="Arbitrage", nature="arbitrage", initiated_by=None,
        )  # fmt: skip
        with current.bound(session):
            notices.tell(TransactionStatusChanged(ref.id, ref.reference, ref.account_id, None, "validated", "Validé"))
        assert session.scalars(select(Notification).where(Notification.key.startswith("transaction:"))).all() == []
