"""What the cabinet's own fields say of its contacts: read, written, told in the journal (CT-03, DO-01)."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.cabinets import audit
from core.contacts import custom
from core.contacts.access import writable
from core.contacts.access import writer
from core.contacts.custom import Field
from core.contacts.own_models import CustomValue
from core.db.errors import DomainError
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.web import explained
from core.web import formats
from core.web import inputs

Value = str | bool | int | Decimal | date | tuple[str, ...] | None
LENGTHS = {"TEXT": 200, "LONG_TEXT": 4000}
#: A whole number is kept as an exact decimal of thirteen figures.
BIGGEST = 10**13 - 1


@dataclass(frozen=True, slots=True)
class Answer:
    """A field, and what it says of a contact; None where it says nothing."""

    field: Field
    value: Value

    @property
    def said(self) -> str:
        """The value as a person reads it; «—» for none."""
        return said(self.field, self.value)

    @property
    def plain(self) -> Any:
        """The value as JSON: an amount as text, a date as ISO 8601."""
        return plain(self.value)


def of_contact(session: TenantSession, contact_id: str, contact_kind: str) -> tuple[Answer, ...]:
    """Every field that the contact is asked for, in the cabinet's order, then archived ones that say something of it.

    No right is checked: whoever calls has the contact's file.
    """
    known = custom.every(session, archived=True)
    values = _values(session, [contact_id]).get(contact_id, {})
    mine = [one for one in known if not one.archived and one.concerns(contact_kind)]
    past = [one for one in known if one not in mine and one.id in values]
    return tuple(Answer(one, _read(one, values.get(one.id, ()))) for one in (*mine, *past))


def write(
    session: TenantSession, by: Adviser | str, contact_id: str, values: Mapping[str, Any], *, complete: bool = False
) -> None:
    """Write what fields say of a contact, by the fields' codes: what is not named stays.

    `complete`: a mandatory field that would stay empty is refused; else only one that is emptied. Values are those of
    `Value`, or as JSON has them. Raises `NotFound`, `DomainError` (its field is «custom-code»), `Forbidden`.
    """
    actor = writer(by, "contacts.edit")
    contact = writable(session, by, contact_id)
    known = {one.code: one for one in custom.of_kind(session, contact.kind)}
    for code in values:
        if code not in known:
            raise DomainError("Ce champ n'existe pas pour ce contact.", field=at(code))
    former = _values(session, [contact_id]).get(contact_id, {})
    clean = {code: _checked(known[code], value) for code, value in values.items()}
    for code, one in known.items():
        empty = clean[code] is None if code in clean else complete and not former.get(one.id)
        if one.required and empty:
            raise DomainError("Ce champ est obligatoire dans votre cabinet.", field=at(code))
    for code, value in clean.items():
        one = known[code]
        before = _read(one, former.get(one.id, ()))
        if before == value:
            continue
        for row in former.get(one.id, ()):
            session.delete(row)
        session.flush()
        session.add_all(_rows(contact_id, one, value))
        session.flush()
        payload = {
            "code": one.code, "label": one.label, "before": said(one, before, none=""), "after": said(one, value, none=""),
        }  # fmt: skip
        audit.record(session, actor, "contact.custom_changed", f"contact:{contact_id}", payload)


def at(code: str) -> str:
    """The name of a field of the cabinet's in a form or a body."""
    return f"custom-{code}"


def said(one: Field, value: Value, *, none: str = formats.NOTHING) -> str:
    """A value as a person reads it."""
    if value is None or value == ():
        return none
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, tuple):
        return ", ".join(one.option(code) for code in value)
    if isinstance(value, Decimal):
        return formats.money(value)
    if isinstance(value, int):
        return formats.grouped(value)
    if isinstance(value, date):
        return formats.day(value)
    return one.option(value) if one.kind == "CHOICE" else value


