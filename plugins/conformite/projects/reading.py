"""Projects as they are read, behind the wall of rights: a file's, one, a page of them. Knows no Flask (CO-04)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select

from core.api import accounts
from core.api import book
from core.api import rights
from core.api import wealth
from core.api.db import NotFound
from core.api.db import TenantSession
from core.api.types import Adviser
from plugins.conformite.projects import models
from plugins.conformite.projects.shapes import Line
from plugins.conformite.projects.shapes import Listed
from plugins.conformite.projects.shapes import Project
from plugins.conformite.projects.shapes import Share
from plugins.conformite.projects.shapes import Terms
from plugins.conformite.projects.targets import CLASSES

ABSENT = "Ce projet n'existe pas, ou n'est pas ouvert à votre profil."
UNKNOWN_CLASS = "?"
CENT = Decimal("0.01")


def of_contacts(session: TenantSession, adviser: Adviser, contact_ids: Collection[str]) -> Listed:
    """The projects of a person, a company, or a household's members; those put away among them; the soonest horizon first."""
    row, ids = models.Project, sorted(contact_ids)
    own = _made(session, adviser, select(row).where(row.contact_id.in_(ids)))
    joined = _made(session, adviser, select(row).where(row.co_contact_id.in_(ids), row.contact_id.not_in(ids)))
    return Listed(_sorted(own), _sorted(joined))


def get(session: TenantSession, adviser: Adviser, project_id: str) -> Project:
    """One. Raises `NotFound`, also for one of a contact whom the adviser may not see."""
    found = _made(session, adviser, select(models.Project).where(models.Project.id == project_id))
    if not found:
        raise NotFound(ABSENT)
    return found[0]


def following(session: TenantSession, adviser: Adviser, after: str | None, *, size: int) -> list[Project]:
    """Some in the order of their ids: a page of the API."""
    row = models.Project
    wanted = select(row).order_by(row.id).limit(size)
    return _made(session, adviser, wanted if after is None else wanted.where(row.id > after))


def _sorted(found: list[Project]) -> tuple[Project, ...]:
    return tuple(sorted(found, key=lambda one: (one.archived_at is not None, one.terms.ends_on, one.terms.title, one.id)))


def _made(session: TenantSession, adviser: Adviser, wanted: Select[Any]) -> list[Project]:
    contact, row = book.Contact, models.Project
    seen = wanted.join(contact, contact.id == row.contact_id).add_columns(contact.display_name)
    rows = session.execute(seen.where(rights.on(row.contact_id, adviser, "contact"))).all()
    lines = _lines(session, [one.id for one, _ in rows])
    held = _accounts(session, adviser, {one.account_id for one, _ in rows if one.account_id})
    others = _names(session, adviser, {one.co_contact_id for one, _ in rows if one.co_contact_id})
    return [
        Project(
            one.id, one.contact_id, name, _terms(one, lines.get(one.id, ())), lines.get(one.id, ()),
            held.get(one.account_id or ""), others.get(one.co_contact_id or "", ""), one.archived_at, one.said_by,
            one.created_at, one.updated_at,
        )
        for one, name in rows
    ]  # fmt: skip


def _terms(row: models.Project, lines: Sequence[Line]) -> Terms:
    names = ("title", "kind", "goal", "origin", "starts_on", "ends_on", "allocation", "account_id", "co_contact_id",
             "origin_note", "provider", "remarks", "entry_cost", "yearly_cost")  # fmt: skip
    shares = (Share(one.weight, None if one.support_id else one.asset_class, one.support_id) for one in lines)
    amounts = {name: getattr(row, name).quantize(CENT) for name in ("amount", "initial", "monthly")}
    return Terms(**{name: getattr(row, name) for name in names}, **amounts, shares=tuple(shares))


def _lines(session: TenantSession, ids: Collection[str]) -> dict[str, tuple[Line, ...]]:
    """Project → its allocation, in its order. One query."""
    line, support = models.ProjectLine, book.Support
    if not ids:
        return {}
    rows = session.execute(
        select(
            line.project_id, line.weight, line.asset_class, line.support_id, support.label, support.isin, support.code,
            support.type, support.asset_class.label("told"),
        )
        .outerjoin(support, (support.id == line.support_id) & (support.cabinet_id == line.cabinet_id))
        .where(line.project_id.in_(ids)).order_by(line.rank)
    )  # fmt: skip
    found = defaultdict[str, list[Line]](list)
    for one in rows:
        if one.support_id is None:
            code = one.asset_class or UNKNOWN_CLASS
            found[one.project_id].append(Line(one.weight, CLASSES.get(code, code), code))
            continue
        of = wealth.asset_class(one.told, one.type)
        found[one.project_id].append(Line(one.weight, one.label, of, one.support_id, one.isin or one.code or "", one.type))
    return {key: tuple(some) for key, some in found.items()}


def _accounts(session: TenantSession, adviser: Adviser, ids: Collection[str]) -> dict[str, Any]:
    if not ids or not adviser.can("accounts.view"):
        return {}
    return {one.id: one for one in accounts.refs(session, adviser, account_ids=sorted(ids))}


def _names(session: TenantSession, adviser: Adviser, ids: Collection[str]) -> dict[str, str]:
    """Of those whom the reader may see."""
    if not ids:
        return {}
    contact = book.Contact
    seen = rights.on(contact.id, adviser, "contact", each=True)
    wanted = select(contact.id, contact.display_name).where(contact.id.in_(sorted(ids)), seen)
    return {row.id: row.display_name for row in session.execute(wanted)}
