"""Patrimoine > Budget: what comes in, goes out and is put aside, of a person or of a household on a day (PA-02)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import contacts
from core.api import forms
from core.api.db import today
from core.api.web import adviser
from core.api.web import current_context
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.patrimoine import budget_figures
from plugins.patrimoine import budget_forms
from plugins.patrimoine import budget_kinds as kinds
from plugins.patrimoine import budget_pictures
from plugins.patrimoine import budget_sums as sums
from plugins.patrimoine import budgets
from plugins.patrimoine import frames
from plugins.patrimoine.budgets import Found

SECTION = "budget"


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/contacts/<contact_id>/budget", "budget", index)


def rents() -> Decimal:
    """The share of rents that the debt ratio counts."""
    return Decimal(own_context("patrimoine").settings["rents"]) / 100


def read(card: contacts.ContactCard, on: date) -> Found:
    """The budget of a contact's file."""
    return budgets.of_contact(db_session(), adviser(), card, on, rents=rents())


@permission("contacts.view")
def index(contact_id: str) -> ResponseReturnValue:
    """The figures, their charts and lines; of a household its members side by side."""
    frame = frames.of(contact_id, SECTION, (_("Budget"), None))
    schema = budget_forms.DayForm()
    typed = forms.typed(schema, request.args)
    checked = forms.check(schema, typed)
    on = checked.values.get("au") or today()
    found = read(frame["contact"], on)
    budget = found.budget
    page = render_template(
        "patrimoine/budget.html", **frame, found=found, budget=budget, on=on, kinds=kinds, month=sums.month,
        form=forms.view(schema, typed if checked.errors else {"au": on}, checked.errors), sides=_sides(found),
        figures=budget_figures.of(budget, found.people), threshold=kinds.threshold(on), flows=budget_pictures.flows(budget),
        bars=[one for one in (
            budget_pictures.by_kind(budget, kinds.REVENU, _("Revenus par nature, par mois")),
            budget_pictures.by_kind(budget, kinds.CHARGE, _("Charges par nature, par mois")),
        ) if one], columns=_columns(found), editable=editable(found),
    )  # fmt: skip
    return page, 422 if checked.errors else 200


def editable(found: Found) -> frozenset[str]:
    """Those of its people whose lines the signed-in person may change."""
    if not current_context().can("contacts.edit"):
        return frozenset()
    return frozenset(one for one in found.people if contacts.editable(db_session(), adviser(), one))


def _sides(found: Found) -> list[dict[str, Any]]:
    """The lines of each side, with those of loans, which are not typed."""
    totals = {kinds.REVENU: found.budget.income, kinds.CHARGE: found.budget.charges, kinds.EPARGNE: found.budget.savings}
    return [
        {
            "key": side, "name": kinds.SIDE_NAMES[side], "lines": found.budget.on_side(side), "total": totals[side],
            "loans": found.budget.burdens if side == kinds.CHARGE else (),
        }
        for side in kinds.SIDES
    ]  # fmt: skip


def _columns(found: Found) -> list[dict[str, Any]]:
    """A household's table: each member, then all of them. Empty for one person."""
    if len(found.people) < 2 and not found.hidden:
        return []
    own = [{"name": name, "id": key, "budget": found.of(key)} for key, name in found.people.items()]
    return [*own, {"name": _("Foyer"), "id": "", "budget": found.budget}]
