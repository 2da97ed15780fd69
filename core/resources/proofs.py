"""`/contacts/{contact_id}/proof`: what a client's proof file holds, and the archive (NX-05)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.proofs import contents
from core.proofs import views
from core.proofs import writing
from core.resources.contacts import CONTACTS
from core.rest import schemas
from core.rest.operations import Call
from core.rest.operations import Reply

READ = "documents:read"


class ProofOut(schemas.Given):
    """What goes in."""

    documents = schemas.whole(_l("Documents, toutes versions"))
    size = schemas.whole(_l("Leur taille, en octets"))
    signatures = schemas.whole(_l("Demandes de signature"))
    entries = schemas.whole(_l("Entrées du journal"))


@CONTACTS.get("/contacts/{contact_id}/proof", _l("Lire ce que contient le dossier de preuve"), ProofOut, scope=READ)
def proof(call: Call, contact_id: str) -> dict[str, Any]:
    """As on the page."""
    found = contents.of(call.session, call.adviser, contact_id)
    return {
        "documents": len(found.documents), "size": found.size, "signatures": len(found.signatures), "entries": found.entries,
    }  # fmt: skip


@CONTACTS.post(
    "/contacts/{contact_id}/proof", _l("Télécharger le dossier de preuve"), media="application/zip", scope=READ,
    about=_l("Une archive ZIP, signée par le certificat du cabinet, que vérifie la commande «encours verify-proof»\u202f: "
             "documents, signatures, journal. Faite à chaque demande, et notée au journal."),
)  # fmt: skip
def proof_make(call: Call, contact_id: str) -> Reply:
    """The archive."""
    made = writing.write(call.session, call.adviser, contact_id, views.titles())
    return Reply(data=made.pieces(), media="application/zip", filename=made.name)
