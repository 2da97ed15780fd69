"""Ranges of the cabinet (gammes): named, with their product and company, and the supports eligible in each (OU-04)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select

from core.cabinets import audit
from core.db.clock import now
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import NotFound
from core.db.session import TenantSession
from core.hooks.types import Adviser
from core.supports import by_hand
from core.supports import naming
from core.supports import services
from core.supports.models import Company
from core.supports.models import Support
from core.supports.range_models import SupportRange
from core.supports.range_models import SupportRangeLine

#: Supports that a range may hold.
MOST = 2_000
ABSENT = "Cette gamme n'existe pas, ou n'existe plus."


@dataclass(frozen=True, slots=True)
class Terms:
    """What a range is. `company`: its code in the cabinet or the catalogue; empty for a choice of the cabinet's own."""

    name: str
    company: str = ""
    product: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """A range as it is read. `count`: its supports."""

    id: str
    terms: Terms
    company: str
    count: int
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class Member:
    """A support of a range."""

    id: str
    isin: str | None
    code: str | None
    label: str


def listed(session: TenantSession, *, archived: bool | None = None) -> list[Range]:
    """The cabinet's ranges by name; those put away alone, or the others, where it is asked. One query."""
    many = func.count(SupportRangeLine.id).label("many")
    counts = select(SupportRangeLine.range_id, many).group_by(SupportRangeLine.range_id).subquery()
    wanted = (
        select(SupportRange, Company.name, Company.code, counts.c.many)
        .outerjoin(Company, (Company.id == SupportRange.company_id) & (Company.cabinet_id == SupportRange.cabinet_id))
        .outerjoin(counts, counts.c.range_id == SupportRange.id)
        .order_by(func.lower(SupportRange.name), SupportRange.id)
    )  # fmt: skip
    if archived is not None:
        wanted = wanted.where(SupportRange.archived_at.is_not(None) if archived else SupportRange.archived_at.is_(None))
    return [
        Range(row.id, Terms(row.name, code or "", row.product, row.remarks), name or "", count or 0, row.archived_at)
        for row, name, code, count in session.execute(wanted)
    ]


def get(session: TenantSession, range_id: str) -> Range:
    """One of them. Raises `NotFound`."""
    found = next((one for one in listed(session) if one.id == range_id), None)
    if found is None:
        raise NotFound(ABSENT)
    return found


def members(session: TenantSession, range_id: str) -> list[Member]:
    """The supports of a range, by label."""
    rows = session.execute(
        select(Support.id, Support.isin, Support.code, Support.label)
        .join(SupportRangeLine, (SupportRangeLine.support_id == Support.id) & (SupportRangeLine.cabinet_id == Support.cabinet_id))
        .where(SupportRangeLine.range_id == range_id).order_by(Support.label, Support.id)
    )  # fmt: skip
    return [Member(*row) for row in rows]


def of_range(range_id: str) -> Select[str]:
    """The ids of its supports, as a subquery of lists."""
    return select(SupportRangeLine.support_id).where(SupportRangeLine.range_id == range_id)


def read(session: TenantSession, text: str, actor: str) -> list[str]:
    """The ids of supports that a text names, an ISIN or a code a line, made from the catalogue on first use.

    What follows a semicolon, a tab or an ISIN on a line is a note that is not read. Raises `DomainError` with the line.
    """
    lines = [(at, re.split(r"[;\t]", line)[0].strip()) for at, line in enumerate(text.splitlines(), 1)]
    named = [(at, line) for at, line in lines if line]
    if len(named) > MOST:
        raise DomainError(f"Cette liste est trop longue\u202f: {MOST} supports au plus par gamme.", field="supports")
    heads = [line.split()[0].upper() for _at, line in named]
    known = naming.supports(session, heads, [line for _at, line in named])
    found = dict[str, None]()
    for (at, line), head in zip(named, heads, strict=True):
        one = known.by_code.get(line) or known.by_isin.get(head)
        if one is None:
            said = f"Ligne {at}, «\u202f{line[:40]}\u202f» n'est le code d'aucun support connu\u202f: vérifiez-le, ou créez-le."
            raise DomainError(said, field="supports")
        found[services.support_for(session, isin=one.isin, code=one.code, actor=actor)] = None
    return list(found)


def save(
    session: TenantSession, by: Adviser | str, terms: Terms, text: str | None, *, range_id: str | None = None,
    new_id: str | None = None,
) -> str:  # fmt: skip
    """Make a range or change one; its id. `text`: its supports, as `read` takes them; None: those that it has.

    `new_id`: the form's key. Raises `Conflict` for a name that is taken, `DomainError` with the field, `NotFound`, `Forbidden`.
    """
    actor, _name = by_hand.writer(by)
    if new_id and session.scalar(select(SupportRange.id).where(SupportRange.id == new_id)):
        return new_id
    if not terms.name:
        raise DomainError("Donnez un nom à cette gamme.", field="name")
    same = select(SupportRange.id).where(SupportRange.name == terms.name, SupportRange.id != (range_id or ""))
    if session.scalar(same):
        raise Conflict("Une gamme porte déjà ce nom\u202f: choisissez-en un autre.", field="name")
    row = _row(session, range_id) if range_id else SupportRange()
    company = services.company_for(session, terms.company, actor=actor) if terms.company else None
    row.name, row.company_id, row.product, row.remarks = terms.name, company, terms.product, terms.remarks
    if range_id is None:
        if new_id:
            row.id = new_id
        session.add(row)
    session.flush()
    payload = {"name": row.name, "product": row.product}
    if text is not None:
        wanted = read(session, text, actor)
        _fill(session, row.id, wanted)
        payload["count"] = str(len(wanted))
    if range_id is None:
        audit.record(session, actor, "support_range.added", f"support-range:{row.id}", payload)
    else:
        audit.record(session, actor, "support_range.changed", f"support-range:{row.id}", payload)
    return row.id


def archive(session: TenantSession, by: Adviser | str, range_id: str) -> bool:
    """Put a range away: no list offers it; whether it was not yet. Raises `NotFound`, `Forbidden`."""
    return _put(session, by, range_id, away=True)


def restore(session: TenantSession, by: Adviser | str, range_id: str) -> bool:
    """Take it back."""
    return _put(session, by, range_id, away=False)


def _put(session: TenantSession, by: Adviser | str, range_id: str, *, away: bool) -> bool:
    actor, _name = by_hand.writer(by)
    row = _row(session, range_id)
    if (row.archived_at is not None) == away:
        return False
    row.archived_at = now() if away else None
    session.flush()
    payload = {"name": row.name}
    audit.record(
        session, actor, "support_range.archived" if away else "support_range.restored", f"support-range:{range_id}", payload
    )  # fmt: skip
    return True


def _fill(session: TenantSession, range_id: str, wanted: Sequence[str]) -> None:
    there = set(session.scalars(of_range(range_id)))
    if gone := there - set(wanted):
        lines = SupportRangeLine.range_id == range_id, SupportRangeLine.support_id.in_(gone)
        session.execute(delete(SupportRangeLine).where(*lines).execution_options(synchronize_session=False))
    session.add_all(SupportRangeLine(range_id=range_id, support_id=one) for one in wanted if one not in there)
    session.flush()


def _row(session: TenantSession, range_id: str) -> SupportRange:
    row = session.scalar(select(SupportRange).where(SupportRange.id == range_id))
    if row is None:
        raise NotFound(ABSENT)
    return row
