"""`/signatures`: documents put to the signature, as on the pages (CO-01)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.db.errors import Forbidden
from core.documents import services as documents
from core.resources import signature_schemas as shapes
from core.rest.operations import Call
from core.rest.operations import Reply
from core.rest.operations import Resource
from core.rest.operations import Slice
from core.shell.reading import also
from core.signing import acting
from core.signing import asking
from core.signing import paper
from core.signing import reading
from core.signing.models import SignatureRequest

SIGNATURES = Resource("signatures", _l("Signatures"), _l("Documents à signer, signés, refusés, et qui les signe."))
READ, WRITE = "documents:read", "documents:write"


@SIGNATURES.get(
    "/signatures", _l("Lister les demandes de signature"), shapes.SignatureOut, asks=shapes.SignatureQuery, paged=True, scope=READ
)
def listed(call: Call) -> Slice[Any]:
    """Those about documents that the owner sees."""
    after = call.after[0] if call.after else None
    told = {"document_id": call.asked.get("document"), "state": call.asked.get("state")}
    rows = reading.following_id(call.session, call.adviser, after, size=call.more, **told)
    return call.page(rows, lambda one: (one.id,))


@SIGNATURES.get("/signatures/{signature_id}", _l("Lire une demande de signature"), shapes.SignatureOut, scope=READ)
def one(call: Call, signature_id: str) -> Any:
    """One of them; its document's reading is noted."""
    found = reading.get(call.session, call.adviser, signature_id)
    also("document", found.document_id)
    return found


@SIGNATURES.post(
    "/signatures", _l("Demander des signatures"), shapes.SignatureOut, takes=shapes.SignatureIn, scope=WRITE, status=201,
    about=_l("Chacun signe à son tour. Qui signe par un lien reçoit un e-mail quand vient le sien\u202f; une signature sur "
             "l'écran du cabinet se donne à la page de la demande."),
)  # fmt: skip
def ask(call: Call) -> Reply:
    """Once."""
    taken = call.taken
    document = asking.signable(call.session, call.adviser, taken["document"])
    asking.readable(document, documents.read(call.session, document))
    signers = [
        asking.Wanted(said["kind"], said["id"], said.get("way") or "PLACE", said.get("email") or "", said.get("name") or "")
        for said in taken["signers"]
    ]
    row = asking.ask(
        call.session, call.adviser, document.id, signers, until=taken.get("until"), message=taken.get("message") or ""
    )
    return Reply(reading.get(call.session, call.adviser, row.id), f"/signatures/{row.id}")


@SIGNATURES.post("/signatures/{signature_id}/remind", _l("Renvoyer le lien à qui doit signer"), shapes.SignatureOut, scope=WRITE)
def remind(call: Call, signature_id: str) -> Any:
    """Another link; the former one ends."""
    acting.remind(call.session, _mine(call, signature_id), call.adviser.user_id)
    return reading.get(call.session, call.adviser, signature_id)


@SIGNATURES.post(
    "/signatures/{signature_id}/cancel", _l("Annuler une demande de signature"), shapes.SignatureOut, takes=shapes.ReasonIn,
    scope=WRITE, about=_l("Ses liens ne servent plus."),
)  # fmt: skip
def cancel(call: Call, signature_id: str) -> Any:
    """Given up."""
    acting.cancel(call.session, _mine(call, signature_id), call.adviser.user_id, call.taken.get("why") or "")
    return reading.get(call.session, call.adviser, signature_id)


@SIGNATURES.post(
    "/signatures/{signature_id}/paper", _l("Enregistrer un document signé sur papier"), shapes.SignatureOut, takes=shapes.PaperIn,
    scope=WRITE, about=_l("La numérisation rejoint le dossier\u202f; tous les signataires ont signé et la demande est close."),
)  # fmt: skip
def on_paper(call: Call, signature_id: str) -> Any:
    """Its scan."""
    paper.take(call.session, _mine(call, signature_id), call.adviser, call.taken["file"], call.taken["on"])
    return reading.get(call.session, call.adviser, signature_id)


def _mine(call: Call, signature_id: str) -> SignatureRequest:
    asked = reading.get(call.session, call.adviser, signature_id)
    if not reading.may_act(call.session, call.adviser, asked):
        raise Forbidden("Votre profil ne permet pas de faire signer ce document.")
    return call.session.get_one(SignatureRequest, (call.session.require_cabinet(), asked.id))
