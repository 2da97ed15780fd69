"""Accounts that a person types: added, changed, ended, put away, taken away, all of it reversible (PF-01, domain.md §2.2).

Removing one that a feed fills hides it and stops its feed; one that was typed goes for good only while nothing hangs on it
(a transaction, a pledge, a document). What is removed is handed back, so that «Annuler» puts it where it was.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.accounts import bulk_undo
from core.accounts import checks
from core.accounts import overrides
from core.accounts import search as account_search
from core.accounts import services
from core.accounts.changes import told
from core.accounts.envelopes import ENDED_STATES
from core.accounts.envelopes import FED
from core.accounts.models import Account
from core.accounts.models import AccountOverride
from core.accounts.schemas import NewAccount
from core.accounts.schemas import Role
from core.cabinets import audit
from core.cabinets import rights
from core.contacts.access import writer
from core.db.clock import now
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser


@dataclass(frozen=True, slots=True)
class Removed:
    """What became of an account that was removed: put away, or gone with `kept`, all that it was."""

    archived: bool
    kept: Mapping[str, Any]


def add(
    session: TenantSession, by: Adviser | str, data: NewAccount, *, seen: Collection[str] = (), account_id: str | None = None
) -> str:  # fmt: skip
    """Add an account; its id. `account_id`: the form's key: a second arrival finds what the first made.

    Raises as `services.create`, `DomainError` by the rules of its envelope, `Unconfirmed` for what `seen` does not name.
    """
    writer(by, "accounts.edit")
    if account_id and session.scalar(select(Account.id).where(Account.id == account_id)):
        return services.editable(session, by, account_id).id
    made = services.create(session, by, replace(data, origin="MANUEL", freshness="JAMAIS"), account_id=account_id)
    checks.check(session, data, account_id=made, seen=seen)
    if data.value is not None and data.value_on is not None:
        services.put_valuation(session, by, made, data.value_on, data.value, "Saisie", data.net_payments)
    return made


def change(
    session: TenantSession, by: Adviser | str, account_id: str, changes: Mapping[str, Any], *, seen: Collection[str] = ()
) -> None:  # fmt: skip
    """Change what a person may. Raises as `add`; `DomainError` for a field that its feed or its file fills."""
    row = services.editable(session, by, account_id)
    mine = {name: value for name, value in changes.items() if getattr(row, name, None) != value}
    _refuse_fed(session, row, mine)
    before = services.as_new(session, row)
    after = replace(before, **mine)
    if mine:
        services.update(session, by, account_id, mine)
        known = {one.code for one in checks.findings(session, before, account_id=account_id)}
        checks.check(session, after, account_id=account_id, seen={*seen, *known})


def set_people(
    session: TenantSession, by: Adviser | str, account_id: str, roles: Sequence[Role], *, seen: Collection[str] = ()
) -> tuple[Role, ...]:  # fmt: skip
    """Replace who stands on an account; who stood, to put them back. Raises as `services.set_roles` and `add`."""
    row = services.editable(session, by, account_id)
    before = services.as_new(session, row)
    services.set_roles(session, by, account_id, roles)
    known = {one.code for one in checks.findings(session, before, account_id=account_id)}
    checks.check(session, replace(before, roles=tuple(roles)), account_id=account_id, seen={*seen, *known})
    return tuple(before.roles)


def set_state(
    session: TenantSession, by: Adviser | str, account_id: str, state: str, on: date | None = None
) -> tuple[str, date | None]:  # fmt: skip
    """Close, reopen, or say where an account stands; what it was. `on`: the day of its end.

    Raises `DomainError` with the field, `NotFound`, `Forbidden`.
    """
    row = services.editable(session, by, account_id)
    was = (row.state, row.closed_on)
    ended = state in ENDED_STATES
    change(session, by, account_id, {"state": state, "closed_on": on if ended else None})
    return was


def archive(session: TenantSession, by: Adviser | str, account_id: str) -> bool:
    """Put an account away; whether it was not already. Its feed writes it no more. Raises `NotFound`, `Forbidden`."""
    return _put_away(session, by, account_id, away=True)


def restore(session: TenantSession, by: Adviser | str, account_id: str) -> bool:
    """Take an account back; whether it was put away. Raises `NotFound`, `Forbidden`, `DomainError` where a rule is broken."""
    done = _put_away(session, by, account_id, away=False)
    if done:
        row = services.editable(session, by, account_id)
        data = services.as_new(session, row)
        known = {one.code for one in checks.findings(session, data, account_id=account_id) if not one.blocks}
        checks.check(session, data, account_id=account_id, seen=known)
    return done


def remove(session: TenantSession, by: Adviser | str, account_id: str) -> Removed:
    """Take an account away: for good where it was typed and nothing hangs on it, else it is put away.

    Raises `NotFound`, `Forbidden`.
    """
    actor = writer(by, "accounts.edit")
    row = services.editable(session, by, account_id)
    if row.origin != "MANUEL" or bulk_undo.serves(session, [account_id]):
        archive(session, by, account_id)
        return Removed(True, {})
    kept = {
        model.__name__: [_frozen(one) for one in session.scalars(select(model).where(model.account_id == account_id))]
        for model in bulk_undo.OWN
    }
    kept["Account"] = [_frozen(row)]
    payload = {"number": row.number, "title": row.title}
    bulk_undo.deleted(session, [account_id])
    audit.record(session, actor, "account.deleted", f"account:{account_id}", payload)
    return Removed(False, kept)


def put_back(session: TenantSession, by: Adviser | str, kept: Mapping[str, Any]) -> str:
    """Reverse of a removal; the account's id. Raises `Conflict` where its number was taken meanwhile, `NotFound`, `Forbidden`."""
    actor = writer(by, "accounts.edit")
    (account,) = kept["Account"]
    row = Account(**_thawed(Account, account))
    data = NewAccount(**{name: getattr(row, name) for name in services.NAMES}, roles=())
    services.check_free(session, data, row.number_key)
    session.add(row)
    session.flush()
    for model in bulk_undo.OWN:
        session.add_all(model(**_thawed(model, one)) for one in kept[model.__name__])
    session.flush()
    account_search.keep(session, row)
    told(session, row.id)
    services.editable(session, by, row.id)
    audit.record(session, actor, "account.back", f"account:{row.id}", {"number": row.number, "title": row.title})
    return row.id


