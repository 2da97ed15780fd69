"""Who may read a document: whoever its owner's rule lets in. A kind of owner without a rule is closed to all."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from core.db.errors import NotFound
from core.db.session import TenantSession
from core.documents.models import Document
from core.hooks.types import Adviser

Reads = Callable[[TenantSession, Adviser, str], bool]
RULES: dict[str, Reads] = {}


def readable(owner_kind: str) -> Callable[[Reads], Reads]:
    """Register who reads the documents of a kind of owner: the function gets the session, the person, the owner's id.

    Raises ValueError for a kind that another function has.
    """

    def mark(function: Reads) -> Reads:
        known = RULES.setdefault(owner_kind, function)
        if (known.__module__, known.__qualname__) != (function.__module__, function.__qualname__):
            raise ValueError(f"the documents of {owner_kind} have their rule already")
        RULES[owner_kind] = function
        return function

    return mark


def document_for(session: TenantSession, adviser: Adviser, document_id: str) -> Document:
    """A document that this person may read. Raises `NotFound`: absent and closed are never told apart."""
    found = session.scalar(select(Document).where(Document.id == document_id))
    if found is not None:
        rule = RULES.get(found.owner_kind)
        if rule is not None and rule(session, adviser, found.owner_id):
            return found
    raise NotFound("Ce document n'existe pas, ou n'est pas ouvert à votre profil.")
