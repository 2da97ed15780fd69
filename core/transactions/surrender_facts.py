"""What the file knows of the payments of a contract: all of them, or why not (PF-04, domain.md §2.9)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from core.accounts.models import Account
from core.accounts.models import Movement
from core.db.session import TenantSession
from core.transactions.surrender import Explained
from core.transactions.surrender import Facts
from core.transactions.surrender import explained
from core.transactions.typed_effect import Effect
from core.transactions.typed_effect import Given
from core.web import formats

#: Movements that pay in, and those that pay back.
PAID = frozenset({"SOUSCRIPTION", "VERSEMENT", "VERSEMENT_LIBRE", "VERSEMENT_COMPLEMENTAIRE", "VERSEMENT_PROGRAMME"})
BACK = frozenset({"RACHAT", "RACHAT_PARTIEL", "RACHAT_TOTAL", "RACHAT_PROGRAMME", "TRANSFERT", "VIREMENT_TITRES"})


def of_act(session: TenantSession, account_id: str, given: Given, effect: Effect) -> Explained | None:
    """The surrender that an act would be, explained; None for an act or an envelope of which nothing is said.

    The caller has checked that the account may be seen.
    """
    if given.act not in ("rachat_partiel", "rachat_total"):
        return None
    account = session.scalar(select(Account).where(Account.id == account_id))
    if account is None:
        return None
    payments, first, why = _payments(session, account, given.on)
    facts = Facts(
        account.envelope, given.on, effect.outcome.amount, effect.value_before, payments, why, first,
        account.effect_on or account.opened_on, account.currency,
    )  # fmt: skip
    return explained(facts)


def _payments(session: TenantSession, account: Account, on: date) -> tuple[Decimal | None, date | None, str]:
    """All that was paid in, the first day, or why it is not known."""
    if account.net_payments is None:
        return None, None, "Les versements de ce compte ne sont pas connus\u202f: aucun gain ne se calcule sans eux."
    rows = session.execute(
        select(Movement.on, Movement.kind, Movement.amount).where(Movement.account_id == account.id, Movement.on <= on)
    ).all()
    if any(row.kind in BACK for row in rows):
        text = (
            "Des retraits ont déjà été faits\u202f: le capital qu'ils ont remboursé n'est pas dans la fiche. Demandez à la "
            "compagnie les versements restant à rembourser."
        )
        return None, None, text
    paid = [(row.on, row.amount) for row in rows if row.kind in PAID]
    known = sum((amount for _on, amount in paid), Decimal(0))
    if known != account.net_payments:
        said = formats.money(known, account.currency), formats.money(account.net_payments, account.currency)
        text = (
            f"Les mouvements de versement connus font {said[0]}, les versements nets {said[1]}\u202f: tous ne sont pas connus, "
            "aucun gain ne se calcule."
        )
        return None, None, text
    return known, min((day for day, _amount in paid), default=None), ""