def plain(value: Value) -> Any:
    """A value as JSON."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _values(session: TenantSession, contact_ids: Iterable[str]) -> dict[str, dict[str, list[CustomValue]]]:
    asked = select(CustomValue).where(CustomValue.contact_id.in_(list(contact_ids))).order_by(CustomValue.place)
    found: dict[str, dict[str, list[CustomValue]]] = {}
    for row in session.scalars(asked):
        found.setdefault(row.contact_id, {}).setdefault(row.field_id, []).append(row)
    return found


def _read(one: Field, rows: Iterable[CustomValue]) -> Value:
    found = list(rows)
    if one.kind == "CHOICES":
        return tuple(row.choice for row in found if row.choice) or None
    if not found:
        return None
    row = found[0]
    if one.kind == "YES_NO":
        return row.choice == "OUI"
    if one.kind == "WHOLE":
        return None if row.number is None else int(row.number)
    if one.kind == "AMOUNT":
        return None if row.number is None else row.number.quantize(Decimal("0.01"))
    return row.day if one.kind == "DATE" else row.choice if one.kind == "CHOICE" else row.text


def _rows(contact_id: str, one: Field, value: Value) -> list[CustomValue]:
    base = {"contact_id": contact_id, "field_id": one.id}
    if value is None:
        return []
    if isinstance(value, tuple):
        return [CustomValue(**base, place=place, choice=code) for place, code in enumerate(value)]
    if isinstance(value, bool):
        return [CustomValue(**base, choice="OUI" if value else "NON")]
    if isinstance(value, int | Decimal):
        return [CustomValue(**base, number=Decimal(value))]
    if isinstance(value, date):
        return [CustomValue(**base, day=value)]
    return [CustomValue(**base, choice=value) if one.kind == "CHOICE" else CustomValue(**base, text=value)]


def _checked(one: Field, value: Any) -> Value:
    """A value as it is kept. Raises `DomainError`."""
    if value is None or value in ("", (), []):
        return None
    try:
        return _READ[one.kind](one, value)
    except ValueError as error:
        raise DomainError(explained.said(error) or _WRONG[one.kind], field=at(one.code)) from error


def _text(one: Field, value: Any) -> Value:
    if not isinstance(value, str):
        raise ValueError(value)
    found = inputs.plain(value, lines=one.kind == "LONG_TEXT")
    if len(found) > LENGTHS[one.kind]:
        raise DomainError(f"{LENGTHS[one.kind]} caractères au plus.", field=at(one.code))
    return found or None


def _whole(_one: Field, value: Any) -> Value:
    if isinstance(value, bool):
        raise ValueError(value)
    found: Decimal | int = value if isinstance(value, int) else inputs.amount(str(value), decimals=0)
    whole = int(found)
    if abs(whole) > BIGGEST:
        raise ValueError(value)
    return whole


def _amount(_one: Field, value: Any) -> Value:
    if isinstance(value, Decimal):
        return value.quantize(Decimal("0.01"))
    if isinstance(value, bool | float):
        raise ValueError(value)
    return inputs.amount(str(value)).quantize(Decimal("0.01"))


def _day(_one: Field, value: Any) -> Value:
    return value if isinstance(value, date) else inputs.day(str(value))


def _yes_no(_one: Field, value: Any) -> Value:
    if value in (True, "OUI"):
        return True
    if value in (False, "NON"):
        return False
    raise ValueError(value)


def _choice(one: Field, value: Any) -> Value:
    if not isinstance(value, str) or value not in {option.code for option in one.options}:
        raise ValueError(value)
    return value


def _choices(one: Field, value: Any) -> Value:
    if not isinstance(value, list | tuple):
        raise ValueError(value)
    order = [option.code for option in one.options]
    if any(code not in order for code in value):
        raise ValueError(value)
    return tuple(sorted(set(value), key=order.index)) or None


_READ = {
    "TEXT": _text, "LONG_TEXT": _text, "WHOLE": _whole, "AMOUNT": _amount, "DATE": _day, "YES_NO": _yes_no, "CHOICE": _choice,
    "CHOICES": _choices,
}  # fmt: skip
_WRONG = {
    "TEXT": "Saisissez un texte.", "LONG_TEXT": "Saisissez un texte.", "WHOLE": "Saisissez un nombre entier.",
    "AMOUNT": "Saisissez un montant, par exemple 1 234,56.", "DATE": "Saisissez une date, par exemple 14/03/2026.",
    "YES_NO": "Répondez par oui ou par non.", "CHOICE": "Choisissez une valeur de la liste.",
    "CHOICES": "Choisissez des valeurs de la liste.",
}  # fmt: skip
