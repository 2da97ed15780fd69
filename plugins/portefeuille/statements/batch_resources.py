"""`/p/portefeuille/statement-batches`: statements of several contacts for programs (PF-02)."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.api import queries
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.rest import Call
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.web import own_context
from plugins.portefeuille.statements import batch_schemas as shapes
from plugins.portefeuille.statements import batches
from plugins.portefeuille.statements import figures
from plugins.portefeuille.statements import sending

BATCHES = Resource(
    "portefeuille_batches", _l("Lots de relevés"),
    _l("Les relevés de plusieurs contacts, préparés l'un après l'autre et enregistrés dans leurs dossiers."),
    plugin="portefeuille",
)  # fmt: skip
WRITE = "documents:write"


@BATCHES.get(
    "/p/portefeuille/statement-batches", _l("Lister ses lots de relevés"), shapes.BatchOut, paged=True, scope=WRITE,
    about=_l("Les cinquante derniers."),
)  # fmt: skip
def listed(call: Call) -> Slice[Any]:
    """Portefeuille > Lots de relevés."""
    return call.among([_told(one) for one in batches.mine(call.session, call.adviser)], lambda one: one["id"])


@BATCHES.get(
    "/p/portefeuille/statement-batches/{batch_id}", _l("Lire un lot de relevés"), shapes.BatchDetailOut, scope=WRITE,
    about=_l("Contact par contact\u202f: ce qui est fait, ce qui ne peut l'être et pourquoi."),
)  # fmt: skip
def show(call: Call, batch_id: str) -> dict[str, Any]:
    """How far it is."""
    found = batches.of(call.session, call.adviser, batch_id)
    return {
        **_told(found),
        "lines": [
            {
                "contact_id": one.contact_id, "state": one.state, "document_id": one.document_id, "why": one.why,
                **_sending(one),
            }
            for one in sending.told(call.session, call.adviser, batch_id) if one.name
        ],
    }  # fmt: skip


@BATCHES.post(
    "/p/portefeuille/statement-batches", _l("Demander un lot de relevés"), shapes.BatchDetailOut, takes=shapes.BatchNew,
    scope=WRITE, status=201, about=_l("Il faut aussi l'étendue accounts:read. Mille contacts au plus."),
)  # fmt: skip
def make(call: Call) -> Reply:
    """As «Préparer les relevés»."""
    if not call.adviser.can("accounts.view"):
        raise Forbidden(_("Il faut aussi le droit de voir les comptes."))
    taken = call.taken
    ids = tuple(dict.fromkeys(taken["ids"]))
    chosen = batches.chosen(call.session, call.adviser, queries.Asked(only=ids))
    if len(chosen) != len(ids):
        raise NotFound(_("Un des contacts n'existe pas, ou n'est pas ouvert à votre profil."))
    if taken.get("since") is not None and taken["since"] >= taken["on"]:
        raise DomainError(_("Le début de la période précède la date du relevé\u202f: choisissez une date plus ancienne."),
                          field="since")  # fmt: skip
    wanted = figures.Wanted(taken["on"], taken.get("since"), frozenset(taken.get("parts") or figures.PARTS))
    made = batches.begin(
        own_context("portefeuille"), call.session, call.adviser, [one.id for one in chosen], wanted, taken["format"],
        batch_id=call.once,
    )  # fmt: skip
    return Reply(show(call, made), f"/p/portefeuille/statement-batches/{made}")


@BATCHES.get(
    "/p/portefeuille/statement-batches/{batch_id}/content", _l("Télécharger un lot de relevés"), media="application/zip",
    scope=WRITE, about=_l("Ceux qui sont faits, en une archive ZIP."),
)  # fmt: skip
def content(call: Call, batch_id: str) -> Reply:
    """As «Télécharger tout (ZIP)»."""
    found = batches.of(call.session, call.adviser, batch_id)
    data = batches.archive(call.session, call.adviser, batch_id)
    return Reply(data=data, media="application/zip", filename=f"releves-{found.wanted.on:%Y-%m-%d}.zip")


@BATCHES.post(
    "/p/portefeuille/statement-batches/{batch_id}/sending", _l("Envoyer un lot de relevés aux clients"), shapes.BatchDetailOut,
    takes=shapes.SendNew, scope=WRITE, about=_l(
        "Ceux qui n'ont jamais été envoyés, chacun une fois\u202f; qui n'est pas joint est laissé de côté, avec la raison."
    ),
)  # fmt: skip
def send(call: Call, batch_id: str) -> dict[str, Any]:
    """As «Envoyer aux clients» and «Réessayer»."""
    ctx, session, who = own_context("portefeuille"), call.session, call.adviser
    batch = batches.of(session, who, batch_id)
    if call.taken.get("again"):
        sending.again(session, ctx, who, sending.told(session, who, batch_id))
    else:
        subject, text = sending.worded(call.taken)
        url = url_for("p_portefeuille.statement_batch", batch_id=batch_id)
        sending.send_batch(session, ctx, who, batch, subject, text, url)
    return show(call, batch_id)


def _sending(one: batches.Line) -> dict[str, str]:
    """What became of a line's message."""
    if one.sent is not None:
        return {"sending": one.sent.state, "sending_why": one.sent.why}
    return {"sending": "left_out" if one.unsent else "", "sending_why": one.unsent}


def _told(one: batches.Batch) -> dict[str, Any]:
    return {
        "id": one.id, "on": one.wanted.on, "since": one.wanted.since, "format": one.format, "parts": sorted(one.wanted.parts),
        "count": one.count, "done": one.done, "refused": one.refused, "ended": one.ended, "created_at": one.created_at,
    }  # fmt: skip
