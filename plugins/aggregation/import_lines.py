"""The lines of a file that are one account, made one: what they say of it, what is wrong with them (AC-02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP
from decimal import Decimal
from typing import Any

from core.api import accounts
from core.api import contacts
from core.api import formats
from core.api import supports
from core.api.db import DomainError
from core.api.db import today
from core.api.imports import ImportLine
from plugins.aggregation import import_fields

CENT, PRICE, PART = Decimal("0.01"), Decimal("0.0001"), Decimal("0.00000001")
Sought = contacts.bulk_find.Sought


@dataclass(frozen=True, slots=True)
class Held:
    """A position as the file tells it. `price` is left out where its rounding does not give the value to the cent."""

    isin: str
    code: str
    label: str
    type: str | None
    value: Decimal
    quantity: Decimal | None
    price: Decimal | None
    price_on: date | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Asked:
    """An account as the file tells it."""

    number: str
    key: str
    company: str
    title: str
    envelope: str | None
    state: str | None
    currency: str | None
    opened_on: date | None
    value: Decimal | None
    value_on: date | None
    net_payments: Decimal | None
    holder: Sought
    second: Sought
    held: tuple[Held, ...]

    @property
    def name(self) -> str:
        """«Himalia HIM0012345»."""
        return " ".join(filter(None, (self.title, self.number)))


def fault(key: str, text: str) -> DomainError:
    """A fault of a field, named as the page names it."""
    return DomainError(f"{import_fields.LABELS[key]}\u202f: {text}", field=key)


def asked(lines: Sequence[ImportLine]) -> tuple[Asked | None, list[DomainError]]:
    """The account of these lines, and all that is wrong with them; None where it has not even a number."""
    said, faults = _agreed(lines)
    held, more = _positions(lines)
    faults += more
    number = str(said.get("number", ""))
    try:
        key = accounts.number_key(number) if number else ""
    except DomainError as error:
        return None, [*faults, fault("number", error.text)]
    if not key:
        return None, [*faults, fault("number", "indiquez le numéro du contrat.")]
    one = Asked(
        number, key, str(said.get("company", "")), " ".join(str(said.get("title", "")).split())[:200], said.get("envelope"),
        said.get("state"), said.get("currency"), said.get("opened_on"), _cents(said.get("value")), said.get("value_on"),
        _cents(said.get("net_payments")), _sought(said, "holder"), _sought(said, "co"), held,
    )  # fmt: skip
    return one, [*faults, *_checked(one)]


def _agreed(lines: Sequence[ImportLine]) -> tuple[dict[str, Any], list[DomainError]]:
    """What the lines say of the account together. Where two differ, neither is believed."""
    said: dict[str, Any] = {}
    told: dict[str, int] = {}
    faults = []
    for line in lines:
        for key in import_fields.OF_ACCOUNT:
            value = line.values.get(key)
            if value is None:
                continue
            if key in said and said[key] != value and told[key]:
                faults.append(fault(key, f"les lignes {told[key]} et {line.number} de ce contrat se contredisent."))
                told[key] = 0
            elif key not in said:
                said[key], told[key] = value, line.number
    return said, faults


def _sought(said: dict[str, Any], who: str) -> Sought:
    return Sought(
        id=said.get(f"{who}_id", ""), file_code=said.get(f"{who}_code", ""), name=said.get(f"{who}_name", ""),
        first_names=said.get(f"{who}_first_names", ""), birth_date=said.get(f"{who}_birth_date"),
        siren=said.get(f"{who}_siren", ""),
    )  # fmt: skip


def _checked(one: Asked) -> list[DomainError]:
    """What is wrong with the account whatever is there already."""
    faults = []
    if not one.company:
        faults.append(fault("company", "indiquez la compagnie."))
    told = one.value is not None or bool(one.held)
    if told and one.value_on is None:
        faults.append(fault("value_on", "une valorisation se note avec sa date."))
    for key, day in (("value_on", one.value_on), ("opened_on", one.opened_on)):
        if day is not None and day > today():
            faults.append(fault(key, f"le {formats.day(day)} est à venir."))
    if one.value is not None and one.held:
        total = sum((line.value for line in one.held), Decimal(0))
        gap = one.value - total
        if abs(gap) > CENT * len(one.held):
            several = f"la somme des {len(one.held)} positions" if len(one.held) > 1 else "l'unique position"
            words = f"{formats.money(one.value)}, mais {several} est {formats.money(total)}"
            faults.append(fault("value", f"{words}\u202f: un écart de {formats.money(gap)}."))
    return faults


def _positions(lines: Sequence[ImportLine]) -> tuple[tuple[Held, ...], list[DomainError]]:
    """The positions, those of one support added up."""
    found: dict[tuple[str, str, str], Held] = {}
    faults = list[DomainError]()
    for line in lines:
        if not any(line.values.get(key) is not None for key in import_fields.OF_POSITION):
            continue
        try:
            one = _position(line)
        except DomainError as error:
            faults.append(DomainError(f"ligne {line.number}, {error.text}" if len(lines) > 1 else error.text, field=error.field))
            continue
        key = (one.isin, one.code, "" if one.isin or one.code else one.label.casefold())
        found[key] = _added(found[key], one) if key in found else one
    return tuple(found.values()), faults


def _position(line: ImportLine) -> Held:
    said = line.values
    isin = "".join(str(said.get("isin", "")).split()).upper()
    code, label = str(said.get("support_code", "")).strip()[:40], " ".join(str(said.get("support", "")).split())[:200]
    if isin and (wrong := supports.naming.isin_wrong(isin)):
        raise fault("isin", wrong)
    if not (isin or code or label):
        raise fault("isin", "indiquez le support\u202f: son code ISIN, son code ou son libellé.")
    quantity, price, value = said.get("quantity"), said.get("price"), _cents(said.get("position_value"))
    if quantity is not None:
        quantity = quantity.quantize(PART, ROUND_HALF_UP)
    if value is None:
        if quantity is None or price is None:
            raise fault("position_value", "indiquez la valeur, ou la quantité et le cours.")
        value = _cents(quantity * price)
    assert value is not None
    if quantity is not None and price is not None:
        # what the printed figures were rounded by
        rounding = abs(quantity) * _half(price) + abs(price) * _half(said["quantity"])
        if abs(quantity * price - value) > rounding + CENT:
            product = formats.money(quantity * price)
            raise fault("position_value", f"quantité × cours font {product}, pas {formats.money(value)}.")
    kept = price.quantize(PRICE, ROUND_HALF_UP) if price is not None else None
    if kept is not None and (quantity is None or kept != price or abs(quantity * kept - value) > CENT):
        kept = None
    return Held(
        isin, code, label, said.get("support_type"), value, quantity, kept, said.get("price_on"), _cents(said.get("cost"))
    )  # fmt: skip


def _half(figure: Decimal) -> Decimal:
    """Half of the last place of a figure as it was written."""
    places = figure.as_tuple().exponent
    return Decimal(1).scaleb(min(places if isinstance(places, int) else 0, 0)) / 2


def _added(one: Held, other: Held) -> Held:
    both = one.quantity is not None and other.quantity is not None
    costs = one.cost is not None and other.cost is not None
    return Held(
        one.isin, one.code, one.label or other.label, one.type or other.type, one.value + other.value,
        (one.quantity or 0) + (other.quantity or Decimal(0)) if both else None, None, None,
        (one.cost or 0) + (other.cost or Decimal(0)) if costs else None,
    )  # fmt: skip


def _cents(value: Decimal | None) -> Decimal | None:
    """Spreadsheets keep 84210.55 as 84210.5500000001."""
    return None if value is None else value.quantize(CENT, ROUND_HALF_UP)
