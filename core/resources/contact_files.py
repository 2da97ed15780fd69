"""`/contacts`, more of the file: client numbers, archive, who follows; categories and labels of several (CT-03, DO-01)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from core.contacts import archive
from core.contacts import categories
from core.contacts import labels
from core.contacts import numbers
from core.contacts import services
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.resources import contact_file_schemas as shapes
from core.resources import contact_schemas
from core.resources.contacts import CONTACTS
from core.resources.contacts import READ
from core.resources.contacts import WRITE
from core.resources.contacts import show
from core.rest.operations import Call
from core.rest.operations import Reply


@CONTACTS.post(
    "/contacts/{contact_id}/archive", _l("Archiver un dossier"), contact_schemas.ContactOut, takes=shapes.Archive, scope=WRITE,
    about=_l("Rien n'est perdu\u202f; restore l'en sort."),
)  # fmt: skip
def put_away(call: Call, contact_id: str) -> Any:
    """As «Archiver le dossier»."""
    archive.archive(call.session, call.adviser, contact_id, call.taken.get("reason"))
    return show(call, contact_id)


@CONTACTS.post(
    "/contacts/{contact_id}/restore", _l("Sortir un dossier des archives"), contact_schemas.ContactOut, scope=WRITE
)
def take_back(call: Call, contact_id: str) -> Any:
    """Reverse of archive."""
    archive.restore(call.session, call.adviser, contact_id)
    return show(call, contact_id)


@CONTACTS.get("/contacts/{contact_id}/numbers", _l("Lire les numéros client"), shapes.NumbersOut, scope=READ)
def numbers_listed(call: Call, contact_id: str) -> dict[str, Any]:
    """By company."""
    services.get_contact(call.session, call.adviser, contact_id)
    return {"items": numbers.of_contact(call.session, contact_id)}


@CONTACTS.post(
    "/contacts/{contact_id}/numbers", _l("Ajouter un numéro client"), shapes.NumberOut, takes=shapes.NumberNew, scope=WRITE,
    status=201,
)  # fmt: skip
def numbers_add(call: Call, contact_id: str) -> Reply:
    """One that another contact has at this company is refused."""
    made = numbers.add(call.session, call.adviser, contact_id, call.taken, number_id=call.once)
    return Reply(numbers_show(call, contact_id, made), f"/contacts/{contact_id}/numbers/{made}")


@CONTACTS.get("/contacts/{contact_id}/numbers/{number_id}", _l("Lire un numéro client"), shapes.NumberOut, scope=READ)
def numbers_show(call: Call, contact_id: str, number_id: str) -> Any:
    """One of them."""
    services.get_contact(call.session, call.adviser, contact_id)
    found = next((one for one in numbers.of_contact(call.session, contact_id) if one.id == number_id), None)
    if found is None:
        raise NotFound("Ce numéro n'existe pas, ou n'existe plus.")
    return found


@CONTACTS.delete(
    "/contacts/{contact_id}/numbers/{number_id}", _l("Retirer un numéro client"), scope=WRITE, same="contacts_numbers_show"
)
def numbers_remove(call: Call, contact_id: str, number_id: str) -> None:
    """The history keeps it."""
    numbers.remove(call.session, call.adviser, contact_id, number_id)


@CONTACTS.post(
    "/contacts/categorise", _l("Changer des contacts de catégorie"), contact_schemas.Changed, takes=shapes.Categorise,
    scope=WRITE, about=_l("Tous, ou aucun."),
)  # fmt: skip
def categorise(call: Call) -> dict[str, int]:
    """All of them or none."""
    return {"changed": len(categories.assign(call.session, call.adviser, _ids(call), call.taken["category_id"]))}


@CONTACTS.post(
    "/contacts/label", _l("Étiqueter des contacts"), contact_schemas.Changed, takes=shapes.Labelling, scope=WRITE,
    about=_l("Tous, ou aucun."),
)  # fmt: skip
def label(call: Call) -> dict[str, int]:
    """All of them or none."""
    more, less = call.taken.get("add", ()), call.taken.get("remove", ())
    return {"changed": len(labels.put(call.session, call.adviser, _ids(call), add=more, remove=less))}


def _ids(call: Call) -> list[str]:
    ids: list[str] = call.taken["ids"]
    if not ids:
        raise DomainError("Nommez au moins un contact.", field="ids")
    return ids
