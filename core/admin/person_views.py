"""A person's page: name, profile, agencies, access, second factor, invitation, sessions (US-02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash
from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from core.admin import people
from core.admin import sessions as open_sessions
from core.admin.frame import PEOPLE
from core.admin.frame import adviser
from core.admin.frame import blueprint
from core.admin.frame import shown
from core.admin.people_views import choices
from core.admin.people_views import told
from core.admin.schemas import PersonForm
from core.admin.schemas import astray
from core.auth import invitations
from core.auth import second_factor
from core.auth import sessions
from core.cabinets import agencies
from core.cabinets import services
from core.cabinets.models import User
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.mail import smtp
from core.shell import undo
from core.web import forms
from core.web import stale
from core.web.policy import policy
from core.web.request import db_session

CHANGED, ACCESS = "admin.person_changed", "admin.person_access"


@blueprint.get("/utilisateurs/<user_id>")
@policy("permission", PEOPLE)
def person(user_id: str) -> ResponseReturnValue:
    """All of it on one page."""
    user = services.person(db_session(), user_id)
    values = _values(user)
    return _page(user, values, values)


@blueprint.post("/utilisateurs/<user_id>")
@policy("permission", PEOPLE)
def person_post(user_id: str) -> ResponseReturnValue:
    """Keep name, profile and agencies; from the next request on the person has the rights of his new profile."""
    session, by = db_session(), adviser()
    user = services.person(session, user_id)
    schema, before, seen = choices(PersonForm()), _values(user), request.form.get("seen", "")
    typed = forms.typed(schema, request.form)
    if clash := stale.clash(schema, seen, before, typed):
        return _page(user, before, clash.typed, clash=clash), 409
    checked = forms.check(schema, typed)
    errors = {**astray(schema, typed), **checked.errors}
    if errors:
        return _page(user, before, typed, errors, seen=seen), 422
    try:
        changed = people.change(session, by, user_id, checked.values)
    except DomainError as error:
        session.rollback()
        if error.field is None:
            raise
        return _page(services.person(session, user_id), before, typed, forms.refused(error), seen=seen), 422
    if not changed:
        flash(_("Rien n'a changé."), "info")
        return _back(user_id)
    payload = {"user": user_id, "before": before, "after": _values(user)}
    token = undo.offer(session, by, CHANGED, f"user:{user_id}", payload)
    session.commit()
    undo.say(_("La fiche de %(name)s est enregistrée.", name=user.display_name), token)
    return _back(user_id)


@undo.command(CHANGED, permission=PEOPLE)
def _as_before(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of a change of name, profile, agencies."""
    user = services.person(session, str(payload["user"]))
    if _values(user) != payload["after"]:
        raise DomainError("Cette fiche a encore changé depuis\u202f: vérifiez-la.", code="undo-gone")
    there, before = {team.id for team in agencies.listed(session)}, payload["before"]
    people.change(session, by, user.id, {**before, "agencies": [one for one in before["agencies"] if one in there]})
    return f"La fiche de {user.display_name} est celle d'avant."


@blueprint.post("/utilisateurs/<user_id>/acces")
@policy("permission", PEOPLE)
def person_access(user_id: str) -> ResponseReturnValue:
    """Close somebody's access, and his sessions with it, or open it again."""
    session, by = db_session(), adviser()
    user, wanted = services.person(session, user_id), request.form.get("actif", "")
    if wanted not in ("0", "1"):
        return _back(user_id)
    try:
        changed = people.switch(session, by, user_id, active=wanted == "1")
    except Conflict as error:
        session.rollback()
        flash(error.text, "error")
        return _back(user_id)
    payload = {"user": user_id, "active": wanted == "1"}
    token = undo.offer(session, by, ACCESS, f"user:{user_id}", payload) if changed else ""
    session.commit()
    if not token:
        flash(_("L'accès de %(name)s était déjà ainsi.", name=user.display_name), "info")
    elif wanted == "1":
        undo.say(_("%(name)s peut de nouveau se connecter.", name=user.display_name), token)
    else:
        undo.say(_("%(name)s ne peut plus se connecter\u202f; ses sessions sont fermées.", name=user.display_name), token)
    return _back(user_id)


