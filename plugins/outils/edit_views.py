"""Supports made and corrected by a member of the cabinet; prices that he types, and takes back (OU-09)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from datetime import datetime
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

from core.api import forms
from core.api import supports
from core.api import undo
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.outils import support_forms

EDIT = supports.by_hand.EDIT
_ONE = "/supports/<support_id>"
_hand = supports.by_hand


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/supports/nouveau", "support_new", new, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/modifier", "support_edit", edit, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/valeurs/<key>/retirer", "support_withdraw", withdraw, methods=["POST"])
    made.add_url_rule(f"{_ONE}/cours/saisir", "support_price", price, methods=["GET", "POST"])
    made.add_url_rule(f"{_ONE}/cours/<day>/retirer", "support_price_remove", remove_price, methods=["POST"])


@permission(EDIT)
def new() -> ResponseReturnValue:
    """«Créer un support»; `q`: what was looked for. One that is there is shown; the form's key makes one of two arrivals."""
    schema = support_forms.NewForm()
    if request.method == "GET":
        asked = request.args.get("q", "").strip()[:200]
        there = _hand.known(db_session(), asked) if asked else None
        if there is not None:
            flash(_("Ce support est déjà dans votre cabinet\u202f: le voici."), "success")
            return redirect(_url(there))
        return _form(schema, _begun(asked), {}, _("Créer un support"), once=forms.token())
    key, typed = forms.once(request.form.get("once", "")), forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors, there = dict(checked.errors), None
    if not errors:
        values = checked.values
        try:
            made = _hand.add(
                db_session(), adviser(), support_forms.given(values), support_forms.cause(values), isin=values.get("isin"),
                code=values.get("code"), support_id=key,
            )  # fmt: skip
            db_session().commit()
            flash(_("Le support est créé."), "success")
            return redirect(_url(made), 303)
        except DomainError as error:
            errors = _fault(error)
            there = _hand.known(db_session(), str(values.get(error.field or "") or "")) if isinstance(error, Conflict) else None
    return _form(schema, typed, errors, _("Créer un support"), once=key, there=there)


@permission(EDIT)
def edit(support_id: str) -> ResponseReturnValue:
    """Say otherwise: what is changed stands before files and catalogue, which are kept beside."""
    line = supports.card(db_session(), support_id, on=today()).line
    schema, known = support_forms.SupportForm(), supports.facts.of(db_session(), support_id)
    values = support_forms.shown({code: one.told.value for code, one in known.items()})
    title = _("Modifier le support")
    if request.method == "GET":
        return _form(schema, values, {}, title, line=line, stamp=forms.stamp(schema, values))
    typed, seen = forms.typed(schema, request.form), request.form.get("seen", "")
    if clash := forms.clash(schema, seen, values, typed):
        return _form(schema, clash.typed, {}, title, line=line, stamp=forms.stamp(schema, values), clash=clash)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    if not errors:
        try:
            said = support_forms.given(checked.values)
            before = forms.shown(schema, values)  # what was not touched is not said: a form shows fewer digits than a file has
            said = {code: one for code, one in said.items() if not _same(typed.get(code), before.get(code))}
            _hand.change(db_session(), adviser(), support_id, said, support_forms.cause(checked.values))
            return _done(support_id, _("Les modifications sont enregistrées."))
        except DomainError as error:
            errors = _fault(error)
    return _form(schema, typed, errors, title, line=line, stamp=seen)


@permission(EDIT)
def withdraw(support_id: str, key: str) -> ResponseReturnValue:
    """Take back one's word on a value."""
    gone = _hand.withdraw(db_session(), adviser(), support_id, key)
    kept = {name: str(value) if value is not None else None for name, value in asdict(gone).items()}
    return _taken_back(support_id, "outils.released", {"key": key, "told": kept}, _("La valeur saisie est retirée."))


