"""A forgotten password: ask for a link, choose another password with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import session as flask_session
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.auth import limits
from core.auth import resets
from core.auth.schemas import Forgotten
from core.auth.schemas import NewPassword
from core.auth.schemas import new_password_errors
from core.auth.schemas import too_many
from core.cabinets import services
from core.extensions import db
from core.mail import smtp
from core.web import forms
from core.web.policy import policy

blueprint = Blueprint("auth_reset", __name__)
_KEY = "reset"


@blueprint.get("/mot-de-passe/oublie")
@policy("public")
def forgotten() -> ResponseReturnValue:
    """Ask for a link; without a mail server, whom to ask instead."""
    return _asking({}, {})


@blueprint.post("/mot-de-passe/oublie")
@policy("public")
def forgotten_post() -> ResponseReturnValue:
    """Write the request down; the same answer, in the same time, whether anybody has this e-mail."""
    typed = forms.typed(Forgotten(), request.form)
    if not smtp.is_configured():
        return _asking(typed, {})
    checked = forms.check(Forgotten(), typed)
    if checked.errors:
        return _asking(typed, checked.errors), 422
    address = services.folded_email(checked.values["email"])
    wait = limits.take((f"reset-{limits.address_key(request.remote_addr)}", limits.ADDRESS))
    if wait is not None:
        return _asking(typed, too_many(wait, "email")), 429, {"Retry-After": str(wait.seconds)}
    if limits.take((limits.reset_key(address), limits.RESET)) is None:  # beyond, nothing leaves: nobody's box is filled
        resets.ask(address[:254], request.remote_addr)
    return render_template("auth/forgotten_sent.html", minutes=resets.LIFETIME.seconds // 60)


@blueprint.get("/mot-de-passe/nouveau")
@policy("public")
def choose() -> ResponseReturnValue:
    """The link leads here; its token leaves the address at once (history, «Referer»), its hash stays on our side."""
    if (token := request.args.get("jeton")) is not None:
        flask_session[_KEY] = resets.hashed(token)
        return redirect(url_for("auth_reset.choose"))
    if resets.person_of(flask_session.get(_KEY)) is None:
        return _worthless()
    return _choosing({})


@blueprint.post("/mot-de-passe/nouveau")
@policy("public")
def choose_post() -> ResponseReturnValue:
    """Keep the new password; every session ends, and one signs in as always."""
    kept = flask_session.get(_KEY)
    user = resets.person_of(kept)
    if user is None or kept is None:
        return _worthless()
    typed = forms.typed(NewPassword(), request.form)
    password = typed.get("new_password", "")
    with db.session(None, write=False) as reader:
        weakness = services.check_password(reader, user, password)
    errors = new_password_errors(typed, weakness)
    if errors:
        return _choosing(errors), 422
    if not resets.use(kept, user, password):
        return _worthless()
    flask_session.pop(_KEY, None)
    flash(_("Votre mot de passe est changé et toutes vos sessions sont fermées. Connectez-vous avec le nouveau."), "success")
    return redirect(url_for("auth.sign_in"))


def _asking(typed: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    form = forms.view(Forgotten(), typed, errors)
    return render_template("auth/forgotten.html", possible=smtp.is_configured(), form=form)


def _choosing(errors: Mapping[str, str]) -> str:
    return render_template("auth/new_password.html", form=forms.view(NewPassword(), {}, errors))


def _worthless() -> ResponseReturnValue:
    flask_session.pop(_KEY, None)
    return render_template("auth/link_ended.html", possible=smtp.is_configured()), 410
