"""Loans: added, changed, closed; what happens to them is noted (AU-01). What is wrong is said beside its field."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import contacts
from core.api import forms
from core.api import undo
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.patrimoine import frames
from plugins.patrimoine import loan_forms
from plugins.patrimoine import loan_writes
from plugins.patrimoine import owner_forms
from plugins.patrimoine.loan_terms import Borrower
from plugins.patrimoine.loan_terms import Happened
from plugins.patrimoine.loan_terms import Loan
from plugins.patrimoine.loan_terms import Terms
from plugins.patrimoine.loan_views import SECTION
from plugins.patrimoine.loan_views import of_file

EDIT = loan_writes.EDIT


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/contacts/<contact_id>/prets"
    made.add_url_rule(f"{base}/nouveau", "loan_new", new, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<loan_id>/modifier", "loan_edit", edit, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<loan_id>/cloturer", "loan_close", close, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<loan_id>/evenements/ajouter", "loan_event", event, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<loan_id>/evenements/<event_id>/retirer", "loan_event_remove", remove_event, methods=["POST"])


@permission(EDIT)
def new(contact_id: str) -> ResponseReturnValue:
    """Add a loan to the file of one of its borrowers. The form's key makes that a second arrival adds nothing."""
    found = _editable(contact_id)
    if found.line.kind == "FOYER":
        raise Forbidden(_("Un foyer n'emprunte pas\u202f: ajoutez le prêt au dossier de l'un de ses membres."))
    schema, options = loan_forms.LoanForm(), _people(contact_id, found)
    if request.method == "GET":
        usual = {"variable": "NON", "every": "1", "share": Decimal(100), "deferred_months": 0}
        return _loan_form(contact_id, schema, usual, {}, options, once=forms.token())
    key = forms.once(request.form.get("once", ""))

    def write(terms: Terms, people: list[Borrower]) -> str:
        return loan_writes.create(db_session(), adviser(), terms, people, loan_id=key)

    return _taken(contact_id, schema, options, write, _("Le prêt est ajouté."), once=key)


@permission(EDIT)
def edit(contact_id: str, loan_id: str) -> ResponseReturnValue:
    """Change a loan's terms and people."""
    found = _loan(contact_id, loan_id)
    schema, options = loan_forms.LoanForm(), _people(contact_id, contacts.get_contact(db_session(), adviser(), contact_id), found)
    values = loan_forms.shown(found, contact_id)
    if request.method == "GET":
        return _loan_form(contact_id, schema, values, {}, options, loan=found, stamp=forms.stamp(schema, values))
    typed = forms.typed(schema, request.form)
    if clash := forms.clash(schema, request.form.get("seen", ""), values, typed):
        fresh = forms.stamp(schema, values)
        return _loan_form(contact_id, schema, clash.typed, {}, options, loan=found, stamp=fresh, clash=clash)

    def write(terms: Terms, people: list[Borrower]) -> str:
        known = {one.contact_id for one in people}
        beyond = found.borrowers[1 + len(loan_forms.OTHERS) :]
        loan_writes.change(
            db_session(), adviser(), loan_id, terms, [*people, *(one for one in beyond if one.contact_id not in known)]
        )
        return loan_id

    return _taken(contact_id, schema, options, write, _("Les modifications sont enregistrées."), loan=found)


@permission(EDIT)
def close(contact_id: str, loan_id: str) -> ResponseReturnValue:
    """Say that a loan is over, or take that back."""
    found = _loan(contact_id, loan_id)
    schema = loan_forms.CloseForm()
    if request.method == "POST" and found.closed_on is not None:
        loan_writes.reopen(db_session(), adviser(), loan_id)
        return _done(contact_id, loan_id, _("Le prêt est rouvert."))

    def write(values: Mapping[str, Any]) -> None:
        loan_writes.close(db_session(), adviser(), loan_id, values["on"], values["why"])

    words = (_("Clôturer le prêt"), _("Le prêt est clos."))
    return _small(contact_id, found, schema, {}, write, *words)


@permission(EDIT)
def event(contact_id: str, loan_id: str) -> ResponseReturnValue:
    """Note an early repayment, a new rate, or the balance that the lender told."""
    found = _loan(contact_id, loan_id)
    key = forms.once(request.form.get("once", "")) if request.method == "POST" else forms.token()

    def write(values: Mapping[str, Any]) -> None:
        loan_writes.add_event(db_session(), adviser(), loan_id, loan_forms.happened(values), event_id=key)

    usual = {"mode": "DUREE", "indemnity_kind": "PLAFOND"}
    words = (_("Noter un événement"), _("L'événement est noté\u202f: l'échéancier en tient compte."))
    return _small(contact_id, found, loan_forms.EventForm(), usual, write, *words, once=key)


@permission(EDIT)
def remove_event(contact_id: str, loan_id: str, event_id: str) -> ResponseReturnValue:
    """Take an event away at once, and offer to put it back."""
    _loan(contact_id, loan_id)
    gone = loan_writes.remove_event(db_session(), adviser(), loan_id, event_id)
    kept = {name: _json(value) for name, value in asdict(gone).items() if name != "id"}
    token = undo.offer(
        db_session(),
        adviser(),
        "patrimoine.event_removed",
        f"contact:{contact_id}",
        {"loan": loan_id, "event": event_id, "kept": kept},
    )
    db_session().commit()
    undo.say(_("L'événement est retiré\u202f: l'échéancier n'en tient plus compte."), token)
    return redirect(url_for("p_patrimoine.loan", contact_id=contact_id, loan_id=loan_id), 303)


