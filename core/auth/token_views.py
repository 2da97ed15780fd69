"""«Jetons d'accès»: one's tokens for the API, made with chosen scopes, shown once, revoked (PL-09)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from core.auth import api_scopes
from core.auth import api_tokens
from core.auth import entry
from core.auth.proving import password_errors
from core.auth.schemas import NewToken
from core.db.errors import DomainError
from core.extensions import db
from core.web import forms
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("tokens", __name__)


@blueprint.get("/mon-compte/jetons")
@policy("session")
def index() -> ResponseReturnValue:
    """One's tokens: name, first characters, scopes, until when, last use."""
    return render_template(
        "account/tokens.html", tokens=api_tokens.listed(db_session(), current_user.id), scopes=api_scopes.SCOPES
    )


@blueprint.get("/mon-compte/jetons/nouveau")
@policy("session")
def new() -> ResponseReturnValue:
    """The form."""
    return _form({"days": "90", "scopes": []}, {})


@blueprint.post("/mon-compte/jetons/nouveau")
@policy("session")
def make() -> ResponseReturnValue:
    """Make it, by password; its text is shown this once."""
    typed = forms.typed(NewToken(), request.form)
    errors, status = password_errors(NewToken(), typed, current_user.id)
    if "scopes" not in errors and set(typed.get("scopes", ())) - set(api_scopes.open_to(current_user.adviser)):
        errors["scopes"] = _("Choisissez parmi vos propres droits\u202f: ils ont peut-être changé entre-temps.")
    if errors:
        return _form(typed, errors), status
    checked = forms.check(NewToken(), typed).values
    try:
        with db.session(current_user.cabinet_id) as session:
            text, token_id = api_tokens.make(
                session, current_user.adviser, name=checked["name"], scopes=checked["scopes"], days=int(checked["days"])
            )
            made = api_tokens.get(session, current_user.id, token_id)
            entry.tell(session, current_user.id, "token")
    except DomainError as error:
        return _form(typed, forms.refused(error)), 422
    return render_template("account/token_made.html", text=text, token=made, scopes=api_scopes.SCOPES)


@blueprint.post("/mon-compte/jetons/<token_id>/revoquer")
@policy("session")
def revoke(token_id: str) -> ResponseReturnValue:
    """End one of one's tokens; what calls with it is refused from now on."""
    with db.session(current_user.cabinet_id) as session:
        was = api_tokens.revoke(session, current_user.id, token_id, actor=current_user.id)
    if was.state == "revoked":
        flash(_("Ce jeton était déjà révoqué."), "info")
    else:
        flash(_("Le jeton «\u202f%(name)s\u202f» est révoqué.", name=was.name), "success")
    return redirect(url_for("tokens.index"), 303)


def _form(values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    offered = {code: one.label for code, one in api_scopes.open_to(current_user.adviser).items()}
    form = forms.view(NewToken(), values, errors, options={"scopes": offered})
    return render_template("account/token_new.html", form=form)
