"""Debts beside loans: added, changed, settled. What is wrong is said beside its field (PA-01)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import forms
from core.api.db import Forbidden
from core.api.db import today
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.patrimoine import asset_writes
from plugins.patrimoine import debt_forms
from plugins.patrimoine import debt_writes
from plugins.patrimoine import owner_forms
from plugins.patrimoine.asset_terms import Debt
from plugins.patrimoine.asset_terms import Owner
from plugins.patrimoine.debt_views import SECTION
from plugins.patrimoine.debt_views import of_file
from plugins.patrimoine.owner_forms import Page

EDIT = asset_writes.EDIT


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/contacts/<contact_id>/passifs"
    made.add_url_rule(f"{base}/nouveau", "debt_new", new, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<debt_id>/modifier", "debt_edit", edit, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<debt_id>/solder", "debt_settle", settle, methods=["GET", "POST"])


@permission(EDIT)
def new(contact_id: str) -> ResponseReturnValue:
    """Add a debt to the file of one who owes it. The form's key makes that a second arrival adds nothing."""
    found = owner_forms.editable(contact_id)
    if found.line.kind == "FOYER":
        raise Forbidden(_("Un foyer ne doit rien\u202f: ajoutez la dette au dossier de l'un de ses membres."))
    key = forms.once(request.form.get("once", "")) if request.method == "POST" else forms.token()

    def write(values: Mapping[str, Any], owners: list[Owner]) -> str:
        return debt_writes.create(db_session(), adviser(), debt_forms.terms(values), owners, debt_id=key)

    near = owner_forms.near(found)
    usual = {"owner_1": contact_id, "share_1": Decimal(100), "amount_on": today()}
    return owner_forms.shared_form(
        _page(contact_id, _("Nouvelle dette")), debt_forms.DebtForm(), usual, near, write, _("La dette est ajoutée."),
        page_of=_url, count=debt_forms.OWNERS,
        options={"asset_id": owner_forms.financed(contact_id, near)}, once=key,
    )  # fmt: skip


@permission(EDIT)
def edit(contact_id: str, debt_id: str) -> ResponseReturnValue:
    """Change a debt."""
    found = _debt(contact_id, debt_id)
    near = owner_forms.near(owner_forms.editable(contact_id), found.owners)

    def write(values: Mapping[str, Any], owners: list[Owner]) -> str:
        beyond = found.owners[debt_forms.OWNERS :]
        debt_writes.change(db_session(), adviser(), debt_id, debt_forms.terms(values), [*owners, *beyond])
        return debt_id

    return owner_forms.shared_form(
        _page(contact_id, _("Modifier la dette"), found), debt_forms.DebtForm(), debt_forms.shown(found), near, write,
        _("Les modifications sont enregistrées."), page_of=_url, count=debt_forms.OWNERS,
        options={"asset_id": owner_forms.financed(contact_id, near, found.terms.asset_id)}, stamped=True,
    )  # fmt: skip


@permission(EDIT)
def settle(contact_id: str, debt_id: str) -> ResponseReturnValue:
    """Say that it is owed no more, or take that back."""
    found = _debt(contact_id, debt_id)
    page = _page(contact_id, _("Solder la dette"), found)
    if request.method == "POST" and found.settled_on is not None:
        debt_writes.reopen(db_session(), adviser(), debt_id)
        return owner_forms.done(page.back, _("La dette est de nouveau due."))

    def write(values: Mapping[str, Any]) -> None:
        debt_writes.settle(db_session(), adviser(), debt_id, values["on"])

    return owner_forms.small(page, debt_forms.SettleForm(), {"on": today()}, write, _("La dette est soldée."))


def _url(contact_id: str, debt_id: str) -> str:
    return url_for("p_patrimoine.debt", contact_id=contact_id, debt_id=debt_id)


def _debt(contact_id: str, debt_id: str) -> Debt:
    of_file(contact_id, debt_id)
    return debt_writes.editable(db_session(), adviser(), debt_id)


def _page(contact_id: str, title: str, found: Debt | None = None) -> Page:
    home = (_("Passifs"), url_for("p_patrimoine.debts", contact_id=contact_id))
    if found is None:
        return Page(contact_id, SECTION, (home,), title, home[1])
    back = _url(contact_id, found.id)
    return Page(contact_id, SECTION, (home, (found.terms.label, back)), title, back, found.terms.label)