@undo.command("patrimoine.event_removed", permission=EDIT)
def event_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `remove_event`."""
    kept = payload["kept"]
    rate, amount, asked = (None if kept[name] is None else Decimal(kept[name]) for name in ("rate", "amount", "indemnity"))
    gone = Happened(
        kept["kind"], date.fromisoformat(kept["on"]), rate, amount, kept["mode"], kept["indemnity_kind"] or "AUCUNE", asked
    )
    loan_writes.add_event(session, by, payload["loan"], gone, event_id=payload["event"])
    return str(_("L'événement est de retour dans l'échéancier."))


def _json(value: Any) -> Any:
    return str(value) if isinstance(value, date | Decimal) else value


def _editable(contact_id: str) -> contacts.ContactCard:
    found = contacts.get_contact(db_session(), adviser(), contact_id)
    if not contacts.editable(db_session(), adviser(), contact_id):
        raise Forbidden(_("Votre profil permet de voir ce dossier, pas de le modifier. Adressez-vous à qui suit ce client."))
    return found


def _loan(contact_id: str, loan_id: str) -> Loan:
    of_file(contact_id, loan_id)
    return loan_writes.editable(db_session(), adviser(), loan_id)


def _people(contact_id: str, found: contacts.ContactCard, loan: Loan | None = None) -> dict[str, str]:
    """Who may borrow with this contact: members of his households, and those who do already."""
    near: dict[str, str] = {}
    for home in found.households:
        near |= {tie.id: tie.name for tie in contacts.get_contact(db_session(), adviser(), home.id).members}
    near |= {one.contact_id: one.name for one in (loan.borrowers if loan else ())}
    near.pop(contact_id, None)
    return dict(sorted(near.items(), key=lambda one: one[1]))


def _financed(contact_id: str, people: Mapping[str, str], loan: Loan | None) -> dict[str, str]:
    """What the loan may have paid for: the assets of those who may borrow."""
    return owner_forms.financed(contact_id, people, loan.terms.asset_id if loan else None)


def _taken(
    contact_id: str, schema: loan_forms.LoanForm, options: Mapping[str, str], write: Callable[[Terms, list[Borrower]], str],
    done: str, *, once: str | None = None, loan: Loan | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """What was typed is checked and written, or shown again with what is wrong."""
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    for name in loan_forms.OTHERS:
        if typed.get(name) and typed[name] not in options:
            errors[name] = _("Choisissez une personne de la liste.")
    if typed.get("asset_id") and typed["asset_id"] not in _financed(contact_id, options, loan):
        errors["asset_id"] = _("Choisissez une valeur de la liste.")
    if not errors:
        try:
            loan_id = write(*loan_forms.read(checked.values, contact_id))
            return _done(contact_id, loan_id, done)
        except DomainError as error:
            errors = _fault(error)
    seen = request.form.get("seen", "") if loan else ""
    return _loan_form(contact_id, schema, typed, errors, options, once=once, loan=loan, stamp=seen)


def _fault(error: DomainError) -> dict[str, str]:
    db_session().rollback()
    if error.field is None:
        raise error
    return forms.refused(error)


def _done(contact_id: str, loan_id: str, text: str) -> ResponseReturnValue:
    db_session().commit()
    flash(text, "success")
    return redirect(url_for("p_patrimoine.loan", contact_id=contact_id, loan_id=loan_id), 303)


def _loan_form(
    contact_id: str, schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], options: Mapping[str, str], *,
    once: str | None = None, loan: Loan | None = None, stamp: str = "", clash: forms.Clash | None = None,
) -> ResponseReturnValue:  # fmt: skip
    title = _("Modifier le prêt") if loan else _("Nouveau prêt")
    home = (_("Prêts, nantissements"), url_for("p_patrimoine.loans", contact_id=contact_id))
    known = {**dict.fromkeys(loan_forms.OTHERS, options), "asset_id": _financed(contact_id, options, loan)}
    view = forms.view(schema, values, errors, options=known, stamp=stamp, clash=clash)
    page = render_template(
        "patrimoine/loan_form.html", **frames.of(contact_id, SECTION, home, (title, None)), title=title, form=view, once=once,
        back=url_for("p_patrimoine.loan", contact_id=contact_id, loan_id=loan.id) if loan else home[1],
    )  # fmt: skip
    return page, 409 if clash else 422 if errors else 200


def _small(
    contact_id: str, loan: Loan, schema: forms.Form, usual: Mapping[str, Any], write: Callable[[Mapping[str, Any]], None],
    title: str, done: str, *, once: str | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """A short form on a loan: shown, or read and written."""
    errors: dict[str, str] = {}
    values: Mapping[str, Any] = usual
    if request.method == "POST":
        values = forms.typed(schema, request.form)
        checked = forms.check(schema, values)
        errors = dict(checked.errors)
        if not errors:
            try:
                write(checked.values)
                return _done(contact_id, loan.id, done)
            except DomainError as error:
                errors = _fault(error)
    back = url_for("p_patrimoine.loan", contact_id=contact_id, loan_id=loan.id)
    home = (_("Prêts, nantissements"), url_for("p_patrimoine.loans", contact_id=contact_id))
    page = render_template(
        "patrimoine/small_form.html", **frames.of(contact_id, SECTION, home, (loan.kind_label, back), (title, None)),
        title=title, about=loan.label, form=forms.view(schema, values, errors), once=once, back=back,
    )  # fmt: skip
    return page, 422 if errors else 200
