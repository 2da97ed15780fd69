"""«Sécurité»: whether everybody signs in with a second factor; open sessions; the keys of partner links (US-02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash
from flask import redirect
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.admin import people
from core.admin import sessions as open_sessions
from core.admin.frame import PARTNERS
from core.admin.frame import PEOPLE
from core.admin.frame import adviser
from core.admin.frame import blueprint
from core.admin.frame import shown
from core.admin.key_views import WORDS
from core.auth import sessions
from core.cabinets import services
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.links import key_rotation
from core.links.saml import certificates
from core.shell import undo
from core.web.policy import policy
from core.web.request import db_session

FACTOR = "admin.second_factor"
#: How many keys are shown: a year of them.
KEYS = 5


@blueprint.get("/securite")
@policy("permission", PEOPLE)
def security() -> ResponseReturnValue:
    """All on one page; who has no second factor yet is named."""
    session = db_session()
    lines = [one for one in people.every(session) if one.active]
    found = open_sessions.listed(session)
    return shown(
        "security.html", "security", required=services.cabinet_of(session).second_factor_required, count=len(lines),
        without=[one for one in lines if not one.factor], sessions=found[: open_sessions.MOST], open=len(found),
        me=adviser().user_id, keys=key_rotation.listed(session)[:KEYS] if adviser().can(PARTNERS) else (), words=WORDS,
        certificates=certificates.listed(session) if adviser().can(PARTNERS) else (),
    )  # fmt: skip


@blueprint.post("/securite/second-facteur")
@policy("permission", PEOPLE)
def security_factor() -> ResponseReturnValue:
    """Ask everybody for a second factor from the next sign-in on, or no longer."""
    session, wanted = db_session(), request.form.get("exige", "")
    if wanted in ("0", "1") and services.require_second_factor(session, on=wanted == "1", actor=adviser().user_id):
        subject = f"cabinet:{session.require_cabinet()}"
        token = undo.offer(session, adviser(), FACTOR, subject, {"on": wanted == "1"})
        session.commit()
        undo.say(_said(on=wanted == "1"), token)
    else:
        flash(_("Rien n'a changé."), "info")
    return redirect(url_for("administration.security"), 303)


@undo.command(FACTOR, permission=PEOPLE)
def _as_before(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of asking for the second factor, or no longer."""
    on = not payload["on"]
    services.require_second_factor(session, on=on, actor=by.user_id)
    return _said(on=on)


@blueprint.post("/securite/sessions")
@policy("permission", PEOPLE)
def security_close() -> ResponseReturnValue:
    """Close one of the cabinet's sessions, whoever's it is."""
    session, key, here = db_session(), request.form.get("session", ""), sessions.current()
    if here is not None and key == here.sid_hash:
        flash(_("C'est la session que vous utilisez\u202f: déconnectez-vous pour la fermer."), "info")
        return redirect(url_for("administration.security"), 303)
    whose = open_sessions.close(session, key, actor=adviser().user_id)
    session.commit()
    if whose is None:
        flash(_("Cette session avait déjà pris fin."), "info")
    else:
        flash(_("La session de %(name)s est fermée.", name=services.person(session, whose).display_name), "success")
    return redirect(url_for("administration.security"), 303)


def _said(*, on: bool) -> str:
    if on:
        return str(_("Le second facteur est exigé de tous à partir de leur prochaine connexion."))
    return str(_("Le second facteur n'est plus exigé\u202f; qui l'a activé le garde."))