@permission(EDIT)
def price(support_id: str) -> ResponseReturnValue:
    """A price of a day."""
    line = supports.card(db_session(), support_id, on=today()).line
    schema, errors = support_forms.PriceForm(), dict[str, str]()
    values: Mapping[str, Any] = {"on": today()}
    if request.method == "POST":
        values = forms.typed(schema, request.form)
        checked = forms.check(schema, values)
        errors = dict(checked.errors)
        if not errors:
            said = checked.values
            try:
                _hand.put_price(db_session(), adviser(), support_id, said["on"], said["value"], said.get("source") or "")
                return _done(support_id, _("Le cours est enregistré."))
            except DomainError as error:
                errors = _fault(error)
    title = _("Saisir un cours")
    page = render_template(
        "outils/price_form.html", title=title, line=line, form=forms.view(schema, values, errors), back=_url(support_id),
        crumbs=_trail(title, line),
    )  # fmt: skip
    return page, 422 if errors else 200


@permission(EDIT)
def remove_price(support_id: str, day: str) -> ResponseReturnValue:
    """Take back a price that was typed."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise NotFound(_("Ce cours n'existe plus, ou n'a pas été saisi ici.")) from None
    value, source = _hand.remove_price(db_session(), adviser(), support_id, on)
    kept = {"on": on.isoformat(), "value": str(value), "source": source}
    return _taken_back(support_id, "outils.unpriced", kept, _("Le cours est retiré."))


@undo.command("outils.released", permission=EDIT)
def word_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `withdraw`."""
    told = payload["told"]
    word = supports.facts.Told(
        told["value"], "SAISIE", told["source"], date.fromisoformat(told["on"]) if told["on"] else None, None, told["said_by"],
        datetime.fromisoformat(told["said_at"]) if told["said_at"] else None,
    )  # fmt: skip
    _hand.put_back(session, by, payload["support"], payload["key"], word)
    return str(_("La valeur saisie est de retour."))


@undo.command("outils.unpriced", permission=EDIT)
def price_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `remove_price`."""
    on = date.fromisoformat(payload["on"])
    _hand.put_price(session, by, payload["support"], on, Decimal(payload["value"]), said=payload["source"])
    return str(_("Le cours est de retour."))


def _begun(asked: str) -> dict[str, Any]:
    """What the form begins with: the ISIN that was typed and what the catalogue says of it, else the label."""
    code = asked.replace(" ", "").upper()
    if len(code) == 12 and code.isascii() and code.isalnum() and code[:2].isalpha() and any(sign.isdigit() for sign in code):
        return {"currency": "EUR", **support_forms.shown(_hand.in_catalogue(db_session(), code)), "isin": code}
    return {"currency": "EUR", "label": asked or None}


def _form(
    schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], title: str, *,
    line: supports.SupportLine | None = None, once: str | None = None, stamp: str = "", clash: forms.Clash | None = None,
    there: str | None = None,
) -> ResponseReturnValue:  # fmt: skip
    page = render_template(
        "outils/support_form.html", title=title, line=line, once=once, there=_url(there) if there else None,
        form=forms.view(schema, values, errors, stamp=stamp, clash=clash), crumbs=_trail(title, line),
        back=_url(line.id) if line else url_for("p_outils.index"),
    )  # fmt: skip
    return page, 409 if clash else 422 if errors else 200


def _same(one: object, other: object) -> bool:
    return " ".join(str(one or "").split()) == " ".join(str(other or "").split())


def _done(support_id: str, said: str) -> ResponseReturnValue:
    db_session().commit()
    flash(said, "success")
    return redirect(_url(support_id), 303)


def _taken_back(support_id: str, command: str, kept: Mapping[str, Any], said: str) -> ResponseReturnValue:
    token = undo.offer(db_session(), adviser(), command, f"support:{support_id}", {"support": support_id, **kept})
    db_session().commit()
    undo.say(said, token)
    return redirect(_url(support_id), 303)


def _trail(title: str, line: supports.SupportLine | None) -> list[tuple[str, str | None]]:
    home: list[tuple[str, str | None]] = [(_("Supports"), url_for("p_outils.index"))]
    return [*home, *([(line.label, _url(line.id))] if line else ()), (title, None)]


def _url(support_id: str) -> str:
    return url_for("p_outils.support", support_id=support_id)


def _fault(error: DomainError) -> dict[str, str]:
    db_session().rollback()
    return forms.refused(error)
