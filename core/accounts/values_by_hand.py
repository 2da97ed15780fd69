"""What a person types of an account that no feed fills: its value of a day, its lines, its movements; and takes back (PF-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.accounts import holdings
from core.accounts import services
from core.accounts.changes import leaving
from core.accounts.changes import told
from core.accounts.models import Account
from core.accounts.models import Movement
from core.accounts.models import Position
from core.accounts.models import Valuation
from core.accounts.movements import KINDS
from core.accounts.schemas import NewPosition
from core.accounts.schemas import plain
from core.cabinets import audit
from core.contacts.access import writer
from core.db.clock import today
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser

#: Who said a figure that was typed; feeds and files say another name.
SOURCE = "Saisie"
FED = (
    "Ce compte reçoit ses valeurs de son partenaire\u202f: elles ne se saisissent pas. S'il n'en reçoit plus, archivez-le et "
    "ajoutez un compte tenu à la main."
)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class TypedMovement:
    """A movement as it is typed: what comes in is positive, what goes out negative, in the account's currency."""

    on: date
    kind: str
    label: str
    amount: Decimal


def put_value(
    session: TenantSession, by: Adviser | str, account_id: str, on: date, value: Decimal, net_payments: Decimal | None = None
) -> None:
    """Note what an account was worth on a day. Raises `DomainError` with the field, `NotFound`, `Forbidden`."""
    row = open_row(session, by, account_id)
    check_day(row, on)
    if value < 0:
        raise DomainError("Une valorisation n'est pas négative\u202f: vérifiez le montant.", field="value")
    holdings.put_valuation(session, by, account_id, on, value, SOURCE, net_payments)


def remove_value(session: TenantSession, by: Adviser | str, account_id: str, on: date) -> tuple[Decimal, Decimal | None]:
    """Take back a value that was typed; what it was. Raises `NotFound` for one that was not typed, `Forbidden`."""
    actor = writer(by, "accounts.edit")
    row = services.editable(session, by, account_id)
    found = session.scalar(select(Valuation).where(Valuation.account_id == account_id, Valuation.on == on))
    if found is None or found.source != SOURCE:
        raise NotFound("Cette valorisation n'existe plus, ou n'a pas été saisie ici.")
    gone = (found.value, found.net_payments)
    session.delete(found)
    session.flush()
    newest(session, row)
    payload = plain({"on": on, "value": gone[0], "net_payments": gone[1]})
    audit.record(session, actor, "account.unvalued", f"account:{account_id}", payload)
    told(session, account_id)
    return gone


def put_lines(session: TenantSession, by: Adviser | str, account_id: str, on: date, lines: Sequence[NewPosition]) -> None:
    """Note a day's lines, and the account's value of that day as their sum. Raises as `put_value`."""
    row = open_row(session, by, account_id)
    check_day(row, on)
    if not lines:
        raise DomainError("Saisissez au moins une ligne.", field="support_1")
    if len({(one.support_id, one.pocket) for one in lines}) != len(lines):
        raise DomainError("Un support est saisi deux fois\u202f: additionnez ses deux lignes.", field="support_1")
    holdings.put_positions(session, by, account_id, on, lines, SOURCE)


def positions_on(session: TenantSession, account_id: str, on: date) -> list[NewPosition]:
    """A day's lines, to put them back. The caller has checked that the account may be seen."""
    rows = session.scalars(select(Position).where(Position.account_id == account_id, Position.on == on))
    return [
        NewPosition(one.support_id, one.value, one.quantity, one.price, one.price_on, one.cost, one.currency, one.pocket)
        for one in rows
    ]


def worth(quantity: Decimal, price: Decimal) -> Decimal:
    """Quantity × price, to the cent, halves up."""
    return (quantity * price).quantize(_CENT, ROUND_HALF_UP)


def add_movement(
    session: TenantSession, by: Adviser | str, account_id: str, given: TypedMovement, *, movement_id: str | None = None
) -> str:
    """Note a movement; its id. `movement_id`: the form's key. Raises `DomainError` with the field, `NotFound`, `Forbidden`."""
    row = open_row(session, by, account_id)
    if movement_id and session.scalar(select(Movement.id).where(Movement.id == movement_id)):
        return movement_id
    check_day(row, given.on)
    if given.kind not in KINDS:
        raise DomainError("Choisissez la nature du mouvement.", field="kind")
    if not given.amount:
        raise DomainError("Saisissez un montant, négatif pour une sortie.", field="amount")
    return holdings.add_movement(
        session, by, account_id, on=given.on, kind=given.kind, label=given.label, amount=given.amount, source=SOURCE,
        currency=row.currency, movement_id=movement_id,
    )  # fmt: skip


def remove_movement(session: TenantSession, by: Adviser | str, account_id: str, movement_id: str) -> TypedMovement:
    """Take back a movement that was typed; what it was. Raises `NotFound` for one that was not typed, `Forbidden`."""
    actor = writer(by, "accounts.edit")
    services.editable(session, by, account_id)
    row = session.scalar(select(Movement).where(Movement.id == movement_id, Movement.account_id == account_id))
    if row is None or row.source != SOURCE:
        raise NotFound("Ce mouvement n'existe plus, ou n'a pas été saisi ici.")
    gone = TypedMovement(row.on, row.kind, row.label, row.amount)
    leaving(session, actor, [movement_id])
    session.delete(row)
    session.flush()
    payload: dict[str, Any] = plain({"on": gone.on, "kind": gone.kind, "label": gone.label, "amount": gone.amount})
    audit.record(session, actor, "account.movement_removed", f"account:{account_id}", payload)
    return gone


def open_row(session: TenantSession, by: Adviser | str, account_id: str) -> Account:
    row = services.editable(session, by, account_id)
    if row.origin == "AGREGE":
        raise Conflict(FED)
    return row


def check_day(row: Account, on: date) -> None:
    if on > today():
        raise DomainError("Cette date est dans le futur\u202f: vérifiez-la.", field="on")
    if row.opened_on and on < row.opened_on:
        raise DomainError("Cette date précède la souscription du compte\u202f: vérifiez-la.", field="on")
    if row.closed_on and on > row.closed_on:
        raise DomainError("Cette date suit la clôture du compte\u202f: vérifiez-la.", field="on")


def newest(session: TenantSession, row: Account) -> None:
    """The account's own figures are those of its newest day; of none, nothing is known."""
    last = session.scalar(select(Valuation).where(Valuation.account_id == row.id).order_by(Valuation.on.desc()).limit(1))
    row.value, row.value_on, row.data_as_of = (last.value, last.on, last.on) if last else (None, None, None)
    row.net_payments = last.net_payments if last and last.net_payments is not None else row.net_payments
    row.freshness = "A_JOUR" if last else "JAMAIS"
    session.flush()
