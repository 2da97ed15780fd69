"""The demonstration's share: costs of an account kept by hand, and a field of an imported one that somebody corrected (PF-01)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from core.api import accounts
from core.api import book
from core.api import demo

CABINET, WHO = "demo", "conseiller@demo.example"
_COSTS = {"fee_entry": Decimal("0.02"), "fee_units": Decimal("0.0075"), "introducer_code": "AP-204"}


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

    def programs(self, folder: Path) -> list[demo.Program]:
        """None."""
        return []

    def join(self, folder: Path) -> None:
        """Nothing is done over the wire."""

    def addresses(self) -> list[tuple[str, str]]:
        """None."""
        return []
