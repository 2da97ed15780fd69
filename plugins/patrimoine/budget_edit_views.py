"""Lines of a budget: added one by one or several at once, changed, removed with a way back (PA-02)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
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
from flask_babel import ngettext

from core.api import forms
from core.api import undo
from core.api.db import DomainError
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.patrimoine import budget_forms
from plugins.patrimoine import budget_kinds as kinds
from plugins.patrimoine import budget_writes
from plugins.patrimoine import budgets
from plugins.patrimoine import frames
from plugins.patrimoine.budget_sums import Line
from plugins.patrimoine.budget_views import SECTION
from plugins.patrimoine.budget_views import read

EDIT = budget_writes.EDIT


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/contacts/<contact_id>/budget"
    made.add_url_rule(f"{base}/ajouter", "budget_new", new, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/saisie-rapide", "budget_quick", quick, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<line_id>/modifier", "budget_edit", edit, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<line_id>/retirer", "budget_remove", remove, methods=["POST"])


@permission(EDIT)
def new(contact_id: str) -> ResponseReturnValue:
    """Add a line. The form's key makes that a second arrival adds nothing. `sorte`: the side whose kinds are offered."""
    budget_writes.owner(db_session(), adviser(), contact_id)
    schema = budget_forms.LineForm()
    if request.method == "GET":
        return _form(contact_id, schema, {"period": "MENSUEL", "certain": "OUI"}, {}, once=forms.token())
    key = forms.once(request.form.get("once", ""))

    def write(line: Line) -> None:
        budget_writes.create(db_session(), adviser(), line, line_id=key)

    return _taken(contact_id, schema, write, _("La ligne est ajoutée au budget."), once=key)


@permission(EDIT)
def edit(contact_id: str, line_id: str) -> ResponseReturnValue:
    """Change a line."""
    found = _line(contact_id, line_id)
    schema = budget_forms.LineForm()
    values = budget_forms.shown(found)
    if request.method == "GET":
        return _form(contact_id, schema, values, {}, line=found, stamp=forms.stamp(schema, values))
    typed = forms.typed(schema, request.form)
    if clash := forms.clash(schema, request.form.get("seen", ""), values, typed):
        return _form(contact_id, schema, clash.typed, {}, line=found, stamp=forms.stamp(schema, values), clash=clash)

    def write(line: Line) -> None:
        budget_writes.change(db_session(), adviser(), line_id, line)

    return _taken(contact_id, schema, write, _("Les modifications sont enregistrées."), line=found)


@permission(EDIT)
def quick(contact_id: str) -> ResponseReturnValue:
    """The usual kinds, each with an amount and how often: several lines at once."""
    card = budget_writes.owner(db_session(), adviser(), contact_id)
    schema = budget_forms.QuickForm()
    values: Mapping[str, Any] = budget_forms.usual()
    errors: dict[str, str] = {}
    key = forms.token()
    if request.method == "POST":
        key = forms.once(request.form.get("once", ""))
        values = forms.typed(schema, request.form)
        checked = forms.check(schema, values)
        errors = dict(checked.errors)
        if not errors:
            lines, errors = budget_forms.read_quick(checked.values, contact_id)
            if not errors:
                try:
                    budget_writes.create_all(db_session(), adviser(), contact_id, lines, line_id=key)
                    one, many = "%(num)s ligne est ajoutée au budget.", "%(num)s lignes sont ajoutées au budget."
                    return _done(contact_id, ngettext(one, many, len(lines)))
                except DomainError as error:
                    errors = _fault(error)
    title, home = _("Saisie rapide du budget"), url_for("p_patrimoine.budget", contact_id=contact_id)
    page = render_template(
        "patrimoine/budget_quick.html", **frames.of(contact_id, SECTION, (_("Budget"), home), (title, None)), title=title,
        form=forms.view(schema, values, errors), once=key, back=home, kinds=kinds,
        known=read(card, today()).budget,
    )  # fmt: skip
    return page, 422 if errors else 200


