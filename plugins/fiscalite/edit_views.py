"""The two forms: what a household declares for a year, and what is tried beside it."""

from __future__ import annotations

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

from core.api import contacts
from core.api import forms
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import own_context
from core.api.web import permission
from plugins.fiscalite import frames
from plugins.fiscalite import schemas
from plugins.fiscalite import services
from plugins.fiscalite import work

_KNOWN = {"CELIBATAIRE": "CELIBATAIRE", "MARIE": "MARIE", "PACSE": "MARIE", "DIVORCE": "DIVORCE", "SEPARE": "DIVORCE",
          "VEUF": "VEUF", "CONCUBIN": "CELIBATAIRE"}  # fmt: skip


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/contacts/<contact_id>/<int:year>/saisie", "declare", declare, methods=["GET", "POST"])
    made.add_url_rule("/contacts/<contact_id>/<int:year>/et-si", "what_if", what_if, methods=["GET", "POST"])


def editable(contact_id: str) -> contacts.ContactCard:
    """Whose declaration it is, for a form that changes it. Raises `NotFound`, `Forbidden`, `DomainError` for a company."""
    owner = services.owner(db_session(), adviser(), contact_id)
    services.may_write(db_session(), adviser(), owner.id)
    return owner


def ask(found: services.Declared) -> None:
    """Have the engine asked about all that is not known yet, in the transaction at hand."""
    base = frames.base(found)
    taxed = base.asked if base else None
    services.waiting(db_session(), services.keys(found, taxed).values())
    work.enqueue(own_context(frames.PLUGIN), found, taxed)


@permission("contacts.edit")
def declare(contact_id: str, year: int) -> ResponseReturnValue:
    """What the household declares. What somebody else changed meanwhile is shown beside what was typed."""
    owner = editable(contact_id)
    found = services.declared(db_session(), owner.id, services.checked_year(year))
    values = dict(found.facts) if found.version else _known(owner, contact_id, year)
    title = _("Données fiscales, revenus %(year)s", year=year)
    return _form(contact_id, year, schemas.DeclarationForm(), values, title, "fiscalite/declare.html", owner.id)


@permission("contacts.edit")
def what_if(contact_id: str, year: int) -> ResponseReturnValue:
    """What is tried beside the present case."""
    owner = editable(contact_id)
    found = services.declared(db_session(), owner.id, services.checked_year(year))
    if not found.version:
        flash(_("Saisissez d'abord les données fiscales de l'année."), "warning")
        return redirect(url_for("p_fiscalite.declare", contact_id=contact_id, year=year))
    title = _("Et si…, revenus %(year)s", year=year)
    return _form(contact_id, year, schemas.WhatIfForm(), dict(found.what_if), title, "fiscalite/what_if.html", owner.id)


def _form(
    contact_id: str, year: int, schema: forms.Form, values: Mapping[str, Any], title: str, template: str, owner_id: str
) -> ResponseReturnValue:
    if request.method == "GET":
        return _page(contact_id, year, schema, title, template, values, {}, stamp=forms.stamp(schema, values))
    typed = forms.typed(schema, request.form)
    seen = request.form.get("seen", "")
    if found := forms.clash(schema, seen, values, typed):
        fresh = forms.stamp(schema, values)
        return _page(contact_id, year, schema, title, template, found.typed, {}, stamp=fresh, clash=found)
    checked = forms.check(schema, typed)
    if checked.errors:
        return _page(contact_id, year, schema, title, template, typed, checked.errors, stamp=seen)
    store = services.save if isinstance(schema, schemas.DeclarationForm) else services.compare
    saved = store(db_session(), adviser(), owner_id, year, checked.values)
    ask(saved)
    db_session().commit()
    flash(_("C'est enregistré. Le calcul est en cours."), "success")
    return redirect(url_for("p_fiscalite.taxes", contact_id=contact_id, annee=year), 303)


def _page(
    contact_id: str, year: int, schema: forms.Form, title: str, template: str, values: Mapping[str, Any],
    errors: Mapping[str, str], *, stamp: str = "", clash: forms.Clash | None = None,
) -> ResponseReturnValue:  # fmt: skip
    page = render_template(
        template, **frames.of(contact_id, title), title=title, year=year,
        form=forms.view(schema, values, errors, stamp=stamp, clash=clash),
    )  # fmt: skip
    return page, 409 if clash else 422 if errors else 200


def _known(owner: contacts.ContactCard, contact_id: str, year: int) -> dict[str, Any]:
    """What the file already says, for a first declaration: the year before, or situation and birth."""
    before = services.declared(db_session(), owner.id, year - 1)
    if before.version:
        return dict(before.facts)
    person = contacts.get_contact(db_session(), adviser(), contact_id)
    known: dict[str, Any] = {"situation": _KNOWN.get(person.situation or "")}
    if person.birth_date is not None:
        known["birth_year_1"] = person.birth_date.year
    return known
