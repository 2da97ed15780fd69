"""«Nom et coordonnées»: what the cabinet says of itself, on its documents and to its partners (US-02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash
from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.admin.frame import PEOPLE
from core.admin.frame import adviser
from core.admin.frame import blueprint
from core.admin.frame import shown
from core.admin.schemas import CabinetForm
from core.cabinets import services
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.shell import undo
from core.web import forms
from core.web import stale
from core.web.policy import policy
from core.web.request import db_session

CHANGED = "admin.cabinet_changed"


@blueprint.get("/cabinet")
@policy("permission", PEOPLE)
def identity() -> ResponseReturnValue:
    """The form."""
    schema, values = CabinetForm(), _values()
    return _page(schema, values, values)


@blueprint.post("/cabinet")
@policy("permission", PEOPLE)
def identity_post() -> ResponseReturnValue:
    """Keep it; what somebody else changed meanwhile is shown beside what was typed."""
    schema, before, typed = CabinetForm(), _values(), forms.typed(CabinetForm(), request.form)
    seen = request.form.get("seen", "")
    if clash := stale.clash(schema, seen, before, typed):
        return _page(schema, before, clash.typed, clash=clash), 409
    checked = forms.check(schema, typed)
    if checked.errors:
        return _page(schema, before, typed, checked.errors, seen=seen), 422
    session, values = db_session(), checked.values
    values["orias"] = (values["orias"] or "").replace(" ", "") or None
    if not services.change_cabinet(session, values, actor=adviser().user_id):
        flash(_("Rien n'a changé."), "info")
        return redirect(url_for("administration.identity"), 303)
    payload = {"before": before, "after": _values()}
    token = undo.offer(session, adviser(), CHANGED, f"cabinet:{session.require_cabinet()}", payload)
    session.commit()
    undo.say(_("Le nom et les coordonnées du cabinet sont enregistrés."), token)
    return redirect(url_for("administration.identity"), 303)


@undo.command(CHANGED, permission=PEOPLE)
def _as_before(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of a change of name or identity."""
    cabinet = services.cabinet_of(session)
    if any(getattr(cabinet, name) != payload["after"][name] for name in services.IDENTITY):
        raise DomainError("Les coordonnées du cabinet ont encore changé depuis\u202f: vérifiez-les.", code="undo-gone")
    services.change_cabinet(session, payload["before"], actor=by.user_id)
    return "Le nom et les coordonnées du cabinet sont ceux d'avant."


def _values() -> dict[str, Any]:
    cabinet = services.cabinet_of(db_session())
    return {name: getattr(cabinet, name) for name in services.IDENTITY}


def _page(
    schema: forms.Form, kept: Mapping[str, Any], values: Mapping[str, Any], errors: Mapping[str, str] | None = None, *,
    clash: Any = None, seen: str | None = None,
) -> str:  # fmt: skip
    stamp = stale.stamp(schema, kept) if seen is None else seen
    return shown("identity.html", "identity", form=forms.view(schema, values, errors, stamp=stamp, clash=clash))
