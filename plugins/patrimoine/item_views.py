"""Where a line of the balance sheet leads: to the page of its thing, whatever it is."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint
from flask import redirect
from flask import url_for
from flask.typing import ResponseReturnValue

from core.api import wealth
from core.api.db import NotFound
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.patrimoine import assets
from plugins.patrimoine import debts
from plugins.patrimoine import loans
from plugins.patrimoine.asset_terms import Owner
from plugins.patrimoine.loan_terms import Borrower


def register(made: Blueprint) -> None:
    """The route."""
    made.add_url_rule("/contacts/<contact_id>/lignes/<item_id>", "item", item)


@permission("contacts.view")
def item(contact_id: str, item_id: str) -> ResponseReturnValue:
    """The page of an asset, a loan or a debt: in this file where it is one of its own, else in that of one whose it is.

    What a quasi-usufruct owes back («id:…») leads to the thing itself.
    """
    session, by = db_session(), adviser()
    people, key = wealth.people(session, by, contact_id), item_id.partition(":")[0]
    if asset := assets.find(session, by, key):
        return redirect(url_for("p_patrimoine.asset", contact_id=_file(contact_id, people, asset.owners), asset_id=key))
    if loan := loans.find(session, by, key):
        return redirect(url_for("p_patrimoine.loan", contact_id=_file(contact_id, people, loan.borrowers), loan_id=key))
    if debt := debts.find(session, by, key):
        return redirect(url_for("p_patrimoine.debt", contact_id=_file(contact_id, people, debt.owners), debt_id=key))
    raise NotFound("Cette ligne n'existe pas, ou n'est pas ouverte à votre profil.")


def _file(contact_id: str, people: Iterable[str], owners: Iterable[Owner | Borrower]) -> str:
    seen = [one.contact_id for one in owners if one.visible]
    return contact_id if set(people) & set(seen) else seen[0]
