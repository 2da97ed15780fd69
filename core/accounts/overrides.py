"""Fields that a feed or a file fills, corrected by a person: his word stands, what the feed says is kept beside (PF-01).

Feeds and imports write by `told`, which leaves a corrected field alone and notes what they say of it now: the conflict is
shown on the account until the correction is withdrawn, or the feed says the same.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.accounts import services
from core.accounts.envelopes import FED
from core.accounts.models import Account
from core.accounts.models import AccountOverride
from core.cabinets import audit
from core.cabinets.models import User
from core.contacts.access import writer
from core.db.clock import now
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser

_TYPED = "Ce champ n'est rempli par aucun flux ni fichier\u202f: modifiez-le sur la fiche du compte."


@dataclass(frozen=True, slots=True)
class Override:
    """A correction: what the feed says, since when, who corrected it, when."""

    field: str
    fed: Any
    fed_at: datetime
    by: str
    at: datetime

    @property
    def label(self) -> str:
        """«Date de souscription»."""
        return FED[self.field]


def of_account(session: TenantSession, account_id: str) -> dict[str, Override]:
    """Field → its correction. The caller has checked that the account may be seen."""
    rows = session.execute(
        select(AccountOverride, User.display_name)
        .outerjoin(User, (User.id == AccountOverride.corrected_by) & (User.cabinet_id == AccountOverride.cabinet_id))
        .where(AccountOverride.account_id == account_id)
    ).all()  # fmt: skip
    found = [
        Override(row.field, typed(row.field, row.fed), row.fed_at, name or row.corrected_by, row.corrected_at)
        for row, name in rows
    ]
    return {one.field: one for one in sorted(found, key=lambda one: list(FED).index(one.field))}


def locked(row: Account, corrected: Collection[str] = ()) -> tuple[str, ...]:
    """The fields of an account that only a correction changes: what its feed or its file told, and nobody corrected."""
    if row.origin == "MANUEL":
        return ()
    return tuple(name for name in FED if name not in corrected and getattr(row, name) not in (None, ""))


def correct(session: TenantSession, by: Adviser | str, account_id: str, field: str, value: Any) -> None:
    """Put a person's value in place of the feed's. Raises `NotFound`, `DomainError`, `Conflict`, `Forbidden`."""
    actor = writer(by, "accounts.edit")
    row = services.editable(session, by, account_id)
    known = session.scalar(_one(account_id, field))
    if field not in FED or (known is None and field not in locked(row)):
        raise DomainError(_TYPED, field=field)
    before = getattr(row, field)
    if value == before:
        return
    services.update(session, by, account_id, {field: value, **_beside(row, field, value)})
    if known is None:
        session.add(AccountOverride(account_id=account_id, field=field, fed=coded(before), corrected_by=actor))
    else:
        known.corrected_by, known.corrected_at = actor, now()
    session.flush()
    payload = {"field": field, "before": coded(before), "after": coded(getattr(row, field))}
    audit.record(session, actor, "account.corrected", f"account:{account_id}", payload)


def release(session: TenantSession, by: Adviser | str, account_id: str, field: str) -> Any:
    """Withdraw a correction: the feed's last word stands again; what stood. Raises `NotFound`, `DomainError`, `Forbidden`."""
    actor = writer(by, "accounts.edit")
    row = services.editable(session, by, account_id)
    known = session.scalar(_one(account_id, field))
    if known is None:
        raise NotFound("Ce champ n'est pas corrigé, ou ne l'est plus.")
    before, fed = getattr(row, field), typed(field, known.fed)
    session.delete(known)
    session.flush()
    services.update(session, by, account_id, {field: fed, **_beside(row, field, fed)})
    payload = {"field": field, "before": coded(before), "after": coded(fed)}
    audit.record(session, actor, "account.released", f"account:{account_id}", payload)
    return before


def told(session: TenantSession, account_id: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """What of a feed's or a file's word is to be written; of corrected fields it is noted beside, and left out."""
    rows = {row.field: row for row in session.scalars(select(AccountOverride).where(AccountOverride.account_id == account_id))}
    for name, row in rows.items():
        if name in said and coded(said[name]) != row.fed:
            row.fed, row.fed_at = coded(said[name]), now()
    session.flush()
    return {name: value for name, value in said.items() if name not in rows}


def fed(session: TenantSession, account_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Account → corrected field → what its feed says, for an import to compare with. No right is checked. One query."""
    found: dict[str, dict[str, Any]] = {}
    for row in session.scalars(select(AccountOverride).where(AccountOverride.account_id.in_(account_ids))):
        found.setdefault(row.account_id, {})[row.field] = typed(row.field, row.fed)
    return found


def coded(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def typed(field: str, value: Any) -> Any:
    """A value as its column takes it."""
    return date.fromisoformat(value) if field.endswith("_on") and value else value


def _beside(row: Account, field: str, value: Any) -> dict[str, Any]:
    """What goes with a field: another company keeps the assets if it was the company, and sells another product."""
    if field != "company_id" or value == row.company_id:
        return {}
    return {"product_id": None} | ({"depositary_id": value} if row.depositary_id == row.company_id else {})


def _one(account_id: str, field: str) -> Any:
    return select(AccountOverride).where(AccountOverride.account_id == account_id, AccountOverride.field == field)
