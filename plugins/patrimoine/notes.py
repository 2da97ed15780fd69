"""What is said of a pledged account on its own pages: for whom, since when, and whether it still covers the loan (AU-01)."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import gettext as _

from core.api import Context
from core.api.db import session
from core.api.db import today
from core.api.formats import day
from core.api.formats import money
from core.api.formats import number
from core.api.types import AccountNote
from core.api.types import AccountRef
from core.api.types import Adviser
from plugins.patrimoine import loans
from plugins.patrimoine import pledges
from plugins.patrimoine.pledge_models import Pledge


def of_account(ctx: Context, account: AccountRef) -> list[AccountNote]:
    """One note for each pledge that stands; red where the loan is covered below the cabinet's threshold."""
    if ctx.principal is None or not account.pledged:
        return []
    return [_note(ctx, ctx.principal, account, one) for one in pledges.of_accounts(session(), [account.id], today())]


def _note(ctx: Context, adviser: Adviser, account: AccountRef, pledge: Pledge) -> AccountNote:
    said = _("Nanti au profit de %(who)s depuis le %(day)s", who=pledge.creditor, day=day(pledge.pledged_on))
    said += "." if pledge.amount is None else _(", pour %(amount)s.", amount=money(pledge.amount))
    loan = loans.find(session(), adviser, pledge.loan_id) if pledge.loan_id else None
    holder = next((one.id for one in account.holders), "")
    if loan is None:
        return AccountNote(pledge.id, said, endpoint="p_patrimoine.loans" if holder else "", values={"contact_id": holder})
    who = next((one.contact_id for one in loan.borrowers if one.visible), loan.borrowers[0].contact_id)
    values = {"contact_id": who, "loan_id": loan.id}
    cover = pledges.coverage(pledges.of_loan(session(), adviser, loan.id), loan, today())
    if cover is None or cover.ratio is None:
        return AccountNote(pledge.id, said, endpoint="p_patrimoine.loan", values=values)
    percent = number(cover.ratio * 100, 0)
    said += " " + _("Le prêt, dont il reste %(owed)s, est couvert à %(ratio)s\u00a0%%.", owed=money(cover.owed), ratio=percent)
    low = cover.below(Decimal(ctx.settings["coverage"]) / 100)
    return AccountNote(
        pledge.id, said, "danger" if low else "info", _("Couverture insuffisante") if low else "", "p_patrimoine.loan", values
    )