def _put_away(session: TenantSession, by: Adviser | str, account_id: str, *, away: bool) -> bool:
    actor = writer(by, "accounts.edit")
    row = services.editable(session, by, account_id)
    if (row.archived_at is not None) == away:
        return False
    row.archived_at = now() if away else None
    session.flush()
    audit.record(session, actor, "account.archived" if away else "account.restored", f"account:{account_id}", {})
    told(session, account_id)
    return True


def _refuse_fed(session: TenantSession, row: Account, changes: Mapping[str, Any]) -> None:
    if row.origin == "AGREGE" and "net_payments" in changes:
        raise DomainError("Versements nets\u202f: transmis par le partenaire avec ses valorisations.", field="net_payments")
    corrected = set(session.scalars(select(AccountOverride.field).where(AccountOverride.account_id == row.id)))
    name = next((one for one in changes if one in {*overrides.locked(row, corrected), *corrected}), None)
    if name is not None:
        whence = "son partenaire" if row.origin == "AGREGE" else "un fichier importé"
        raise DomainError(
            f"{FED[name]}\u202f: rempli par {whence}. Corrigez ce champ seul, ou retirez sa correction\u202f: la valeur reçue "
            "est gardée à côté.", field=name,
        )  # fmt: skip


def may_edit(session: TenantSession, by: Adviser, account_id: str) -> bool:
    """Whether a person may change this account."""
    return by.can("accounts.edit") and rights.sees(session, by, "account", account_id, "accounts.edit")


def _frozen(row: Any) -> dict[str, Any]:
    found = {column.key: getattr(row, column.key) for column in type(row).__mapper__.column_attrs if column.key != "cabinet_id"}
    return {
        name: value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
        for name, value in found.items()
    }


def _thawed(model: type[Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _read(model, name, value) for name, value in kept.items()}


def _read(model: type[Any], name: str, value: Any) -> Any:
    """A value as its column takes it, by what the model says that it is."""
    if not isinstance(value, str):
        return value
    said = str(model.__annotations__.get(name, ""))
    if "datetime" in said:
        return datetime.fromisoformat(value)
    if "Decimal" in said:
        return Decimal(value)
    return date.fromisoformat(value) if "date" in said else value
