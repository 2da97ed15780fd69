"""From what a file says of an account to what is written: a new account, or the changes of one that is there (AC-02)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from decimal import Decimal
from typing import Any

from core.api import accounts
from core.api import formats
from core.api import supports
from core.api.db import TenantSession
from core.api.imports import ImportRules
from core.api.imports import Verdict
from plugins.aggregation import import_fields
from plugins.aggregation.import_lines import Asked
from plugins.aggregation.matching import FEED

Company = supports.naming.NamedCompany
_AND = "\u202f; "
#: Fields of an account that is there: how each is called, in words of the file's fields.
_CALLED = {"envelope": "envelope", "title": "title", "state": "state", "opened_on": "opened_on", "net_payments": "net_payments"}


@dataclass(frozen=True, slots=True)
class Made:
    """An account with all that writing it needs. `ref`: of one that is there, with what is to change."""

    asked: Asked
    company: Company | None = None
    product: str | None = None
    envelope: str = ""
    roles: tuple[accounts.Role, ...] = ()
    names: tuple[str, ...] = ()  #: of the holders
    supports: tuple[tuple[dict[str, Any], str], ...] = ()  #: what finds each position's, and its label
    ref: str | None = None
    title: str = ""
    currency: str = "EUR"
    fields: dict[str, Any] = field(default_factory=dict)
    worth: bool = True  #: whether the day's value is written
    positions: bool = True  #: whether the day's positions are
    ids: tuple[str, str | None, tuple[str, ...]] | None = None  #: company, product, supports, once they are there

    def at(
        self, company: Company, product: tuple[str, str] | None, *, row: accounts.bulk_match.There | None = None,
        envelope: str = "", roles: Sequence[accounts.Role] = (), names: Sequence[str] = (),
    ) -> Made:  # fmt: skip
        """The same, once it is known where and whose it is."""
        named = product[0] if product else None
        if row is not None:
            return replace(self, company=company, product=named, ref=row.id, title=row.title, currency=row.currency)
        title = self.asked.title or accounts.ENVELOPES[envelope]
        currency = self.asked.currency or "EUR"
        return replace(
            self, company=company, product=named, envelope=envelope, roles=tuple(roles), names=tuple(names), title=title,
            currency=currency,
        )  # fmt: skip

    def holding(self, found: Sequence[tuple[dict[str, Any], str]]) -> Made:
        """The same, with what finds each position's support."""
        return replace(self, supports=tuple(found))


def verdict(session: TenantSession, made: Made, now: accounts.bulk_update.Now | None, rules: ImportRules) -> Verdict:
    """Create, or what an update adds to what is there, and what it leaves and why."""
    name = f"{made.title} {made.asked.number}"
    if made.ref is None:
        return Verdict("create", name, made=made)
    if now is None:
        return Verdict("error", name, "Ce compte vient d'être retiré\u202f: vérifiez à nouveau le fichier.", made.ref)
    if now.archived:
        return Verdict("skip", name, "Compte archivé\u202f: il ne reçoit plus rien. Sortez-le des archives d'abord.", made.ref)
    if rules.known != "update":
        return Verdict("skip", name, "Compte déjà présent.", made.ref)
    change, left = _compared(session, made, now, rules)
    told = f" {_AND.join(left)}." if left else ""
    if not (change.fields or _tells(change)):
        return Verdict("skip", name, f"Compte déjà présent, rien à y ajouter.{told}", made.ref)
    replaced = now.fed and FEED in rules.ticks
    why = "Compte déjà présent, ses valeurs transmises par un partenaire sont remplacées." if replaced else "Compte déjà présent."
    return Verdict("update", name, f"{why}{told}", made.ref, made=change)


def _compared(
    session: TenantSession, made: Made, now: accounts.bulk_update.Now, rules: ImportRules
) -> tuple[Made, list[str]]:
    """What is to be written, and in words what stays."""
    one, over, left = made.asked, rules.fill == "all", list[str]()
    if now.fed and FEED not in rules.ticks:
        # its partner says what it is worth, holds and is: a file does not speak against it
        told = [
            import_fields.LABELS[key].lower()
            for key, value, there in (
                ("value", one.value, now.value), ("net_payments", one.net_payments, now.fields["net_payments"]),
                ("state", one.state, now.fields["state"]),
            ) if value is not None and value != there
        ]  # fmt: skip
        told += ["positions"] if one.held else []
        if told:
            left.append(f"Compte agrégé\u202f: gardé comme le partenaire l'a transmis ({', '.join(told)})")
        known = {"envelope": one.envelope, "title": one.title, "opened_on": one.opened_on}
        return replace(made, fields=_fields(known, now, over, left), worth=False, positions=False), left
    wanted: dict[str, Any] = {
        "envelope": one.envelope, "title": one.title, "state": one.state, "opened_on": one.opened_on,
    }  # fmt: skip
    if one.value is None and not one.held:
        wanted["net_payments"] = one.net_payments
    value = one.value if one.value is not None else _sum(one)
    worth = value is not None and (now.value is None or _differs(
        over, left, "valorisation de ce jour", formats.money(now.value, made.currency), value != now.value
    ))  # fmt: skip
    if not worth and value is not None and value == now.value and one.net_payments is not None:
        worth = now.net_payments is None or (over and now.net_payments != one.net_payments)
    positions = bool(one.held) and _other_positions(session, made, now, over, left)
    return replace(made, fields=_fields(wanted, now, over, left), worth=worth, positions=positions), left


