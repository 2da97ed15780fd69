"""Lines of a budget: what may be written, each with its line in the journal. Knows no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select

from core.api import audit
from core.api import contacts
from core.api import rights
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from plugins.patrimoine import budget_kinds as kinds
from plugins.patrimoine import budgets
from plugins.patrimoine.budget_models import BudgetLine
from plugins.patrimoine.budget_sums import CENT
from plugins.patrimoine.budget_sums import Line

EDIT = "contacts.edit"
#: No line of a person's budget is above.
MOST = Decimal(1_000_000_000)
_LOOK = "Votre profil permet de voir ce dossier, pas de le modifier. Adressez-vous à qui suit ce client."
_WORDS = {"label": 120, "shared": 120, "remarks": 1000}
_COLUMNS = ("kind", "amount", "period", "label", "since", "until", "certain", "shared", "remarks")


def create(session: TenantSession, by: Adviser, line: Line, *, line_id: str | None = None) -> str:
    """Add a line to its person's budget; its id. `line_id`: the form's key: a second arrival finds what the first made.

    Raises `DomainError` with the field that is wrong, `NotFound`, `Forbidden` where one may only look.
    """
    return create_all(session, by, line.contact_id, [line], line_id=line_id)[0]


def create_all(
    session: TenantSession, by: Adviser, contact_id: str, lines: Sequence[Line], *, line_id: str | None = None
) -> list[str]:
    """Add several at once, all or none; the first one has the form's key."""
    owner(session, by, contact_id)
    if line_id and session.scalar(select(BudgetLine.id).where(BudgetLine.id == line_id)):
        return [budgets.get(session, by, line_id).id]
    clean = [checked(replace(one, contact_id=contact_id)) for one in lines]
    made = []
    for place, one in enumerate(clean):
        row = BudgetLine(contact_id=contact_id, **_values(one))
        if line_id and place == 0:
            row.id = line_id
        session.add(row)
        session.flush()
        audit.record(session, by.user_id, "patrimoine.budget_added", f"contact:{contact_id}", {"line": row.id, **_plain(one)})
        made.append(row.id)
    return made


def change(session: TenantSession, by: Adviser, line_id: str, line: Line) -> None:
    """Replace what a line says; whose it is stays. Raises as `create`."""
    before = editable(session, by, line_id)
    clean = checked(replace(line, contact_id=before.contact_id))
    old, new = _plain(before), _plain(clean)
    changed = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    if not changed:
        return
    row = session.scalars(select(BudgetLine).where(BudgetLine.id == line_id)).one()
    for name, value in _values(clean).items():
        setattr(row, name, value)
    session.flush()
    audit.record(session, by.user_id, "patrimoine.budget_changed", f"contact:{before.contact_id}", {
        "line": line_id, "before": {name: old.get(name) for name in changed}, "after": {name: new.get(name) for name in changed},
    })  # fmt: skip


def remove(session: TenantSession, by: Adviser, line_id: str) -> Line:
    """Take a line away; what it was, to put it back. Raises `NotFound`, `Forbidden`."""
    gone = editable(session, by, line_id)
    session.execute(delete(BudgetLine).where(BudgetLine.id == line_id))
    payload = {"line": line_id, **_plain(gone)}
    audit.record(session, by.user_id, "patrimoine.budget_removed", f"contact:{gone.contact_id}", payload)
    return gone


def editable(session: TenantSession, by: Adviser, line_id: str) -> Line:
    """A line that the adviser may change. Raises `NotFound`, `Forbidden`."""
    found = budgets.get(session, by, line_id)
    if not _may(session, by, found.contact_id):
        raise Forbidden(_LOOK)
    return found


def owner(session: TenantSession, by: Adviser, contact_id: str) -> contacts.ContactCard:
    """The person whose budget may be written. Raises `NotFound`, `Forbidden`: also for a company and a household."""
    card = contacts.get_contact(session, by, contact_id)
    if not _may(session, by, contact_id):
        raise Forbidden(_LOOK)
    if card.line.kind == budgets.HOUSEHOLD:
        raise Forbidden("Le budget d'un foyer additionne celui de ses membres\u202f: saisissez-le au dossier de l'un d'eux.")
    if card.line.kind != budgets.PERSON:
        raise Forbidden("Un budget est celui d'une personne\u202f: une société n'en a pas.")
    return card


def checked(line: Line) -> Line:
    """The line, made whole: what its kind and its rhythm have no use for is dropped. Raises `DomainError` with the field."""
    if line.kind not in kinds.KINDS:
        raise DomainError("Choisissez une nature de la liste.", field="kind")
    if line.period not in kinds.PERIODS:
        raise DomainError("Choisissez une périodicité de la liste.", field="period")
    check_amount(line.amount, "amount")
    for name, most in _WORDS.items():
        if len(getattr(line, name)) > most:
            raise DomainError(f"{most} caractères au plus.", field=name)
    once = line.period == kinds.ONCE
    if once and line.since is None:
        raise DomainError("Saisissez la date\u202f: ce qui n'arrive qu'une fois compte dans son année.", field="since")
    clean = replace(
        line, until=None if once else line.until, certain=line.side != kinds.REVENU or (line.certain and not once)
    )  # fmt: skip
    for name in ("since", "until"):
        check_day(getattr(clean, name), name)
    if clean.since and clean.until and clean.until < clean.since:
        raise DomainError("La fin précède le début\u202f: vérifiez les deux dates.", field="until")
    return clean


def check_amount(amount: Decimal, field: str) -> None:
    """Raise `DomainError` for what is no amount of a line."""
    if amount <= 0:
        raise DomainError("Saisissez un montant supérieur à 0.", field=field)
    if amount > MOST:
        raise DomainError("Ce montant dépasse un milliard d'euros\u202f: vérifiez-le.", field=field)
    if amount != amount.quantize(CENT):
        raise DomainError("Un montant a deux décimales au plus.", field=field)


def check_day(day: date | None, field: str) -> None:
    """Raise `DomainError` for a day that no budget has."""
    if day is not None and not 1900 <= day.year <= today().year + 100:
        raise DomainError("L'année va de 1900 à cent ans après celle-ci\u202f: vérifiez la date.", field=field)


def _may(session: TenantSession, by: Adviser, contact_id: str) -> bool:
    return by.can(EDIT) and rights.sees(session, by, "contact", contact_id, EDIT)


def _values(line: Line) -> dict[str, Any]:
    return {name: getattr(line, name) for name in _COLUMNS}


def _plain(line: Line) -> dict[str, Any]:
    return {name: _json(value) for name, value in _values(line).items() if value not in (None, "")}


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value
