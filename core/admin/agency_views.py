"""«Agences»: who works together, and so sees each other's clients where the profile says so (US-02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.admin import people
from core.admin.frame import PEOPLE
from core.admin.frame import adviser
from core.admin.frame import blueprint
from core.admin.frame import shown
from core.admin.schemas import AgencyForm
from core.admin.schemas import astray
from core.admin.schemas import offer
from core.cabinets import agencies as services
from core.cabinets import profiles
from core.cabinets import services as cabinets
from core.cabinets.agencies import Team
from core.cabinets.permissions import width
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.shell import undo
from core.web import forms
from core.web import once
from core.web import stale
from core.web.policy import policy
from core.web.request import db_session

ADDED, CHANGED, REMOVED = "admin.agency_added", "admin.agency_changed", "admin.agency_removed"


@blueprint.get("/agences")
@policy("permission", PEOPLE)
def agencies() -> ResponseReturnValue:
    """The agencies with their people, and who is in none."""
    teams = services.listed(db_session())
    alone = [one for one in people.every(db_session()) if one.active and not one.agency_ids]
    return shown("agencies.html", "agencies", teams=teams, alone=alone)


@blueprint.get("/agences/nouvelle")
@policy("permission", PEOPLE)
def agency_new() -> ResponseReturnValue:
    """The form of another agency."""
    return _new({}, {}, once.token())


@blueprint.post("/agences/nouvelle")
@policy("permission", PEOPLE)
def agency_new_post() -> ResponseReturnValue:
    """Make it; a second arrival of the same form finds it made."""
    session, by, schema = db_session(), adviser(), _schema()
    key, typed = once.once(request.form.get("once", "")), forms.typed(schema, request.form)
    if any(team.id == key for team in services.listed(session)):
        return redirect(url_for("administration.agencies"), 303)
    checked = forms.check(schema, typed)
    errors = {**astray(schema, typed), **checked.errors}
    if errors:
        return _new(typed, errors, key), 422
    try:
        services.add(session, by.user_id, checked.values["name"], agency_id=key)
    except DomainError as error:
        session.rollback()
        return _new(typed, forms.refused(error), key), 422
    services.set_members(session, by.user_id, key, checked.values["members"])
    token = undo.offer(session, by, ADDED, f"agency:{key}", {"agency": key, "after": _values(services.team(session, key))})
    session.commit()
    undo.say(_("L'agence «%(name)s» est créée.", name=checked.values["name"]), token)
    return redirect(url_for("administration.agencies"), 303)


@undo.command(ADDED, permission=PEOPLE)
def _unmade(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of an addition."""
    _unchanged(session, payload)
    gone = services.remove(session, by.user_id, str(payload["agency"]))
    return f"L'agence «{gone.name}» n'est plus là."


@blueprint.get("/agences/<agency_id>")
@policy("permission", PEOPLE)
def agency(agency_id: str) -> ResponseReturnValue:
    """Name and members."""
    team = services.team(db_session(), agency_id)
    return _page(team, _values(team), _values(team))


@blueprint.post("/agences/<agency_id>")
@policy("permission", PEOPLE)
def agency_post(agency_id: str) -> ResponseReturnValue:
    """Keep them."""
    session, by, schema = db_session(), adviser(), _schema()
    team, seen = services.team(session, agency_id), request.form.get("seen", "")
    before, typed = _values(team), forms.typed(schema, request.form)
    if clash := stale.clash(schema, seen, before, typed):
        return _page(team, before, clash.typed, clash=clash), 409
    checked = forms.check(schema, typed)
    errors = {**astray(schema, typed), **checked.errors}
    if errors:
        return _page(team, before, typed, errors, seen=seen), 422
    try:
        changed = _change(session, by, agency_id, checked.values)
    except DomainError as error:
        session.rollback()
        if error.field is None:
            raise
        return _page(team, before, typed, forms.refused(error), seen=seen), 422
    if changed:
        payload = {"agency": agency_id, "before": before, "after": _values(services.team(session, agency_id))}
        token = undo.offer(session, by, CHANGED, f"agency:{agency_id}", payload)
        session.commit()
        undo.say(_("L'agence «%(name)s» est enregistrée.", name=checked.values["name"]), token)
    return redirect(url_for("administration.agencies"), 303)


@undo.command(CHANGED, permission=PEOPLE)
def _as_before(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of a change of name or members."""
    _unchanged(session, payload)
    _change(session, by, str(payload["agency"]), payload["before"])
    return f"L'agence «{payload['before']['name']}» est celle d'avant."


@blueprint.post("/agences/<agency_id>/supprimer")
@policy("permission", PEOPLE)
def agency_remove(agency_id: str) -> ResponseReturnValue:
    """Remove it: nobody leaves the cabinet, but whoever saw the agency's clients sees his own only."""
    session, by = db_session(), adviser()
    gone = services.remove(session, by.user_id, agency_id)
    token = undo.offer(session, by, REMOVED, f"agency:{agency_id}", {"name": gone.name, "members": sorted(gone.ids)})
    session.commit()
    undo.say(_("L'agence «%(name)s» est supprimée.", name=gone.name), token)
    return redirect(url_for("administration.agencies"), 303)


@undo.command(REMOVED, permission=PEOPLE)
def _again(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of a removal: the same name, the same people."""
    made = services.add(session, by.user_id, payload["name"])
    services.set_members(session, by.user_id, made, payload["members"])
    return f"L'agence «{payload['name']}» est de nouveau là."


def _unchanged(session: TenantSession, payload: Mapping[str, Any]) -> None:
    now = _values(services.team(session, str(payload["agency"])))
    if (now["name"], set(now["members"])) != (payload["after"]["name"], set(payload["after"]["members"])):
        raise DomainError("Cette agence a encore changé depuis\u202f: vérifiez-la.", code="undo-gone")


def _change(session: TenantSession, by: Adviser, agency_id: str, values: Mapping[str, Any]) -> bool:
    done = [
        services.rename(session, by.user_id, agency_id, values["name"]),
        services.set_members(session, by.user_id, agency_id, values["members"]),
    ]
    return any(done)


def _schema() -> forms.Form:
    return offer(AgencyForm(), members={user.id: user.display_name for user in cabinets.everybody(db_session())})


def _values(team: Team) -> dict[str, Any]:
    return {"name": team.name, "members": [user.id for user in cabinets.everybody(db_session()) if user.id in team.ids]}


def _seers(team: Team) -> list[str]:
    """Whose sight reaches the agency's clients by this agency, and no further."""
    wide = {one.code for one in profiles.listed(db_session()) if width(one.rights, "contacts.view") == "agence"}
    return [user.display_name for user in cabinets.users(db_session()) if user.id in team.ids and user.role in wide]


def _new(values: Mapping[str, Any], errors: Mapping[str, str], key: str) -> str:
    form = forms.view(_schema(), values, errors)
    return shown("agency_new.html", "agencies", ((_("Nouvelle agence"), None),), form=form, once=key)


def _page(
    team: Team, kept: Mapping[str, Any], values: Mapping[str, Any], errors: Mapping[str, str] | None = None, *,
    clash: Any = None, seen: str | None = None,
) -> str:  # fmt: skip
    schema = _schema()
    stamp = stale.stamp(schema, kept) if seen is None else seen
    return shown(
        "agency.html", "agencies", ((team.name, None),), team=team, seers=_seers(team),
        form=forms.view(schema, values, errors, stamp=stamp, clash=clash),
    )  # fmt: skip
