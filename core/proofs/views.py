"""«Dossier de preuve» of a contact: what it would hold, and the archive (NX-05)."""

from __future__ import annotations

from flask import Blueprint
from flask import Response
from flask import render_template
from flask_babel import gettext as _

from core.hooks.types import Adviser
from core.proofs import contents
from core.proofs import writing
from core.shell.addresses import address
from core.shell.gate import current_context
from core.shell.gate import hub
from core.web.attached import attach
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("proofs", __name__)


@blueprint.get("/contacts/<contact_id>/preuve")
@policy("permission", "documents.view")
def show(contact_id: str) -> str:
    """What the archive would hold."""
    found = contents.of(db_session(), _adviser(), contact_id)
    home = address("p_contacts.contact", contact_id=contact_id)
    return render_template(
        "proofs/show.html", found=found, home=home, crumbs=[(found.contact.name, home), (_("Dossier de preuve"), None)],
    )  # fmt: skip


@blueprint.post("/contacts/<contact_id>/preuve")
@policy("permission", "documents.view")
def make(contact_id: str) -> Response:
    """The archive; that it was made is noted."""
    made = writing.write(db_session(), _adviser(), contact_id, titles())
    db_session().commit()
    answer = attach(Response(made.pieces(), mimetype="application/zip"), made.name)
    answer.call_on_close(made.file.close)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def titles() -> dict[str, str]:
    """What modules are called."""
    return {name: one.title for name, one in hub().registry.plugins.items()}


def _adviser() -> Adviser:
    adviser = current_context().principal
    assert adviser is not None, "the gate lets nobody in without a principal"
    return adviser
