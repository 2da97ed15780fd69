"""`/p/portefeuille/contacts/{contact_id}/statement(s)`: the figures of a statement, those kept, a new one (PF-02, NX-06)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import contacts
from core.api import messages
from core.api import pdf
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import today
from core.api.rest import Call
from core.api.rest import Problem
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import own_context
from plugins.portefeuille.statements import data
from plugins.portefeuille.statements import figures
from plugins.portefeuille.statements import keeping
from plugins.portefeuille.statements import schemas as shapes
from plugins.portefeuille.statements import sending
from plugins.portefeuille.statements.batch_schemas import SendingOut
from plugins.portefeuille.statements.batch_schemas import SendNew

STATEMENTS = Resource(
    "portefeuille_statements", _l("Relevés de situation"),
    _l("Ce que détient une personne ou un foyer à une date, en chiffres ou en fichier."), plugin="portefeuille",
)  # fmt: skip


@STATEMENTS.get(
    "/p/portefeuille/contacts/{contact_id}/statement", _l("Lire les chiffres d'un relevé"), shapes.StatementOut,
    asks=shapes.StatementQuery, scope="accounts:read",
    about=_l("Ceux du fichier releve.json joint au PDF. Rien n'est enregistré. Si rien n'est connu à la date, total est null."),
)  # fmt: skip
def show(call: Call, contact_id: str) -> dict[str, Any]:
    """Portefeuille > Relevés."""
    wanted = _wanted(call.asked.get("on") or today(), call.asked.get("since"), ())
    return data.plain(figures.gathered(call.session, call.adviser, contact_id, wanted))


@STATEMENTS.get(
    "/p/portefeuille/contacts/{contact_id}/statements", _l("Lister les relevés enregistrés"), shapes.KeptOut, paged=True,
    scope="documents:read", about=_l("Leur contenu se lit par GET /documents/{document_id}/content."),
)  # fmt: skip
def listed(call: Call, contact_id: str) -> Slice[Any]:
    """Those of the page's list, by id."""
    contacts.get_contact(call.session, call.adviser, contact_id)
    return call.among(keeping.kept(call.session, call.adviser, contact_id), lambda one: one.id)


@STATEMENTS.post(
    "/p/portefeuille/contacts/{contact_id}/statements", _l("Enregistrer un relevé"), shapes.KeptOut, takes=shapes.StatementNew,
    scope="documents:write", status=201, about=_l(
        "Il faut aussi l'étendue accounts:read. Le même relevé, le même jour, n'est gardé qu'une fois\u202f: celui qui est là "
        "est rendu."
    ),
)  # fmt: skip
def make(call: Call, contact_id: str) -> Reply:
    """As «Enregistrer dans le dossier»."""
    session, who = call.session, call.adviser
    contacts.get_contact(session, who, contact_id)
    if not who.can("accounts.view") or not keeping.may_keep(session, who, contact_id):
        raise Forbidden(_("Il faut le droit de voir les comptes et de déposer des documents dans ce dossier."))
    taken = call.taken
    wanted = _wanted(taken["on"], taken.get("since"), taken.get("parts") or ())
    try:
        found = figures.statement(session, who, contact_id, wanted)
    except DomainError as error:
        if error.field != "au":
            raise
        raise DomainError(error.text, field="on") from error
    session.rollback()  # others may write while it is drawn
    try:
        made = keeping.written(session, found, taken["format"])
    except pdf.PdfError as error:
        raise Problem(
            503, "statement-late", "Relevé non dessiné", "Le PDF n'a pas pu être dessiné à temps\u202f: recommencez.",
            headers={"Retry-After": "10"},
        ) from error  # fmt: skip
    kept = keeping.keep(session, who, found, made)
    return Reply(kept, f"/documents/{kept.id}")


@STATEMENTS.post(
    "/p/portefeuille/contacts/{contact_id}/statements/{document_id}/sending", _l("Envoyer un relevé au client"), SendingOut,
    takes=SendNew, scope="documents:write", about=_l(
        "Par le moyen dont le client est joint, avec son accord. Une autre Idempotency-Key l'envoie une autre fois."
    ),
)  # fmt: skip
def send(call: Call, contact_id: str, document_id: str) -> dict[str, Any]:
    """As «Envoyer» and «Réessayer» of a kept statement."""
    ctx, session, who = own_context("portefeuille"), call.session, call.adviser
    paper, _document = sending.single(session, who, contact_id, document_id)
    if call.taken.get("again"):
        sending.again_one(session, ctx, who, document_id)
    else:
        subject, text = sending.worded(call.taken)
        url = url_for("p_portefeuille.statement", contact_id=contact_id)
        left = sending.send(session, ctx, who, [replace(paper, turn=call.once)], subject, text, url)
        if document_id in left:
            raise DomainError(left[document_id])
    last = messages.of_documents(session, [document_id])[document_id][0]
    return {
        "document_id": document_id, "sending": last.state, "sending_why": last.why, "address": last.address,
        "ended_at": last.ended_at,
    }  # fmt: skip


def _wanted(on: date, since: date | None, parts: Any) -> figures.Wanted:
    if since is not None and since >= on:
        raise DomainError(_("Le début de la période précède la date du relevé\u202f: choisissez une date plus ancienne."),
                          field="since")  # fmt: skip
    return figures.Wanted(on, since, frozenset(parts or figures.PARTS))
