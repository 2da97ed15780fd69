"""A contact hangs on those who follow it (domain.md §3.6, line 17); how far a right reaches is `core.cabinets.rights`'s."""

from __future__ import annotations

from collections.abc import Sequence
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
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser

KIND = "contact"
#: An alias copies every column of its table: made once, not for each of a page's conditions.
_FOLLOWING = aliased(ContactAdviser)
_ABSENT = "Ce contact n'existe pas, ou n'est pas ouvert à votre profil."


def reach(column: Any, adviser: Adviser, scope: Scope, *, each: bool) -> ColumnElement[bool]:
    """The column's contact is followed by somebody within the scope."""
    followed = select(_FOLLOWING.contact_id).where(rights.people(_FOLLOWING.user_id, adviser, scope))
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


def writable(session: TenantSession, by: Adviser | str, contact_id: str) -> Contact:
    """The contact's row, for a write. Raises `NotFound` for one that is not seen, `Forbidden` where it may not be changed."""
    wanted = select(Contact).where(Contact.id == contact_id)
    if isinstance(by, Adviser):
        wanted = wanted.where(visible(by, each=True))
    row = session.scalar(wanted)
    if row is None:
        raise NotFound(_ABSENT)
    rights.require(session, by, KIND, contact_id, "contacts.edit")
    return row


def all_writable(session: TenantSession, by: Adviser | str, contact_ids: Sequence[str]) -> list[Contact]:
    """The rows of several contacts, for a write that is all or nothing. Raises `NotFound` where one may not be changed."""
    wanted = list(dict.fromkeys(contact_ids))
    asked = select(Contact).where(Contact.id.in_(wanted)).order_by(Contact.id)
    if isinstance(by, Adviser):
        asked = asked.where(visible(by, "contacts.edit", each=True))
    rows = list(session.scalars(asked))
    if len(rows) != len(wanted):
        raise NotFound("Un des contacts n'existe plus, ou n'est pas ouvert à votre profil\u202f: rien n'a été modifié.")
    return rows
