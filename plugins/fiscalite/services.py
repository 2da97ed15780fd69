"""Declarations and estimates: read by who may see the contact, written with a trace in the journal. Knows no Flask."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import date
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select

from core.api import Context
from core.api import audit
from core.api import contacts
from core.api import taxes
from core.api import wealth
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import now
from core.api.db import today
from core.api.types import Adviser
from plugins.fiscalite import households
from plugins.fiscalite import kinds
from plugins.fiscalite import rates
from plugins.fiscalite.models import Declaration
from plugins.fiscalite.models import Estimate

PERSON, COMPANY = "PERSONNE_PHYSIQUE", "PERSONNE_MORALE"
#: An answer that nobody looked up again for so long is forgotten.
KEPT = timedelta(days=400)
_FORBIDDEN = "Votre profil permet de voir ce dossier, pas de le modifier. Adressez-vous à qui suit ce client."


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared for a year, typed. `version` 0: nothing yet."""

    contact_id: str
    year: int
    version: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)
    what_if: Mapping[str, Any] = field(default_factory=dict)
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Estimated:
    """What the engine answered to a case, or how far it is: `state` is done, waiting, preparing, unavailable, refused."""

    state: str
    text: str = ""
    program: str = ""
    values: Mapping[str, Decimal] = field(default_factory=dict)
    scale: taxes.Scale | None = None
    computed_at: datetime | None = None

    @property
    def done(self) -> bool:
        """Whether there are figures."""
        return self.state == "done"


def years() -> list[int]:
    """The years of income that can be declared, the newest first; the one under way is an outlook."""
    return list(range(today().year, rates.FIRST_YEAR - 1, -1))


def usual_year() -> int:
    """The last whole year of income."""
    return today().year - 1


def checked_year(year: int) -> int:
    """The year. Raises `NotFound` for one that cannot be declared."""
    if year not in years():
        raise NotFound("Cette année ne peut pas être déclarée ici.")
    return year


def owner(session: TenantSession, adviser: Adviser, contact_id: str) -> contacts.ContactCard:
    """Whose declaration a contact's is: the household that he belongs to, where there is one, or himself.

    Raises `NotFound` for a contact that the adviser may not see.
    """
    card = contacts.get_contact(session, adviser, contact_id)
    if card.line.kind == PERSON and len(card.households) == 1:
        return contacts.get_contact(session, adviser, card.households[0].id)
    return card


def declared(session: TenantSession, contact_id: str, year: int) -> Declared:
    """What is declared; empty where nothing is. The caller has looked whether the contact may be seen."""
    row = _row(session, contact_id, year)
    if row is None:
        return Declared(contact_id, year)
    return Declared(contact_id, year, row.version, read(row.facts), read(row.what_if), row.updated_at)


def save(session: TenantSession, adviser: Adviser, contact_id: str, year: int, facts: Mapping[str, Any]) -> Declared:
    """Declare a year, or change what was. Raises `NotFound`, `Forbidden`, `DomainError` for a company."""
    row = _writable(session, adviser, contact_id, year)
    kept = write(facts)
    if row is None:
        row = Declaration(contact_id=contact_id, year=checked_year(year), facts=kept, what_if={}, version=1)
        session.add(row)
        before: dict[str, Any] = {}
    else:
        before = dict(row.facts)
        row.facts, row.version, row.updated_at = kept, row.version + 1, now()
    session.flush()
    changed = {name for name in {*before, *kept} if before.get(name) != kept.get(name)}
    payload = {"year": year, "before": _said(before, changed), "after": _said(kept, changed)}
    audit.record(session, adviser.user_id, "fiscalite.declared", f"contact:{contact_id}", payload)
    return declared(session, contact_id, year)


def compare(session: TenantSession, adviser: Adviser, contact_id: str, year: int, what_if: Mapping[str, Any]) -> Declared:
    """Keep what is to be tried beside the present case. Raises as `save`, and `NotFound` where nothing is declared."""
    row = _writable(session, adviser, contact_id, year)
    if row is None:
        raise NotFound("Aucune donnée fiscale n'est saisie pour cette année.")
    row.what_if, row.version = write(what_if), row.version + 1
    session.flush()
    audit.record(session, adviser.user_id, "fiscalite.compared", f"contact:{contact_id}", {"year": year})
    return declared(session, contact_id, year)


