"""Who sees which contact: those one follows, or all with the right to (domain.md §3.6, line 17)."""

from __future__ import annotations

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy import true

from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.db.errors import Forbidden
from core.hooks.types import Adviser


def visible(adviser: Adviser) -> ColumnElement[bool]:
    """A condition on `Contact`: what this adviser may see. Nothing without `contacts.view`."""
    if not adviser.can("contacts.view"):
        return Contact.id.in_(())  # not false(): it would fold the cabinet's condition away
    if adviser.can("contacts.view_all"):
        return true()
    return Contact.id.in_(
        select(ContactAdviser.contact_id).where(ContactAdviser.user_id == adviser.user_id)
    )


def visible_ids(adviser: Adviser) -> Select[str]:
    """The ids of the contacts that this adviser may see, as a subquery."""
    if adviser.can("contacts.view") and not adviser.can("contacts.view_all"):
        return select(ContactAdviser.contact_id).where(ContactAdviser.user_id == adviser.user_id)
    return select(Contact.id).where(visible(adviser))


def writer(by: Adviser | str, permission: str) -> str:
    """The journal's actor for a write: an adviser who holds the permission, or a trusted name («cli», «system»).

    Raises `Forbidden`.
    """
    if isinstance(by, str):
        return by
    if not by.can(permission):
        raise Forbidden(
            "Votre profil ne permet pas cette modification. Demandez ce droit à un administrateur du cabinet."
        )
    return by.user_id
