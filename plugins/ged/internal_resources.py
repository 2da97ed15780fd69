"""`/p/ged/internal`: the cabinet's own documents, and who read them, for programs (OU-08)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.api.rest import Call
from core.api.rest import Given
from core.api.rest import Reply
from core.api.rest import Resource
from core.api.rest import Slice
from core.api.rest import Taken
from core.api.rest import schemas
from plugins.ged import forms
from plugins.ged import internal
from plugins.ged.schemas import PaperOut

READ, WRITE, RUN = "documents:read", "documents:write", "administration:write"
INTERNAL = Resource("ged_internal", _l("Documents internes"), _l("Documents du cabinet, et qui les a lus."), plugin="ged")
_BASE = "/p/ged/internal"
_ONE = f"{_BASE}/{{internal_id}}"


class ReaderOut(Given):
    """Somebody who has to read it."""

    user_id = schemas.string()
    name = schemas.string(_l("Nom"))
    read_at = schemas.moment(_l("Lu le\u202f; null\u202f: pas encore"))


class InternalOut(Given):
    """An internal document in force."""

    document = schemas.one(PaperOut, _l("Le document"))
    asked = schemas.flag(_l("La lecture est à confirmer"))
    due_on = schemas.day(_l("À lire avant le"))
    read_at = schemas.moment(_l("Lu par vous le"))
    readers = schemas.many(ReaderOut, _l("Qui doit le lire\u202f; vide sans le droit d'administrer le cabinet"))


class InternalNew(Taken):
    """A new one, as a form of parts."""

    file = schemas.ask_file(_l("Le fichier"), forms.INTERNAL, missing=_l("Joignez le fichier."))
    category = schemas.ask_text(_l("Catégorie\u202f: un code de /p/ged/categories"), 60, missing=_l("Choisissez une catégorie."))
    title = schemas.ask_text(_l("Titre\u202f; vide\u202f: le nom du fichier"), 200)
    tags = schemas.ask_text(_l("Étiquettes, entre virgules"), 280)
    note = schemas.ask_text(_l("Remarques"), 1000, lines=True)
    reading = schemas.ask_code(_l("Si chacun doit confirmer sa lecture"), ("asked", "free"))  # a part of a form is a text
    due_on = schemas.ask_day(_l("À lire avant le"))


class RemindedOut(Given):
    """Who was told."""

    count = schemas.whole(_l("Personnes qui n'ont pas lu"))


@INTERNAL.get(_BASE, _l("Lister les documents internes"), InternalOut, paged=True, scope=READ)
def listed(call: Call) -> Slice[Any]:
    """Those in force, those to be read first."""
    found = [_shown(call, one) for one in internal.listed(call.session, call.adviser)]
    return call.among(found, lambda one: one["document"].id)


@INTERNAL.post(_BASE, _l("Déposer un document interne"), InternalOut, takes=InternalNew, status=201, scope=RUN)
def create(call: Call) -> Reply:
    """As «Ajouter un document interne»."""
    sent = call.taken
    row = internal.add(
        call.session, call.adviser, forms.read(sent), sent["file"], asked=sent.get("reading") == "asked",
        due_on=sent.get("due_on"), key=call.once or None,
    )  # fmt: skip
    return Reply(show(call, row.id), f"{_BASE}/{row.id}")


@INTERNAL.get(_ONE, _l("Lire un document interne et ses lectures"), InternalOut, scope=READ)
def show(call: Call, internal_id: str) -> dict[str, Any]:
    """Its file is at `/documents/{document_id}/content`."""
    return _shown(call, internal.get(call.session, call.adviser, internal_id))


@INTERNAL.post(f"{_ONE}/read", _l("Confirmer sa lecture"), InternalOut, scope=WRITE)
def confirm(call: Call, internal_id: str) -> dict[str, Any]:
    """By the token's owner."""
    return _shown(call, internal.confirm(call.session, call.adviser, internal_id))


@INTERNAL.post(f"{_ONE}/remind", _l("Relancer ceux qui n'ont pas lu"), RemindedOut, scope=RUN)
def remind(call: Call, internal_id: str) -> dict[str, int]:
    """Once a day at most to each."""
    return {"count": internal.remind(call.session, call.adviser, internal_id)}


def _shown(call: Call, one: internal.Internal) -> dict[str, Any]:
    readers = one.readers if call.adviser.can(internal.MANAGE) else ()
    return {"document": one.document, "asked": one.asked, "due_on": one.due_on, "read_at": one.mine, "readers": readers}
