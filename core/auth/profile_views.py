"""«Ma fiche»: one's own file, and the settings of use that follow a person (US-01)."""

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

from core.auth.schemas import OwnFile
from core.auth.views import safe_next
from core.cabinets import profiles
from core.cabinets import services
from core.cabinets.models import Cabinet
from core.cabinets.models import User
from core.extensions import db
from core.web import forms
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("profile", __name__)


@blueprint.get("/mon-compte/fiche")
@policy("session")
def index() -> ResponseReturnValue:
    """Who one is for the cabinet; what one may change oneself is a form."""
    return _shown({"phone": db_session().get_one(User, current_user.id).phone}, {})


@blueprint.post("/mon-compte/fiche")
@policy("session")
def save() -> ResponseReturnValue:
    """Keep it."""
    typed = forms.typed(OwnFile(), request.form)
    checked = forms.check(OwnFile(), typed)
    if checked.errors:
        return _shown(typed, checked.errors), 422
    with db.session(current_user.cabinet_id) as session:
        changed = services.change_own_file(session, current_user.id, phone=checked.values["phone"])
    if changed:
        flash(_("Votre fiche est enregistrée."), "success")
    else:
        flash(_("Rien n'a changé dans votre fiche."), "info")
    return redirect(url_for("profile.index"), 303)


@blueprint.post("/mon-compte/raccourcis")
@policy("session")
def single_keys() -> ResponseReturnValue:
    """Whether single keys are shortcuts (WCAG 2.1.4)."""
    on = request.form.get("single_keys") == "1"
    with db.session(current_user.cabinet_id) as session:
        services.set_single_keys(session, current_user.id, on=on)
    if "X-Fragment" in request.headers:
        return "", 204
    flash(_("Les raccourcis à une touche sont activés.") if on else _("Les raccourcis à une touche sont désactivés."), "success")
    return redirect(safe_next(request.form.get("next")), 303)


def _shown(values: Mapping[str, Any], errors: Mapping[str, str]) -> str:
    session = db_session()
    user = session.get_one(User, current_user.id)
    return render_template(
        "account/file.html", user=user, role=profiles.labels(session).get(user.role, user.role),
        form=forms.view(OwnFile(), values, errors), cabinet_name=session.get_one(Cabinet, user.cabinet_id).name,
    )  # fmt: skip
