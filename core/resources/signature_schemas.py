"""Requests for signatures as programs ask and read them (CO-01)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields as plain

from core.rest import schemas
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.rest.schemas import Taken
from core.signing.paper import SCAN
from core.signing.states import SIGNER_STATES
from core.signing.states import STATES

KINDS, WAYS = ("contact", "user"), ("PLACE", "LIEN")


class SignatureQuery(Asked):
    """Which requests."""

    document = schemas.ask_text(_l("L'id du document à signer"))
    state = schemas.ask_code(_l("Son état"), STATES)


class SignerOut(Given):
    """Who signs."""

    id = schemas.string()
    rank = schemas.whole(_l("Chacun signe à son tour"))
    contact_id = schemas.string(null=True)
    user_id = schemas.string(null=True)
    name = schemas.string()
    behalf = schemas.string(_l("La société pour laquelle il signe"))
    email = schemas.string(null=True)
    way = schemas.string()
    state = schemas.string(codes=SIGNER_STATES)
    turn = schemas.flag(_l("C'est à lui de signer"))
    invited_at = schemas.moment()
    seen_at = schemas.moment()
    ended_at = schemas.moment(_l("Sa signature, ou son refus"))
    why = schemas.string(_l("Pourquoi il a refusé"))


class SignatureOut(Given):
    """A request."""

    id = schemas.string()
    document_id = schemas.string()
    title = schemas.string()
    state = schemas.string(codes=STATES)
    asked_by = schemas.string()
    asked_at = schemas.moment(null=False)
    expires_on = schemas.day(null=False)
    ended_at = schemas.moment()
    message = schemas.string()
    why = schemas.string()
    sha256 = schemas.string(_l("L'empreinte du document présenté"))
    signed_id = schemas.string(_l("Le document signé et scellé"), null=True)
    proof_id = schemas.string(_l("La preuve de signature"), null=True)
    signers = schemas.many(SignerOut)


class SignerIn(Taken):
    """Who is to sign."""

    kind = schemas.ask_code(_l("Un contact, ou une personne du cabinet"), KINDS, missing=_l("Dites qui signe."))
    id = schemas.ask_text(_l("Son id"), missing=_l("Nommez la personne."))
    way = schemas.ask_code(_l("Sur l'écran du cabinet, ou par un lien"), WAYS)
    email = schemas.ask_text(_l("Où part le lien\u202f; l'adresse de la fiche si elle manque"), 254)
    name = schemas.ask_text(_l("Pour une société\u202f: qui signe"), 200)


class SignatureIn(Taken):
    """A request."""

    document = schemas.ask_text(_l("L'id du document, un PDF"), missing=_l("Nommez le document."))
    signers = plain.List(
        plain.Nested(SignerIn), required=True, metadata={"label": _l("Qui signe, dans l'ordre")},
        error_messages={"required": _l("Dites qui signe.")},
    )  # fmt: skip
    until = schemas.ask_day(_l("Jusqu'à quand\u202f; trente jours s'il manque"))
    message = schemas.ask_text(_l("Un mot joint à l'e-mail"), 1000, lines=True)


class ReasonIn(Taken):
    """Why."""

    why = schemas.ask_text(_l("Pourquoi"), 500, lines=True)


class PaperIn(Taken):
    """What was signed by hand."""

    on = schemas.ask_day(_l("Le jour de la signature"), missing=_l("Saisissez une date."), past=True)
    file = schemas.ask_file(_l("Document signé, numérisé"), SCAN, missing=_l("Joignez le document signé."))