def base(hub: Any, ctx: Context, session: TenantSession, adviser: Adviser, found: Declared) -> households.Base | None:
    """The base of the IFI of those who declare: as declared, otherwise out of their balance sheet of the first of January.

    None where nothing is known to be taxed. Of a first of January to come, today's sheet is an outlook.
    """
    if (declared := households.declared_base(found.facts, found.year)) is not None:
        return declared
    on = min(date(found.year + 1, 1, 1), today())
    return households.sheet_base(wealth.ifi_base(wealth.balance(hub, ctx, session, adviser, found.contact_id, on)))


def cases(found: Declared, taxed: Decimal | None) -> dict[str, taxes.Household]:
    """The present case and what is tried beside it; none where nothing is declared. `taxed`: `households.Base.asked`."""
    return households.scenarios(found.facts, found.what_if, found.year, taxed) if found.version else {}


def keys(found: Declared, taxed: Decimal | None) -> dict[str, str]:
    """The key of each case."""
    return {name: taxes.key(taxes.case_of(one)) for name, one in cases(found, taxed).items()}


def estimates(session: TenantSession, wanted: Iterable[str]) -> dict[str, Estimated]:
    """What is known of these cases, by key: one query."""
    rows = session.scalars(select(Estimate).where(Estimate.key.in_(list(wanted))))
    return {row.key: _estimated(row) for row in rows}


def waiting(session: TenantSession, wanted: Iterable[str]) -> list[str]:
    """Mark as waiting those of the cases that have no figures; which these are."""
    named = list(dict.fromkeys(wanted))
    rows = {row.key: row for row in session.scalars(select(Estimate).where(Estimate.key.in_(named)))}
    asked = [key for key in named if key not in rows or rows[key].state != "done"]
    for key in asked:
        if key in rows:
            rows[key].state, rows[key].text = "waiting", ""
        else:
            session.add(Estimate(key=key, state="waiting", asked_at=now()))
    session.flush()
    return asked


def keep(session: TenantSession, key: str, **values: Any) -> None:
    """Write what came of a case."""
    row = session.scalar(select(Estimate).where(Estimate.key == key))
    if row is None:
        row = Estimate(key=key, state="waiting", asked_at=now())
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()


def forget_old(session: TenantSession) -> None:
    """Answers of long ago: whoever needs one again has it asked anew."""
    session.execute(delete(Estimate).where(Estimate.asked_at < now() - KEPT))


def write(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON keeps it: amounts as texts; what is not given is left out."""
    return {
        name: format(value, "f") if isinstance(value, Decimal) else value
        for name, value in values.items()
        if value is not None
    }


def read(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of `write`."""
    return {
        name: Decimal(value) if isinstance(value, str) and name != "situation" else value for name, value in kept.items()
    }


def _said(facts: Mapping[str, Any], changed: set[str]) -> dict[str, Any]:
    return {kinds.label(name): facts[name] for name in sorted(changed) if name in facts}


def _row(session: TenantSession, contact_id: str, year: int) -> Declaration | None:
    return session.scalar(select(Declaration).where(Declaration.contact_id == contact_id, Declaration.year == year))


def _writable(session: TenantSession, adviser: Adviser, contact_id: str, year: int) -> Declaration | None:
    may_write(session, adviser, contact_id)
    return _row(session, contact_id, year)


def may_write(session: TenantSession, adviser: Adviser, contact_id: str) -> None:
    """Raise `NotFound`, `Forbidden` where one may look but not change, `DomainError` for a company."""
    card = contacts.get_contact(session, adviser, contact_id)
    if not contacts.editable(session, adviser, contact_id):
        raise Forbidden(_FORBIDDEN)
    if card.line.kind == COMPANY:
        raise DomainError("Une société ne dépose pas de déclaration de revenus\u202f: ouvrez le dossier d'une personne.")


def _estimated(row: Estimate) -> Estimated:
    if row.state != "done":
        return Estimated(row.state, row.text)
    brackets = tuple(taxes.Bracket(Decimal(above), Decimal(rate)) for above, rate in row.scale["brackets"])
    values = {name: Decimal(value) for name, value in row.figures.items()}
    return Estimated("done", "", row.program, values, taxes.Scale(row.scale["year"], brackets), row.computed_at)
