"""A household made of a couple, its members, who is of its tax declaration (DO-02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
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
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.contacts import frames
from plugins.contacts import picking
from plugins.contacts import relation_forms
from plugins.contacts import schemas
from plugins.contacts.relation_edit_views import done
from plugins.contacts.relation_edit_views import page_frame


def register(made: Blueprint) -> None:
    """The routes."""
    base = "/<contact_id>/foyer"
    made.add_url_rule(f"{base}/creer", "household_make", make, methods=["POST"])
    made.add_url_rule(f"{base}/ajouter", "member_add", add, methods=["GET", "POST"])
    made.add_url_rule(f"{base}/<member_id>/fiscal", "member_attach", attach, methods=["POST"])
    made.add_url_rule(f"{base}/<member_id>/retirer", "member_remove", remove, methods=["POST"])


@permission(frames.EDIT)
def make(contact_id: str) -> ResponseReturnValue:
    """The household of a couple, in one click: both, their children under age, their address."""
    frames.editable(contact_id)
    bound = contacts.relations.unions(db_session(), [contact_id], today()).get(contact_id)
    if bound is None:
        raise NotFound(_("Ce contact n'a pas d'union en cours."))
    key = forms.once(request.form.get("once", ""))
    made = contacts.households.make(db_session(), adviser(), contact_id, bound.partner_id, household_id=key)
    return done(made, _("Le foyer est créé. Vérifiez ses membres et leur rattachement fiscal."))


@permission(frames.EDIT)
def add(contact_id: str) -> ResponseReturnValue:
    """A person joins the household; of a contact that is none, its relations are shown."""
    if frames.editable(contact_id).line.kind != schemas.HOUSEHOLD and request.method == "GET":
        return redirect(url_for("p_contacts.relations", contact_id=contact_id))
    _household(contact_id)
    schema = relation_forms.MemberForm()
    if request.method == "GET":
        return _form(contact_id, schema, {"tax_attached": True}, {})
    typed = forms.typed(schema, request.form)
    checked = forms.check(schema, typed)
    errors, found = dict(checked.errors), picking.Picked()
    if typed.get("other") and "other" not in errors:
        found = picking.picked(typed["other"], beside=contact_id, fits=(schemas.PERSON,))
        errors |= {"other": found.wrong} if found.wrong else {}
    if not errors:
        try:
            contacts.join_household(db_session(), adviser(), contact_id, found.id)
            attached = checked.values["tax_attached"]
            contacts.households.attach(db_session(), adviser(), contact_id, found.id, attached=attached)
            return done(contact_id, _("La personne fait partie du foyer."))
        except DomainError as error:
            errors = {"other": error.text}
            db_session().rollback()
    return _form(contact_id, schema, typed, errors, found)


@permission(frames.EDIT)
def attach(contact_id: str, member_id: str) -> ResponseReturnValue:
    """Say whether a member is of the household's tax declaration."""
    _household(contact_id)
    attached = request.form.get("attache") == "1"
    contacts.households.attach(db_session(), adviser(), contact_id, member_id, attached=attached)
    return done(contact_id, _("Le rattachement fiscal est enregistré."))


@permission(frames.EDIT)
def remove(contact_id: str, member_id: str) -> ResponseReturnValue:
    """Take a person out of the household at once, and offer to put it back."""
    _household(contact_id)
    home = contacts.households.of(db_session(), adviser(), contact_id)
    attached = next((one.tax_attached for one in home.members if one.id == member_id), True)
    contacts.leave_household(db_session(), adviser(), contact_id, member_id)
    payload = {"household": contact_id, "member": member_id, "attached": attached}
    token = undo.offer(db_session(), adviser(), "contacts.member_removed", f"contact:{contact_id}", payload)
    db_session().commit()
    undo.say(_("La personne ne fait plus partie du foyer."), token)
    return redirect(url_for("p_contacts.relations", contact_id=contact_id), 303)


@undo.command("contacts.member_removed", permission=frames.EDIT)
def put_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `remove`."""
    contacts.join_household(session, by, payload["household"], payload["member"])
    contacts.households.attach(session, by, payload["household"], payload["member"], attached=bool(payload["attached"]))
    return str(_("La personne fait de nouveau partie du foyer."))


def _household(contact_id: str) -> contacts.ContactCard:
    card = frames.editable(contact_id)
    if card.line.kind != schemas.HOUSEHOLD:
        raise NotFound(_("Ce foyer n'existe pas, ou n'est pas ouvert à votre profil."))
    return card


def _form(
    contact_id: str, schema: forms.Form, values: Mapping[str, Any], errors: Mapping[str, str],
    found: picking.Picked | None = None,
) -> ResponseReturnValue:  # fmt: skip
    title = _("Ajouter un membre au foyer")
    page = render_template(
        "contacts/relation.html", **page_frame(contact_id, title), title=title, once=None, found=found or picking.Picked(),
        tie=None, form=forms.view(schema, values, errors), proposals=(), former=False,
    )  # fmt: skip
    return page, 422 if errors else 200
