"""«Annuler»: the button of every toast and message that offers it."""

from __future__ import annotations

from flask import Blueprint
from flask import flash
from flask import redirect
from flask import request
from flask.typing import ResponseReturnValue

from core.auth.views import safe_next
from core.db.errors import DomainError
from core.shell import undo
from core.shell.gate import current_context
from core.shell.gate import hub
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("undo", __name__)


@blueprint.post("/annuler")
@policy("session")
def take_back() -> ResponseReturnValue:
    """Reverse one change, and say so where it was made; a refusal is said there too, and changes nothing."""
    ctx = current_context()
    assert ctx.principal is not None
    off = set(hub().registry.plugins) - set(ctx.enabled)
    owners = {name.split(".")[0] for name in undo.COMMANDS} - off
    try:
        said = undo.take_back(db_session(), ctx.principal, request.form.get("undo", ""), owners=owners)
        db_session().commit()
        flash(said, "success")
    except DomainError as error:
        db_session().rollback()
        flash(error.text, "error")
    return redirect(safe_next(request.form.get("next")), 303)
