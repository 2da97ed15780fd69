"""Pledges: an account given as security, and the creditor's release (AU-01)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import accounts
from core.api import contacts
from core.api import forms
from core.api import rights
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import today
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.patrimoine import frames
from plugins.patrimoine import loan_forms
from plugins.patrimoine import loans
from plugins.patrimoine import pledges
from plugins.patrimoine.loan_views import SECTION


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/contacts/<contact_id>/nantissements"
    made.add_url_rule(f"{base}/nouveau", "pledge_new", new, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<pledge_id>/accord", "pledge_agree", agree, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<pledge_id>/mainlevee", "pledge_release", release, methods=["GET", "POST"])


@permission(pledges.EDIT)
def new(contact_id: str) -> ResponseReturnValue:
    """Pledge an account of the contact's for a loan, or for one that is not followed here."""
    if not rights.sees(db_session(), adviser(), "contact", contact_id, pledges.EDIT):
        contacts.get_contact(db_session(), adviser(), contact_id)
        raise Forbidden(pledges.LOOK)
    held = accounts.refs(db_session(), adviser(), contact_id=contact_id)
    open_now = [one for one in held if one.state not in accounts.ENDED_STATES]
    owed = [one for one in loans.of_contact(db_session(), adviser(), contact_id) if one.closed_on is None]
    options = {
        "account": {one.id: f"{one.label}, {one.company}" for one in open_now},
        "loan": {one.id: f"{one.label}, {one.terms.purpose}" for one in owed},
    }  # fmt: skip
    key = forms.once(request.form.get("once", "")) if request.method == "POST" else forms.token()

    def write(values: Mapping[str, Any]) -> None:
        pledges.add(
            db_session(), adviser(), values["account"], values["creditor"], values["pledged_on"], amount=values.get("amount"),
            rank=values.get("rank") or 1, loan_id=values.get("loan"), pledge_id=key,
        )  # fmt: skip

    usual = {"pledged_on": today(), "rank": 1, "loan": request.args.get("pret", "")}
    lender = next((one.terms.lender for one in owed if one.id == usual["loan"]), "")
    done = _("Le nantissement est noté\u202f: les rachats et avances du compte attendent l'accord du créancier.")
    words = (_("Nouveau nantissement"), done)
    return _page(contact_id, loan_forms.PledgeForm(), {**usual, "creditor": lender}, write, *words, options=options, once=key)


@permission(pledges.EDIT)
def agree(contact_id: str, pledge_id: str) -> ResponseReturnValue:
    """The creditor agrees in writing to acts that take from the account."""
    found = _found(contact_id, pledge_id)

    def write(values: Mapping[str, Any]) -> None:
        pledges.agree(db_session(), adviser(), pledge_id, values["agreed_on"], values.get("agreed_until"))

    usual = {"agreed_on": found.agreed_on or today(), "agreed_until": found.agreed_until}
    about = _("%(account)s, nanti au profit de %(who)s", account=found.account.label, who=found.creditor)
    words = (_("Accord du créancier"), _("L'accord est noté\u202f: les rachats et avances du compte sont possibles."))
    return _page(contact_id, loan_forms.AgreementForm(), usual, write, *words, about=about)


@permission(pledges.EDIT)
def release(contact_id: str, pledge_id: str) -> ResponseReturnValue:
    """The creditor lets the account go."""
    found = _found(contact_id, pledge_id)

    def write(values: Mapping[str, Any]) -> None:
        pledges.release(db_session(), adviser(), pledge_id, values["released_on"])

    about = _("%(account)s, nanti au profit de %(who)s", account=found.account.label, who=found.creditor)
    words = (_("Mainlevée du nantissement"), _("La mainlevée est notée."))
    return _page(contact_id, loan_forms.ReleaseForm(), {"released_on": today()}, write, *words, about=about)


def _found(contact_id: str, pledge_id: str) -> pledges.Given:
    """A pledge of the contact's that the adviser may change. Raises `NotFound`, `Forbidden` where he may only look."""
    found = next((one for one in pledges.of_contact(db_session(), adviser(), contact_id) if one.id == pledge_id), None)
    if found is None:
        raise NotFound(pledges.ABSENT)
    if not rights.sees(db_session(), adviser(), "account", found.account.id, pledges.EDIT):
        raise Forbidden(pledges.LOOK)
    return found


def _page(
    contact_id: str, schema: forms.Form, usual: Mapping[str, Any], write: Callable[[Mapping[str, Any]], None], title: str,
    done: str, *, options: Mapping[str, Mapping[str, str]] | None = None, once: str | None = None, about: str = "",
) -> ResponseReturnValue:  # fmt: skip
    errors: dict[str, str] = {}
    values = usual
    back = url_for("p_patrimoine.loans", contact_id=contact_id)
    if request.method == "POST":
        values = forms.typed(schema, request.form)
        checked = forms.check(schema, values)
        errors = dict(checked.errors)
        for name, known in (options or {}).items():
            if values.get(name) and values[name] not in known:
                errors[name] = _("Choisissez une valeur de la liste.")
        if not errors:
            try:
                write(checked.values)
                db_session().commit()
                flash(done, "success")
                return redirect(back, 303)
            except DomainError as error:
                db_session().rollback()
                if error.field is None:
                    raise
                errors = forms.refused(error)
    page = render_template(
        "patrimoine/small_form.html", **frames.of(contact_id, SECTION, (_("Prêts, nantissements"), back), (title, None)),
        title=title, about=about, form=forms.view(schema, values, errors, options=options), once=once, back=back,
    )  # fmt: skip
    return page, 422 if errors else 200
