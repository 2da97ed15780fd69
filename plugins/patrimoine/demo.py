"""The demonstration's share of patrimoine: what people own and owe, loans of every kind, one backed by a pledged contract."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from sqlalchemy import select

from core.api import book
from core.api import demo
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.patrimoine import demo_assets
from plugins.patrimoine import demo_budget
from plugins.patrimoine import loan_models as tables
from plugins.patrimoine import loan_writes
from plugins.patrimoine import pledges
from plugins.patrimoine.demo_assets import ago
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Happened
from plugins.patrimoine.loan_terms import Terms

CABINET, WHO = "demo", "administrateur@demo.example"
#: The pledged contract of the demonstration, and who lends against it.
PLEDGED, LENDER = "XAE0022091", "Banque de Loire"
D = Decimal


class PatrimoineDemo:
    """What `encours demo` prepares; nothing runs beside the web server."""

    def prepare(self, folder: Path) -> None:
        """The loans, once."""
        with demo.acting(CABINET, WHO) as (session, by):
            if session.scalar(select(tables.Loan.id).limit(1)) is None:
                write(session, by)
            demo_budget.write(session, by)

    def programs(self, folder: Path) -> list[demo.Program]:
        """None."""
        return []

    def join(self, folder: Path) -> None:
        """Nothing is done over the wire."""

    def addresses(self) -> list[tuple[str, str]]:
        """None."""
        return []


def write(session: TenantSession, by: Adviser) -> None:
    """What they own; then a couple's mortgage, a PTZ beside it, a bridge loan, a loan in fine backed by a pledged contract."""
    paid = demo_assets.write(session, by)
    jeanne, philippe = _contact(session, "Durand Jeanne"), _contact(session, "Durand Philippe")
    thomas, emilie = _contact(session, "Petit Thomas"), _contact(session, "Petit Émilie")
    claire, henri, helene = (_contact(session, name) for name in ("Faure Claire", "Faure Henri", "Moreau Hélène"))
    house = Terms(
        "AMORTISSABLE", "Résidence principale, Nantes", "Crédit Atlantique", D(280000), D("0.0165"), "CA-2019-448120",
        months=240, first_due=ago(78), granted_on=ago(79), insurance_kind="INITIAL", insurance_rate=D("0.0034"),
        fees=D(3200), guarantees=("CAUTION",), asset_id=paid["Nantes"],
    )  # fmt: skip
    mortgage = loan_writes.create(session, by, house, _couple(jeanne, philippe, "0.5", "0.5"))
    early = Happened("REMBOURSEMENT", ago(30), amount=D(25000), mode="DUREE", indemnity_kind="PLAFOND")
    loan_writes.add_event(session, by, mortgage, early)
    home = Terms(
        "AMORTISSABLE", "Résidence principale, Angers", "Banque de Loire", D(210000), D("0.0345"), "BDL-77120", months=300,
        first_due=ago(20), granted_on=ago(22), deferred_months=6, deferred_kind="PARTIEL", insurance_kind="RESTANT",
        insurance_rate=D("0.0029"), fees=D(2100), guarantees=("HYPOTHEQUE",), asset_id=paid["Angers"],
    )  # fmt: skip
    loan_writes.create(session, by, home, _couple(thomas, emilie, "1", "1"))
    zero = Terms(
        "PTZ", "Résidence principale, Angers", "Banque de Loire", D(60000), D(0), "BDL-77121", months=300, first_due=ago(20),
        granted_on=ago(22), deferred_months=120, deferred_kind="TOTAL", guarantees=("HYPOTHEQUE",), asset_id=paid["Angers"],
    )  # fmt: skip
    loan_writes.create(session, by, zero, _couple(thomas, emilie, "0", "0"))
    bridge = Terms(
        "RELAIS", "Achat avant revente, La Baule", "Crédit Atlantique", D(190000), D("0.0395"), "CA-2026-1177", months=24,
        first_due=ago(7), granted_on=ago(8), deferred_months=24, deferred_kind="TOTAL", fees=D(950), guarantees=("HYPOTHEQUE",),
        asset_id=paid["La Baule"],
    )  # fmt: skip
    loan_writes.create(session, by, bridge, _couple(claire, henri, "0", "0"))
    bullet = Terms(
        "IN_FINE", "Immeuble de rapport, Saint-Nazaire", LENDER, D(220000), D("0.0285"), "BDL-60318", months=180,
        first_due=ago(40), granted_on=ago(41), insurance_kind="MONTANT", insurance_amount=D("38.50"), fees=D(1800),
        guarantees=("NANTISSEMENT",), asset_id=paid["Saint-Nazaire"],
    )  # fmt: skip
    backed = loan_writes.create(session, by, bullet, [Borrower(helene, D(1), D(1))])
    account = session.scalar(select(book.Account).where(book.Account.number == PLEDGED))
    if account is not None:
        opened = account.opened_on or ago(41)
        pledges.add(session, by, account.id, LENDER, max(opened, ago(41)), amount=D(200000), loan_id=backed)


def _couple(one: str, other: str, first: str, second: str) -> list[Borrower]:
    return [Borrower(one, D("0.5"), D(first)), Borrower(other, D("0.5"), D(second))]


def _contact(session: TenantSession, name: str) -> str:
    wanted = select(book.Contact.id).where(book.Contact.display_name == name).order_by(book.Contact.id)
    return session.scalars(wanted).one()
