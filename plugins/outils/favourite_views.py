"""«Mes favoris»: a star on a support, one's own order (OU-05). Columns are the list's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.api import forms
from core.api import supports
from core.api import undo
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission

VIEW = "accounts.view"


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/favoris", "favourites", favourites, methods=["GET", "POST"])
    made.add_url_rule("/supports/<support_id>/favori", "favourite", star, methods=["POST"])


@permission(VIEW)
def favourites() -> ResponseReturnValue:
    """One's favourites in one's own order, which each press saves."""
    if request.method == "GET":
        rows = supports.favourites.named(db_session(), adviser())
        trail = [(_("Supports"), url_for("p_outils.index")), (_("Mes favoris"), None)]
        return render_template("outils/favourites.html", rows=rows, crumbs=trail)
    wanted = forms.reordered(supports.favourites.ids(db_session(), adviser()), request.form)
    former = supports.favourites.order(db_session(), adviser(), wanted)
    token = undo.offer(db_session(), adviser(), "outils.favourites_ordered", f"user:{adviser().user_id}", {"former": former})
    db_session().commit()
    text = _("L'ordre est enregistré.")
    if "X-Fragment" in request.headers:
        return render_template("outils/order_saved.html", text=text, token=token, back=request.path)
    undo.say(text, token)
    return redirect(request.path, 303)


@permission(VIEW)
def star(support_id: str) -> ResponseReturnValue:
    """Keep it at hand, or no longer: the button says which, so that a second press changes nothing."""
    supports.favourites.put(db_session(), adviser(), support_id, on=request.form.get("acte") != "retirer")
    db_session().commit()
    return redirect(url_for("p_outils.support", support_id=support_id), 303)


@undo.command("outils.favourites_ordered", permission=VIEW)
def order_back(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of an order."""
    supports.favourites.order(session, by, payload["former"])
    return str(_("L'ordre précédent est de retour."))
