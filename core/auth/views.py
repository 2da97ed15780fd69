"""Sign in, sign out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from core.auth import entry
from core.auth import sessions
from core.auth.limits import Wait
from core.auth.schemas import SignIn
from core.auth.schemas import too_many
from core.cabinets import audit
from core.extensions import db
from core.web import forms
from core.web.policy import policy

blueprint = Blueprint("auth", __name__)


def safe_next(target: str | None) -> str:
    """A path of our own, or the home page: never another site (security-reliability.md, «redirects»)."""
    if not target or not re.match(r"^/(?![/\\])", target) or any(ord(c) < 32 for c in target) or "\\" in target:
        return "/"
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else "/"


@blueprint.get("/connexion")
@policy("public")
def sign_in() -> ResponseReturnValue:
    """The sign-in page."""
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))
    return _form(safe_next(request.args.get("next")))


@blueprint.post("/connexion")
@policy("public")
def sign_in_post() -> ResponseReturnValue:
    """Check e-mail and password; the same words whatever was wrong."""
    target, typed = safe_next(request.form.get("next")), forms.typed(SignIn(), request.form)
    checked = forms.check(SignIn(), typed)
    if checked.errors:
        return _form(target, typed, checked.errors), 422
    reached = entry.password_step(checked.values["email"], checked.values["password"], target)
    if isinstance(reached, Wait):
        return _form(target, typed, too_many(reached, "password")), 429, {"Retry-After": str(reached.seconds)}
    if reached is not None:
        return redirect(reached)
    text = _("Adresse e-mail ou mot de passe incorrect. Vérifiez-les, puis recommencez.")
    return _form(target, typed, {"email": text}), 422


@blueprint.post("/deconnexion")
@policy("session")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    with db.session(current_user.cabinet_id) as session:
        audit.record(session, current_user.id, "session.ended", f"user:{current_user.id}", {})
    sessions.sign_out()
    flash(_("Vous êtes déconnecté."), "info")
    return redirect(url_for("auth.sign_in"))


def _form(target: str, typed: Mapping[str, Any] | None = None, errors: Mapping[str, str] | None = None) -> str:
    return render_template("auth/sign_in.html", next_url=target, form=forms.view(SignIn(), typed or {}, errors))
