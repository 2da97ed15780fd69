"""The door for files sent ahead of their form by js/upload.js. Without scripts files come with the form itself."""

from __future__ import annotations

from flask import Blueprint
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.db.errors import DomainError
from core.db.errors import NotFound
from core.documents import uploads
from core.hooks.types import Adviser
from core.shell.gate import current_context
from core.shell.gate import hub
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("uploads", __name__)
# what the style guide's zones accept
uploads.rule("styleguide.exemple", max_bytes=2 * 1024 * 1024, max_files=5)
uploads.rule("styleguide.preuve")


@blueprint.app_template_global()
def upload_rule(name: str) -> uploads.Rule:
    """A rule by its name, for pages whose view has none at hand."""
    return uploads.RULES[name]


@blueprint.post("/fichiers")
@policy("session")
def deposit() -> ResponseReturnValue:
    """Look at one file and keep it; its line, to be put into the form. 422 with a sentence where it is refused."""
    adviser = _adviser()
    name = request.form.get("rule", "")
    if name.split(".")[0] in set(hub().registry.plugins) - set(current_context().enabled):
        raise NotFound(_("Ce dépôt n'existe pas."))
    rule, sent = uploads.rule_of(name, adviser), request.files.get("file")
    if sent is None:
        raise DomainError(_("Aucun fichier n'est arrivé\u202f: choisissez-le à nouveau."), code="file-empty")
    # one byte more than is allowed is enough to refuse it
    kept = uploads.keep(db_session(), adviser, rule, sent.filename or "document", sent.read(rule.max_bytes + 1))
    db_session().commit()
    return render_template("files/line.html", one=kept, field=request.form.get("field", "file"))


@blueprint.post("/fichiers/<upload_id>/retirer")
@policy("session")
def remove(upload_id: str) -> ResponseReturnValue:
    """Give up a file that waits for its form."""
    uploads.drop(db_session(), _adviser(), upload_id)
    db_session().commit()
    return "", 204


def _adviser() -> Adviser:
    found = current_context().principal
    assert found is not None, "the gate lets nobody in without a principal"
    return found