@undo.command(ACCESS, permission=PEOPLE)
def _switch_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of opening or closing an access; sessions that were closed stay so."""
    user_id, active = str(payload["user"]), not payload["active"]
    people.switch(session, by, user_id, active=active)
    name = services.person(session, user_id).display_name
    return f"{name} peut de nouveau se connecter." if active else f"{name} ne peut plus se connecter."


@blueprint.post("/utilisateurs/<user_id>/sessions")
@policy("permission", PEOPLE)
def person_sessions(user_id: str) -> ResponseReturnValue:
    """Close one of a person's sessions, or all («toutes») but the one of this very request."""
    session, by, here = db_session(), adviser(), sessions.current()
    services.person(session, user_id)
    key, mine = request.form.get("session", ""), here.sid_hash if here is not None else None
    one = None if key == "toutes" else key
    count = 0 if key == mine else open_sessions.close_all(session, user_id, actor=by.user_id, only=one, but=mine)
    session.commit()
    if count:
        flash(ngettext("%(num)s session est fermée.", "%(num)s sessions sont fermées.", count), "success")
    else:
        flash(_("Cette session avait déjà pris fin."), "info")
    return _back(user_id)


@blueprint.post("/utilisateurs/<user_id>/second-facteur")
@policy("permission", PEOPLE)
def person_factor(user_id: str) -> ResponseReturnValue:
    """Take a lost second factor away: the person is told, and his sessions end. One's own asks for its code elsewhere."""
    session, by = db_session(), adviser()
    user = services.person(session, user_id)
    if user_id == by.user_id:
        flash(_("Votre propre second facteur se retire dans «\u202fMon compte\u202f», avec un code."), "error")
        return _back(user_id)
    if not second_factor.remove(session, user_id, actor=by.user_id):
        session.commit()
        flash(_("%(name)s n'avait pas de second facteur.", name=user.display_name), "info")
        return _back(user_id)
    open_sessions.close_all(session, user_id, actor=by.user_id)
    invitations.told_of_factor(session, user_id, by=by.name)
    session.commit()
    flash(_("Le second facteur de %(name)s est réinitialisé. La personne en est prévenue.", name=user.display_name), "success")
    return _back(user_id)


@blueprint.post("/utilisateurs/<user_id>/invitation")
@policy("permission", PEOPLE)
def person_invite(user_id: str) -> ResponseReturnValue:
    """Send another link to choose a password; the former ones end when it leaves."""
    session, by = db_session(), adviser()
    user = services.person(session, user_id)
    if not user.active:
        flash(_("L'accès de %(name)s est désactivé\u202f: rouvrez-le d'abord.", name=user.display_name), "error")
        return _back(user_id)
    sent = invitations.invite(session, user_id, actor=by.user_id)
    session.commit()
    told(user.display_name, user.email, sent=sent)
    return _back(user_id)


def _values(user: User) -> dict[str, Any]:
    teams = agencies.listed(db_session())
    return {"name": user.display_name, "role": user.role, "agencies": [team.id for team in teams if user.id in team.ids]}


def _back(user_id: str) -> ResponseReturnValue:
    return redirect(url_for("administration.person", user_id=user_id), 303)


def _page(
    user: User, kept: Mapping[str, Any], values: Mapping[str, Any], errors: Mapping[str, str] | None = None, *,
    clash: Any = None, seen: str | None = None,
) -> str:  # fmt: skip
    session, schema = db_session(), choices(PersonForm())
    stamp = stale.stamp(schema, kept) if seen is None else seen
    return shown(
        "person.html", "people", ((user.display_name, None),), user=user, me=user.id == adviser().user_id,
        form=forms.view(schema, values, errors, stamp=stamp, clash=clash), factor=second_factor.since(session, user),
        required=services.cabinet_of(session).second_factor_required, invitation=invitations.last(session, user.id),
        sessions=open_sessions.listed(session, user.id), mails=smtp.is_configured(),
    )  # fmt: skip
