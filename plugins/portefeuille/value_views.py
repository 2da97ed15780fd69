"""«Saisir une valorisation, les lignes, un mouvement»: what a person tells of an account that no feed fills (PF-01, PF-04)."""

from __future__ import annotations

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

from core.api import accounts
from core.api import forms
from core.api import undo
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from core.api.web import address
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.portefeuille import account_acts as acts
from plugins.portefeuille import account_edit_views as editing
from plugins.portefeuille import account_forms
from plugins.portefeuille import line_forms

EDIT = editing.EDIT
_ONE = "/comptes/<account_id>"
_typed = accounts.values_by_hand


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule(f"{_ONE}/valorisations/ajouter", "account_value", value, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/valorisations/<day>/retirer", "account_value_remove", remove_value, methods=["POST"])
    made.add_url_rule(f"{_ONE}/supports/saisir", "account_lines", lines, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/mouvements/ajouter", "account_movement", movement, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/mouvements/<movement_id>/retirer", "account_movement_remove", remove_movement, methods=["POST"])


@permission(EDIT)
def value(account_id: str) -> ResponseReturnValue:
    """What it was worth on a day."""
    schema = account_forms.ValueForm()

    def write(given: Mapping[str, Any]) -> None:
        _typed.put_value(db_session(), adviser(), account_id, given["on"], given["value"], given.get("net_payments"))

    return _small(account_id, schema, {"on": today()}, write, _("Saisir une valorisation"), "account")


@permission(EDIT)
def remove_value(account_id: str, day: str) -> ResponseReturnValue:
    """Take back a value that was typed."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise NotFound(_("Cette valorisation n'existe plus, ou n'a pas été saisie ici.")) from None
    gone, paid = _typed.remove_value(db_session(), adviser(), account_id, on)
    kept = {"on": day, "value": str(gone), "net_payments": str(paid) if paid is not None else None}
    where = url_for("p_portefeuille.account", account_id=account_id)
    return acts.taken_back(account_id, "portefeuille.unvalued", kept, _("La valorisation est retirée."), where)


@permission(EDIT)
def lines(account_id: str) -> ResponseReturnValue:
    """The lines of a day: what each support is worth, by quantity × price or as an amount."""
    card = _noted(account_id)
    if card is None:
        return _fed(account_id)
    schema = line_forms.LinesForm()
    held = accounts.positions(db_session(), account_id)
    values: Mapping[str, Any] = {"on": today(), **line_forms.shown(held.lines)}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = forms.typed(schema, request.form)
        checked = forms.check(schema, values)
        errors = dict(checked.errors)
        if not errors:
            try:
                found, errors = line_forms.read(db_session(), checked.values, card.ref.currency, adviser().user_id)
                if not errors:
                    _typed.put_lines(db_session(), adviser(), account_id, checked.values["on"], found)
                    return editing.done(account_id, _("Les lignes sont enregistrées."), "account_supports")
            except DomainError as error:
                errors = _fault(error)
            db_session().rollback()
    title = _("Saisir les lignes")
    page = render_template(
        "portefeuille/lines_form.html", title=title, card=card, crumbs=editing.trail(card, title), rows=line_forms.ROWS,
        form=forms.view(schema, values, errors), back=url_for("p_portefeuille.account_supports", account_id=account_id),
        new_support=address("p_outils.support_new"),
        used=max((n for n in range(1, line_forms.ROWS + 1) if values.get(f"support_{n}")), default=2),
    )  # fmt: skip
    return page, 422 if errors else 200


@permission(EDIT)
def movement(account_id: str) -> ResponseReturnValue:
    """A movement. The form's key makes that a second arrival adds nothing."""
    key = forms.once(request.form.get("once", "")) if request.method == "POST" else forms.token()

    def write(given: Mapping[str, Any]) -> None:
        one = _typed.TypedMovement(given["on"], given["kind"], given["label"], given["amount"])
        _typed.add_movement(db_session(), adviser(), account_id, one, movement_id=key)

    schema, title = account_forms.MovementForm(), _("Saisir un mouvement")
    return _small(account_id, schema, {"on": today()}, write, title, "account_movements", once=key)


@permission(EDIT)
def remove_movement(account_id: str, movement_id: str) -> ResponseReturnValue:
    """Take back a movement that was typed."""
    gone = _typed.remove_movement(db_session(), adviser(), account_id, movement_id)
    kept = {"movement": movement_id, **{name: str(value) for name, value in asdict(gone).items()}}
    where = url_for("p_portefeuille.account_movements", account_id=account_id)
    return acts.taken_back(account_id, "portefeuille.unmoved", kept, _("Le mouvement est retiré."), where)


@undo.command("portefeuille.unvalued", permission=EDIT)
def value_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `remove_value`."""
    paid = Decimal(payload["net_payments"]) if payload["net_payments"] is not None else None
    _typed.put_value(session, by, payload["account"], date.fromisoformat(payload["on"]), Decimal(payload["value"]), paid)
    return str(_("La valorisation est de retour."))


@undo.command("portefeuille.unmoved", permission=EDIT)
def movement_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `remove_movement`."""
    one = _typed.TypedMovement(
        date.fromisoformat(payload["on"]), payload["kind"], payload["label"], Decimal(payload["amount"])
    )
    _typed.add_movement(session, by, payload["account"], one, movement_id=payload["movement"])
    return str(_("Le mouvement est de retour."))


def _small(
    account_id: str, schema: forms.Form, usual: Mapping[str, Any], write: Any, title: str, back: str, *, once: str | None = None
) -> ResponseReturnValue:  # fmt: skip
    card = _noted(account_id)
    if card is None:
        return _fed(account_id)
    values, errors = usual, dict[str, str]()
    if request.method == "POST":
        values = forms.typed(schema, request.form)
        checked = forms.check(schema, values)
        errors = dict(checked.errors)
        if not errors:
            try:
                write(checked.values)
                return editing.done(account_id, _("C'est enregistré."), back)
            except DomainError as error:
                errors = _fault(error)
    page = render_template(
        "portefeuille/small_form.html", title=title, about="", card=card, once=once, crumbs=editing.trail(card, title),
        form=forms.view(schema, values, errors), back=url_for(f"p_portefeuille.{back}", account_id=account_id),
    )  # fmt: skip
    return page, 422 if errors else 200


def _noted(account_id: str) -> accounts.AccountCard | None:
    """The account, where its figures may be typed; None for one that its partner feeds."""
    editing.editable(account_id)
    card = accounts.card(db_session(), adviser(), account_id)
    return None if card.origin == "AGREGE" else card


def _fed(account_id: str) -> ResponseReturnValue:
    flash(_typed.FED, "error")
    return redirect(url_for("p_portefeuille.account", account_id=account_id), 303 if request.method == "POST" else 302)


def _fault(error: DomainError) -> dict[str, str]:
    db_session().rollback()
    return forms.refused(error)
