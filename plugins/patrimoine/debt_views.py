"""Patrimoine > Passifs: loans, other debts, sureties apart; the page of a debt (PA-01)."""

from __future__ import annotations

from decimal import Decimal

from flask import Blueprint
from flask import render_template
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import wealth
from core.api.db import NotFound
from core.api.db import today
from core.api.types import Category
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import hub
from core.api.web import permission
from plugins.patrimoine import asset_writes
from plugins.patrimoine import assets
from plugins.patrimoine import debts
from plugins.patrimoine import frames
from plugins.patrimoine import item_rows
from plugins.patrimoine.asset_terms import Debt
from plugins.patrimoine.wealth import of_debt

SECTION = "passifs"
TITLES: dict[Category, str] = {
    "EMPRUNT": "Prêts", "DETTE_FISCALE": "Dettes fiscales", "AUTRE_DETTE": "Autres dettes", "CAUTION": "Engagements donnés",
}  # fmt: skip


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/contacts/<contact_id>/passifs", "debts", index)
    made.add_url_rule("/contacts/<contact_id>/passifs/<debt_id>", "debt", debt)


def of_file(contact_id: str, debt_id: str) -> Debt:
    """A debt that this contact, or a member of this household, owes a share of. Raises `NotFound`."""
    found = next((one for one in debts.of_contact(db_session(), adviser(), contact_id) if one.id == debt_id), None)
    if found is None:
        raise NotFound(debts.ABSENT)
    return found


@permission("contacts.view")
def index(contact_id: str) -> ResponseReturnValue:
    """What a person, or a household's members, owe: what the balance sheet of today has of it, and what stands beside it."""
    frame = frames.of(contact_id, SECTION, (_("Passifs"), None))
    sheet = wealth.balance(hub(), current_context(), db_session(), adviser(), contact_id)
    owed = [one for one in sheet.lines if one.item.debt]
    groups = item_rows.grouped(item_rows.rows(db_session(), adviser(), contact_id, sheet, owed), TITLES)
    mine = {one.id: one for one in debts.of_contact(db_session(), adviser(), contact_id)}
    within = [one for one in groups if one.key != "CAUTION"]
    return render_template(
        "patrimoine/debts.html", **frame, groups=within, sureties=[one for one in groups if one.key == "CAUTION"], known=mine,
        on=sheet.on, missing=sheet.missing, total=sum((one.total for one in within), Decimal(0)), people=sheet.people,
        unknown=sum(one.unknown for one in within), count=sum(len(one.rows) for one in within),
        gone=[one for one in mine.values() if one.settled_on is not None],
    )  # fmt: skip


@permission("contacts.view")
def debt(contact_id: str, debt_id: str) -> ResponseReturnValue:
    """A debt: what it is, who owes what part of it."""
    found, day = of_file(contact_id, debt_id), today()
    home = (_("Passifs"), url_for("p_patrimoine.debts", contact_id=contact_id))
    line = wealth.lines(db_session(), item_rows.SOURCE, [of_debt(found, set())], day)[0]
    names, seen = item_rows.named(db_session(), adviser(), line)
    paid = assets.find(db_session(), adviser(), found.terms.asset_id) if found.terms.asset_id else None
    mine = {one.contact_id for one in paid.owners} if paid else set()
    return render_template(
        "patrimoine/debt.html", **frames.of(contact_id, SECTION, home, (found.terms.label, None)), debt=found, terms=found.terms,
        line=line, names=names, seen=seen, on=day, paid=paid, in_file=contact_id in mine,
        may_edit=asset_writes.may_edit(db_session(), adviser(), found.owners),
    )  # fmt: skip
