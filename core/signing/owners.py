"""In whose file a document lies that is to be signed, as a list says it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from core.accounts.models import Account
from core.contacts.models import Contact
from core.db.session import TenantSession
from core.signing.reading import Asked


def names(session: TenantSession, asked: Iterable[Asked]) -> dict[str, str]:
    """Request → «Durand Jeanne», «Himalia HIM0012345»; «» for the cabinet's own. Two queries at most; who may see the
    document's request may see its owner."""
    rows = list(asked)
    people = _named(session, Contact.id, Contact.display_name, [one.owner_id for one in rows if one.owner_kind == "contact"])
    held = [one.owner_id for one in rows if one.owner_kind == "account"]
    accounts = _named(session, Account.id, Account.title + " " + Account.number, held)
    by_kind = {"contact": people, "account": accounts}
    return {one.id: by_kind.get(one.owner_kind, {}).get(one.owner_id, "") for one in rows}


def _named(session: TenantSession, key: object, name: object, ids: list[str]) -> dict[str, str]:
    if not ids:
        return {}
    return dict(session.execute(select(key, name).where(key.in_(sorted(set(ids))))).all())  # type: ignore[call-overload,attr-defined]