def _fields(wanted: dict[str, Any], now: accounts.bulk_update.Now, over: bool, left: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in wanted.items():
        there = now.fields[name]
        if value in (None, ""):
            continue
        if name in now.corrected:
            if value != now.corrected[name]:  # noted beside the correction, which stays
                found[name] = value
            if value != there:
                left.append(
                    f"Corrigé par le cabinet, gardé\u202f: {import_fields.LABELS[_CALLED[name]].lower()}, {_said(name, there)}"
                )
            continue
        if value == there:
            continue
        if there is None or _differs(over, left, import_fields.LABELS[_CALLED[name]].lower(), _said(name, there), True):
            found[name] = value
    return found


def _differs(over: bool, left: list[str], what: str, there: str, differs: bool) -> bool:
    if differs and not over:
        left.append(f"Gardé\u202f: {what}, {there}")
    return differs and over


def _other_positions(
    session: TenantSession, made: Made, now: accounts.bulk_update.Now, over: bool, left: list[str]
) -> bool:  # fmt: skip
    if not now.positions:
        return True
    there = sorted((one.value, one.quantity or Decimal(0)) for one in now.positions)
    said = sorted((one.value, one.quantity or Decimal(0)) for one in made.asked.held)
    return _differs(over, left, "positions de ce jour", f"{len(there)} lignes", there != said)


def _tells(made: Made) -> bool:
    one = made.asked
    return (made.worth and (one.value is not None or bool(one.held))) or (made.positions and bool(one.held))


def _sum(one: Asked) -> Decimal | None:
    return sum((line.value for line in one.held), Decimal(0)) if one.held else None


def settled(session: TenantSession, actor: str, made: Made) -> Made:
    """The same, once its company, product and supports are the cabinet's own. Raises `DomainError`."""
    assert made.company is not None
    company = made.company.id or supports.company_for(session, made.company.code, name=made.company.name, actor=actor)
    product = None
    if made.product is not None:
        product = supports.product_for(session, company, made.product, envelope=made.envelope or None, actor=actor)
    held = made.supports if made.positions else ()
    found = tuple(supports.support_for(session, **one, currency=made.currency, actor=actor) for one, _label in held)
    return replace(made, ids=(company, product, found))


def new(made: Made) -> accounts.NewAccount:
    """The account to create."""
    one = made.asked
    assert made.ids is not None
    company, product, _found = made.ids
    return accounts.NewAccount(
        made.envelope, one.number, made.title, company, made.roles, product_id=product, currency=made.currency,
        state=one.state or "OUVERT", opened_on=one.opened_on, origin="IMPORT_FICHIER",
    )  # fmt: skip


def day(made: Made) -> accounts.bulk_update.Day | None:
    """What it is worth and holds on the file's day."""
    one = made.asked
    assert made.ids is not None
    if one.value_on is None or not (made.worth or made.positions) or (one.value is None and not one.held):
        return None
    lines = tuple(
        accounts.NewPosition(
            support_id, line.value, line.quantity, line.price, (line.price_on or one.value_on) if line.price else None,
            line.cost, made.currency,
        )
        for support_id, line in zip(made.ids[2], one.held, strict=False)
    )  # fmt: skip
    return accounts.bulk_update.Day(
        one.value_on, one.value if made.worth else None, one.net_payments if made.worth else None, lines if made.positions else ()
    )  # fmt: skip


def change(made: Made) -> accounts.bulk_update.Change:
    """What is to be written of an account that is there."""
    return accounts.bulk_update.Change(made.fields, day(made))


def shown(made: Made) -> list[tuple[str, str]]:
    """For the preview: all of a new account; of one that is there, what is written."""
    one, label = made.asked, import_fields.LABELS
    said: list[tuple[str, str]] = []
    if made.ref is None:
        said = [("Compagnie", made.company.name if made.company else one.company),
                ("Enveloppe", accounts.ENVELOPES[made.envelope])]  # fmt: skip
        said += list(zip(("Titulaire", "Co-titulaire"), made.names, strict=False))
        told = {"opened_on": one.opened_on, "state": one.state}
    else:
        told = made.fields
    said += [(label[_CALLED[name]], _said(name, value)) for name, value in told.items() if value is not None]
    if one.value_on is not None and made.worth and (one.value is not None or one.held):
        value = one.value if one.value is not None else _sum(one)
        said.append(("Valorisation", f"{formats.money(value, made.currency)} au {formats.day(one.value_on)}"))
        said += [("Versements nets", formats.money(one.net_payments, made.currency))] if one.net_payments is not None else []
    if made.positions:
        said += [
            ("Position", f"{label}, {formats.money(line.value, made.currency)}")
            for line, (_found, label) in zip(one.held[:12], made.supports, strict=False)
        ]  # fmt: skip
        said += [("Positions", f"et {len(one.held) - 12} autres")] if len(one.held) > 12 else []
    return said


def _said(name: str, value: Any) -> str:
    if isinstance(value, Decimal):
        return formats.money(value)
    codes = {"envelope": accounts.ENVELOPES, "state": accounts.STATES}.get(name)
    return codes.get(value, str(value)) if codes else formats.day(value) if name == "opened_on" else str(value)
