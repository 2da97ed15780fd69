"""«Profils et droits»: the matrix, what two profiles have not alike, the cabinet's own profiles (US-02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash
from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.admin import rights_table as table
from core.admin.frame import PEOPLE
from core.admin.frame import adviser
from core.admin.frame import blueprint
from core.admin.frame import shown
from core.admin.schemas import ProfileForm
from core.cabinets import profiles as services
from core.cabinets import services as cabinets
from core.cabinets.profiles import Known
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.shell import undo
from core.web import forms
from core.web import once
from core.web import stale
from core.web.policy import policy
from core.web.request import db_session

ADDED, CHANGED, REMOVED = "admin.profile_added", "admin.profile_changed", "admin.profile_removed"


@blueprint.get("/profils")
@policy("permission", PEOPLE)
def profiles() -> ResponseReturnValue:
    """The matrix; with two profiles named, what they have not alike."""
    every = services.listed(db_session())
    known = {one.code: one for one in every}
    asked = request.args.get("q", "").replace("\0", "").strip()[:100]
    one, other = known.get(request.args.get("profil", "")), known.get(request.args.get("avec", ""))
    two = [one, other] if one is not None and other is not None and one is not other else []
    seen: list[Known] = [found for found in two if found is not None] or ([one] if one is not None else every)
    lines = table.rows(seen, asked)
    return shown(
        "profiles.html", "profiles", every=every, seen=seen, asked=asked, one=one, other=other, compared=bool(two),
        lines=[line for line in lines if line.differs] if two else lines, alike=sum(not line.differs for line in lines),
        held=_held(),
    )  # fmt: skip


@blueprint.get("/profils/nouveau")
@policy("permission", PEOPLE)
def profile_new() -> ResponseReturnValue:
    """The form of another profile, empty or a copy."""
    model = next((one for one in services.listed(db_session()) if one.code == request.args.get("modele", "")), None)
    values = {**table.values(model), "label": ""} if model is not None else {}
    return _new(values, {}, once.token(), model)


@blueprint.post("/profils/nouveau")
@policy("permission", PEOPLE)
def profile_new_post() -> ResponseReturnValue:
    """Make it; a second arrival of the same form finds it made."""
    session, schema = db_session(), ProfileForm()
    key, typed = once.once(request.form.get("once", "")), forms.typed(schema, request.form)
    if any(one.id == key for one in services.listed(session)):
        return redirect(url_for("administration.profile", profile_id=key), 303)
    checked = forms.check(schema, typed)
    if checked.errors:
        return _new(typed, checked.errors, key), 422
    asked = table.rights(checked.values)
    try:
        made = services.add(session, adviser().user_id, label=checked.values["label"], rights=asked, profile_id=key)
    except DomainError as error:
        session.rollback()
        return _new(typed, forms.refused(error), key), 422
    payload = {"profile": made.id, "after": _plain(made)}
    token = undo.offer(session, adviser(), ADDED, f"profile:{made.code}", payload)
    session.commit()
    undo.say(f"{_('Le profil «%(name)s» est créé.', name=made.label)} {_also(asked)}".strip(), token)
    return redirect(url_for("administration.profiles"), 303)


@undo.command(ADDED, permission=PEOPLE)
def _unmade(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of an addition, unless somebody got the profile, or it changed, meanwhile."""
    if _plain(services.own(session, str(payload["profile"]))) != payload["after"]:
        raise DomainError("Ce profil a encore changé depuis\u202f: vérifiez-le.", code="undo-gone")
    return f"Le profil «{services.remove(session, by.user_id, str(payload['profile'])).label}» n'est plus là."


@blueprint.get("/profils/<profile_id>")
@policy("permission", PEOPLE)
def profile(profile_id: str) -> ResponseReturnValue:
    """A profile that the cabinet made."""
    known = services.own(db_session(), profile_id)
    values = table.values(known)
    return _page(known, values, values)


