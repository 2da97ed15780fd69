"""Projects: made, changed, put away and taken back, each with its line in the journal. Knows no Flask (CO-04)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlalchemy import select

from core.api import accounts
from core.api import audit
from core.api import book
from core.api import contacts
from core.api import rights
from core.api.db import Conflict
from core.api.db import DomainError
from core.api.db import Forbidden
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.db import now
from core.api.db import today
from core.api.types import Adviser
from plugins.conformite import profiles
from plugins.conformite.projects import kinds
from plugins.conformite.projects import models
from plugins.conformite.projects import reading
from plugins.conformite.projects import targets
from plugins.conformite.projects.shapes import ZERO
from plugins.conformite.projects.shapes import Project
from plugins.conformite.projects.shapes import Share
from plugins.conformite.projects.shapes import Terms
from plugins.conformite.projects.shapes import months_between

EDIT = "contacts.edit"
MOST = Decimal(1_000_000_000)
#: Sixty years: a life's savings.
LONGEST = 720
DEAREST = Decimal("0.1")
OLDEST = date(1990, 1, 1)
_STEP, _CENT = Decimal("0.0001"), Decimal("0.01")
_WORDS = {"title": 120, "origin_note": 200, "provider": 120, "remarks": 1000}
_LOOK = "Votre profil permet de voir ce dossier, pas de le modifier. Adressez-vous à qui suit ce client."
_NO_SUPPORT = ("INDICE",)


def create(session: TenantSession, by: Adviser, contact_id: str, terms: Terms, *, project_id: str | None = None) -> str:
    """Add a project; its id. `project_id`: the form's key, a second arrival finds what the first made.

    Raises `DomainError` with the field that is wrong (`support_2`: of the second line), `NotFound`, `Forbidden`.
    """
    owner(session, by, contact_id)
    if project_id and session.scalar(select(models.Project.id).where(models.Project.id == project_id)):
        return reading.get(session, by, project_id).id
    clean = checked(session, by, contact_id, terms)
    row = models.Project(contact_id=contact_id, said_by=by.name, **_columns(clean))
    if project_id:
        row.id = project_id
    session.add(row)
    session.flush()
    _put_lines(session, row.id, clean.shares)
    audit.record(session, by.user_id, "conformite.project_added", f"contact:{contact_id}", {"project": row.id, **_told(clean)})
    return row.id


def change(session: TenantSession, by: Adviser, project_id: str, terms: Terms) -> None:
    """Replace what a project says; whose it is stays. Raises as `create`, `Conflict` for one that is put away."""
    before = editable(session, by, project_id)
    if before.archived_at is not None:
        raise Conflict("Ce projet est archivé\u202f: sortez-le des archives avant de le modifier.")
    clean = checked(session, by, before.contact_id, terms, kept=before.terms)
    old, new = _told(before.terms), _told(clean)
    changed = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    if not changed:
        return
    row = session.scalars(select(models.Project).where(models.Project.id == project_id)).one()
    for name, value in _columns(clean).items():
        setattr(row, name, value)
    session.flush()
    if "shares" in changed:
        session.execute(delete(models.ProjectLine).where(models.ProjectLine.project_id == project_id))
        _put_lines(session, project_id, clean.shares)
        row.updated_at = now()
        session.flush()
    audit.record(session, by.user_id, "conformite.project_changed", f"contact:{before.contact_id}", {
        "project": project_id, "before": {name: old.get(name) for name in changed},
        "after": {name: new.get(name) for name in changed},
    })  # fmt: skip


def archive(session: TenantSession, by: Adviser, project_id: str) -> bool:
    """Put a project away; whether it was not yet. Raises `NotFound`, `Forbidden`."""
    return _put(session, by, project_id, away=True)


def restore(session: TenantSession, by: Adviser, project_id: str) -> bool:
    """Take it back."""
    return _put(session, by, project_id, away=False)


def editable(session: TenantSession, by: Adviser, project_id: str) -> Project:
    """A project that the adviser may change. Raises `NotFound`, `Forbidden`."""
    found = reading.get(session, by, project_id)
    if not _may(session, by, found.contact_id):
        raise Forbidden(_LOOK)
    return found


def owner(session: TenantSession, by: Adviser, contact_id: str) -> contacts.ContactCard:
    """The person or company to whose file projects may be added. Raises `NotFound`, `Forbidden`: also for a household."""
    card = contacts.get_contact(session, by, contact_id)
    if not _may(session, by, contact_id):
        raise Forbidden(_LOOK)
    if card.line.kind == profiles.HOUSEHOLD:
        text = "Un projet est celui d'un membre du foyer\u202f: créez-le à son dossier, avec l'autre en co-investisseur."
        raise Forbidden(text)
    return card


def checked(session: TenantSession, by: Adviser, contact_id: str, terms: Terms, *, kept: Terms | None = None) -> Terms:
    """The project, made whole. `kept`: what it was: its account and its co-investor may stay though the adviser does not see
    them, or no more. Raises `DomainError` with the field."""
    _codes(terms)
    for name, most in _WORDS.items():
        if len(getattr(terms, name)) > most:
            raise DomainError(f"{most} caractères au plus.", field=name)
    if not terms.title.strip():
        raise DomainError("Donnez un titre à ce projet.", field="title")
    if terms.kind == kinds.SURRENDER:
        if not terms.account_id:
            raise DomainError("Choisissez le contrat à racheter.", field="account_id")
        terms = replace(
            terms, ends_on=terms.starts_on, initial=ZERO, monthly=ZERO, entry_cost=ZERO, yearly_cost=ZERO,
            allocation=kinds.BY_NOTHING, shares=(), provider="",
        )  # fmt: skip
    _money(terms)
    _days(terms)
    if kept is None or terms.account_id != kept.account_id:
        _account(session, by, contact_id, terms)
    if kept is None or terms.co_contact_id != kept.co_contact_id:
        _co_investor(session, by, contact_id, terms)
    return replace(terms, title=terms.title.strip(), shares=_shares(session, terms))


def _codes(terms: Terms) -> None:
    for name, known in (
        ("kind", kinds.KINDS), ("goal", kinds.GOALS), ("origin", kinds.ORIGINS), ("allocation", kinds.ALLOCATIONS)
    ):
        if getattr(terms, name) not in known:
            raise DomainError("Choisissez une valeur de la liste.", field=name)


def _money(terms: Terms) -> None:
    for name in ("amount", "initial", "monthly"):
        amount = getattr(terms, name)
        if amount < 0 or (name == "amount" and not amount):
            raise DomainError("Saisissez un montant supérieur à 0.", field=name)
        if amount > MOST:
            raise DomainError("Ce montant dépasse un milliard d'euros\u202f: vérifiez-le.", field=name)
        if amount != amount.quantize(_CENT):
            raise DomainError("Un montant a deux décimales au plus.", field=name)
    for name in ("entry_cost", "yearly_cost"):
        cost = getattr(terms, name)
        if not 0 <= cost <= DEAREST or cost != cost.quantize(_STEP):
            raise DomainError("Des frais vont de 0 à 10\u00a0%, à deux décimales\u202f: vérifiez-les.", field=name)
    if terms.kind == kinds.PLACED and not terms.initial and not terms.monthly:
        raise DomainError("Saisissez un versement initial, un effort mensuel, ou les deux.", field="initial")


def _days(terms: Terms) -> None:
    if not OLDEST <= terms.starts_on <= date(today().year + 30, 12, 31):
        raise DomainError("Le début va de 1990 à trente ans après cette année\u202f: vérifiez la date.", field="starts_on")
    if terms.kind == kinds.SURRENDER:
        return
    if terms.ends_on <= terms.starts_on:
        raise DomainError("L'horizon précède le début\u202f: vérifiez les deux dates.", field="ends_on")
    months = months_between(terms.starts_on, terms.ends_on)
    if not 1 <= months <= LONGEST:
        raise DomainError("Un projet dure d'un mois à soixante ans\u202f: vérifiez l'horizon.", field="ends_on")


def _account(session: TenantSession, by: Adviser, contact_id: str, terms: Terms) -> None:
    if not terms.account_id:
        return
    known = accounts.refs(session, by, account_ids=[terms.account_id]) if by.can("accounts.view") else []
    held = {contact_id, terms.co_contact_id}
    if not known or not any(one.id in held for one in known[0].holders):
        raise DomainError("Choisissez un compte de ce client, ou de son co-investisseur.", field="account_id")


def _co_investor(session: TenantSession, by: Adviser, contact_id: str, terms: Terms) -> None:
    key = terms.co_contact_id
    if not key:
        return
    try:
        card = contacts.get_contact(session, by, key)
    except NotFound:
        raise DomainError("Ce co-investisseur n'existe pas, ou n'est pas ouvert à votre profil.", field="co_contact_id") from None
    if key == contact_id or card.line.kind == profiles.HOUSEHOLD:
        raise DomainError("Le co-investisseur est une autre personne, ou une société.", field="co_contact_id")


def _shares(session: TenantSession, terms: Terms) -> tuple[Share, ...]:
    if terms.allocation == kinds.BY_CLASS:
        first = f"class_{next(iter(targets.CLASSES))}"
        named = [one for one in terms.shares if one.asset_class]
        if len({one.asset_class for one in named}) != len(named):
            raise DomainError("Une classe est là deux fois\u202f: réunissez les deux lignes.", field=first)
        weights = targets.checked({one.asset_class or "": one.weight for one in named}, first)
        targets.check_total(sum(weights.values(), ZERO), first)
        return tuple(Share(weight, code) for code, weight in weights.items())
    if terms.allocation != kinds.BY_SUPPORT:
        return ()
    shares = [one for one in terms.shares if one.support_id]
    if not shares:
        raise DomainError("Saisissez au moins un support et son poids.", field="support_1")
    if len(shares) > kinds.MOST_LINES:
        raise DomainError(f"Un projet a {kinds.MOST_LINES} supports au plus.", field="support_1")
    _check_supports(session, shares)
    targets.check_total(sum((one.weight for one in shares), ZERO), "weight_1")
    return tuple(Share(one.weight, None, one.support_id) for one in shares)


def _check_supports(session: TenantSession, shares: Sequence[Share]) -> None:
    support = book.Support
    wanted = select(support.id, support.type).where(support.id.in_([one.support_id for one in shares]))
    known = {row.id: row.type for row in session.execute(wanted)}
    met = set[str | None]()
    for n, one in enumerate(shares, 1):
        if one.support_id not in known:
            raise DomainError("Ce support n'existe pas dans votre cabinet\u202f: vérifiez-le.", field=f"support_{n}")
        if known[one.support_id] in _NO_SUPPORT:
            raise DomainError("Un indice ne se détient pas\u202f: choisissez un support qui le suit.", field=f"support_{n}")
        if one.support_id in met:
            raise DomainError("Ce support est là deux fois\u202f: réunissez les deux lignes.", field=f"support_{n}")
        met.add(one.support_id)
        if not 0 < one.weight <= 1 or one.weight != one.weight.quantize(_STEP):
            raise DomainError("Un poids va de 0,01 à 100\u00a0%, à deux décimales.", field=f"weight_{n}")


def _put(session: TenantSession, by: Adviser, project_id: str, *, away: bool) -> bool:
    found = editable(session, by, project_id)
    if (found.archived_at is not None) == away:
        return False
    row = session.scalars(select(models.Project).where(models.Project.id == project_id)).one()
    row.archived_at = now() if away else None
    session.flush()
    audit.record(
        session, by.user_id, "conformite.project_archived" if away else "conformite.project_restored",
        f"contact:{found.contact_id}", {"project": project_id, "title": row.title},
    )  # fmt: skip
    return True


def _put_lines(session: TenantSession, project_id: str, shares: Sequence[Share]) -> None:
    session.add_all(
        models.ProjectLine(
            project_id=project_id, rank=rank, asset_class=one.asset_class, support_id=one.support_id, weight=one.weight
        )
        for rank, one in enumerate(shares, 1)
    )
    session.flush()


def _may(session: TenantSession, by: Adviser, contact_id: str) -> bool:
    return by.can(EDIT) and rights.sees(session, by, "contact", contact_id, EDIT)


def _columns(terms: Terms) -> dict[str, Any]:
    return {name: value for name, value in asdict(terms).items() if name != "shares"}


def _told(terms: Terms) -> dict[str, Any]:
    """What the journal keeps: what is said, without what is not."""
    told = {name: _plain(value) for name, value in _columns(terms).items() if value not in (None, "", ZERO)}
    shares = {one.asset_class or one.support_id: _plain(one.weight) for one in terms.shares}
    return {**told, "shares": shares} if shares else told


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value
