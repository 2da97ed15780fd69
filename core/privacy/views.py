"""«Données personnelles» of a contact: what is kept, and a copy for him (RGPD, art. 15 and 20)."""

from __future__ import annotations

from flask import Blueprint
from flask import Response
from flask import render_template
from flask_babel import gettext as _

from core.hooks.types import Adviser
from core.privacy import gathering
from core.privacy.gathering import Gathered
from core.shell.addresses import address
from core.shell.gate import current_context
from core.shell.gate import hub
from core.web.attached import attach
from core.web.policy import policy
from core.web.request import db_session

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/contacts/<contact_id>/donnees")
@policy("permission", "contacts.edit")
def show(contact_id: str) -> str:
    """What is kept, by subject."""
    home = address("p_contacts.contact", contact_id=contact_id)
    found = gathered(contact_id)
    return render_template(
        "privacy/show.html", found=found, home=home, crumbs=[(found.contact.name, home), (_("Données personnelles"), None)],
    )  # fmt: skip


@blueprint.post("/contacts/<contact_id>/donnees/json")
@policy("permission", "contacts.edit")
def as_json(contact_id: str) -> Response:
    """The copy for a program."""
    found = gathered(contact_id)
    data = gathering.as_json(db_session(), found)
    return _answered(found, data, "json")


@blueprint.post("/contacts/<contact_id>/donnees/pdf")
@policy("permission", "contacts.edit")
def as_pdf(contact_id: str) -> Response:
    """The copy for a person."""
    found = gathered(contact_id)
    drawn = gathering.page(db_session(), found)
    db_session().rollback()  # nothing is held while it is drawn
    return _answered(found, gathering.as_pdf(*drawn), "pdf")


def gathered(contact_id: str) -> Gathered:
    """All of it, as far as modules answer."""
    return gathering.of(db_session(), hub(), current_context(), _adviser(), contact_id)


def _answered(found: Gathered, data: bytes, form: str) -> Response:
    gathering.note(db_session(), _adviser(), found.contact.id, form)
    db_session().commit()
    answer = attach(Response(data, mimetype=f"application/{form}"), f"Données personnelles {found.contact.name}.{form}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _adviser() -> Adviser:
    adviser = current_context().principal
    assert adviser is not None, "the gate lets nobody in without a principal"
    return adviser
