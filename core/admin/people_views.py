"""«Utilisateurs»: the list, and somebody new who chooses his own password (US-02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash
from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.admin import people as services
from core.admin.frame import PEOPLE
from core.admin.frame import adviser
from core.admin.frame import blueprint
from core.admin.frame import shown
from core.admin.schemas import NewPersonForm
from core.admin.schemas import astray
from core.admin.schemas import offer
from core.auth import invitations
from core.cabinets import agencies
from core.cabinets import profiles
from core.cabinets import services as cabinets
from core.cabinets.models import User
from core.db.errors import DomainError
from core.db.model import new_id
from core.db.paging import Page
from core.mail import smtp
from core.shell import list_pages
from core.web import forms
from core.web import once
from core.web.policy import policy
from core.web.request import db_session

list_pages.register(blueprint, services.PAGES, "/utilisateurs")


@blueprint.get("/utilisateurs")
@policy("permission", PEOPLE)
def people() -> ResponseReturnValue:
    """The list; all of its state is in the address."""
    if usual := list_pages.opening(services.SPEC):
        return redirect(usual)
    state = services.read(request.args)
    found = services.asked(db_session(), state)
    number = max(1, min(state.number, -(-len(found) // state.size) or 1))
    first = (number - 1) * state.size
    page = Page(tuple(found[first : first + state.size]), len(found), number, state.size)
    return shown(
        "people.html", "people", state=state, page=page, views=list_pages.views(state), once=once.token(),
        every=len(cabinets.everybody(db_session())),
    )  # fmt: skip


@blueprint.get("/utilisateurs/nouveau")
@policy("permission", PEOPLE)
def person_new() -> ResponseReturnValue:
    """The form of somebody new."""
    return _new({}, {}, once.token())


@blueprint.post("/utilisateurs/nouveau")
@policy("permission", PEOPLE)
def person_new_post() -> ResponseReturnValue:
    """Make the account, and have the invitation sent; a second arrival of the same form finds it made."""
    session, schema = db_session(), choices(NewPersonForm())
    key, typed = once.once(request.form.get("once", "")), forms.typed(schema, request.form)
    made = session.get(User, key)
    if made is not None and made.cabinet_id == session.require_cabinet():
        return redirect(url_for("administration.person", user_id=made.id), 303)
    checked = forms.check(schema, typed)
    errors = {**astray(schema, typed), **checked.errors}
    if errors:
        return _new(typed, errors, key), 422
    values, by = checked.values, adviser().user_id
    try:
        user = cabinets.add_user(
            session, email=values["email"], display_name=values["name"], role=values["role"], password=None, actor=by,
            user_id=key if made is None else new_id(),
        )  # fmt: skip
    except DomainError as error:
        session.rollback()
        return _new(typed, forms.refused(error), key), 422
    agencies.set_of_person(session, by, user.id, values["agencies"])
    sent = invitations.invite(session, user.id, actor=by)
    session.commit()
    told(user.display_name, user.email, sent=sent)
    return redirect(url_for("administration.person", user_id=user.id), 303)


def told(name: str, email: str, *, sent: bool) -> None:
    """Say that an invitation leaves, or what is to be done where this installation sends no mail."""
    if sent:
        said = _("L'invitation de %(name)s part pour %(email)s\u202f: son lien est valable 72 heures.", name=name, email=email)
        flash(said, "success")
        return
    flash(
        _(
            "Aucune invitation n'est partie\u202f: cette installation n'envoie pas d'e-mails. Demandez à son opérateur un lien "
            "pour %(name)s (commande «\u202fencours user reset %(email)s\u202f», valable trente minutes).",
            name=name, email=email,
        ), "warning",
    )  # fmt: skip


def choices(schema: forms.Form) -> forms.Form:
    """The schema with the cabinet's profiles and agencies."""
    session = db_session()
    return offer(
        schema, role=profiles.labels(session),
        agencies={team.id: team.name for team in agencies.listed(session)},
    )  # fmt: skip


def _new(values: Mapping[str, Any], errors: Mapping[str, str], key: str) -> str:
    schema = choices(NewPersonForm())
    crumbs = ((_("Ajouter une personne"), None),)
    return shown(
        "person_new.html", "people", crumbs, form=forms.view(schema, values, errors), once=key, mails=smtp.is_configured(),
    )
