"""`/contacts/{contact_id}/personal-data`: what is kept of a contact, and the copy for him (RGPD, art. 15 and 20)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.privacy import gathering
from core.privacy import views
from core.resources.contacts import CONTACTS
from core.rest import schemas
from core.rest.operations import Call
from core.rest.operations import Reply

WRITE = "contacts:write"


class PartOut(schemas.Given):
    """A subject."""

    module = schemas.string(_l("Module\u202f; core\u202f: Encours"))
    key = schemas.string(_l("Sujet"))
    title = schemas.string(_l("Sujet, en français"))
    purpose = schemas.string(_l("Pourquoi c'est gardé"))
    lines = schemas.whole(_l("Lignes"))


class PersonalDataOut(schemas.Given):
    """What is kept, by subject."""

    parts = schemas.many(PartOut, _l("Sujets"))
    missing = schemas.texts(_l("Modules qui n'ont pas répondu"))


@CONTACTS.get("/contacts/{contact_id}/personal-data", _l("Lire ce qui est gardé d'un contact"), PersonalDataOut, scope=WRITE)
def personal_data(call: Call, contact_id: str) -> dict[str, Any]:
    """By subject, with how many lines."""
    found = views.gathered(contact_id)
    return {
        "missing": found.missing,
        "parts": [
            {"module": module, "key": one.key, "title": one.title, "purpose": one.purpose, "lines": len(one.rows)}
            for module, _title, one in found.parts
        ],
    }  # fmt: skip


@CONTACTS.post(
    "/contacts/{contact_id}/personal-data/json", _l("Copier les données d'un contact, en JSON"), media="application/json",
    scope=WRITE, about=_l("Toutes les lignes de tous les sujets. Notée au journal."),
)  # fmt: skip
def personal_data_json(call: Call, contact_id: str) -> Reply:
    """For another provider."""
    found = views.gathered(contact_id)
    gathering.note(call.session, call.adviser, contact_id, "json")
    data = iter([gathering.as_json(call.session, found)])  # an iterator: no copy is kept for the idempotency key
    return Reply(data=data, media="application/json", filename=f"Données personnelles {found.contact.name}.json")


@CONTACTS.post(
    "/contacts/{contact_id}/personal-data/pdf", _l("Copier les données d'un contact, en PDF"), media="application/pdf",
    scope=WRITE, about=_l("Pour le client\u202f; le JSON est dedans. Notée au journal."),
)  # fmt: skip
def personal_data_pdf(call: Call, contact_id: str) -> Reply:
    """For the contact."""
    found = views.gathered(contact_id)
    drawn = gathering.page(call.session, found)
    call.session.rollback()  # nothing is held while it is drawn
    data = gathering.as_pdf(*drawn)
    gathering.note(call.session, call.adviser, contact_id, "pdf")
    return Reply(data=iter([data]), media="application/pdf", filename=f"Données personnelles {found.contact.name}.pdf")