@blueprint.post("/profils/<profile_id>")
@policy("permission", PEOPLE)
def profile_post(profile_id: str) -> ResponseReturnValue:
    """Change it, from the next request of whoever has it on."""
    session, by = db_session(), adviser()
    known = services.own(session, profile_id)
    schema, before, seen = ProfileForm(), table.values(known), request.form.get("seen", "")
    typed = forms.typed(schema, request.form)
    if clash := stale.clash(schema, seen, before, typed):
        return _page(known, before, clash.typed, clash=clash), 409
    checked = forms.check(schema, typed)
    if checked.errors:
        return _page(known, before, typed, checked.errors, seen=seen), 422
    asked = table.rights(checked.values)
    try:
        changed = services.change(session, by.user_id, profile_id, label=checked.values["label"], rights=asked)
    except DomainError as error:
        session.rollback()
        if error.field is None:
            raise
        return _page(known, before, typed, forms.refused(error), seen=seen), 422
    if not changed:
        flash(" ".join((_("Rien n'a changé."), _also(asked))).strip(), "info")
        return redirect(url_for("administration.profile", profile_id=profile_id), 303)
    after = services.own(session, profile_id)
    payload = {"profile": profile_id, "before": _plain(known), "after": _plain(after)}
    token = undo.offer(session, by, CHANGED, f"profile:{known.code}", payload)
    session.commit()
    undo.say(f"{_('Le profil «%(name)s» est enregistré.', name=after.label)} {_also(asked)}".strip(), token)
    return redirect(url_for("administration.profile", profile_id=profile_id), 303)


@undo.command(CHANGED, permission=PEOPLE)
def _as_before(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of a change of a profile."""
    before = payload["before"]
    if _plain(services.own(session, str(payload["profile"]))) != payload["after"]:
        raise DomainError("Ce profil a encore changé depuis\u202f: vérifiez-le.", code="undo-gone")
    services.change(session, by.user_id, str(payload["profile"]), label=before["label"], rights=before["rights"])
    return f"Le profil «{before['label']}» est celui d'avant."


@blueprint.post("/profils/<profile_id>/supprimer")
@policy("permission", PEOPLE)
def profile_remove(profile_id: str) -> ResponseReturnValue:
    """Remove it, unless somebody has it."""
    session, by = db_session(), adviser()
    try:
        gone = services.remove(session, by.user_id, profile_id)
    except Conflict as error:
        session.rollback()
        flash(error.text, "error")
        return redirect(url_for("administration.profile", profile_id=profile_id), 303)
    token = undo.offer(session, by, REMOVED, f"profile:{gone.code}", {"code": gone.code, **_plain(gone)})
    session.commit()
    undo.say(_("Le profil «%(name)s» est supprimé.", name=gone.label), token)
    return redirect(url_for("administration.profiles"), 303)


@undo.command(REMOVED, permission=PEOPLE)
def _again(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of a removal: the same profile again."""
    services.add(session, by.user_id, label=payload["label"], rights=payload["rights"])
    return f"Le profil «{payload['label']}» est de nouveau là."


def _plain(known: Known) -> dict[str, Any]:
    return {"label": known.label, "rights": sorted(known.rights)}


def _also(asked: frozenset[str]) -> str:
    """What was added to the rights asked for, as a sentence."""
    found = table.brought(asked)
    return str(_("Ajouté avec ce que vous avez choisi\u202f: %(what)s.", what=", ".join(found))) if found else ""


def _held() -> dict[str, int]:
    """How many people have each profile."""
    found: dict[str, int] = {}
    for user in cabinets.everybody(db_session()):
        found[user.role] = found.get(user.role, 0) + 1
    return found


def _new(values: Mapping[str, Any], errors: Mapping[str, str], key: str, model: Known | None = None) -> str:
    crumbs = ((_("Nouveau profil"), None),)
    schema = ProfileForm()
    usual = {name: "non" for name, one in schema.fields.items() if one.metadata.get("kind") == "radio"}
    form = forms.view(schema, {**usual, **values}, errors)
    return shown("profile_new.html", "profiles", crumbs, form=form, once=key, model=model)


def _page(
    known: Known, kept: Mapping[str, Any], values: Mapping[str, Any], errors: Mapping[str, str] | None = None, *,
    clash: Any = None, seen: str | None = None,
) -> str:  # fmt: skip
    schema = ProfileForm()
    stamp = stale.stamp(schema, kept) if seen is None else seen
    return shown(
        "profile.html", "profiles", ((known.label, None),), profile=known, holders=services.holders(db_session(), known.code),
        form=forms.view(schema, values, errors, stamp=stamp, clash=clash),
    )  # fmt: skip