@permission(EDIT)
def remove(contact_id: str, line_id: str) -> ResponseReturnValue:
    """Take a line away at once, and offer to put it back."""
    _line(contact_id, line_id)
    gone = budget_writes.remove(db_session(), adviser(), line_id)
    kept = {name: _json(getattr(gone, name)) for name in Line.__slots__ if name not in ("id", "written_on")}
    token = undo.offer(
        db_session(), adviser(), "patrimoine.budget_removed", f"contact:{gone.contact_id}", {"line": line_id, "kept": kept}
    )
    db_session().commit()
    undo.say(_("«\u202f%(line)s\u202f» est retirée du budget.", line=gone.said), token)
    return redirect(url_for("p_patrimoine.budget", contact_id=contact_id), 303)


@undo.command("patrimoine.budget_removed", permission=EDIT)
def line_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `remove`."""
    kept = dict(payload["kept"])
    for name in ("since", "until"):
        kept[name] = date.fromisoformat(kept[name]) if kept[name] else None
    line = Line(**{**kept, "amount": Decimal(kept["amount"])})
    budget_writes.create(session, by, line, line_id=payload["line"])
    return str(_("La ligne est de retour dans le budget."))


def _json(value: Any) -> Any:
    return str(value) if isinstance(value, date | Decimal) else value


def _line(contact_id: str, line_id: str) -> Line:
    """A line of this contact, or of a member of this household, that the adviser may change. Raises `NotFound`, `Forbidden`."""
    frame = frames.of(contact_id, SECTION)
    found = budget_writes.editable(db_session(), adviser(), line_id)
    if found.contact_id not in budgets.people_of(frame["contact"]):
        raise NotFound(budgets.ABSENT)
    return found


def _taken(
    contact_id: str, schema: forms.Form, write: Callable[[Line], None], done: str, *, once: str | None = None,
    line: Line | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """What was typed is checked and written, or shown again with what is wrong."""
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    if not errors:
        try:
            write(budget_forms.read(checked.values, contact_id))
            return _done(contact_id, done)
        except DomainError as error:
            errors = _fault(error)
    return _form(contact_id, schema, typed, errors, once=once, line=line, stamp=request.form.get("seen", "") if line else "")


def _fault(error: DomainError) -> dict[str, str]:
    db_session().rollback()
    if error.field is None:
        raise error
    return forms.refused(error)


def _done(contact_id: str, text: str) -> ResponseReturnValue:
    db_session().commit()
    flash(text, "success")
    return redirect(url_for("p_patrimoine.budget", contact_id=contact_id), 303)


def _form(
    contact_id: str, schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], *, once: str | None = None,
    line: Line | None = None, stamp: str = "", clash: forms.Clash | None = None,
) -> ResponseReturnValue:  # fmt: skip
    home = url_for("p_patrimoine.budget", contact_id=contact_id)
    side = request.args.get("sorte", "")
    titles = {
        kinds.REVENU: _("Nouveau revenu"), kinds.CHARGE: _("Nouvelle charge"), kinds.EPARGNE: _("Nouvelle épargne programmée")
    }  # fmt: skip
    title = _("Modifier une ligne du budget") if line else titles.get(side, _("Nouvelle ligne du budget"))
    offered = kinds.SIDES.get(line.side if line else side, kinds.KINDS)
    view = forms.view(schema, values, errors, options={"kind": offered}, stamp=stamp, clash=clash)
    if len(offered) == 1 and not values.get("kind"):
        view = forms.view(schema, {**values, "kind": next(iter(offered))}, errors, options={"kind": offered})
    page = render_template(
        "patrimoine/budget_form.html", **frames.of(contact_id, SECTION, (_("Budget"), home), (title, None)), title=title,
        form=view, once=once, back=home,
    )  # fmt: skip
    return page, 409 if clash else 422 if errors else 200
