"""«Espace abonnement»: what the cabinet has and for whom, to read; what is installed besides, to ask for (US-02)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.admin import subscription as services
from core.admin.frame import adviser
from core.hooks.specs import Plugin
from core.shell.gate import current_context
from core.shell.gate import hub
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("subscription", __name__, url_prefix="/abonnement")
#: The hooks by which a person comes into a module.
DOORS: tuple[Callable[..., Any], ...] = (
    Plugin.modules, Plugin.contact_sections, Plugin.search_providers, Plugin.quick_actions,
)  # fmt: skip


@blueprint.get("")
@policy("session")
def index() -> ResponseReturnValue:
    """Everybody may read it; who turns modules on finds the way there, the others may ask."""
    session, reader = db_session(), adviser()
    every = services.listed(session, hub().registry, reader, _rights())
    return render_template(
        "services/subscription.html", taken=[one for one in every if one.on], others=[one for one in every if not one.on],
        manages=reader.can(services.PARTNERS), reaches=len(services.answering(session)), crumbs=[(_("Espace abonnement"), None)],
    )  # fmt: skip


@blueprint.post("/demandes")
@policy("session")
def ask() -> ResponseReturnValue:
    """Ask those who turn modules on for one."""
    session = db_session()
    title = services.ask(session, hub().registry, adviser(), request.form.get("module", "").replace("\0", "")[:60])
    session.commit()
    flash(_("Votre demande de «\u202f%(title)s\u202f» est transmise aux administrateurs du cabinet.", title=title), "success")
    return redirect(url_for("subscription.index"), 303)


def _rights() -> dict[str, frozenset[str]]:
    """Module that is on → the rights of which one opens it; one with a door for everybody is left out."""
    found, free, ctx = dict[str, set[str]](), set[str](), current_context()
    for door in DOORS:
        for one in hub().collect(door, ctx).items:
            found.setdefault(one.plugin, set()).update({one.item.permission} - {None})
            if one.item.permission is None:
                free.add(one.plugin)
    return {name: frozenset(rights) for name, rights in found.items() if name not in free}
