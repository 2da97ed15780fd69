"""Acts that come back: made, changed, suspended, taken up, ended; a day of them prepared, executed or let pass (PF-04).

Nothing is ever written by itself: a day is proposed, and a person's press prepares the act by the services of typed acts, whose
rules hold then as for any other. Guards of other modules are the caller's to ask. Knows no Flask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select

from core.api import accounts
from core.api import audit
from core.api import transactions
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import today
from core.api.types import Adviser
from plugins.portefeuille.plans import dates
from plugins.portefeuille.plans import reading
from plugins.portefeuille.plans.dates import Terms
from plugins.portefeuille.plans.models import ACTS
from plugins.portefeuille.plans.models import FREQUENCIES
from plugins.portefeuille.plans.models import Plan
from plugins.portefeuille.plans.models import PlanDay
from plugins.portefeuille.plans.reading import Leg

EDIT = "accounts.edit"
#: How long ago a plan may begin: older days are history, typed as acts of their own.
BACK = timedelta(days=366)
_LOOK = "Votre profil permet de voir ce compte, pas de le modifier. Adressez-vous à qui suit ce client."
_STALE = "Cet acte programmé a changé depuis que cette page est ouverte\u202f: rien n'a été écrit. Rechargez la page."


@dataclass(frozen=True, slots=True)
class Asked:
    """A plan as it is typed."""

    act: str
    frequency: str
    day: int
    since: date
    until: date | None = None
    amount: Decimal | None = None
    legs: tuple[Leg, ...] = ()
    note: str = ""
    reason: str = ""

    @property
    def first(self) -> date:
        """Its first day. Raises `DomainError` where it has none."""
        found = next(dates.days(Terms(self.frequency, self.day, self.since, self.until)), None)
        if found is None:
            raise DomainError(
                "Aucune échéance ne tombe avant cette date de fin\u202f: choisissez-en une plus tardive.", field="until"
            )
        return found


def add(session: TenantSession, by: Adviser, account_id: str, asked: Asked, *, plan_id: str | None = None) -> str:
    """Note a plan; its id. `plan_id`: the form's key: a second arrival finds what the first made.

    Raises `DomainError` with the field, `NotFound`, `Forbidden`, `Conflict` where no act may be typed.
    """
    if plan_id and session.scalar(select(Plan.id).where(Plan.id == plan_id)):
        return reading.get(session, by, plan_id).id
    _account(session, by, account_id)
    check(session, by, account_id, asked)
    row = Plan(
        account_id=account_id, act=asked.act, made_by=by.user_id, next_on=asked.first, note="", reason="", state="ACTIF",
        pauses=[], version=0,
    )  # fmt: skip
    if plan_id:
        row.id = plan_id
    _fill(row, asked)
    session.add(row)
    session.flush()
    _told(session, by, row, "portefeuille.plan_added", **_said(asked))
    return row.id


def change(session: TenantSession, by: Adviser, plan_id: str, asked: Asked, *, seen: int | None = None) -> None:
    """Change its terms from now on: days that were answered stay. Raises as `add`, `Conflict` where it ended."""
    row = _held(session, by, plan_id)
    if row.state == "TERMINE":
        raise Conflict("Cet acte programmé est terminé\u202f: rouvrez-le d'abord, ou programmez-en un autre.")
    if seen is not None and seen != row.version:
        raise Conflict(_STALE)
    asked = replace(asked, act=row.act)
    was = (row.frequency, row.day, row.since)
    check(session, by, row.account_id, asked, since=row.since)
    said = [one.on for one in reading.answers(session, [row.id])[row.id]]
    if was != (asked.frequency, asked.day, asked.since):
        row.floor = dates.floor_after(row.floor, said)
    _fill(row, asked)
    _next(row, said)
    _told(session, by, row, "portefeuille.plan_changed", **_said(asked))


def set_state(session: TenantSession, by: Adviser, plan_id: str, state: str) -> Mapping[str, Any]:
    """Suspend (SUSPENDU), take up again or reopen (ACTIF), end (TERMINE); what it was, for `put_back`. Raises as `change`.

    Days within a suspension are not proposed afterwards; those that waited before are.
    """
    row = _held(session, by, plan_id)
    was = {
        "state": row.state, "suspended_on": row.suspended_on.isoformat() if row.suspended_on else None, "pauses": row.pauses,
    }  # fmt: skip
    if row.state == state:
        return was
    if row.suspended_on is not None and state == "ACTIF":
        row.pauses = [*row.pauses, [row.suspended_on.isoformat(), today().isoformat()]]
    row.suspended_on = (row.suspended_on or today()) if state in ("SUSPENDU", "TERMINE") else None
    row.state = state
    row.version += 1
    _next(row, [one.on for one in reading.answers(session, [row.id])[row.id]])
    _told(session, by, row, "portefeuille.plan_state", state=state)
    return was


def put_back(session: TenantSession, by: Adviser, plan_id: str, was: Mapping[str, Any]) -> None:
    """Reverse of `set_state`. Raises as it does."""
    row = _held(session, by, plan_id)
    row.state, row.pauses = was["state"], was["pauses"]
    row.suspended_on = date.fromisoformat(was["suspended_on"]) if was["suspended_on"] else None
    row.version += 1
    _next(row, [one.on for one in reading.answers(session, [row.id])[row.id]])
    _told(session, by, row, "portefeuille.plan_state", state=row.state)


def prepare(session: TenantSession, by: Adviser, plan_id: str, on: date) -> str:
    """Prepare the act of a day that waits; its id, the same for a second press.

    Raises `DomainError` where the account does not take it as it stands, `Conflict` for a day that does not wait, `NotFound`,
    `Forbidden`.
    """
    row = _held(session, by, plan_id)
    there = session.scalar(select(PlanDay).where(PlanDay.plan_id == row.id, PlanDay.on == on))
    if there is not None and there.transaction_id is not None:
        return there.transaction_id
    found = _waits(session, by, plan_id, on)
    made = transactions.typed.add(session, by, row.account_id, found.given(on))
    _answer(session, by, row, on, "PREPARE", made)
    return made


def let_pass(session: TenantSession, by: Adviser, plan_id: str, on: date) -> bool:
    """Say that nothing was done that day; False where that was said already. Raises as `prepare`."""
    row = _held(session, by, plan_id)
    there = session.scalar(select(PlanDay.answer).where(PlanDay.plan_id == row.id, PlanDay.on == on))
    if there == "PASSE":
        return False
    _waits(session, by, plan_id, on)
    _answer(session, by, row, on, "PASSE", None)
    return True


def unpass(session: TenantSession, by: Adviser, plan_id: str, on: date) -> None:
    """Have a day that was let pass wait again. Raises `NotFound` for one that was not."""
    row = _held(session, by, plan_id)
    mine = PlanDay.plan_id == row.id, PlanDay.on == on, PlanDay.answer == "PASSE"
    if session.scalar(select(PlanDay.id).where(*mine)) is None:
        raise NotFound("Cette échéance n'a pas été passée.")
    session.execute(delete(PlanDay).where(*mine).execution_options(synchronize_session=False))
    _next(row, [one.on for one in reading.answers(session, [row.id])[row.id]])
    _told(session, by, row, "portefeuille.plan_day", on=on.isoformat(), answer=None)


def check(session: TenantSession, by: Adviser, account_id: str, asked: Asked, *, since: date | None = None) -> Any:
    """What the first act would do to the account as it stands. Raises `DomainError` with the field."""
    if asked.act not in ACTS:
        text = "Cet acte ne se programme pas\u202f: choisissez un versement, un rachat partiel ou un arbitrage."
        raise DomainError(text, field="act")
    if asked.frequency not in FREQUENCIES:
        raise DomainError("La périodicité n'est pas reconnue\u202f: choisissez-la dans la liste.", field="frequency")
    if not 1 <= asked.day <= 31:
        raise DomainError("Le jour du mois va de 1 à 31\u202f: vérifiez-le.", field="day")
    if asked.since != since and asked.since < today() - BACK:
        raise DomainError(
            "Un acte se programme depuis un an au plus\u202f: saisissez les opérations plus anciennes une à une.", field="since"
        )
    if asked.until is not None and asked.until < asked.since:
        raise DomainError("La date de fin précède celle du début\u202f: vérifiez-les.", field="until")
    on = max(asked.first, today())
    return transactions.typed.preview(
        session, by, account_id, transactions.typed.Given(asked.act, on, asked.amount, asked.legs, asked.note, asked.reason)
    )


def _account(session: TenantSession, by: Adviser, account_id: str) -> None:
    if not accounts.by_hand.may_edit(session, by, account_id):
        accounts.get_ref(session, by, account_id)
        raise Forbidden(_LOOK)


def _held(session: TenantSession, by: Adviser, plan_id: str) -> Plan:
    """The row, held until the end of the caller's transaction."""
    found = reading.get(session, by, plan_id)
    _account(session, by, found.account.id)
    held = select(Plan).where(Plan.id == plan_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(held).one()


def _waits(session: TenantSession, by: Adviser, plan_id: str, on: date) -> reading.Planned:
    found = reading.get(session, by, plan_id)
    if on not in found.waiting:
        raise Conflict("Cette échéance n'attend pas, ou plus\u202f: rechargez la page.")
    return found


def _answer(session: TenantSession, by: Adviser, row: Plan, on: date, answer: str, transaction_id: str | None) -> None:
    session.add(PlanDay(plan_id=row.id, on=on, answer=answer, transaction_id=transaction_id, said_by=by.user_id))
    session.flush()
    _next(row, [one.on for one in reading.answers(session, [row.id])[row.id]])
    _told(session, by, row, "portefeuille.plan_day", on=on.isoformat(), answer=answer, transaction=transaction_id)


def _fill(row: Plan, asked: Asked) -> None:
    row.frequency, row.day, row.since, row.until = asked.frequency, asked.day, asked.since, asked.until
    row.amount, row.note, row.reason = asked.amount, asked.note[:200], asked.reason[:200]
    row.legs = [{**asdict(one), "value": _text(one.value), "price": _text(one.price)} for one in asked.legs]
    row.version += 1


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _next(row: Plan, answered: list[date]) -> None:
    row.next_on = dates.earliest(reading.terms_of(row), answered) if row.state == "ACTIF" else None


def _said(asked: Asked) -> dict[str, Any]:
    return {
        "act": asked.act, "amount": _text(asked.amount), "since": asked.since.isoformat(),
        "until": asked.until.isoformat() if asked.until else None,
    }  # fmt: skip


def _told(session: TenantSession, by: Adviser, row: Plan, action: str, **payload: Any) -> None:
    session.flush()
    audit.record(session, by.user_id, action, f"account:{row.account_id}", {"plan": row.id, **payload})
