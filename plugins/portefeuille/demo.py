"""The demonstration's share: costs, a correction, an act prepared, another that a movement tells (PF-01, PF-04, PF-05)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from datetime import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from core.api import accounts
from core.api import book
from core.api import demo
from core.api import transactions
from core.api.db import DomainError
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from plugins.portefeuille.plans import keeping

CABINET, WHO = "demo", "conseiller@demo.example"
_COSTS = {"fee_entry": Decimal("0.02"), "fee_units": Decimal("0.0075"), "introducer_code": "AP-204"}


def _prepared(session: TenantSession, by: Adviser, cards: Sequence[accounts.AccountCard]) -> None:
    """A payment that waits to be executed, and one that comes back, on the first account kept by hand that takes one (PF-04)."""
    given = transactions.typed.Given("versement_complementaire", today(), Decimal(500), note="Virement annoncé par le client")
    for card in cards:
        try:
            transactions.typed.preview(session, by, card.ref.id, given)
        except DomainError:
            continue  # closed, or its lines have no cash
        transactions.typed.add(session, by, card.ref.id, given)
        monthly = keeping.Asked(
            "versement_complementaire", "MENSUEL", today().day, today(), amount=Decimal(150), note="Épargne mensuelle"
        )  # fmt: skip
        keeping.add(session, by, card.ref.id, monthly)
        return


def _asked(session: TenantSession, by: Adviser) -> None:
    """A payment noted the day before a feed told its movements: what «Rapprochement» proposes (PF-05)."""
    account, movement = book.Account, book.Movement
    paid = movement.kind == "VERSEMENT", movement.amount > Decimal(0)
    last = session.execute(
        select(movement.account_id, movement.on).join(account, account.id == movement.account_id)
        .where(account.origin == "AGREGE", account.archived_at.is_(None), *paid)
        .order_by(account.id.desc(), movement.on.desc()).limit(1)
    ).first()  # fmt: skip
    if last is not None:
        told = session.scalars(
            select(movement.amount).where(movement.account_id == last.account_id, movement.on == last.on, *paid)
        )
        transactions.create(
            session, account_id=last.account_id, plugin=None, origin="SAISIE", act="versement_complementaire",
            act_label="Versement complémentaire", initiated_by=by.user_id, amount=sum(told, Decimal(0)),
            began=datetime.combine(last.on - timedelta(days=1), time(10), UTC),
        )  # fmt: skip


class PortefeuilleDemo:
    """What `encours demo` prepares; nothing runs beside the web server."""

    def prepare(self, folder: Path) -> None:
        """Once: a second turn finds the correction."""
        with demo.acting(CABINET, WHO) as (session, by):
            account = book.Account
            ids = session.scalars(
                select(account.id).where(account.origin != "AGREGE", account.opened_on.is_not(None)).order_by(account.number_key)
            )
            mine = {one.id: one for one in accounts.refs(session, by, account_ids=list(ids))}
            cards = [accounts.card(session, by, one) for one in sorted(mine, key=lambda key: mine[key].number)[:60]]
            fed = next((one for one in cards if one.origin == "IMPORT_FICHIER"), None)
            typed = next((one for one in cards if one.origin == "MANUEL" and one.ref.envelope in ("PEA", "COMPTE_TITRES")), None)
            if fed is None or accounts.overrides.of_account(session, fed.ref.id):
                return
            assert fed.ref.opened_on is not None
            day = fed.ref.opened_on - timedelta(days=13)
            accounts.overrides.correct(session, by, fed.ref.id, "opened_on", day)
            if typed is not None:
                accounts.by_hand.change(session, by, typed.ref.id, _COSTS)
            _prepared(session, by, [one for one in cards if one.origin == "MANUEL"])
            _asked(session, by)

    def programs(self, folder: Path) -> list[demo.Program]:
        """None."""
        return []

    def join(self, folder: Path) -> None:
        """Nothing is done over the wire."""

    def addresses(self) -> list[tuple[str, str]]:
        """None."""
        return []
