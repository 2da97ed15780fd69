"""`/p/conformite/contacts/{contact_id}/suspicions`: notes of suspicion, for programs whose token holds the right (CO-05)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from plugins.conformite.vigilance import schemas as shapes
from plugins.conformite.vigilance import suspicions

READ, WRITE = "suspicions:read", "suspicions:write"
SUSPICIONS = Resource(
    "conformite_suspicions", _l("Notes de soupçon"), _l("Confidentielles\u202f: aucune autre réponse de l'API n'en dit rien."),
    plugin="conformite",
)  # fmt: skip
_BASE = "/p/conformite/contacts/{contact_id}/suspicions"


@SUSPICIONS.get(_BASE, _l("Lister les notes de soupçon d'un contact"), shapes.SuspicionOut, paged=True, scope=READ)
def listed(call: Call, contact_id: str) -> Slice[Any]:
    """As the page."""
    return call.among(suspicions.of_contact(call.session, call.adviser, contact_id), lambda one: one.id)


@SUSPICIONS.post(
    _BASE, _l("Écrire une note de soupçon"), shapes.SuspicionMadeOut, takes=shapes.SuspicionNew, status=201, scope=WRITE,
    about=_l("Une note ne se modifie pas et ne se retire pas\u202f: une autre la complète."),
)  # fmt: skip
def create(call: Call, contact_id: str) -> Reply:
    """As the page."""
    made = suspicions.write(call.session, call.adviser, contact_id, call.taken["text"], note_id=call.once or None)
    return Reply(made, _BASE.format(contact_id=contact_id))
