"""«Ajouter un contact» (QM-01) and Dossier > Général, edit (DO-01)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
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
from core.api.db import DomainError
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.contacts import file_forms
from plugins.contacts import frames
from plugins.contacts import schemas

#: What the contact's own row takes; the city comes with the whole address.
_OWN = frozenset(one.name for one in fields_of(contacts.NewContact)) - {"city"}


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/nouveau", "new", new, methods=["GET", "POST"])
    made.add_url_rule("/<contact_id>/modifier", "edit", edit, methods=["GET", "POST"])


@permission(frames.EDIT)
def new() -> ResponseReturnValue:
    """Add a person, a company or a household. One that seems to be there already is shown first."""
    schema = file_forms.of_new()
    if request.method == "GET":
        known = {"kind": schemas.PERSON, "stage": "PROSPECT", "nationality": "FR", "tax_country": "FR"}
        known["principal"] = adviser().user_id
        return _new(schema, known, {}, forms.token())
    key = forms.once(request.form.get("once", ""))
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors = dict(checked.errors)
    if typed.get("principal") and typed["principal"] not in _people():
        errors["principal"] = _("Choisissez le conseiller qui suit ce contact.")
    if errors:
        return _new(schema, typed, errors, key)
    own: dict[str, Any] = {name: value for name, value in checked.values.items() if name in _OWN and value is not None}
    data = contacts.NewContact(**own)
    try:
        doubted = "anyway" not in request.form and not _made(key)
        if doubted and (twins := contacts.duplicates.of(db_session(), adviser(), data)):
            return _new(schema, typed, {}, key, twins)
        contact_id = _create(data, checked.values, key, file_forms.answers(checked.values, _asked(schema, typed)))
    except DomainError as error:
        db_session().rollback()
        if error.field is None:
            raise
        return _new(schema, typed, forms.refused(error), key)
    db_session().commit()
    flash(_("Le contact est créé."), "success")
    return redirect(url_for("p_contacts.contact", contact_id=contact_id), 303)


def _made(key: str) -> bool:
    """Whether the form's first arrival has made its contact: the second then finds it, and no doubt is cast on it."""
    try:
        contacts.get_contact(db_session(), adviser(), key)
    except DomainError:
        return False
    return True


def _asked(schema: forms.Form, typed: Mapping[str, Any]) -> list[str]:
    """The fields that this kind of contact has."""
    return [name for name in schema.fields if schema.asks(name, typed)]


def _create(data: contacts.NewContact, values: Mapping[str, Any], key: str, answers: Mapping[str, Any]) -> str:
    if _made(key):
        return key
    made = contacts.create(db_session(), adviser(), data, contact_id=key, principal=values["principal"])
    if values.get("city"):
        address: dict[str, Any] = {"usage": "SIEGE" if data.kind == schemas.COMPANY else "DOMICILE", "country": "FR"}
        address |= {name: values.get(name) for name in ("street", "postal_code", "city")}
        contacts.channels.add(db_session(), adviser(), made, "address", address)
    if answers:
        contacts.custom_values.write(db_session(), adviser(), made, answers, complete=True)
    return made


def _new(
    schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str], key: str,
    twins: tuple[contacts.duplicates.Twin, ...] = (),
) -> ResponseReturnValue:  # fmt: skip
    page = render_template(
        "contacts/new.html", form=forms.view(schema, values, errors, options={"principal": _people()}), once=key, twins=twins,
        crumbs=[(_("Contacts"), url_for("p_contacts.index")), (_("Nouveau contact"), None)],
    )  # fmt: skip
    return page, 422 if errors else 409 if twins else 200


def _people() -> dict[str, str]:
    return {one.user_id: one.name for one in contacts.advisers(db_session())}


@permission(frames.EDIT)
def edit(contact_id: str) -> ResponseReturnValue:
    """Change what Dossier > Général shows. What somebody else changed meanwhile is shown beside what was typed."""
    card = frames.editable(contact_id)
    dossier = contacts.dossier.of(db_session(), card)
    schema = file_forms.of_card(card, dossier)
    values = {**_values(card), **file_forms.values(card, dossier)}
    if request.method == "GET":
        return _edit(contact_id, schema, values, values, {})
    typed = forms.typed(schema, request.form)
    if clash := forms.clash(schema, request.form.get("seen", ""), values, typed):
        return _edit(contact_id, schema, values, clash.typed, {}, clash)
    checked = forms.check(schema, typed)
    if checked.errors:
        return _edit(contact_id, schema, values, typed, checked.errors, seen=request.form.get("seen"))
    try:
        _save(card, checked.values)
    except DomainError as error:
        db_session().rollback()
        if error.field is None:
            raise
        return _edit(contact_id, schema, values, typed, forms.refused(error), seen=request.form.get("seen"))
    db_session().commit()
    flash(_("Les modifications sont enregistrées."), "success")
    if not contacts.sees(db_session(), adviser(), contact_id):  # who gave it to others sees it no more
        return redirect(url_for("p_contacts.index"), 303)
    return redirect(url_for("p_contacts.contact", contact_id=contact_id), 303)


def _save(card: contacts.ContactCard, given: Mapping[str, Any]) -> None:
    """All that the form says, in one transaction; who follows comes last: whoever gives a file away may not write in it."""
    session, by = db_session(), adviser()
    changes = {name: value for name, value in given.items() if name in _OWN}
    if card.line.kind == schemas.PERSON:
        changes["vital"] = "DECEDE" if changes.get("death_date") else "VIVANT"
    if "prescriber_profession" in changes:
        changes["prescriber"] = changes["prescriber_profession"] is not None
    contacts.update(session, by, card.id, changes)
    if "category" in given:
        contacts.categories.assign(session, by, [card.id], given["category"])
    if "labels" in given:
        contacts.labels.assign(session, by, {card.id: given["labels"]})
    if answers := file_forms.answers(given, given):
        contacts.custom_values.write(session, by, card.id, answers, complete=True)
    contacts.team.write(session, by, card.id, *(given[name] for name in file_forms.TEAM))


def _values(card: contacts.ContactCard) -> dict[str, Any]:
    own = {name: getattr(card.details, name) for name in contacts.DETAILS}
    own |= {name: getattr(card, name) for name in (
        "civility", "birth_name", "usage_name", "first_names", "birth_date", "company_name", "legal_form", "siren",
        "situation", "protection", "death_date",
    )}  # fmt: skip
    own["more_nationalities"] = schemas.Countries().shown(card.details.more_nationalities) or None
    return {**own, "stage": card.line.stage, "file_code": card.line.file_code, "display_name": card.name}


def _edit(
    contact_id: str, schema: forms.Form, values: Mapping[str, Any], shown: Mapping[str, Any], errors: Mapping[str, str],
    clash: forms.Clash | None = None, seen: str | None = None,
) -> ResponseReturnValue:  # fmt: skip
    stamp = seen or forms.stamp(schema, values)
    page = render_template(
        "contacts/edit.html", **frames.of(contact_id, "general", _("Modifier")),
        form=forms.view(schema, shown, errors, stamp=stamp, clash=clash),
        last=frames.last_change(contact_id) if clash else None,
    )  # fmt: skip
    return page, 409 if clash else 422 if errors else 200
