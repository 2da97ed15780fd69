"""A contact hangs on those who follow it (domain.md §3.6, line 17); how far a right reaches is `core.cabinets.rights`'s."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.cabinets import rights
from core.cabinets.rights import Scope
from core.contacts.models import Contact
from core.contacts.models import ContactAdviser
from core.db.errors import Forbidden
from core.hooks.types import Adviser

KIND = "contact"


def reach(column: Any, adviser: Adviser, scope: Scope, *, each: bool) -> ColumnElement[bool]:
    """The column's contact is followed by somebody within the scope."""
    following = aliased(ContactAdviser)
    followed = select(following.contact_id).where(rights.people(following.user_id, adviser, scope))
    return rights.among(followed, column, each=each)


rights.register(KIND, "contacts.view", reach)


def visible(adviser: Adviser, *more: str, each: bool = False) -> ColumnElement[bool]:
    """A condition on `Contact`: what this adviser may see, and do by the rights named. Nothing without `contacts.view`.

    `each`: for a query that names its contacts by their ids.
    """
    return rights.on(Contact.id, adviser, KIND, *more, each=each)


def visible_ids(adviser: Adviser) -> Select[str] | None:
    """The ids of the contacts that this adviser may see, as a subquery; None for all of the cabinet's."""
    if rights.scope(adviser, "contacts.view") is Scope.CABINET:
        return None
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
