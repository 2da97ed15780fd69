"""Each day, whoever follows the client is told of documents that are about to be out of date or just are (AU-03)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from core.api import Context
from core.api import accounts
from core.api import book
from core.api import documents
from core.api import formats
from core.api.db import TenantSession
from core.api.db import session
from core.api.db import today
from core.api.jobs import Job
from core.api.notify import notify

#: Days before the end from which it is told, days after it until which it still is, and documents of one turn at most.
BEFORE, AFTER, MOST = 30, 7, 2_000


def look(ctx: Context, data: Mapping[str, Any]) -> None:
    """Tell of each once before its end and once after it; a new version or another date is told anew."""
    paper = documents.Document
    rows = session().scalars(
        select(paper).where(
            documents.in_force(), paper.owner_kind.in_(("contact", "account")),
            paper.expires_on >= today() - timedelta(days=AFTER), paper.expires_on <= today() + timedelta(days=BEFORE),
        ).order_by(paper.expires_on, paper.id).limit(MOST)
    ).all()  # fmt: skip
    tree = documents.categories.tree(session())
    for row in rows:
        people = _clients(session(), row)
        over = row.expires_on is not None and row.expires_on < today()
        until = formats.day(row.expires_on) if row.expires_on else ""
        named = f"«\u202f{row.title}\u202f» ({tree.label(row.category)})"
        said = f"{named} n'est plus valable depuis le {until}." if over else f"{named} est valable jusqu'au {until}."
        notify(
            session(), _in_charge(session(), people), kind="warning" if over else "info",
            key=f"document-end:{row.id}:{row.expires_on}:{'over' if over else 'soon'}",
            title="Document périmé" if over else "Document bientôt périmé",
            text=f"{said} Demandez-en un nouveau, puis déposez-le comme nouvelle version.",
            url=f"/p/ged/contacts/{people[0]}/documents/{row.id}" if people else None, about=(row.owner_kind, row.owner_id),
        )  # fmt: skip


def _clients(at: TenantSession, row: documents.Document) -> list[str]:
    """Whose document it is: the contact, or the account's holders."""
    if row.owner_kind == "contact":
        return [row.owner_id]
    role = book.AccountRole
    held = select(role.contact_id).where(role.account_id == row.owner_id, role.role.in_(accounts.HOLDING_ROLES))
    return list(dict.fromkeys(at.scalars(held.order_by(role.id))))


def _in_charge(at: TenantSession, people: list[str]) -> list[str]:
    """Those who follow them first."""
    follower = book.ContactAdviser
    found = select(follower.user_id).where(follower.contact_id.in_(people), follower.role == "PRINCIPAL")
    return list(dict.fromkeys(at.scalars(found.order_by(follower.user_id))))


TELL = Job("documents.end", look, every=timedelta(days=1))
