"""«Doublons»: contacts of the cabinet that may be one person twice (CT-02)."""

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

from core.api import contacts
from core.api import undo
from core.api.db import TenantSession
from core.api.types import Adviser
from core.api.web import adviser
from core.api.web import db_session
from core.api.web import permission
from plugins.contacts import frames
from plugins.contacts.merge_views import MERGE


def register(made: Blueprint) -> None:
    """The routes."""
    made.add_url_rule("/doublons", "twins", twins)
    made.add_url_rule("/doublons/distincts", "twins_apart", apart, methods=["POST"])


@permission("contacts.view")
def twins() -> ResponseReturnValue:
    """The likeliest first, each with its reasons. Found anew at each opening: nothing is out of date."""
    found = contacts.twins.of_cabinet(db_session(), adviser())
    return render_template(
        "contacts/twins.html", found=found, can_merge=adviser().can(MERGE), can_edit=adviser().can(frames.EDIT),
        crumbs=[(_("Contacts"), url_for("p_contacts.index")), (_("Doublons"), None)],
    )  # fmt: skip


@permission(frames.EDIT)
def apart() -> ResponseReturnValue:
    """These two are not the same: remembered, and taken back."""
    first, second = request.form.get("first", ""), request.form.get("second", "")
    contacts.twins.set_apart(db_session(), adviser(), first, second)
    payload = {"first": first, "second": second}
    token = undo.offer(db_session(), adviser(), "contacts.set_apart", f"contact:{first}", payload)
    db_session().commit()
    undo.say(_("Ces deux contacts ne seront plus proposés comme doublons."), token)
    return redirect(url_for("p_contacts.twins"), 303)


@undo.command("contacts.set_apart", permission=frames.EDIT)
def together_again(session: TenantSession, by: Adviser, payload: Mapping[str, Any]) -> str:
    """Reverse of `apart`."""
    contacts.twins.take_apart_back(session, by, payload["first"], payload["second"])
    return str(_("Ces deux contacts sont de nouveau proposés comme doublons."))
