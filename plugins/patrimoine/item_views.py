"""Where a line of the balance sheet leads: to the page of its thing, whatever it is."""

from __future__ import annotations

from flask import Blueprint
from flask import redirect
from flask import url_for
from flask.typing import ResponseReturnValue

from core.api import contacts
from core.api.db import NotFound
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.patrimoine import assets
from plugins.patrimoine import debts
from plugins.patrimoine import loans


def register(made: Blueprint) -> None:
    """The route."""
    made.add_url_rule("/contacts/<contact_id>/lignes/<item_id>", "item", item)


@permission("contacts.view")
def item(contact_id: str, item_id: str) -> ResponseReturnValue:
    """The page of a loan, an asset or a debt that is in this file."""
    session, by = db_session(), adviser()
    contacts.get_contact(session, by, contact_id)
    if any(one.id == item_id for one in assets.of_contact(session, by, contact_id)):
        return redirect(url_for("p_patrimoine.asset", contact_id=contact_id, asset_id=item_id))
    if any(one.id == item_id for one in loans.of_contact(session, by, contact_id)):
        return redirect(url_for("p_patrimoine.loan", contact_id=contact_id, loan_id=item_id))
    if any(one.id == item_id for one in debts.of_contact(session, by, contact_id)):
        return redirect(url_for("p_patrimoine.debt", contact_id=contact_id, debt_id=item_id))
    raise NotFound("Cette ligne n'existe pas, ou n'est pas ouverte à votre profil.")
